"""Letting anybody check what a holder presents, by the code under its QR code or by the SD-JWT: exactly the lines that are shown.

Each check that tells lines is sealed in the holder's log. A presentation opens nothing once it has run out or was ended, once its
licence isn't valid, or while whoever presented it is frozen: that shows at once.
"""

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

import msgspec

from app.audit.acts import Act, seal_act
from app.kernel import clock
from app.kernel.database import Row, execute, fetch_one, transaction
from app.kernel.ids import shard_of
from app.kernel.words import Words
from app.keys.fields import blind_index
from app.pki.credentials import SealedCredential
from app.pki.structs import Finding, ShownFact
from app.residents.people import resident
from lifecycle.licences import presentation_codes, reading
from lifecycle.licences.limits import limit_today
from lifecycle.licences.presentation_structs import Content
from lifecycle.licences.presenting import CODE_INDEX, VCT, content_of
from lifecycle.licences.stepping import ISSUER
from lifecycle.licences.structs import LicenceView
from lifecycle.licences.verifying import OFFICE, SAID, TYPE

KIND: Final = "presentation"
GENUINE: Final = Words(
    zh="所出示的内容真实，证照当前有效。", en="What is shown is genuine, and the licence is valid now."
)
OVER: Final = Words(zh="该次出示已过期或已结束，请持证人重新出示。", en="This presentation is over; ask for a new one.")
FOR_ANOTHER: Final = Words(zh="该次出示不是向您出示的。", en="This presentation was made for somebody else.")
TOO_OFTEN: Final = Words(
    zh="该次出示核验次数过多，请持证人重新出示。", en="This presentation was checked too often; ask for a new one."
)
_AUDIENCE: Final = Words(zh="出示对象", en="Shown to")
_PURPOSE: Final = Words(zh="出示用途", en="Shown for")
_UNTIL: Final = Words(zh="出示有效至", en="Shown until")
_BY_CODE: Final = "SELECT * FROM licence_presentation WHERE shard = $1 AND code_index = $2 FOR UPDATE"
_BY_ID: Final = "SELECT * FROM licence_presentation WHERE shard = $1 AND id = $2 FOR UPDATE"
_CHECKED: Final = """
UPDATE licence_presentation SET checked = checked + 1, checked_at = $3 WHERE shard = $1 AND id = $2
"""


class PresentationVerifier:
    """Looks a presentation up by its code."""

    kind = KIND

    async def find(self, code: str) -> Finding | None:
        """Say whether a code is a presentation's, and tell the lines that it shows while it lives."""
        shown = presentation_codes.read(code)
        if shown is None:
            return None
        async with transaction(ISSUER):
            row = await fetch_one(_BY_CODE, shown[0], blind_index(CODE_INDEX, shown[1]))
            return None if row is None else await _finding(row, _Asked())


class PresentationJudge:
    """Judges the SD-JWT of a presentation; what its holder left out of it is not told."""

    kind = KIND

    async def judge(self, shown: SealedCredential, audience: str | None) -> Finding | None:
        """Say whether a genuine credential holds now, and tell what it discloses."""
        if not shown.type.startswith(VCT):
            return None
        presentation_id = UUID(shown.id)
        async with transaction(ISSUER):
            row = await fetch_one(_BY_ID, shard_of(presentation_id), presentation_id)
            return None if row is None else await _finding(row, _Asked(shown.disclosed, audience))


class _Asked(msgspec.Struct, frozen=True):
    """What was brought: the lines that the SD-JWT discloses (all that were chosen, where only the code was), and who asks."""

    disclosed: Mapping[str, str] | None = None
    audience: str | None = None

    def values(self, licence: LicenceView, content: Content) -> Mapping[str, str]:
        """The lines to tell, by name."""
        if self.disclosed is not None:
            return self.disclosed
        return {line.name: line.value for line in licence.lines if line.name in content.lines}


async def _finding(row: Row, asked: _Asked) -> Finding | None:
    licence = await reading.known(row["licence_id"])
    if licence is None:
        return None
    content = await content_of(row)
    refused = await _why_not(row, licence, content, asked)
    about = (ShownFact(TYPE, licence.title.zh), ShownFact(OFFICE, licence.department_name.zh))
    if refused is not None:
        return Finding(KIND, False, refused, about)
    await execute(_CHECKED, row["shard"], row["id"], clock.now())
    await seal_act(Act.LICENCE_LINES_CHECKED, ISSUER, about=licence.holder_id, subject=licence.id)
    values = asked.values(licence, content)
    lines = (ShownFact(line.label, values[line.name]) for line in licence.lines if line.name in values)
    return Finding(KIND, True, GENUINE, (*about, *lines, *_circumstances(row, content)))


async def _why_not(row: Row, licence: LicenceView, content: Content, asked: _Asked) -> Words | None:
    if row["ended_at"] is not None or row["expires_at"] <= clock.now():
        return OVER
    if (await resident(row["presented_by"])).frozen_at is not None:
        return OVER
    if licence.state != "valid":
        return SAID[licence.state]
    if asked.audience is not None and content.audience is not None and asked.audience != content.audience:
        return FOR_ANOTHER
    return TOO_OFTEN if row["checked"] >= limit_today("presentation_checks_most") else None


def _circumstances(row: Row, content: Content) -> Collection[ShownFact]:
    """To whom and for what it is shown, so that whoever checks sees whether that is them."""
    said = ((_AUDIENCE, content.audience), (_PURPOSE, content.purpose))
    until = f"{clock.local(row['expires_at']):%Y-%m-%d %H:%M}"
    return (*(ShownFact(name, value) for name, value in said if value is not None), ShownFact(_UNTIL, until))
