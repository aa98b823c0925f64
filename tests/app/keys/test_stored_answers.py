"""A stored answer opens in its own row only."""

import pytest

from app.kernel.ids import new_plain_id
from app.keys.sealing import SealBroken
from app.keys.stored_answers import SealedAnswers


class TestSealedAnswers:
    def test_are_opened_in_their_own_row(self) -> None:
        row_id = new_plain_id()

        sealed = SealedAnswers().seal(row_id, b'{"balance_fen":700}')

        assert b"700" not in sealed
        assert SealedAnswers().open(row_id, sealed) == b'{"balance_fen":700}'

    def test_are_closed_in_any_other(self) -> None:
        sealed = SealedAnswers().seal(new_plain_id(), b"{}")

        with pytest.raises(SealBroken):
            SealedAnswers().open(new_plain_id(), sealed)
