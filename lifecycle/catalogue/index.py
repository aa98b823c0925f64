"""The catalogue in memory: the stages, the matters on offer, and lists of them."""

import hashlib
from collections.abc import Callable, Mapping
from functools import cached_property

import msgspec

from app.kernel.paging import Page, decode_cursor, page
from lifecycle.catalogue import search
from lifecycle.catalogue.errors import MatterUnknown, SituationUnknown, StageUnknown
from lifecycle.catalogue.files import (
    CatalogueFiles,
    KnownDataText,
    LifeEventText,
    MaterialText,
    MatterText,
    StageText,
    TimeLimitText,
)
from lifecycle.catalogue.structs import (
    Department,
    Kind,
    KnownData,
    Material,
    Matter,
    MatterSummary,
    Situation,
    Stage,
    TimeLimit,
)

Rank = Callable[[search.Entry, tuple[str, ...], tuple[str, ...]], int | None]


class Key(msgspec.Struct, frozen=True, order=True, array_like=True):
    """Where a matter stands in a list: how well it fits, then the order of life."""

    rank: int
    stage_order: int
    position: int
    code: str


class Filter(msgspec.Struct, frozen=True):
    """Which matters are asked for; nothing given means all of them."""

    stage: str | None = None
    kind: Kind | None = None
    words: str = ""
    department: str | None = None
    situation: str | None = None


class Catalogue:
    """The stages and the published matters. It never changes; a new one replaces it."""

    def __init__(
        self, content: CatalogueFiles, versions: Mapping[str, int], entries: Mapping[str, search.Entry]
    ) -> None:
        self._content = content
        self._order = {stage.slug: stage.order for stage in content.stages}
        self._entries = entries
        self._matters = {
            code: self.shown(stage, text, versions[code]) for code, (stage, text) in content.matters.items()
        }
        self._summaries = {code: _summary(matter) for code, matter in self._matters.items()}
        self._situations = {code: self._said(matter) for code, matter in self._matters.items()}

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """The stages of life in order, each with the number of its matters."""
        slugs = [stage for stage, _ in self._content.matters.values()]
        return tuple(_stage(stage, slugs.count(stage.slug)) for stage in self._content.stages if not stage.beside)

    @cached_property
    def all_stages(self) -> tuple[Stage, ...]:
        """The stages of life, and what stands beside them (the citizen card)."""
        slugs = [stage for stage, _ in self._content.matters.values()]
        beside = [stage for stage in self._content.stages if stage.beside]
        return (*self.stages, *(_stage(stage, slugs.count(stage.slug)) for stage in beside))

    @cached_property
    def digest(self) -> str:
        """What changes whenever anything in the catalogue does."""
        everything = msgspec.json.encode((self.stages, list(self._matters.values())))
        return hashlib.sha256(everything).hexdigest()[:32]

    def stage(self, slug: str) -> Stage:
        """Return a stage, or what stands beside them (the citizen card). Raises `StageUnknown`."""
        for stage in self.all_stages:
            if stage.slug == slug:
                return stage
        raise StageUnknown(stage=slug)

    @property
    def matters(self) -> tuple[Matter, ...]:
        """Every published matter."""
        return tuple(self._matters.values())

    def matter(self, code: str) -> Matter:
        """Return a published matter. Raises `MatterUnknown`."""
        if code not in self._matters:
            raise MatterUnknown(matter=code)
        return self._matters[code]

    @property
    def departments(self) -> Mapping[str, Department]:
        """Every department of the files, by its code."""
        return self._content.departments

    @property
    def life_events(self) -> Mapping[str, LifeEventText]:
        """Every life event of the files, by its code."""
        return self._content.life_events

    @cached_property
    def situations(self) -> tuple[Situation, ...]:
        """The life events that bring matters up, in the order of a life, each with how many."""
        brought = [code for matter in self._matters.values() for code in matter.trigger_events]
        return tuple(
            Situation(code=one.code, name=one.name, said=one.said, matters=brought.count(one.code))
            for one in self.life_events.values()
            if one.code in brought
        )

    def department(self, code: str) -> Department:
        """Return a department by its code; one that no file names is a mistake of ours (`KeyError`)."""
        return self._content.departments[code]

    def page(self, wanted: Filter, cursor: str | None, limit: int) -> Page[MatterSummary]:
        """List matters, the best fitting first, then in the order of life. Raises `StageUnknown`, `CursorWrong`."""
        after = decode_cursor(cursor, Key) if cursor else None
        found = [key for key in self._found(wanted) if after is None or key > after][: limit + 1]
        last = found[limit - 1] if len(found) > limit else None
        return page([self._summaries[key.code] for key in found], limit, last)

    def _found(self, wanted: Filter) -> list[Key]:
        """What fits as it was typed; only if nothing does, what fits nearly."""
        if wanted.stage is not None:
            self.stage(wanted.stage)
        if wanted.situation is not None and wanted.situation not in self.life_events:
            raise SituationUnknown(situation=wanted.situation)
        matters = [(place, one) for place, one in enumerate(self._matters.values()) if _is_wanted(one, wanted)]
        words = search.words_of(wanted.words)
        return self._ranked(matters, words, search.rank) or self._ranked(matters, words, search.rank_nearly)

    def _ranked(self, matters: list[tuple[int, Matter]], words: tuple[str, ...], rank_by: Rank) -> list[Key]:
        keys = []
        for place, matter in matters:
            rank = rank_by(self._entries[matter.code], self._situations[matter.code], words)
            if rank is not None:
                keys.append(Key(rank, self._order[matter.stage], place, matter.code))
        return sorted(keys)

    def _said(self, matter: Matter) -> tuple[str, ...]:
        """How people put the events that bring a matter up."""
        events = [self.life_events[code] for code in matter.trigger_events if code in self.life_events]
        return tuple(search.folded(text) for one in events for text in (one.name.zh, one.name.en, *one.said))

    def shown(self, stage: str, text: MatterText, version: int) -> Matter:
        """A matter's text as everybody sees it."""
        return Matter(
            code=text.code,
            version=version,
            stage=stage,
            name=text.name,
            summary=text.summary,
            what=text.what,
            who=text.who,
            materials=tuple(self._material(material) for material in text.materials),
            known_data=tuple(self._known(one) for one in text.known_data),
            cost=text.cost,
            apply_within=_limit(text.apply_within),
            takes=_limit(text.takes),
            promised=_limit(text.promised),
            push=text.push,
            result=text.result,
            afterwards=text.afterwards,
            kinds=text.kinds,
            live=text.live,
            department=self._content.departments[text.department],
            counter=text.counter,
            signature=text.signature,
            level=text.level,
            opt_in=text.opt_in,
            legal_basis=text.legal_basis,
            trigger_events=text.trigger_events,
            legacy_name=text.legacy_name,
            bundled=text.bundled,
        )

    def _known(self, text: KnownDataText) -> KnownData:
        return KnownData(name=text.name, source=self._content.departments[text.source], data_class=text.data_class)

    def _material(self, text: MaterialText) -> Material:
        sharer = self._content.departments[text.waived_by] if text.waived_by else None
        return Material(code=text.code, name=text.name, required=text.required, waived_by=sharer, note=text.note)


def _is_wanted(matter: Matter, wanted: Filter) -> bool:
    return (
        wanted.stage in {None, matter.stage}
        and (wanted.kind is None or wanted.kind in matter.kinds)
        and wanted.department in {None, matter.department.code}
        and (wanted.situation is None or wanted.situation in matter.trigger_events)
    )


def _stage(text: StageText, matters: int) -> Stage:
    return Stage(slug=text.slug, code=text.code, order=text.order, name=text.name, text=text.text, matters=matters)


def _limit(text: TimeLimitText | None) -> TimeLimit | None:
    if text is None:
        return None
    return TimeLimit(
        count=text.count,
        unit=text.unit,
        text=text.text,
        source=text.source,
        verified_on=text.verified_on,
        illustrative=text.illustrative,
    )


def _summary(matter: Matter) -> MatterSummary:
    return MatterSummary(
        code=matter.code,
        stage=matter.stage,
        name=matter.name,
        summary=matter.summary,
        kinds=matter.kinds,
        live=matter.live,
        department=matter.department,
    )
