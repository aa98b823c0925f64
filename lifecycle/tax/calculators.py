"""What can be calculated in the stage of tax: a year's income tax, month by month and with a bonus."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from app.kernel import clock
from app.kernel.money import yuan
from app.kernel.structs import Body, View
from app.kernel.words import Words
from lifecycle.catalogue.asked import Fen
from lifecycle.catalogue.calculators import Answered, Calculator
from lifecycle.rules import income_tax
from lifecycle.rules.income_tax import MONTHS, Bonus, Fees, Other, Special
from lifecycle.rules.parameters import ParameterUnknown, Reading, shipped

Payments = Annotated[tuple[Fen, ...], Meta(max_length=100, description="A payment each, in fen.")]
MonthsOfYear = Annotated[int, Meta(ge=0, le=MONTHS)]
TaxYear = Annotated[int, Meta(ge=2024, le=2100, description="The tax year; this one, if none is named.")]


class SpecialDeductions(Body, frozen=True, kw_only=True):
    """Special additional deductions of the year (专项附加扣除).

    `child_months` counts every child's months, `degree_months` those of studies for a degree. `elderly_share_fen` is one's share a month
    where siblings share it; an only child leaves it out.
    """

    child_months: Annotated[int, Meta(ge=0, le=120)] = 0
    degree_months: MonthsOfYear = 0
    certificate: bool = False
    illness_fen: Fen = 0
    mortgage_months: MonthsOfYear = 0
    rent_months: MonthsOfYear = 0
    elderly_months: MonthsOfYear = 0
    elderly_share_fen: Fen | None = None


class IncomeTaxQuestion(Body, frozen=True, kw_only=True):
    """A year's income and deductions. `insurance_month_fen` is one's own share of social insurance and housing fund a month (专项扣除)."""

    year: TaxYear | None = None
    salaries_fen: Annotated[tuple[Fen, ...], Meta(max_length=MONTHS, description="A month's salary each, in fen.")] = ()
    insurance_month_fen: Fen = 0
    labour_fen: Payments = ()
    author_fen: Payments = ()
    royalty_fen: Payments = ()
    special: SpecialDeductions = SpecialDeductions()
    pension_fen: Fen = 0
    health_fen: Fen = 0
    donations_fen: Fen = 0
    bonus_fen: Fen = 0


class BonusView(View, frozen=True, kw_only=True):
    """A bonus taxed apart and together: the whole year's tax either way. `cliff_fen` is a smaller bonus that would leave more."""

    apart_fen: int
    together_fen: int
    better: str
    saved_fen: int
    cliff_fen: int | None


class IncomeTaxView(View, frozen=True, kw_only=True):
    """A year's tax without bonus, what is withheld of it, and what the settlement brings: to pay, or (below zero) to get back.

    `taxable_fen` may be below zero. `bonus` is null without one, and in years in which the law leaves no choice.
    """

    year: int
    income_fen: int
    deducted_fen: int
    taxable_fen: int
    tax_fen: int
    withheld_by_month_fen: tuple[int, ...]
    fees_withheld_fen: int
    settlement_fen: int
    spared: bool
    bonus: BonusView | None


class _Spared(msgspec.Struct, frozen=True):
    income_up_to: int
    top_up_up_to: int


def of_a_year(question: IncomeTaxQuestion) -> Answered[IncomeTaxView]:
    """Work a year's tax out, by the law of its last day. Refuses `HomeCountedTwice`, and years of which no figures are on file."""
    year = question.year or clock.today().year
    reading = shipped().reading(date(year, MONTHS, 31))
    fees = Fees(labour=question.labour_fen, author=question.author_fen, royalty=question.royalty_fen)
    asked = msgspec.structs.asdict(question.special)
    special = income_tax.special_fen(Special(certificates=int(asked.pop("certificate")), **asked), reading)
    insurance = question.insurance_month_fen * len(question.salaries_fen)
    income = income_tax.income_fen(question.salaries_fen, fees, reading)
    other = Other(
        pension_fen=question.pension_fen, health_fen=question.health_fen, donations_fen=question.donations_fen
    )
    taxable = income_tax.taxable_fen(income, insurance + special, other, reading)
    tax = income_tax.annual_fen(taxable, reading)
    by_month = _withheld(question, special, reading)
    from_fees = income_tax.withheld_from_fees(fees, reading)
    found = IncomeTaxView(
        year=year,
        income_fen=income,
        deducted_fen=income - taxable,
        taxable_fen=taxable,
        tax_fen=tax,
        withheld_by_month_fen=by_month,
        fees_withheld_fen=from_fees,
        settlement_fen=tax - sum(by_month) - from_fees,
        spared=_is_spared(income, tax - sum(by_month) - from_fees, reading),
        bonus=_bonus(question.bonus_fen, taxable, reading),
    )
    return Answered(clock.today(), found, reading.used, tuple(_steps(found, insurance + special, reading)))


def _withheld(question: IncomeTaxQuestion, special: int, reading: Reading) -> tuple[int, ...]:
    """What is withheld from the salaries, the special deductions spread evenly; grave illness counts at the settlement only."""
    months = len(question.salaries_fen)
    if not months:
        return ()
    of_illness = income_tax.special_fen(Special(illness_fen=question.special.illness_fen), reading)
    deducted = question.insurance_month_fen + (special - of_illness) // months
    return income_tax.withheld_by_month(question.salaries_fen, deducted, reading)


def _is_spared(income: int, settlement: int, reading: Reading) -> bool:
    """Whether a top-up needn't be paid, as long as the law says so."""
    try:
        law = reading.get("income_tax.top_up_spared", _Spared)
    except ParameterUnknown:
        return False
    return settlement > 0 and (income <= law.income_up_to or settlement <= law.top_up_up_to)


def _bonus(bonus_fen: int, taxable: int, reading: Reading) -> BonusView | None:
    if not bonus_fen:
        return None
    try:
        found: Bonus = income_tax.bonus(bonus_fen, taxable, reading)
    except ParameterUnknown:
        return None
    return BonusView(
        apart_fen=found.apart_fen,
        together_fen=found.together_fen,
        better=found.better,
        saved_fen=abs(found.apart_fen - found.together_fen),
        cliff_fen=found.cliff_fen,
    )


def _steps(found: IncomeTaxView, deducted: int, reading: Reading) -> Iterator[Words]:
    basic = yuan(MONTHS * reading.number("income_tax.basic_month_fen"))
    rest = yuan(found.deducted_fen - MONTHS * reading.number("income_tax.basic_month_fen") - deducted)
    counted = reading.get("income_tax.counted_percent", dict[str, int])
    yield Words(
        zh=f"全年收入额 {yuan(found.income_fen)} 元（劳务报酬按 {counted['labour']}%、特许权使用费按 {counted['royalty']}%、稿酬按 {counted['author']}% 计）。",
        en=f"Income of the year {yuan(found.income_fen)} yuan (of fees for services {counted['labour']}, of royalties {counted['royalty']}, "
        f"of an author's {counted['author']} percent count).",
    )
    yield Words(
        zh=f"减除费用 {basic} 元、专项和专项附加扣除 {yuan(deducted)} 元、其他扣除 {rest} 元，应纳税所得额 {yuan(found.taxable_fen)} 元。",
        en=f"Less {basic} basic, {yuan(deducted)} insurance and special, {rest} other: taxable {yuan(found.taxable_fen)} yuan.",
    )
    bracket = income_tax.bracket_of(
        max(0, found.taxable_fen), reading.get("income_tax.annual_scale", tuple[income_tax.Bracket, ...])
    )
    yield Words(
        zh=f"适用税率 {bracket.percent}%，速算扣除数 {yuan(bracket.quick)} 元，全年应纳税额 {yuan(found.tax_fen)} 元。",
        en=f"At {bracket.percent} percent less {yuan(bracket.quick)}: tax of the year {yuan(found.tax_fen)} yuan.",
    )
    withheld = yuan(sum(found.withheld_by_month_fen) + found.fees_withheld_fen)
    settled = yuan(abs(found.settlement_fen))
    yield Words(
        zh=f"预扣预缴 {withheld} 元，汇算{'应补' if found.settlement_fen > 0 else '应退'} {settled} 元{'，符合免予补税' if found.spared else ''}。",
        en=f"Withheld {withheld}: the settlement {'asks' if found.settlement_fen > 0 else 'gives back'} {settled} yuan"
        f"{', which is spared' if found.spared else ''}.",
    )
    if found.bonus is not None:
        yield from _bonus_steps(found.bonus)


def _bonus_steps(bonus: BonusView) -> Iterator[Words]:
    better = Words(zh="单独计税", en="apart") if bonus.better == "apart" else Words(zh="并入综合所得", en="together")
    yield Words(
        zh=f"含年终奖的全年税额：单独计税 {yuan(bonus.apart_fen)} 元，并入综合所得 {yuan(bonus.together_fen)} 元；{better.zh}更省或相同，差 {yuan(bonus.saved_fen)} 元。",
        en=f"With the bonus, apart {yuan(bonus.apart_fen)}, together {yuan(bonus.together_fen)} yuan: {better.en} costs less or the same, by {yuan(bonus.saved_fen)}.",
    )
    if bonus.cliff_fen is not None:
        yield Words(
            zh=f"单独计税时，年终奖发 {yuan(bonus.cliff_fen)} 元，税后反而更多。",
            en=f"Taxed apart, a bonus of {yuan(bonus.cliff_fen)} yuan would leave you more.",
        )


CALCULATORS: Final = (Calculator("iit_calculation_push", IncomeTaxQuestion, of_a_year),)
