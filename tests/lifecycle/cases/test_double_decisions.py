"""Decisions of two officers: proposed by one, confirmed or sent back by another, and seen by the citizen only once confirmed."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from app.kernel.actors import NoRight, SameOfficer
from app.kernel.database import fetch_all, fetch_value, transaction
from app.kernel.events import deliver_pending
from lifecycle.birth.household_registration import MATTER
from lifecycle.cases import decisions, desk, double_decisions, opinions, reading, second_officers
from lifecycle.cases.carrying_out import OFFICE
from lifecycle.cases.desk_errors import NothingProposed, OpinionAwaited, SecondOfficerDecides
from lifecycle.cases.desk_lists import DeskFilter
from lifecycle.cases.desk_structs import ProposedDecision, SendingBack
from lifecycle.cases.errors import CaseChanged, CaseClaimedByAnother, CaseNotClaimed, CaseNotFound, StepNotAllowed
from lifecycle.cases.states import Step
from lifecycle.cases.structs import CorrectionAsked, Refusing
from tests.makers.callers import an_enrolled_officer
from tests.makers.cases import Family, a_submitted_case, an_accepted_case, the_case
from tests.makers.desk import a_claimed_case, an_adviser, asking, on_desk, posted, two_decide
from tests.makers.people import a_grant, an_officer

WHY = "父母双方户籍均不在本市。"
REJECT = ProposedDecision("reject", WHY)
APPROVE = ProposedDecision("approve", "材料齐全，事实清楚。")
BACK = SendingBack("请先核对父亲户籍。")


@pytest.fixture(autouse=True)
def _two_officers(monkeypatch: pytest.MonkeyPatch) -> None:
    two_decide(monkeypatch)


class TestPropose:
    async def test_comes_before_any_decision(self, family: Family) -> None:
        officer = an_officer()
        case = await an_accepted_case(family, officer)

        for step in (Step.APPROVE, Step.REJECT):
            with pytest.raises(SecondOfficerDecides):
                await decisions.take(officer, case.id, step)
        with pytest.raises(SecondOfficerDecides):
            await decisions.refuse(officer, case.id, Step.REJECT, Refusing(WHY))
        seen = await desk.look_at(officer, case.id)
        assert seen.two_officers
        assert seen.steps == ["review", "request_correction", "suspend", "propose"]

    async def test_decides_nothing_and_tells_the_citizen_no_reason(self, family: Family) -> None:
        officer = an_officer()
        case = await an_accepted_case(family, officer)

        await double_decisions.propose(officer, case.id, REJECT)

        view = await reading.show(family.mother, case.id)
        happened = (await reading.events(family.mother, case.id)).items
        assert view.state == "accepted"
        assert (happened[-1].what, happened[-1].reason) == ("propose", "")
        assert WHY not in str(view)
        async with transaction(OFFICE):
            sealed = await fetch_value("SELECT proposed_reason FROM matter_case WHERE id = $1", case.id)
        assert "户籍".encode() not in sealed

    async def test_shows_on_the_list_of_the_second(self, family: Family) -> None:
        officer, second = (await an_enrolled_officer()).officer, an_officer()
        case = await an_accepted_case(family, officer)
        assert await on_desk(second, case.id, DeskFilter(proposed=True)) is None

        await double_decisions.propose(officer, case.id, REJECT)

        item = await on_desk(second, case.id, DeskFilter(proposed=True))
        assert item is not None
        assert item.proposed
        first, other = await desk.look_at(officer, case.id), await desk.look_at(second, case.id)
        assert first.proposal is not None
        assert other.proposal is not None
        assert (first.proposal.mine, other.proposal.mine) == (True, False)
        assert (other.proposal.step, other.proposal.reason) == ("reject", WHY)
        assert first.steps[-2:] == ["propose", "send_back"]
        assert other.steps == ["confirm", "send_back"]

    async def test_changes_nothing_when_repeated_and_replaces_what_waits(self, family: Family) -> None:
        officer = an_officer()
        case = await an_accepted_case(family, officer)
        first = await double_decisions.propose(officer, case.id, REJECT)

        assert await double_decisions.propose(officer, case.id, REJECT) == first
        assert (await double_decisions.propose(officer, case.id, APPROVE)).version == first.version + 1
        assert (await the_case(case.id)).proposed_step is Step.APPROVE

    async def test_is_for_whoever_holds_a_case_that_can_be_decided(self, family: Family) -> None:
        officer = (await an_enrolled_officer()).officer
        case = await a_submitted_case(family)
        with pytest.raises(CaseNotClaimed):
            await double_decisions.propose(officer, case.id, REJECT)
        await decisions.claim(officer, case.id)
        with pytest.raises(StepNotAllowed):
            await double_decisions.propose(officer, case.id, REJECT)
        with pytest.raises(CaseClaimedByAnother):
            await double_decisions.propose(an_officer(), case.id, REJECT)
        with pytest.raises(SameOfficer):
            concerned = msgspec.structs.replace(officer, person_id=family.mother.id)
            await double_decisions.propose(concerned, case.id, REJECT)

    async def test_ends_with_any_other_step(self, family: Family) -> None:
        officer = an_officer()
        case = await an_accepted_case(family, officer)
        await double_decisions.propose(officer, case.id, APPROVE)

        await decisions.request_correction(officer, case.id, CorrectionAsked("请补正"))

        assert (await the_case(case.id)).proposed_step is None
        with pytest.raises(NothingProposed):
            await double_decisions.confirm(an_officer(), case.id, (await the_case(case.id)).version)

    async def test_of_an_approval_waits_for_opinions(self, family: Family) -> None:
        await an_adviser()
        officer = an_officer()
        case = await an_accepted_case(family, officer)
        await opinions.ask(officer, case.id, asking())

        with pytest.raises(OpinionAwaited):
            await double_decisions.propose(officer, case.id, APPROVE)
        assert (await double_decisions.propose(officer, case.id, REJECT)).state == "accepted"

    @pytest.mark.parametrize(
        "body", [{}, {"step": "approve"}, {"step": "accept", "reason": WHY}, {"step": "reject", "reason": "x"}]
    )
    async def test_is_well_formed(self, http: httpx.AsyncClient, family: Family, body: dict[str, Any]) -> None:
        officer = await an_enrolled_officer()
        case = await a_claimed_case(family, officer.officer)

        answer = await posted(http, officer, f"/cases/{case.id}/propose", body)

        assert (answer.status_code, answer.json()["code"]) == (422, "body_wrong")


class TestConfirm:
    async def test_rejects_with_the_reason_that_was_proposed(self, family: Family) -> None:
        officer, second = an_officer(), an_officer()
        case = await an_accepted_case(family, officer)
        await double_decisions.propose(officer, case.id, REJECT)

        done = await double_decisions.confirm(second, case.id, await double_decisions.recheck(second, case.id))

        view = await reading.show(family.mother, case.id)
        assert (done.state, view.state) == ("rejected", "rejected")
        assert view.said is not None
        assert view.said.reason == WHY
        assert (await the_case(case.id)).proposed_reason is None
        async with transaction(OFFICE):
            acts = await fetch_all("SELECT act, actor FROM act WHERE subject_id = $1 ORDER BY id", case.id)
        assert [tuple(row) for row in acts][-2:] == [
            ("decision_proposed", officer.principal),
            ("case_rejected", second.principal),
        ]

    async def test_approves_after_the_departments_were_asked_again(
        self, http: httpx.AsyncClient, family: Family
    ) -> None:
        officer, second = await an_enrolled_officer(), await an_enrolled_officer()
        case = await an_accepted_case(family, officer.officer)
        await double_decisions.propose(officer.officer, case.id, APPROVE)

        own = await posted(http, officer, f"/cases/{case.id}/confirm")
        others = await posted(http, second, f"/cases/{case.id}/confirm")
        await deliver_pending()

        assert (own.status_code, own.json()["code"]) == (409, "second_officer_needed")
        assert (others.status_code, others.json()["state"]) == (200, "approved")
        assert APPROVE.reason not in str(await reading.events(family.mother, case.id))

    async def test_is_never_the_first_officers_nor_one_concerned(self, family: Family) -> None:
        officer = an_officer()
        case = await an_accepted_case(family, officer)
        version = (await double_decisions.propose(officer, case.id, REJECT)).version
        same_person = msgspec.structs.replace(an_officer(), accounts=(officer.id,))
        concerned = msgspec.structs.replace(an_officer(), person_id=family.mother.id)

        for one in (officer, same_person, concerned):
            with pytest.raises(SameOfficer):
                await double_decisions.confirm(one, case.id, version)
        with pytest.raises(NoRight):
            await double_decisions.confirm(an_officer(a_grant("look")), case.id, version)
        with pytest.raises(CaseNotFound):
            await double_decisions.confirm(an_officer(department="WJW"), case.id, version)

    async def test_counts_for_the_case_as_it_was_looked_at(self, family: Family) -> None:
        officer = an_officer()
        case = await an_accepted_case(family, officer)
        before = (await double_decisions.propose(officer, case.id, REJECT)).version
        await double_decisions.propose(officer, case.id, APPROVE)

        with pytest.raises(CaseChanged):
            await double_decisions.confirm(an_officer(), case.id, before)

    async def test_of_two_at_once_one_decides(self, family: Family) -> None:
        officer = an_officer()
        case = await an_accepted_case(family, officer)
        version = (await double_decisions.propose(officer, case.id, REJECT)).version

        done = await asyncio.gather(
            *(double_decisions.confirm(an_officer(), case.id, version) for _ in range(2)), return_exceptions=True
        )

        assert sorted(type(one).__name__ for one in done) == ["CaseRef", "NothingProposed"]


class TestSendBack:
    async def test_leaves_a_note_and_nothing_proposed(self, family: Family) -> None:
        officer, second = an_officer(), an_officer()
        case = await an_accepted_case(family, officer)
        await double_decisions.propose(officer, case.id, REJECT)

        await double_decisions.send_back(second, case.id, BACK)

        seen = await desk.look_at(officer, case.id)
        assert seen.proposal is None
        assert [one.text for one in seen.notes] == [BACK.reason]
        assert BACK.reason not in str(await reading.events(family.mother, case.id))
        with pytest.raises(NothingProposed):
            await double_decisions.send_back(second, case.id, BACK)

    async def test_is_how_the_first_takes_it_back(self, family: Family) -> None:
        officer = an_officer()
        case = await an_accepted_case(family, officer)
        await double_decisions.propose(officer, case.id, REJECT)

        await double_decisions.send_back(officer, case.id, BACK)

        assert (await the_case(case.id)).proposed_step is None

    async def test_is_nobody_elses(self, family: Family) -> None:
        officer = an_officer()
        case = await an_accepted_case(family, officer)
        await double_decisions.propose(officer, case.id, REJECT)

        with pytest.raises(CaseNotFound):
            await double_decisions.send_back(an_officer(department="WJW"), case.id, BACK)
        with pytest.raises(SameOfficer):
            concerned = msgspec.structs.replace(an_officer(), person_id=family.mother.id)
            await double_decisions.send_back(concerned, case.id, BACK)


class TestFile:
    def test_says_from_which_day_two_decide(self) -> None:
        both = second_officers.MATTERS[MATTER]

        assert second_officers.decide(MATTER, both.valid_from)
        assert not second_officers.decide(MATTER, date(2025, 12, 31))
        assert not second_officers.decide("infant_immunization", both.valid_from)

    def test_is_refused_with_its_name(self, tmp_path: Path) -> None:
        broken = tmp_path / "two_officers.toml"
        broken.write_text('[[matter]]\ncode = "x"\n')

        with pytest.raises(ValueError, match=r"two_officers\.toml"):
            second_officers.read(broken)


class TestAnyOtherMatter:
    async def test_may_be_proposed_too_and_is_decided_by_one(
        self, family: Family, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delitem(second_officers.MATTERS, MATTER)
        officer = an_officer()
        case = await an_accepted_case(family, officer)

        await double_decisions.propose(officer, case.id, REJECT)

        assert (await decisions.take(officer, case.id, Step.APPROVE)).state == "approved"
        assert (await the_case(case.id)).proposed_step is None
