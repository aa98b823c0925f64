"""Where a value is corrected: the body of the request for correction, filled in, so that one tap asks for it."""

from typing import Any, Final
from uuid import UUID

import msgspec

from app.kernel.words import Words
from app.privacy.provenance import provenance_of
from app.privacy.structs import NewCorrection
from lifecycle.catalogue import published
from lifecycle.facts import of_residents
from lifecycle.facts.declaring import SOURCE as DECLARED
from lifecycle.facts.structs import CorrectView
from lifecycle.rules.facts import FactKind, Said

_LONGEST: Final = 150
_OF_RESIDENTS: Final = {
    "birth_date": ("resident", "birth_date"),
    "sex": ("resident", "sex"),
    "died_on": ("resident", "died_on"),
    "division": ("resident", "division_code"),
    "registered": ("resident", "id_number"),
    "children": ("kinship", "relation"),
    "guardians": ("kinship", "relation"),
    "marital_status": ("kinship", "relation"),
    "bereavements": ("kinship", "relation"),
}
_ROOMS: Final = {
    of_residents.SOURCE: Words(zh="居民信息（公安核验）", en="Residents, as the police confirmed"),
    DECLARED: Words(zh="您自己填报", en="Declared by yourself"),
}
_OFFICE: Final = Words(zh="本平台", en="This portal")


def source_name(source: str) -> Words:
    """The name of a source in words."""
    return _ROOMS.get(source) or published.department_name(source) or _OFFICE


def correct(
    kind: FactKind[Any], said: Said[Any], others: tuple[Said[Any], ...], ward: UUID | None = None
) -> CorrectView | None:
    """How to have a value of one's own, or of a ward's, corrected; what another source says stands as what is wanted."""
    if said.source == DECLARED:
        return CorrectView("declareFact", None)
    table, column, department = _place(kind, said)
    known = provenance_of(table)
    if known is None or known.correct != "request":
        return None
    other = next((one for one in others if one.value != said.value), None)
    return CorrectView(
        "askCorrection",
        NewCorrection(
            table=table,
            column=column,
            department=department,
            fact=kind.name,
            what_is_wrong=_wrong(kind, said, other),
            wanted_value=_short(other.value) if other else "请核实后更正",
            person_id=ward,
        ),
    )


def _place(kind: FactKind[Any], said: Said[Any]) -> tuple[str, str, str | None]:
    if said.source == of_residents.SOURCE:
        return (*_OF_RESIDENTS.get(kind.name, ("", "")), None)
    if published.department_name(said.source) is not None:
        return ("remembered_answer", "answer", said.source)
    return ("", "", None)


def _wrong(kind: FactKind[Any], said: Said[Any], other: Said[Any] | None) -> str:
    told = f"{kind.title.zh}：{source_name(said.source).zh}记为{_short(said.value)}（{said.as_of}）"
    if other is None:
        return f"{told}，与实际情况不符。"
    return f"{told}，{source_name(other.source).zh}记为{_short(other.value)}（{other.as_of}），两者不一致。"


def _short(value: object) -> str:
    """A value in a line."""
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode().strip('"')
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
