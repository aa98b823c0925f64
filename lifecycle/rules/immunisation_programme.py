"""The national immunisation programme (国家免疫规划) as data: which vaccines, at what ages, how far apart.

Read from `parameters/immunisation.toml`; the edition follows from the day that is asked about.
"""

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from app.kernel.identity_numbers import Sex
from app.kernel.words import Words
from lifecycle.rules.ages import Span
from lifecycle.rules.parameters import Reading

SpanText = Annotated[str, Meta(pattern=r"\A(0|[1-9][0-9]{0,3})[dmy]\Z")]
PREFIX = "immunisation"


class Interval(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A minimum interval after an earlier dose of the same series."""

    dose: int
    interval: SpanText


class AfterSeries(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A minimum interval between the last dose of another series and the first of this one."""

    series: str
    interval: SpanText


class Note(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What else to know from an age on."""

    from_age: SpanText
    zh: str
    en: str


class Instead(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The vaccine that is given once the usual one isn't any more."""

    vaccine: str
    given_before: SpanText


class DoseRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When one dose of a series is given; ages and intervals are minima, `complete_before` and `given_before` bounds."""

    number: int
    vaccine: str
    min_age: SpanText
    complete_before: SpanText | None = None
    given_before: SpanText | None = None
    after: tuple[Interval, ...] = ()
    instead: Instead | None = None
    note: Note | None = None

    def complete_before_date(self, birth_date: date) -> date | None:
        """The day by which the dose should have been given."""
        return Span.read(self.complete_before).after(birth_date) if self.complete_before else None

    def vaccine_on(self, day: date, birth_date: date) -> str | None:
        """Which vaccine this dose is on a day, or none once the child is too old for it."""
        if self.given_before is None or day < Span.read(self.given_before).after(birth_date):
            return self.vaccine
        if self.instead is not None and day < Span.read(self.instead.given_before).after(birth_date):
            return self.instead.vaccine
        return None


class SeriesRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The doses against one disease, and the vaccines that count towards them."""

    counts: tuple[str, ...]
    doses: tuple[DoseRule, ...]
    sex: Sex | None = None
    born_after: date | None = None
    instead_of: str | None = None
    after_series: AfterSeries | None = None

    def __post_init__(self) -> None:
        """Refuse doses that aren't numbered 1, 2, 3 … or that wait for a later dose."""
        if [dose.number for dose in self.doses] != list(range(1, len(self.doses) + 1)):
            raise ValueError("doses are numbered from 1 on")
        if any(wait.dose >= dose.number for dose in self.doses for wait in dose.after):
            raise ValueError("a dose waits for a later one")

    def meant_for(self, birth_date: date, sex: Sex) -> bool:
        """Say whether the programme gives this series to the child at all."""
        return (self.sex is None or self.sex is sex) and (self.born_after is None or birth_date > self.born_after)


class Programme(msgspec.Struct, frozen=True):
    """One edition of the programme."""

    edition: Words
    series: dict[str, SeriesRule]
    names: dict[str, Words]
    live_injectables: frozenset[str]
    live_spacing_days: int
    overdue_after_days: int
    catch_up_until: Span


def read_programme(reading: Reading) -> Programme:
    """Read the edition that holds on the reading's day. Raises `ParameterUnknown` before the first edition on file."""
    return Programme(
        edition=reading.get(f"{PREFIX}.edition", Words),
        series={
            name: reading.get(f"{PREFIX}.series.{name}", SeriesRule)
            for name in reading.get(f"{PREFIX}.series", tuple[str, ...])
        },
        names=reading.get(f"{PREFIX}.vaccines", dict[str, Words]),
        live_injectables=reading.get(f"{PREFIX}.live_injectables", frozenset[str]),
        live_spacing_days=reading.number(f"{PREFIX}.live_spacing_days"),
        overdue_after_days=reading.number(f"{PREFIX}.overdue_after_days"),
        catch_up_until=Span.read(reading.text(f"{PREFIX}.catch_up_until")),
    )
