"""What comes next with one's papers and at home."""

from datetime import date

import pytest

from integrations.departments.utilities import HeatSupply
from lifecycle.living.agenda import RULES, heating_contract
from lifecycle.rules.fact_kinds import BIRTH_DATE, HEATING, Heating
from lifecycle.rules.facts import Said
from tests.makers.agendas import TOLD, known, seen, standings, unseen

FIRST = "identity_card.first"


class TestIdentityCard:
    @pytest.mark.parametrize(
        ("born", "opens", "due"),
        [
            (date(2011, 1, 15), date(2027, 1, 15), date(2027, 4, 15)),
            (date(2010, 11, 30), date(2026, 11, 30), date(2027, 2, 28)),
            (date(2012, 2, 29), date(2028, 2, 29), date(2028, 5, 29)),
        ],
    )
    def test_is_applied_for_within_three_months_of_sixteen(self, born: date, opens: date, due: date) -> None:
        item = seen(RULES, known(birth_date=born), opens)[FIRST]

        assert (item.opens, item.due, item.matter) == (opens, due, None)
        assert "派出所" in item.why.zh
        assert "10年" in item.why.zh

    def test_stands_until_somebody_is_of_age(self) -> None:
        days = [date(2027, 1, 14), date(2027, 1, 15), date(2027, 4, 15), date(2027, 4, 16), date(2029, 1, 15)]

        found = standings(RULES, known(birth_date=date(2011, 1, 15)), FIRST, *days)

        assert found == ["upcoming", "due", "due", "overdue", "lapsed"]

    def test_is_not_asked_for_of_who_has_one(self) -> None:
        assert FIRST not in seen(RULES, known(birth_date=date(2010, 12, 1), id_card_until=date(2028, 1, 1)))

    @pytest.mark.parametrize(
        ("born", "until", "term"),
        [
            (date(2012, 1, 1), date(2027, 3, 1), "5年"),
            (date(2005, 1, 1), date(2027, 3, 1), "10年"),
            (date(1990, 1, 1), date(2027, 3, 1), "20年"),
            (date(1980, 12, 1), date(2027, 3, 1), "长期"),
            (date(1980, 12, 2), date(2027, 3, 1), "20年"),
        ],
    )
    def test_is_renewed_for_the_term_of_ones_age(self, born: date, until: date, term: str) -> None:
        item = seen(RULES, known(birth_date=born, id_card_until=until))[f"identity_card.{until}"]

        assert (item.opens, item.due) == (date(2026, 12, 1), until)
        assert f"新证有效期{term}" in item.why.zh


class TestMilitary:
    def test_is_registered_for_in_the_year_of_turning_eighteen(self) -> None:
        days = [date(2027, 1, 9), date(2027, 1, 10), date(2027, 6, 30), date(2027, 7, 1), date(2028, 1, 1)]

        found = standings(RULES, known(birth_date=date(2009, 12, 31), sex="male"), "military_registration", *days)

        assert found == ["upcoming", "due", "due", "overdue", "lapsed"]

    def test_is_for_men_only(self) -> None:
        for facts in (known(birth_date=date(2009, 1, 1), sex="female"), known(birth_date=date(2009, 1, 1))):
            assert "military_registration" not in seen(RULES, facts)


class TestHeating:
    CONTRACT = known(heating=Heating("H1", False))

    def test_can_be_stopped_until_thirty_days_before_the_season(self) -> None:
        days = [date(2027, 8, 17), date(2027, 8, 18), date(2027, 10, 17), date(2027, 10, 18)]

        assert standings(RULES, self.CONTRACT, "heating.2027", *days) == ["upcoming", "due", "due", "lapsed"]

    def test_can_be_resumed_where_it_is_stopped(self) -> None:
        items = seen(RULES, known(heating=Heating("H1", False, (2027,))), date(2027, 9, 1))

        assert "恢复供热" in items["heating.2027"].title.zh
        assert not items["heating.2027"].quiet
        assert seen(RULES, self.CONTRACT, date(2027, 9, 1))["heating.2027"].quiet

    def test_is_nothing_without_a_contract(self) -> None:
        assert seen(RULES, known()) == {}

    def test_is_told_by_the_supplier(self) -> None:
        told = HeatSupply(
            account_no="H1", company="热力", area_dm2=9000, fen_per_m2=2200, season_start=date(2026, 11, 16),
            season_end=date(2027, 3, 31), least_celsius=18, stop_by=date(2026, 10, 17), separable=True,
            stopped_seasons=(2026,), bill_no="B1", amount_fen=0, due_on=date(2026, 11, 15), standing="paid", owed_fen=0,
        )  # fmt: skip

        assert dict(heating_contract(told, TOLD)) == {HEATING: Heating("H1", True, (2026,))}


def test_what_is_known_lacks_or_is_disputed() -> None:
    said = Said(BIRTH_DATE.name, date(2010, 9, 2), "another", TOLD)

    assert {one.lacks for one in unseen(RULES, known())} == {"birth_date"}
    assert {one.disputed for one in unseen(RULES, known(birth_date=date(2010, 9, 1)).also(said))} == {"birth_date"}
