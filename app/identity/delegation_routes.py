"""`/v1/me/delegations`: powers to act for another (代办)."""

from typing import Final
from uuid import UUID

from litestar import Controller, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, SkipValidation

from app.identity import delegation_confirmation, delegations
from app.identity.delegation_errors import (
    DelegateIsOneself,
    DelegationOver,
    DelegationUnconfirmed,
    DelegationUnknown,
    DelegationWindowWrong,
    NoPhoneKnown,
    NotOfFullCapacity,
    PowerNotPassedOn,
    TooManyDelegations,
)
from app.identity.delegation_structs import DelegationCodeSent, DelegationOffer, Delegations, DelegationView
from app.identity.errors import CodeSpent, TriedTooOften
from app.identity.powers import State
from app.kernel.actors import Citizen
from app.kernel.assurance import BY_NAME, DATA, LEVEL
from app.kernel.errors import Refusal
from app.kernel.idempotency import Once
from app.kernel.problems import problems
from app.residents.errors import IdNumberWrong
from integrations.sms.port import SmsPort

_OFFERING: Final[tuple[type[Refusal], ...]] = (
    DelegationUnconfirmed,
    CodeSpent,
    DelegationWindowWrong,
    IdNumberWrong,
    DelegateIsOneself,
    NotOfFullCapacity,
    TooManyDelegations,
    TriedTooOften,
    PowerNotPassedOn,
)
_ANSWERING: Final[tuple[type[Refusal], ...]] = (DelegationUnknown, DelegationOver, PowerNotPassedOn)


class DelegationController(Controller):
    """Powers that you gave and received."""

    path = "/v1/me/delegations"
    tags = ("Identity",)
    opt = {LEVEL: BY_NAME, DATA: ("identity", "contact"), "not_for_others": PowerNotPassedOn}  # noqa: RUF012 - litestar's own shape

    @get("/", operation_id="listDelegations", responses=problems(PowerNotPassedOn))
    async def mine(self, citizen: NamedDependency[Citizen]) -> Delegations:
        """List the powers that you gave and received, newest first."""
        return await delegations.mine(citizen)

    @post(
        "/confirmation",
        operation_id="sendDelegationCode",
        status_code=200,
        responses=problems(NoPhoneKnown, TriedTooOften, PowerNotPassedOn),
    )
    async def confirmation(
        self,
        citizen: NamedDependency[Citizen],
        data: JSONBody[DelegationOffer],
        sms: NamedDependency[SkipValidation[SmsPort]],
    ) -> DelegationCodeSent:
        """Have a code sent to your phone that confirms exactly this offer; below level 3 the scope `cases` needs one."""
        return await delegation_confirmation.send_code(citizen, data, sms)

    @post("/", operation_id="offerDelegation", responses=problems(*_OFFERING))
    async def offer(
        self, citizen: NamedDependency[Citizen], data: JSONBody[DelegationOffer], once: NamedDependency[Once]
    ) -> DelegationView:
        """Offer somebody a power to act for you. They are told and may accept; whether they are known here isn't said."""
        await delegations.count_offer(citizen)
        if data.confirmation_code is not None:
            await delegation_confirmation.count_try(citizen)
        return await once(citizen, DelegationView, lambda: delegations.offer(citizen, data))

    @post(
        "/{delegation_id:uuid}/accept",
        operation_id="acceptDelegation",
        status_code=200,
        responses=problems(*_ANSWERING, NotOfFullCapacity, TooManyDelegations),
    )
    async def accept(
        self, citizen: NamedDependency[Citizen], delegation_id: FromPath[UUID], once: NamedDependency[Once]
    ) -> DelegationView:
        """Accept a power: from its first day on you can act for its giver, with `Fuhai-Acting-For`."""
        return await once(citizen, DelegationView, lambda: delegations.answer(citizen, delegation_id, State.ACCEPTED))

    @post(
        "/{delegation_id:uuid}/decline",
        operation_id="declineDelegation",
        status_code=200,
        responses=problems(*_ANSWERING),
    )
    async def decline(
        self, citizen: NamedDependency[Citizen], delegation_id: FromPath[UUID], once: NamedDependency[Once]
    ) -> DelegationView:
        """Decline a power that was offered to you."""
        return await once(citizen, DelegationView, lambda: delegations.answer(citizen, delegation_id, State.DECLINED))

    @delete(
        "/{delegation_id:uuid}",
        operation_id="revokeDelegation",
        responses=problems(DelegationUnknown, PowerNotPassedOn),
    )
    async def revoke(self, citizen: NamedDependency[Citizen], delegation_id: FromPath[UUID]) -> None:
        """End a power that you gave or received: the next request by it is refused. Repeating it changes nothing."""
        await delegations.revoke(citizen, delegation_id)
