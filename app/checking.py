"""`fuhai check`: what has to be right before citizens come, and what isn't."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

import httpx
import msgspec
from cryptography import x509

from app.audit.checking import log_finding
from app.card.channel_checking import channel_finding
from app.card.checking import ledger_finding
from app.exchanges.checking import exchange_finding, late_answers_finding
from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import close_pool, fetch_one, fetch_value, open_pool, transaction
from app.kernel.settings import Settings
from app.offline.checking import offline_finding
from app.outside import PORTAL, city_folder, parties_folder
from app.pki.authorities import authorities
from app.pki.errors import AuthoritiesMissing
from app.settlement.checking import settlement_finding
from integrations.departments.directory import addresses_of
from lifecycle.bills.checking import bills_finding
from lifecycle.catalogue.files import shipped_files
from lifecycle.catalogue.publishing import read_published

_CHECKER: Final = System("check")
_FURTHEST_APART: Final = timedelta(seconds=2)
_SOON: Final = timedelta(days=14)
_TRIED_OFTEN: Final = 3
_SERVER_FAULT: Final = 500

Look = Callable[[Settings], Awaitable[str]]


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at."""

    what: str
    good: bool
    detail: str


class Wrong(Exception):  # noqa: N818 - a finding, named as a fact
    """What was looked at isn't right; the message says what to do."""


async def findings(settings: Settings) -> list[Finding]:
    """Look at everything; one thing that fails hides no other that can be looked at without it."""
    try:
        await open_pool(settings)
    except Exception as error:  # noqa: BLE001 - whatever fails is the finding
        hint = "doesn't answer ({}): is it running? (`make run`)" if isinstance(error, OSError) else "can't be used: {}"
        away = Finding("database", good=False, detail=hint.format(str(error) or type(error).__name__))
        return [away, *[await _look(what, _LOOKS[what], settings) for what in _WITHOUT_DATABASE]]
    try:
        return [await _look(what, look, settings) for what, look in _LOOKS.items()]
    finally:
        await close_pool()


async def _look(what: str, look: Look, settings: Settings) -> Finding:
    try:
        return Finding(what, good=True, detail=await look(settings))
    except Exception as error:  # noqa: BLE001 - whatever fails is the finding
        return Finding(what, good=False, detail=str(error) or type(error).__name__)


async def _database(_settings: Settings) -> str:
    async with transaction(_CHECKER):
        version = await fetch_value("SHOW server_version")
    return f"PostgreSQL {version} answers"


async def _store(settings: Settings) -> str:
    async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
        try:
            answer = await client.get(settings.store_endpoint)
        except httpx.TransportError as error:
            raise Wrong(f"{settings.store_endpoint} doesn't answer ({type(error).__name__}): is it running?") from error
    if answer.status_code >= _SERVER_FAULT:
        raise Wrong(f"{settings.store_endpoint} answers {answer.status_code}")
    return f"{settings.store_endpoint} answers"


async def _clock(_settings: Settings) -> str:
    async with transaction(_CHECKER):
        theirs = await fetch_value("SELECT clock_timestamp()")
    apart = abs(clock.unshifted() - theirs)
    if apart > _FURTHEST_APART:
        raise Wrong(f"our clock and the database's are {apart.total_seconds():.0f} s apart: set the machines' time")
    return "agrees with the database's"


async def _certificates(settings: Settings) -> str:
    """The root, every authority, our own seals, and those of the exchange."""
    try:
        trusted = authorities()
    except AuthoritiesMissing as error:
        raise Wrong("never set up: `make run` and `fuhai migrate` do it") from error
    held = {"root": trusted.root}
    held |= {f"authority {kind}": issuer.certificate for kind, issuer in trusted.issuers.items()}
    held |= {label: signer.certificate for label, signer in trusted.own.items()}
    held |= await asyncio.to_thread(_exchange_certificates, settings)
    ending = [name for name, one in held.items() if one.not_valid_after_utc - clock.now() < _SOON]
    if ending:
        raise Wrong(f"near their end: {', '.join(ending)}; run `fuhai migrate`")
    return f"{len(held)} hold for two weeks or more"


def _exchange_certificates(settings: Settings) -> dict[str, x509.Certificate]:
    files = {PORTAL: parties_folder(settings) / f"{PORTAL}.pem"} | {
        code.lower(): (parties_folder if address else city_folder)(settings) / f"{code.lower()}.pem"
        for code, address in addresses_of(settings).items()
        if address or settings.city
    }
    return {name: x509.load_pem_x509_certificate(file.read_bytes()) for name, file in files.items()}


async def _catalogue(_settings: Settings) -> str:
    published, files = await read_published(), await asyncio.to_thread(shipped_files)
    missing = set(files.matters) - {matter.code for matter in published.matters}
    if missing:
        raise Wrong(f"not published: {', '.join(sorted(missing))}; run `fuhai migrate`")
    return f"{len(published.matters)} matters in {len(published.stages)} stages"


async def _events(_settings: Settings) -> str:
    async with transaction(_CHECKER):
        row = await fetch_one(
            "SELECT count(*) FILTER (WHERE attempts > $1) AS stuck, count(*) AS waiting FROM outbox",
            _TRIED_OFTEN,
        )
        held = await fetch_value("SELECT count(*) FROM pgqueuer WHERE status = 'failed'")
    if row is None or row["stuck"] or held:
        raise Wrong(
            f"{row['stuck'] if row else 0} events can't be delivered, {held} jobs are held; see the worker's log"
        )
    return f"{row['waiting']} waiting, none stuck, no job held"


_LOOKS: Final[dict[str, Look]] = {
    "database": _database,
    "store": _store,
    "clock": _clock,
    "certificates": _certificates,
    "catalogue": _catalogue,
    "events": _events,
    "exchanges": exchange_finding,
    "late answers": late_answers_finding,
    "ledger": ledger_finding,
    "settlement": settlement_finding,
    "channel": channel_finding,
    "offline sales": offline_finding,
    "bills": bills_finding,
    "sealed log": log_finding,
}

_WITHOUT_DATABASE: Final = ("store", "certificates")
