"""Every stage's reminders for subscribers, and what push matters ask of people."""

from integrations.departments.health import Health
from integrations.departments.registers import Registers
from lifecycle.birth import reminders as birth
from lifecycle.living import reminders as living
from lifecycle.marriage.single import MATTER as FOR_SINGLES
from lifecycle.marriage.single import single_only
from lifecycle.subscriptions.conditions import register_check
from lifecycle.tax import reminders as tax


def register(registers: Registers, health: Health) -> None:
    """Offer them, asked through the ports."""
    birth.register(registers, health)
    living.register(registers)
    tax.register(registers)
    register_check(FOR_SINGLES, single_only(registers))
