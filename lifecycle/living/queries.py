"""What can be asked about daily life: prices, a household's bills, parcels and delivery."""

from typing import Annotated, Any, Final

from msgspec import Meta

from app.kernel.actors import DataClass
from app.kernel.labels import label
from integrations.departments.districts import DISTRICTS, DistrictCode
from integrations.departments.household_bills import HOUSEHOLD_BILLS
from integrations.departments.market_prices import STAPLE_PRICES, VEGETABLE_PRICES
from integrations.departments.parcels import PARCEL, PhoneTail, TrackingNumber
from integrations.departments.rural_delivery import RURAL_DELIVERY
from integrations.departments.supermarkets import OFFERS
from integrations.departments.telecommunications import CABLE_TELEVISION, PHONE_LINES
from integrations.departments.utilities import GAS_SUPPLY, HEAT_SUPPLY, POWER_SUPPLY, WATER_SUPPLY
from lifecycle.queries.registers import EverybodysQuestion, OfEverybody, OfPerson

_MONEY: Final[frozenset[DataClass]] = frozenset({"money"})


class OffersQuestion(EverybodysQuestion, frozen=True):
    """This week's offers, in a district or everywhere."""

    division_code: Annotated[DistrictCode | None, label("区市", "District", DISTRICTS)] = None


class PricesQuestion(EverybodysQuestion, frozen=True):
    """Prices in a district or everywhere, with their course over so many days."""

    division_code: Annotated[DistrictCode | None, label("区市", "District", DISTRICTS)] = None
    days: Annotated[int, Meta(ge=1, le=31), label("走势天数", "Days of the course")] = 7


class ParcelQuestion(EverybodysQuestion, frozen=True, kw_only=True):
    """A parcel, by its number and the end of the receiver's phone number, so that the number alone tells nobody's ways."""

    tracking_no: Annotated[TrackingNumber, label("快递单号", "Tracking number")]
    phone_tail: Annotated[PhoneTail, label("收件手机尾号（后4位）", "Last four digits of the receiver's phone")]


QUERIES: Final[tuple[OfPerson[Any] | OfEverybody[Any], ...]] = (
    OfEverybody("supermarket_promotion_query", OFFERS, OffersQuestion),
    OfEverybody("vegetable_price_query", VEGETABLE_PRICES, PricesQuestion),
    OfEverybody("grain_oil_meat_egg_price_query", STAPLE_PRICES, PricesQuestion),
    OfPerson("water_service", WATER_SUPPLY, _MONEY),
    OfPerson("electricity_service", POWER_SUPPLY, _MONEY),
    OfPerson("gas_service", GAS_SUPPLY, _MONEY),
    OfPerson("heating_service", HEAT_SUPPLY, _MONEY),
    OfPerson("cable_tv_service", CABLE_TELEVISION, _MONEY),
    OfPerson("telecom_service", PHONE_LINES, frozenset({"contact", "money"})),
    OfEverybody("express_logistics_query", PARCEL, ParcelQuestion),
    OfPerson("rural_community_delivery", RURAL_DELIVERY, frozenset({"contact"})),
    OfPerson("public_utility_bill_query", HOUSEHOLD_BILLS, frozenset({"contact", "money"})),
)
