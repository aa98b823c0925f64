"""What each push matter does (`pushes.toml`), beside what the catalogue says of it. Pure, but for the catalogue in use.

Texts change by two officers; what a matter does changes with the product. Both together are the terms that somebody agrees to.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal

import msgspec

from app.kernel.words import Words
from app.notices.errors import NotPushed
from app.notices.subscribers import Advertising
from app.privacy.purposes import PUSH_ADVERTISING, PUSH_PUBLIC, PUSH_SOCIAL, Purpose
from app.residents.ages import CONSENTS_AT
from integrations.departments.schooling import DIVISIONS
from lifecycle.catalogue import published
from lifecycle.catalogue.structs import Kind, Matter
from lifecycle.catalogue.structs import Push as PushText
from lifecycle.rules.data_files import DataFileError, read_tables

PUSHES: Final = Path(__file__).with_name("pushes.toml")
Sender = Literal["public", "social"]


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that can be chosen."""

    code: str
    name: Words


class Ask(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What people may choose of a matter: some of the choices, or whatever fits the shape (a month, a school's code)."""

    code: str
    name: Words
    choices: tuple[Choice, ...] = ()
    shape: str = ""

    def takes(self, value: str) -> bool:
        """Whether a value can be chosen."""
        if self.shape:
            return re.fullmatch(self.shape, value) is not None
        return any(value == choice.code for choice in self.choices)


AREA: Final = Ask(
    "area", Words(zh="区市", en="Divisions"), tuple(Choice(code, name) for code, name in DIVISIONS.items())
)


class PushFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a push matter does, as `pushes.toml` writes it and explains."""

    matter: str
    sender: Sender = "public"
    advertising: Advertising = "never"
    sensitive: bool = False
    from_age: int = CONSENTS_AT
    below_age: int | None = None
    most: int
    days: int
    urgent: bool = False
    area: bool = False
    asks: tuple[Ask, ...] = ()

    @property
    def every_ask(self) -> tuple[Ask, ...]:
        """What can be chosen, areas too."""
        return (*((AREA,) if self.area else ()), *self.asks)

    def problems(self) -> Iterable[str]:
        """What contradicts itself, in one sentence each."""
        if self.most < 1 or self.days < 1:
            yield "most, days: at least one"
        if any(bool(ask.choices) == bool(ask.shape) for ask in self.asks):
            yield "asks: choices or a shape"
        if any("." in ask.code for ask in self.asks) or len({ask.code for ask in self.every_ask}) < len(self.every_ask):
            yield "asks: each a name of its own, without a dot"


class Push(msgspec.Struct, frozen=True):
    """A push matter: its facts, its published matter, and what that says of it."""

    facts: PushFacts
    matter: Matter
    text: PushText

    @property
    def purpose(self) -> Purpose:
        """The purpose that covers it, and silences it where it is taken back."""
        if self.facts.advertising == "always":
            return PUSH_ADVERTISING
        return PUSH_PUBLIC if self.facts.sender == "public" else PUSH_SOCIAL

    @property
    def terms(self) -> str:
        """The digest of what is agreed to. A corrected name or summary changes nothing; what is sent, used or advertised does."""
        facts = self.facts
        told = (self.text, self.matter.department.code, facts.sender, facts.advertising, facts.sensitive)
        return hashlib.sha256(msgspec.json.encode(told)).hexdigest()[:32]

    def unknown_topics(self, topics: Iterable[str]) -> tuple[str, ...]:
        """Those topics (`area.370602`) that can't be chosen of it."""
        asks = {ask.code: ask for ask in self.facts.every_ask}
        named = [(topic, *topic.partition(".")[::2]) for topic in topics]
        return tuple(topic for topic, ask, value in named if ask not in asks or not asks[ask].takes(value))


@cache
def every_fact() -> Mapping[str, PushFacts]:
    """The facts of every push matter, by its code. Raises `DataFileError`."""
    found: dict[str, PushFacts] = {}
    for line, facts in read_tables(PUSHES, "push", PushFacts):
        for problem in (*facts.problems(), *(("matter: stands there twice",) if facts.matter in found else ())):
            raise DataFileError(PUSHES, line, "", problem)
        found[facts.matter] = facts
    return found


def push_of(matter: Matter) -> Push | None:
    """A matter as one that can be switched on; nothing if that doesn't work (yet)."""
    facts = every_fact().get(matter.code)
    if facts is None or matter.push is None or Kind.PUSH not in matter.live:
        return None
    return Push(facts, matter, matter.push)


def find(code: str) -> Push:
    """A push matter by its code; refuses `MatterUnknown`, and `NotPushed` one that can't be switched on."""
    push = push_of(published.matter(code))
    if push is None:
        raise NotPushed(matter=code)
    return push
