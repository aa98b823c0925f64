"""Questions to which a department of a running city promised an answer."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from app.exchanges import reading
from app.exchanges.late_answers import TAKER
from app.kernel.actors import Citizen
from app.kernel.database import fetch_value, transaction
from integrations.departments.social_security import SOCIAL_INSURANCE
from integrations.exchange.errors import (
    DepartmentAnswersLater,
)
from integrations.exchange.structs import Asking, Basis, EndUser
from tests.makers.cases import CityPorts, a_fault
from tests.makers.city import FATHER, Town

HOUR = timedelta(hours=1)


def an_asking(citizen: Citizen) -> Asking:
    """Somebody who asks what was paid for them."""
    return Asking(
        citizen.id, "social_insurance_info", Basis("account", str(citizen.id)), EndUser("citizen", str(citizen.id))
    )


async def ask(ports: CityPorts, citizen: Citizen, number: str = FATHER) -> Any:
    """What the register says of somebody, asked as the portal does."""
    return await ports.registers.about(an_asking(citizen), SOCIAL_INSURANCE, number, {})


async def promised(ports: CityPorts, town: Town, citizen: Citizen, **fault: object) -> UUID:
    """The exchange in which the department promised an answer; it never comes by itself."""
    async with a_fault(town, party="rsj", **({"late_seconds": 100_000} | fault)):
        with pytest.raises(DepartmentAnswersLater) as later:
            await ask(ports, citizen)
    return later.value.awaited.exchange_id


async def the_truth(town: Town, number: str = FATHER) -> Any:
    """What the register says."""
    said = await town.ask("rsj", "social_insurance", id_number=number)
    return msgspec.json.decode(said.body)


def as_json(told: object) -> Any:
    """What is told, as JSON has it."""
    return msgspec.json.decode(msgspec.json.encode(told))


async def findings_about(citizen: Citizen) -> list[str]:
    """By what late answers about somebody were refused."""
    async with transaction(TAKER):
        told = await fetch_value(
            "SELECT array_agg(flaw ORDER BY id) FROM exchange_finding WHERE citizen_id = $1", citizen.id
        )
    return list(told or [])


async def listed(citizen: Citizen) -> list[tuple[str, str]]:
    """Somebody's exchanges, oldest first: their directions and outcomes."""
    items = (await reading.listed(citizen, None, None, 20)).items
    return [(one.direction, one.outcome) for one in reversed(items)]
