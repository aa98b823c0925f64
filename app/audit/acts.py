"""The acts that are sealed, and sealing one.

An act is a row in the business transaction: it exists if and only if what it tells of does.
"""

import secrets
from enum import StrEnum
from uuid import UUID

from app.audit.basis import Basis
from app.kernel import clock
from app.kernel.actors import Actor, Citizen, Department, Officer, Terminal
from app.kernel.database import execute
from app.kernel.ids import new_id, shard_of
from app.kernel.words import Words


class Act(StrEnum):
    """Every kind of act. A test says that each is used."""

    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    REAL_NAME_PROVED = "real_name_proved"
    DEVICE_ENROLLED = "device_enrolled"
    DEVICE_REMOVED = "device_removed"


TITLES: dict[Act, Words] = {
    Act.SIGNED_IN: Words(zh="登录", en="Signed in"),
    Act.SIGNED_OUT: Words(zh="退出登录", en="Signed out"),
    Act.REAL_NAME_PROVED: Words(zh="完成实名认证", en="Real name proved"),
    Act.DEVICE_ENROLLED: Words(zh="绑定设备", en="Device enrolled"),
    Act.DEVICE_REMOVED: Words(zh="解绑设备", en="Device removed"),
}


async def seal_act(act: Act, actor: Actor, *, about: UUID, subject: UUID | None = None, basis: Basis | None = None) -> None:
    """Seal an act in the transaction in progress.

    `about` is the resident whose data or affairs it touched, `subject` the row that it was done to, `basis` what gave the right
    to it (a case, a consent); a citizen's own acts need none.
    """
    row_id = new_id(about)
    await execute(
        "INSERT INTO act (id, shard, at, act, actor, actor_kind, citizen_id, subject_id, basis_kind, basis_id, salt) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        *(row_id, shard_of(row_id), clock.now(), act.value, actor.principal, _kind(actor), about, subject),
        *((basis.kind, basis.id) if basis else (None, None)),
        secrets.token_bytes(16),
    )


def _kind(actor: Actor) -> str:
    match actor:
        case Citizen():
            return "citizen"
        case Officer():
            return "officer"
        case Terminal():
            return "terminal"
        case Department():
            return "department"
        case _:
            return "system"
