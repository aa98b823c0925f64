"""A loan of the fund from beginning to end: decided within fifteen days, on the account afterwards, and no second one beside it."""

from datetime import timedelta

import msgspec
import pytest

from app.kernel import clock
from app.kernel.calendar import next_working_day
from integrations.city.home_contracts import purchase_contract
from integrations.city.housing_fund import fund_account
from integrations.city.people import Person
from integrations.city.world import City
from integrations.departments.housing_fund import FUND_ACCOUNT, FundAccount
from lifecycle.cases import drafts, prefilling, reading, submission
from lifecycle.cases.errors import FieldsWrong, FormIncomplete, NotFitFor
from lifecycle.cases.forms import Applying, citizen_user, form_of
from lifecycle.cases.states import State, Step
from lifecycle.cases.structs import NewCase
from lifecycle.housing.fund_loan import FundLoan
from lifecycle.licences.reading import licences
from tests.lifecycle.applications.samples_of_housing import FUND_LOAN
from tests.makers.applying import Applied, a_draft_of, carried_out, changed, filled, proof_of, submitted, taken
from tests.makers.cases import CityPorts, the_case
from tests.makers.people import a_citizen, a_guardian_of, a_resident, the_resident


async def the_account(ports: CityPorts, applied: Applied) -> FundAccount:
    case = await the_case(applied.case.id)
    user = citizen_user(case.applicant_id)
    asking = Applying(case.id, case.matter_code, case.citizen_id, case.applicant_id, user).asking
    return (await ports.registers.about(asking, FUND_ACCOUNT, applied.person.id_number, {})).body


async def again(applied: Applied) -> Applied:
    opened = await drafts.open_case(applied.citizen, NewCase(FUND_LOAN.matter))
    await prefilling.refresh(applied.citizen, opened.id, 5)
    return msgspec.structs.replace(applied, case=drafts.ref(await the_case(opened.id)))


class TestGranted:
    async def test_is_on_the_account_and_a_second_one_is_sent_back(self, departments: CityPorts) -> None:
        applied = await submitted(FUND_LOAN)
        await taken(applied, applied.officer, Step.ACCEPT, Step.APPROVE)
        assert await carried_out(applied) is State.ISSUED

        account = await the_account(departments, applied)
        held = (await licences(applied.citizen, None, 20)).items[0]
        assert [(one.amount_fen, one.months) for one in account.granted] == [(20_000_000, 120)]
        assert account.granted[0].loan_contract_no in {line.value for line in held.lines}
        assert "200000.00" in {line.value for line in held.lines}

        second = await filled(await again(applied))
        case = await submission.submit(second.citizen, second.case.id, await proof_of(second))
        second = msgspec.structs.replace(second, case=case)
        assert any("未结清" in one.zh for one in (await reading.show(second.citizen, second.case.id)).notes)
        await taken(second, second.officer, Step.ACCEPT, Step.APPROVE)
        assert await carried_out(second) is State.REVIEWING
        assert len((await the_account(departments, applied)).granted) == 1

    async def test_is_decided_within_fifteen_days(self) -> None:
        applied = await submitted(FUND_LOAN)
        await taken(applied, applied.officer, Step.ACCEPT)

        due = (await the_case(applied.case.id)).due_on

        assert due == next_working_day(clock.today() + timedelta(days=15))


class TestForm:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"balance_fen": 10**9},
            {"months": 11},
            {"months": 481},
            {"amount_fen": 0},
            {"method": "never"},
            {"income_fen": -1},
        ],
    )
    async def test_refuses_what_isnt_a_loan(self, wrong: dict[str, object]) -> None:
        applied = await a_draft_of(FUND_LOAN)

        with pytest.raises(FieldsWrong):
            await changed(applied, wrong)

    async def test_of_who_has_bought_nothing_isnt_taken(self) -> None:
        def _bought_nothing(city: City, person: Person) -> bool:
            return fund_account(city, person) is not None and purchase_contract(city, person) is None

        applied = await filled(await a_draft_of(msgspec.structs.replace(FUND_LOAN, fits=_bought_nothing)))

        with pytest.raises(FormIncomplete) as refused:
            await submission.submit(applied.citizen, applied.case.id, await proof_of(applied))
        assert "no_contract" in {one.code for one in refused.value.errors}


class TestWho:
    async def test_borrows_for_themselves_and_is_of_age(self) -> None:
        today = clock.today()
        child = await a_resident(birth_date=today.replace(year=today.year - 10, day=1))
        guardian = await a_guardian_of(child)
        minor = await a_citizen(2, birth_date=today.replace(year=today.year - 17, day=1))
        matter = form_of(FUND_LOAN.matter)
        assert isinstance(matter, FundLoan)

        with pytest.raises(NotFitFor):
            matter.fit(await the_resident(child), guardian, today)
        with pytest.raises(NotFitFor):
            matter.fit(await the_resident(minor.id), minor, today)
