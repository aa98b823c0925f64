"""Dated parameters: what the law or the city can change, with the source of each value.

The values live in `parameters/*.toml` and are read once. A rule takes a `Reading` of a day: it hands out values and
remembers which were used, so that an answer can name them with source and date.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import msgspec

from app.kernel.errors import Unprocessable
from app.kernel.words import Words
from lifecycle.rules.data_files import DataFileError, read_tables

T = TypeVar("T")

FOLDER: Final = Path(__file__).parent / "parameters"
YANTAI: Final = "370600"
COUNTRY: Final = "CN"
_DAY: Final = timedelta(days=1)


class ParameterUnknown(Unprocessable):
    """The law's value for that day isn't on file, so the rule can't answer for it."""

    code = "parameter_unknown"
    title = Words(
        zh="没有该日期适用的标准，无法测算。", en="No value is on file for that day, so this can't be calculated."
    )


class Parameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One value of one key, in a region, from `valid_from` to `valid_to` (both included; none means until further notice).

    `region` is CN or a division's code. `illustrative` marks a figure that nobody has confirmed for the region.
    """

    key: str
    value: Any
    unit: str
    region: str
    valid_from: date
    source: str
    verified_on: date
    valid_to: date | None = None
    illustrative: bool = False

    def __post_init__(self) -> None:
        """Refuse what can't be: an end before the beginning, a number that isn't exact, a source that isn't named."""
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("valid_to lies before valid_from")
        if not self.source.strip():
            raise ValueError("the source isn't named")
        if _holds_float(self.value):
            raise ValueError("write a fraction as text, so that it stays exact")

    @property
    def id(self) -> str:
        """The key, region and first day, which together name one value."""
        return f"{self.key}@{self.region}@{self.valid_from.isoformat()}"

    def covers(self, day: date) -> bool:
        """Say whether the value holds on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Used(msgspec.Struct, frozen=True):
    """A parameter that an answer rests on."""

    id: str
    key: str
    unit: str
    source: str
    valid_from: date
    valid_to: date | None
    verified_on: date
    illustrative: bool


class Parameters:
    """Every value of every key, looked up by day and region."""

    def __init__(self, values: Iterable[Parameter]) -> None:
        """Take the values; `load` checks them against each other first."""
        self._by_key: dict[tuple[str, str], list[Parameter]] = defaultdict(list)
        self._shaped: dict[tuple[str, Any], tuple[Parameter, Any]] = {}
        for value in sorted(values, key=lambda one: one.valid_from):
            self._by_key[value.key, value.region].append(value)

    def find(self, key: str, as_of: date, region: str = YANTAI) -> Parameter:
        """Return what held on a day: the region's own value, or else its city's, province's, the country's.

        Raises `ParameterUnknown` where no value covers the day.
        """
        for place in _wider(region):
            for value in self._by_key.get((key, place), ()):
                if value.covers(as_of):
                    return value
        raise ParameterUnknown(key=key, as_of=as_of.isoformat())

    def shaped(self, parameter: Parameter, type_: type[T]) -> T:
        """Return a value of these as `type_`, which is worked out once and shared: take it as it is."""
        place = (parameter.id, type_)
        of, shaped = self._shaped.get(place, (None, None))
        if of is not parameter:
            shaped = msgspec.convert(parameter.value, type_)
            self._shaped[place] = (parameter, shaped)
        return cast("T", shaped)

    def begins_after(self, key: str, as_of: date, region: str = YANTAI) -> date | None:
        """The first day after a day from which a value of a key is on file, if there is one."""
        values = (value for place in _wider(region) for value in self._by_key.get((key, place), ()))
        return min((value.valid_from for value in values if value.valid_from > as_of), default=None)

    def reading(self, as_of: date, region: str = YANTAI) -> "Reading":
        """Open a reading of one day, which remembers what it hands out."""
        return Reading(self, as_of, region)


class Reading:
    """The parameters as of one day in one region; it remembers which of them were used."""

    def __init__(self, parameters: Parameters, as_of: date, region: str = YANTAI) -> None:
        """Read `parameters` on `as_of`."""
        self.as_of = as_of
        self.region = region
        self._parameters = parameters
        self._used: dict[str, Parameter] = {}
        self._awaited: list[date] = []

    @property
    def used(self) -> tuple[Used, ...]:
        """What was handed out so far, in the order of first use."""
        return tuple(_used(parameter) for parameter in self._used.values())

    @property
    def used_ids(self) -> tuple[str, ...]:
        """The ids of what was handed out so far."""
        return tuple(self._used)

    @property
    def changes(self) -> tuple[date, ...]:
        """The days on which another value holds than was handed out so far, or one where none was on file."""
        ends = (one.valid_to + _DAY for one in self._used.values() if one.valid_to is not None)
        return (*ends, *self._awaited)

    def get(self, key: str, type_: type[T]) -> T:
        """Hand out a value as `type_`. Raises `ParameterUnknown`; a value of another shape is a broken data file."""
        try:
            parameter = self._parameters.find(key, self.as_of, self.region)
        except ParameterUnknown:
            begins = self._parameters.begins_after(key, self.as_of, self.region)
            self._awaited += [] if begins is None else [begins]
            raise
        self._used[parameter.id] = parameter
        return self._parameters.shaped(parameter, type_)

    def number(self, key: str) -> int:
        """Hand out a whole number."""
        return self.get(key, int)

    def text(self, key: str) -> str:
        """Hand out a text."""
        return self.get(key, str)


def parameter(key: str, as_of: date) -> Parameter:
    """Return what the shipped data say of a key on a day, in Yantai. Raises `ParameterUnknown`."""
    return shipped().find(key, as_of)


@cache
def shipped() -> Parameters:
    """Read the parameters that ship with the product, once per process."""
    return load(FOLDER)


def load(folder: Path) -> Parameters:
    """Read and check every file of a folder.

    Raises `DataFileError` with file, line and field for a wrong table, for two values of a key that overlap, and for a
    gap between two values of a key.
    """
    placed = [
        (path, line, value)
        for path in sorted(folder.glob("*.toml"))
        for line, value in read_tables(path, "parameter", Parameter)
    ]
    series = defaultdict(list)
    for place in placed:
        series[place[2].key, place[2].region].append(place)
    for values in series.values():
        _refuse_overlap_and_gap(sorted(values, key=lambda place: place[2].valid_from))
    return Parameters(value for _, _, value in placed)


def _refuse_overlap_and_gap(values: Sequence[tuple[Path, int, Parameter]]) -> None:
    for (_, _, earlier), (path, line, later) in pairwise(values):
        if earlier.valid_to is None or later.valid_from <= earlier.valid_to:
            raise DataFileError(path, line, "valid_from", f"{later.id} overlaps {earlier.id}")
        if later.valid_from > earlier.valid_to + timedelta(days=1):
            raise DataFileError(path, line, "valid_from", f"a gap lies between {earlier.id} and {later.id}")


@cache
def _wider(region: str) -> tuple[str, ...]:
    """The places whose values hold in a region, the nearest first: 370602, 370600, 370000, CN."""
    steps = (region, f"{region[:4]}00", f"{region[:2]}0000", COUNTRY) if region != COUNTRY else (COUNTRY,)
    return tuple(dict.fromkeys(steps))


def _used(value: Parameter) -> Used:
    return Used(
        id=value.id,
        key=value.key,
        unit=value.unit,
        source=value.source,
        valid_from=value.valid_from,
        valid_to=value.valid_to,
        verified_on=value.verified_on,
        illustrative=value.illustrative,
    )


def _holds_float(value: object) -> bool:
    if isinstance(value, dict):
        return any(_holds_float(part) for part in value.values())
    if isinstance(value, list):
        return any(_holds_float(part) for part in value)
    return isinstance(value, float)
