"""Calculating whether, and from when, two people may register their marriage."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Final, Literal

from msgspec import Meta

from app.kernel import clock
from app.kernel.structs import Body, View
from app.kernel.words import Words
from integrations.departments.marriages import MARRIAGE as MARRIAGE_REGISTER
from integrations.departments.marriages import MaritalCode
from lifecycle.catalogue.calculators import Answered, Calculator
from lifecycle.catalogue.errors import BirthDateImpossible, DayTooFar
from lifecycle.catalogue.known import Filled, Known
from lifecycle.queries.remembered import fact_of
from lifecycle.rules import marriage_eligibility as rules
from lifecycle.rules.ages import full_age
from lifecycle.rules.marriage_eligibility import KINSHIPS, Party, Sex
from lifecycle.rules.parameters import Reading, shipped

Status = Literal["never_married", "divorced", "widowed", "married"]
Obstacle = Literal["NOT_MAN_AND_WOMAN", "MAN_TOO_YOUNG", "WOMAN_TOO_YOUNG", "HAS_SPOUSE", "KINSHIP", "NOT_WILLING"]
Generation = Annotated[int, Meta(ge=1, le=20, description="Counted from the nearest common ancestor, who is 1.")]
RECORD: Final = fact_of(MARRIAGE_REGISTER, {})
STATUSES: Final[dict[MaritalCode, Status]] = {"10": "never_married", "20": "married", "30": "widowed", "40": "divorced"}
_OLDEST_YEARS: Final = 120
_FARTHEST_YEARS: Final = 30


class PartyAsked(Body, frozen=True, kw_only=True):
    """One of the two: sex, day of birth, and whether there is a spouse, abroad too."""

    sex: Sex
    birth_date: date
    status: Status = "never_married"


class Kin(Body, frozen=True, kw_only=True):
    """How the two are related by blood, by generations from the nearest common ancestor; or in the direct line by adoption."""

    generation_of_one: Generation
    generation_of_other: Generation


class MarriageQuestion(Body, frozen=True, kw_only=True):
    """The two, the day on which they would register (today), and how they are related, if they are."""

    one: PartyAsked
    other: PartyAsked
    on: date | None = None
    kin: Kin | None = None
    both_willing: bool = True


class Bar(View, frozen=True):
    """What bars the marriage on that day, by code and in words."""

    code: Obstacle
    words: Words


class MarriageView(View, frozen=True, kw_only=True):
    """Whether they may register on the day, each one's age then, the first day on which both are old enough, and what bars it."""

    may_register: bool
    on: date
    age_of_one: int
    age_of_other: int
    both_old_enough_on: date
    bars: tuple[Bar, ...]


def of_a_couple(question: MarriageQuestion) -> Answered[MarriageView]:
    """Judge a marriage on a day, by the law of today. Refuses impossible days of birth, and days too far ahead."""
    today = clock.today()
    on = question.on or today
    if on.year > today.year + _FARTHEST_YEARS:
        raise DayTooFar(as_of=on.isoformat())
    for party in (question.one, question.other):
        if party.birth_date > min(on, today) or party.birth_date.year < today.year - _OLDEST_YEARS:
            raise BirthDateImpossible
    reading = shipped().reading(max(on, today))
    one, other = (Party(party.sex, party.birth_date) for party in (question.one, question.other))
    bars = tuple(_bars(question, on, reading))
    found = MarriageView(
        may_register=not bars,
        on=on,
        age_of_one=full_age(one.birth_date, on),
        age_of_other=full_age(other.birth_date, on),
        both_old_enough_on=rules.both_marriageable_on(one, other, reading),
        bars=bars,
    )
    return Answered(today, found, reading.used, tuple(_steps(found, reading)))


def _bars(question: MarriageQuestion, on: date, reading: Reading) -> Iterator[Bar]:
    couple = (question.one, question.other)
    if {party.sex for party in couple} != {"male", "female"}:
        yield Bar("NOT_MAN_AND_WOMAN", Words(zh="须为一男一女。", en="A man and a woman marry each other."))
    for party in couple:
        if rules.marriageable_on(Party(party.sex, party.birth_date), reading) > on:
            yield _too_young(party, reading)
    if any(party.status == "married" for party in couple):
        yield Bar(
            "HAS_SPOUSE",
            Words(
                zh="一方有配偶：须先有离婚证件或配偶死亡证明。",
                en="One of them has a spouse: a divorce or the spouse's death has to be proved first.",
            ),
        )
    if question.kin is not None:
        kinship = rules.barred_generations(question.kin.generation_of_one, question.kin.generation_of_other, reading)
        if kinship is not None:
            yield Bar(
                "KINSHIP",
                Words(
                    zh=f"双方是{KINSHIPS[kinship].zh}，禁止结婚。",
                    en=f"They are {KINSHIPS[kinship].en}, who may not marry.",
                ),
            )
    if not question.both_willing:
        yield Bar(
            "NOT_WILLING",
            Words(zh="须双方完全自愿，并且亲自到场。", en="Both have to be willing, and to come in person."),
        )


def _too_young(party: PartyAsked, reading: Reading) -> Bar:
    if party.sex == "male":
        age = reading.number("marriage.age_man")
        return Bar("MAN_TOO_YOUNG", Words(zh=f"男方未满 {age} 周岁。", en=f"The man is under {age}."))
    age = reading.number("marriage.age_woman")
    return Bar("WOMAN_TOO_YOUNG", Words(zh=f"女方未满 {age} 周岁。", en=f"The woman is under {age}."))


def _steps(found: MarriageView, reading: Reading) -> Iterator[Words]:
    man, woman = reading.number("marriage.age_man"), reading.number("marriage.age_woman")
    yield Words(
        zh=f"婚龄：男满 {man}、女满 {woman} 周岁，按登记当天计算；双方都达到的第一天是 {found.both_old_enough_on}。",
        en=f"A man marries at {man}, a woman at {woman}, as of the day of registration; both are old enough from {found.both_old_enough_on} on.",
    )
    yield from (bar.words for bar in found.bars)
    if found.may_register:
        yield Words(
            zh=f"{found.on} 可以登记：双方亲自到场，不收费。患有重大疾病的，应当在登记前如实告知对方。",
            en=f"They may register on {found.on}: both in person, free of charge. A serious illness has to be told to the other before.",
        )


def of_oneself(known: Known) -> Filled:
    """What is known of one of the two: the person who asks."""
    status = known.said(RECORD, lambda record: STATUSES[record.marital_code])
    return {"one.sex": known.person.sex, "one.birth_date": known.person.birth_date, "one.status": status}


MARRIAGE: Final = Calculator("marriage_registration", MarriageQuestion, of_a_couple, of_oneself, (RECORD,))
