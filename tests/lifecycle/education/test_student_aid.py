"""What an application for aid comes to: grounds, problems, and no grant before the result was published."""

from datetime import date
from uuid import uuid4

import pytest

from app.kernel import clock
from lifecycle.cases.errors import TooEarlyToDecide
from lifecycle.cases.forms import Standing
from lifecycle.cases.states import Step
from lifecycle.education.student_aid import NONE_KNOWN, AidForm, StudentAid, notes, situations
from tests.makers.days import let_it_be

AID = StudentAid(None, None)  # type: ignore[arg-type]


def a_form(**changes: object) -> AidForm:
    known: dict[str, object] = {
        "name": "于安然",
        "id_number": "370602201503010020",
        "phone": "13863800003",
        "learns_at": "芝罘区福海向阳街道小学",
        "learns_stage": "primary",
        "term": "2026-1",
        "monitored": False,
        "agrees": True,
        "payee": "guardian",
        "bank": "烟台福海银行",
        "account": "6217000012345678901",
    }
    return AidForm(**(known | changes))  # type: ignore[arg-type]


class TestProblems:
    @pytest.mark.parametrize(
        ("changes", "codes"),
        [
            ({}, []),
            ({"learns_stage": None}, ["not_enrolled"]),
            ({"aided_terms": ("2026-1",)}, ["aided_already"]),
            ({"aided_terms": ("2025-2",)}, []),
            ({"agrees": False}, ["must_be_so"]),
        ],
    )
    def test_are_what_cant_be_granted(self, changes: dict[str, object], codes: list[str]) -> None:
        assert [one.code for one in AID.problems(a_form(**changes))] == codes


class TestSituations:
    def test_are_what_is_known_or_declared_and_nothing_that_is_denied(self) -> None:
        assert situations({"low_income": True, "orphan": False, "other": "父亲重病", "monitored": True}) == (
            "low_income",
            "monitored",
            "other_hardship",
        )

    def test_are_needed_for_nothing_but_said_to_be_missing(self) -> None:
        assert NONE_KNOWN in tuple(notes({"learns_stage": "primary", "term": "2026-1"}, date(2026, 11, 29)))

    def test_come_with_the_terms_sum(self) -> None:
        told = tuple(notes({"low_income": True, "learns_stage": "senior", "term": "2026-1"}, date(2026, 11, 29)))

        assert "低保家庭" in told[0].zh
        assert "1150.00元" in told[1].zh


class TestAllow:
    def test_lets_nothing_be_granted_before_five_working_days_are_over(self, monkeypatch: pytest.MonkeyPatch) -> None:
        accepted = Standing(uuid4(), {}, date(2026, 11, 23))

        let_it_be(monkeypatch, date(2026, 11, 30))
        with pytest.raises(TooEarlyToDecide) as refused:
            AID.allow(Step.APPROVE, accepted)
        assert refused.value.facts["from_on"] == date(2026, 12, 1)
        AID.allow(Step.REJECT, accepted)

        let_it_be(monkeypatch, date(2026, 12, 1))
        AID.allow(Step.APPROVE, accepted)
        assert clock.today() == date(2026, 12, 1)


class TestParts:
    def test_name_the_terms_sum_and_the_grounds(self) -> None:
        told = AID.parts(a_form(low_income=True))

        assert (told["amount_fen"], told["situations"], told["term"]) == (62_500, ("low_income",), "2026-1")
