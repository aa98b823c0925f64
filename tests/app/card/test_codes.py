"""A payer's code says nothing to whoever reads it, and can't be made or changed by anybody else."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.card.codes import LIVES, new_code, read_code, write_code
from app.card.errors import PayerCodeWrong
from app.kernel import clock
from app.kernel.ids import new_id, new_person_id, shard_of
from app.keys.master import MasterKey

MASTER = MasterKey({1: bytes(range(32))})
OTHER = MasterKey({1: bytes(32)})
CARD = new_id(new_person_id())


class TestCode:
    def test_is_read_back_whole(self) -> None:
        code = new_code(CARD, clock.now())

        assert read_code(write_code(code, master=MASTER), master=MASTER) == code

    @pytest.mark.parametrize("level", [0, 1, 2, 3])
    @pytest.mark.parametrize("new_device", [False, True])
    def test_says_who_shows_it(self, level: int, *, new_device: bool) -> None:
        code = new_code(CARD, clock.now(), new_device=new_device, level=level)

        read = read_code(write_code(code, master=MASTER), master=MASTER)

        assert (read.level, read.new_device) == (level, new_device)

    def test_lives_a_minute_in_the_cards_shard(self) -> None:
        now = clock.now()

        code = new_code(CARD, now)

        assert timedelta(seconds=60) == LIVES
        assert timedelta(seconds=59) <= code.expires_at - now <= LIVES
        assert shard_of(code.id) == shard_of(CARD)

    def test_knows_to_the_millisecond_whether_it_was_shown_before(self) -> None:
        before = clock.now()
        code = new_code(CARD, before)
        after = clock.now() + timedelta(milliseconds=1)

        assert not code.shown_before(None)
        assert not code.shown_before(before - timedelta(milliseconds=1))
        assert code.shown_before(after)

    def test_fits_a_small_qr_code_and_shows_nothing(self) -> None:
        code = new_code(CARD, clock.now())

        first, second = write_code(code, master=MASTER), write_code(code, master=MASTER)

        assert len(first) <= 120
        assert first.isascii()
        assert first.isalnum()
        assert first == first.upper()
        assert first[10:] != second[10:]

    @given(st.integers(0, 109), st.integers(1, 31))
    def test_is_nothing_when_one_character_is_changed(self, place: int, further: int) -> None:
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
        text = write_code(new_code(CARD, clock.now()), master=MASTER)
        other = letters[(letters.index(text[place]) + further) % len(letters)]

        with pytest.raises(PayerCodeWrong):
            read_code(text[:place] + other + text[place + 1 :], master=MASTER)

    def test_has_one_spelling(self) -> None:
        text = write_code(new_code(CARD, clock.now()), master=MASTER)

        for other in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".replace(text[-1], ""):
            with pytest.raises(PayerCodeWrong):
                read_code(text[:-1] + other, master=MASTER)

    @pytest.mark.parametrize("text", ["", "A", "not a code", "A" * 111, "a" * 111, "付款码", "0" * 111, "=" * 16])
    def test_refuses_anything_else(self, text: str) -> None:
        with pytest.raises(PayerCodeWrong):
            read_code(text, master=MASTER)

    def test_refuses_a_code_of_another_city(self) -> None:
        with pytest.raises(PayerCodeWrong):
            read_code(write_code(new_code(CARD, clock.now()), master=OTHER), master=MASTER)
