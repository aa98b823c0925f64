"""One district's life: everybody in it, month by month."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Final

import msgspec

from lifecycle.agenda.book import progress
from lifecycle.agenda.items import AgendaRule
from lifecycle.agenda.outlook import look
from lifecycle.rules.ages import add_months
from lifecycle.rules.parameters import Reading, shipped
from simulation import chances, invariants, living
from simulation.fund import Fund
from simulation.mourning import mourn
from simulation.people import DIVISIONS, Inhabitant, founders


class Lived(msgspec.Struct, frozen=True):
    """How a district's life went: what was counted, and a digest of everything, the same for the same seed."""

    counted: dict[str, int]
    digest: str


class District:
    """People who live, marry and have children among themselves."""

    def __init__(self, people: int, seed: str, begins: date, rules: Sequence[AgendaRule]) -> None:
        self.random = Random(seed)  # noqa: S311 - the town is to be the same for the same seed
        self.everybody = founders(people, self.random, begins)
        self.living = list(self.everybody)
        self.fund = Fund()
        self.counted: Counter[str] = Counter()
        self.rules = rules

    def live(self, month: date) -> None:
        """Live through a month, and see that everything holds at its end."""
        ends = add_months(month, 1)
        reading = shipped().reading(month)
        self._births(month)
        for one in self.living:
            self._persons_month(one, month, ends, reading)
        self._marriages(month, reading)
        self._deaths(month)
        self._agendas(ends)
        invariants.month_is_whole(self.living, month, self.fund)

    def _births(self, month: date) -> None:
        for mother in [one for one in self.living if one.sex == "female" and one.spouse is not None]:
            following = range(len(self.everybody), len(self.everybody) + 2)
            born = living.born_in(mother, month, following, self.random)
            self.everybody += born
            self.living += born
            self.counted["births"] += len(born)

    def _persons_month(self, one: Inhabitant, month: date, ends: date, reading: Reading) -> None:
        if one.age(month) < living.ADULT:
            self._childs_month(one, month, ends, reading)
        living.months_work(one, month, self.fund, self.random, reading)
        self.counted["retirements"] += living.retire(one, month, reading)
        living.months_benefits(one, month, self.fund, self.random, reading)
        if self.random.random() < chances.MOVE_A_MONTH:
            one.division = self.random.choice(DIVISIONS)
            one.tell()
            self.counted["moves"] += 1

    def _childs_month(self, child: Inhabitant, month: date, ends: date, reading: Reading) -> None:
        given = living.months_doses(child, month, ends, self.random)
        if given:
            invariants.doses_are_timely(child, given)
            self.counted["doses"] += len(given)
        if not child.registered and self.random.random() < chances.REGISTERED_IN_MONTH:
            child.registered = True
            child.tell()
        living.months_school(child, month, reading)
        if child.age(month) <= _SUBSIDISED_UP_TO:
            living.months_subsidy(child, month, self.fund, reading)

    def _marriages(self, month: date, reading: Reading) -> None:
        single = [one for one in self.living if one.spouse is None and one.age(month) < _MARRIES_BELOW]
        women = [one for one in single if one.sex == "female"]
        men = [one for one in single if one.sex == "male"]
        for woman in women:
            if self.random.random() >= chances.MARRIAGE_A_MONTH:
                continue
            suitors = [one for one in men if abs(one.born.year - woman.born.year) <= chances.YEARS_APART]
            if suitors:
                man = self.random.choice(suitors)
                if living.may_marry(woman, man, month, reading):
                    woman.spouse, man.spouse = man, woman
                    woman.tell()
                    man.tell()
                    self.counted["marriages"] += 1
        for one in [one for one in self.living if one.spouse is not None and one.sex == "female"]:
            if self.random.random() < chances.DIVORCE_A_MONTH:
                self._part(one)
                self.counted["divorces"] += 1

    def _part(self, one: Inhabitant) -> None:
        other, one.spouse = one.spouse, None
        if other is not None:
            other.spouse = None
            other.tell()
        one.tell()

    def _deaths(self, month: date) -> None:
        for one in [one for one in self.living if self.random.random() < chances.death_a_month(one.age(month))]:
            one.died = month
            mourn(one, month)
            self._part(one)
            self.counted["deaths"] += 1
            for ward in one.wards:
                self._guard(ward, month)
        self.living = [one for one in self.living if one.died is None or one.changed]

    def _guard(self, child: Inhabitant, month: date) -> None:
        """Let somebody grown up take over who is left to a child, as civil affairs does where no parent lives (民法典 27, 32)."""
        if child.died is not None or child.age(month) >= living.ADULT:
            return
        child.guardians = [guardian for guardian in child.guardians if guardian.died is None]
        if not child.guardians:
            grown_up = [one for one in self.living if one.died is None and one.age(month) >= _GUARDS_FROM]
            child.is_guarded_by(self.random.choice(grown_up))
            self.counted["guardians appointed"] += 1
        child.tell()

    def _agendas(self, ends: date) -> None:
        for one in self.living:
            if one.changed or (one.book is not None and one.book.look_on is not None and one.book.look_on <= ends):
                before = one.book
                facts = one.facts(ends)
                changed = facts.differing(one.looked_at) if one.looked_at is not None else frozenset[str]()
                outlook = look(self.rules, facts, ends, before=before.before(changed) if before else None)
                one.looked_at = facts
                one.book, reminders = progress(before, outlook, ends)
                one.changed = False
                invariants.nothing_is_lost(one, before, one.book, reminders)
                self.counted["looks"] += 1
                self.counted["reminders"] += len(reminders)
                if one.died is not None:
                    invariants.dead_rest(one)
        self.living = [one for one in self.living if one.died is None]

    def lived(self) -> Lived:
        """How it went."""
        digest = hashlib.sha256()
        for one in self.everybody:
            kept = () if one.book is None else tuple((each.item.code, str(each.ended)) for each in one.book.kept)
            digest.update(repr((one.number, one.id, one.born, one.died, one.insured_months, one.doses, kept)).encode())
        digest.update(repr(sorted(self.fund.balances.items())).encode())
        totals = {
            "living": len(self.living),
            "payments": self.fund.payments,
            "benefits": len(self.fund.paid),
            "repeats refused": self.fund.repeats,
        }
        return Lived({**self.counted, **totals}, digest.hexdigest())


_SUBSIDISED_UP_TO: Final = 4
_MARRIES_BELOW: Final = 60
_GUARDS_FROM: Final = 25
