"""What departments may answer late, and of which of their services they may tell that what they said has changed."""

from typing import Any, Final

from app.exchanges.expected import register_expected
from app.residents.pushes import register_news
from app.wired_applications import APPLICATIONS
from app.wired_bills import BILLINGS
from app.wired_queries import QUERIES
from integrations.departments.answers import OF_PORTS, Expected, of_order, of_register
from integrations.departments.bills import settle_order
from integrations.departments.booking import calendars_of
from integrations.departments.directory import NAMES
from integrations.departments.orders import Order
from integrations.departments.registers import Register
from lifecycle.queries import changes

REGISTERS: Final[tuple[Register[Any], ...]] = (
    *(query.register for query in QUERIES),
    *(source.register for application in APPLICATIONS for source in application.sources),
    *(billing.register for billing in BILLINGS),
    *(calendars_of(department) for department in NAMES),
)
ORDERS: Final[tuple[Order[Any], ...]] = (
    *(one.order for application in APPLICATIONS for one in application.first),
    *(application.order for application in APPLICATIONS),
    *(settle_order(billing.department) for billing in BILLINGS),
)


def expected() -> dict[tuple[str, str], Expected]:
    """What each service of each department answers that the portal asks."""
    registers = {(one.department, one.service): of_register(one) for one in REGISTERS}
    orders = {(one.department, one.service): of_order(one) for one in ORDERS}
    return {**registers, **orders, **OF_PORTS}


def register() -> None:
    """Make both known."""
    register_expected(expected())
    register_news(changes.NEWS)
