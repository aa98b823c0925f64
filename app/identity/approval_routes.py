"""Approving in the app what another session asks for."""

from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from app.identity import approvals
from app.identity.approval_errors import ApprovalOver, ApprovalUnknown, NoDeviceToAsk
from app.identity.approval_structs import Approvals, ApprovalView
from app.identity.errors import TriedTooOften
from app.kernel.actors import BEFORE_NAME, Citizen
from app.kernel.assurance import BY_DEVICE, BY_PHONE, LEVEL
from app.kernel.errors import Unauthorized
from app.kernel.problems import problems


class ApprovalController(Controller):
    """What your other sessions ask this device to approve."""

    path = "/v1/me/approvals"
    tags = ("Identity",)
    opt = {LEVEL: BY_DEVICE}  # noqa: RUF012 - litestar's own shape

    @get("/", operation_id="listApprovals", responses=problems(Unauthorized))
    async def pending(self, citizen: NamedDependency[Citizen]) -> Approvals:
        """List what waits for your approval on this device."""
        return await approvals.pending(citizen)

    @post(
        "/sign-in",
        operation_id="askSignInApproval",
        opt={LEVEL: BY_PHONE, BEFORE_NAME: True},
        responses=problems(Unauthorized, NoDeviceToAsk, TriedTooOften),
    )
    async def ask_to_sign_in(self, citizen: NamedDependency[Citizen]) -> ApprovalView:
        """Ask a device of yours to raise this session to level 2, instead of saying your name."""
        return await approvals.ask_to_sign_in(citizen)

    @get(
        "/{approval_id:uuid}",
        operation_id="getApproval",
        opt={LEVEL: BY_PHONE, BEFORE_NAME: True},
        responses=problems(Unauthorized, ApprovalUnknown),
    )
    async def look_at(self, citizen: NamedDependency[Citizen], approval_id: FromPath[UUID]) -> ApprovalView:
        """See whether your device has approved."""
        return await approvals.look_at(citizen, approval_id)

    @post(
        "/{approval_id:uuid}/approve",
        operation_id="approve",
        status_code=200,
        responses=problems(Unauthorized, ApprovalUnknown, ApprovalOver),
    )
    async def approve(self, citizen: NamedDependency[Citizen], approval_id: FromPath[UUID]) -> ApprovalView:
        """Approve, on an enrolled device."""
        return await approvals.decide(citizen, approval_id, "approved")

    @post(
        "/{approval_id:uuid}/refuse",
        operation_id="refuseApproval",
        status_code=200,
        responses=problems(Unauthorized, ApprovalUnknown, ApprovalOver),
    )
    async def refuse(self, citizen: NamedDependency[Citizen], approval_id: FromPath[UUID]) -> ApprovalView:
        """Refuse, on an enrolled device."""
        return await approvals.decide(citizen, approval_id, "refused")
