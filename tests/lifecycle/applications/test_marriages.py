"""Marrying by the portal: who may, what nobody learns of the other, that both must have come, and what is written of both."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.kernel import clock
from app.kernel.identity_numbers import compose
from app.residents.directory import find_by_id_number
from app.residents.families import kin_of, relate
from app.residents.marriages import MARRIED, descents, marry
from integrations.city.marriages import marriage
from integrations.city.people import Person
from lifecycle.cases import decisions, drafts, overdue, prefilling, reading, submission
from lifecycle.cases.errors import FormIncomplete, NotFitFor, NotInPerson, TooEarlyToDecide
from lifecycle.cases.forms import Standing, form_of
from lifecycle.cases.states import State, Step
from lifecycle.cases.structs import NewCase
from lifecycle.licences.reading import licences
from lifecycle.marriage.errors import RelatedTooClosely
from lifecycle.marriage.marriage_registration import MarriageForm, MarriageRegistration
from tests.lifecycle.applications.samples_of_marriage import (
    MARRIAGE,
    is_single_woman,
    to_marry,
)
from tests.makers.applying import (
    Applied,
    a_draft_of,
    an_attendance,
    carried_out,
    changed,
    days_ago,
    proof_of,
    submitted,
    taken,
)
from tests.makers.cases import the_case
from tests.makers.city import Town
from tests.makers.city_people import a_citizen_of, somebody_new, the_same_city
from tests.makers.people import a_citizen, a_resident, an_id_number, the_resident

HIS = compose("370602", date(2000, 5, 5), 13)


def the_matter() -> MarriageRegistration:
    form = form_of("marriage_registration")
    assert isinstance(form, MarriageRegistration)
    return form


def a_form(**changes: Any) -> MarriageForm:
    told = {
        "name": "王强",
        "id_number": HIS,
        "marital_code": "10",
        "phone": "13863800001",
        "partner_name": "李梅",
        "partner_id_number": compose("370602", date(2001, 6, 6), 24),
        "registry_code": "370602",
        **dict.fromkeys(("free_will", "no_spouse", "not_related", "illness_told"), True),
    }
    return MarriageForm(**(told | changes))  # type: ignore[arg-type]


def wrong(**changes: Any) -> list[tuple[str, str]]:
    return [(one.pointer.rpartition("/")[2], one.code) for one in the_matter().problems(a_form(**changes))]


async def marrying(partner: Person) -> Applied:
    """A man's submitted application to marry a partner."""
    applied = await changed(await a_draft_of(MARRIAGE), to_marry(partner))
    await submission.submit(applied.citizen, applied.case.id, await proof_of(applied))
    return applied


class TestProblems:
    def test_are_none_of_a_man_and_a_woman_who_may(self) -> None:
        assert wrong() == []
        assert wrong(marital_code=None) == wrong(marital_code="30") == wrong(marital_code="40") == []

    @pytest.mark.parametrize("name", ["free_will", "no_spouse", "not_related", "illness_told"])
    def test_name_what_isnt_declared(self, name: str) -> None:
        assert wrong(**{name: False}) == [(name, "must_be_so")]

    def test_name_a_spouse_and_a_number_that_cant_be(self) -> None:
        assert wrong(marital_code="20") == [("marital_code", "has_spouse")]
        assert wrong(partner_id_number="370602200106060000") == [("partner_id_number", "id_number_wrong")]
        assert wrong(partner_id_number=HIS) == [("partner_id_number", "oneself")]
        assert wrong(partner_id_number=compose("370602", date(2001, 6, 6), 25)) == [
            ("partner_id_number", "not_man_and_woman")
        ]
        assert ("partner_id_number", "other_registry") in wrong(
            partner_id_number=compose("810000", date(1990, 6, 6), 24)
        )


class TestFit:
    async def test_refuses_a_day_before_the_birthday_and_says_from_when(self) -> None:
        for sequence, age in ((13, 22), (24, 20)):
            citizen = await a_citizen(2, id_number=compose("370602", date(2004, 3, 4), 500 + sequence))
            person, first = await the_resident(citizen.id), date(2004 + age, 3, 4)

            with pytest.raises(NotFitFor) as refused:
                the_matter().fit(person, citizen, first - timedelta(days=1))
            assert first.isoformat() in str(refused.value.facts["reason"])
            the_matter().fit(person, citizen, first)

    async def test_refuses_whoever_applies_for_another(self) -> None:
        citizen, other = await a_citizen(2), await a_citizen(2)

        with pytest.raises(NotFitFor):
            the_matter().fit(await the_resident(other.id), citizen, clock.today())

    async def test_refuses_to_open_a_draft_for_who_is_nineteen(self) -> None:
        born = clock.today() - timedelta(days=19 * 366)

        with pytest.raises(NotFitFor):
            await drafts.open_case(await a_citizen(2, id_number=an_id_number(born)), NewCase("marriage_registration"))


class TestTheOther:
    async def test_is_shown_as_the_applicant_wrote_and_nothing_else(self) -> None:
        wife = somebody_new(lambda city, one: one.sex == "female" and marriage_code(one) == "20")
        applied = await changed(await a_draft_of(MARRIAGE), to_marry(wife))

        view = await reading.show(applied.citizen, applied.case.id)

        known = {one.name: (one.value, one.source) for one in view.fields if one.source != "citizen"}
        assert known == {
            "name": (applied.person.name, "GAJ"),
            "id_number": (applied.person.id_number, "GAJ"),
            "marital_code": ("10", "MZJ"),
        }
        assert not [note for note in view.notes if "已婚" in note.zh or "married" in note.en]

    async def test_who_is_too_young_holds_up_acceptance(self) -> None:
        today = clock.today()
        born = today.replace(year=today.year - 20) + timedelta(days=1)
        values = {"id_number": HIS, "partner_id_number": compose("370602", born, 24)}
        standing = Standing((await a_citizen(2)).id, values, None)

        for step in (Step.ACCEPT, Step.APPROVE):
            with pytest.raises(TooEarlyToDecide) as early:
                the_matter().allow(step, standing)
            assert early.value.facts == {"from_on": (today + timedelta(days=1)).isoformat()}
        the_matter().allow(Step.DECLINE, standing)
        assert any("20" in note.en for note in the_matter().notes(values, clock.now()))

    async def test_who_turns_out_to_be_married_sends_the_case_back(self, large_town: Town) -> None:
        wife = somebody_new(lambda city, one: one.sex == "female" and marriage_code(one) == "20")
        applied = await marrying(wife)
        await taken(applied, applied.officer, Step.ACCEPT, Step.APPROVE)

        assert await carried_out(applied) is State.REVIEWING
        happened = (await reading.events(applied.citizen, applied.case.id)).items
        assert happened[-1].reason == "has_spouse"
        assert not (await licences(applied.citizen, None, 20)).items


def marriage_code(person: Person) -> str | None:
    told = marriage(the_same_city(), person)
    return told.marital_code if told else None


class TestRegistered:
    async def test_is_written_of_both_and_both_have_a_certificate(self) -> None:
        bride = somebody_new(is_single_woman)
        partner = await a_citizen_of(bride, 2)
        applied = await marrying(bride)
        await taken(applied, applied.officer, Step.ACCEPT, Step.APPROVE)

        assert await carried_out(applied) is State.ISSUED

        mine, theirs = [(await licences(one, None, 20)).items for one in (applied.citizen, partner)]
        assert [one.type_code for one in mine] == [one.type_code for one in theirs] == ["CERT_MARRIAGE"]
        said = [{line.label.en: line.value for line in held[0].lines} for held in (mine, theirs)]
        assert [one["Holder"] for one in said] == [applied.person.name, bride.name]
        assert said[0]["Certificate no."] == said[1]["Certificate no."]
        for one, other in ((applied.citizen, partner), (partner, applied.citizen)):
            (tie,) = await kin_of(one.id)
            assert (tie.id, tie.relation, tie.source, tie.decided_on) == (other.id, "spouse_of", MARRIED, clock.today())

    async def test_gives_a_partner_who_isnt_known_here_nothing_and_doesnt_make_them_known(self) -> None:
        bride = somebody_new(is_single_woman)
        applied = await marrying(bride)
        await taken(applied, applied.officer, Step.ACCEPT, Step.APPROVE)

        assert await carried_out(applied) is State.ISSUED
        assert await find_by_id_number(bride.id_number) is None
        assert await kin_of(applied.citizen.id) == []
        assert len((await licences(applied.citizen, None, 20)).items) == 1

    async def test_is_what_the_register_says_to_the_next_application(self) -> None:
        applied = await submitted(MARRIAGE)
        await taken(applied, applied.officer, Step.ACCEPT, Step.APPROVE)
        await carried_out(applied)

        opened = await drafts.open_case(applied.citizen, NewCase("marriage_registration"))
        await prefilling.refresh(applied.citizen, opened.id, 5)
        again = Applied(MARRIAGE, applied.person, applied.citizen, drafts.ref(await the_case(opened.id)))
        again = await changed(again, to_marry(somebody_new(is_single_woman)))
        with pytest.raises(FormIncomplete) as refused:
            await proof_of(again)
        assert [one.code for one in refused.value.errors] == ["has_spouse"]


class TestAtTheCounter:
    async def test_nobody_is_accepted_by_silence(self) -> None:
        applied = await submitted(MARRIAGE)

        with days_ago(-40):
            await overdue.look_through()

        view = await reading.show(applied.citizen, applied.case.id)
        assert (view.state, view.waiting) == ("submitted", None)

    async def test_yesterdays_visit_doesnt_count(self) -> None:
        applied = await submitted(MARRIAGE)
        officer = applied.officer
        await decisions.claim(officer, applied.case.id)
        with days_ago(1):
            await an_attendance(applied)

        with pytest.raises(NotInPerson):
            await decisions.take(officer, applied.case.id, Step.ACCEPT)


class TestKin:
    async def test_are_refused_to_the_officer_as_far_as_the_portal_knows(self) -> None:
        bride = somebody_new(is_single_woman)
        partner = await a_citizen_of(bride, 2)
        applied = await marrying(bride)
        mother = await a_resident()
        await relate(applied.citizen.id, "child_of", mother, source="test")
        await relate(partner.id, "child_of", mother, source="test")
        officer = applied.officer
        await taken(applied, officer, Step.ACCEPT)

        with pytest.raises(RelatedTooClosely):
            await decisions.recheck(officer, applied.case.id)

        shown = await reading.show(applied.citizen, applied.case.id)
        assert not [note for note in shown.notes if "血亲" in note.zh]

    async def test_former_parents_and_adopters_are_told_apart(self) -> None:
        child, mother, adopter = await a_resident(), await a_resident(), await a_resident()
        await relate(child, "child_of", mother, source="test", until=clock.today())
        await relate(child, "child_of", adopter, source="civil_affairs:guardianship_changed")

        found = {one.parent_id: one.adoptive for one in await descents([child])}

        assert found == {mother: False, adopter: True}


class TestTies:
    async def test_of_a_new_marriage_end_what_was_said_of_another(self) -> None:
        one, former, other = await a_resident(), await a_resident(), await a_resident()
        await relate(one, "spouse_of", former, source="police:household")

        for _ in range(2):
            await marry(one, other, clock.today())

        assert [kin.id for kin in await kin_of(one)] == [other]
        assert await kin_of(former) == []
