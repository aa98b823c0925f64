"""Card numbers and clearing accounts say where they live, and a slip of the finger is caught."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.card.accounts import Clearing, clearing_account
from app.card.numbers import is_card_number, luhn_digit, masked_number, new_card_number
from app.kernel.ids import SHARDS, shard_of


class TestCardNumber:
    @given(st.sampled_from(SHARDS))
    def test_names_its_shard_and_is_well_formed(self, shard: int) -> None:
        number = new_card_number(shard)

        assert is_card_number(number)
        assert (number[:4], int(number[4:8]), len(number)) == ("3706", shard, 19)

    @given(st.sampled_from(SHARDS), st.integers(0, 18), st.integers(1, 9))
    def test_catches_each_single_wrong_digit(self, shard: int, place: int, by: int) -> None:
        number = new_card_number(shard)
        wrong = f"{number[:place]}{(int(number[place]) + by) % 10}{number[place + 1 :]}"

        assert not is_card_number(wrong)

    def test_has_the_check_digit_of_the_standard(self) -> None:
        assert luhn_digit("622202160401234567") == "2"
        assert luhn_digit("7992739871") == "3"

    @pytest.mark.parametrize("text", ["", "3706", "３７０６" + "0" * 15, "37060060123456789012", "3706 060123456789 1"])
    def test_is_nothing_else(self, text: str) -> None:
        assert not is_card_number(text)

    def test_shows_four_digits_on_a_receipt(self) -> None:
        assert masked_number("3706006012345678901") == "**** 8901"


class TestClearingAccount:
    def test_lives_in_its_shard_and_is_nobody_elses(self) -> None:
        accounts = [clearing_account(shard, purpose) for shard in SHARDS for purpose in Clearing]

        assert len(set(accounts)) == len(SHARDS) * len(Clearing)
        assert {shard_of(account) for account in accounts} == set(SHARDS)
        assert {account.version for account in accounts} == {7}
