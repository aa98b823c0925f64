"""Presenting lines of a licence to somebody (选择性披露): nothing else is shown, for some minutes, and each check stands in the log.

Holders and their guardians present; a delegate doesn't, since a power reads licences only.
"""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from app.audit.acts import Act, seal_act
from app.audit.ward_looks import note_ward_look
from app.kernel import clock, quotas
from app.kernel.actors import Citizen
from app.kernel.database import Row, execute, fetch_all, fetch_one, transaction
from app.kernel.errors import FieldProblem
from app.kernel.ids import new_id, shard_of
from app.kernel.paging import Page, after_id, page
from app.kernel.settings import load
from app.keys.fields import blind_index
from app.keys.persons import open_for_person, seal_for_person
from app.pki.credentials import seal_credential
from app.pki.sd_jwt import disclosure_of, joined
from lifecycle.licences import presentation_codes, reading
from lifecycle.licences.errors import LicenceNotValid, LinesUnknown, PresentationUnknown, PresentedTooOften
from lifecycle.licences.limits import LIMITS, limit_today
from lifecycle.licences.presentation_structs import (
    Content,
    NewPresentation,
    PresentationShown,
    PresentationView,
)
from lifecycle.licences.stepping import ISSUER
from lifecycle.licences.structs import LicenceView

TABLE: Final = "licence_presentation"
CODE_INDEX: Final = "presentation_code"
VCT: Final = "urn:fuhai:licence:"
"""What types of credentials begin with; the licence's type follows."""
_INSERT: Final = """
INSERT INTO licence_presentation (id, shard, citizen_id, licence_id, presented_by, code_index, content, made_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING *
"""
_LIST: Final = """
SELECT * FROM licence_presentation WHERE shard = $1 AND licence_id = $2 AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4
"""
_END: Final = """
UPDATE licence_presentation SET ended_at = $4 WHERE shard = $1 AND id = $2 AND licence_id = $3 AND ended_at IS NULL AND expires_at > $4
RETURNING *
"""


async def present(citizen: Citizen, licence_id: UUID, asked: NewPresentation) -> PresentationShown:
    """Show some lines of a licence to somebody for some minutes.

    Refuses `LicenceNotFound`, `LicenceNotValid`, `LinesUnknown`, and `PresentedTooOften`.
    """
    await quotas.count(quotas.quota("presentations_of_citizen", LIMITS.today), str(citizen.hand), PresentedTooOften)
    async with transaction(citizen):
        licence = await reading.find(licence_id)
        _refuse_unknown_lines(licence, asked)
        if licence.state != "valid":
            raise LicenceNotValid(state=licence.state)
        code = presentation_codes.new_code(shard_of(licence.id))
        row = await _write(citizen, licence, asked, code)
        await seal_act(Act.LICENCE_PRESENTED, citizen, about=licence.holder_id, subject=licence.id)
        view = await _view(row)
    return PresentationShown(
        presentation=view,
        code=code,
        verify_url=presentation_codes.address(load().public_origin, code),
        sd_jwt=_credential(licence, view),
    )


async def listed(citizen: Citizen, licence_id: UUID, cursor: str | None, limit: int) -> Page[PresentationView]:
    """What was presented of a licence, newest first. Refuses `LicenceNotFound`."""
    before = after_id(cursor)
    async with transaction(citizen):
        licence = await reading.find(licence_id)
        await note_ward_look(citizen, licence.holder_id)
        rows = await fetch_all(_LIST, shard_of(licence_id), licence_id, before, limit + 1)
        found = [await _view(row) for row in rows]
    return page(found, limit, found[limit - 1].id if len(found) > limit else None)


async def end(citizen: Citizen, licence_id: UUID, presentation_id: UUID) -> PresentationView:
    """End a presentation before its time; a repeat changes nothing. Refuses `LicenceNotFound` and `PresentationUnknown`."""
    async with transaction(citizen):
        licence = await reading.find(licence_id)
        await note_ward_look(citizen, licence.holder_id)
        row = await fetch_one(_END, shard_of(presentation_id), presentation_id, licence_id, clock.now())
        if row is not None:
            await seal_act(Act.LICENCE_PRESENTATION_ENDED, citizen, about=licence.holder_id, subject=licence.id)
            return await _view(row)
        row = await fetch_one(
            "SELECT * FROM licence_presentation WHERE shard = $1 AND id = $2 AND licence_id = $3",
            *(shard_of(presentation_id), presentation_id, licence_id),
        )
        if row is None:
            raise PresentationUnknown
        return await _view(row)


async def content_of(row: Row) -> Content:
    """What a presentation shows, to whom, for what."""
    sealed = await open_for_person(row["citizen_id"], TABLE, "content", row["id"], row["content"])
    return msgspec.json.decode(sealed, type=Content)


async def sweep() -> None:
    """Forget presentations of long ago; a job."""
    async with transaction(ISSUER):
        await execute(
            "DELETE FROM licence_presentation WHERE made_at < $1",
            clock.now() - timedelta(days=limit_today("presentations_kept_days")),
        )


def _refuse_unknown_lines(licence: LicenceView, asked: NewPresentation) -> None:
    known = {line.name for line in licence.lines}
    wrong = tuple(
        FieldProblem(pointer=f"/lines/{place}", code="unknown", message="no such line")
        for place, name in enumerate(asked.lines)
        if name not in known
    )
    if wrong:
        raise LinesUnknown(errors=wrong)


async def _write(citizen: Citizen, licence: LicenceView, asked: NewPresentation, code: str) -> Row:
    row_id, now = new_id(licence.holder_id), clock.now()
    chosen = tuple(line.name for line in licence.lines if line.name in asked.lines)
    content = msgspec.json.encode(Content(chosen, asked.audience, asked.purpose))
    row = await fetch_one(
        _INSERT,
        *(row_id, shard_of(row_id), licence.holder_id, licence.id, citizen.hand, blind_index(CODE_INDEX, code)),
        *(await seal_for_person(licence.holder_id, TABLE, "content", row_id, content), now),
        now + timedelta(minutes=limit_today("presentation_minutes")),
    )
    if row is None:
        raise PresentationUnknown
    return row


def _credential(licence: LicenceView, shown: PresentationView) -> str:
    """The lines as an SD-JWT: digests of all that have a name, and disclosures of the chosen ones. It names nobody by itself."""
    hidden = {line.name: disclosure_of(line.name, line.value) for line in licence.lines if line.name}
    claims: dict[str, Any] = {
        "iss": load().public_origin,
        "iat": _seconds(shown.made_at),
        "nbf": _seconds(shown.made_at),
        "exp": _seconds(shown.expires_at),
        "jti": str(shown.id),
        "vct": f"{VCT}{licence.type_code}",
        "issuing_authority": licence.department_name.zh,
        "status": {"urn:fuhai:verify": {"uri": f"{load().public_origin}/v1/verify"}},
    }
    if shown.audience is not None:
        claims["aud"] = shown.audience
    return joined(seal_credential(claims, list(hidden.values())), [hidden[name] for name in shown.lines])


def _seconds(instant: datetime) -> int:
    return int(instant.timestamp())


async def _view(row: Row) -> PresentationView:
    content = await content_of(row)
    return PresentationView(
        id=row["id"],
        licence_id=row["licence_id"],
        presented_by=row["presented_by"],
        lines=content.lines,
        audience=content.audience,
        purpose=content.purpose,
        made_at=row["made_at"],
        expires_at=row["expires_at"],
        ended_at=row["ended_at"],
        live=row["ended_at"] is None and clock.now() < row["expires_at"],
        checked=row["checked"],
        checked_at=row["checked_at"],
    )
