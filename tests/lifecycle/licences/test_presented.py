"""Checking what is presented: exactly the lines that are shown, as long as it holds."""

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio
from litestar import Litestar
from sd_jwt.verifier import SDJWTVerifier

from app.audit.acts import Act
from app.kernel import clock
from app.kernel.database import execute, transaction
from app.kernel.ids import shard_of
from app.kernel.settings import load
from app.residents.people import RESIDENTS
from lifecycle.licences import presentation_codes, presenting
from lifecycle.licences.ending import move
from lifecycle.licences.ending_structs import Stepping
from lifecycle.licences.errors import LicenceNotValid
from lifecycle.licences.limits import limit_today
from lifecycle.licences.presentation_structs import PresentationShown
from lifecycle.licences.presented import FOR_ANOTHER, OVER, TOO_OFTEN
from lifecycle.licences.states import Step
from lifecycle.licences.stepping import ISSUER
from tests.makers.licences import a_licence_of, a_presentation, acts_about, facts, part, verified
from tests.makers.people import a_citizen, an_officer
from tests.makers.seals import key_in, the_seals

pytestmark = pytest.mark.usefixtures("app")


@pytest_asyncio.fixture(autouse=True)
async def _seals(app: Litestar) -> None:
    await the_seals()


async def made_earlier(shown: PresentationShown) -> None:
    """Let a presentation have run out a second ago."""
    minutes = limit_today("presentation_minutes")
    made_at = clock.now() - timedelta(minutes=minutes, seconds=1)
    owner = await asyncpg.connect(load().database_owner_url)
    await owner.execute(
        "UPDATE licence_presentation SET made_at = $2, expires_at = $3 WHERE id = $1",
        *(shown.presentation.id, made_at, made_at + timedelta(minutes=minutes)),
    )
    await owner.close()


class TestChecking:
    async def test_tells_exactly_the_chosen_lines_by_code_and_by_credential(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        licence = await a_licence_of(citizen.id)
        shown = await a_presentation(citizen, licence, "name", audience="银行")

        by_code = await verified(http, code=shown.code.lower())
        by_token = await verified(http, presentation=shown.sd_jwt, audience="银行")

        for said in (by_code, by_token):
            assert said["holds"] is True
            assert set(facts(said)) == {"Licence", "Issued by", "Name", "Shown to", "Shown until"}
            assert licence.number not in str(said)
        assert by_token["seal"]["genuine"] is True
        assert (await acts_about(citizen.id)).count(Act.LICENCE_LINES_CHECKED.value) == 2
        (one,) = (await presenting.listed(citizen, licence.id, None, 10)).items
        assert (one.checked, one.checked_at is not None) == (2, True)

    async def test_tells_no_more_than_its_holder_left_in_the_credential(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        shown = await a_presentation(citizen, await a_licence_of(citizen.id), "name", "address")
        signed, name, _address, _ = shown.sd_jwt.split("~")

        less = await verified(http, presentation=f"{signed}~{name}~")
        nothing = await verified(http, presentation=f"{signed}~")

        assert (facts(less).get("Name"), "Address" in facts(less)) == ("王小红", False)
        assert (nothing["holds"], "Name" in facts(nothing)) == (True, False)
        assert (await verified(http, code=part(signed, 1)["jti"]))["finding"] is None

    async def test_a_program_of_others_verifies_the_credential(self) -> None:
        citizen = await a_citizen(2)
        shown = await a_presentation(citizen, await a_licence_of(citizen.id), "name")
        said = SDJWTVerifier(shown.sd_jwt, key_in).get_verified_payload()

        assert said["name"] == "王小红"
        assert "address" not in said

    async def test_says_that_it_is_over_once_it_ran_out_or_was_ended(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        licence = await a_licence_of(citizen.id)
        ended, late = await a_presentation(citizen, licence), await a_presentation(citizen, licence)
        await presenting.end(citizen, licence.id, ended.presentation.id)
        await made_earlier(late)

        for shown in (ended, late):
            for said in (await verified(http, code=shown.code), await verified(http, presentation=shown.sd_jwt)):
                assert (said["holds"], said["said"]["en"], "Name" in facts(said)) == (False, OVER.en, False)

    async def test_was_made_for_one_audience(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        licence = await a_licence_of(citizen.id)
        shown, for_anybody = (
            await a_presentation(citizen, licence, audience="甲"),
            await a_presentation(citizen, licence),
        )

        other = await verified(http, presentation=shown.sd_jwt, audience="乙")
        assert (other["holds"], other["said"]["en"], "Name" in facts(other)) == (False, FOR_ANOTHER.en, False)
        assert (await verified(http, presentation=shown.sd_jwt, audience="甲"))["holds"] is True
        assert (await verified(http, presentation=for_anybody.sd_jwt, audience="乙"))["holds"] is True

    async def test_tells_nothing_too_often(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        shown = await a_presentation(citizen, await a_licence_of(citizen.id))
        async with transaction(ISSUER):
            await execute(
                "UPDATE licence_presentation SET checked = $2 WHERE id = $1",
                *(shown.presentation.id, limit_today("presentation_checks_most") - 1),
            )

        said = await asyncio.gather(*(verified(http, code=shown.code) for _ in range(3)))

        assert sorted(one["holds"] for one in said) == [False, False, True]
        assert TOO_OFTEN.en in {one["said"]["en"] for one in said}

    async def test_opens_nothing_while_whoever_presented_it_is_frozen(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        shown = await a_presentation(citizen, await a_licence_of(citizen.id))
        async with transaction(RESIDENTS):
            await execute(
                "UPDATE resident SET frozen_at = $3 WHERE shard = $1 AND id = $2",
                *(shard_of(citizen.id), citizen.id, clock.now()),
            )

        assert (await verified(http, code=shown.code))["said"]["en"] == OVER.en

    async def test_knows_no_other_code(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        shown = await a_presentation(citizen, await a_licence_of(citizen.id))
        shard = int(shown.code[1:5])
        others = (presentation_codes.new_code(shard), presentation_codes.new_code((shard + 1) % 4096), shown.code[:-1])

        assert [(await verified(http, code=code))["finding"] for code in others] == [None] * 3

    async def test_a_swapped_disclosure_of_the_same_licence_is_refused(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        licence = await a_licence_of(citizen.id)
        one, two = await a_presentation(citizen, licence, "name"), await a_presentation(citizen, licence, "address")
        swapped = "~".join([one.sd_jwt.split("~")[0], two.sd_jwt.split("~")[1], ""])

        said = await verified(http, presentation=swapped)

        assert (said["holds"], said["seal"]["reason"], said["finding"]) == (False, "disclosure_unknown", None)

    @pytest.mark.parametrize(
        "body",
        [
            {"presentation": ""},
            {"presentation": "a b"},
            {"presentation": "x" * 20_001},
            {"presentation": 7},
            {"presentation": "x~", "code": "R-1"},
            {"code": "R-1", "audience": "甲"},
            {"audience": "甲"},
        ],
    )
    async def test_refuses_what_is_malformed(self, http: httpx.AsyncClient, body: dict[str, Any]) -> None:
        answer = await http.post("/v1/verify", json=body)

        assert (answer.status_code, answer.json()["code"] in {"body_wrong", "nothing_to_verify"}) == (422, True)


class TestRevocation:
    async def test_shows_at_once_everywhere(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        licence = await a_licence_of(citizen.id)
        shown = await a_presentation(citizen, licence)
        await move(an_officer(), licence.number, Step.SUSPEND, Stepping("under_inquiry", "正在核查。"))

        for said in (await verified(http, code=shown.code), await verified(http, presentation=shown.sd_jwt)):
            assert (said["holds"], said["said"]["en"]) == (False, "This licence is suspended.")
            assert "Name" not in facts(said)
        with pytest.raises(LicenceNotValid):
            await a_presentation(citizen, licence)

    async def test_of_one_that_is_just_being_presented_holds_for_it_too(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        licence = await a_licence_of(citizen.id)
        asked = Stepping("under_inquiry", "正在核查。")

        shown, _ = await asyncio.gather(
            a_presentation(citizen, licence),
            move(an_officer(), licence.number, Step.SUSPEND, asked),
            return_exceptions=True,
        )

        if isinstance(shown, PresentationShown):
            assert (await verified(http, code=shown.code))["holds"] is False
        else:
            assert isinstance(shown, LicenceNotValid)
