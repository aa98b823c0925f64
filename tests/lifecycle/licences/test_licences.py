"""Licences: issued, read, made into sealed documents, verified by anybody."""

import asyncio
import base64

import httpx
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import clock
from app.kernel.database import execute, fetch_value, transaction
from app.kernel.ids import shard_of
from app.pki.authorities import authorities
from app.pki.enrolment import record_own
from app.pki.sealed_documents import verify_document
from lifecycle.cases import reading as cases
from lifecycle.licences import check_codes, documents, reading
from lifecycle.licences.documents import DocumentToMake, make_document
from lifecycle.licences.errors import LicenceBeingMade, LicenceNotFound
from lifecycle.licences.issuing import ISSUER, issue
from lifecycle.licences.structs import Grant, LicenceView
from lifecycle.licences.verifying import LicenceVerifier
from tests.makers.callers import headers, the_authorities_of_the_product
from tests.makers.cases import Family, an_issued_case
from tests.makers.people import a_citizen


@pytest_asyncio.fixture(autouse=True)
async def _authorities(family: Family) -> None:
    the_authorities_of_the_product()
    await record_own(authorities())


async def a_licence(family: Family) -> LicenceView:
    """The child's page of the household register, just issued."""
    case = await an_issued_case(family)
    return await reading.licence(family.mother, (await cases.show(family.mother, case.id)).licence_ids[0])


def code_of(licence: LicenceView) -> str:
    """What its holder shows."""
    return check_codes.shown(licence.number, licence.check_code)


class TestIssue:
    async def test_issues_once_per_case_and_type(self, family: Family) -> None:
        licence = await a_licence(family)
        grant = Grant(
            type_code=licence.type_code,
            holder_id=licence.holder_id,
            department="GAJ",
            lines=tuple(licence.lines),
            case_id=licence.case_id,
            case_number="YT2026112201000001",
        )
        async with transaction(ISSUER):
            assert await issue(grant) == licence.id

    async def test_keeps_what_stands_on_it_sealed(self, family: Family) -> None:
        licence = await a_licence(family)

        async with transaction(ISSUER):
            stored: bytes = await fetch_value("SELECT lines FROM licence WHERE id = $1", licence.id)
        assert "安然".encode() not in stored

    async def test_writes_a_number_that_names_its_shard(self, family: Family) -> None:
        licence = await a_licence(family)

        assert licence.number.startswith(f"HK{clock.today():%Y%m%d}{shard_of(licence.id):04d}")


class TestReading:
    async def test_shows_guardians_their_wards_and_nobody_else(self, family: Family) -> None:
        licence = await a_licence(family)

        for parent in (family.mother, family.father):
            assert licence.id in [one.id for one in (await reading.licences(parent, None, 100)).items]
        stranger = await a_citizen()
        assert (await reading.licences(stranger, None, 100)).items == []
        with pytest.raises(LicenceNotFound):
            await reading.licence(stranger, licence.id)
        with pytest.raises(LicenceNotFound):
            await documents.pdf(stranger, licence.id)

    async def test_shows_one_past_its_last_day_as_expired(self, family: Family) -> None:
        licence = await a_licence(family)
        async with transaction(ISSUER):
            await execute("UPDATE licence SET valid_to = $2 WHERE id = $1", licence.id, clock.today())
        assert (await reading.licence(family.mother, licence.id)).state == "valid"
        async with transaction(ISSUER):
            await execute("UPDATE licence SET valid_to = '2020-01-01' WHERE id = $1", licence.id)
        assert (await reading.licence(family.mother, licence.id)).state == "expired"


class TestDocument:
    async def test_is_sealed_and_made_once(self, family: Family) -> None:
        licence = await a_licence(family)
        with pytest.raises(LicenceBeingMade):
            await documents.pdf(family.mother, licence.id)

        await asyncio.gather(*(make_document(DocumentToMake(licence.id)) for _ in range(2)))
        await make_document(DocumentToMake(licence.id))
        view, pdf = await documents.pdf(family.mother, licence.id)

        assert (licence.document, view.document) == ("being_made", "ready")
        assert (await verify_document(pdf)).reference == code_of(licence)
        async with transaction(ISSUER):
            assert await fetch_value("SELECT count(*) FROM licence_document WHERE licence_id = $1", licence.id) == 1

    async def test_is_kept_encrypted(self, family: Family) -> None:
        licence = await a_licence(family)
        await make_document(DocumentToMake(licence.id))

        async with transaction(ISSUER):
            stored: bytes = await fetch_value("SELECT pdf FROM licence_document WHERE licence_id = $1", licence.id)
        assert b"%PDF" not in stored


class TestVerifying:
    async def test_finds_a_licence_by_its_code_without_anything_personal(self, family: Family) -> None:
        licence = await a_licence(family)

        found = await LicenceVerifier().find(code_of(licence).lower())

        assert found is not None
        assert found.holds
        said = {fact.name.en: fact.value for fact in found.facts}
        assert said["Number"] == licence.number
        personal = {"Name", "Identity number", "Household number", "Address"}
        assert not {line.value for line in licence.lines if line.label.en in personal} & set(said.values())

    async def test_says_when_it_no_longer_holds(self, family: Family) -> None:
        licence = await a_licence(family)
        async with transaction(ISSUER):
            await execute("UPDATE licence SET state = 'revoked' WHERE id = $1", licence.id)

        found = await LicenceVerifier().find(code_of(licence))

        assert found is not None
        assert (found.holds, found.said.en) == (False, "This licence was revoked.")

    async def test_learns_nothing_by_number_or_secret_alone(self, family: Family) -> None:
        licence = await a_licence(family)
        wrong = check_codes.shown(licence.number, check_codes.new_check_code())
        other = check_codes.shown(f"HK20200101{shard_of(licence.id):04d}00000000", licence.check_code)

        assert [await LicenceVerifier().find(code) for code in (wrong, other, licence.number, "R-1")] == [None] * 4


class TestCheckCodes:
    @given(st.integers(0, 4095), st.integers(0, 10**8 - 1))
    def test_are_read_as_they_are_written(self, shard: int, serial: int) -> None:
        number, secret = f"HK20261122{shard:04d}{serial:08d}", check_codes.new_check_code()

        read = check_codes.read(check_codes.shown(number, secret))

        assert read is not None
        assert (read.number, read.shard, read.secret) == (number, shard, secret)
        assert read.opens(secret)

    @given(st.text(max_size=50))
    def test_are_nothing_else(self, text: str) -> None:
        assert check_codes.read(text) is None

    def test_stand_behind_the_hash_of_an_address(self) -> None:
        address = check_codes.verify_address("http://127.0.0.1:8000", "HK1", "0123456789")

        assert address == "http://127.0.0.1:8000/verify#HK1-01234-56789"


class TestOverHttp:
    async def test_gives_holder_and_guardians_the_sealed_pdf(self, http: httpx.AsyncClient, family: Family) -> None:
        licence, mother = await a_licence(family), await headers(family.mother)
        early = await http.get(f"/v1/licences/{licence.id}/pdf", headers=mother)
        await make_document(DocumentToMake(licence.id))
        pdf = await http.get(f"/v1/licences/{licence.id}/pdf", headers=mother)
        one = await http.get(f"/v1/licences/{licence.id}", headers=mother)

        assert (early.status_code, early.json()["code"], early.headers["retry-after"]) == (
            503,
            "licence_being_made",
            "2",
        )
        assert (pdf.status_code, pdf.headers["content-type"]) == (200, "application/pdf")
        assert pdf.content.startswith(b"%PDF-")
        assert licence.number in pdf.headers["content-disposition"]
        assert one.json()["document"] == "ready"

    async def test_lets_anybody_verify_code_and_document(self, http: httpx.AsyncClient, family: Family) -> None:
        licence = await a_licence(family)
        await make_document(DocumentToMake(licence.id))
        _, pdf = await documents.pdf(family.mother, licence.id)
        by_code = await http.post("/v1/verify", json={"code": code_of(licence)})
        by_document = await http.post("/v1/verify", json={"document": base64.b64encode(pdf).decode()})

        assert (by_code.json()["holds"], by_code.json()["finding"]["kind"]) == (True, "licence")
        assert (by_document.json()["holds"], by_document.json()["seal"]["genuine"]) == (True, True)

    async def test_is_closed_to_others(self, http: httpx.AsyncClient, family: Family) -> None:
        licence, stranger = await a_licence(family), await headers(await a_citizen())
        paths = (f"/v1/licences/{licence.id}", f"/v1/licences/{licence.id}/pdf")

        assert {(await http.get(path)).status_code for path in (*paths, "/v1/licences")} == {401}
        assert {(await http.get(path, headers=stranger)).status_code for path in paths} == {404}
        assert (await http.get("/v1/licences/nothing", headers=stranger)).status_code == 404
        assert (await http.get("/v1/licences?cursor=x", headers=stranger)).status_code == 400
