"""The fields of a form: how they are described, changed one by one, and made whole. Pure.

A form is a frozen struct of annotated fields. A draft holds each field's value by itself: what the citizen wrote and what departments
said; the struct is made only when the case is submitted.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final, TypeVar, get_args

import msgspec
from msgspec import NODEFAULT, Meta

from app.kernel.errors import FieldProblem
from app.kernel.labels import WORDS
from app.kernel.words import Words
from cloud_disk.rules import has_signature
from lifecycle.cases.errors import FieldsWrong, FormIncomplete
from lifecycle.cases.material_structs import MATERIAL, MaterialAsked

F = TypeVar("F", bound=msgspec.Struct)
PAPERS: Final = ("application/pdf", "image/jpeg", "image/png")
_MIB: Final = 1024 * 1024


class Known(msgspec.Struct, frozen=True):
    """A value that a department gave: which one, and when it held."""

    value: Any
    source: str
    as_of: datetime


class Prefill(msgspec.Struct, frozen=True):
    """What departments say of a form's fields, and the codes of those that couldn't be asked just now."""

    known: dict[str, Known] = {}
    unavailable: tuple[str, ...] = ()

    def after(self, newer: "Prefill") -> "Prefill":
        """What is known once newer answers are in; while somebody is silent, what was said before stays with its own "as of".

        Once everybody has answered, what nobody says any more isn't known.
        """
        return Prefill({**self.known, **newer.known}, newer.unavailable) if newer.unavailable else newer

    def joined(self, other: "Prefill") -> "Prefill":
        """What two answers say together."""
        return Prefill({**self.known, **other.known}, tuple(dict.fromkeys(self.unavailable + other.unavailable)))


class AskedIf(msgspec.Struct, frozen=True):
    """A field that is asked for only where another one has one of these values; `needed` says that it must be given then."""

    field: str
    values: tuple[str | int | bool, ...]
    needed: bool = True


class Field(msgspec.Struct, frozen=True):
    """One field of a form as people and rules see it."""

    name: str
    type: Any
    label: Words
    hint: Words | None
    editable: bool
    required: bool
    section: Words | None = None
    asked_if: AskedIf | None = None
    material: MaterialAsked | None = None

    def is_asked(self, given: Mapping[str, Any]) -> bool:
        """Say whether it is asked for, by what else is given."""
        return self.asked_if is None or given.get(self.asked_if.field) in self.asked_if.values

    def is_needed(self, given: Mapping[str, Any]) -> bool:
        """Say whether the form isn't whole without it; of a material, where nothing waives it."""
        if self.material is not None:
            return self.material.needed and self.is_asked(given)
        return self.required or (self.asked_if is not None and self.asked_if.needed and self.is_asked(given))


def field(  # noqa: PLR0913 - each says one thing about the field
    label: Words,
    hint: Words | None = None,
    *,
    editable: bool = True,
    section: Words | None = None,
    asked_if: AskedIf | None = None,
    values: Mapping[str, Words] | None = None,
) -> Meta:
    """Describe a field of a form; one that isn't editable only ever comes from departments.

    Fields of a `section` stand together; `values` are the words of a code.
    """
    words: dict[str, Any] = {
        "label": label,
        "hint": hint,
        "editable": editable,
        "section": section,
        "asked_if": asked_if,
    }
    if values is not None:
        words["values"] = dict(values)
    return Meta(
        title=label.zh,
        description=hint.zh if hint else label.zh,
        extra_json_schema={WORDS: msgspec.to_builtins(words), "readOnly": not editable},
    )


def material(  # noqa: PLR0913 - a declaration, read by name
    label: Words,
    hint: Words | None = None,
    *,
    types: tuple[str, ...] = PAPERS,
    most_mib: int = 20,
    waived_by: tuple[str, ...] = (),
    licence_types: tuple[str, ...] = (),
    needed: bool = True,
    section: Words | None = None,
    asked_if: AskedIf | None = None,
) -> Meta:
    """Describe a material (材料) of a form: a field of `MaterialRef | None`, which is attached instead of written.

    It isn't needed where departments fill in every field of `waived_by`, where the person holds a valid licence of `licence_types`, and
    where `needed` is false. Refuses a type that can't be told by its first bytes.
    """
    if not all(has_signature(one) for one in types):
        message = f"a material's type must be told by its bytes: {', '.join(types)}"
        raise ValueError(message)
    described = field(label, hint, section=section, asked_if=asked_if)
    asked = MaterialAsked(types, most_mib * _MIB, waived_by, licence_types, needed)
    extra = {**(described.extra_json_schema or {}), MATERIAL: msgspec.to_builtins(asked)}
    return Meta(title=described.title, description=described.description, extra_json_schema=extra)


@cache
def fields_of(form: type[msgspec.Struct]) -> Mapping[str, Field]:
    """The fields of a form by name, in its order; each must have been described by `field`."""
    return {one.name: _field(one) for one in msgspec.structs.fields(form)}


def _field(one: msgspec.structs.FieldInfo) -> Field:
    described = next((meta for meta in get_args(one.type)[1:] if isinstance(meta, Meta) and meta.title), None)
    extra: dict[str, Any] = (described.extra_json_schema or {}) if described else {}
    if WORDS not in extra:
        message = f"the form's field {one.name} has no words"
        raise ValueError(message)
    words = extra[WORDS]
    return Field(
        name=one.name,
        type=one.type,
        label=msgspec.convert(words["label"], Words),
        hint=msgspec.convert(words["hint"], Words | None),
        editable=words["editable"],
        required=one.default is NODEFAULT and one.default_factory is NODEFAULT,
        section=msgspec.convert(words.get("section"), Words | None),
        asked_if=msgspec.convert(words.get("asked_if"), AskedIf | None),
        material=msgspec.convert(extra.get(MATERIAL), MaterialAsked | None),
    )


def schema(form: type[msgspec.Struct]) -> dict[str, Any]:
    """The form's JSON Schema (2020-12), with Chinese and English words for each field."""
    return msgspec.json.schema(form)


def changed(form: type[msgspec.Struct], answers: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """Merge changed fields into a draft's answers; null takes an answer away. The types are checked at once.

    Refuses (`FieldsWrong`) unknown fields, values of another kind, and fields that aren't the citizen's to fill in.
    """
    known = fields_of(form)
    problems = [problem for name, value in change.items() if (problem := problem_of(known.get(name), name, value))]
    if problems:
        raise FieldsWrong(errors=tuple(problems))
    return {name: value for name, value in {**answers, **change}.items() if value is not None}


def problem_of(one: Field | None, name: str, value: object) -> FieldProblem | None:
    """What is wrong with an answer to a field; nothing, if it may be kept."""
    if one is None:
        return FieldProblem(pointer=f"/form/{name}", code="unknown", message="no such field")
    if not one.editable:
        return FieldProblem(pointer=f"/form/{name}", code="not_editable", message="it comes from a department")
    if one.material is not None and value is not None:
        return FieldProblem(
            pointer=f"/form/{name}", code="not_editable", message="it is attached at …/materials/{field}"
        )
    try:
        if value is not None:
            msgspec.convert(value, one.type, strict=True)
    except msgspec.ValidationError as error:
        return FieldProblem(pointer=f"/form/{name}", code="wrong", message=str(error))
    return None


def values(form: type[msgspec.Struct], answers: Mapping[str, Any], known: Mapping[str, Known]) -> dict[str, Any]:
    """Every field that is asked for and has a value: what the citizen wrote, or else what departments said."""
    described = fields_of(form)
    given = {
        name: answers[name] if name in answers else known[name].value
        for name in described
        if name in answers or name in known
    }
    return {name: value for name, value in given.items() if value is not None and described[name].is_asked(given)}


def whole(form: type[F], given: Mapping[str, Any], waived: Collection[str] = ()) -> F:
    """Make the form of its values; refuses (`FormIncomplete`) missing ones, and materials that nothing waives, all of them at once."""
    described = fields_of(form).values()
    missing = [one for one in described if one.is_needed(given) and one.name not in given and one.name not in waived]
    if missing:
        raise FormIncomplete(errors=tuple(_missing(one) for one in missing))
    return msgspec.convert(dict(given), form)


def _missing(one: Field) -> FieldProblem:
    if one.material is not None:
        return FieldProblem(pointer=f"/form/{one.name}", code="material_needed", message="this material is needed")
    if one.editable:
        return FieldProblem(pointer=f"/form/{one.name}", code="missing", message="this is needed")
    return FieldProblem(
        pointer=f"/form/{one.name}", code="awaiting_department", message="its department hasn't answered yet"
    )


def differing(before: Mapping[str, Known], now: Mapping[str, Known]) -> list[str]:
    """The fields of which departments say something else now; both sides must be complete."""
    return sorted(name for name in {*before, *now} if _value(before.get(name)) != _value(now.get(name)))


def _value(known: Known | None) -> object:
    return known.value if known else None
