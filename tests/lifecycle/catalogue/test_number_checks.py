"""Identity numbers checked for anybody: the handbook's rows, each flaw, each kind of holder, cards, and that nothing is kept."""

import secrets
from datetime import date
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import clock
from app.kernel.errors import Quota
from app.kernel.identity_numbers import Flaw, Holder, Sex, compose
from lifecycle.catalogue import check_limits
from lifecycle.catalogue.errors import CheckedTooOften, DaysOutOfOrder, DayTooFar
from lifecycle.catalogue.number_checks import NumberCheck, NumberQuestion, check

TODAY = date(2026, 11, 29)
ADDRESS = "/v1/identity-numbers/check"


@pytest.fixture(autouse=True)
def _a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def found(number: str, applied_on: date | None = None) -> NumberCheck:
    return check(NumberQuestion(number=number, applied_on=applied_on))


def an_x() -> str:
    return next(one for n in range(1000) if (one := compose("370602", date(1990, 3, 7), n)).endswith("X"))


class TestValid:
    @pytest.mark.parametrize(
        ("number", "born", "sex"),
        [
            ("370602199003070013", date(1990, 3, 7), Sex.MALE),
            ("370613201912310028", date(2019, 12, 31), Sex.FEMALE),
            ("370614200002298885", date(2000, 2, 29), Sex.FEMALE),
        ],
    )
    def test_numbers_say_when_who_and_where(self, number: str, born: date, sex: Sex) -> None:
        told = found(number)

        assert (told.valid, told.flaw, told.form, told.number) == (True, None, "eighteen", number)
        assert (told.birth_date, told.sex, told.holder) == (born, sex, Holder.MAINLAND)
        assert told.province is not None
        assert told.province.zh == "山东省"
        assert told.warnings == ()

    def test_numbers_of_fifteen_digits_are_completed(self) -> None:
        told = found("370602900307001")

        assert (told.form, told.number) == ("fifteen", "370602199003070013")
        assert "370602199003070013" in told.steps[0].en

    def test_a_lower_case_x_becomes_a_capital(self) -> None:
        assert found(an_x().lower()).number == an_x()

    @pytest.mark.parametrize(
        ("region", "holder"),
        [
            ("810000", Holder.HONG_KONG),
            ("820000", Holder.MACAO),
            ("830000", Holder.TAIWAN),
            ("937156", Holder.FOREIGN_PERMANENT),
        ],
    )
    def test_permits_are_told_apart_and_have_no_term_of_the_card_law(self, region: str, holder: Holder) -> None:
        told = found(compose(region, date(1988, 8, 8), 8))

        assert (told.holder, told.identity_card, told.warnings) == (holder, None, ())

    def test_an_old_foreigners_card_is_read_without_a_year_of_birth(self) -> None:
        told = found("usa310080010112")

        assert (told.valid, told.form, told.number) == (True, "foreign_2004", "USA310080010112")
        assert (told.holder, told.birth_date, told.sex) == (Holder.FOREIGN_PERMANENT, None, None)

    @given(st.integers(110000, 659999), st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999))
    def test_every_number_that_is_composed_holds_and_tells_its_birth(
        self, region: int, born: date, sequence: int
    ) -> None:
        told = found(compose(str(region), born, sequence))

        assert (told.valid, told.birth_date, told.region) == (True, born, str(region))

    @given(st.integers(110000, 659999), st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 999))
    def test_fifteen_digits_and_the_eighteen_made_of_them_tell_the_same(
        self, region: int, born: date, sequence: int
    ) -> None:
        old = found(f"{region}{born:%y%m%d}{sequence:03d}")
        new = found(compose(str(region), born, sequence))

        assert (old.number, old.birth_date, old.sex) == (new.number, born, new.sex)


class TestWarned:
    def test_of_a_region_that_nobody_knows(self) -> None:
        told = found(compose("770000", date(1988, 8, 8), 8))

        assert (told.valid, told.province) == (True, None)
        assert [one.code for one in told.warnings] == ["region_unknown"]

    def test_of_sequences_that_were_centenarians_in_old_numbers_only(self) -> None:
        assert [one.code for one in found("370602900307998").warnings] == ["centenarian_sequence"]
        assert found(compose("370602", date(1990, 3, 7), 998)).warnings == ()


class TestFlawed:
    @pytest.mark.parametrize(
        ("number", "flaw"),
        [
            ("370602199002300017", Flaw.BIRTH_DATE),
            ("370602190002290019", Flaw.BIRTH_DATE),
            ("370602189912310011", Flaw.BIRTH_DATE),
            (compose("370602", date(2026, 11, 30), 1), Flaw.BIRTH_DATE),
            ("370602900230001", Flaw.BIRTH_DATE),
            ("370602199003070019", Flaw.CHECK_CHARACTER),
            ("37060219900307001", Flaw.FORM),
            ("3706021990030700133", Flaw.FORM),
            (str(10**18), Flaw.FORM),
            ("３７０６０２１９９００３０７００１３", Flaw.FORM),
            (" 370602199003070013", Flaw.FORM),
            ("37060219900307001Y", Flaw.FORM),
            ("810000900307001", Flaw.FORM),
            ("USA310080023112", Flaw.BIRTH_DATE),
            ("USA31008001311", Flaw.FORM),
        ],
    )
    def test_names_the_first_flaw_and_says_nothing_else(self, number: str, flaw: Flaw) -> None:
        told = found(number)

        assert (told.valid, told.flaw) == (False, flaw)
        assert (told.number, told.birth_date, told.sex, told.identity_card) == (None, None, None, None)
        assert told.steps[0].zh
        assert told.steps[0].en

    def test_says_what_the_check_character_should_be(self) -> None:
        told = found("370602199003070019")

        assert told.expected_check == "3"
        assert "3" in told.steps[0].en

    @given(st.text(min_size=1, max_size=40))
    def test_any_text_is_answered(self, text: str) -> None:
        told = found(text)

        assert told.valid is (told.flaw is None)


class TestCard:
    @pytest.mark.parametrize(
        ("born", "term"),
        [
            (date(2010, 11, 30), "5 years"),
            (date(2010, 11, 29), "10 years"),
            (date(2000, 11, 29), "20 years"),
            (date(1980, 11, 30), "20 years"),
            (date(1980, 11, 29), "for good"),
        ],
    )
    def test_is_valid_by_the_age_at_application(self, born: date, term: str) -> None:
        card = found(compose("370602", born, 1)).identity_card

        assert card is not None
        assert card.term.en == term

    def test_is_of_the_day_that_is_said(self) -> None:
        number = compose("370602", date(2010, 11, 30), 1)
        card = found(number, date(2026, 11, 30)).identity_card

        assert card is not None
        assert (card.term.en, card.valid_until) == ("10 years", date(2036, 11, 30))
        assert card.issued_by == date(2027, 1, 29)
        assert (card.first_from, card.first_until) == (date(2026, 11, 30), date(2027, 2, 28))

    @pytest.mark.parametrize(("day", "refusal"), [(date(1990, 3, 6), DaysOutOfOrder), (date.max, DayTooFar)])
    def test_refuses_days_of_application_that_cannot_be(self, day: date, refusal: type[Exception]) -> None:
        with pytest.raises(refusal):
            found("370602199003070013", day)


class TestOverHttp:
    @pytest.mark.parametrize(
        ("number", "told"),
        [
            ("370602199003070013", {"valid": True, "sex": "male", "birth_date": "1990-03-07"}),
            ("370613201912310028", {"valid": True, "sex": "female", "birth_date": "2019-12-31"}),
            ("370614200002298885", {"valid": True, "sex": "female", "birth_date": "2000-02-29"}),
            ("370602900307001", {"valid": True, "number": "370602199003070013", "form": "fifteen"}),
            ("370602199002300017", {"valid": False, "flaw": "birth_date", "number": None}),
            ("370602199003070019", {"valid": False, "flaw": "check_character", "expected_check": "3"}),
        ],
    )
    async def test_is_open_to_anyone_by_the_worked_examples(
        self, http: httpx.AsyncClient, number: str, told: dict[str, Any]
    ) -> None:
        answer = await http.post(ADDRESS, json={"number": number})

        assert answer.status_code == 200, answer.text
        assert answer.json() | told == answer.json()
        assert answer.headers["cache-control"] == "no-store"
        assert "不表示该号码已经签发" in answer.json()["disclaimer"]["zh"]

    @pytest.mark.parametrize(
        ("body", "status", "code"),
        [
            ({}, 422, "body_wrong"),
            ({"number": 10**18}, 422, "body_wrong"),
            ({"number": ""}, 422, "body_wrong"),
            ({"number": "3" * 41}, 422, "body_wrong"),
            ({"number": "37060219900307\u0000013"}, 422, "body_wrong"),
            ({"number": "370602199003070013", "name": "于晓彤"}, 422, "body_wrong"),
            ({"number": "370602199003070013", "applied_on": "2026-02-29"}, 422, "body_wrong"),
            ({"number": "370602199003070013", "applied_on": "1990-03-06"}, 422, "days_out_of_order"),
            ({"number": "370602199003070013", "applied_on": "9999-12-31"}, 422, "day_too_far"),
        ],
    )
    async def test_refuses_by_name_and_repeats_no_number(
        self, http: httpx.AsyncClient, body: dict[str, Any], status: int, code: str
    ) -> None:
        answer = await http.post(ADDRESS, json=body)

        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert "19900307" not in answer.text

    async def test_takes_no_number_in_an_address(self, http: httpx.AsyncClient) -> None:
        assert (await http.get(ADDRESS, params={"number": "370602199003070013"})).status_code == 405
        assert (await http.post(ADDRESS, content=b"370602199003070013")).status_code == 415

    async def test_logs_no_number(self, http: httpx.AsyncClient, capfd: pytest.CaptureFixture[str]) -> None:
        await http.post(ADDRESS, json={"number": "370602199003070013"})
        await http.post(ADDRESS, json={"number": "370602199003070019"})

        assert "37060219900307" not in "".join(capfd.readouterr())

    def test_is_of_the_shape_that_it_says(self) -> None:
        assert msgspec.json.decode(msgspec.json.encode(found("370602199003070013")), type=NumberCheck).valid


class TestLimit:
    async def test_is_bounded_for_each_network(self, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
        limits = {check_limits.KEY: 2, f"{check_limits.KEY}_minutes": 10}
        network = f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}"
        monkeypatch.setattr(check_limits.LIMITS, "on", lambda _day, key: limits[key])

        await check_limits.count_check(f"{network}::1")
        await check_limits.count_check(f"{network}::2")
        with pytest.raises(CheckedTooOften) as refused:
            await check_limits.count_check(f"{network}::3")

        assert refused.value.quota == Quota(check_limits.KEY, 2, 600)

    async def test_answers_how_long_to_wait(self, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
        limits = {check_limits.KEY: 0, f"{check_limits.KEY}_minutes": 10}
        monkeypatch.setattr(check_limits.LIMITS, "on", lambda _day, key: limits[key])

        answer = await http.post(ADDRESS, json={"number": "370602199003070013"})

        assert (answer.status_code, answer.json()["code"]) == (429, "checked_too_often")
        assert int(answer.headers["retry-after"]) > 0
