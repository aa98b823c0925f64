"""What must hold in the town whatever happens; a broken one ends the simulation with a failure."""

from collections.abc import Sequence
from datetime import date
from functools import cache

from lifecycle.agenda.book import Book, Reminder
from lifecycle.rules.ages import Span
from lifecycle.rules.immunisation import Given
from lifecycle.rules.immunisation_programme import DoseRule, read_programme
from lifecycle.rules.parameters import shipped
from simulation.fund import Fund
from simulation.people import Inhabitant


class Broken(Exception):  # noqa: N818 - named as a fact
    """An invariant doesn't hold."""


def month_is_whole(living: Sequence[Inhabitant], month: date, fund: Fund) -> None:
    """No minor is without a living guardian, nobody is married to two or to the dead, and money adds up."""
    for one in living:
        if one.age(month) < _ADULT and not any(guardian.died is None for guardian in one.guardians):
            raise Broken(f"{one.number} is {one.age(month)} and has no guardian in {month:%Y-%m}")
        if one.spouse is not None and (one.spouse.spouse is not one or one.spouse.died is not None):
            raise Broken(f"{one.number} is married to somebody who isn't to them, or who died, in {month:%Y-%m}")
    if sum(fund.balances.values()) != 0:
        raise Broken(f"money doesn't add up in {month:%Y-%m}: {sum(fund.balances.values())} fen")
    if sum(fund.paid.values()) != -sum(amount for name, amount in fund.balances.items() if name.startswith("fund.")):
        raise Broken(f"benefits and what was paid for them differ in {month:%Y-%m}")


def doses_are_timely(child: Inhabitant, given: Sequence[Given]) -> None:
    """No dose is given before its minimum age, or sooner after the one that it waits for than the programme says."""
    for name, counts, doses in _series(max(one.on for one in given)):
        told = sorted({dose.on for dose in child.doses if dose.vaccine in counts})
        for rule, on in zip(doses, told, strict=False):
            earliest = max(_bounds(rule, child.born, told))
            if on < earliest:
                raise Broken(f"{child.number}: dose {rule.number} of {name} on {on}, not possible before {earliest}")


def nothing_is_lost(one: Inhabitant, before: Book | None, after: Book, reminders: Sequence[Reminder]) -> None:
    """What was open in a book is in the next one, open or closed; what reminds does so once, and is open."""
    kept = {each.item.code for each in after.kept}
    gone = set() if before is None else {each.item.code for each in before.open()} - kept
    if gone:
        raise Broken(f"{one.number} lost {sorted(gone)} on {after.looked_on}")
    if len(kept) != len(after.kept):
        raise Broken(f"{one.number} has an item twice on {after.looked_on}")
    told = {(each.item.code, each.day) for each in reminders}
    if len(told) != len(reminders) or not {code for code, _ in told} <= {each.item.code for each in after.open()}:
        raise Broken(f"{one.number} is reminded of what isn't open on {after.looked_on}")
    if after.look_on is not None and after.look_on <= after.looked_on:
        raise Broken(f"{one.number} would be looked at again on {after.look_on}, which is past")


def dead_rest(one: Inhabitant) -> None:
    """Nothing is left to do for the dead."""
    if one.book is not None and one.book.open():
        raise Broken(f"{one.number} died and still has items open")


@cache
def _series(on: date) -> tuple[tuple[str, frozenset[str], tuple[DoseRule, ...]], ...]:
    programme = read_programme(shipped().reading(on))
    return tuple((name, frozenset(rule.counts), rule.doses) for name, rule in programme.series.items())


def _bounds(rule: DoseRule, born: date, told: Sequence[date]) -> list[date]:
    waits = [Span.read(wait.interval).after(told[wait.dose - 1]) for wait in rule.after]
    return [Span.read(rule.min_age).after(born), *waits]


_ADULT = 18
