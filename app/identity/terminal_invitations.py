"""Terminals are enrolled by a one-time code: it names the terminal and its merchant, lives for hours and serves one key.

The code is a label of eight symbols, by which it is found and its tries are counted, and a secret of sixteen (80 bits), of which a
keyed hash is kept. The key that used it gets the same certificate again, so that a lost answer loses nothing; whoever comes with
another key is refused, and whoever issued the code is shown that they came.
"""

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from cryptography.hazmat.primitives.asymmetric import ec

from app.audit.acts import Act, seal_act
from app.identity import limits, terminals
from app.identity.terminal_enrolment_errors import (
    EnrolmentCodeExpired,
    EnrolmentCodeUsed,
    EnrolmentCodeWrong,
    TerminalUnknown,
)
from app.identity.terminal_keys import DIRECTORY, digest_of, held_key, refuse_known
from app.identity.terminal_structs import (
    TerminalEnrolled,
    TerminalEnrolling,
    TerminalInvitation,
    TerminalView,
)
from app.identity.terminals import PointOfSale
from app.kernel import clock, short_lived
from app.kernel.actors import Actor, Terminal
from app.kernel.database import Row, execute, fetch_all, fetch_one, fetch_value, transaction
from app.kernel.errors import Refusal
from app.kernel.ids import new_plain_id
from app.kernel.paging import Page, encode_cursor
from app.keys.fields import blind_index
from app.pki.requests import proved_key

_log = structlog.get_logger()
_SYMBOLS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O and U."""
_READ_AS: Final = str.maketrans("ILO", "110", " -")
_LABEL, _SECRET, _GROUP = 8, 16, 6
_TRIED: Final = "terminal-enrolment-tries"
_TERMINALS: Final = """
SELECT coalesce(t.code, i.terminal_code) AS code, coalesce(t.merchant_code, i.merchant_code) AS merchant_code,
  coalesce(t.merchant_name, i.merchant_name) AS merchant_name, coalesce(t.offline, i.offline) AS offline,
  coalesce(t.state, 'invited') AS state, k.keyid, k.not_after, i.invited_by, i.disputed_at,
  CASE WHEN i.used_at IS NULL AND i.withdrawn_at IS NULL AND i.expires_at > $3 THEN i.expires_at END AS expires_at
FROM terminal t FULL JOIN (SELECT DISTINCT ON (terminal_id) * FROM terminal_invitation ORDER BY terminal_id, invited_at DESC) i
  ON i.terminal_id = t.id
LEFT JOIN LATERAL (SELECT keyid, not_after FROM terminal_key WHERE terminal_id = t.id AND ended_at IS NULL
  ORDER BY generation DESC LIMIT 1) k ON true
WHERE coalesce(t.code, i.terminal_code) > $1 ORDER BY 1 LIMIT $2
"""


async def invite(by: Actor, point: PointOfSale) -> TerminalInvitation:
    """Give a terminal, new or known, a one-time code; the one before is void. What a known one has ends once the code is used."""
    label, secret = _symbols(_LABEL), _symbols(_SECRET)
    now = clock.now()
    expires_at = now + timedelta(hours=limits.limit_today("terminal_code_hours"))
    async with transaction(DIRECTORY):
        terminal_id = await _id_for(point.code)
        await _withdraw(terminal_id, now)
        row_id = new_plain_id()
        await execute(
            "INSERT INTO terminal_invitation (id, terminal_id, terminal_code, merchant_code, merchant_name, offline, label, "
            "code_hash, invited_by, invited_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            *(row_id, terminal_id, point.code, point.merchant_code, point.merchant_name, point.offline, label),
            *(_hashed(label, secret), by.principal, now, expires_at),
        )
        await seal_act(Act.TERMINAL_INVITED, by, about=terminal_id, subject=row_id)
    code = _grouped(label + secret)
    return TerminalInvitation(point.code, point.merchant_code, point.offline, code, expires_at)


async def enrol(asked: TerminalEnrolling, address: str) -> TerminalEnrolled:
    """Certify the key of whoever has a terminal's one-time code; the same key may ask again, and gets the same.

    Refuses `TriedTooOften` by network address, what `proved_key` refuses, `EnrolmentCodeWrong`, `EnrolmentCodeExpired`,
    `EnrolmentCodeUsed` by another key, and `TerminalKeyKnown`.
    """
    await limits.count(limits.TERMINAL_ENROLMENTS_FROM_AN_ADDRESS, limits.neighbourhood(address))
    key = proved_key(asked.csr_pem)
    label, secret = _parts(asked.code)
    await _count_try(label)
    async with transaction(DIRECTORY):
        row = await _matched(label, secret)
        outcome = await _enrolled(row, key)
    if isinstance(outcome, Refusal):
        raise outcome
    await short_lived.take(_TRIED, label)
    return outcome


async def close(by: Actor, terminal_code: str) -> TerminalView:
    """Take nothing from a terminal any more, revoke its certificates, and let no code open it; again it changes nothing.

    Refuses `TerminalUnknown`.
    """
    async with transaction(DIRECTORY):
        terminal_id = await fetch_value(
            "SELECT id FROM terminal WHERE code = $1 UNION SELECT terminal_id FROM terminal_invitation WHERE terminal_code = $1",
            terminal_code,
        )
        if terminal_id is None:
            raise TerminalUnknown
        withdrawn = await _withdraw(terminal_id, clock.now())
        if await terminals.close(terminal_id) or withdrawn:
            await seal_act(Act.TERMINAL_CLOSED, by, about=terminal_id)
        return _view((await _rows("", 1, terminal_code))[0])


async def known(cursor_code: str, limit: int) -> Page[TerminalView]:
    """Terminals and those invited to be, by code, after one."""
    async with transaction(DIRECTORY):
        rows = await _rows(cursor_code, limit + 1)
    views = [_view(row) for row in rows[:limit]]
    return Page(views, encode_cursor(rows[limit - 1]["code"]) if len(rows) > limit else None)


async def _rows(after: str, limit: int, code: str | None = None) -> list[Row]:
    if code is None:
        return await fetch_all(_TERMINALS, after, limit, clock.now())
    one = _TERMINALS.replace("> $1", "= $1")
    return await fetch_all(one, code, limit, clock.now())


async def _id_for(code: str) -> UUID:
    """The id of a terminal, also of one that is only invited so far; a new one's is made up."""
    # Two invitations of one new terminal at once would else make two ids of it.
    await execute("SELECT pg_advisory_xact_lock(hashtextextended('terminal ' || $1, 0))", code)
    found: UUID | None = await fetch_value(
        "SELECT id FROM terminal WHERE code = $1 UNION SELECT terminal_id FROM terminal_invitation WHERE terminal_code = $1",
        code,
    )
    return found or new_plain_id()


async def _withdraw(terminal_id: UUID, at: datetime) -> bool:
    return bool(
        await execute(
            "UPDATE terminal_invitation SET withdrawn_at = $2 WHERE terminal_id = $1 AND used_at IS NULL AND withdrawn_at IS NULL",
            *(terminal_id, at),
        )
    )


async def _count_try(label: str) -> None:
    """Count a try; a right one takes the count back."""
    lives = timedelta(hours=limits.limit_today("terminal_code_hours"))
    if await short_lived.count(_TRIED, label, lives) > limits.limit_today("terminal_code_tries"):
        raise EnrolmentCodeWrong


async def _matched(label: str, secret: str) -> Row:
    row = await fetch_one("SELECT * FROM terminal_invitation WHERE label = $1 FOR UPDATE", label)
    if row is None or not hmac.compare_digest(row["code_hash"], _hashed(label, secret)):
        raise EnrolmentCodeWrong
    return row


async def _enrolled(row: Row, key: ec.EllipticCurvePublicKey) -> TerminalEnrolled | Refusal:
    """The certificate; or what refuses it, given back where what was written is to stay."""
    digest = digest_of(key)
    if row["used_at"] is not None:
        return await _given(row, row["keyid"], digest) if row["key_digest"] == digest else await _disputed(row)
    if row["withdrawn_at"] is not None or row["expires_at"] <= clock.now():
        raise EnrolmentCodeExpired
    await refuse_known(digest)
    point = PointOfSale(row["terminal_code"], row["merchant_code"], row["merchant_name"], row["offline"])
    enrolled = await terminals.enrol(point, key, row["terminal_id"])
    await execute(
        "UPDATE terminal_invitation SET used_at = $2, key_digest = $3, keyid = $4 WHERE id = $1",
        *(row["id"], clock.now(), digest, enrolled.certificate.name),
    )
    themselves = Terminal(id=enrolled.id, code=point.code, merchant_code=point.merchant_code)
    await seal_act(Act.TERMINAL_ENROLLED, themselves, about=enrolled.id, subject=row["id"])
    return await _given(row, enrolled.certificate.name, digest)


async def _given(row: Row, keyid: str, digest: bytes) -> TerminalEnrolled:
    """What the code gave its key, as long as the terminal signs by that name with it."""
    held = await held_key(keyid)
    if held is None or held.digest != digest:
        raise EnrolmentCodeExpired
    return TerminalEnrolled(
        terminal_code=row["terminal_code"],
        merchant_code=row["merchant_code"],
        offline=row["offline"],
        keyid=keyid,
        certificate=held.certificate,
        serial=held.serial,
        certificate_ends_at=held.ends_at,
    )


async def _disputed(row: Row) -> Refusal:
    """Somebody else has the code as well: say so where it is seen, once."""
    _log.warning("terminal_enrolment_disputed", terminal=row["terminal_code"])
    if row["disputed_at"] is None:
        await execute("UPDATE terminal_invitation SET disputed_at = $2 WHERE id = $1", row["id"], clock.now())
        await seal_act(Act.TERMINAL_ENROLMENT_DISPUTED, DIRECTORY, about=row["terminal_id"], subject=row["id"])
    return EnrolmentCodeUsed()


def _symbols(count: int) -> str:
    return "".join(secrets.choice(_SYMBOLS) for _ in range(count))


def _grouped(symbols: str) -> str:
    return "-".join(symbols[at : at + _GROUP] for at in range(0, len(symbols), _GROUP))


def _parts(code: str) -> tuple[str, str]:
    """A code's label and secret, as people write them."""
    symbols = code.upper().translate(_READ_AS)
    if len(symbols) != _LABEL + _SECRET or not set(symbols) <= set(_SYMBOLS):
        raise EnrolmentCodeWrong
    return symbols[:_LABEL], symbols[_LABEL:]


def _hashed(label: str, secret: str) -> bytes:
    return blind_index("terminal-enrolment", f"{label} {secret}")


def _view(row: Row) -> TerminalView:
    return TerminalView(
        terminal_code=row["code"],
        merchant_code=row["merchant_code"],
        merchant_name=row["merchant_name"],
        offline=row["offline"],
        state=row["state"],
        keyid=row["keyid"],
        certificate_ends_at=row["not_after"],
        invited_by=row["invited_by"],
        invitation_expires_at=row["expires_at"],
        disputed_at=row["disputed_at"],
    )
