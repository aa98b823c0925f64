"""Cases that somebody handles for another adult by a power (代办): they lie with the giver, and both names stand on them."""

import asyncio
import secrets

import httpx
import msgspec
import pytest
import pytest_asyncio
from litestar import Litestar

from app.identity import delegations
from app.kernel.actors import Acting, Citizen, PowerLacksScope, Scope
from app.kernel.database import fetch_value, transaction
from app.kernel.errors import Refusal
from app.kernel.events import deliver_pending
from app.kernel.ids import shard_of
from integrations.departments.directory import HEALTH
from lifecycle.cases import casebook, confirmation, desk, drafts, forms, reading, signing_input, submission
from lifecycle.cases.carrying_out import OFFICE
from lifecycle.cases.errors import NotTheApplicant, SignedByAnother, SubjectUnknown
from lifecycle.cases.structs import CaseRef, FormChange, NewCase, Submission
from lifecycle.catalogue import published
from tests.makers.callers import headers, the_recorded_authorities
from tests.makers.cases import a_code, a_signed_submission, a_signing_device, the_case
from tests.makers.delegations import a_power, for_
from tests.makers.matters import OTHER_MATTER, OWN_MATTER, OwnMatter
from tests.makers.outside import Phones
from tests.makers.people import a_citizen, a_guardian_of, a_newborn, an_officer, the_resident


@pytest_asyncio.fixture(autouse=True)
async def known_seals(app: Litestar) -> None:
    """What was confirmed is sealed, and the seal's standing is asked about."""
    await the_recorded_authorities()


@pytest.fixture(autouse=True)
def _own_matters(app: Litestar, monkeypatch: pytest.MonkeyPatch) -> None:
    for code in (OWN_MATTER, OTHER_MATTER):
        monkeypatch.setitem(forms._forms, code, OwnMatter(code))


def by_power(agent: Citizen, giver: Citizen, *matters: str) -> Citizen:
    """The agent, acting for the giver."""
    acting = Acting("power", giver.id, matters or None)
    return msgspec.structs.replace(agent, id=giver.id, agent_id=agent.id, acting=acting, wards=())


async def a_filled_draft(citizen: Citizen) -> CaseRef:
    opened = await drafts.open_case(citizen, NewCase(OWN_MATTER))
    return await drafts.change(citizen, opened.id, opened.version, FormChange({"purpose": "办理生育登记"}))


async def a_submitted_case(citizen: Citizen) -> CaseRef:
    draft = await a_filled_draft(citizen)
    code = await a_code(Phones(), citizen, draft.id)
    return await submission.submit(citizen, draft.id, Submission(confirmation_code=code))


class TestCase:
    async def test_lies_with_the_giver_and_names_both(self) -> None:
        giver, agent = await a_citizen(), await a_citizen(name="李大明")

        case = await a_submitted_case(by_power(agent, giver))

        kept = await the_case(case.id)
        assert (kept.citizen_id, kept.applicant_id, kept.applicant_as) == (giver.id, agent.id, "power")
        view = await reading.show(giver, case.id)
        assert (view.subject_id, view.applicant_name, view.applicant_as) == (giver.id, "李大明", "power")
        events = (await reading.events(giver, case.id)).items
        assert [(one.what, one.by_name) for one in events] == [("open", "李大明"), ("submit", "李大明")]
        async with transaction(OFFICE):
            actor = await fetch_value("SELECT actor FROM act WHERE subject_id = $1 AND act = 'case_submitted'", case.id)
        assert actor == f"citizen:{agent.id}"

    async def test_is_signed_by_the_agent_over_both_ids(self) -> None:
        giver, agent = await a_citizen(3), await a_citizen(3)
        acting = by_power(agent, giver)
        draft = await a_filled_draft(acting)

        payload = msgspec.json.decode(await signing_input.payload_of(acting, draft.id))
        assert (payload["subject_id"], payload["applicant_id"]) == (str(giver.id), str(agent.id))
        with pytest.raises(SignedByAnother):
            await submission.submit(
                acting, draft.id, await a_signed_submission(await a_signing_device(giver.id), acting, draft.id)
            )
        device = await a_signing_device(agent.id)
        submitted = await submission.submit(acting, draft.id, await a_signed_submission(device, acting, draft.id))
        assert submitted.state == "submitted"

    async def test_is_confirmed_on_the_agents_phone(self) -> None:
        giver, agent, phones = await a_citizen(), await a_citizen(), Phones()
        acting = by_power(agent, giver)
        draft = await a_filled_draft(acting)

        await confirmation.send_code(phones, acting, draft.id)

        assert [to for to, _, _ in phones.messages] == [(await the_resident(agent.id)).phone]

    async def test_names_the_agent_to_the_officer(self) -> None:
        giver, agent = await a_citizen(), await a_citizen(name="李大明")
        case = await a_submitted_case(by_power(agent, giver))

        shown = await desk.look_at(an_officer(department=published.matter(OWN_MATTER).department.code), case.id)

        assert (shown.applicant_as, shown.applicant_name) == ("power", "李大明")
        assert shown.events[-1].by_name == "李大明"
        assert published.matter(OWN_MATTER).department.code == HEALTH

    async def test_is_told_to_both(self, http: httpx.AsyncClient) -> None:
        giver, agent = await a_citizen(), await a_citizen()
        await a_submitted_case(by_power(agent, giver))

        await deliver_pending()

        for person in (giver, agent):
            items = (await http.get("/v1/inbox", headers=await headers(person))).json()["items"]
            assert [one["kind"] for one in items] == ["case.submitted"]

    async def test_goes_on_in_the_givers_own_hands(self) -> None:
        giver, agent = await a_citizen(), await a_citizen()
        case = await a_submitted_case(by_power(agent, giver))

        assert (await reading.show(giver, case.id)).steps == ["withdraw"]
        assert (await submission.withdraw(giver, case.id)).state == "withdrawn"

    async def test_of_the_giver_goes_on_in_the_agents_hands(self) -> None:
        giver, agent = await a_citizen(), await a_citizen()
        case = await a_submitted_case(giver)

        assert (await submission.withdraw(by_power(agent, giver), case.id)).state == "withdrawn"

    async def test_of_one_agent_isnt_anothers(self) -> None:
        giver, agent, other = await a_citizen(), await a_citizen(), await a_citizen()
        case = await a_submitted_case(by_power(agent, giver))

        with pytest.raises(NotTheApplicant):
            await submission.withdraw(by_power(other, giver), case.id)

    async def test_of_a_ward_isnt_within_a_power(self) -> None:
        child = await a_newborn()
        giver, agent = await a_guardian_of(child), await a_citizen()

        with pytest.raises(SubjectUnknown):
            await drafts.open_case(by_power(agent, giver), NewCase(OWN_MATTER, child))

    async def test_is_submitted_once_by_giver_and_agent_at_once(self) -> None:
        giver, agent = await a_citizen(), await a_citizen()
        acting = by_power(agent, giver)
        draft = await a_filled_draft(acting)
        codes = {one: await a_code(Phones(), one, draft.id) for one in (giver, acting)}

        done = await asyncio.gather(
            *(submission.submit(one, draft.id, Submission(confirmation_code=code)) for one, code in codes.items()),
            return_exceptions=True,
        )

        assert sum(isinstance(one, Refusal) for one in done) == 1


class TestMatters:
    async def test_narrow_what_is_opened_listed_and_read(self) -> None:
        giver, agent = await a_citizen(), await a_citizen()
        case = await a_submitted_case(giver)
        narrow = by_power(agent, giver, OTHER_MATTER)

        with pytest.raises(PowerLacksScope) as refused:
            await drafts.open_case(narrow, NewCase(OWN_MATTER))
        assert refused.value.facts == {"scope": "cases", "matter": OWN_MATTER}
        for reach in (reading.show, reading.events, signing_input.payload_of, submission.withdraw):
            with pytest.raises(PowerLacksScope):
                await reach(narrow, case.id)
        opened = await drafts.open_case(narrow, NewCase(OTHER_MATTER))
        listed = await reading.cases(narrow, only_open=False, cursor=None, limit=20)
        assert [one.id for one in listed.items] == [opened.id]

    async def test_of_several_powers_are_taken_together(self, http: httpx.AsyncClient) -> None:
        giver, agent = await a_citizen(), await a_citizen()
        told = await headers(agent) | for_(giver)
        for matter, codes in ((OWN_MATTER, [201, 403]), (OTHER_MATTER, [201, 201])):
            await a_power(giver, agent, Scope.CASES, matters=(matter,))

            opened = [
                await http.post(
                    "/v1/cases", json={"matter_code": code}, headers=told | {"Idempotency-Key": secrets.token_hex(8)}
                )
                for code in (OWN_MATTER, OTHER_MATTER)
            ]

            assert [answer.status_code for answer in opened] == codes


class TestRepeats:
    async def test_of_one_key_for_another_person_are_another_request(self, http: httpx.AsyncClient) -> None:
        agent, giver = await a_citizen(), await a_citizen()
        neighbour = await a_citizen()
        while shard_of(neighbour.id) != shard_of(giver.id):
            neighbour = await a_citizen()
        for one in (giver, neighbour):
            await a_power(one, agent, Scope.CASES)
        key = {"Idempotency-Key": secrets.token_hex(8)}

        opened = [
            await http.post("/v1/cases", json={"matter_code": OWN_MATTER}, headers=await headers(agent) | told | key)
            for told in (for_(giver), for_(giver), for_(neighbour))
        ]

        assert [answer.status_code for answer in opened] == [201, 201, 422]
        assert opened[0].json()["id"] == opened[1].json()["id"]
        assert opened[2].json()["code"] == "idempotency_key_reused"

    async def test_are_refused_once_the_power_has_ended(self, http: httpx.AsyncClient) -> None:
        giver, agent = await a_citizen(), await a_citizen()
        power = await a_power(giver, agent, Scope.CASES)
        told = await headers(agent) | for_(giver) | {"Idempotency-Key": secrets.token_hex(8)}
        first = await http.post("/v1/cases", json={"matter_code": OWN_MATTER}, headers=told)

        await delegations.revoke(giver, power.id)

        again = await http.post("/v1/cases", json={"matter_code": OWN_MATTER}, headers=told)
        assert (first.status_code, again.json()["code"]) == (201, "power_unknown")


class TestCapacity:
    async def test_is_the_persons_own_a_guardians_or_by_power(self) -> None:
        child = await a_newborn()
        guardian, agent = await a_guardian_of(child), await a_citizen()
        by_header = msgspec.structs.replace(guardian, id=child, agent_id=guardian.id, acting=Acting("guardianship"))

        assert casebook.capacity(agent, agent.id) == "self"
        assert casebook.capacity(guardian, child) == casebook.capacity(by_header, child) == "guardian"
        assert casebook.capacity(by_power(agent, guardian), guardian.id) == "power"
