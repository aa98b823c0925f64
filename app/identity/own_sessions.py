"""What owners do with their sessions: see where they are signed in, and end one of them or all."""

from typing import Final
from uuid import UUID

from app.audit.acts import Act, seal_act
from app.identity.errors import SessionUnknown
from app.identity.sessions import IDENTITY, end, end_all, refuse_if_out
from app.identity.structs import EndAll, Sessions, SessionsEnded, SessionView
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import Row, fetch_all, fetch_value, transaction
from app.kernel.ids import shard_of
from app.notices.live import wake
from app.residents.people import locked

_MINE: Final = "((shard = $1 AND citizen_id = $2) OR (shard = $3 AND id = $4))"
_MINE_TO_END: Final = (
    f"SELECT id FROM session WHERE {_MINE} AND id = $5 AND ended_at IS NULL AND expires_at > $6 FOR UPDATE"
)


async def end_mine(citizen: Citizen, session_id: UUID) -> None:
    """End one of the citizen's open sessions, as if they had signed out there.

    Refuses `SessionUnknown`, and (`SessionOver`) a session that was ended meanwhile.
    """
    async with transaction(IDENTITY):
        await locked(citizen.id)
        await refuse_if_out(citizen)
        found = await fetch_value(_MINE_TO_END, *_of(citizen), session_id, clock.now())
        if found is None:
            raise SessionUnknown
        await end(citizen.id, session_id, "ended_by_owner")
        await wake(citizen.id)
        await seal_act(Act.SESSION_ENDED, citizen, about=citizen.id, subject=session_id)


async def end_all_mine(citizen: Citizen, asked: EndAll) -> SessionsEnded:
    """Sign the citizen out everywhere, also here unless this session is to be kept; says how many sessions ended.

    Refuses (`SessionOver`) a session that was ended meanwhile: whoever had the account before would throw its owner out.
    """
    async with transaction(IDENTITY):
        await locked(citizen.id)
        await refuse_if_out(citizen)
        keeping = citizen.session_id if asked.keep_this_one else None
        ended = await end_all(citizen.id, "ended_by_owner", keeping=keeping)
        if ended:
            await seal_act(Act.SESSION_ENDED, citizen, about=citizen.id)
    return SessionsEnded(ended=ended)


async def my_sessions(citizen: Citizen) -> Sessions:
    """The citizen's open sessions, newest first; the calling one too, if it was opened before two residents became one."""
    async with transaction(IDENTITY):
        rows = await fetch_all(
            f"SELECT * FROM session WHERE {_MINE} AND ended_at IS NULL AND expires_at > $5 ORDER BY id DESC LIMIT 100",
            *_of(citizen),
            clock.now(),
        )
    return Sessions(items=[_view(row, citizen) for row in rows])


def _of(citizen: Citizen) -> tuple[object, ...]:
    return shard_of(citizen.id), citizen.id, shard_of(citizen.session_id), citizen.session_id


def _view(row: Row, citizen: Citizen) -> SessionView:
    return SessionView(
        id=row["id"],
        client_id=row["client_id"],
        started_at=row["started_at"],
        last_refreshed_at=row["rotated_at"],
        last_used_at=row["used_at"],
        network=row["network"],
        expires_at=row["expires_at"],
        device_id=row["device_id"],
        current=row["id"] == citizen.session_id,
    )
