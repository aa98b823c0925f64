"""Parting by the portal: two visits, law's days between them to the day, either's withdrawal, and what is written of both."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from app.kernel import clock
from app.kernel.database import transaction
from app.kernel.ids import new_plain_id
from app.residents.families import kin_of, relate
from app.residents.marriages import PARTED
from integrations.city.marriages import application
from integrations.city.people import Person
from integrations.departments.marriages import DivorceRecord
from lifecycle.cases import decisions, drafts, overdue, reading, submission
from lifecycle.cases.errors import (
    FormIncomplete,
    NotFitFor,
    NotInPerson,
    TooEarlyToDecide,
    TooLateToDecide,
)
from lifecycle.cases.forms import Standing, form_of
from lifecycle.cases.states import State, Step
from lifecycle.cases.structs import CorrectionAnswer, CorrectionAsked, NewCase
from lifecycle.licences.issuing import ISSUER, issue
from lifecycle.licences.kinds import CERT_MARRIAGE
from lifecycle.licences.reading import licences
from lifecycle.licences.structs import Grant
from lifecycle.marriage.divorce_form import DivorceForm
from lifecycle.marriage.divorce_registration import DivorceRegistration
from lifecycle.rules.divorce_periods import periods
from tests.lifecycle.applications.samples_of_marriage import DIVORCE, is_husband, is_single_man, to_part
from tests.makers.applying import (
    a_draft_of,
    accepted,
    an_attendance,
    carried_out,
    changed,
    claimed_by,
    filled,
    proof_of,
    submitted,
    taken,
)
from tests.makers.cases import the_case
from tests.makers.city_people import a_citizen_of, somebody_new, the_same_city
from tests.makers.people import a_citizen, the_resident


def the_matter() -> DivorceRegistration:
    form = form_of("divorce_registration")
    assert isinstance(form, DivorceRegistration)
    return form


def a_form(**changes: Any) -> DivorceForm:
    told = {
        "name": "王强",
        "id_number": "370602200005050137",
        "certificate_no": "J370602-2020-000000001",
        "partner_name": "李梅",
        "phone": "13863800001",
        "partner_id_number": "37060220010606024X",
        "registry_code": "370602",
        "both_want": True,
        "minor_children": False,
        "property_terms": "无共同财产。",
        "debt_terms": "无共同债务。",
    }
    return DivorceForm(**(told | changes))  # type: ignore[arg-type]


def wrong(**changes: Any) -> list[tuple[str, str]]:
    found = [(one.pointer.rpartition("/")[2], one.code) for one in the_matter().problems(a_form(**changes))]
    return [one for one in found if one[1] != "id_number_wrong"]


class TestProblems:
    def test_are_none_of_a_couple_that_agrees(self) -> None:
        assert wrong() == []

    def test_name_no_marriage_here_a_running_application_and_no_agreement(self) -> None:
        assert wrong(certificate_no=None) == [("certificate_no", "not_married_here")]
        assert wrong(applied_on=date(2026, 11, 1)) == [("applied_on", "applied_already")]
        assert wrong(both_want=False) == [("both_want", "must_be_so")]

    def test_an_application_that_lapsed_is_none_and_one_that_cools_is(self) -> None:
        fill = next(one.fill for one in DivorceRegistration.sources if one.register.service == "divorce_registration")
        day = date(2026, 9, 1)

        told = [
            fill(DivorceRecord("20", None, application(day, "x", asked)))["applied_on"]
            for asked in (day, date(2026, 11, 2), date(2026, 11, 3))
        ]

        assert told == [day, day, None]

    async def test_of_children_are_asked_only_where_there_are_any(self) -> None:
        applied = await filled(await a_draft_of(DIVORCE))
        none = await changed(applied, {"minor_children": False})
        asked = {one.name: one.asked for one in (await reading.show(none.citizen, none.case.id)).fields}
        assert (asked["lives_with"], asked["support"]) == (False, False)

        some = await changed(none, {"minor_children": True, "support": None})
        with pytest.raises(FormIncomplete) as refused:
            await proof_of(some)
        assert [one.pointer for one in refused.value.errors] == ["/form/support"]


class TestWho:
    async def test_isnt_somebody_without_full_capacity(self) -> None:
        citizen, guardian = await a_citizen(2), await a_citizen(2)
        await relate(guardian.id, "guardian_of", citizen.id, source="civil_affairs:guardianship_changed")

        with pytest.raises(NotFitFor):
            await drafts.open_case(citizen, NewCase("divorce_registration"))

    async def test_isnt_somebody_who_applies_for_another(self) -> None:
        another = await the_resident((await a_citizen(2)).id)

        with pytest.raises(NotFitFor):
            the_matter().fit(another, await a_citizen(2), clock.today())

    async def test_a_single_person_is_told_that_the_register_has_no_marriage(self) -> None:
        single = msgspec.structs.replace(
            DIVORCE, fits=is_single_man, answers={**to_part_of_nobody(), "partner_id_number": "370602199001010023"}
        )
        applied = await filled(await a_draft_of(single))

        with pytest.raises(FormIncomplete) as refused:
            await proof_of(applied)
        assert "not_married_here" in [one.code for one in refused.value.errors]


def to_part_of_nobody() -> dict[str, Any]:
    return to_part(the_same_city(), next(one for one in the_same_city().population.people.values() if one.spouse))


class TestDays:
    @pytest.mark.parametrize(
        ("today", "refusal"),
        [
            (date(2026, 10, 1), TooEarlyToDecide),
            (date(2026, 10, 2), None),
            (date(2026, 10, 31), None),
            (date(2026, 11, 2), None),
            (date(2026, 11, 3), TooLateToDecide),
        ],
    )
    async def test_let_the_certificate_be_claimed_from_the_first_day_to_the_last(
        self, today: date, refusal: type[Exception] | None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(clock, "today", lambda: today)
        standing = Standing(new_plain_id(), {}, date(2026, 9, 1))

        if refusal is None:
            the_matter().allow(Step.APPROVE, standing)
        else:
            with pytest.raises(refusal):
                the_matter().allow(Step.APPROVE, standing)
        the_matter().allow(Step.REJECT, standing)

    async def test_are_those_of_the_cases_clock_and_stay_through_a_correction(self) -> None:
        applied = await accepted(await submitted(DIVORCE), 10)
        accepted_on = clock.today() - timedelta(days=10)
        law = periods(accepted_on)
        before = await the_case(applied.case.id)
        assert (before.clock_since, before.due_on) == (accepted_on, law.claim_until)

        await decisions.request_correction(await claimed_by(applied), applied.case.id, CorrectionAsked("请补正"))
        again = await changed(applied, {"debt_terms": "车贷由男方清偿。"})
        proof = await proof_of(again)
        await submission.answer_correction(
            again.citizen, again.case.id, CorrectionAnswer(proof.signature, proof.confirmation_code)
        )

        after = await the_case(applied.case.id)
        assert (after.clock_since, after.due_on) == (accepted_on, law.claim_until)

    async def test_are_told_to_both_sides_once_they_run(self) -> None:
        applied = await accepted(await submitted(DIVORCE), 3)
        law = periods(clock.today() - timedelta(days=3))

        notes = [one.zh for one in (await reading.show(applied.citizen, applied.case.id)).notes]

        assert [
            note for note in notes if law.withdraw_until.isoformat() in note and law.claim_until.isoformat() in note
        ]

    @pytest.mark.parametrize("days", [0, 30])
    async def test_refuse_the_certificate_while_it_cools(self, days: int) -> None:
        applied = await accepted(await submitted(DIVORCE), days)
        await an_attendance(applied)

        with pytest.raises(TooEarlyToDecide) as early:
            await decisions.take(await claimed_by(applied), applied.case.id, Step.APPROVE)
        assert early.value.facts == {"from_on": (clock.today() + timedelta(days=31 - days)).isoformat()}

    async def test_end_the_application_that_nobody_claims(self) -> None:
        applied = await accepted(await submitted(DIVORCE), 75)

        await overdue.look_through()

        assert (await the_case(applied.case.id)).state is State.LAPSED
        assert (await reading.events(applied.citizen, applied.case.id)).items[-1].what == "lapse_unclaimed"

    async def test_dont_end_it_before_the_last_is_over(self) -> None:
        applied = await accepted(await submitted(DIVORCE), 60)

        await overdue.look_through()

        assert (await the_case(applied.case.id)).state is State.ACCEPTED

    async def test_need_both_at_the_counter_a_second_time(self) -> None:
        applied = await accepted(await submitted(DIVORCE), 31)

        with pytest.raises(NotInPerson):
            await decisions.take(await claimed_by(applied), applied.case.id, Step.APPROVE)


class TestRegistered:
    async def test_is_written_of_both_and_stays_whatever_an_older_household_register_says(self) -> None:
        applied = await filled(await a_draft_of(DIVORCE))
        wife: Person = the_same_city().population.people[applied.person.spouse or ""]
        partner = await a_citizen_of(wife, 2)
        await relate(applied.citizen.id, "spouse_of", partner.id, source="police:household")
        await submission.submit(applied.citizen, applied.case.id, await proof_of(applied))
        officer = applied.officer
        await taken(applied, officer, Step.ACCEPT)
        await taken(applied, officer, Step.APPROVE)

        assert await carried_out(applied) is State.ISSUED

        for one, name in ((applied.citizen, applied.person.name), (partner, wife.name)):
            (licence,) = (await licences(one, None, 20)).items
            said = {line.label.en: line.value for line in licence.lines}
            assert (licence.type_code, said["Holder"]) == ("CERT_DIVORCE", name)
            assert not [line for line in licence.lines if "无共同债务" in line.value]
            assert await kin_of(one.id) == []
        await relate(applied.citizen.id, "spouse_of", partner.id, source="police:household")
        assert await kin_of(applied.citizen.id) == []
        yesterday = clock.today() - timedelta(days=1)
        assert {kin.source for kin in await kin_of(partner.id, yesterday)} == {PARTED}

    async def test_ends_the_certificate_of_the_marriage(self) -> None:
        applied = await submitted(DIVORCE)
        married = Grant(
            type_code=CERT_MARRIAGE, holder_id=applied.citizen.id, department="MZJ", lines=(),
            case_id=new_plain_id(), case_number="YT20260101040000001",
        )  # fmt: skip
        async with transaction(ISSUER):
            former = await issue(married)
        officer = applied.officer
        await taken(applied, officer, Step.ACCEPT)
        await taken(applied, officer, Step.APPROVE)

        await carried_out(applied)

        held = {one.id: one for one in (await licences(applied.citizen, None, 20)).items}
        assert held[former].state == "replaced"
        assert {one.type_code for one in held.values() if one.state == "valid"} == {"CERT_DIVORCE"}

    async def test_of_another_marriage_is_sent_back_by_the_department(self) -> None:
        other = somebody_new(is_husband)
        applied = await filled(await a_draft_of(DIVORCE))
        wrong_spouse = the_same_city().population.people[other.spouse or ""]
        applied = await changed(applied, {"partner_id_number": wrong_spouse.id_number})
        await submission.submit(applied.citizen, applied.case.id, await proof_of(applied))
        officer = applied.officer
        await taken(applied, officer, Step.ACCEPT)
        await taken(applied, officer, Step.APPROVE)

        assert await carried_out(applied) is State.REVIEWING
        case = await the_case(applied.case.id)
        assert case.due_on == periods(clock.today() - timedelta(days=31)).claim_until
