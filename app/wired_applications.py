"""Every stage's applications, in the order of the stages; that of a birth's registration has ports of its own (`birth.stage`)."""

from typing import Any, Final

from integrations.departments.orders import Orders
from integrations.departments.registers import Registers
from lifecycle.birth.applications import APPLICATIONS as BIRTH
from lifecycle.cases.applications import Application, register_applications
from lifecycle.education.applications import APPLICATIONS as EDUCATION
from lifecycle.housing.applications import APPLICATIONS as HOUSING
from lifecycle.living.applications import APPLICATIONS as LIVING
from lifecycle.marriage.applications import APPLICATIONS as MARRIAGE
from lifecycle.medical.applications import APPLICATIONS as MEDICAL
from lifecycle.social_security.applications import APPLICATIONS as SOCIAL_SECURITY
from lifecycle.travel.applications import APPLICATIONS as TRAVEL
from lifecycle.work.applications import APPLICATIONS as WORK

APPLICATIONS: Final[tuple[type[Application[Any, Any]], ...]] = (
    *BIRTH,
    *EDUCATION,
    *WORK,
    *MARRIAGE,
    *MEDICAL,
    *HOUSING,
    *TRAVEL,
    *SOCIAL_SECURITY,
    *LIVING,
)


def register(registers: Registers, orders: Orders) -> None:
    """Offer them, asked and carried out through the ports."""
    register_applications(registers, orders, *APPLICATIONS)
