"""What can be calculated in the stage of health: what medical insurance pays of a bill."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Final

from msgspec import Meta

from app.kernel import clock
from app.kernel.errors import Unprocessable
from app.kernel.money import yuan
from app.kernel.structs import Body, View
from app.kernel.words import Words
from lifecycle.catalogue.asked import Fen
from lifecycle.catalogue.calculators import Answered, Calculator
from lifecycle.rules import medical_reimbursement as rules
from lifecycle.rules.medical_reimbursement import Bill, Kind, Reimbursement, Tier, Where, YearSoFar
from lifecycle.rules.parameters import shipped

PartFen = Annotated[int, Meta(ge=0, le=10**12, description="Fen, part of the total.")]


class PartsOverTotal(Unprocessable):
    """What lies outside the catalogue and one's own share of class B are more than the whole bill."""

    code = "parts_over_total"
    title = Words(zh="自费和先行自付之和超过总费用。", en="The excluded parts are more than the whole bill.")


class YearSoFarAsked(Body, frozen=True, kw_only=True):
    """What the year has seen before this bill; nothing, if it is the first."""

    admissions: Annotated[int, Meta(ge=0, le=100)] = 0
    paid_fen: Fen = 0
    outpatient_cost_fen: Fen = 0
    outpatient_paid_fen: Fen = 0
    compliant_own_fen: Fen = 0


class BillQuestion(Body, frozen=True, kw_only=True):
    """A bill, how one is insured, and what the year has seen; `cost_on` is today unless another day is named."""

    insured_as: Kind
    inpatient: bool
    tier: Tier
    where: Where = "local"
    total_fen: Fen
    excluded_fen: PartFen = 0
    prepay_fen: PartFen = 0
    essential: bool = False
    cost_on: date | None = None
    year_so_far: YearSoFarAsked = YearSoFarAsked()


class BillView(View, frozen=True, kw_only=True):
    """Who pays what of the bill, and until when it may be claimed."""

    eligible_fen: int
    deductible_fen: int
    percent: int
    elsewhere_percent: int
    basic_fen: int
    catastrophic_fen: int
    own_fen: int
    claim_by: date


def of_a_bill(question: BillQuestion) -> Answered[BillView]:
    """Work a bill out, by the figures of the day of the cost. Refuses `PartsOverTotal`, and days of which no figures are on file."""
    if question.excluded_fen + question.prepay_fen > question.total_fen:
        raise PartsOverTotal
    day, asked = question.cost_on or clock.today(), question.year_so_far
    reading = shipped().reading(day)
    bill = Bill(
        inpatient=question.inpatient,
        tier=question.tier,
        where=question.where,
        total_fen=question.total_fen,
        excluded_fen=question.excluded_fen,
        prepay_fen=question.prepay_fen,
        essential=question.essential,
    )
    year = YearSoFar(
        admissions=asked.admissions,
        paid_fen=asked.paid_fen,
        outpatient_cost_fen=asked.outpatient_cost_fen,
        outpatient_paid_fen=asked.outpatient_paid_fen,
        compliant_own_fen=asked.compliant_own_fen,
    )
    paid = rules.reimburse(bill, question.insured_as, year, reading)
    found = BillView(
        eligible_fen=paid.eligible_fen,
        deductible_fen=paid.deductible_fen,
        percent=paid.percent,
        elsewhere_percent=paid.elsewhere_percent,
        basic_fen=paid.basic_fen,
        catastrophic_fen=paid.catastrophic_fen,
        own_fen=paid.own_fen,
        claim_by=rules.window_end(day, reading),
    )
    return Answered(clock.today(), found, reading.used, tuple(_steps(bill, paid, found.claim_by)))


def _steps(bill: Bill, paid: Reimbursement, claim_by: date) -> Iterator[Words]:
    yield Words(
        zh=f"总费用 {yuan(bill.total_fen)} 元，减自费 {yuan(bill.excluded_fen)} 元、先行自付 {yuan(bill.prepay_fen)} 元，合规费用 {yuan(paid.eligible_fen)} 元。",
        en=f"Of {yuan(bill.total_fen)} yuan, less {yuan(bill.excluded_fen)} outside the catalogue and {yuan(bill.prepay_fen)} of class B: eligible {yuan(paid.eligible_fen)}.",
    )
    yield Words(
        zh=f"起付线 {yuan(paid.deductible_fen)} 元，报销比例 {paid.percent}%，异地按 {paid.elsewhere_percent}% 计，基本医保支付 {yuan(paid.basic_fen)} 元。",
        en=f"Above {yuan(paid.deductible_fen)}, {paid.percent} percent, of which {paid.elsewhere_percent} percent count there: basic insurance pays {yuan(paid.basic_fen)}.",
    )
    if paid.catastrophic_fen:
        yield Words(
            zh=f"合规自付超过起付线的部分，大病保险再支付 {yuan(paid.catastrophic_fen)} 元。",
            en=f"Of what is left above its line, catastrophic cover pays {yuan(paid.catastrophic_fen)} more.",
        )
    yield Words(
        zh=f"个人负担 {yuan(paid.own_fen)} 元。手工报销请在 {claim_by.isoformat()} 前申请。",
        en=f"You bear {yuan(paid.own_fen)} yuan. Claim by {claim_by.isoformat()}, if you paid yourself.",
    )


CALCULATORS: Final = (Calculator("medical_insurance_reimbursement", BillQuestion, of_a_bill),)
