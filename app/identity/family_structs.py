"""The citizen's family on the wire."""

from datetime import date
from typing import Literal
from uuid import UUID

from app.identity.delegation_structs import DelegationView
from app.kernel.actors import Scope
from app.kernel.structs import View
from app.residents.structs import SexCode

AsSeen = Literal["ward", "guardian", "child", "parent", "spouse"]


class TieView(View, frozen=True, kw_only=True):
    """One tie to a relative: what they are to the caller, who says so, since when, and the first day on which it ends.

    `custody` is a guardianship's: whether the ward lives with this guardian; null where nobody decided.
    """

    relation: AsSeen
    source: str
    since: date
    until: date | None
    custody: bool | None


class RelativeView(View, frozen=True, kw_only=True):
    """A member of the family. `relations` says what they are to the caller.

    `may_act_for` says whether the caller may apply for them today, by guardianship or by a power; `scopes` is all that they may do
    for them with `Fuhai-Acting-For`.
    """

    id: UUID
    name: str | None
    relations: list[AsSeen]
    ties: list[TieView]
    birth_date: date | None
    sex: SexCode | None
    id_number_masked: str | None
    may_act_for: bool
    scopes: list[Scope]


class FamilyView(View, frozen=True, kw_only=True):
    """The caller's family as the departments know it, and the powers that hold or are offered, within it and beyond."""

    items: list[RelativeView]
    powers_given: list[DelegationView]
    powers_received: list[DelegationView]
