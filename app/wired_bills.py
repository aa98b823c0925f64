"""Every stage's bills, in the order of the stages."""

from typing import Any, Final

from integrations.departments.registers import Registers
from lifecycle.bills.billing import Billing, register_billings
from lifecycle.birth.bills import BILLINGS as BIRTH
from lifecycle.education.bills import BILLINGS as EDUCATION
from lifecycle.living.bills import BILLINGS as LIVING
from lifecycle.social_security.bills import BILLINGS as SOCIAL_SECURITY
from lifecycle.travel.bills import BILLINGS as TRAVEL

BILLINGS: Final[tuple[Billing[Any], ...]] = (*BIRTH, *EDUCATION, *TRAVEL, *SOCIAL_SECURITY, *LIVING)


def register(registers: Registers) -> None:
    """Let them be paid, asked through the port."""
    register_billings(registers, *BILLINGS)
