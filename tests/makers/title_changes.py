"""Titles that change hands: the matter as it was approved, whose turn it is, and which licences somebody holds."""

from typing import Any

from lifecycle.cases import reading
from lifecycle.cases.forms import form_of
from lifecycle.cases.states import Step
from lifecycle.cases.structs import CaseView
from lifecycle.housing.title_change import PropertyChange
from lifecycle.licences.reading import licences
from lifecycle.licences.structs import LicenceView
from tests.lifecycle.applications.samples_of_housing import PROPERTY_CHANGE
from tests.makers.applying import (
    Applied,
    submitted,
    taken,
)

OWNED = "CERT_REALESTATE"


def the_matter() -> PropertyChange:
    """The matter as it is registered."""
    form = form_of(PROPERTY_CHANGE.matter)
    assert isinstance(form, PropertyChange)
    return form


async def approved() -> Applied:
    """An inheritance that an officer approved just now."""
    applied = await submitted(PROPERTY_CHANGE)
    return await taken(applied, applied.officer, Step.ACCEPT, Step.APPROVE)


async def turn_of(applied: Applied) -> str | None:
    """The department that has to do its part next."""
    turn = (await reading.show(applied.citizen, applied.case.id)).turn_of
    return turn.department if turn else None


async def happened_to(applied: Applied, what: str) -> list[str]:
    """How often something happened to a case, in words."""
    return [one.title.zh for one in (await reading.events(applied.citizen, applied.case.id)).items if one.what == what]


def value_of(said: CaseView, name: str) -> Any:
    """The value of a field of a case that was shown."""
    return next(one.value for one in said.fields if one.name == name)


async def titles_held(applied: Applied, state: str = "valid") -> list[LicenceView]:
    """Titles that somebody holds, in a state."""
    return [
        one for one in (await licences(applied.citizen, None, 20)).items if (one.type_code, one.state) == (OWNED, state)
    ]


def says(licence: LicenceView) -> dict[str, str]:
    """What a licence says, line by line."""
    return {line.name: line.value for line in licence.lines}
