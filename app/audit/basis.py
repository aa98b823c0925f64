"""What gives somebody the right to look at a person's data."""

from typing import Literal

import msgspec

BasisKind = Literal["case", "campaign", "consent", "registry", "freeze", "power", "guardianship", "counter"]


class Basis(msgspec.Struct, frozen=True):
    """A case, a campaign, a consent, a registry's own duty, a freeze that was asked for, a power, a guardianship, or a visit.

    It goes by its id or number; a visit to a counter by that of the device.
    """

    kind: BasisKind
    id: str
