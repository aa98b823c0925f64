"""Pharmacies: licensed, with the day's stock, found by what they have."""

from datetime import date, timedelta

import msgspec
import pytest

from app.kernel import clock
from integrations.city.departments import SERVICES
from integrations.city.outcomes import QuestionRefused
from integrations.city.pharmacies import PharmaciesAsked, PharmacyList, pharmacies, renewed, stock
from integrations.city.registers import listed
from tests.makers.city_people import a_town_of_registers

CITY = a_town_of_registers()
LISTED = listed("pharmacies", PharmacyList)


class TestPharmacies:
    def test_are_all_told_where_no_medicine_is_asked_for(self) -> None:
        told = pharmacies(CITY, PharmaciesAsked()).items

        assert [one.code for one in told] == [one.code for one in LISTED.items]
        assert all(one.licence_until >= clock.today() for one in told)
        assert {one.insured for one in told} == {True, False}
        assert all(len(one.stock) == len(LISTED.medicines) for one in told)

    def test_are_those_that_have_some_of_a_medicine(self) -> None:
        told = pharmacies(CITY, PharmaciesAsked("布洛芬")).items
        has = {
            one.code
            for one in pharmacies(CITY, PharmaciesAsked()).items
            if any("布洛芬" in item.medicine and item.level != "none" for item in one.stock)
        }

        assert {one.code for one in told} == has
        assert 0 < len(told) < len(LISTED.items)

    def test_are_none_for_a_medicine_that_nobody_reports(self) -> None:
        assert pharmacies(CITY, PharmaciesAsked("仙丹")).items == ()

    def test_have_another_stock_on_another_day_and_the_same_on_one(self) -> None:
        code, day = LISTED.items[0].code, date(2026, 11, 29)
        weeks = [stock(1, code, LISTED.medicines, day + timedelta(days=ahead)) for ahead in range(7)]

        assert weeks[0] == stock(1, code, LISTED.medicines, day)
        assert len(set(weeks)) > 1

    def test_keep_their_licence_through_its_last_day_and_have_it_renewed_for_five_years(self) -> None:
        one = LISTED.items[0]

        assert renewed(one, one.licence_until) == one
        assert renewed(one, one.licence_until + timedelta(days=1)).licence_until == one.licence_until.replace(
            year=one.licence_until.year + 5
        )

    @pytest.mark.parametrize("body", [b'{"medicine": ""}', b'{"medicine": 1}', b'{"drug": "x"}'])
    def test_refuse_a_question_of_another_shape(self, body: bytes) -> None:
        with pytest.raises(QuestionRefused, match="body_malformed"):
            SERVICES["scjg"]["pharmacies"](CITY, msgspec.Raw(body))
