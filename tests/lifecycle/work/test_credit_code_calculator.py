"""Social credit codes checked over the matter: the handbook's rows, both check characters, warnings, and texts that are no code."""

from typing import Any

import httpx
import msgspec
import pytest

from lifecycle.work.credit_code_calculator import CreditCodeQuestion, CreditCodeView, of_a_code

ADDRESS = "/v1/matters/organization_code_application/calculate"


def found(code: str) -> CreditCodeView:
    return msgspec.convert(of_a_code(CreditCodeQuestion(code=code)).result, CreditCodeView, from_attributes=True)


class TestCode:
    @pytest.mark.parametrize(
        ("code", "check", "organisation", "kind"),
        [
            ("9144030071526726XG", "G", "71526726-X", "企业"),
            ("914403001922038216", "6", "19220382-1", "企业"),
            ("91330100799655058B", "B", "79965505-8", "企业"),
            ("91370602MA3TE5T03N", "N", "MA3TE5T0-3", "企业"),
        ],
    )
    def test_that_is_right_says_whose_it_is(self, code: str, check: str, organisation: str, kind: str) -> None:
        view = found(code)

        assert (view.valid, view.flaws, view.expected_check, view.organisation_code) == (True, (), check, organisation)
        assert view.authority is not None
        assert view.kind is not None
        assert (view.authority.zh, view.kind.zh) == ("市场监督管理部门", kind)

    def test_is_refused_by_either_check_character(self) -> None:
        both, last, inside = found("91370600MA3C000000"), found("91370602MA3TE5T030"), found("91370602MA3TE5T04N")

        assert (both.flaws, both.expected_check) == (("organisation_check", "check_character"), "8")
        assert (last.valid, last.flaws, last.expected_check) == (False, ("check_character",), "N")
        assert "organisation_check" in inside.flaws
        assert inside.expected_organisation_check == "3"

    @pytest.mark.parametrize(
        "text", ["9", "1" * 19, str(10**18), "９１370602MA3TE5T03N", "91370602MA3TE5T03I", "9137 0602MA3TE5T03N"]
    )
    def test_without_the_form_is_named_so(self, text: str) -> None:
        view = found(text)

        assert (view.valid, view.flaws, view.code) == (False, ("form",), None)

    def test_of_lower_case_is_taken(self) -> None:
        assert found("91370602ma3te5t03n").code == "91370602MA3TE5T03N"

    def test_of_an_unknown_authority_is_only_warned_of(self) -> None:
        from app.kernel.social_credit_codes import with_check

        view = found(with_check("G1370602MA3TE5T03"))

        assert (view.valid, view.authority, view.kind) == (True, None, None)
        warned = of_a_code(CreditCodeQuestion(code=with_check("G1770602MA3TE5T03"))).steps
        assert [step.zh.endswith("仅作提示。") for step in warned] == [False, True, True, False]


class TestOverHttp:
    @pytest.mark.parametrize(
        ("code", "told"),
        [
            ("9144030071526726XG", {"valid": True, "organisation_code": "71526726-X"}),
            ("914403001922038216", {"valid": True, "organisation_code": "19220382-1"}),
            ("91330100799655058B", {"valid": True, "organisation_code": "79965505-8"}),
            ("91370602MA3TE5T03N", {"valid": True, "organisation_code": "MA3TE5T0-3"}),
            ("91370600MA3C000000", {"valid": False, "expected_check": "8"}),
        ],
    )
    async def test_answers_the_worked_examples_to_anyone(
        self, http: httpx.AsyncClient, code: str, told: dict[str, Any]
    ) -> None:
        answer = await http.post(ADDRESS, json={"code": code})

        assert answer.status_code == 200, answer.text
        said = answer.json()
        assert said["result"] | told == said["result"]
        assert [one["key"] for one in said["parameters"]] == ["social_credit.authorities"]

    @pytest.mark.parametrize("body", [{}, {"code": 10**18}, {"code": ""}, {"code": "9" * 41}, {"code": "9\u0000"}])
    async def test_refuses_what_isnt_a_question(self, http: httpx.AsyncClient, body: dict[str, Any]) -> None:
        answer = await http.post(ADDRESS, json=body)

        assert (answer.status_code, answer.json()["code"]) == (422, "body_wrong")
