"""Calculating the taxes on a home: what its buyer pays, what its seller pays, and what comes back to who buys another."""

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
from lifecycle.rules import home_taxes as rules
from lifecycle.rules.home_taxes import Built, Sale, SaleTaxes, Which
from lifecycle.rules.parameters import Reading, shipped

Area = Annotated[int, Meta(ge=1, le=10**7, description="Built area in square decimetres: 89 m² is 8900.")]


class SoldBeforeHeld(Unprocessable):
    """A home is sold after it was bought."""

    code = "sold_before_held"
    title = Words(zh="出售日期早于取得日期。", en="The home is sold before it was bought.")


class Purchase(Body, frozen=True, kw_only=True):
    """A home that is bought: its price without VAT, its area, and which home of the family it is."""

    price_fen: Fen
    area_dm2: Area
    which: Which
    bought_on: date | None = None


class HomeSale(Body, frozen=True, kw_only=True):
    """A home that is sold: the price with VAT, since when it is held (title or deed tax, whichever is earlier), and what it had cost by proof."""

    price_fen: Fen
    held_since: date
    sold_on: date | None = None
    original_fen: Fen
    taxes_fen: Fen = 0
    decoration_fen: Fen = 0
    interest_fen: Fen = 0
    fees_fen: Fen = 0
    built: Built = "commercial"
    only_home: bool = False


class HomeQuestion(Body, frozen=True, kw_only=True):
    """What is bought, what is sold, or both; with both, what of the seller's tax comes back (who sells owns the new home too, in the same city)."""

    buys: Purchase | None = None
    sells: HomeSale | None = None


class HomeTaxesView(View, frozen=True, kw_only=True):
    """The taxes of each side; null where nothing is bought or sold."""

    deed_tax_fen: int | None
    sale: SaleTaxes | None
    refund_fen: int | None


def of_a_home(question: HomeQuestion) -> Answered[HomeTaxesView]:
    """Work the taxes out, by the law of today. Refuses `SoldBeforeHeld`."""
    today = clock.today()
    reading = shipped().reading(today)
    bought, sold = question.buys, _sale(question.sells, today)
    deed = None if bought is None else rules.deed_tax_fen(bought.price_fen, bought.area_dm2, bought.which, reading)
    taxes = None if sold is None else rules.sale_taxes(sold, reading)
    refund = None
    if bought is not None and sold is not None and taxes is not None:
        refund = rules.exchange_refund_fen(
            taxes.income_tax_fen, sold, bought.price_fen, bought.bought_on or today, reading
        )
    found = HomeTaxesView(deed_tax_fen=deed, sale=taxes, refund_fen=refund)
    return Answered(today, found, reading.used, tuple(_steps(found, reading)))


def _sale(asked: HomeSale | None, today: date) -> Sale | None:
    if asked is None:
        return None
    sold_on = asked.sold_on or today
    if sold_on < asked.held_since:
        raise SoldBeforeHeld
    return Sale(
        price_fen=asked.price_fen,
        held_since=asked.held_since,
        sold_on=sold_on,
        original_fen=asked.original_fen,
        taxes_fen=asked.taxes_fen,
        decoration_fen=asked.decoration_fen,
        interest_fen=asked.interest_fen,
        fees_fen=asked.fees_fen,
        built=asked.built,
        only_home=asked.only_home,
    )


def _steps(found: HomeTaxesView, reading: Reading) -> Iterator[Words]:
    if found.deed_tax_fen is not None:
        yield Words(
            zh=f"买方契税 {yuan(found.deed_tax_fen)} 元，按不含增值税的价格、面积和家庭第几套房计算。",
            en=f"The buyer's deed tax is {yuan(found.deed_tax_fen)} yuan, by the price without VAT, the area, and which home of the family it is.",
        )
    if found.sale is not None:
        yield from _sale_steps(found.sale)
    if found.refund_fen:
        yield Words(
            zh=f"在同一城市、规定期限内重新购房，可退个人所得税 {yuan(found.refund_fen)} 元（按新房与原房价格的比例，最多全退）。",
            en=f"Who buys again in the same city in time gets {yuan(found.refund_fen)} yuan of the income tax back, in proportion to the prices.",
        )
    if not reading.used:
        yield Words(zh="请填写要买或要卖的住房。", en="Say which home is bought or sold.")


def _sale_steps(sale: SaleTaxes) -> Iterator[Words]:
    yield Words(
        zh=f"卖方增值税 {yuan(sale.vat_fen)} 元，不含税价 {yuan(sale.net_fen)} 元。",
        en=f"The seller's VAT is {yuan(sale.vat_fen)} yuan; without it the price is {yuan(sale.net_fen)}.",
    )
    if sale.exempt:
        yield Words(
            zh="持有年限已满且为家庭在本省唯一住房，免征个人所得税。",
            en="Held for as long as the law asks and the family's only home in the province: no income tax.",
        )
        return
    yield Words(
        zh=f"减原值、税费、装修（认定 {yuan(sale.decoration_fen)} 元）、贷款利息和手续费，所得 {yuan(sale.gain_fen)} 元，"
        f"个人所得税 {yuan(sale.income_tax_fen)} 元；没有凭证的，由税务部门按房价的一定比例核定。",
        en=f"Less what it cost, taxes, decoration ({yuan(sale.decoration_fen)} of it counts), interest and fees: a gain of {yuan(sale.gain_fen)}, "
        f"income tax {yuan(sale.income_tax_fen)} yuan. Without proof the tax service takes a share of the price.",
    )


HOME_TAXES: Final = Calculator("home_purchase_info", HomeQuestion, of_a_home)
