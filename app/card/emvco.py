"""Codes that a merchant shows and a payer scans: reading and writing them, strictly.

EMV QR Code Specification for Payment Systems, Merchant-Presented Mode, version 1.1 (2020): a row of data objects, each two digits of
a name, two digits of a length in characters, and a value. `00` comes first, `63` last: CRC-16/CCITT-FALSE over all before it, its own
name and length included. Amounts are yuan there and integer fen here. Pure functions.
"""

import binascii
import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final, NoReturn

import msgspec

from app.card.scan_errors import MerchantCodeForeign, MerchantCodeWrong

GUID: Final = "00"
"""In a template of a merchant's account: whose network it is of."""
BILL: Final = "01"
TERMINAL: Final = "07"
"""In the additional data: the bill's number, and the till."""
_BEGINNING: Final = "0002"
_CHECKSUM: Final = "6304"
_MOST: Final = 512
_MOST_IN_OBJECT: Final = 99
_MOST_IN_ADDITIONAL: Final = 25
_FIRST_OF_NETWORKS: Final = "50"
"""From here on, the additional data are templates of payment networks."""
_FEN: Final = 100
_AMOUNT: Final = re.compile(r"\A(?=.{1,13}\Z)([0-9]+)(?:\.([0-9]{0,2}))?\Z", re.ASCII)
_ACCOUNTS: Final = frozenset(f"{name:02d}" for name in range(2, 52))
_TEMPLATES: Final = frozenset(f"{name:02d}" for name in range(26, 52))
_FREE: Final = frozenset(f"{name:02d}" for name in (55, 56, 57, 61, *range(64, 100)))
_ANY_LETTERS: Final = frozenset(f"{name:02d}" for name in range(64, 100))
"""Objects that may hold what isn't ASCII."""
_NEEDED: Final = ("52", "53", "58", "59", "60")
_FORMS: Final = {
    name: re.compile(rf"\A{form}\Z", re.ASCII)
    for name, form in {
        "00": "01",
        "01": "1[12]",
        "52": "[0-9]{4}",
        "53": "[0-9]{3}",
        "55": "0[123]",
        "57": r"[0-9]{1,2}(\.[0-9]{0,2})?",
        "58": "[A-Z]{2}",
        "59": ".{1,25}",
        "60": ".{1,15}",
        "61": ".{1,10}",
    }.items()
}
_YUAN: Final = "156"
_CHINA: Final = "CN"


class Method(StrEnum):
    """How often a code may be paid by: again and again, or once."""

    STATIC = "11"
    DYNAMIC = "12"


class Flaw(StrEnum):
    """What is wrong with a code."""

    CHARACTERS = "characters"
    LENGTH = "length"
    DUPLICATE = "duplicate"
    ORDER = "order"
    CHECKSUM = "checksum"
    MISSING = "missing"
    VALUE = "value"
    AMOUNT = "amount"
    CURRENCY = "currency"
    COUNTRY = "country"
    CHANGED = "changed"
    """Well formed, but not what was issued under its number."""


class Presented(msgspec.Struct, frozen=True, kw_only=True):
    """What a code says. `accounts` are the objects 02-51 and `additional` those within 62, by name; `others` is all that isn't read here.

    `category` is the merchant category code (ISO 18245); the currency is yuan (156) and the country China.
    """

    accounts: dict[str, str]
    category: str
    name: str
    city: str
    method: Method | None = None
    amount_fen: int | None = None
    additional: dict[str, str] = {}
    others: dict[str, str] = {}

    def account_of(self, guid: str) -> dict[str, str] | None:
        """The account that the merchant has in a network, if any: what stands in the template of that name (RFC 4343: whatever its case)."""
        templates = (objects(value) for name, value in self.accounts.items() if name in _TEMPLATES)
        return next((one for one in templates if one[GUID].upper() == guid.upper()), None)


def crc(text: str) -> str:
    """CRC-16/CCITT-FALSE (polynomial 1021, initial FFFF, not reflected) in four upper-case hexadecimal digits."""
    return f"{binascii.crc_hqx(text.encode(), 0xFFFF):04X}"


def read(text: str) -> Presented:
    """Read a code. Refuses (`MerchantCodeForeign`) what doesn't begin as one, and (`MerchantCodeWrong`) one with any flaw."""
    if not text.startswith(_BEGINNING):
        raise MerchantCodeForeign
    if len(text) > _MOST:
        _refuse(Flaw.LENGTH)
    if not text.isprintable():
        _refuse(Flaw.CHARACTERS)
    if text[-8:-4] != _CHECKSUM:
        _refuse(Flaw.ORDER, "63")
    if crc(text[:-4]) != text[-4:]:
        _refuse(Flaw.CHECKSUM, "63")
    found = objects(text)
    if list(found)[-1] != "63":
        _refuse(Flaw.ORDER, "63")
    _check(found)
    return Presented(
        accounts=_only(found, _ACCOUNTS),
        category=found["52"],
        name=found["59"],
        city=found["60"],
        method=Method(found["01"]) if "01" in found else None,
        amount_fen=fen_of(found["54"]) if "54" in found else None,
        additional=objects(found["62"]) if "62" in found else {},
        others=_only(found, _FREE),
    )


def write(code: Presented) -> str:
    """Write a code, its objects in the order of their names; refuses (`MerchantCodeWrong`) what can't be read back the same."""
    values = {
        "00": "01",
        **({"01": code.method.value} if code.method else {}),
        **code.accounts,
        "52": code.category,
        "53": _YUAN,
        "58": _CHINA,
        "59": code.name,
        "60": code.city,
        **({"54": yuan_of(code.amount_fen)} if code.amount_fen is not None else {}),
        **({"62": joined(code.additional)} if code.additional else {}),
        **code.others,
    }
    body = joined(values) + _CHECKSUM
    text = body + crc(body)
    if read(text) != code:
        _refuse(Flaw.VALUE)
    return text


def objects(text: str) -> dict[str, str]:
    """The data objects of a text by their names, in their order; refuses a wrong length, an empty value, and a second of one name."""
    found: dict[str, str] = {}
    while text:
        head, text = text[:4], text[4:]
        if len(head) < len(_CHECKSUM) or not (head.isascii() and head.isdigit()):
            _refuse(Flaw.LENGTH, head[:2])
        name, size = head[:2], int(head[2:])
        value, text = text[:size], text[size:]
        if not 0 < size == len(value):
            _refuse(Flaw.LENGTH, name)
        if name in found:
            _refuse(Flaw.DUPLICATE, name)
        found[name] = value
    return found


def joined(values: dict[str, str]) -> str:
    """Data objects in the order of their names; refuses a value that is empty or too long."""
    for name, value in values.items():
        if not 0 < len(value) <= _MOST_IN_OBJECT:
            _refuse(Flaw.LENGTH, name)
    return "".join(f"{name}{len(value):02d}{value}" for name, value in sorted(values.items()))


def fen_of(yuan: str) -> int:
    """An amount in fen, from at most 13 digits with at most two decimals (`198.42`, `98`, `98.`); refuses zero and anything else."""
    read_as = _AMOUNT.match(yuan)
    fen = int(read_as[1]) * _FEN + int(f"{read_as[2] or '':0<2}") if read_as else 0
    if not fen:
        _refuse(Flaw.AMOUNT, "54")
    return fen


def yuan_of(fen: int) -> str:
    """198.42, as a code says it."""
    return f"{fen // _FEN}.{fen % _FEN:02d}"


def _check(found: dict[str, str]) -> None:
    """Refuse what is missing, and every value that isn't of its object's form."""
    for name, value in found.items():
        if name not in _ANY_LETTERS and not value.isascii():
            _refuse(Flaw.CHARACTERS, name)
        if name in _FORMS and not _FORMS[name].match(value):
            _refuse(Flaw.VALUE, name)
        if name in _TEMPLATES and GUID not in objects(value):
            _refuse(Flaw.MISSING, name)
    for name, value in objects(found.get("62", "")).items():
        if len(value) > _MOST_IN_ADDITIONAL and name < _FIRST_OF_NETWORKS:
            _refuse(Flaw.LENGTH, f"62.{name}")
    for name in _NEEDED:
        if name not in found:
            _refuse(Flaw.MISSING, name)
    if not _ACCOUNTS & found.keys():
        _refuse(Flaw.MISSING, "26")
    _check_money(found)


def _check_money(found: dict[str, str]) -> None:
    if found["53"] != _YUAN:
        _refuse(Flaw.CURRENCY, "53")
    if found["58"] != _CHINA:
        _refuse(Flaw.COUNTRY, "58")
    tip = found.get("55")
    for name, kind in (("56", "02"), ("57", "03")):
        if (name in found) != (tip == kind):
            _refuse(Flaw.MISSING if tip == kind else Flaw.VALUE, name)
    if "56" in found:
        fen_of(found["56"])


def _only(found: dict[str, str], names: Iterable[str]) -> dict[str, str]:
    return {name: value for name, value in found.items() if name in names}


def _refuse(flaw: Flaw, name: str | None = None) -> NoReturn:
    raise MerchantCodeWrong(flaw=flaw.value) if name is None else MerchantCodeWrong(flaw=flaw.value, object=name)
