"""The catalogue's files: stages, departments, life events, and each stage's `matters.toml`, checked at the start.

Every mistake is a `DataFileError` that tells file, line and field.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from app.kernel.actors import DataClass
from app.kernel.words import Words
from lifecycle.catalogue.structs import (
    Department,
    DepartmentCode,
    EventCode,
    Kind,
    Push,
    Signature,
    Slug,
    StageCode,
    TimeUnit,
)
from lifecycle.rules.data_files import DataFileError, read_tables

LIFECYCLE: Final = Path(__file__).parent.parent
HIGHEST_LEVEL: Final = 3


class StageText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A stage as `stages.toml` writes it. One that is `beside` the stages of life has matters, and isn't listed among them."""

    slug: Slug
    code: StageCode
    order: int
    name: Words
    text: Words
    beside: bool = False


class LifeEventText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A life event that may bring matters up; `said` is how people put it, as they type it."""

    code: EventCode
    name: Words
    said: tuple[str, ...] = ()


class MaterialText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A paper that a matter asks for, and the department that shares it."""

    code: Slug
    name: Words
    required: bool
    waived_by: DepartmentCode | None = None
    note: Words | None = None


class TimeLimitText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A time limit as a file writes it: where it is from, and when somebody looked there."""

    count: int
    unit: TimeUnit
    text: Words
    source: str
    illustrative: bool
    verified_on: date | None = None


class KnownDataText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a department is asked for; `data_class` is the kind of personal data, and left out where it is about nobody."""

    name: Words
    source: DepartmentCode
    data_class: DataClass | None = None


class MatterText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A matter as a stage's file writes it; the field names are those of the public `Matter`.

    Fields that were added later have defaults, so that older versions can still be read. `problems` is for files.
    """

    code: Slug
    name: Words
    summary: Words
    what: Words
    who: Words
    cost: Words
    result: Words
    afterwards: Words
    counter: Words
    kinds: tuple[Kind, ...]
    department: DepartmentCode
    level: int
    live: tuple[Kind, ...] = ()
    materials: tuple[MaterialText, ...] = ()
    known_data: tuple[KnownDataText, ...] = ()
    apply_within: TimeLimitText | None = None
    takes: TimeLimitText | None = None
    promised: TimeLimitText | None = None
    push: Push | None = None
    signature: Signature = Signature.NONE
    opt_in: bool = False
    legal_basis: tuple[Words, ...] = ()
    trigger_events: tuple[EventCode, ...] = ()
    search_terms: tuple[str, ...] = ()
    legacy_name: str | None = None
    bundled: bool = False

    def problems(self) -> Iterator[str]:
        """What contradicts itself, in one sentence each."""
        if not self.kinds or len(set(self.kinds)) < len(self.kinds):
            yield "kinds: at least one, each once"
        if not set(self.live) <= set(self.kinds):
            yield "live: only what stands in kinds"
        if not (Kind.PUSH in self.kinds) == (self.push is not None) == self.opt_in:
            yield "push: whatever is pushed says what is sent and on what data, and is opt_in"
        if any(limit and limit.verified_on is None for limit in (self.apply_within, self.takes, self.promised)):
            yield "verified_on: a time limit says when its source was looked at"
        if (self.signature is not Signature.NONE) and Kind.APPLY not in self.kinds:
            yield "signature: only an application is signed"
        if not 0 <= self.level <= HIGHEST_LEVEL:
            yield "level: 0 to 3"
        for field in ("name", "summary", "what", "who", "cost", "result", "afterwards", "counter"):
            words: Words = getattr(self, field)
            if not words.zh.strip() or not words.en.strip():
                yield f"{field}: a text is empty"


class CatalogueFiles(msgspec.Struct, frozen=True):
    """What all files together say: matters by code, each with its stage's slug."""

    stages: tuple[StageText, ...]
    departments: dict[str, Department]
    life_events: dict[str, LifeEventText]
    matters: dict[str, tuple[str, MatterText]]


@cache
def shipped_files() -> CatalogueFiles:
    """What this program's own files say; they don't change while it runs."""
    return read_files(LIFECYCLE)


def read_files(lifecycle: Path) -> CatalogueFiles:
    """Read and check every file of a catalogue.

    Refuses a code that stands there twice, and a department, life event or stage that isn't known.
    """
    stages = tuple(
        sorted((stage for _, stage in read_tables(lifecycle / "stages.toml", "stage", StageText)), key=_order)
    )
    folder = lifecycle / "catalogue"
    departments = {one.code: one for _, one in read_tables(folder / "departments.toml", "department", Department)}
    events = {one.code: one for _, one in read_tables(folder / "life_events.toml", "life_event", LifeEventText)}
    files = CatalogueFiles(stages, departments, events, {})
    for path in sorted(lifecycle.glob("*/matters.toml")):
        for line, matter in read_tables(path, "matter", MatterText):
            for problem in matter.problems():
                raise DataFileError(path, line, "", problem)
            _refuse_unknown(files, path, line, matter)
            files.matters[matter.code] = (path.parent.name, matter)
    return files


def _refuse_unknown(files: CatalogueFiles, path: Path, line: int, matter: MatterText) -> None:
    if path.parent.name not in {stage.slug for stage in files.stages}:
        raise DataFileError(path, 1, "", f"{path.parent.name} isn't a stage of stages.toml")
    if matter.code in files.matters:
        raise DataFileError(path, line, "code", f"{matter.code} stands there twice")
    for field, problem in unknown_codes(matter, files.departments, files.life_events):
        raise DataFileError(path, line, field, problem)


def unknown_codes(
    matter: MatterText, departments: Mapping[str, Department], life_events: Mapping[str, LifeEventText]
) -> Iterator[tuple[str, str]]:
    """Each code in a matter that nobody knows, with its field."""
    sharers = (one.waived_by for one in matter.materials if one.waived_by)
    for code in (matter.department, *sharers, *(one.source for one in matter.known_data)):
        if code not in departments:
            yield "department", f"{code} isn't a department"
    for event in matter.trigger_events:
        if event not in life_events:
            yield "trigger_events", f"{event} isn't a life event"


def _order(stage: StageText) -> int:
    return stage.order
