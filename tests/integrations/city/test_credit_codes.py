"""Unified social credit codes by the worked examples (GB 32100-2015, GB 11714): both check characters."""

import pytest

from integrations.city.employers import with_check, with_inner_check


class TestCheckCharacters:
    @pytest.mark.parametrize(
        "code", ["9144030071526726XG", "914403001922038216", "91330100799655058B", "91370602MA3TE5T03N"]
    )
    def test_of_codes_that_are_right_are_those_that_are_worked_out(self, code: str) -> None:
        assert with_check(code[:17]) == code
        assert with_inner_check(code[8:16]) == code[8:17]

    def test_of_a_code_that_is_wrong_are_others(self) -> None:
        assert with_check("91370600MA3C00000") == "91370600MA3C000008"
        assert with_inner_check("MA3C0000") != "MA3C00000"
