"""Papers that no department shares are asked for where they matter, and only there."""

from datetime import timedelta

import pytest

from app.kernel import clock
from lifecycle.birth.newborn_insurance import NewbornInsurance, NewbornInsuranceForm
from lifecycle.cases import signing_input
from lifecycle.cases.errors import FormIncomplete
from lifecycle.cases.fields import Known, fields_of
from lifecycle.cases.waivers import sharing
from lifecycle.education.school_admission_form import POLICIES, SchoolForm
from lifecycle.social_security.unemployment_benefit import UnemploymentBenefitForm
from tests.lifecycle.applications.samples_of_housing import FUND_LOAN
from tests.makers.applying import a_draft_of, changed
from tests.makers.cases import CityPorts
from tests.makers.city_people import the_same_city


class TestAsked:
    @pytest.mark.parametrize("policy", POLICIES)
    def test_a_priority_is_proved(self, policy: str) -> None:
        proof = fields_of(SchoolForm)["policy_proof"]

        assert proof.is_needed({"policy": policy}) == (policy != "none")

    def test_an_employers_fault_may_be_proved_by_who_has_papers(self) -> None:
        proof = fields_of(UnemploymentBenefitForm)["fault_proof"]

        assert proof.is_asked({"resigned_because": "employer_at_fault"})
        assert not proof.is_needed({"resigned_because": "employer_at_fault"})
        assert not proof.is_asked({"resigned_because": "own_wish"})

    async def test_an_income_is_proved(self) -> None:
        applied = await a_draft_of(FUND_LOAN)
        answers = FUND_LOAN.answers
        given = answers(the_same_city(), applied.person) if callable(answers) else answers

        with pytest.raises(FormIncomplete) as refusal:
            await signing_input.show(applied.citizen, (await changed(applied, given)).case.id)

        assert [one.pointer for one in refusal.value.errors] == ["/form/income_proof"]


class TestPermit:
    """A newborn registered elsewhere is enrolled by a residence permit."""

    def test_is_shown_only_where_the_police_know_of_none(self) -> None:
        copy = fields_of(NewbornInsuranceForm)["permit_copy"]
        assert copy.material is not None
        told = {"permit_until": Known(clock.today().isoformat(), "GAJ", clock.now())}

        assert copy.is_needed({"holds_permit": True})
        assert not copy.is_needed({"registered_here": True})
        assert sharing(copy.material.waived_by, {}, told) == "GAJ"
        assert sharing(copy.material.waived_by, {}, {}) is None

    @pytest.mark.parametrize(("days", "by_rule"), [(-1, False), (0, True), (1, True)])
    def test_that_the_police_know_of_is_enough_until_its_last_day(
        self,
        departments: CityPorts,
        days: int,
        by_rule: bool,  # noqa: FBT001
    ) -> None:
        form = NewbornInsuranceForm(
            name="于安然",
            id_number="370602202611010018",
            birth_date=clock.today(),
            registered_here=False,
            holds_permit=True,
            permit_until=clock.today() + timedelta(days=days),
            division_code="370602",
            phone="13900000000",
        )

        assert NewbornInsurance(departments.registers, departments.orders).decides_itself(form) == by_rule
