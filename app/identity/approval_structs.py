"""What crosses the wire when a device is asked to approve something."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from app.kernel.structs import View

ApprovalKind = Literal["case", "sign_in"]
ApprovalState = Literal["asked", "approved", "refused", "used"]


class ApprovalView(View, frozen=True):
    """What is to be approved (`subject_id` is a case, or the session that signs in), and which client asks from where."""

    id: UUID
    kind: ApprovalKind
    subject_id: UUID
    state: ApprovalState
    asked_at: datetime
    expires_at: datetime
    client_id: str | None
    network: str | None


class Approvals(View, frozen=True):
    """What waits for an approval, newest first."""

    items: list[ApprovalView]
