"""Whether what somebody declares can be so: days against a life, sex and age against the law, details against their types. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from app.kernel.errors import FieldProblem
from app.kernel.structs import Line
from app.residents.ages import birthday
from lifecycle.life_events.definitions import Definition, DetailText, DetailType, Sex
from lifecycle.rules.parameters import Reading

Details = Mapping[str, str | int]
Division = Annotated[str, Meta(pattern=r"\A[0-9]{6}([0-9]{3})?([0-9]{3})?\Z")]
_TYPES: Final[dict[DetailType, Any]] = {
    "date": date,
    "line": Line,
    "division": Division,
    "count": int,
    "amount_fen": int,
}


class Known(msgspec.Struct, frozen=True):
    """What is known of whom it is about."""

    birth_date: date | None
    sex: Sex | None


class Said(msgspec.Struct, frozen=True):
    """What is declared: on which day it was, and what else."""

    occurred_on: date
    details: Details


def flaws(definition: Definition, said: Said, known: Known, law: Reading) -> tuple[FieldProblem, ...]:
    """Everything that can't be so, as of the law's day; nothing where it can."""
    return (
        *_of_day(definition, said.occurred_on, known, law.as_of),
        *_of_person(definition, said.occurred_on, known, law),
        *_of_details(definition, said, known, law.as_of),
    )


def least_age(definition: Definition, sex: Sex | None, law: Reading) -> int:
    """From which age on it can be, by law or by reason: the lower one where the law has two and the sex isn't known."""
    if definition.least_age is not None:
        return law.number(definition.least_age)
    by_sex = definition.least_age_by_sex
    if by_sex is None:
        return 0
    both = {"male": law.number(by_sex.male), "female": law.number(by_sex.female)}
    return both[sex] if sex is not None else min(both.values())


def last_day(definition: Definition, today: date) -> date:
    """The last day on which it can have been, or be about to be."""
    return today + timedelta(days=definition.future_days)


def _of_day(definition: Definition, on: date, known: Known, today: date) -> Iterator[FieldProblem]:
    if on > last_day(definition, today):
        yield _flaw("/occurred_on", "in_the_future", "lies too far ahead")
    if known.birth_date is not None and on < known.birth_date:
        yield _flaw("/occurred_on", "before_birth", "lies before the birth")
    if definition.past_days is not None and on < today - timedelta(days=definition.past_days):
        yield _flaw("/occurred_on", "too_long_ago", f"lies more than {definition.past_days} days back")


def _of_person(definition: Definition, on: date, known: Known, law: Reading) -> Iterator[FieldProblem]:
    if definition.sex is not None and known.sex not in {None, definition.sex}:
        yield _flaw("/event", "other_sex", f"is of {definition.sex} persons only")
    least = least_age(definition, known.sex, law)
    if known.birth_date is not None and on < birthday(known.birth_date, least):
        yield _flaw("/event", "too_young", f"is from the age of {least} on")


def _of_details(definition: Definition, said: Said, known: Known, today: date) -> Iterator[FieldProblem]:
    wanted = {one.name: one for one in definition.details}
    for name in sorted(set(said.details) - set(wanted)):
        yield _flaw(f"/details/{name}", "unknown", "isn't asked of this event")
    for name, detail in wanted.items():
        if name in said.details:
            yield from _of_detail(definition, detail, said, known, today)
        elif detail.required:
            yield _flaw(f"/details/{name}", "missing", "is needed")


def _of_detail(
    definition: Definition, detail: DetailText, said: Said, known: Known, today: date
) -> Iterator[FieldProblem]:
    pointer, given = f"/details/{detail.name}", said.details[detail.name]
    try:
        value = msgspec.convert(given, _TYPES[detail.type])
    except msgspec.ValidationError as error:
        yield _flaw(pointer, "wrong", str(error))
        return
    if isinstance(value, date):
        earliest = said.occurred_on - timedelta(days=detail.days_before)
        if value > last_day(definition, today):
            yield _flaw(pointer, "in_the_future", "lies too far ahead")
        if value < max(earliest, known.birth_date or earliest):
            yield _flaw(pointer, "too_early", "lies too long before")
    elif isinstance(value, int) and not detail.least <= value <= detail.most:
        yield _flaw(pointer, "out_of_range", f"is between {detail.least} and {detail.most}")


def _flaw(pointer: str, code: str, message: str) -> FieldProblem:
    return FieldProblem(pointer=pointer, code=code, message=message)
