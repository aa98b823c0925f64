"""Submitting, correcting and withdrawing, by code."""

import asyncio
from uuid import UUID

import pytest

from app.kernel.actors import Officer
from app.kernel.database import fetch_all, fetch_value, transaction
from lifecycle.cases import confirmation, decisions, drafts, reading, signing_input, submission
from lifecycle.cases.carrying_out import OFFICE
from lifecycle.cases.errors import (
    CaseNotFound,
    ConfirmationWrong,
    FormIncomplete,
    NotTheApplicant,
    SignatureNeeded,
    StepNotAllowed,
    TriedTooOftenHere,
)
from lifecycle.cases.structs import CorrectionAnswer, CorrectionAsked, FieldRemark, FormChange, Submission
from tests.makers.cases import (
    Family,
    a_code,
    a_draft,
    a_filled_draft,
    a_submitted_case,
    the_case,
)
from tests.makers.outside import Phones
from tests.makers.people import a_citizen, an_officer


class TestSubmitByCode:
    async def test_makes_an_application_with_a_number_and_tells_of_it_once(self, family: Family) -> None:
        case = await a_submitted_case(family)

        view = await reading.show(family.mother, case.id)
        happened = [event.what for event in (await reading.events(family.mother, case.id)).items]

        assert view.state == "submitted"
        assert view.number is not None
        assert (view.number[:2], view.number[10:12], len(view.number)) == ("YT", "01", 18)
        assert view.division == next(f.value for f in view.fields if f.name == "mother_household")["division_code"]
        assert (view.applicant_id, view.submitted_at is not None) == (family.mother.id, True)
        assert happened == ["open", "submit"]
        assert view.steps == ["withdraw"]
        async with transaction(OFFICE):
            told = await fetch_all("SELECT kind FROM outbox WHERE subject_id = $1", case.id)
            acts = await fetch_value(
                "SELECT count(*) FROM act WHERE subject_id = $1 AND act = 'case_submitted'", case.id
            )
            kind = await fetch_value("SELECT kind FROM case_signature WHERE case_id = $1", case.id)
        assert ([row["kind"] for row in told], acts, kind) == (["case.submitted"], 1, "confirmed")

    async def test_refuses_without_a_proof(self, family: Family) -> None:
        draft = await a_filled_draft(family)

        with pytest.raises(SignatureNeeded) as refused:
            await submission.submit(family.mother, draft.id, Submission())

        assert refused.value.facts == {"signature": "confirmed"}
        assert (await the_case(draft.id)).number is None

    async def test_refuses_a_wrong_code_and_one_used_before(self, family: Family) -> None:
        draft = await a_filled_draft(family)
        code = await a_code(Phones(), family.mother, draft.id)
        other = f"{(int(code) + 1) % 1_000_000:06d}"

        with pytest.raises(ConfirmationWrong):
            await submission.submit(family.mother, draft.id, Submission(confirmation_code=other))
        await submission.submit(family.mother, draft.id, Submission(confirmation_code=code))
        with pytest.raises(StepNotAllowed):
            await submission.submit(family.mother, draft.id, Submission(confirmation_code=code))

    async def test_refuses_a_code_for_an_older_form(self, family: Family) -> None:
        draft = await a_filled_draft(family)
        code = await a_code(Phones(), family.mother, draft.id)
        await drafts.change(
            family.mother, draft.id, draft.version, FormChange({"child_name": f"{family.mother_name[0]}乐"})
        )

        with pytest.raises(ConfirmationWrong):
            await submission.submit(family.mother, draft.id, Submission(confirmation_code=code))

    async def test_refuses_the_other_parents_code(self, family: Family) -> None:
        draft = await a_filled_draft(family)
        code = await a_code(Phones(), family.mother, draft.id)

        with pytest.raises(ConfirmationWrong):
            await submission.submit(family.father, draft.id, Submission(confirmation_code=code))

    async def test_sends_no_code_for_an_incomplete_form(self, family: Family) -> None:
        phones, draft = Phones(), await a_draft(family)

        with pytest.raises(FormIncomplete) as refused:
            await confirmation.send_code(phones, family.mother, draft.id)

        assert [error.pointer for error in refused.value.errors] == [
            "/form/child_name",
            "/form/follow",
            "/form/ethnicity_code",
        ]
        assert phones.messages == []

    async def test_bounds_guesses(self, family: Family) -> None:
        draft = await a_filled_draft(family)
        for _ in range(confirmation.MOST_TRIES):
            await confirmation.count_try(family.mother, draft.id)

        with pytest.raises(TriedTooOftenHere):
            await confirmation.count_try(family.mother, draft.id)

    async def test_bounds_messages(self, family: Family) -> None:
        phones, draft = Phones(), await a_filled_draft(family)
        for _ in range(confirmation.MOST_SENT):
            await confirmation.send_code(phones, family.mother, draft.id)

        with pytest.raises(TriedTooOftenHere):
            await confirmation.send_code(phones, family.mother, draft.id)
        assert len(phones.messages) == confirmation.MOST_SENT

    async def test_submits_once_of_two_at_once(self, family: Family) -> None:
        draft = await a_filled_draft(family)
        given = Submission(confirmation_code=await a_code(Phones(), family.mother, draft.id))
        outcomes = await asyncio.gather(
            *(submission.submit(family.mother, draft.id, given) for _ in range(2)), return_exceptions=True
        )

        assert sorted(type(one).__name__ for one in outcomes) == ["CaseRef", "StepNotAllowed"]

    async def test_gives_each_case_its_own_number(self, family: Family) -> None:
        first = await a_submitted_case(family)
        await submission.withdraw(family.mother, first.id)
        second = await a_submitted_case(family)

        assert first.number != second.number

    async def test_asks_for_a_statement_where_the_surname_is_neither_parents(self, family: Family) -> None:
        draft = await a_filled_draft(family, child_name="龘安然")

        with pytest.raises(FormIncomplete) as refused:
            await signing_input.payload_of(family.mother, draft.id)

        assert [error.pointer for error in refused.value.errors] == ["/form/surname_statement"]


class TestCorrection:
    async def test_goes_on_where_it_stood_once_it_is_answered(self, family: Family) -> None:
        officer, case = an_officer(), await a_submitted_case(family)
        await _ask(officer, case.id)

        asked = await reading.show(family.mother, case.id)
        change = FormChange({"child_name": f"{family.mother_name[0]}乐"})
        changed = await drafts.change(family.mother, case.id, asked.version, change)
        code = await a_code(Phones(), family.mother, case.id)
        answered = await submission.answer_correction(family.mother, case.id, CorrectionAnswer(None, code, "已改正"))

        assert asked.said is not None
        assert (asked.state, asked.said.reason, asked.said.fields[0].field) == (
            "correction_requested",
            "请核对姓名",
            "child_name",
        )
        assert asked.said.appeal is None
        assert "answer_correction" in asked.steps
        assert (answered.state, answered.number, answered.version) == ("submitted", case.number, changed.version + 1)
        async with transaction(OFFICE):
            assert await fetch_value("SELECT count(*) FROM case_signature WHERE case_id = $1", case.id) == 2

    async def test_is_answered_once(self, family: Family) -> None:
        case = await a_submitted_case(family)
        await _ask(an_officer(), case.id)
        answer = CorrectionAnswer(None, await a_code(Phones(), family.mother, case.id))
        await submission.answer_correction(family.mother, case.id, answer)

        with pytest.raises(StepNotAllowed):
            await submission.answer_correction(family.mother, case.id, answer)

    async def test_is_the_applicants_to_answer_not_the_other_parents(self, family: Family) -> None:
        case = await a_submitted_case(family)
        await _ask(an_officer(), case.id)

        view = await reading.show(family.father, case.id)
        with pytest.raises(NotTheApplicant):
            await drafts.change(family.father, case.id, view.version, FormChange({"follow": "father"}))
        with pytest.raises(NotTheApplicant):
            await submission.answer_correction(family.father, case.id, CorrectionAnswer(None, "000000"))
        assert view.steps == []

    async def test_must_be_proved_again(self, family: Family) -> None:
        case = await a_submitted_case(family)
        await _ask(an_officer(), case.id)

        with pytest.raises(SignatureNeeded):
            await submission.answer_correction(family.mother, case.id, CorrectionAnswer())


class TestWithdraw:
    async def test_withdraws_a_submitted_case_for_good(self, family: Family) -> None:
        case = await a_submitted_case(family)

        after = await submission.withdraw(family.mother, case.id)

        assert after.state == "withdrawn"
        with pytest.raises(StepNotAllowed):
            await submission.withdraw(family.mother, case.id)

    async def test_is_refused_to_the_other_parent_and_to_strangers(self, family: Family) -> None:
        case = await a_submitted_case(family)

        with pytest.raises(NotTheApplicant):
            await submission.withdraw(family.father, case.id)
        with pytest.raises(CaseNotFound):
            await submission.withdraw(await a_citizen(), case.id)

    async def test_stands_in_the_log(self, family: Family) -> None:
        case = await a_submitted_case(family)
        await submission.withdraw(family.mother, case.id)

        async with transaction(OFFICE):
            acts = [
                row["act"] for row in await fetch_all("SELECT act FROM act WHERE subject_id = $1 ORDER BY id", case.id)
            ]
        assert acts == ["case_submitted", "case_withdrawn"]


async def _ask(officer: Officer, case_id: UUID) -> None:
    await decisions.claim(officer, case_id)
    await decisions.request_correction(
        officer, case_id, CorrectionAsked("请核对姓名", (FieldRemark("child_name", "与声明不一致"),))
    )
