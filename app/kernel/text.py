"""Text as it is stored and shown: normal form, and masks for what shouldn't be read in full."""

import unicodedata


def normalised(text: str) -> str:
    """NFC, without surrounding white space."""
    return unicodedata.normalize("NFC", text).strip()


def masked_phone(phone: str) -> str:
    """139****1234."""
    return f"{phone[:3]}****{phone[-4:]}"


def masked_id_number(number: str) -> str:
    """370602********0013."""
    return f"{number[:6]}********{number[-4:]}"


def masked_document_number(number: str) -> str:
    """H******78: the first character and the last two."""
    return f"{number[0]}{'*' * max(len(number) - 3, 1)}{number[-2:]}"


def masked_name(name: str) -> str:
    """王*红: the first character, and the last of three or more."""
    last = name[-1] if len(name) > 2 else ""  # noqa: PLR2004 - three characters or more
    return name[0] + "*" * max(len(name) - 1 - len(last), 1) + last
