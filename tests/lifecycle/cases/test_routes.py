"""The cases over HTTP: tags, repeats, strangers."""

import secrets

import httpx
import pytest

from app.kernel.events import deliver_pending
from lifecycle.birth.household_registration import MATTER
from tests.makers.callers import an_enrolled_officer, headers
from tests.makers.cases import (
    Family,
    a_draft_over_http,
    a_filled_draft,
    a_form,
    a_signature,
    a_signing_device,
    a_submitted_case,
    keyed,
    the_case,
)
from tests.makers.pages import every_page
from tests.makers.people import a_citizen, a_grant

STEPS = ("submit", "withdraw", "answer-correction", "confirmation")
OFFICER_STEPS = (
    *("claim", "release", "accept", "review", "approve", "resume"),
    *("decline", "reject", "suspend", "request-correction"),
)


class TestAWholeCase:
    async def test_goes_from_draft_to_decision(self, http: httpx.AsyncClient, family: Family) -> None:
        mother, officer = await headers(family.mother), await an_enrolled_officer()
        draft = await a_draft_over_http(http, family)
        case = f"/v1/cases/{draft.json()['id']}"
        changed = await http.patch(
            case, json={"form": a_form(family)}, headers=mother | {"If-Match": draft.headers["etag"]}
        )
        payload = await http.get(f"{case}/signing-input", headers=mother)
        jws = a_signature(await a_signing_device(family.mother.id), payload.content)
        submitted = await http.post(f"{case}/submit", json={"signature": jws}, headers=await keyed(family.mother))
        await deliver_pending()
        desk = await every_page(http, "/v1/officer/desk", officer.headers)
        office = f"/v1/officer{case.removeprefix('/v1')}"
        steps = [
            await http.post(f"{office}/{step}", headers=officer.headers) for step in ("claim", "accept", "approve")
        ]
        seen = await http.get(office, headers=officer.headers)
        events = await http.get(f"{case}/events", headers=mother)

        assert (draft.status_code, changed.status_code, payload.status_code, submitted.status_code) == (
            201,
            200,
            200,
            200,
        )
        assert changed.headers["etag"] != draft.headers["etag"]
        assert submitted.json()["number"].startswith("YT")
        assert draft.json()["id"] in "".join(desk)
        assert [step.status_code for step in steps] == [200, 200, 200]
        assert steps[-1].json()["state"] == "approved"
        assert (seen.status_code, seen.json()["mine"]) == (200, True)
        assert [event["what"] for event in events.json()["items"]] == ["open", "submit", "claim", "accept", "approve"]

    async def test_is_listed_newest_first_and_only_while_open(self, http: httpx.AsyncClient, family: Family) -> None:
        mother, draft = await headers(family.mother), await a_draft_over_http(http, family)
        case_id = draft.json()["id"]
        before = (await http.get("/v1/cases?open=true", headers=mother)).json()["items"]
        await http.post(f"/v1/cases/{case_id}/withdraw", headers=mother)
        after = (await http.get("/v1/cases?open=true", headers=mother)).json()["items"]
        every = (await http.get("/v1/cases", headers=mother)).json()["items"]

        assert before[0]["id"] == every[0]["id"] == case_id
        assert case_id not in [case["id"] for case in after]

    async def test_tells_its_form_as_json_schema_to_anyone(self, http: httpx.AsyncClient, family: Family) -> None:
        schema = (await http.get(f"/v1/matters/{MATTER}/form")).json()["json_schema"]
        (form,) = (one for name, one in schema["$defs"].items() if name == "BirthForm")

        name = form["properties"]["child_name"]
        assert name["title"] == "孩子姓名"
        assert name["x-words"]["label"] == {"zh": "孩子姓名", "en": "Child's name"}
        assert (name["maxLength"], name["readOnly"]) == (50, False)
        assert set(form["required"]) >= {"child_name", "follow", "ethnicity_code", "certificate_no"}
        assert (await http.get("/v1/matters/no_such/form")).status_code == 404


class TestRepeats:
    async def test_open_and_submit_once(self, http: httpx.AsyncClient, family: Family) -> None:
        key, body = await keyed(family.mother), {"matter_code": MATTER, "subject_id": str(family.child)}
        first, again = [await http.post("/v1/cases", json=body, headers=key) for _ in range(2)]
        draft = await a_filled_draft(family)
        payload = await http.get(f"/v1/cases/{draft.id}/signing-input", headers=key)
        proof = {"signature": a_signature(await a_signing_device(family.mother.id), payload.content)}
        submitting = await keyed(family.mother)
        submitted = [await http.post(f"/v1/cases/{draft.id}/submit", json=proof, headers=submitting) for _ in range(2)]

        assert first.json()["id"] == again.json()["id"] == str(draft.id)
        assert [answer.status_code for answer in submitted] == [200, 200]
        assert submitted[0].json()["number"] == submitted[1].json()["number"]

    async def test_refuse_a_key_that_came_with_another_body(self, http: httpx.AsyncClient, family: Family) -> None:
        key = await keyed(family.mother)
        await http.post("/v1/cases", json={"matter_code": MATTER, "subject_id": str(family.child)}, headers=key)
        other = await http.post("/v1/cases", json={"matter_code": MATTER}, headers=key)

        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")

    async def test_approve_once(self, http: httpx.AsyncClient, family: Family) -> None:
        officer, case = await an_enrolled_officer(), await a_submitted_case(family)
        key = officer.headers | {"Idempotency-Key": secrets.token_hex(8)}
        for step in ("claim", "accept"):
            await http.post(f"/v1/officer/cases/{case.id}/{step}", headers=officer.headers)
        first, again = [await http.post(f"/v1/officer/cases/{case.id}/approve", headers=key) for _ in range(2)]
        new = await http.post(f"/v1/officer/cases/{case.id}/approve", headers=officer.headers)

        assert (first.status_code, again.json()) == (200, first.json())
        assert (new.status_code, new.json()["code"]) == (409, "step_not_allowed")


class TestTags:
    @pytest.mark.parametrize("tag", ['"999"', 'W/"1"', "1", "*", '""', '"x"'])
    async def test_that_do_not_match_are_412(self, http: httpx.AsyncClient, family: Family, tag: str) -> None:
        draft = await a_draft_over_http(http, family)
        answer = await http.patch(
            f"/v1/cases/{draft.json()['id']}",
            json={"form": {"follow": "father"}},
            headers=await headers(family.mother) | {"If-Match": tag},
        )

        assert (answer.status_code, answer.json()["code"]) == (412, "case_changed")

    async def test_that_are_missing_are_400(self, http: httpx.AsyncClient, family: Family) -> None:
        draft = await a_draft_over_http(http, family)
        answer = await http.patch(
            f"/v1/cases/{draft.json()['id']}", json={"form": {}}, headers=await headers(family.mother)
        )

        assert (answer.status_code, answer.json()["code"]) == (400, "if_match_missing")


class TestWhoMayNot:
    async def test_nobody_without_a_session(self, http: httpx.AsyncClient, family: Family) -> None:
        case = await a_submitted_case(family)
        asked = [
            await http.get("/v1/cases"),
            await http.post("/v1/cases", json={"matter_code": MATTER}),
            await http.get(f"/v1/cases/{case.id}"),
            await http.patch(f"/v1/cases/{case.id}", json={"form": {}}),
            await http.get(f"/v1/cases/{case.id}/events"),
            await http.get(f"/v1/cases/{case.id}/signing-input"),
            *[await http.post(f"/v1/cases/{case.id}/{step}", json={}) for step in STEPS],
            await http.get("/v1/officer/desk"),
            await http.get(f"/v1/officer/cases/{case.id}"),
            *[
                await http.post(f"/v1/officer/cases/{case.id}/{step}", json={"reason": "因为"})
                for step in OFFICER_STEPS
            ],
        ]

        assert {answer.status_code for answer in asked} == {401}

    async def test_strangers_find_nothing(self, http: httpx.AsyncClient, family: Family) -> None:
        case, stranger = await a_submitted_case(family), await headers(await a_citizen())
        tagged = stranger | {"If-Match": '"1"'}
        asked = [
            await http.get(f"/v1/cases/{case.id}", headers=stranger),
            await http.patch(f"/v1/cases/{case.id}", json={"form": {}}, headers=tagged),
            await http.get(f"/v1/cases/{case.id}/events", headers=stranger),
            await http.get(f"/v1/cases/{case.id}/signing-input", headers=stranger),
            *[await http.post(f"/v1/cases/{case.id}/{step}", json={}, headers=stranger) for step in STEPS],
        ]

        assert {(answer.status_code, answer.json()["code"]) for answer in asked} == {(404, "case_not_found")}

    async def test_citizens_are_no_officers(self, http: httpx.AsyncClient, family: Family) -> None:
        case, mother = await a_submitted_case(family), await headers(family.mother)
        answers = [
            await http.get(f"/v1/officer/cases/{case.id}", headers=mother),
            await http.get("/v1/officer/desk", headers=mother),
        ]

        assert {answer.status_code for answer in answers} == {401}

    async def test_officers_elsewhere_hold_no_right(self, http: httpx.AsyncClient, family: Family) -> None:
        case, officer = await a_submitted_case(family), await an_enrolled_officer(a_grant("handle", "*", "370611"))
        body = {"reason": "材料不全"}
        asked = [
            await http.get(f"/v1/officer/cases/{case.id}", headers=officer.headers),
            *[
                await http.post(f"/v1/officer/cases/{case.id}/{step}", json=body, headers=officer.headers)
                for step in OFFICER_STEPS
            ],
        ]

        assert {(answer.status_code, answer.json()["code"]) for answer in asked} == {(403, "no_right")}
        assert (await the_case(case.id)).version == case.version
