"""How kinds of transfers are called."""

from typing import get_args

from app.card.kinds import KINDS
from app.card.structs import TransferKind


def test_every_kind_has_a_name_of_its_own() -> None:
    assert set(KINDS) == set(get_args(TransferKind))
    assert len({words.zh for words in KINDS.values()}) == len({words.en for words in KINDS.values()}) == len(KINDS)
