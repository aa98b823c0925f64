"""What applicant and officer are told of a claim as it stands: an estimate, the time to claim, and what speaks against it. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

import msgspec

from app.kernel.money import yuan
from app.kernel.words import Words
from integrations.departments.health_insurance import InsuredAs
from lifecycle.medical.reimbursement_form import Care
from lifecycle.rules.medical_reimbursement import (
    Bill,
    Kind,
    Reimbursement,
    Tier,
    Where,
    YearSoFar,
    reimburse,
    window_end,
)
from lifecycle.rules.parameters import ParameterUnknown, shipped

KINDS: Final[dict[InsuredAs, Kind]] = {
    "employee_active": "employee",
    "flexible": "employee",
    "employee_retired": "retiree",
    "student_child": "plan2",
    "newborn": "plan2",
    "resident_plan1": "plan1",
    "resident_plan2": "plan2",
}
"""By which figures each kind of insured is paid: pupils, students and children get those of plan 2."""
OTHERS_LIABLE: Final = Words(
    zh="应由工伤保险或第三人负担的费用，医保基金不支付；第三人不支付或者无法确定的，可由基金先行支付后追偿（《社会保险法》第三十条）。",
    en="The fund doesn't pay what work-injury insurance or a third party must; where a third party doesn't pay or isn't found, it may "
    "pay first and claim it back (Social Insurance Law, article 30).",
)
NO_FIGURES: Final = Words(
    zh="没有该日期适用的报销标准，不作测算，由医保部门核定。",
    en="No figures are on file for that day; the insurance works it out.",
)
OTHER_YEAR: Final = Words(
    zh="费用发生在其他年度，测算没有计入那一年已结算的费用。",
    en="The costs are of another year; what that year has seen already isn't counted in.",
)


class _Given(msgspec.Struct, frozen=True, kw_only=True):
    """What an estimate needs of a form; a draft that hasn't all of it gets none."""

    insured_as: InsuredAs
    tier: Tier
    care: Care
    from_on: date
    where: Where
    total_fen: int
    excluded_fen: int
    prepay_fen: int
    covered_until: date | None = None
    discharged_on: date | None = None
    essential: bool = False
    others_liable: bool = False
    year: int | None = None
    paid_fen: int = 0
    admissions: int = 0
    outpatient_cost_fen: int = 0
    outpatient_paid_fen: int = 0
    compliant_own_fen: int = 0

    @property
    def to_on(self) -> date:
        return self.discharged_on or self.from_on


def notes(given: Mapping[str, Any], as_of: date) -> Iterable[Words]:
    """Say what may be paid of a form's bill, once the form says enough, and what an officer should look at."""
    try:
        form = msgspec.convert(dict(given), _Given)
    except msgspec.ValidationError:
        return
    if form.excluded_fen + form.prepay_fen > form.total_fen:
        return
    reading = shipped().reading(form.to_on)
    yield from _doubts(form, as_of)
    try:
        end = window_end(form.to_on, reading)
        paid = reimburse(_bill(form), KINDS[form.insured_as], _so_far(form), reading)
    except ParameterUnknown:
        yield NO_FIGURES
        return
    yield _window(end, as_of)
    yield estimate(paid)
    if form.year != form.to_on.year:
        yield OTHER_YEAR


def estimate(paid: Reimbursement) -> Words:
    """How what is paid comes about."""
    parts = {
        "zh": f"（合规费用{yuan(paid.eligible_fen)}元－起付线{yuan(paid.deductible_fen)}元）×{paid.percent}%",
        "en": f"({yuan(paid.eligible_fen)} yuan eligible - {yuan(paid.deductible_fen)} deductible) x {paid.percent} %",
    }
    if paid.elsewhere_percent != 100:  # noqa: PLR2004 - the whole
        parts = {
            "zh": f"{parts['zh']}×异地{paid.elsewhere_percent}%",
            "en": f"{parts['en']} x {paid.elsewhere_percent} %",
        }
    return Words(
        zh=f"测算：{parts['zh']}，不超过年度限额，基本医保约付{yuan(paid.basic_fen)}元，"
        f"大病保险约付{yuan(paid.catastrophic_fen)}元，个人负担约{yuan(paid.own_fen)}元；以医保部门结算为准。",
        en=f"Estimate: {parts['en']}, within the year's limit: basic insurance about {yuan(paid.basic_fen)} yuan, catastrophic cover "
        f"about {yuan(paid.catastrophic_fen)}, left to you about {yuan(paid.own_fen)}; the insurance's settlement decides.",
    )


def _doubts(form: _Given, as_of: date) -> Iterable[Words]:
    if form.others_liable:
        yield OTHERS_LIABLE
    if form.covered_until is not None and form.to_on > form.covered_until:
        day = form.covered_until.isoformat()
        yield Words(
            zh=f"费用发生在待遇有效期（至{day}）之后，由医保部门审核。",
            en=f"The costs arose after cover ended on {day}; the insurance looks at it.",
        )
    if form.to_on > as_of:
        yield Words(zh="就医尚未结束。", en="The care hasn't ended yet.")


def _window(end: date, as_of: date) -> Words:
    day = end.isoformat()
    if as_of <= end:
        return Words(zh=f"请在{day}前申请。", en=f"Claim by {day}.")
    return Words(
        zh=f"一般应在{day}前申请，现已超过，由医保部门审核是否受理。",
        en=f"Claims are usually made by {day}; that is past, and the insurance decides whether it takes this one.",
    )


def _bill(form: _Given) -> Bill:
    return Bill(
        inpatient=form.care == "inpatient",
        tier=form.tier,
        where=form.where,
        total_fen=form.total_fen,
        excluded_fen=form.excluded_fen,
        prepay_fen=form.prepay_fen,
        essential=form.essential,
    )


def _so_far(form: _Given) -> YearSoFar:
    if form.year != form.to_on.year:
        return YearSoFar()
    return YearSoFar(
        admissions=form.admissions,
        paid_fen=form.paid_fen,
        outpatient_cost_fen=form.outpatient_cost_fen,
        outpatient_paid_fen=form.outpatient_paid_fen,
        compliant_own_fen=form.compliant_own_fen,
    )
