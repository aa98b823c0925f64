"""Sealed documents: a template and data become a PDF that carries the city's seal and a time-stamp.

Typesetting and signing block, so both run in a thread; at most two at a time, since they are work for a core each.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import anyio
import anyio.to_thread
import msgspec

from app.kernel import clock
from app.kernel.settings import load
from app.kernel.words import Words
from app.pki.authorities import DOCUMENTS, TIMESTAMPS, SealedAt, authorities, pki_folder
from app.pki.revocation import crl_of
from app.pki.set_apart import typeset_apart
from app.pki.setup import root_crl_path
from app.pki.typesetting import qr_svg, typeset

LICENCE: Final = Path(__file__).parent / "templates" / "licence.typ"
"""The template of a licence of any kind; its data is `LicencePaper`."""
_AT_A_TIME: Final = 2
_SEALING: Final = (DOCUMENTS, TIMESTAMPS)


class Fact(msgspec.Struct, frozen=True):
    """One line of a licence: what it is, and its value as it is printed."""

    name: Words
    value: str


class LicencePaper(msgspec.Struct, frozen=True):
    """What stands on a licence. Dates are printed as given; `verify_url` becomes the QR code."""

    title: Words
    number: str
    office: str
    issued_on: str
    facts: tuple[Fact, ...]
    verify_code: str
    verify_url: str
    note: str = ""


async def signed_licence(paper: LicencePaper) -> bytes:
    """Make a sealed licence; its verifier's code stands in the signature too."""
    return await signed_document(LICENCE, licence_values(paper), paper.verify_code)


async def signed_document(template: Path, values: Mapping[str, object], reference: str) -> bytes:
    """Set a template with JSON-able values, and seal and time-stamp the PDF (PAdES B-LT).

    `reference` (letters, digits, `.`, `_`, `-`) is the code by which `/v1/verify` finds what the document is about. Refuses
    (`CharacterNotDrawable`) a character that the font lacks.
    """
    sealed = await _sealed_now()
    return await anyio.to_thread.run_sync(_made, template, values, reference, sealed, limiter=_limiter())


async def signed_long_document(template: Path, values: Mapping[str, object], reference: str) -> bytes:
    """Like `signed_document`, for a document of any length: it is set in a process of its own, so that memory stays flat."""
    sealed = await _sealed_now()
    pdf = await typeset_apart(template, values, sealed.at)
    return await anyio.to_thread.run_sync(_signed, pdf, reference, sealed, limiter=_limiter())


async def _sealed_now() -> SealedAt:
    folder = pki_folder(load())
    root_crl = await asyncio.to_thread(root_crl_path(folder).read_bytes)
    trusted = authorities()
    lists = [await crl_of(trusted.own[one.label].certificate, trusted.issuer(one.kind)) for one in _SEALING]
    return SealedAt(trusted, (root_crl, *lists), clock.now())


def licence_values(paper: LicencePaper) -> dict[str, object]:
    """A licence's data as its template reads them."""
    facts = [{"zh": fact.name.zh, "en": fact.name.en, "value": fact.value} for fact in paper.facts]
    values: dict[str, object] = msgspec.to_builtins(paper)
    return values | {"facts": facts, "qr_svg": qr_svg(paper.verify_url)}


def _made(template: Path, values: Mapping[str, object], reference: str, sealed: SealedAt) -> bytes:
    return _signed(typeset(template, values, sealed.at), reference, sealed)


def _signed(pdf: bytes, reference: str, sealed: SealedAt) -> bytes:
    from app.pki.pades import sign_pdf  # noqa: PLC0415 - pyHanko takes half a second; only who seals waits for it

    return sign_pdf(pdf, reference, sealed)


_limiters: Final[dict[int, anyio.CapacityLimiter]] = {}


def _limiter() -> anyio.CapacityLimiter:
    """The limiter of this event loop."""
    return _limiters.setdefault(id(asyncio.get_running_loop()), anyio.CapacityLimiter(_AT_A_TIME))
