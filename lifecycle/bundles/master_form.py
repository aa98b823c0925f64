"""The master form: the fields of every step's form, each asked once. Pure.

Fields that are called alike, have the same words and take the same values are one field; any other gets its step's name before its
own. What a department knows for one step is given to no other department. Materials aren't asked here: a step that needs one waits
for it as a case of its own.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

import msgspec

from app.kernel.errors import FieldProblem
from lifecycle.bundles.definitions import Bundle, Step
from lifecycle.cases import fields
from lifecycle.cases.errors import FieldsWrong
from lifecycle.cases.fields import Field, Prefill
from lifecycle.cases.forms import form_of

SEPARATOR: Final = "__"


class Place(msgspec.Struct, frozen=True):
    """Where a field of the master form belongs: in which step's form, under which name there."""

    step: str
    name: str


class MasterField(msgspec.Struct, frozen=True):
    """One field, and every place to which its answer goes."""

    key: str
    field: Field
    places: tuple[Place, ...]


def master_fields(bundle: Bundle, left_out: Iterable[str]) -> list[MasterField]:
    """The fields of the chosen steps in order."""
    found: dict[str, MasterField] = {}
    for step in _applying(bundle, left_out):
        for one in fields.fields_of(form_of(step.matter).form).values():
            if one.material is not None:
                continue
            place = Place(step.code, one.name)
            known = found.get(one.name)
            if known is None:
                found[one.name] = MasterField(one.name, one, (place,))
            elif _alike(known.field, one):
                found[one.name] = msgspec.structs.replace(known, places=(*known.places, place))
            else:
                key = f"{step.code}{SEPARATOR}{one.name}"
                found[key] = MasterField(key, one, (place,))
    return list(found.values())


def _applying(bundle: Bundle, left_out: Iterable[str]) -> list[Step]:
    out = set(left_out)
    return [step for step in bundle.ordered if step.mode == "apply" and step.code not in out]


def _alike(one: Field, other: Field) -> bool:
    return (one.type, one.label, one.editable) == (other.type, other.label, other.editable)


def changed(described: list[MasterField], answers: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """Merge changed fields into the answers; null takes one away. Refuses (`FieldsWrong`) as a step's own form would."""
    by_key = {one.key: one for one in described}
    problems: list[FieldProblem] = []
    for key, value in change.items():
        one = by_key.get(key)
        problem = fields.problem_of(one.field if one else None, key, value)
        if problem is not None:
            problems.append(problem)
    if problems:
        raise FieldsWrong(errors=tuple(problems))
    return {key: value for key, value in {**answers, **change}.items() if value is not None}


def answers_of(described: list[MasterField], answers: Mapping[str, Any], step: str) -> dict[str, Any]:
    """What was answered for one step's form, by its own names."""
    return {
        place.name: answers[one.key]
        for one in described
        for place in one.places
        if place.step == step and one.key in answers
    }


def values(
    bundle: Bundle, left_out: Iterable[str], answers: Mapping[str, Any], known: Mapping[str, Prefill]
) -> dict[str, dict[str, Any]]:
    """Each step's form with what is given and known for it."""
    described = master_fields(bundle, left_out)
    return {
        step.code: fields.values(
            form_of(step.matter).form,
            answers_of(described, answers, step.code),
            known.get(step.code, Prefill()).known,
        )
        for step in _applying(bundle, left_out)
    }


Given = Mapping[str, Mapping[str, Any]]
"""Each step's form with what is given and known for it."""


def missing(bundle: Bundle, left_out: Iterable[str], given: Given, as_of: date) -> list[FieldProblem]:
    """What must be filled in before the bundle is submitted: of steps that begin at once everything, of later ones what the applicant answers."""
    described = master_fields(bundle, left_out)
    found: dict[str, FieldProblem] = {}
    for one in described:
        for place in one.places:
            step = bundle.step(place.step)
            own = given[place.step]
            wanted = one.field.is_needed(own) and place.name not in own
            if wanted and (one.field.editable or not step.needs):
                found[one.key] = _missing(one)
    return list(found.values()) or _contradictions(bundle, left_out, given, as_of)


def _missing(one: MasterField) -> FieldProblem:
    code = "missing" if one.field.editable else "awaiting_department"
    message = "this is needed" if one.field.editable else "its department hasn't answered yet"
    return FieldProblem(pointer=f"/form/{one.key}", code=code, message=message)


def _contradictions(bundle: Bundle, left_out: Iterable[str], given: Given, as_of: date) -> list[FieldProblem]:
    """What contradicts itself in the forms of the steps that begin at once, where nothing is missing."""
    found: list[FieldProblem] = []
    for step in _applying(bundle, left_out):
        if not step.needs:
            form = form_of(step.matter)
            described = fields.fields_of(form.form).values()
            attached = [one.name for one in described if one.material is not None]
            whole = fields.whole(form.form, given[step.code], attached)
            found.extend((*form.problems(whole), *form.problems_on(whole, as_of)))
    return found
