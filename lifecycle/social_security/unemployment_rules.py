"""Rules of unemployment benefit (失业保险金): who is entitled, for how long, how much. Pure.

Sources: 社会保险法 art. 45 to 51; 失业保险条例 art. 14, 17, 18; 实施《社会保险法》若干规定 art. 13 (a resignation that the employer caused
counts as against one's will: 劳动合同法 art. 38). Figures are parameters `unemployment.*`.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final

import msgspec

from app.kernel.money import yuan
from app.kernel.words import Words
from integrations.departments.labour_records import EndReason
from lifecycle.rules.ages import Span, add_months
from lifecycle.rules.parameters import Reading


class _Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    contributed: int
    most: int


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What a claim is judged by. `unused_months` are left of an earlier claim; `retires_on` is when a pension may be drawn."""

    contributed_months: int
    unused_months: int
    reason: EndReason
    employer_at_fault: bool
    registered_on: date
    retires_on: date | None = None


class Benefit(msgspec.Struct, frozen=True):
    """What is due: months from a day to a day, fen a month, and the retirement until which it goes on, if that is near."""

    months: int
    monthly_fen: int
    since: date
    until: date
    goes_on_until: date | None


TOO_LITTLE: Final = Words(
    zh="缴费不满一年，也没有上次未领完的月数，按《社会保险法》第四十五条不符合领取条件。",
    en="Under a year of contributions and nothing left of an earlier claim: not entitled (Social Insurance Law, article 45).",
)
BY_CHOICE: Final = Words(
    zh="登记的离职原因是本人辞职，按《社会保险法》第四十五条须非因本人意愿中断就业；单位有过错的除外，由经办机构审核。",
    en="Recorded as your own resignation; benefit is for who lost work against their will (Social Insurance Law, article 45), "
    "unless the employer was at fault, which the office examines.",
)
AT_FAULT: Final = Words(
    zh="申报因单位过错辞职（《劳动合同法》第三十八条），由经办机构核实；属实的视为非因本人意愿。",
    en="Said to have resigned through the employer's fault (Labour Contract Law, article 38); the office examines it, "
    "and if so it counts as against one's will.",
)
RETIRED: Final = Words(
    zh="已到领取养老金的年龄，按《社会保险法》第五十一条不再领失业金。",
    en="Of an age to draw a pension: benefit isn't paid any more (Social Insurance Law, article 51).",
)


def months(contributed: int, unused: int, reading: Reading) -> int:
    """Count the months of benefit: by what was contributed, with what an earlier claim left, up to the law's most.

    Under a year of new contributions the old remainder goes on by itself; none means not entitled.
    """
    steps = reading.get("unemployment.benefit_months", tuple[_Step, ...])
    new = max((step.most for step in steps if contributed >= step.contributed), default=0)
    return min(reading.number("unemployment.most_months"), new + unused) if new else unused


def monthly_fen(reading: Reading) -> int:
    """Give the month's benefit in the reading's region: a share of the minimum wage there, in whole fen."""
    wage, share = (
        reading.number("unemployment.minimum_wage_fen"),
        reading.number("unemployment.percent_of_minimum_wage"),
    )
    return wage * share // 100


def bars(facts: Facts, reading: Reading) -> tuple[Words, ...]:
    """Say what speaks against a claim; nothing, if it is due."""
    found = (
        (months(facts.contributed_months, facts.unused_months, reading) == 0, TOO_LITTLE),
        (facts.reason == "resigned" and not facts.employer_at_fault, BY_CHOICE),
        (facts.retires_on is not None and facts.retires_on <= reading.as_of, RETIRED),
    )
    return tuple(words for holds, words in found if holds)


def benefit(facts: Facts, reading: Reading) -> Benefit | None:
    """Work out what is due, counted from the day of registration; None where something bars it."""
    if bars(facts, reading):
        return None
    count = months(facts.contributed_months, facts.unused_months, reading)
    until = add_months(facts.registered_on, count)
    latest = Span.read(reading.text("unemployment.runs_on_to_retirement")).after(until)
    near = facts.retires_on is not None and until < facts.retires_on < latest
    return Benefit(
        count, monthly_fen(reading), facts.registered_on, until, goes_on_until=facts.retires_on if near else None
    )


def notes(facts: Facts, reading: Reading) -> Iterable[Words]:
    """What applicant and officer should know: what is due and until when, or what bars it."""
    yield from bars(facts, reading)
    if facts.reason == "resigned" and facts.employer_at_fault:
        yield AT_FAULT
    due = benefit(facts, reading)
    if due is None:
        return
    since, until, amount = due.since.isoformat(), due.until.isoformat(), yuan(due.monthly_fen)
    yield Words(
        zh=f"缴费{facts.contributed_months}个月，可领{due.months}个月（{since}至{until}），"
        f"每月约{amount}元，以经办机构核定为准；领取期间的职工医保费由基金缴。",
        en=f"{facts.contributed_months} months of contributions give {due.months} months of benefit, from {since} to {until}, "
        f"about {amount} yuan a month as the office decides; the fund pays your health insurance meanwhile.",
    )
    yield from _further(facts, due)


def _further(facts: Facts, due: Benefit) -> Iterable[Words]:
    """What an earlier claim adds, and a retirement that is near."""
    if facts.unused_months:
        yield Words(
            zh=f"其中计入了上次未领完的{facts.unused_months}个月。",
            en=f"The {facts.unused_months} months left of an earlier claim are counted in.",
        )
    if due.goes_on_until is not None:
        day = due.goes_on_until.isoformat()
        yield Words(
            zh=f"领完时离法定退休年龄（{day}）不足一年，可继续领到退休。",
            en=f"Retirement ({day}) is less than a year away when it ends, so it goes on until then.",
        )
