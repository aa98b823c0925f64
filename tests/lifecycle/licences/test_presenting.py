"""Presenting lines of a licence: nothing else is told, for some minutes, and revocation and its end show at once."""

import secrets
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest
import pytest_asyncio
import segno
import zxingcpp
from litestar import Litestar
from PIL import Image

from app.audit.acts import Act
from app.kernel import clock
from app.kernel.actors import Scope
from app.kernel.database import fetch_value, transaction
from lifecycle.licences import presenting
from lifecycle.licences.errors import LicenceNotFound, LicenceNotValid, LinesUnknown, PresentationUnknown
from lifecycle.licences.limits import limit_today
from lifecycle.licences.own_rights import LicenceEraser, LicenceExporter
from lifecycle.licences.presentation_structs import NewPresentation
from lifecycle.licences.stepping import ISSUER
from lifecycle.licences.structs import Line
from tests.makers.callers import headers, signed_in
from tests.makers.delegations import a_power
from tests.makers.licences import a_licence_of, a_presentation, acts_about, facts, part, verified
from tests.makers.people import a_citizen, a_guardian_of, a_newborn
from tests.makers.seals import the_seals

pytestmark = pytest.mark.usefixtures("app")


@pytest_asyncio.fixture(autouse=True)
async def _seals(app: Litestar) -> None:
    await the_seals()


class TestPresent:
    async def test_gives_a_code_and_a_credential_with_the_chosen_lines_only(self) -> None:
        citizen = await a_citizen(2)
        licence = await a_licence_of(citizen.id)

        shown = await a_presentation(citizen, licence, "address", "name", audience="银行", purpose="开户")

        said = shown.presentation
        assert (said.lines, said.audience, said.purpose, said.live, said.checked) == (
            ("name", "address"),
            "银行",
            "开户",
            True,
            0,
        )
        assert said.expires_at - said.made_at == timedelta(minutes=limit_today("presentation_minutes"))
        claims = part(shown.sd_jwt, 1)
        assert (claims["aud"], claims["vct"], len(claims["_sd"])) == ("银行", "urn:fuhai:licence:CERT_HUKOU", 3)
        assert not {str(citizen.id), str(licence.id), licence.number} & {str(value) for value in claims.values()}

    async def test_fits_into_a_small_qr_code(self) -> None:
        citizen = await a_citizen(2)
        shown = await a_presentation(citizen, await a_licence_of(citizen.id))

        code = segno.make(shown.verify_url, error="m", micro=False)
        rows = [[0 if dark else 255 for dark in row] for row in code.matrix_iter(scale=4, border=4)]
        image = Image.new("L", (len(rows[0]), len(rows)))
        image.putdata([pixel for row in rows for pixel in row])
        (read,) = zxingcpp.read_barcodes(image)

        assert int(code.version) <= 5
        assert read.text == shown.verify_url
        assert shown.code in read.text.partition("#")[2]

    async def test_refuses_lines_that_there_are_not_and_those_without_a_name(self) -> None:
        citizen = await a_citizen(2)
        licence = await a_licence_of(citizen.id)

        for names in (("salary",), ("name", "note"), ("_sd",)):
            with pytest.raises(LinesUnknown) as refused:
                await a_presentation(citizen, licence, *names)
            assert refused.value.errors[0].pointer == f"/lines/{len(names) - 1}"

    async def test_is_of_a_valid_licence_only(self) -> None:
        citizen = await a_citizen(2)
        licence = await a_licence_of(citizen.id, valid_to=clock.today() - timedelta(days=1))

        with pytest.raises(LicenceNotValid):
            await a_presentation(citizen, licence)

    async def test_is_kept_sealed_and_stands_in_the_holders_log(self) -> None:
        citizen = await a_citizen(2)
        shown = await a_presentation(citizen, await a_licence_of(citizen.id), audience="某某银行")

        async with transaction(ISSUER):
            row = await fetch_value(
                "SELECT content || code_index FROM licence_presentation WHERE id = $1", shown.presentation.id
            )
        assert "某某银行".encode() not in row
        assert shown.code.encode() not in row
        assert Act.LICENCE_PRESENTED.value in await acts_about(citizen.id)

    async def test_old_licences_without_names_are_read_and_present_nothing(self) -> None:
        stored = b'[{"label": {"zh": "\xe5\xa7\x93\xe5\x90\x8d", "en": "Name"}, "value": "A"}]'
        assert msgspec.json.decode(stored, type=list[Line])[0].name == ""


class TestGuardians:
    async def test_present_what_their_ward_holds(self, http: httpx.AsyncClient) -> None:
        child = await a_newborn()
        mother, licence = await a_guardian_of(child), await a_licence_of(child)

        shown = await a_presentation(mother, licence)

        assert facts(await verified(http, code=shown.code))["Name"] == "王小红"
        assert shown.presentation.presented_by == mother.id
        acts = await acts_about(child)
        assert [Act.LICENCE_PRESENTED.value, Act.LICENCE_LINES_CHECKED.value] == [a for a in acts if "licence_" in a][
            1:
        ]

    async def test_a_delegate_reads_and_does_not_present(self, http: httpx.AsyncClient) -> None:
        giver, delegate = await a_citizen(2), await a_citizen(2)
        await a_power(giver, delegate, Scope.LICENCES_READ)
        licence = await a_licence_of(giver.id)
        acting = {**await headers(delegate), "Fuhai-Acting-For": str(giver.id)}

        read = await http.get(f"/v1/licences/{licence.id}", headers=acting)
        shown = await http.post(f"/v1/licences/{licence.id}/present", json={"lines": ["name"]}, headers=acting)
        listed = await http.get(f"/v1/licences/{licence.id}/presentations", headers=acting)

        assert (read.status_code, shown.status_code, listed.status_code) == (200, 403, 403)
        assert shown.json()["code"] == "not_for_others"


class TestOwnList:
    async def test_ends_once_and_only_by_its_licence(self) -> None:
        citizen = await a_citizen(2)
        licence, other = await a_licence_of(citizen.id), await a_licence_of(citizen.id)
        shown = await a_presentation(citizen, licence)

        with pytest.raises(PresentationUnknown):
            await presenting.end(citizen, other.id, shown.presentation.id)
        first = await presenting.end(citizen, licence.id, shown.presentation.id)
        again = await presenting.end(citizen, licence.id, shown.presentation.id)

        assert (first.live, again) == (False, first)
        assert (await acts_about(citizen.id)).count(Act.LICENCE_PRESENTATION_ENDED.value) == 1

    async def test_is_in_pages_newest_first(self) -> None:
        citizen = await a_citizen(2)
        licence = await a_licence_of(citizen.id)
        made = [(await a_presentation(citizen, licence)).presentation.id for _ in range(3)]

        first = await presenting.listed(citizen, licence.id, None, 2)
        rest = await presenting.listed(citizen, licence.id, first.next, 2)

        assert [one.id for one in (*first.items, *rest.items)] == made[::-1]
        assert rest.next is None

    async def test_is_forgotten_after_its_time_exported_and_erased(self) -> None:
        citizen = await a_citizen(2)
        licence = await a_licence_of(citizen.id)
        await a_presentation(citizen, licence, audience="银行")

        exported = await LicenceExporter().export(citizen.id)
        assert exported["licence_presentation"][0]["audience"] == "银行"
        await presenting.sweep()
        assert (await presenting.listed(citizen, licence.id, None, 5)).items
        assert await LicenceEraser().erase(citizen.id) == 1
        assert (await presenting.listed(citizen, licence.id, None, 5)).items == []


class TestOverHttp:
    async def test_presents_once_when_repeated(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        licence = await a_licence_of(citizen.id)
        sent = {**await headers(citizen), "Idempotency-Key": secrets.token_hex(8)}
        address, body = f"/v1/licences/{licence.id}/present", {"lines": ["name"]}

        first = await http.post(address, json=body, headers=sent)
        again = await http.post(address, json=body, headers=sent)

        assert (first.status_code, again.json()) == (201, first.json())
        assert len((await presenting.listed(citizen, licence.id, None, 5)).items) == 1

    async def test_is_closed_to_others(self, http: httpx.AsyncClient) -> None:
        citizen, stranger = await a_citizen(2), await headers(await a_citizen(2))
        licence = await a_licence_of(citizen.id)
        shown = await a_presentation(citizen, licence)
        base = f"/v1/licences/{licence.id}"
        requests: list[tuple[str, str, Any]] = [
            ("POST", f"{base}/present", {"lines": ["name"]}),
            ("GET", f"{base}/presentations", None),
            ("DELETE", f"{base}/presentations/{shown.presentation.id}", None),
        ]

        for method, path, body in requests:
            anonymous = await http.request(method, path, json=body)
            other = await http.request(method, path, json=body, headers=stranger)
            assert (anonymous.status_code, other.status_code) == (401, 404)
        assert (await presenting.listed(citizen, licence.id, None, 5)).items[0].live

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"lines": []},
            {"lines": ["Name"]},
            {"lines": "name"},
            {"lines": ["name"], "audience": "a\nb"},
            {"line": 1},
        ],
    )
    async def test_refuses_what_is_malformed(self, http: httpx.AsyncClient, body: dict[str, Any]) -> None:
        citizen = await a_citizen(2)
        licence = await a_licence_of(citizen.id)

        answer = await http.post(f"/v1/licences/{licence.id}/present", json=body, headers=await headers(citizen))

        assert (answer.status_code, answer.json()["code"]) == (422, "body_wrong")

    async def test_asks_for_a_real_name(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(1)

        answer = await http.get(f"/v1/licences/{citizen.id}/presentations", auth=await signed_in(citizen))

        assert answer.json()["code"] == "assurance_too_low"

    async def test_limits_how_often(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        unknown = (await a_licence_of((await a_citizen(2)).id)).id
        most = limit_today("presentations_of_citizen")
        for _ in range(most):
            with pytest.raises(LicenceNotFound):
                await presenting.present(citizen, unknown, NewPresentation(("name",)))

        answer = await http.post(
            f"/v1/licences/{unknown}/present", json={"lines": ["name"]}, headers=await headers(citizen)
        )

        assert (answer.status_code, answer.json()["code"]) == (429, "presented_too_often")
