"""Issuing a licence: its row, the event that has its document made, and the sealed act; and the end of what it takes the place of."""

import re
import secrets
from typing import Final
from uuid import UUID

import msgspec

from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.kernel import clock
from app.kernel.database import execute, fetch_value
from app.kernel.events import tell
from app.kernel.ids import new_id, shard_of
from app.keys.persons import seal_for_person
from app.pki.sd_jwt import RESERVED
from lifecycle.licences.check_codes import new_check_code
from lifecycle.licences.events import LicenceIssued
from lifecycle.licences.kinds import NUMBER_PREFIXES
from lifecycle.licences.stepping import ISSUER, replace_former
from lifecycle.licences.structs import Grant, Line

__all__ = ["ISSUER", "issue"]
_SERIAL_DIGITS: Final = 10**8
_LINE_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")


async def issue(grant: Grant) -> UUID:
    """Issue a licence in the (system) transaction in progress, which is the decision's; once per case, type and holder.

    What the grant replaces ends with it, and stays to be seen as replaced.
    """
    _check_names(grant.lines)
    licence_id = new_id(grant.holder_id)
    shard = shard_of(licence_id)
    known: UUID | None = await fetch_value(
        "SELECT id FROM licence WHERE shard = $1 AND case_id = $2 AND type_code = $3 AND citizen_id = $4",
        shard,
        grant.case_id,
        grant.type_code,
        grant.holder_id,
    )
    if known is not None:
        return known
    code = await seal_for_person(grant.holder_id, "licence", "check_code", licence_id, new_check_code().encode())
    lines = await seal_for_person(grant.holder_id, "licence", "lines", licence_id, msgspec.json.encode(grant.lines))
    await execute(
        "INSERT INTO licence (id, shard, citizen_id, type_code, number, check_code, department, case_id, issued_at, valid_to, state, "
        "lines, matter_code, division) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'valid', $11, $12, $13)",
        *(licence_id, shard, grant.holder_id, grant.type_code, _number(grant.type_code, shard), code),
        *(grant.department, grant.case_id, clock.now(), grant.valid_to, lines, grant.matter_code, grant.division),
    )
    await tell(LicenceIssued(citizen_id=grant.holder_id, subject_id=licence_id, cause_id=grant.case_id))
    await seal_act(
        Act.LICENCE_ISSUED, ISSUER, about=grant.holder_id, subject=licence_id, basis=Basis("case", grant.case_number)
    )
    await replace_former(licence_id, grant.holder_id, grant.replaces)
    return licence_id


def _check_names(lines: tuple[Line, ...]) -> None:
    """A matter that names two lines alike, or not in snake_case, is wrong itself."""
    names = [line.name for line in lines if line.name]
    if len(set(names)) != len(names) or not all(map(_LINE_NAME.fullmatch, names)) or not RESERVED.isdisjoint(names):
        message = f"names of lines are snake_case, once each, and none that a credential has already: {names}"
        raise ValueError(message)


def _number(type_code: str, shard: int) -> str:
    """A number that people can say: type, day, four digits of the shard where it lies, eight at random."""
    return f"{NUMBER_PREFIXES[type_code]}{clock.today():%Y%m%d}{shard:04d}{secrets.randbelow(_SERIAL_DIGITS):08d}"
