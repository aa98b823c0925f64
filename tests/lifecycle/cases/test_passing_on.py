"""Cases change hands when their applicant may act no longer."""

from datetime import date, timedelta
from uuid import UUID

import httpx
import msgspec
import pytest
from litestar import Litestar

from app.identity import delegations
from app.identity.delegation_rows import holds_power
from app.identity.sessions import IDENTITY
from app.kernel import clock
from app.kernel.actors import Acting, Citizen, Scope
from app.kernel.database import execute, transaction
from app.kernel.events import deliver_pending, tell
from app.kernel.ids import shard_of
from app.residents.events import CameOfAge
from app.residents.families import guardians_of
from app.residents.people import RESIDENTS
from lifecycle.cases import drafts, forms, reading, submission
from lifecycle.cases.errors import CustodyElsewhere, NotTheApplicant
from lifecycle.cases.structs import CaseRef, FormChange, NewCase, Submission
from tests.makers.callers import headers
from tests.makers.cases import a_code, the_case
from tests.makers.delegations import a_power
from tests.makers.matters import OTHER_MATTER, OWN_MATTER, OwnMatter
from tests.makers.outside import Phones
from tests.makers.people import a_citizen, a_guardian_of, a_newborn, an_id_number
from tests.makers.pushes import a_custody, a_death, a_guardianship, take


@pytest.fixture(autouse=True)
def _own_matters(app: Litestar, monkeypatch: pytest.MonkeyPatch) -> None:
    for code in (OWN_MATTER, OTHER_MATTER):
        monkeypatch.setitem(forms._forms, code, OwnMatter(code))


async def a_filled_draft(citizen: Citizen, wanted: NewCase) -> CaseRef:
    opened = await drafts.open_case(citizen, wanted)
    return await drafts.change(citizen, opened.id, opened.version, FormChange({"purpose": "办理"}))


async def a_submitted_case(citizen: Citizen, wanted: NewCase) -> CaseRef:
    draft = await a_filled_draft(citizen, wanted)
    code = await a_code(Phones(), citizen, draft.id)
    return await submission.submit(citizen, draft.id, Submission(confirmation_code=code))


async def titles_of(http: httpx.AsyncClient, citizen: Citizen) -> list[str]:
    items = (await http.get("/v1/inbox", headers=await headers(citizen))).json()["items"]
    return [one["kind"] for one in items]


class TestGuardian:
    @pytest.mark.parametrize("ending", ["revoked", "died", "custody"])
    async def test_hands_over_to_the_other_guardian(self, http: httpx.AsyncClient, ending: str) -> None:
        child = await a_newborn()
        father, mother = await a_guardian_of(child), await a_guardian_of(child)
        case = await a_submitted_case(father, NewCase(OWN_MATTER, child))
        with pytest.raises(NotTheApplicant):
            await submission.withdraw(mother, case.id)

        pushes = {
            "revoked": a_guardianship("revoked", child, father.id),
            "died": a_death(father.id),
            "custody": a_custody(child, mother.id),
        }
        await take(await pushes.pop(ending))
        for unused in pushes.values():
            unused.close()
        await deliver_pending()

        kept = await the_case(case.id)
        assert (kept.applicant_id, kept.applicant_as) == (mother.id, "guardian")
        assert [one.what for one in (await reading.events(mother, case.id)).items] == ["open", "submit", "pass_on"]
        assert (await titles_of(http, mother)).count("case.passed_on") == 1
        assert (await submission.withdraw(mother, case.id)).state == "withdrawn"

    async def test_who_lives_apart_sees_the_case_and_can_do_nothing(self) -> None:
        child = await a_newborn()
        father, mother = await a_guardian_of(child), await a_guardian_of(child)
        case = await a_submitted_case(mother, NewCase(OWN_MATTER, child))
        apart = msgspec.structs.replace(father, apart=(child,))

        assert (await reading.show(apart, case.id)).steps == []
        for attempt in (submission.withdraw, drafts_change):
            with pytest.raises(CustodyElsewhere):
                await attempt(apart, case.id)

    async def test_hands_over_nothing_where_nobody_is_left(self) -> None:
        child = await a_newborn()
        father = await a_guardian_of(child)
        case = await a_submitted_case(father, NewCase(OWN_MATTER, child))

        await take(await a_guardianship("revoked", child, father.id))
        await deliver_pending()

        assert (await the_case(case.id)).applicant_id == father.id

    async def test_hands_over_to_a_guardian_who_is_appointed_later(self, http: httpx.AsyncClient) -> None:
        child, aunt = await a_newborn(), await a_citizen()
        father = await a_guardian_of(child)
        case = await a_submitted_case(father, NewCase(OWN_MATTER, child))
        await take(await a_guardianship("revoked", child, father.id))
        await deliver_pending()

        await take(await a_guardianship("appointed", child, aunt.id))
        await deliver_pending()

        kept, guardian = await the_case(case.id), msgspec.structs.replace(aunt, wards=(child,))
        assert (kept.applicant_id, kept.applicant_as) == (aunt.id, "guardian")
        assert (await titles_of(http, aunt)).count("case.passed_on") == 1
        assert (await submission.withdraw(guardian, case.id)).state == "withdrawn"

    async def test_hands_over_nothing_to_a_second_guardian(self, http: httpx.AsyncClient) -> None:
        child, aunt = await a_newborn(), await a_citizen()
        father = await a_guardian_of(child)
        case = await a_submitted_case(father, NewCase(OWN_MATTER, child))
        draft = await a_filled_draft(father, NewCase(OTHER_MATTER, child))

        await take(await a_guardianship("appointed", child, aunt.id))
        await deliver_pending()

        kept = [await the_case(one.id) for one in (case, draft)]
        assert [(one.applicant_id, one.version) for one in kept] == [
            (father.id, case.version),
            (father.id, draft.version),
        ]
        assert "case.passed_on" not in await titles_of(http, aunt)

    async def test_hands_over_to_the_new_adult_and_drafts_close(self, http: httpx.AsyncClient) -> None:
        today = clock.today()
        born_on = date(today.year - 17, today.month, min(today.day, 28))
        young = await a_citizen(id_number=an_id_number(born_on))
        parent = await a_guardian_of(young.id)
        case = await a_submitted_case(parent, NewCase(OWN_MATTER, young.id))
        draft = await a_filled_draft(parent, NewCase(OTHER_MATTER, young.id))

        later = date(born_on.year + 18, born_on.month, born_on.day)
        with pytest.MonkeyPatch.context() as grown:
            grown.setattr(clock, "today", lambda: later)
            async with transaction(RESIDENTS):
                await tell(CameOfAge(citizen_id=young.id, subject_id=young.id))
            await deliver_pending()
            assert await guardians_of(young.id) == ()

        kept = await the_case(case.id)
        assert (kept.applicant_id, kept.applicant_as) == (young.id, "self")
        assert (await the_case(draft.id)).state == "lapsed"
        assert "case.passed_on" in await titles_of(http, young)


async def drafts_change(citizen: Citizen, case_id: UUID) -> None:
    case = await the_case(case_id)
    await drafts.change(citizen, case.id, case.version, FormChange({"purpose": "x"}))


class TestDelegate:
    @pytest.mark.parametrize("ending", ["revoked", "expired", "died"])
    async def test_hands_back_to_the_giver(self, http: httpx.AsyncClient, ending: str) -> None:
        giver, agent = await a_citizen(), await a_citizen()
        power = await a_power(giver, agent, Scope.CASES)
        acting = msgspec.structs.replace(agent, id=giver.id, agent_id=agent.id, acting=Acting("power", power.id))
        case = await a_submitted_case(acting, NewCase(OWN_MATTER))
        async with transaction(IDENTITY):
            assert await holds_power(giver.id, agent.id)

        if ending == "revoked":
            await delegations.revoke(giver, power.id)
        elif ending == "died":
            await take(await a_death(agent.id))
            await deliver_pending()
        else:
            await _let_expire(power.id)
            await delegations.end_past()
        await deliver_pending()

        kept = await the_case(case.id)
        assert (kept.applicant_id, kept.applicant_as) == (giver.id, "self")
        assert "case.passed_on" in await titles_of(http, giver)

    async def test_keeps_the_case_while_another_power_holds(self) -> None:
        giver, agent = await a_citizen(), await a_citizen()
        first = await a_power(giver, agent, Scope.CASES)
        await a_power(giver, agent, Scope.CASES)
        acting = msgspec.structs.replace(agent, id=giver.id, agent_id=agent.id, acting=Acting("power", first.id))
        case = await a_submitted_case(acting, NewCase(OWN_MATTER))

        await delegations.revoke(giver, first.id)
        await deliver_pending()

        assert (await the_case(case.id)).applicant_id == agent.id


class TestEndPast:
    async def test_ends_after_the_last_day_and_once(self) -> None:
        giver, agent = await a_citizen(), await a_citizen()
        lasting, over = await a_power(giver, agent), await a_power(giver, agent)
        await _let_expire(over.id)

        for _ in range(2):
            await delegations.end_past()

        found = {one.id: (one.state, one.ended_by) for one in (await delegations.mine(giver)).given}
        assert found == {lasting.id: ("accepted", None), over.id: ("ended", "time")}


async def _let_expire(delegation_id: UUID) -> None:
    yesterday = clock.today() - timedelta(days=1)
    async with transaction(IDENTITY):
        await execute(
            "UPDATE delegation SET valid_from = $3, valid_to = $3 WHERE shard = $1 AND id = $2",
            *(shard_of(delegation_id), delegation_id, yesterday),
        )
