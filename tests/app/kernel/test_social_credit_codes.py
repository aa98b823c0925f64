"""Unified social credit codes by the worked examples (GB 32100-2015, GB 11714): the form and both check characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.social_credit_codes import ALPHABET, Flaw, read_code, with_check, with_organisation_check

RIGHT = ["9144030071526726XG", "914403001922038216", "91330100799655058B", "91370602MA3TE5T03N"]
organisations = st.text(ALPHABET, min_size=8, max_size=8)


class TestCheckCharacters:
    @pytest.mark.parametrize("code", RIGHT)
    def test_of_codes_that_are_right_are_those_that_are_worked_out(self, code: str) -> None:
        assert with_check(code[:17]) == code
        assert with_organisation_check(code[8:16]) == code[8:17]

    def test_of_a_code_that_is_wrong_are_others(self) -> None:
        assert with_check("91370600MA3C00000") == "91370600MA3C000008"
        assert with_organisation_check("MA3C0000") != "MA3C00000"


class TestReadCode:
    @pytest.mark.parametrize("text", [*RIGHT, RIGHT[0].lower()])
    def test_takes_codes_that_are_right(self, text: str) -> None:
        code = read_code(text)

        assert code is not None
        assert (code.code, code.flaws) == (text.upper(), ())

    def test_tells_what_a_code_says(self) -> None:
        code = read_code("9144030071526726XG")

        assert code is not None
        assert (code.authority, code.kind, code.division_code) == ("9", "1", "440300")
        assert code.organisation_code == "71526726-X"

    def test_names_both_characters_where_both_are_wrong(self) -> None:
        code = read_code("91370600MA3C000000")

        assert code is not None
        assert code.flaws == (Flaw.ORGANISATION_CHECK, Flaw.CHECK_CHARACTER)
        assert code.check == "8"

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "1" * 17,
            "1" * 19,
            str(10**18),
            "９144030071526726XG",
            " 9144030071526726XG",
            "9144030071526726XG\n",
            "9I44030071526726XG",
            "91A4030071526726XG",
            "9144030071526726XO",
            "ß144030071526726XG",
            "9144030071526726X٤",
        ],
    )
    def test_does_not_read_what_has_not_the_form(self, text: str) -> None:
        assert read_code(text) is None

    @given(organisations, st.integers(110000, 659999), st.sampled_from(["91", "92", "11", "12", "51", "Y1"]))
    def test_reads_back_what_was_completed(self, organisation: str, division: int, kind: str) -> None:
        made = with_check(f"{kind}{division}{with_organisation_check(organisation)}")
        code = read_code(made.lower())

        assert code is not None
        assert (code.code, code.flaws, code.division_code) == (made, (), str(division))

    @given(organisations, st.integers(0, 17), st.integers(1, 30))
    def test_finds_every_single_wrong_sign(self, organisation: str, place: int, shift: int) -> None:
        made = with_check(f"91370602{with_organisation_check(organisation)}")
        sign = ALPHABET[(ALPHABET.index(made[place]) + shift) % 31]
        code = read_code(made[:place] + sign + made[place + 1 :])

        assert code is None or code.flaws

    @given(st.text(max_size=20))
    def test_reads_any_text_or_none(self, text: str) -> None:
        code = read_code(text)

        assert code is None or len(code.code) == 18
