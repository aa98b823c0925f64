"""What an application for a loan of the fund comes to: what it could be, what stands against it, what can't be granted."""

from datetime import date
from typing import Any

import msgspec
import pytest

from integrations.departments.housing_fund import FundDeposit
from lifecycle.housing.fund_loan import months_without_break
from lifecycle.housing.fund_loan_form import LoanForm
from lifecycle.housing.fund_loan_rules import notes, problems, retirement_kind
from lifecycle.rules.parameters import shipped

NOW = shipped().reading(date(2026, 11, 29))


def values(**changes: Any) -> dict[str, Any]:
    known = {
        "name": "于晓彤",
        "id_number": "370602199708230021",
        "birth_date": "1990-08-23",
        "sex": "male",
        "phone": "13863800004",
        "account_no": "3706199708230021",
        "account_state": "paying",
        "balance_fen": 3_000_000,
        "paid_in_months": 12,
        "loans_left": 0,
        "contract_no": "YTWQ3706020001-01-601",
        "home_address": "烟台市芝罘区",
        "price_fen": 100_000_000,
        "paid_fen": 40_000_000,
        "signed_on": "2026-09-12",
        "homes_owned": 0,
        "amount_fen": 60_000_000,
        "months": 360,
        "method": "equal_instalments",
        "income_fen": 1_200_000,
        "debts_fen": 0,
        "credit_consent": True,
    }
    return {name: value for name, value in {**known, **changes}.items() if value is not None}


def codes(**changes: Any) -> list[str]:
    return [one.code for one in problems(msgspec.convert(values(**changes), LoanForm))]


def said(**changes: Any) -> str:
    return " ".join(one.zh for one in notes(values(**changes), NOW))


class TestProblems:
    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({}, []),
            ({"account_no": None}, ["no_account"]),
            ({"price_fen": None, "paid_fen": None, "contract_no": None}, ["no_contract"]),
            ({"amount_fen": 60_100_000}, ["more_than_is_owed"]),
            ({"amount_fen": 59_950_000}, ["not_in_thousands"]),
            ({"amount_fen": 59_900_000}, []),
            ({"credit_consent": False}, ["must_be_so"]),
        ],
    )
    def test_are_what_can_never_be_granted(self, changes: dict[str, Any], expected: list[str]) -> None:
        assert codes(**changes) == expected


class TestNotes:
    def test_say_how_much_and_what_bounds_it(self) -> None:
        assert "最高600000.00元，受限于账户余额倍数" in said()
        assert "超过测算的最高额" not in said()
        assert "超过测算的最高额" in said(balance_fen=2_999_000)

    def test_compare_both_ways_of_repaying(self) -> None:
        told = said(months=240)

        assert "年利率2.6%" in told
        assert "每月3208.73元，利息共170094.79元" in told
        assert "首月3800.00元，每月减少5.42元，利息共156650.00元" in told

    def test_take_the_rate_of_a_further_home(self) -> None:
        assert "年利率3.075%" in said(homes_owned=1)
        assert "一般不予贷款" not in said(homes_owned=1)
        assert "一般不予贷款" in said(homes_owned=2)

    @pytest.mark.parametrize(
        ("changes", "text", "there"),
        [
            ({"paid_in_months": 6}, "连续缴存", False),
            ({"paid_in_months": 5}, "连续缴存5个月，条件为6个月", True),
            ({"account_state": "sealed"}, "已封存", True),
            ({"loans_left": 1}, "未结清", True),
            ({"birth_date": "1988-11-29"}, "期限超过上限", False),
            ({"birth_date": "1988-11-28"}, "期限超过上限", True),
            ({"birth_date": "1988-11-29", "sex": "female", "post": "cadre"}, "期限超过上限", True),
        ],
    )
    def test_say_what_stands_against_it(self, changes: dict[str, Any], text: str, there: bool) -> None:  # noqa: FBT001
        assert (text in said(**changes)) is there

    def test_of_an_empty_draft_are_none(self) -> None:
        assert tuple(notes({}, NOW)) == ()


class TestRetirement:
    def test_is_the_earlier_one_of_a_woman_whose_post_isnt_said(self) -> None:
        assert [retirement_kind("female", post) for post in ("cadre", "worker", None)] == [
            "woman_cadre",
            "woman_worker",
            "woman_worker",
        ]
        assert retirement_kind("male", None) == "man"


class TestMonths:
    @pytest.mark.parametrize(
        ("months", "count"),
        [
            ((), 0),
            ((date(2026, 10, 1), date(2026, 9, 1)), 2),
            ((date(2026, 10, 1), date(2026, 8, 1)), 1),
            ((date(2026, 2, 1), date(2026, 1, 1), date(2025, 12, 1)), 3),
        ],
    )
    def test_are_counted_to_the_first_gap(self, months: tuple[date, ...], count: int) -> None:
        assert months_without_break([FundDeposit(month, 1, 1) for month in months]) == count

    def test_end_with_a_month_in_which_nothing_was_paid(self) -> None:
        paid = [FundDeposit(date(2026, 10, 1), 1, 1), FundDeposit(date(2026, 9, 1), 0, 0)]

        assert months_without_break(paid) == 1
