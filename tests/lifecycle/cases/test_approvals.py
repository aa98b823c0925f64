"""Submitting by an approval in the app: for this form, by this session, once."""

from uuid import UUID

import httpx
import pytest

from app.identity import approvals
from app.identity.approval_errors import NoDeviceToAsk
from app.kernel.actors import Citizen
from app.kernel.database import fetch_value, transaction
from lifecycle.cases import confirmation, drafts, submission
from lifecycle.cases.carrying_out import OFFICE
from lifecycle.cases.errors import ConfirmationWrong, FormIncomplete
from lifecycle.cases.structs import FormChange, Submission
from tests.makers.cases import Family, a_draft, a_filled_draft
from tests.makers.devices import an_enrolled_device


async def the_app(citizen: Citizen) -> Citizen:
    """The citizen on their enrolled device."""
    device = await an_enrolled_device(citizen)
    return Citizen(citizen.id, 3, UUID(int=1), "app", device_id=device.id)


class TestSubmitByApproval:
    async def test_is_confirmed_like_by_a_code(self, family: Family) -> None:
        draft, app = await a_filled_draft(family), await the_app(family.mother)
        asked = await confirmation.ask_approval(family.mother, draft.id)
        await approvals.decide(app, asked.id, "approved")

        await submission.submit(family.mother, draft.id, Submission(approval_id=asked.id))

        async with transaction(OFFICE):
            kind = await fetch_value("SELECT kind FROM case_signature WHERE case_id = $1", draft.id)
        assert kind == "confirmed"
        assert (await approvals.look_at(family.mother, asked.id)).state == "used"

    async def test_refuses_one_that_nobody_gave(self, family: Family) -> None:
        draft, app = await a_filled_draft(family), await the_app(family.mother)
        waiting = await confirmation.ask_approval(family.mother, draft.id)
        refused = await confirmation.ask_approval(family.mother, draft.id)
        await approvals.decide(app, refused.id, "refused")

        for approval_id in (waiting.id, refused.id, UUID(int=7)):
            with pytest.raises(ConfirmationWrong):
                await submission.submit(family.mother, draft.id, Submission(approval_id=approval_id))

    async def test_refuses_one_for_an_older_form_and_keeps_it_unused(self, family: Family) -> None:
        draft, app = await a_filled_draft(family), await the_app(family.mother)
        asked = await confirmation.ask_approval(family.mother, draft.id)
        await approvals.decide(app, asked.id, "approved")
        change = FormChange({"child_name": f"{family.mother_name[0]}乐"})
        await drafts.change(family.mother, draft.id, draft.version, change)

        with pytest.raises(ConfirmationWrong):
            await submission.submit(family.mother, draft.id, Submission(approval_id=asked.id))
        assert (await approvals.look_at(family.mother, asked.id)).state == "approved"

    async def test_refuses_the_other_parents(self, family: Family) -> None:
        draft, app = await a_filled_draft(family), await the_app(family.mother)
        asked = await confirmation.ask_approval(family.mother, draft.id)
        await approvals.decide(app, asked.id, "approved")

        with pytest.raises(ConfirmationWrong):
            await submission.submit(family.father, draft.id, Submission(approval_id=asked.id))

    async def test_asks_for_no_incomplete_form_and_no_missing_device(self, family: Family) -> None:
        draft = await a_draft(family)
        with pytest.raises(FormIncomplete):
            await confirmation.ask_approval(family.mother, draft.id)

        whole = await a_filled_draft(family)
        with pytest.raises(NoDeviceToAsk):
            await confirmation.ask_approval(family.father, whole.id)

    async def test_asks_for_a_session(self, http: httpx.AsyncClient) -> None:
        assert (await http.post(f"/v1/cases/{UUID(int=7)}/approval")).status_code == 401
