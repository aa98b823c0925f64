"""A child's vaccination schedule (预防接种程序): what is done, what is due, what was missed and when it can be caught up.

Source: 国家免疫规划疫苗儿童免疫程序及说明, the edition of the day asked about. A series is never started again: the
missing doses follow with minimum intervals. Pure; it advises, and the vaccination clinic decides.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import StrEnum

import msgspec

from app.kernel.errors import Unprocessable
from app.kernel.identity_numbers import Sex
from app.kernel.words import Words
from lifecycle.rules import immunisation_words as words
from lifecycle.rules.ages import Span
from lifecycle.rules.immunisation_programme import DoseRule, Programme, SeriesRule, read_programme
from lifecycle.rules.parameters import Parameters, Reading, Used


class DoseImpossible(Unprocessable):
    """A dose is said to have been given before birth, or in the future."""

    code = "dose_impossible"
    title = Words(
        zh="接种日期不可能早于出生或晚于查询日。",
        en="A dose can't have been given before birth or after the day asked about.",
    )


class Given(msgspec.Struct, frozen=True, order=True, rename={"on": "given_on"}):
    """A dose that was given: the day, and the vaccine's code; on the wire the day is `given_on`."""

    on: date
    vaccine: str


class DoseStatus(StrEnum):
    """Where a dose stands on the day asked about."""

    DONE = "done"
    DUE = "due"
    OVERDUE = "overdue"
    FUTURE = "future"
    NOT_APPLICABLE = "not_applicable"


class Dose(msgspec.Struct, frozen=True, kw_only=True):
    """One dose of the schedule. `earliest` is the first day on which it can be given, or none if it is done or never will be.

    `allowed_from` is the day from which an open dose could have been given, which for an overdue one lies in the past.
    """

    series: str
    vaccine: str
    name: Words
    number: int
    status: DoseStatus
    earliest: date | None
    complete_before: date | None
    done_on: date | None
    why: Words
    allowed_from: date | None = None


class Schedule(msgspec.Struct, frozen=True):
    """Every dose of the programme for one child, by day; what was given beyond it; and the parameters used."""

    edition: Words
    birth_date: date
    sex: Sex
    as_of: date
    doses: tuple[Dose, ...]
    not_counted: tuple[Given, ...]
    used: tuple[Used, ...]


class _Place(msgspec.Struct, frozen=True):
    """Where a missing dose falls: the day that the rules allow, the day planned (never in the past), and why."""

    earliest: date
    planned: date
    vaccine: str | None
    why: Words


def schedule(birth_date: date, sex: Sex, given: Iterable[Given], as_of: date, parameters: Parameters) -> Schedule:
    """Work out the schedule of a child on a day.

    The same dose told twice counts once. Vaccines outside the programme, and doses beyond a series, are listed as not
    counted. Raises `DoseImpossible` for a day before birth or after `as_of`, and `ParameterUnknown` where no edition holds.
    """
    return schedule_by(birth_date, sex, given, parameters.reading(as_of))


def schedule_by(birth_date: date, sex: Sex, given: Iterable[Given], reading: Reading) -> Schedule:
    """Work out the schedule of a child on a reading's day, which remembers what was read; refuses as `schedule` does."""
    told, as_of = sorted(set(given)), reading.as_of
    if as_of < birth_date or any(not birth_date <= dose.on <= as_of for dose in told):
        raise DoseImpossible(birth_date=birth_date.isoformat(), as_of=as_of.isoformat())
    plan = _Plan(birth_date, sex, told, reading)
    doses = sorted(plan.doses(), key=lambda dose: dose.done_on or dose.earliest or date.max)
    return Schedule(
        edition=plan.programme.edition,
        birth_date=birth_date,
        sex=sex,
        as_of=as_of,
        doses=tuple(doses),
        not_counted=tuple(plan.not_counted()),
        used=reading.used,
    )


class _Plan:
    """Places the missing doses one by one, the earliest first, so that each sees all that come before it."""

    def __init__(self, birth_date: date, sex: Sex, given: Sequence[Given], reading: Reading) -> None:
        self.birth_date, self.sex, self.given, self.as_of = birth_date, sex, given, reading.as_of
        self.programme: Programme = read_programme(reading)
        self.series = _chosen_series(self.programme.series, given)
        self.done = {name: _counted(rule, given) for name, rule in self.series.items()}
        self.days = {name: [dose.on for dose in done] for name, done in self.done.items()}
        self.live_days = {dose.on for dose in given if dose.vaccine in self.programme.live_injectables}

    def doses(self) -> Iterable[Dose]:
        """Every dose of every series, done ones first."""
        for name, rule in self.series.items():
            for dose, given in zip(rule.doses, self.done[name], strict=False):
                yield self._done(name, dose, given)
            if not rule.meant_for(self.birth_date, self.sex):
                for dose in rule.doses[len(self.done[name]) :]:
                    yield self._not_applicable(name, dose, words.NOT_MEANT_FOR_CHILD)
        yield from self._missing()

    def not_counted(self) -> Iterable[Given]:
        """What was given and belongs to no dose of the schedule."""
        counted = {dose for done in self.done.values() for dose in done}
        return (dose for dose in self.given if dose not in counted)

    def _missing(self) -> Iterable[Dose]:
        waiting = [name for name, rule in self.series.items() if rule.meant_for(self.birth_date, self.sex)]
        places: dict[str, _Place] = {}
        while waiting := [name for name in waiting if len(self.days[name]) < len(self.series[name].doses)]:
            places |= {name: self._place(name) for name in waiting if name not in places}
            name = min(waiting, key=lambda one: places[one].planned)
            place, dose = places[name], self.series[name].doses[len(self.days[name])]
            if place.vaccine is None:
                yield from (
                    self._not_applicable(name, late, place.why) for late in self.series[name].doses[dose.number - 1 :]
                )
                waiting.remove(name)
                continue
            self.days[name].append(place.planned)
            live = place.vaccine in self.programme.live_injectables
            if live:
                self.live_days.add(place.planned)
            places = {one: found for one, found in places.items() if not self._moves(one, name, live=live)}
            yield self._open(name, dose, place, place.vaccine)

    def _moves(self, one: str, planned: str, *, live: bool) -> bool:
        """Whether the next dose of a series may fall otherwise once one of another (or its own) is planned."""
        rule = self.series[one]
        after = rule.after_series is not None and rule.after_series.series == planned
        return (
            one == planned
            or after
            or (live and rule.doses[len(self.days[one])].vaccine in self.programme.live_injectables)
        )

    def _place(self, name: str) -> _Place:
        dose = self.series[name].doses[len(self.days[name])]
        earliest, why = max(self._bounds(name, dose), key=lambda bound: bound[0])
        planned = max(earliest, self.as_of)
        if dose.vaccine in self.programme.live_injectables and (spaced := self._spaced(planned)) != planned:
            earliest = planned = spaced
            why = words.live_spacing(self.programme.live_spacing_days)
        vaccine = dose.vaccine_on(planned, self.birth_date)
        if vaccine is None or planned >= self.programme.catch_up_until.after(self.birth_date):
            return _Place(earliest, planned, None, words.TOO_OLD)
        return _Place(earliest, planned, vaccine, why)

    def _bounds(self, name: str, dose: DoseRule) -> Iterable[tuple[date, Words]]:
        days, after = self.days[name], self.series[name].after_series
        age = Span.read(dose.min_age)
        yield age.after(self.birth_date), words.minimum_age(age)
        for wait in dose.after:
            interval = Span.read(wait.interval)
            yield interval.after(days[wait.dose - 1]), words.interval_after_dose(wait.dose, interval)
        if dose.number == 1 and after is not None and (others := self.days.get(after.series)):
            interval = Span.read(after.interval)
            yield interval.after(max(others)), words.interval_after_series(self._name_of(after.series), interval)

    def _spaced(self, day: date) -> date:
        """Move a live injectable away from the others: the same day, or so many days apart."""
        apart = timedelta(days=self.programme.live_spacing_days)
        for other in sorted(self.live_days):
            if day != other and abs(day - other) < apart:
                day = other + apart
        return day

    def _name_of(self, series: str) -> Words:
        return self.programme.names[self.series[series].doses[0].vaccine]

    def _done(self, series: str, dose: DoseRule, given: Given) -> Dose:
        return Dose(
            series=series,
            vaccine=given.vaccine,
            name=self.programme.names[given.vaccine],
            number=dose.number,
            status=DoseStatus.DONE,
            earliest=None,
            complete_before=dose.complete_before_date(self.birth_date),
            done_on=given.on,
            why=words.given_on(given.on),
        )

    def _not_applicable(self, series: str, dose: DoseRule, why: Words) -> Dose:
        return Dose(
            series=series,
            vaccine=dose.vaccine,
            name=self.programme.names[dose.vaccine],
            number=dose.number,
            status=DoseStatus.NOT_APPLICABLE,
            earliest=None,
            complete_before=None,
            done_on=None,
            why=why,
        )

    def _open(self, series: str, dose: DoseRule, place: _Place, vaccine: str) -> Dose:
        complete_before = dose.complete_before_date(self.birth_date)
        status = self._status(place.earliest, complete_before)
        note = (
            dose.note if dose.note and Span.read(dose.note.from_age).after(self.birth_date) <= place.planned else None
        )
        return Dose(
            series=series,
            vaccine=vaccine,
            name=self.programme.names[vaccine],
            number=dose.number,
            status=status,
            earliest=self.as_of if status is DoseStatus.OVERDUE else place.earliest,
            complete_before=complete_before,
            done_on=None,
            why=words.explained(place.why, note, overdue=status is DoseStatus.OVERDUE),
            allowed_from=place.earliest,
        )

    def _status(self, earliest: date, complete_before: date | None) -> DoseStatus:
        if self.as_of < earliest:
            return DoseStatus.FUTURE
        missed = complete_before is not None and self.as_of >= complete_before
        if missed or self.as_of > earliest + timedelta(days=self.programme.overdue_after_days):
            return DoseStatus.OVERDUE
        return DoseStatus.DUE


def _chosen_series(series: dict[str, SeriesRule], given: Sequence[Given]) -> dict[str, SeriesRule]:
    """Keep one of each pair of alternatives: the one that was begun first, or else the programme's usual one."""
    chosen = dict(series)
    for name, rule in series.items():
        if rule.instead_of is None:
            continue
        usual = series[rule.instead_of].counts
        begun = next((dose.vaccine for dose in given if dose.vaccine in {*rule.counts, *usual}), None)
        del chosen[rule.instead_of if begun in rule.counts else name]
    return chosen


def _counted(rule: SeriesRule, given: Sequence[Given]) -> list[Given]:
    """The given doses that fill a series, in order; two on one day are one."""
    by_day = {dose.on: dose for dose in reversed(given) if dose.vaccine in rule.counts}
    return [by_day[day] for day in sorted(by_day)][: len(rule.doses)]
