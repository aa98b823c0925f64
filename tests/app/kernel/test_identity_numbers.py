"""Identity numbers: the standard's arithmetic, the order of refusals, and what must never be printed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.identity_numbers import (
    Flaw,
    Holder,
    IdentityNumberInvalid,
    Sex,
    check_character,
    compose,
    parse,
)

TODAY = date(2026, 11, 22)

regions = st.integers(110000, 659999).map(str)
births = st.dates(date(1900, 1, 1), TODAY)
sequences = st.integers(0, 999)


def flaw_of(text: str, today: date = TODAY) -> Flaw:
    with pytest.raises(IdentityNumberInvalid) as refused:
        parse(text, today)
    return refused.value.flaw


class TestParse:
    @pytest.mark.parametrize(
        ("text", "region", "birth_date", "sex"),
        [
            ("370602199003070013", "370602", date(1990, 3, 7), Sex.MALE),
            ("370613201912310028", "370613", date(2019, 12, 31), Sex.FEMALE),
            ("370614200002298885", "370614", date(2000, 2, 29), Sex.FEMALE),
        ],
    )
    def test_reads_region_birth_and_sex(self, text: str, region: str, birth_date: date, sex: Sex) -> None:
        number = parse(text, TODAY)

        assert (number.number, number.region, number.birth_date, number.sex) == (text, region, birth_date, sex)
        assert number.region_known

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "37060219900307001",
            "3706021990030700133",
            "37060219900307001Y",
            "X70602199003070013",
            "370602199003070013\n",
            " 370602199003070013",
            "３７０６０２１９９００３０７００１３",
            "37060219900307٠٠13",
            "3706029003070\x0001",
            "1234567890123456",
        ],
    )
    def test_refuses_what_has_not_the_form(self, text: str) -> None:
        assert flaw_of(text) is Flaw.FORM

    @pytest.mark.parametrize(
        "text", ["370602199002300017", "370602190002290019", "370602202611230017", "370602189912310011"]
    )
    def test_refuses_a_birth_date_that_cannot_be(self, text: str) -> None:
        assert flaw_of(text) is Flaw.BIRTH_DATE

    def test_takes_a_child_born_today(self) -> None:
        text = compose("370602", TODAY, 1)

        assert parse(text, TODAY).birth_date == TODAY
        assert flaw_of(text, date(2026, 11, 21)) is Flaw.BIRTH_DATE

    def test_refuses_a_wrong_check_character(self) -> None:
        assert flaw_of("370602199003070019") is Flaw.CHECK_CHARACTER

    def test_names_the_date_before_the_check_character(self) -> None:
        assert flaw_of("370602199002300010") is Flaw.BIRTH_DATE

    def test_stores_a_lower_case_x_as_a_capital(self) -> None:
        text = next(number for n in range(1000) if (number := compose("370602", date(1990, 3, 7), n)).endswith("X"))

        assert parse(text.lower(), TODAY).number == text

    def test_completes_a_number_of_fifteen_digits(self) -> None:
        assert parse("370602900307001", TODAY).number == "370602199003070013"

    def test_refuses_fifteen_digits_with_an_impossible_date(self) -> None:
        assert flaw_of("370602900230001") is Flaw.BIRTH_DATE

    @pytest.mark.parametrize(
        ("region", "holder"),
        [
            ("370602", Holder.MAINLAND),
            ("810000", Holder.HONG_KONG),
            ("820000", Holder.MACAO),
            ("830000", Holder.TAIWAN),
            ("937156", Holder.FOREIGN_PERMANENT),
        ],
    )
    def test_tells_whose_kind_of_number_it_is(self, region: str, holder: Holder) -> None:
        number = parse(compose(region, date(1988, 8, 8), 8), TODAY)

        assert number.holder is holder
        assert number.region_known

    @pytest.mark.parametrize(
        ("region", "known"), [("370634", True), ("370684", True), ("990000", True), ("770000", False)]
    )
    def test_only_warns_of_a_region_that_nobody_knows(self, region: str, *, known: bool) -> None:
        assert parse(compose(region, date(1988, 8, 8), 8), TODAY).region_known is known

    @given(regions, births, sequences)
    def test_reads_back_what_was_composed(self, region: str, birth_date: date, sequence: int) -> None:
        number = parse(compose(region, birth_date, sequence), TODAY)

        assert (number.region, number.birth_date) == (region, birth_date)
        assert (number.sex is Sex.MALE) == (sequence % 2 == 1)

    @given(regions, births, sequences, st.integers(0, 17), st.integers(1, 9))
    def test_finds_every_single_wrong_digit(
        self, region: str, birth_date: date, sequence: int, position: int, shift: int
    ) -> None:
        text = compose(region, birth_date, sequence)
        digit = "0123456789"[("0123456789X".index(text[position]) + shift) % 10]
        wrong = text[:position] + digit + text[position + 1 :]

        if wrong != text:
            assert flaw_of(wrong) in {Flaw.BIRTH_DATE, Flaw.CHECK_CHARACTER}

    @given(regions, births, sequences, st.integers(0, 15))
    def test_finds_every_swap_of_neighbours(self, region: str, birth_date: date, sequence: int, position: int) -> None:
        text = compose(region, birth_date, sequence)
        swapped = text[:position] + text[position + 1] + text[position] + text[position + 2 :]

        if swapped != text:
            assert flaw_of(swapped) in {Flaw.BIRTH_DATE, Flaw.CHECK_CHARACTER}

    @given(st.text(max_size=20))
    def test_answers_any_text_with_a_number_or_a_named_flaw(self, text: str) -> None:
        try:
            number = parse(text, TODAY)
        except IdentityNumberInvalid as refusal:
            assert refusal.flaw in Flaw  # noqa: PT017 - a number may come out as well
        else:
            assert len(number.number) == 18


class TestCheckCharacter:
    @pytest.mark.parametrize(
        ("body", "check"), [("37060219900307001", "3"), ("37061320191231002", "8"), ("37061420000229888", "5")]
    )
    def test_follows_the_standard(self, body: str, check: str) -> None:
        assert check_character(body) == check

    def test_refuses_what_is_not_seventeen_digits(self) -> None:
        with pytest.raises(IdentityNumberInvalid):
            check_character("3706021990030700X")


class TestPrinting:
    def test_never_shows_the_whole_number(self) -> None:
        number = parse("370602199003070013", TODAY)

        assert "19900307" not in f"{number} {number!r} {[number]}"
        assert number.masked == "3706**********0013"

    def test_never_repeats_a_refused_text(self) -> None:
        with pytest.raises(IdentityNumberInvalid) as refused:
            parse("370602199003070019", TODAY)

        assert "370602" not in f"{refused.value!r} {refused.value}"
