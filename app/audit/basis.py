"""What gives somebody the right to look at a person's data."""

from typing import Literal

import msgspec

BasisKind = Literal["case", "campaign", "consent", "registry"]


class Basis(msgspec.Struct, frozen=True):
    """A case, a campaign, a consent or a registry's own duty, by its id or number."""

    kind: BasisKind
    id: str
