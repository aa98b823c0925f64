"""Suspending a licence, and ending it by two officers: shown at once, told with its reason, sealed in the holder's log."""

import asyncio
import secrets
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio
from litestar import Litestar

from app.audit.acts import Act
from app.kernel import clock
from app.kernel.actors import NoRight, Officer, SameOfficer
from app.kernel.database import transaction
from app.kernel.events import deliver_pending
from app.kernel.ids import new_id
from app.kernel.settings import load
from lifecycle.licences import check_codes, documents, ending, reading, stepping
from lifecycle.licences.documents import DocumentToMake, make_document
from lifecycle.licences.ending_structs import Deciding, Proposing
from lifecycle.licences.errors import (
    EndProposedAlready,
    GroundDoesNotFit,
    LicenceNotFound,
    LicenceStateDiffers,
    NoEndProposed,
)
from lifecycle.licences.limits import limit_today
from lifecycle.licences.states import Step
from lifecycle.licences.stepping import ISSUER, Why
from lifecycle.licences.structs import LicenceView
from tests.makers.callers import an_enrolled_officer, headers
from tests.makers.erasure import erased
from tests.makers.licences import (
    ASKED,
    CLEARED,
    FRAUD,
    INQUIRY,
    a_licence_of,
    a_licence_officer,
    acts_about,
    state_of,
    told_of,
    verified,
)
from tests.makers.people import a_citizen, a_grant, a_guardian_of, a_newborn, an_officer
from tests.makers.seals import the_seals

pytestmark = pytest.mark.usefixtures("app")


@pytest_asyncio.fixture(autouse=True)
async def _seals(app: Litestar) -> None:
    await the_seals()


async def ended(licence: LicenceView, asked: Proposing = FRAUD) -> None:
    await ending.propose(a_licence_officer(), licence.number, asked)
    await ending.decide(a_licence_officer(), licence.number, Deciding(confirm=True))


class TestSuspending:
    async def test_shows_at_once_and_is_told_with_its_reason(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        licence = await a_licence_of(citizen.id)
        await make_document(DocumentToMake(licence.id))

        file = await ending.move(a_licence_officer(), licence.number, Step.SUSPEND, INQUIRY)
        await deliver_pending()

        assert (file.state, file.steps[-1].reason, file.proposal) == ("suspended", INQUIRY.reason, None)
        view = await reading.licence(citizen, licence.id)
        assert view.standing is not None
        assert (view.state, view.standing.ground, view.standing.reason) == (
            "suspended",
            "under_inquiry",
            INQUIRY.reason,
        )
        said = await verified(http, code=check_codes.shown(licence.number, licence.check_code))
        assert (said["holds"], said["said"]["en"]) == (False, "This licence is suspended.")
        pdf = await http.get(f"/v1/licences/{licence.id}/pdf", headers=await headers(citizen))
        assert (pdf.status_code, pdf.headers["fuhai-licence-state"]) == (200, "suspended")
        assert Act.LICENCE_SUSPENDED.value in await acts_about(citizen.id)
        inbox = (await http.get("/v1/inbox", headers=await headers(citizen))).json()["items"]
        assert INQUIRY.reason in next(one["text"]["zh"] for one in inbox if one["kind"] == "licence.suspend")
        timeline = (await http.get("/v1/me/timeline", headers=await headers(citizen))).json()["items"]
        assert "电子证照暂停使用" in str(timeline)

    async def test_ends_with_a_resumption(self) -> None:
        citizen = await a_citizen(2)
        licence = await a_licence_of(citizen.id)
        await ending.move(a_licence_officer(), licence.number, Step.SUSPEND, INQUIRY)
        with pytest.raises(LicenceStateDiffers):
            await ending.move(a_licence_officer(), licence.number, Step.SUSPEND, INQUIRY)

        await ending.move(a_licence_officer(), licence.number, Step.RESUME, CLEARED)
        await deliver_pending()

        assert await state_of(licence) == "valid"
        assert len(await told_of(citizen.id, "licence.%")) == 2

    async def test_is_told_to_guardians_of_a_child(self) -> None:
        child = await a_newborn()
        mother = await a_guardian_of(child)
        licence = await a_licence_of(child)

        await ending.move(a_licence_officer(), licence.number, Step.SUSPEND, INQUIRY)
        await deliver_pending()

        assert len(await told_of(mother.id, "licence.suspend")) == 1
        assert await told_of(child, "licence.suspend") == []

    async def test_by_two_at_once_happens_once(self) -> None:
        licence = await a_licence_of((await a_citizen(2)).id)

        done = await asyncio.gather(
            *(ending.move(a_licence_officer(), licence.number, Step.SUSPEND, INQUIRY) for _ in range(4)),
            return_exceptions=True,
        )

        assert sum(not isinstance(one, BaseException) for one in done) == 1
        assert {type(one) for one in done if isinstance(one, BaseException)} == {LicenceStateDiffers}


class TestEnding:
    async def test_takes_two_officers(self) -> None:
        citizen, first, second = await a_citizen(2), a_licence_officer(), a_licence_officer()
        licence = await a_licence_of(citizen.id)

        proposed = await ending.propose(first, licence.number, FRAUD)
        with pytest.raises(SameOfficer):
            await ending.decide(first, licence.number, Deciding(confirm=True))
        assert await state_of(licence) == "valid"
        with pytest.raises(EndProposedAlready):
            await ending.propose(second, licence.number, ASKED)
        file = await ending.decide(second, licence.number, Deciding(confirm=True))
        await deliver_pending()

        assert proposed.proposal is not None
        assert (proposed.proposal.how, file.state, file.proposal) == ("annul", "annulled", None)
        assert [one.step for one in file.steps] == [Step.PROPOSE_ANNUL, Step.ANNUL]
        assert [one["phrase"] for one in await told_of(citizen.id, "licence.%")] == ["licence.annul"]
        acts = await acts_about(citizen.id)
        assert acts.index(Act.LICENCE_END_PROPOSED.value) < acts.index(Act.LICENCE_ANNULLED.value)
        with pytest.raises(NoEndProposed):
            await ending.decide(second, licence.number, Deciding(confirm=True))

    async def test_by_somebody_with_two_accounts_takes_another_person(self) -> None:
        first = a_licence_officer()
        licence = await a_licence_of((await a_citizen(2)).id)
        await ending.propose(first, licence.number, FRAUD)
        other_account = Officer(
            id=new_id(first.id), name="李", department="GAJ", grants=first.grants, accounts=(first.id,)
        )

        with pytest.raises(SameOfficer):
            await ending.decide(other_account, licence.number, Deciding(confirm=True))

    async def test_can_be_refused_and_taken_back_and_proposed_anew(self) -> None:
        first = a_licence_officer()
        licence = await a_licence_of((await a_citizen(2)).id)
        await ending.propose(first, licence.number, FRAUD)
        file = await ending.decide(first, licence.number, Deciding(confirm=False, reason="证据不足。"))

        assert (file.state, file.proposal, file.steps[-1].reason) == ("valid", None, "证据不足。")
        await ended(licence, ASKED)
        assert await state_of(licence) == "revoked"

    async def test_by_two_at_once_happens_once(self) -> None:
        citizen = await a_citizen(2)
        licence = await a_licence_of(citizen.id)
        await ending.propose(a_licence_officer(), licence.number, ASKED)

        done = await asyncio.gather(
            *(ending.decide(a_licence_officer(), licence.number, Deciding(confirm=yes)) for yes in (True, True, False)),
            return_exceptions=True,
        )

        assert sum(not isinstance(one, BaseException) for one in done) == 1
        assert {type(one) for one in done if isinstance(one, BaseException)} == {NoEndProposed}

    async def test_is_void_where_nobody_confirmed_it_in_time(self) -> None:
        licence = await a_licence_of((await a_citizen(2)).id)
        await ending.propose(a_licence_officer(), licence.number, FRAUD)
        await long_ago(licence)

        with pytest.raises(NoEndProposed):
            await ending.decide(a_licence_officer(), licence.number, Deciding(confirm=True))
        assert (await ending.look(a_licence_officer(), licence.number)).proposal is None
        await ended(licence)

    async def test_leads_out_of_a_suspension_too_and_never_back(self) -> None:
        licence = await a_licence_of((await a_citizen(2)).id)
        await ending.move(a_licence_officer(), licence.number, Step.SUSPEND, INQUIRY)
        await ended(licence)

        for step in (Step.SUSPEND, Step.RESUME):
            with pytest.raises(LicenceStateDiffers):
                await ending.move(
                    a_licence_officer(), licence.number, step, INQUIRY if step is Step.SUSPEND else CLEARED
                )
        with pytest.raises(LicenceStateDiffers):
            await ending.propose(a_licence_officer(), licence.number, ASKED)

    async def test_needs_a_ground_that_the_law_names_for_it(self) -> None:
        licence = await a_licence_of((await a_citizen(2)).id)

        for asked in (Proposing("revoke", "fraud", "伪造。"), Proposing("annul", "not_renewed", "未延续。")):
            with pytest.raises(GroundDoesNotFit):
                await ending.propose(a_licence_officer(), licence.number, asked)
        with pytest.raises(GroundDoesNotFit):
            await ending.move(a_licence_officer(), licence.number, Step.SUSPEND, CLEARED)


class TestWhoMay:
    async def test_officers_of_the_issuing_department_with_the_right_where_it_was_decided(self) -> None:
        licence = await a_licence_of((await a_citizen(2)).id)

        for officer, refusal in (
            (a_licence_officer(department="MZJ"), LicenceNotFound),
            (a_licence_officer("370681"), NoRight),
            (an_officer(a_grant("handle")), NoRight),
            (an_officer(a_grant(ending.RIGHT, "marriage_registration")), NoRight),
        ):
            for use in (ending.look(officer, licence.number), ending.propose(officer, licence.number, FRAUD)):
                with pytest.raises(refusal):
                    await use
        assert await state_of(licence) == "valid"

    async def test_nobody_in_an_affair_of_their_own(self) -> None:
        citizen = await a_citizen(2)
        licence = await a_licence_of(citizen.id)
        own = Officer(id=new_id(citizen.id), name="李", department="GAJ", grants=(a_grant(),), person_id=citizen.id)

        with pytest.raises(SameOfficer):
            await ending.move(own, licence.number, Step.SUSPEND, INQUIRY)
        await ending.propose(a_licence_officer(), licence.number, FRAUD)
        with pytest.raises(SameOfficer):
            await ending.decide(own, licence.number, Deciding(confirm=False))

    async def test_nobody_once_its_holder_was_erased(self) -> None:
        citizen = await a_citizen(2)
        licence = await a_licence_of(citizen.id)
        await erased(citizen)

        with pytest.raises(LicenceNotFound):
            await ending.look(a_licence_officer(), licence.number)
        async with transaction(ISSUER):
            await stepping.end(licence.id, Step.REVOKE, Why("decision_ended_it", "离婚登记。"))

    @pytest.mark.parametrize("number", ["HK", "HK20200101999900000000", "../etc", "HK2026112900371234567é"])
    async def test_no_other_number(self, http: httpx.AsyncClient, number: str) -> None:
        officer = await an_enrolled_officer()

        answer = await http.get(f"/v1/officer/licences/{number}", headers=officer.headers)

        assert answer.status_code == 404


class TestOverHttp:
    async def test_two_officers_end_a_licence(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        licence = await a_licence_of(citizen.id)
        await make_document(DocumentToMake(licence.id))
        first, second = await an_enrolled_officer(), await an_enrolled_officer()
        base = f"/v1/officer/licences/{licence.number}"
        proposal = {"how": "revoke", "ground": "holder_asked", "reason": "持证人申请注销。"}
        key = {"Idempotency-Key": secrets.token_hex(8)}

        proposed = await http.post(f"{base}/proposal", json=proposal, headers=first.headers | key)
        again = await http.post(f"{base}/proposal", json=proposal, headers=first.headers | key)
        own = await http.post(f"{base}/decision", json={"confirm": True}, headers=first.headers)
        done = await http.post(f"{base}/decision", json={"confirm": True}, headers=second.headers)

        assert (proposed.status_code, again.json()) == (200, proposed.json())
        assert (own.status_code, own.json()["code"]) == (409, "second_officer_needed")
        assert (done.status_code, done.json()["state"]) == (200, "revoked")
        document = await documents.pdf(citizen, licence.id)
        assert document[0].state == "revoked"

    async def test_is_closed_to_others(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        licence, officer = await a_licence_of(citizen.id), await an_enrolled_officer(a_grant("handle"))
        base = f"/v1/officer/licences/{licence.number}"
        step = {"ground": "under_inquiry", "reason": "核查。"}
        requests: list[tuple[str, str, Any]] = [
            ("GET", base, None),
            ("POST", f"{base}/suspend", step),
            ("POST", f"{base}/resume", step | {"ground": "cleared"}),
            ("POST", f"{base}/proposal", step | {"how": "annul", "ground": "fraud"}),
            ("POST", f"{base}/decision", {"confirm": True}),
        ]

        for method, path, body in requests:
            assert (await http.request(method, path, json=body)).status_code == 401
            as_citizen = await http.request(method, path, json=body, headers=await headers(citizen))
            assert as_citizen.status_code == 401
            as_other = await http.request(method, path, json=body, headers=officer.headers)
            assert (as_other.status_code, as_other.json()["code"]) == (403, "no_right")
        assert await state_of(licence) == "valid"

    @pytest.mark.parametrize(
        ("step", "body"),
        [
            ("suspend", {"ground": "because", "reason": "核查。"}),
            ("suspend", {"ground": "under_inquiry", "reason": ""}),
            ("suspend", {"ground": "under_inquiry", "reason": "a\x00b"}),
            ("suspend", {"ground": "under_inquiry"}),
            ("proposal", {"how": "burn", "ground": "fraud", "reason": "伪造。"}),
            ("decision", {"confirm": "yes"}),
            ("decision", {}),
        ],
    )
    async def test_refuses_what_is_malformed(self, http: httpx.AsyncClient, step: str, body: dict[str, Any]) -> None:
        licence, officer = await a_licence_of((await a_citizen(2)).id), await an_enrolled_officer()

        answer = await http.post(f"/v1/officer/licences/{licence.number}/{step}", json=body, headers=officer.headers)

        assert (answer.status_code, answer.json()["code"]) == (422, "body_wrong")


async def long_ago(licence: LicenceView) -> None:
    """Let what was done with a licence have been done before the time within which it is confirmed."""
    owner = await asyncpg.connect(load().database_owner_url)
    await owner.execute("ALTER TABLE licence_event DISABLE TRIGGER USER")
    await owner.execute(
        "UPDATE licence_event SET at = $2 WHERE licence_id = $1",
        *(licence.id, clock.now() - timedelta(days=limit_today("proposal_days"), seconds=1)),
    )
    await owner.execute("ALTER TABLE licence_event ENABLE TRIGGER USER")
    await owner.close()
