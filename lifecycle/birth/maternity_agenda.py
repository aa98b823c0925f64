"""What comes next for who is pregnant, and after the birth: handbook, visits, the hospital, registration, the check and the allowance. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Final

import msgspec

from app.kernel.words import Words
from lifecycle.agenda.items import AgendaRule, Item, reading
from lifecycle.rules import antenatal as rules
from lifecycle.rules.ages import Span
from lifecycle.rules.antenatal import Check, Pregnancy
from lifecycle.rules.fact_kinds import APPOINTMENTS, INSURED, JOB, PREGNANCY
from lifecycle.rules.looking import Looking
from lifecycle.rules.told_kinds import ANTENATAL_DONE, INSURANCES, MATERNAL_CARE, MATERNITY

VISIT: Final = "antenatal_exam"
CARE: Final = "perinatal_care"
HOSPITAL: Final = "maternity_hospital_booking"
FERTILITY: Final = "birth_registration_service"
ALLOWANCE: Final = "maternity_insurance"
_ONE_DAY: Final = timedelta(days=1)


class _Term(msgspec.Struct, frozen=True):
    """A pregnancy under way, its visits and tests, and the day after the last of them."""

    one: Pregnancy
    checks: tuple[Check, ...]

    @property
    def over_on(self) -> date:
        return max(check.until for check in self.checks) + _ONE_DAY

    def code(self, name: str) -> str:
        return f"{name}.{self.one.due_on:%Y-%m}"

    def tests_at(self, visit: Check) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.at == visit.code)


def antenatal(looking: Looking) -> Iterable[Item]:
    """What a pregnancy asks for until the birth; nothing for who isn't known to be pregnant."""
    known = looking.find(PREGNANCY)
    if known is None or known.ended_on is not None:
        return
    one = rules.by_last_period(known.last_period_on, looking.law)
    term = _Term(one, rules.checks(one, looking.law))
    done = _days(looking.find(ANTENATAL_DONE))
    yield _handbook(term, looking)
    yield from (_visit(check, term, done, looking) for check in term.checks if check.at is None)
    yield _hospital(term, looking)
    yield _fertility(term)


def after_birth(looking: Looking) -> Iterable[Item]:
    """The check after a birth, and the allowance of who is insured; nothing after a pregnancy that ended early."""
    known = looking.find(PREGNANCY)
    if known is None or known.ended_on is None:
        return
    if not rules.is_birth(rules.by_last_period(known.last_period_on, looking.law), known.ended_on, looking.law):
        return
    born, days = known.ended_on, rules.check_after(known.ended_on, looking.law)
    yield Item(
        code=f"postnatal_check.{born:%Y-%m}",
        matter=CARE,
        title=Words(zh="产后42天检查", en="Check 42 days after the birth"),
        why=Words(
            zh=f"您于{born}分娩。国家基本公共卫生服务规范：产后42天起到分娩机构或社区做健康检查，{days.first}至{days.last}之间为宜，孩子一起查。",
            en=f"You gave birth on {born}. National public health standard: a check of mother and child from 42 days on, "
            f"best between {days.first} and {days.last}, at the hospital or the community clinic.",
        ),
        opens=days.first,
        due=days.last,
        lapses=days.last + _ONE_DAY,
        done_on=_days(looking.find(MATERNAL_CARE)).get("day_42"),
        by_case=False,
    )
    insurances, job, insured = looking.find(INSURANCES), looking.find(JOB), looking.find(INSURED)
    if MATERNITY in (insurances or ()) or job is not None or insured is not None:
        yield _allowance(born, looking)


def _days(known: tuple[tuple[str, date], ...] | None) -> Mapping[str, date]:
    """On which day each of what is known to be done was done."""
    return dict(known or ())


def _handbook(term: _Term, looking: Looking) -> Item:
    days = rules.handbook(term.one, looking.law)
    return Item(
        code=term.code("antenatal.handbook"),
        matter=CARE,
        title=Words(zh="建立母子健康手册（建册）", en="Open the maternal handbook"),
        why=Words(
            zh=f"末次月经{term.one.counted_from}，预产期{term.one.due_on}。国家基本公共卫生服务规范：孕13周前（{days.last}前）到居住地社区卫生服务中心建册，免费。",
            en=f"Last period {term.one.counted_from}, birth expected {term.one.due_on}. National public health standard: open the "
            f"handbook at your community clinic before week 13, by {days.last}; it is free.",
        ),
        opens=days.first,
        due=days.last,
        lapses=term.over_on,
        done_on=_days(looking.find(MATERNAL_CARE)).get("handbook"),
        by_case=False,
    )


def _visit(visit: Check, term: _Term, done: Mapping[str, date], looking: Looking) -> Item:
    tests, period = term.tests_at(visit), term.one.counted_from
    zh = "".join(f"；{test.name.zh}{test.from_on}至{test.until}" for test in tests)
    en = "".join(f"; {test.name.en}: {test.from_on} to {test.until}" for test in tests)
    told_as = {one.told_as for one in (visit, *tests)}
    booked = [
        one
        for one in looking.find(APPOINTMENTS) or ()
        if one.matter == VISIT and visit.from_on <= one.on <= visit.until
    ]
    return Item(
        code=term.code(f"antenatal.{visit.code}"),
        matter=VISIT,
        title=visit.name,
        why=Words(
            zh=f"{visit.items.zh}{zh}。按末次月经{period}推算，应在{visit.from_on}至{visit.until}做（孕前和孕期保健指南）；以医生安排为准。",
            en=f"{visit.items.en[0].upper()}{visit.items.en[1:]}{en}. Counted from the last period ({period}) it falls "
            f"between {visit.from_on} and {visit.until} (national guideline); your doctor decides.",
        ),
        opens=visit.from_on,
        due=visit.until,
        lapses=visit.until + _ONE_DAY,
        done_on=next((day for code, day in done.items() if code in told_as), None),
        by_case=False,
        appointment_id=booked[0].id if booked else None,
        under_way=bool(booked),
    )


def _hospital(term: _Term, looking: Looking) -> Item:
    opens = rules.places_from(term.one, looking.law)
    return Item(
        code=term.code("antenatal.hospital"),
        matter=HOSPITAL,
        title=Words(zh="预约分娩医院", en="Book a hospital for the birth"),
        why=Words(
            zh=f"预产期{term.one.due_on}，孕12周左右（{opens}）起可以预约床位；妊娠风险为橙、红、紫色的，应选三级助产机构。",
            en=f"The birth is expected on {term.one.due_on}; places can be booked from about week 12 ({opens}) on. "
            "With a risk class of orange, red or purple choose a tier-3 hospital.",
        ),
        opens=opens,
        due=term.one.due_on,
        lapses=term.over_on,
    )


def _fertility(term: _Term) -> Item:
    return Item(
        code=term.code("fertility_registration"),
        matter=FERTILITY,
        title=Words(zh="办理生育登记", en="Register the birth to come"),
        why=Words(
            zh=f"人口与计划生育法第十八条：夫妻可以生育三个子女，只登记、不审批。预产期{term.one.due_on}前登记，凭证用于产检和生育保险。",
            en="Population and Family Planning Law, article 18: a couple may have three children; it is registered, not approved. "
            f"Register before {term.one.due_on}: antenatal care and maternity insurance ask for the number.",
        ),
        opens=term.one.counted_from,
        due=term.one.due_on,
        lapses=term.over_on,
    )


def _allowance(born: date, looking: Looking) -> Item:
    due = Span.read(looking.law.text("maternity.claim_within")).after(born)
    return Item(
        code=f"maternity_allowance.{born:%Y-%m}",
        matter=ALLOWANCE,
        title=Words(zh="申领生育津贴、报销生育医疗费", en="Claim the maternity allowance and costs"),
        why=Words(
            zh=f"社会保险法第五十四条至第五十六条：单位为您缴了生育保险的，{born}分娩后由单位或本人申领；请在{due}前办理，以医保部门公布的期限为准。",
            en=f"Social Insurance Law, articles 54 to 56: if your employer paid in, you or they claim after the birth on {born}; "
            f"do so by {due}, or as the insurance publishes.",
        ),
        opens=born,
        due=due,
        lapses=due + _ONE_DAY,
    )


RULES: Final = (
    AgendaRule("birth.antenatal", "birth", reading("health", antenatal)),
    AgendaRule("birth.after_birth", "birth", reading("health", after_birth)),
)
