"""Whether somebody is single, for a matter that is for singles: Civil Affairs is asked once, when it is switched on."""

from typing import Final
from uuid import UUID

from app.kernel.actors import Citizen
from app.kernel.database import transaction
from app.residents.people import resident
from integrations.departments.marriages import MARRIAGE
from integrations.departments.registers import Registers
from integrations.exchange.structs import Asking, Basis
from lifecycle.cases.forms import citizen_user
from lifecycle.subscriptions.conditions import Check
from lifecycle.subscriptions.errors import NotSingle

MATTER: Final = "dating_push"
_MARRIED: Final = "20"


def single_only(registers: Registers) -> Check:
    """A check that refuses (`NotSingle`) whom the register has as married, or whom it can't be asked about."""

    async def check(citizen: Citizen, person: UUID) -> None:
        async with transaction(citizen):
            number = (await resident(person)).id_number
        if number is None:
            raise NotSingle
        asking = Asking(person, MATTER, Basis("consent", MATTER), citizen_user(citizen.id))
        if (await registers.about(asking, MARRIAGE, number, {})).body.marital_code == _MARRIED:
            raise NotSingle

    return check
