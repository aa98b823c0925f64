"""What comes next towards a pension: months that will be missing, retiring early, claiming it, the residents' pension, and what age gives. Pure.

Sources: 社会保险法 art. 16, 21; 全国人大常委会关于实施渐进式延迟法定退休年龄的决定 (2024); 老年人权益保障法 art. 53 to 59.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

import msgspec

from app.kernel.words import Words
from lifecycle.agenda.items import AgendaRule, Item, reading
from lifecycle.agenda.outlook import AHEAD
from lifecycle.rules import pension
from lifecycle.rules.ages import MONTHS_PER_YEAR, Span, birthday_on
from lifecycle.rules.fact_kinds import BIRTH_DATE, INSURED, JOB, PENSION_SINCE, SEX
from lifecycle.rules.looking import Looking
from lifecycle.rules.pension import Window
from lifecycle.rules.retirement_age import RetirementKind, original_age_on
from lifecycle.rules.retirement_kinds import need_kind
from lifecycle.rules.told_kinds import (
    EMPLOYEES_PENSION,
    INSURANCES,
    OFFICES_PENSION,
    PENSION_SCHEME,
    RESIDENTS_PENSION,
    PensionScheme,
)

MATTER: Final = "pension_insurance"
CARD: Final = "citizen_card_tourism"
_EMPLOYEES: Final = frozenset({EMPLOYEES_PENSION, OFFICES_PENSION})
_ONE_DAY: Final = timedelta(days=1)


class Notices(msgspec.Struct, frozen=True):
    """How long before retirement what is to be done."""

    asked_before: str
    early_told_before: str


class Named(msgspec.Struct, frozen=True):
    """How long around the birthday the residents' pension is named."""

    asked_before: str
    shown_for: str


class Benefit(msgspec.Struct, frozen=True):
    """What somebody has from an age on."""

    from_age: int
    zh: str
    en: str

    @property
    def words(self) -> Words:
        """It in both languages."""
        return Words(zh=self.zh, en=self.en)


def retirement(looking: Looking) -> Iterable[Item]:
    """Retiring: early by choice, and at the statutory age. Of a woman the kind of worker decides, once the earliest day is near.

    Nothing for who is insured as a resident only.
    """
    born, sex = looking.need(BIRTH_DATE), looking.need(SEX)
    if _scheme(looking) == "resident":
        return
    law = looking.law.get("retirement.notices", Notices)
    near = _near(born, sex, law, looking)
    if looking.as_of < near:
        looking.again(near)
        return
    since, latest = looking.find(PENSION_SINCE), _latest(born, sex, looking)
    looking.again(latest + _ONE_DAY)
    if since is None and looking.as_of > latest:
        return
    kind = need_kind(looking)
    window = pension.window(born, kind, looking.law)
    if since is None and window.earliest_on < window.statutory_on:
        yield _early(window, law)
    claim = _claim(window, born, original_age_on(born, kind, looking.law), law, since)
    yield msgspec.structs.replace(claim, due=window.latest_on) if _works(looking) else claim


def _works(looking: Looking) -> bool:
    """Whether somebody is known to be at work, and so may retire later by agreement without being late."""
    job = looking.find(JOB)
    return job is not None and job.until is None


def shortfall(looking: Looking) -> Iterable[Item]:
    """Months that will be missing at the statutory age, told years ahead; for who is known to be insured."""
    insured = looking.find(INSURED)
    if insured is None or looking.find(PENSION_SINCE) is not None:
        return
    born = looking.need(BIRTH_DATE)
    kind = need_kind(looking)
    window = pension.window(born, kind, looking.law)
    statutory = window.statutory_on
    needed = pension.minimum_months(statutory.year, looking.law)
    booked = insured.booked_to
    until = (statutory.year - booked.year) * MONTHS_PER_YEAR + statutory.month - booked.month
    missing = needed - insured.months - max(0, until)
    if missing <= 0:
        return
    yield Item(
        code="pension_shortfall",
        matter=MATTER,
        title=Words(
            zh=f"养老保险年限预计少{missing}个月", en=f"Your pension will lack {missing} months of contributions"
        ),
        why=Words(
            zh=f"到{booked:%Y-%m}累计{insured.months}个月，以后每月都缴，{statutory}法定退休时仍不足最低{needed}个月。社会保险法第十六条：可延长缴费至满年限，或转入居民养老保险；有断缴、未转移的外地缴费的，请先核对。",
            en=f"{insured.months} months are booked to {booked:%Y-%m}; paying every month there will still be fewer than {needed} at the "
            f"statutory age on {statutory}. Go on paying until they are complete, or move to the residents' pension (Social Insurance "
            "Law, article 16); look first for months paid elsewhere.",
        ),
        opens=booked,
        due=max(statutory, booked),
        lapses=max(window.latest_on, booked) + _ONE_DAY,
        by_case=False,
    )


def residents(looking: Looking) -> Iterable[Item]:
    """The residents' pension at sixty, for who isn't known to be insured as an employee."""
    born = looking.need(BIRTH_DATE)
    scheme = _scheme(looking)
    if scheme == "employee" or looking.find(PENSION_SINCE) is not None:
        return
    if scheme is None and (looking.find(INSURED) is not None or looking.find(JOB) is not None):
        return
    law, named = pension.residents(looking.law), looking.law.get("pension.residents_named", Named)
    day = birthday_on(born, law.age, looking.law)
    yield Item(
        code="residents_pension",
        matter=MATTER,
        title=Words(zh="申领城乡居民养老金", en="Claim the residents' pension"),
        why=Words(
            zh=f"社会保险法第二十一条：{day}年满{law.age}周岁，居民养老保险累计缴费满{law.months // MONTHS_PER_YEAR}年的，次月起按月领取；不满的可补缴。没有参加居民养老保险、领职工养老金的，不用办理。",
            en=f"Social Insurance Law, article 21: {law.age} on {day}, and paid from the next month after "
            f"{law.months // MONTHS_PER_YEAR} years of contributions to the residents' pension; missing years can be paid. "
            "Nothing to do for who draws an employee's pension.",
        ),
        opens=Span.read(named.asked_before).before(day),
        lapses=Span.read(named.shown_for).after(day),
        quiet=scheme is None,
    )


def benefits(looking: Looking) -> Iterable[Item]:
    """What the city gives from an age on, named for a while from the birthday."""
    born = looking.need(BIRTH_DATE)
    shown = Span.read(looking.law.text("elderly.benefits_shown"))
    for one in looking.law.get("elderly.benefits", tuple[Benefit, ...]):
        day = birthday_on(born, one.from_age, looking.law)
        yield Item(
            code=f"elderly_benefits.{one.from_age}",
            matter=CARD,
            title=Words(zh=f"{one.from_age}周岁老年优待", en=f"Preferential treatment from {one.from_age} on"),
            why=Words(
                zh=f"老年人权益保障法第五十三条至第五十九条：{day}年满{one.from_age}周岁，{one.zh}；凭身份证，或在市民卡上开通。",
                en=f"Law on the Rights of the Elderly, articles 53 to 59: {one.from_age} on {day}, {one.en}, by your identity card or "
                "once it is switched on for your citizen card.",
            ),
            opens=day,
            lapses=shown.after(day),
            by_case=False,
        )


def _scheme(looking: Looking) -> PensionScheme | None:
    """By which insurance somebody will have a pension, if that is known; the employees' goes first."""
    told, insurances = looking.find(PENSION_SCHEME), looking.find(INSURANCES) or ()
    if told == "employee" or not _EMPLOYEES.isdisjoint(insurances):
        return "employee"
    return "resident" if told is not None or RESIDENTS_PENSION in insurances else None


def _near(born: date, sex: str, law: Notices, looking: Looking) -> date:
    """The day from which the kind of worker matters: before it nobody's retirement is in sight."""
    kind: RetirementKind = "man" if sex == "male" else "woman_worker"
    earliest = pension.window(born, kind, looking.law).earliest_on
    return Span.read(law.early_told_before).before(earliest) - AHEAD


def _latest(born: date, sex: str, looking: Looking) -> date:
    """The last day on which anybody of that age retires."""
    return pension.window(born, "man" if sex == "male" else "woman_cadre", looking.law).latest_on


def _early(window: Window, law: Notices) -> Item:
    notice = Span.read(law.early_told_before)
    opens, lapses = notice.before(window.earliest_on), notice.before(window.statutory_on)
    return Item(
        code="retirement.early",
        matter=MATTER,
        title=Words(zh="可选择弹性提前退休", en="You may choose to retire early"),
        why=Words(
            zh=f"法定退休日{window.statutory_on}；缴费达到最低年限的，可自愿提前，最早{window.earliest_on}，须至少提前三个月书面告知单位（人社部发〔2024〕94号）。不提前的不用办理。",
            en=f"The statutory day is {window.statutory_on}. With the least years of contributions you may retire from "
            f"{window.earliest_on} on; tell your employer in writing at least three months before (人社部发〔2024〕94号). "
            "Otherwise there is nothing to do.",
        ),
        opens=opens,
        lapses=max(opens + _ONE_DAY, lapses),
        by_case=False,
    )


def _claim(window: Window, born: date, original: date, law: Notices, since: date | None) -> Item:
    statutory = window.statutory_on
    later = (statutory.year - original.year) * MONTHS_PER_YEAR + statutory.month - original.month
    delay_zh = f"原退休年龄到{original}，延迟{later}个月，" if later else ""
    months = f"{later} month{'s' if later > 1 else ''}"
    delay_en = f" (the age before was reached on {original}; {months} later)" if later else ""
    return Item(
        code="retirement.claim",
        matter=MATTER,
        title=Words(zh="办理退休、申领养老金", en="Retire and claim your pension"),
        why=Words(
            zh=f"渐进式延迟法定退休年龄的决定：{born}出生，{delay_zh}{statutory}到法定退休年龄；一般提前三个月由单位或本人申请，次月起领取。与单位协商可推迟，最晚{window.latest_on}。",
            en=f"By the decision on the statutory age, born on {born} you reach it on {statutory}{delay_en}. Your employer or you apply about "
            f"three months before. By agreement it can be put off, until {window.latest_on} at the latest.",
        ),
        opens=Span.read(law.asked_before).before(statutory),
        due=statutory,
        lapses=window.latest_on + _ONE_DAY,
        done_on=since,
    )


RULES: Final = (
    AgendaRule("social_security.retirement", "social_security", retirement),
    AgendaRule("social_security.pension_shortfall", "social_security", reading("money", shortfall)),
    AgendaRule("social_security.residents_pension", "social_security", residents),
    AgendaRule("social_security.elderly_benefits", "social_security", benefits),
)
