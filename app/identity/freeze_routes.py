"""Freezing an identity: by its owner, and by officers."""

from typing import Final
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, SkipValidation

from app.identity import freezing, officer_freezing
from app.identity.errors import ChallengeWrong, FaceMismatch, SignInRefused, TriedTooOften
from app.identity.freeze_errors import PersonNotFound
from app.identity.freeze_structs import (
    CounterUnfreezing,
    Freezing,
    FrozenPerson,
    IdentityState,
    PersonToFreeze,
    Unfreezing,
)
from app.identity.structs import Challenge
from app.kernel.actors import WHILE_FROZEN, Citizen, NoRight, Officer, SameOfficer
from app.kernel.assurance import BY_DEVICE, BY_PHONE, LEVEL
from app.kernel.errors import Unauthorized
from app.kernel.problems import BodyWrong, problems
from integrations.departments.police import Police
from integrations.exchange.errors import DEPARTMENT_REFUSALS

_UNFREEZING: Final = (ChallengeWrong, FaceMismatch, TriedTooOften)


class FreezeController(Controller):
    """Is my identity mine alone?"""

    path = "/v1/me/identity"
    tags = ("Identity",)
    opt = {LEVEL: BY_PHONE, WHILE_FROZEN: True}  # noqa: RUF012 - litestar's own shape

    @get("/", operation_id="getIdentity", responses=problems(Unauthorized))
    async def state(self, citizen: NamedDependency[Citizen]) -> IdentityState:
        """Say whether your identity is frozen, and when each session, device and card of yours was last used."""
        return await freezing.state(citizen)

    @post("/freeze", operation_id="freezeIdentity", status_code=200, responses=problems(Unauthorized))
    async def freeze(self, citizen: NamedDependency[Citizen], data: JSONBody[Freezing]) -> IdentityState:
        """Freeze your identity at once: no session, device, card or signature of yours works from now on."""
        return await freezing.freeze(citizen, data)

    @post(
        "/unfreeze/challenge",
        operation_id="askUnfreezing",
        opt={LEVEL: BY_DEVICE},
        status_code=200,
        responses=problems(Unauthorized),
    )
    async def challenge(self, citizen: NamedDependency[Citizen]) -> Challenge:
        """Ask for what your device must sign to unfreeze your identity."""
        return await freezing.unfreeze_challenge(citizen)

    @post(
        "/unfreeze",
        operation_id="unfreezeIdentity",
        opt={LEVEL: BY_DEVICE},
        status_code=200,
        responses=problems(Unauthorized, SignInRefused, *_UNFREEZING, *DEPARTMENT_REFUSALS),
    )
    async def unfreeze(
        self,
        citizen: NamedDependency[Citizen],
        data: JSONBody[Unfreezing],
        police: NamedDependency[SkipValidation[Police]],
    ) -> IdentityState:
        """Unfreeze your identity on an enrolled device, with your face; every other session of yours ends."""
        return await freezing.unfreeze(citizen, data, police)


class OfficerFreezeController(Controller):
    """Freezing for people who can't do it themselves."""

    path = "/v1/officer/people"
    tags = ("Officers",)

    @post(
        "/freeze",
        operation_id="freezePerson",
        status_code=200,
        responses=problems(Unauthorized, NoRight, PersonNotFound, TriedTooOften, BodyWrong),
    )
    async def freeze(self, officer: NamedDependency[Officer], data: JSONBody[PersonToFreeze]) -> FrozenPerson:
        """Freeze the identity of somebody on the phone, by their name and a number."""
        return await officer_freezing.freeze(officer, data)

    @post(
        "/{person_id:uuid}/unfreeze",
        operation_id="unfreezePerson",
        status_code=200,
        responses=problems(Unauthorized, NoRight, PersonNotFound, SameOfficer),
    )
    async def unfreeze(
        self, officer: NamedDependency[Officer], person_id: FromPath[UUID], data: JSONBody[CounterUnfreezing]
    ) -> FrozenPerson:
        """Unfreeze somebody who stands at your counter and whose papers you have seen."""
        return await officer_freezing.unfreeze(officer, person_id, data)
