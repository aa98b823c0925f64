"""What a corrected form changes beside its fields, and approving again what came back."""

from app.kernel.database import execute, fetch_value, transaction
from app.kernel.ids import new_id, shard_of
from lifecycle.cases import carrying_out, decisions, submission
from lifecycle.cases.carrying_out import OFFICE
from lifecycle.cases.events import CaseApproved
from lifecycle.cases.structs import CorrectionAnswer, CorrectionAsked, FieldRemark
from tests.makers.cases import Family, a_code, a_submitted_case, the_case
from tests.makers.outside import Phones
from tests.makers.people import an_officer


class TestAnswerCorrection:
    async def test_goes_to_another_office_where_the_form_now_says_so(self, family: Family) -> None:
        officer, case = an_officer(), await a_submitted_case(family)
        await decisions.claim(officer, case.id)
        asked = CorrectionAsked("请核对", (FieldRemark("follow", "与声明不一致"),))
        await decisions.request_correction(officer, case.id, asked)
        right = (await the_case(case.id)).division
        async with transaction(OFFICE):
            await execute(
                "UPDATE matter_case SET division = '370613' WHERE shard = $1 AND id = $2", shard_of(case.id), case.id
            )

        code = await a_code(Phones(), family.mother, case.id)
        await submission.answer_correction(family.mother, case.id, CorrectionAnswer(None, code))

        after = await the_case(case.id)
        assert (after.division, after.officer_id) == (right, None)

    async def test_stays_with_its_officer_where_the_office_is_the_same(self, family: Family) -> None:
        officer, case = an_officer(), await a_submitted_case(family)
        await decisions.claim(officer, case.id)
        asked = CorrectionAsked("请核对", (FieldRemark("follow", "与声明不一致"),))
        await decisions.request_correction(officer, case.id, asked)

        code = await a_code(Phones(), family.mother, case.id)
        await submission.answer_correction(family.mother, case.id, CorrectionAnswer(None, code))

        assert (await the_case(case.id)).officer_id == officer.id


class TestOrder:
    async def test_each_approval_is_carried_out_though_the_job_of_the_one_before_still_runs(
        self, family: Family
    ) -> None:
        case = await a_submitted_case(family)
        first, second = (
            CaseApproved(subject_id=case.id, citizen_id=family.child, id=new_id(family.child)) for _ in range(2)
        )

        async with transaction(OFFICE):
            for approved in (first, first, second):
                await carrying_out.order(approved)
            jobs = await fetch_value(
                "SELECT count(*) FROM pgqueuer WHERE entrypoint = 'cases.carry_out' AND convert_from(payload, 'utf8') LIKE $1",
                f"%{case.id}%",
            )

        assert jobs == 2
