"""The demo's officers and terminal: made known once, with keys that only this machine's owner can read.

The files in `<var>/demo/` are what an outside client needs: keys, certificates, authenticators' secrets. They are renewed
with their keys when a certificate comes near its end.
"""

import asyncio
import json
import os
import secrets
from datetime import date, timedelta
from pathlib import Path
from typing import Final, TypeVar

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from app.identity.officer_actions import LOOK
from app.identity.officer_freezing import FREEZE, UNFREEZE
from app.identity.officer_grants import give
from app.identity.officers import Appointment, enrol_officer, id_of
from app.identity.terminals import PointOfSale, enrol_terminal
from app.kernel import clock
from app.kernel.actors import ADMINISTER_AUDIT, ADMINISTER_SECURITY, ADMINISTER_SYSTEM, APPROVE_BREAK_GLASS, Grant
from app.kernel.settings import Settings
from app.notices import campaigns
from app.pki.revocation import standing

MERCHANT_CODE: Final = "YT000001"
MERCHANT_NAME: Final = "振华量贩"
_RENEW_BEFORE: Final = timedelta(days=2)
_HANDLE: Final = "handle"
"""To decide on cases, as the desk names it."""
_KEEP_TERMINALS: Final = "terminals.keep"
"""To invite and close terminals, as the card names it."""
_MATTER: Final = "birth_household_registration"
_FROM, _TO = date(2026, 1, 1), date(2036, 12, 31)
_OFFICERS: Final = (
    (
        Appointment("GAJ-1001", "GAJ", "户政窗口", "李建国"),
        (_HANDLE, LOOK, FREEZE, UNFREEZE, campaigns.PREPARE, campaigns.APPROVE),
    ),
    (Appointment("GAJ-1002", "GAJ", "户政科", "王秀兰"), (_HANDLE, APPROVE_BREAK_GLASS, campaigns.APPROVE)),
    (Appointment("SCJG-3001", "SCJG", "食品科", "郑洁"), (campaigns.PREPARE,)),
    (Appointment("SCJG-3002", "SCJG", "食品科", "何勇"), (campaigns.APPROVE,)),
    (Appointment("SMK-4001", "CARD", "终端管理", "刘洋"), (_KEEP_TERMINALS,)),
    (Appointment("DSJ-2001", "BIGDATA", "系统管理员", "孙立"), (ADMINISTER_SYSTEM,)),
    (Appointment("DSJ-2002", "BIGDATA", "安全管理员", "周敏"), (ADMINISTER_SECURITY,)),
    (Appointment("DSJ-2003", "BIGDATA", "审计管理员", "吴静"), (ADMINISTER_AUDIT,)),
)
"""Two caseworkers, who both approve campaigns and neither what they prepared themselves; two who send recalls; one who keeps terminals; and the three administrators."""
_TERMINAL: Final = PointOfSale("t-000001", MERCHANT_CODE, MERCHANT_NAME)

T = TypeVar("T")


class OfficerFile(msgspec.Struct, frozen=True):
    """What an officer holds: certificate with its authority, its key, and the secret of their authenticator."""

    code: str
    name: str
    department: str
    certificate: str
    key: str
    totp_secret: str


class TerminalFile(msgspec.Struct, frozen=True):
    """What a terminal holds: certificate with its authority, and its key. Its signatures name `keyid`."""

    code: str
    keyid: str
    merchant_code: str
    merchant_name: str
    certificate: str
    key: str


async def prepare_demo(settings: Settings) -> None:
    """Make the caseworkers, three administrators and one terminal known, and write what they hold; safe to repeat."""
    folder = settings.var / "demo"
    officers = {known.code: known for known in await asyncio.to_thread(_read, folder / "officers.json", OfficerFile)}
    held = [await _officer(appointment, officers.get(appointment.code)) for appointment, _ in _OFFICERS]
    for appointment, actions in _OFFICERS:
        await _grant(appointment.code, actions)
    await asyncio.to_thread(_write, folder / "officers.json", held)
    terminals = {known.code: known for known in await asyncio.to_thread(_read, folder / "terminals.json", TerminalFile)}
    terminal = await _terminal(_TERMINAL, terminals.get(_TERMINAL.code))
    await asyncio.to_thread(_write, folder / "terminals.json", [terminal])


async def _grant(code: str, actions: tuple[str, ...]) -> None:
    officer_id = await id_of(code)
    if officer_id is not None:
        for action in actions:
            matters = (_MATTER,) if action == _HANDLE else ("*",)
            await give(officer_id, Grant(action, matters, ("*",), _FROM, _TO, ("*",)))


async def _officer(appointment: Appointment, known: OfficerFile | None) -> OfficerFile:
    if known is not None and await _lasts(known.certificate):
        return known
    key = known.key if known is not None else _new_key()
    appointed = await enrol_officer(appointment, _csr(key))
    return OfficerFile(
        code=appointment.code,
        name=appointment.name,
        department=appointment.department,
        certificate=appointed.certificate.chain,
        key=key,
        totp_secret=appointed.totp_secret,
    )


async def _terminal(point: PointOfSale, known: TerminalFile | None) -> TerminalFile:
    if known is not None and await _lasts(known.certificate):
        return known
    key = known.key if known is not None else _new_key()
    enrolled = await enrol_terminal(point, _csr(key))
    return TerminalFile(
        code=point.code,
        keyid=enrolled.certificate.name,
        merchant_code=point.merchant_code,
        merchant_name=point.merchant_name,
        certificate=enrolled.certificate.chain,
        key=key,
    )


async def _lasts(chain: str) -> bool:
    """Whether a certificate is one that this database issued, is unrevoked, and isn't near its end."""
    certificate = x509.load_pem_x509_certificate(chain.encode())
    held = await standing(f"{certificate.serial_number:040x}")
    issued = held is not None and held.revoked_at is None
    return issued and certificate.not_valid_after_utc - clock.now() > _RENEW_BEFORE


def _new_key() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _csr(key_pem: str) -> str:
    key = load_pem_private_key(key_pem.encode(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("a demo key is one on an elliptic curve")
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, hashes.SHA256())
    return request.public_bytes(Encoding.PEM).decode()


def _read(path: Path, kind: type[T]) -> list[T]:
    return [msgspec.convert(one, kind) for one in json.loads(path.read_bytes())] if path.exists() else []


def _write(path: Path, held: list[OfficerFile] | list[TerminalFile]) -> None:
    """Replace a file as a whole, readable by its owner only."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(json.dumps(msgspec.to_builtins(held), ensure_ascii=False, indent=2))
    draft.replace(path)
