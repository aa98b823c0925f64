"""Renewing a driving licence (期满换证): when, for how long, for which class, and what bars it. Pure.

Sources: 道路交通安全法实施条例 art. 26; 机动车驾驶证申领和使用规定 art. 13, 62-64, 70-74, 79; 行政许可法 art. 50.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final, Literal

import msgspec

from app.kernel.words import Words
from lifecycle.rules.ages import Span, full_age
from lifecycle.rules.parameters import Reading

Standing = Literal["for_good", "too_early", "open", "late", "cancelled"]
Bar = Literal["points_full", "offences_unsettled", "health_form_missing", "health_form_old", "health_unfit"]
LARGE: Final = frozenset({"A2", "B1", "B2"})
"""Classes of large vehicles (大中型客货车)."""
BARS: Final[dict[Bar, Words]] = {
    "points_full": Words(
        zh="本记分周期已记满12分，须先参加学习并考试合格，才能换证。",
        en="12 points were reached in this cycle; study and pass the test before renewing.",
    ),
    "offences_unsettled": Words(
        zh="有未处理完毕的交通违法，审验不能通过；请先接受处理、缴清罚款。",
        en="Offences aren't settled, so the review isn't passed; deal with them and pay the fines first.",
    ),
    "health_form_missing": Words(
        zh="医院尚未上传身体条件证明；请先到医疗机构体检。",
        en="No hospital has sent a health form yet; have the check first.",
    ),
    "health_form_old": Words(
        zh="身体条件证明已超过有效期，请重新体检。", en="The health form is too old; have a new check."
    ),
    "health_unfit": Words(
        zh="体检结果为不符合驾驶许可的身体条件。", en="The check found that health doesn't allow driving."
    ),
}


class Licence(msgspec.Struct, frozen=True, kw_only=True):
    """What the police know of a licence; `expires_on` is None where it holds for good."""

    licence_class: str
    valid_from: date
    expires_on: date | None
    full_in_term: bool
    points: int
    unsettled: int


class Exam(msgspec.Struct, frozen=True):
    """A health check, as the hospital sent it in."""

    examined_on: date
    fit: bool


class Window(msgspec.Struct, frozen=True):
    """When a licence is renewed: from, in time until, and late until; afterwards it is cancelled. All days included."""

    opens_on: date
    expires_on: date
    last_on: date

    def standing(self, day: date) -> Standing:
        """Where a day lies."""
        if day < self.opens_on:
            return "too_early"
        if day <= self.expires_on:
            return "open"
        return "late" if day <= self.last_on else "cancelled"


def window(expires_on: date, reading: Reading) -> Window:
    """When a licence that ends on a day may be renewed."""
    return Window(
        opens_on=expires_on - timedelta(days=reading.number("driving.renewal_days_before")),
        expires_on=expires_on,
        last_on=_span(reading, "driving.cancelled_after").after(expires_on),
    )


def standing(licence: Licence, reading: Reading) -> Standing:
    """Where the reading's day lies for a licence."""
    if licence.expires_on is None:
        return "for_good"
    return window(licence.expires_on, reading).standing(reading.as_of)


def next_end(licence: Licence, reading: Reading) -> date | None:
    """The end of the term that follows: the next longer one, or this one again where a cycle of it reached 12 points.

    It begins on the day on which this one ends, however early or late it is renewed. None means for good.
    """
    terms = [Span.read(text) for text in reading.get("driving.terms", list[str])]
    if licence.expires_on is None:
        return None
    # The present term is the longest that fits into it; the first, if none does.
    lasted = [one for one, span in enumerate(terms) if span.after(licence.valid_from) <= licence.expires_on]
    present = max(lasted, default=0)
    following = present if licence.full_in_term else present + 1
    return terms[following].after(licence.expires_on) if following < len(terms) else None


def class_at(licence_class: str, birth_date: date, reading: Reading) -> str:
    """The class that somebody may have on the reading's day: large vehicles and motorcycles end at an age."""
    age = full_age(birth_date, reading.as_of)
    if licence_class in LARGE and age >= reading.number("driving.large_vehicles_until"):
        return "C1"
    if licence_class == "E" and age >= reading.number("driving.motorcycles_until"):
        return "F"
    return licence_class


def bars(licence: Licence, exam: Exam | None, reading: Reading) -> Iterable[Bar]:
    """What the review (审验) that goes with a renewal won't pass (articles 70 and 71)."""
    if licence.points >= reading.number("driving.full_points"):
        yield "points_full"
    if licence.unsettled:
        yield "offences_unsettled"
    if exam is None:
        yield "health_form_missing"
    elif not exam.fit:
        yield "health_unfit"
    elif reading.as_of > _span(reading, "driving.health_form_valid").after(exam.examined_on):
        yield "health_form_old"


def is_checked_yearly(birth_date: date, reading: Reading) -> bool:
    """Whether somebody sends in a health form after every points cycle (article 74)."""
    return full_age(birth_date, reading.as_of) >= reading.number("driving.yearly_check_from")


def explained(licence: Licence, exam: Exam | None, birth_date: date, reading: Reading) -> Iterable[Words]:
    """What applicant and officer should know: the time, what bars it, the term and class that follow."""
    now = standing(licence, reading)
    if licence.expires_on is None:
        yield Words(zh="驾驶证为长期有效，无需期满换证。", en="The licence holds for good; there's nothing to renew.")
        return
    yield _of_time(now, window(licence.expires_on, reading), reading)
    yield from (BARS[bar] for bar in bars(licence, exam, reading))
    if now in {"open", "late"}:
        yield _of_term(licence, reading)
        yield from _of_class(licence.licence_class, class_at(licence.licence_class, birth_date, reading))
    if is_checked_yearly(birth_date, reading):
        age, within = reading.number("driving.yearly_check_from"), _span(reading, "driving.yearly_check_within").words
        yield Words(
            zh=f"年满{age}周岁：每个记分周期结束后{within.zh}内还要提交一次身体条件证明。",
            en=f"From {age} on, a health form is also due within {within.en} after each points cycle.",
        )


def _of_time(now: Standing, found: Window, reading: Reading) -> Words:
    opens, ends, last = (one.isoformat() for one in (found.opens_on, found.expires_on, found.last_on))
    if now == "too_early":
        return Words(
            zh=f"驾驶证有效期至{ends}，{opens}起可以申请换证。",
            en=f"The licence ends on {ends}; it may be renewed from {opens} on.",
        )
    if now == "open":
        return Words(
            zh=f"驾驶证有效期至{ends}。车管所在期满前没有作出决定的，视为准予延续（行政许可法第五十条）。",
            en=f"The licence ends on {ends}. If nothing is decided by then, law counts it as renewed "
            "(Administrative Licensing Law, article 50).",
        )
    if now == "late":
        return Words(
            zh=f"驾驶证已于{ends}期满，换证前不得驾驶机动车；{last}以前仍可换证，此后将被注销。",
            en=f"The licence ended on {ends}: don't drive until it is renewed. That is possible until {last}; then it is cancelled.",
        )
    within = _span(reading, "driving.restored_within").after(found.last_on).isoformat()
    return Words(
        zh=f"驾驶证已于{ends}期满，{last}以前未换证的，予以注销；{within}以前参加道路交通安全法律知识考试合格，可以恢复驾驶资格。",
        en=f"The licence ended on {ends} and wasn't renewed by {last}, so it is cancelled; "
        f"until {within} a test of the traffic law restores it.",
    )


def _of_term(licence: Licence, reading: Reading) -> Words:
    end = next_end(licence, reading)
    until = Words(zh="长期", en="for good") if end is None else Words(zh=f"至{end}", en=f"until {end}")
    if licence.full_in_term:
        return Words(
            zh=f"本有效期内有记分周期记满12分，换发相同期限的驾驶证：有效期{until.zh}。",
            en=f"A cycle of this term reached 12 points, so the next term is no longer than this: {until.en}.",
        )
    return Words(
        zh=f"本有效期内每个记分周期均未记满12分，换证后有效期{until.zh}。",
        en=f"No cycle of this term reached 12 points; the renewed licence holds {until.en}.",
    )


def _of_class(now: str, then: str) -> Iterable[Words]:
    if now != then:
        yield Words(
            zh=f"已到准驾车型的年龄上限，换证后准驾车型由{now}变为{then}。",
            en=f"At your age class {now} ends; the renewed licence is for class {then}.",
        )


def _span(reading: Reading, key: str) -> Span:
    return Span.read(reading.text(key))
