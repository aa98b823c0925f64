"""Every matter that can be applied for, from draft to end: granted, refused, corrected, withdrawn, lapsed; and a department that is away."""

from datetime import timedelta
from uuid import UUID

import pytest
from litestar import Litestar

from app.kernel import clock
from app.kernel.database import execute, fetch_value, transaction
from app.wired_applications import APPLICATIONS
from lifecycle.cases import decisions, fields, overdue, reading, submission
from lifecycle.cases.appeal import APPEAL
from lifecycle.cases.carrying_out import CARRY_OUT, OFFICE
from lifecycle.cases.errors import CaseNotFound, NotInPerson
from lifecycle.cases.forms import form_of
from lifecycle.cases.states import State, Step
from lifecycle.cases.structs import CorrectionAnswer, CorrectionAsked, FieldRemark, Refusing
from lifecycle.catalogue import published
from lifecycle.catalogue.files import shipped_files
from lifecycle.catalogue.structs import Kind
from lifecycle.licences.reading import licences
from tests.lifecycle.applications.samples import SAMPLES
from tests.makers.applying import (
    Sample,
    a_draft_of,
    carried_out,
    changed,
    decided_by_rule,
    filled,
    proof_of,
    refused,
    submitted,
    taken,
    who_applies,
)
from tests.makers.cases import a_fault, the_case
from tests.makers.city import Town
from tests.makers.late import a_listening_portal, until
from tests.makers.people import a_citizen

WHY = Refusing("申报情况与登记不一致，详见告知书。")
every_matter = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.matter)


AT_ONCE = {f"citizen_card_{name}" for name in ("apply", "replace", "loss_report", "unlock")}
"""What is applied for by operations of its own (`/v1/card`) and done at once, without a case."""


class TestSamples:
    def test_there_is_one_of_each_application(self) -> None:
        assert sorted(sample.matter for sample in SAMPLES) == sorted(one.matter_code for one in APPLICATIONS)

    def test_the_catalogue_says_that_these_are_live(self) -> None:
        live = {code for code, (_, text) in shipped_files().matters.items() if Kind.APPLY in text.live}

        assert live == {sample.matter for sample in SAMPLES} | {"birth_household_registration"} | AT_ONCE


@every_matter
class TestGranted:
    async def test_is_filled_in_signed_decided_and_carried_out(self, sample: Sample) -> None:
        applied = await submitted(sample)
        form = form_of(sample.matter)
        after = await decided_by_rule(applied)
        assert after is (State.APPROVED if sample.by_rule else State.SUBMITTED)
        if not sample.by_rule:
            officer = applied.officer
            await taken(applied, officer, Step.ACCEPT)
            checked = await decisions.recheck(officer, applied.case.id)
            await taken(applied, officer, Step.APPROVE)
            assert checked < (await the_case(applied.case.id)).version

        assert await carried_out(applied) is State.ISSUED
        held = (await licences(applied.citizen, None, 20)).items
        assert sorted(one.type_code for one in held if one.case_id == applied.case.id) == sorted(sample.licences)
        view = await reading.show(applied.citizen, applied.case.id)
        assert all(one.source for one in view.fields if one.value is not None)
        assert {one.name for one in view.fields} == set(fields.fields_of(form.form))

    async def test_is_carried_out_once_however_often(self, sample: Sample) -> None:
        applied = await submitted(sample)
        if await decided_by_rule(applied) is State.SUBMITTED:
            await taken(applied, applied.officer, Step.ACCEPT, Step.APPROVE)

        assert [await carried_out(applied) for _ in range(2)] == [State.ISSUED, State.ISSUED]
        held = (await licences(applied.citizen, None, 20)).items
        assert len([one for one in held if one.case_id == applied.case.id]) == len(sample.licences)

    async def test_waits_while_its_department_is_away_and_goes_on_then(self, sample: Sample, large_town: Town) -> None:
        applied = await submitted(sample)
        if await decided_by_rule(applied) is State.SUBMITTED:
            await taken(applied, applied.officer, Step.ACCEPT, Step.APPROVE)
        party = published.matter(sample.matter).department.code.lower()

        async with a_fault(large_town, party=party, outage=True):
            with pytest.raises(Exception, match="department_"):
                await carried_out(applied)
            assert (await the_case(applied.case.id)).state is State.APPROVED

        assert await carried_out(applied) is State.ISSUED


@every_matter
class TestAnsweredLate:
    async def test_waits_for_its_department_and_goes_on_when_it_answers(
        self, app: Litestar, sample: Sample, large_town: Town
    ) -> None:
        applied = await submitted(sample)
        if await decided_by_rule(applied) is State.SUBMITTED:
            await taken(applied, applied.officer, Step.ACCEPT, Step.APPROVE)
        order = next(one.order for one in APPLICATIONS if one.matter_code == sample.matter)
        late = {"party": order.department.lower(), "late_seconds": 1.5, "late_services": [order.service]}

        async with a_listening_portal(app, large_town):
            async with a_fault(large_town, **late):
                waiting = [await carried_out(applied) for _ in range(2)]
                promised = (await reading.show(applied.citizen, applied.case.id)).promised
            await until(lambda: is_ordered_again(applied.case.id))

        assert waiting == [State.APPROVED, State.APPROVED]
        assert promised is not None
        assert (promised.department, promised.overdue) == (order.department, False)
        async with a_fault(large_town, party=order.department.lower(), outage=True):
            assert await carried_out(applied) is State.ISSUED
        assert (await reading.show(applied.citizen, applied.case.id)).promised is None


async def is_ordered_again(case_id: UUID) -> bool:
    """Whether the late answer had the case carried out on: one job for the approval, one for the answer."""
    async with transaction(OFFICE):
        jobs = await fetch_value(
            "SELECT count(*) FROM pgqueuer WHERE entrypoint = $1 AND convert_from(payload, 'utf8') LIKE $2",
            *(CARRY_OUT, f"%{case_id}%"),
        )
    return bool(jobs == 2)


@every_matter
class TestRefused:
    async def test_says_why_and_where_to_appeal_and_nothing_is_carried_out(self, sample: Sample) -> None:
        applied = await submitted(sample)
        officer = applied.officer
        await taken(applied, officer, Step.ACCEPT)

        await refused(applied, officer, WHY.reason)

        assert await carried_out(applied) is State.REJECTED
        said = (await reading.show(applied.citizen, applied.case.id)).said
        assert said is not None
        assert (said.reason, said.appeal) == (WHY.reason, APPEAL)
        assert not [one for one in (await licences(applied.citizen, None, 20)).items if one.case_id == applied.case.id]


@every_matter
class TestCorrected:
    async def test_is_answered_signed_anew_and_goes_on_where_it_stood(self, sample: Sample) -> None:
        applied = await submitted(sample)
        officer = applied.officer
        await taken(applied, officer, Step.ACCEPT)
        name = next(iter(sample.corrected))
        asked = CorrectionAsked("请核对后重新填写", (FieldRemark(name, "与登记不一致"),))
        await decisions.request_correction(officer, applied.case.id, asked)

        applied = await changed(applied, sample.corrected)
        proof = await proof_of(applied)
        await submission.answer_correction(
            applied.citizen, applied.case.id, CorrectionAnswer(proof.signature, proof.confirmation_code)
        )

        case = await the_case(applied.case.id)
        values = {one.name: one.value for one in (await reading.show(applied.citizen, case.id)).fields}
        assert case.state is State.ACCEPTED
        assert {name: values[name] for name in sample.corrected} == dict(sample.corrected)

    async def test_lapses_where_nobody_answers(self, sample: Sample) -> None:
        applied = await submitted(sample)
        officer = applied.officer
        await taken(applied, officer, Step.ACCEPT)
        await decisions.request_correction(officer, applied.case.id, CorrectionAsked("请补正"))
        async with transaction(OFFICE):
            await execute(
                "UPDATE matter_case SET due_on = $2 WHERE id = $1", applied.case.id, clock.today() - timedelta(days=1)
            )

        await overdue.look_through()

        assert (await the_case(applied.case.id)).state is State.LAPSED


@every_matter
class TestWithdrawn:
    async def test_ends_it_for_good(self, sample: Sample) -> None:
        applied = await submitted(sample)
        await taken(applied, applied.officer, Step.ACCEPT)

        await submission.withdraw(applied.citizen, applied.case.id)

        assert await carried_out(applied) is State.WITHDRAWN
        assert await decided_by_rule(applied) is State.WITHDRAWN


@every_matter
class TestAway:
    async def test_a_draft_says_which_department_is_silent_and_is_filled_in_later(
        self, sample: Sample, large_town: Town
    ) -> None:
        sources = {one.register.department for one in form_of(sample.matter).sources}  # type: ignore[attr-defined]
        if not sources:
            pytest.skip("asks no register")
        party, who = min(sources), await who_applies(sample)
        async with a_fault(large_town, party=party.lower(), outage=True):
            applied = await a_draft_of(sample, who)
            away = await reading.show(applied.citizen, applied.case.id)

        assert away.unavailable == [party]
        await filled(applied)


@every_matter
class TestStranger:
    async def test_finds_nothing(self, sample: Sample) -> None:
        applied = await a_draft_of(sample)

        with pytest.raises(CaseNotFound):
            await reading.show(await a_citizen(3), applied.case.id)


@every_matter
class TestInPerson:
    async def test_the_counter_must_have_seen_somebody(self, sample: Sample) -> None:
        if Step.ACCEPT not in form_of(sample.matter).in_person:
            pytest.skip("done from home")
        applied = await submitted(sample)
        officer = applied.officer
        await decisions.claim(officer, applied.case.id)

        with pytest.raises(NotInPerson):
            await decisions.take(officer, applied.case.id, Step.ACCEPT)
