"""Ages on a day (周岁, 月龄), and what the law attaches to them, for anyone: birthdays, civil capacity, the identity card.

Sources: 民法典, articles 17 to 22 and 202; 个人信息保护法, article 31; 居民身份证法, articles 5 and 7.
"""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Final

import msgspec
from litestar.params import QueryParameter

from app.kernel import clock
from app.kernel.identity_numbers import EARLIEST_BIRTH
from app.kernel.structs import View
from app.kernel.words import Words
from lifecycle.catalogue.calculators import disclaimer, parameters
from lifecycle.catalogue.card_terms import CardTerm, card_term, in_words
from lifecycle.catalogue.errors import BirthDateImpossible, DaysOutOfOrder, DayTooFar
from lifecycle.catalogue.structs import ParameterUsed
from lifecycle.rules.ages import (
    Capacity,
    LeapBirthday,
    add_months,
    birthday_by,
    birthday_on,
    capacity,
    full_age,
    full_months,
    leap_policy,
    needs_guardian_consent,
)
from lifecycle.rules.parameters import ParameterUnknown, Reading, shipped

MonthAge = Annotated[
    int | None,
    QueryParameter(
        name="months", ge=1, le=1800, description="An age in months (1–1800), to be told on which day it is reached."
    ),
]
FARTHEST_YEARS: Final = 100
_POLICIES: Final[tuple[LeapBirthday, ...]] = ("MAR_1", "FEB_28")
_LEAP_DAY: Final = (2, 29)
_CAPACITIES: Final = {
    Capacity.NONE: Words(zh="无民事行为能力", en="no capacity for civil acts"),
    Capacity.LIMITED: Words(zh="限制民事行为能力", en="limited capacity for civil acts"),
    Capacity.FULL: Words(zh="完全民事行为能力", en="full capacity for civil acts"),
}
_ARTICLES: Final = {
    Capacity.NONE: Words(zh="民法典第二十条", en="Civil Code, article 20"),
    Capacity.LIMITED: Words(zh="民法典第十九条", en="Civil Code, article 19"),
    Capacity.FULL: Words(zh="民法典第十七、十八条", en="Civil Code, articles 17 and 18"),
}
_BY_OWN_LABOUR: Final = Words(zh="民法典第十八条第二款", en="Civil Code, article 18, second paragraph")


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Of whom: when they were born, on which day, whether they live on their own labour, and an age in months."""

    born_on: date
    as_of: date
    own_labour: bool = False
    months: int | None = None


class Reached(View, frozen=True):
    """On which day an age in months is reached; where the day doesn't exist, on the month's last (民法典, article 202)."""

    months: int
    on: date


class LeapChoice(View, frozen=True, kw_only=True):
    """How old somebody born on 29 February is, if they grow older on that day of common years; one of the two `holds` here."""

    birthday: LeapBirthday
    years: int
    next_birthday: date
    holds: bool


class CivilCapacity(View, frozen=True):
    """Capacity for civil acts (民事行为能力) by age, and the articles that say so."""

    capacity: Capacity
    articles: Words


class AgeView(View, frozen=True, kw_only=True):
    """How old somebody is on a day, in full years, months and days, and what the law attaches to it.

    `capacity`, `guardian_consent_needed` and `identity_card` are null for days before the laws on file.
    """

    born_on: date
    as_of: date
    years: int
    months: int
    days: int
    next_birthday: date
    reached: Reached | None
    leap_birthdays: tuple[LeapChoice, ...]
    capacity: CivilCapacity | None
    guardian_consent_needed: bool | None
    identity_card: CardTerm | None
    steps: tuple[Words, ...]
    parameters: tuple[ParameterUsed, ...]
    disclaimer: Words


def age(asked: Asked) -> AgeView:
    """Work an age out. Refuses `BirthDateImpossible`, `DaysOutOfOrder` and `DayTooFar`."""
    _refuse_impossible(asked.born_on, asked.as_of)
    reading = shipped().reading(asked.as_of)
    years = full_age(asked.born_on, asked.as_of, leap_policy(reading))
    found = AgeView(
        born_on=asked.born_on,
        as_of=asked.as_of,
        years=years,
        months=full_months(asked.born_on, asked.as_of),
        days=(asked.as_of - asked.born_on).days,
        next_birthday=birthday_on(asked.born_on, years + 1, reading),
        reached=None if asked.months is None else Reached(asked.months, add_months(asked.born_on, asked.months)),
        leap_birthdays=_leap_choices(asked, reading),
        capacity=_capacity(asked, reading),
        guardian_consent_needed=_consent_needed(asked, reading),
        identity_card=card_term(asked.born_on, reading),
        steps=(),
        parameters=parameters(reading.used),
        disclaimer=disclaimer(reading.used),
    )
    return msgspec.structs.replace(found, steps=tuple(_steps(found, reading)))


def _refuse_impossible(born_on: date, as_of: date) -> None:
    today = clock.today()
    if not EARLIEST_BIRTH <= born_on <= today:
        raise BirthDateImpossible
    if as_of < born_on:
        raise DaysOutOfOrder(earlier="born_on", later="as_of")
    if as_of.year > today.year + FARTHEST_YEARS:
        raise DayTooFar(as_of=as_of.isoformat())


def _leap_choices(asked: Asked, reading: Reading) -> tuple[LeapChoice, ...]:
    if (asked.born_on.month, asked.born_on.day) != _LEAP_DAY:
        return ()
    return tuple(_leap_choice(asked, one, holds=one == leap_policy(reading)) for one in _POLICIES)


def _leap_choice(asked: Asked, policy: LeapBirthday, *, holds: bool) -> LeapChoice:
    years = full_age(asked.born_on, asked.as_of, policy)
    return LeapChoice(
        birthday=policy, years=years, next_birthday=birthday_by(asked.born_on, years + 1, policy), holds=holds
    )


def _capacity(asked: Asked, reading: Reading) -> CivilCapacity | None:
    try:
        found = capacity(asked.born_on, reading, lives_on_own_labour=asked.own_labour)
        by_age = capacity(asked.born_on, reading)
    except ParameterUnknown:
        return None
    return CivilCapacity(found, _ARTICLES[found] if found == by_age else _BY_OWN_LABOUR)


def _consent_needed(asked: Asked, reading: Reading) -> bool | None:
    try:
        return needs_guardian_consent(asked.born_on, reading)
    except ParameterUnknown:
        return None


def _steps(found: AgeView, reading: Reading) -> Iterator[Words]:
    yield Words(
        zh=f"{found.born_on}出生，到{found.as_of}满{found.years}周岁（{found.months}个月，{found.days}天）；下一个生日是{found.next_birthday}。",
        en=f"Born on {found.born_on}, aged {found.years} full years on {found.as_of} ({found.months} months, {found.days} days); the next birthday is {found.next_birthday}.",
    )
    if found.reached is not None:
        yield Words(
            zh=f"满{found.reached.months}个月的日子是{found.reached.on}；没有对应日的，为当月最后一天（民法典第二百零二条）。",
            en=f"{found.reached.months} months of age are reached on {found.reached.on}; where the day doesn't exist, on the month's last (Civil Code, article 202).",
        )
    for choice in found.leap_birthdays:
        yield _leap_step(choice)
    if found.capacity is not None:
        name, article = _CAPACITIES[found.capacity.capacity], found.capacity.articles
        yield Words(
            zh=f"按年龄为{name.zh}（{article.zh}）；成年人不能辨认或不能完全辨认自己行为的，另依第二十一、二十二条认定。",
            en=f"By age, {name.en} ({article.en}); of adults who can't judge their acts, articles 21 and 22 say otherwise.",
        )
    if found.guardian_consent_needed:
        yield Words(
            zh="不满十四周岁，处理个人信息须经监护人同意（个人信息保护法第三十一条）。",
            en="Under fourteen, so a guardian's consent is needed for personal data (Personal Information Protection Law, article 31).",
        )
    if found.identity_card is not None:
        yield in_words(found.identity_card, found.born_on, reading)


def _leap_step(choice: LeapChoice) -> Words:
    month, day = (3, 1) if choice.birthday == "MAR_1" else (2, 28)
    mark = Words(zh="（本平台采用）", en=" (as here)") if choice.holds else Words(zh="", en="")
    return Words(
        zh=f"2月29日出生，平年如按{month}月{day}日增岁{mark.zh}：{choice.years}周岁，下一个生日{choice.next_birthday}。",
        en=f"Born on 29 February; growing older on {day} {'March' if month > 2 else 'February'} of common years{mark.en}: {choice.years} years, next birthday {choice.next_birthday}.",  # noqa: PLR2004 - months
    )
