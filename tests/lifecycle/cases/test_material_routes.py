"""Materials over HTTP: who may, what is said of refusals, how bytes are handed out, and what the citizen sees of an officer's look."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from litestar import Litestar

from app.kernel.actors import Citizen
from app.kernel.events import deliver_pending
from lifecycle.cases import forms, materials
from lifecycle.cases.structs import CaseRef
from tests.makers.callers import an_enrolled_officer, headers, the_recorded_authorities
from tests.makers.files import a_store
from tests.makers.materials import (
    a_licence_of,
    a_node,
    a_paper_draft,
    a_pdf,
    a_scanner,
    attached,
    handed_in,
    with_licence,
)
from tests.makers.matters import PAPER_MATTER, PaperMatter
from tests.makers.people import a_citizen, a_grant, an_officer


@pytest_asyncio.fixture(autouse=True)
async def known_seals(app: Litestar) -> None:
    await the_recorded_authorities()


@pytest.fixture(autouse=True)
def matter(app: Litestar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(forms._forms, PAPER_MATTER, PaperMatter())


def address(case: CaseRef, field: str = "household", *, office: str = "") -> str:
    return f"/v1{office}/cases/{case.id}/materials/{field}"


def tagged(case: CaseRef) -> dict[str, str]:
    return {"If-Match": f'"{case.version}"'}


async def a_submitted_case(citizen: Citizen) -> CaseRef:
    draft = await a_paper_draft(citizen)
    for field in ("household", "proof"):
        draft = await with_licence(citizen, draft, await a_licence_of(citizen.id), field)
    case = await handed_in(citizen, draft)
    await deliver_pending()
    return case


class TestAttach:
    async def test_shows_the_form_with_the_material_and_its_new_tag(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen()
        draft, me = await a_paper_draft(citizen), await headers(citizen)
        body = {"licence": str(await a_licence_of(citizen.id))}

        answer = await http.put(address(draft), json=body, headers=me | tagged(draft))
        again = await http.put(address(draft), json=body, headers=me | tagged(draft))

        (field,) = (one for one in answer.json()["fields"] if one["name"] == "household")
        assert (answer.status_code, answer.headers["etag"]) == (200, f'"{draft.version + 1}"')
        assert (field["value"]["source"], field["value"]["content_type"]) == ("licence", "application/pdf")
        assert (again.status_code, again.json()["code"]) == (412, "case_changed")

    async def test_refuses_by_name(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen()
        draft, me = await a_paper_draft(citizen), await headers(citizen)
        body = {"licence": str(await a_licence_of(citizen.id))}
        sent = me | tagged(draft)
        nobodys = str(uuid4())
        file = str(await a_node(citizen, a_pdf()))

        asked: list[tuple[httpx.Response, int, str]] = [
            (await http.put(address(draft), json=body, headers=me), 400, "if_match_missing"),
            (await http.put(address(draft, "no_such"), json=body, headers=sent), 404, "material_not_found"),
            (await http.put(address(draft, "%00"), json=body, headers=sent), 404, "material_not_found"),
            (await http.put(address(draft), json={}, headers=sent), 422, "material_source_unclear"),
            (
                await http.put(address(draft), json=body | {"disk_node": file}, headers=sent),
                422,
                "material_source_unclear",
            ),
            (await http.put(address(draft), json={"licence": nobodys}, headers=sent), 404, "licence_not_found"),
            (await http.put(address(draft), json={"disk_node": nobodys}, headers=sent), 404, "node_not_found"),
            (await http.put(address(draft), json={"disk_node": file}, headers=sent), 503, "scanner_unavailable"),
            (await http.put(address(draft, "photo"), json=body, headers=sent), 422, "material_type_wrong"),
            (await http.delete(address(draft), headers=sent), 404, "material_not_found"),
            (await http.get(address(draft, "%00"), headers=me), 404, "material_not_found"),
            (await http.get(address(draft), headers=me), 404, "material_not_found"),
            (await http.get(address(draft) + f"?id={nobodys}", headers=me), 404, "material_not_found"),
        ]

        assert [(answer.status_code, answer.json()["code"]) for answer, _, _ in asked] == [
            (status, code) for _, status, code in asked
        ]

    @pytest.mark.parametrize("body", [[], "x", {"licence": "x"}, {"licence": 1}, {"file": "x"}, {"disk_node": "\x00"}])
    async def test_reads_nothing_malformed(self, http: httpx.AsyncClient, body: Any) -> None:
        citizen = await a_citizen()
        draft = await a_paper_draft(citizen)

        answer = await http.put(address(draft), json=body, headers=await headers(citizen) | tagged(draft))

        assert (answer.status_code, answer.json()["code"]) == (422, "body_wrong")


class TestWhoMayNot:
    async def test_nobody_without_a_session(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen()
        draft = await a_paper_draft(citizen)
        body = {"licence": str(uuid4())}

        asked = [
            await http.put(address(draft), json=body, headers=tagged(draft)),
            await http.put(address(draft), json=body),
            await http.delete(address(draft), headers=tagged(draft)),
            await http.get(address(draft)),
            await http.get(address(draft, office="/officer")),
            await http.get(address(draft, office="/officer"), headers=await headers(citizen)),
        ]

        assert {answer.status_code for answer in asked} == {401}

    async def test_strangers_find_nothing(self, http: httpx.AsyncClient) -> None:
        case, stranger = await a_submitted_case(await a_citizen()), await a_citizen()
        them, body = await headers(stranger), {"licence": str(await a_licence_of(stranger.id))}

        asked = [
            await http.put(address(case), json=body, headers=them | tagged(case)),
            await http.delete(address(case), headers=them | tagged(case)),
            await http.get(address(case), headers=them),
        ]

        assert {(answer.status_code, answer.json()["code"]) for answer in asked} == {(404, "case_not_found")}

    async def test_officers_of_another_department_division_or_class_of_data(self, http: httpx.AsyncClient) -> None:
        case = await a_submitted_case(await a_citizen())
        elsewhere = await an_enrolled_officer(a_grant("handle", "*", "370611"))
        blind = await an_enrolled_officer(a_grant("handle", "*", "*", "contact"))

        answers = [
            (await http.get(address(case, office="/officer"), headers=one.headers)).json()["code"]
            for one in (elsewhere, blind)
        ]

        assert answers == ["no_right", "no_right"]
        with pytest.raises(Exception, match="case_not_found"):
            await materials.looked_at(an_officer(department="WJW"), case.id, "household", None, a_store())

    async def test_no_officer_before_it_is_submitted(self, http: httpx.AsyncClient) -> None:
        citizen, officer = await a_citizen(), await an_enrolled_officer()
        draft = await with_licence(citizen, await a_paper_draft(citizen), await a_licence_of(citizen.id))

        answer = await http.get(address(draft, office="/officer"), headers=officer.headers)

        assert (answer.status_code, answer.json()["code"]) == (404, "case_not_found")


class TestHandedOut:
    async def test_as_an_attachment_that_no_browser_guesses_about(self, http: httpx.AsyncClient) -> None:
        citizen, content = await a_citizen(), a_pdf()
        draft = await a_paper_draft(citizen)
        node_id = await a_node(citizen, content, "收入\u201c证明\u201d.pdf")
        async with a_scanner() as scanner:
            draft = await attached(citizen, draft, node_id, scanner)
        draft = await with_licence(citizen, draft, await a_licence_of(citizen.id))
        case, officer = await handed_in(citizen, draft), await an_enrolled_officer()

        mine = await http.get(address(case, "proof"), headers=await headers(citizen))
        theirs = await http.get(address(case, "proof", office="/officer"), headers=officer.headers)

        for answer in (mine, theirs):
            assert (answer.status_code, answer.content) == (200, content)
            assert answer.headers["content-type"] == "application/pdf"
            assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E6%94%B6")
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["cache-control"] == "private, no-store"

    async def test_an_officers_look_stands_in_the_citizens_log_with_the_case(self, http: httpx.AsyncClient) -> None:
        citizen, officer = await a_citizen(), await an_enrolled_officer()
        case = await a_submitted_case(citizen)

        assert (await http.get(address(case, office="/officer"), headers=officer.headers)).is_success

        entries = (await http.get("/v1/me/access-log", headers=await headers(citizen))).json()["items"]
        (entry,) = (one for one in entries if one["act"] == "material_looked_at")
        assert (entry["actor_kind"], entry["basis_id"], entry["sensitive"]) == ("officer", case.number, True)

    async def test_a_material_is_taken_away_once(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen()
        draft = await with_licence(citizen, await a_paper_draft(citizen), await a_licence_of(citizen.id))
        me = await headers(citizen)

        gone, again = [await http.delete(address(draft), headers=me | tagged(draft)) for _ in range(2)]

        assert (gone.status_code, gone.headers["etag"]) == (200, f'"{draft.version + 1}"')
        assert (again.status_code, again.json()["code"]) == (412, "case_changed")
