"""Travel and residence documents of who has no citizen identity number: their numbers read, checked, and brought to one form.

Pure functions. Nothing here says whether a number was ever issued: only the police know that. Documents whose number has the form
of GB 11643 (the residence permits of Hong Kong, Macao and Taiwan residents, the foreigner's card of 2023) count as identity cards.
"""

import re
from datetime import date
from enum import StrEnum
from typing import Final, Literal

import msgspec

DocumentType = Literal["id_card", "hm_permit", "tw_permit", "passport", "foreign_pr"]
"""居民身份证等 (GB 11643), 港澳居民来往内地通行证, 台湾居民来往大陆通行证, 护照, 外国人永久居留身份证 (2017 form, 15 characters)."""
ID_CARD: Final = "id_card"
PASSPORT: Final = "passport"

_HM_PERMIT: Final = re.compile(r"([HM][0-9]{8})(?:[0-9]{2})?", re.ASCII)
_TW_PERMIT: Final = re.compile(r"[0-9]{8}", re.ASCII)
_PASSPORT: Final = re.compile(r"[A-Z0-9]{5,9}", re.ASCII)
_STATE: Final = re.compile(r"[A-Z]{1,3}", re.ASCII)
_FOREIGN_PR: Final = re.compile(r"[A-Z]{3}[0-9]{4}([0-9]{6})[0-9]{2}", re.ASCII)
_STATE_LENGTH: Final = 3


class DocumentFlaw(StrEnum):
    """What is wrong with a number, in the order in which it is looked for."""

    STATE = "issuing_state"
    FORM = "form"
    BIRTH_DATE = "birth_date"


class DocumentNumberInvalid(ValueError):  # noqa: N818 - named as a fact
    """The text isn't a number of that kind of document; `flaw` says why. The text itself is never repeated."""

    def __init__(self, flaw: DocumentFlaw) -> None:
        """Name the flaw and nothing else, so that no number reaches a log by way of an exception."""
        super().__init__(flaw.value)
        self.flaw = flaw


class Document(msgspec.Struct, frozen=True):
    """A document by its kind and number, in the form in which it is stored and looked up."""

    type: DocumentType
    number: str

    def __repr__(self) -> str:
        """Show the kind only, because what is printed ends in a log."""
        return f"Document({self.type})"


def read_document(kind: DocumentType, text: str, issuing_state: str | None = None) -> Document:
    """Read the number of a document that isn't an identity card. Lower case becomes upper case.

    A passport's number is unique for its issuing state only, so it begins with the state's code as in the machine readable zone
    (ICAO 9303: one to three letters, filled up by `<`); other documents name no state. Raises `DocumentNumberInvalid` for the
    first flaw.
    """
    number, state = text.upper(), (issuing_state or "").upper()
    if (kind == PASSPORT) != (_STATE.fullmatch(state) is not None) or (state and kind != PASSPORT):
        raise DocumentNumberInvalid(DocumentFlaw.STATE)
    readers = {"hm_permit": _hm_permit, "tw_permit": _tw_permit, "passport": _passport, "foreign_pr": _foreign_pr}
    return Document(kind, state.ljust(_STATE_LENGTH, "<") * (kind == PASSPORT) + readers[kind](number))


def _hm_permit(number: str) -> str:
    """H or M and eight digits, which are the holder's for life; two more, on older cards, count how often it was issued anew."""
    return _matched(_HM_PERMIT, number)[1]


def _tw_permit(number: str) -> str:
    """Eight digits, the holder's for life (card of 2015)."""
    return _matched(_TW_PERMIT, number)[0]


def _passport(number: str) -> str:
    """Up to nine letters and digits (ICAO 9303-4); fewer than five are nobody's."""
    return _matched(_PASSPORT, number)[0]


def _foreign_pr(number: str) -> str:
    """Three letters of the nationality, four digits of the place, the birth date as YYMMDD, and two digits more."""
    found = _matched(_FOREIGN_PR, number)
    if not any(_is_date(f"{century}{found[1]}") for century in ("19", "20")):
        raise DocumentNumberInvalid(DocumentFlaw.BIRTH_DATE)
    return found[0]


def _matched(form: re.Pattern[str], number: str) -> re.Match[str]:
    found = form.fullmatch(number)
    if found is None:
        raise DocumentNumberInvalid(DocumentFlaw.FORM)
    return found


def _is_date(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True
