"""A divorce's other spouse withdraws at the counter; nobody else does so in anybody's name."""

from typing import Final

import httpx
import pytest

from lifecycle.cases import decisions, desk, drafts, reading, submission
from lifecycle.cases.errors import StepNotAllowed
from lifecycle.cases.states import State
from lifecycle.cases.structs import NewCase, Refusing
from tests.lifecycle.applications.samples_of_marriage import DIVORCE, MARRIAGE
from tests.makers.applying import accepted, claimed_by, submitted
from tests.makers.callers import an_enrolled_officer
from tests.makers.cases import the_case
from tests.makers.officers import a_powerless_officer

SPOUSE_WITHDREW: Final = Refusing("女方持身份证到登记处撤回申请。")


class TestWithdrawal:
    async def test_is_the_other_spouses_too_at_the_counter(self) -> None:
        applied = await accepted(await submitted(DIVORCE), 5)
        officer = await claimed_by(applied)

        await decisions.withdraw(officer, applied.case.id, SPOUSE_WITHDREW)

        assert (await the_case(applied.case.id)).state is State.WITHDRAWN
        last = (await reading.events(applied.citizen, applied.case.id)).items[-1]
        assert (last.what, last.by, last.reason) == ("withdraw_at_counter", "officer", SPOUSE_WITHDREW.reason)
        with pytest.raises(StepNotAllowed):
            await decisions.withdraw(officer, applied.case.id, SPOUSE_WITHDREW)

    async def test_isnt_an_officers_in_other_matters(self) -> None:
        applied = await submitted(MARRIAGE)
        officer = applied.officer
        await decisions.claim(officer, applied.case.id)

        with pytest.raises(StepNotAllowed):
            await decisions.withdraw(officer, applied.case.id, SPOUSE_WITHDREW)

    async def test_is_offered_on_the_desk(self) -> None:
        applied = await accepted(await submitted(DIVORCE), 5)

        shown = await desk.look_at(await claimed_by(applied), applied.case.id)

        assert "withdraw" in shown.steps

    async def test_ends_it_and_a_new_application_starts_anew(self) -> None:
        applied = await accepted(await submitted(DIVORCE), 20)
        await submission.withdraw(applied.citizen, applied.case.id)

        again = await drafts.open_case(applied.citizen, NewCase("divorce_registration"))

        assert again.id != applied.case.id
        assert again.state == "draft"


class TestOverHttp:
    async def test_strangers_and_officers_without_the_right_withdraw_nothing(self, http: httpx.AsyncClient) -> None:
        applied = await accepted(await submitted(DIVORCE), 5)
        address, body = f"/v1/officer/cases/{applied.case.id}/withdraw", {"reason": SPOUSE_WITHDREW.reason}

        anonymous = await http.post(address, json=body)
        powerless = await a_powerless_officer("MZJ")
        of_another = await an_enrolled_officer(department="GAJ")
        unheld = await an_enrolled_officer(department="MZJ")

        assert anonymous.status_code == 401
        said = [await http.post(address, json=body, headers=one.headers) for one in (powerless, of_another, unheld)]
        assert [one.json()["code"] for one in said] == ["no_right", "case_not_found", "case_claimed_by_another"]
        malformed = await http.post(address, json={}, headers=unheld.headers)
        assert malformed.json()["code"] == "body_wrong"
