"""To whom a class of card is due: seniors by age, students by the school roll, disabled people by their certificate. Pure but for the port.

What a department hasn't confirmed is no entitlement: a class lowers fares, and is never had by one's own word.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from msgspec import structs

from app.card.class_judge import Judged
from app.card.classes import CLASS_NAMES, CardClass
from app.kernel import clock
from app.kernel.words import Words
from lifecycle.agenda.known import known_facts
from lifecycle.entitlements.conditions import learns_at
from lifecycle.entitlements.judging import Judgement, judge
from lifecycle.entitlements.opening import part
from lifecycle.entitlements.rules import EntitlementRule
from lifecycle.entitlements.verdicts import Verdict, no, yes, yes_from
from lifecycle.rules.ages import birthday_on
from lifecycle.rules.fact_kinds import BIRTH_DATE, DISABILITY_GRADE
from lifecycle.rules.facts import Facts
from lifecycle.rules.failing import contained
from lifecycle.rules.looking import Looking

MATTER: Final = "citizen_card_apply"
_STAGE: Final = "citizen_card"
_DAY: Final = timedelta(days=1)
_CERTIFIED: Final = Words(zh="持有残疾人证。", en="There is a disability certificate.")
_UNCONFIRMED: Final = Words(
    zh="残疾人证只有您本人填报，残联尚未核实。",
    en="The disability certificate is your own word only; the Disabled Persons' Federation hasn't confirmed it.",
)
_CONFIRM: Final = Words(zh="残联核实后可换领。", en="It could be had once the federation confirms it.")
_UNKNOWN: Final = Words(
    zh="有关部门尚未提供所需信息，暂不能核验。", en="The departments haven't told yet what is needed to judge it."
)
_DISPUTED: Final = Words(
    zh="各部门提供的信息不一致，需先更正。", en="Departments say different things; that must be corrected first."
)


def is_student(looking: Looking) -> Verdict:
    """Learning at a school, from primary school on, as the education bureau's roll says."""
    return learns_at("primary", "junior", "senior", "university")(looking)


def is_60_to_64(looking: Looking) -> Verdict:
    """From the age at which seniors' fares begin, until that at which they ride free."""
    from_day, to_day = _elder_days(looking)
    words = Words(zh=f"{from_day}起、{to_day}前可用。", en=f"It can be had from {from_day} on, before {to_day}.")
    if looking.as_of >= to_day:
        return no(words)
    looking.again(to_day)
    return yes(words, until=to_day - _DAY) if looking.as_of >= from_day else yes_from(from_day, words)


def is_65(looking: Looking) -> Verdict:
    """From the age at which seniors ride free."""
    _, from_day = _elder_days(looking)
    words = Words(zh=f"{from_day}起可用。", en=f"It can be had from {from_day} on.")
    return yes(words) if looking.as_of >= from_day else yes_from(from_day, words)


def is_certified(looking: Looking) -> Verdict:
    """Having a disability certificate that a department tells of."""
    looking.need(DISABILITY_GRADE)
    told = next(said for said in looking.facts if said.kind == DISABILITY_GRADE.name)
    return no(_UNCONFIRMED, _CONFIRM) if told.confidence == "declared" else yes(_CERTIFIED)


_WORK: Final[Mapping[CardClass, Callable[[Looking], Verdict]]] = {
    CardClass.STUDENT: is_student,
    CardClass.ELDER_60: is_60_to_64,
    CardClass.ELDER_65: is_65,
    CardClass.DISABLED: is_certified,
}
RULES: Final[tuple[EntitlementRule, ...]] = tuple(
    part(MATTER, _STAGE, one.value, CLASS_NAMES[one], work) for one, work in _WORK.items()
)
_CONTAINED: Final[Mapping[CardClass, EntitlementRule]] = {
    one: structs.replace(rule, work=contained(rule.name, rule.work)) for one, rule in zip(_WORK, RULES, strict=True)
}
SENIORS: Final = tuple(f"{MATTER}.{one.value}" for one in (CardClass.ELDER_60, CardClass.ELDER_65))
"""The rules whose days an agenda watches for, since they come to everybody by themselves."""


async def judge_class(person_id: UUID, card_class: CardClass) -> Judged:
    """Judge a class for somebody, today, by what is known of them."""
    return judged_by(await known_facts(person_id), card_class, clock.today())


def judged_by(facts: Facts, card_class: CardClass, on: date) -> Judged:
    """Judge a class by facts on a day. Pure."""
    return _judged(judge(_CONTAINED[card_class], facts, on))


def all_judged(facts: Facts, on: date) -> dict[CardClass, Judged]:
    """Judge every class that goes by more than a child's age. Pure."""
    return {one: judged_by(facts, one, on) for one in _WORK}


def _judged(found: Judgement) -> Judged:
    if found.verdict is not None:
        return Judged(found.verdict.answer == "yes", found.verdict.because, found.verdict.until)
    lacks = tuple(kind.title for kind in found.needs)
    return Judged(entitled=False, because=_DISPUTED if found.disputed else _UNKNOWN, known=False, lacks=lacks)


def _elder_days(looking: Looking) -> tuple[date, date]:
    born = looking.need(BIRTH_DATE)
    ages = [looking.law.number(key) for key in ("card.elder_fare_from", "card.elder_free_from")]
    first, free = (birthday_on(born, age, looking.law) for age in ages)
    return first, free
