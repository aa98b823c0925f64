"""The old-age allowance: on the agenda of whoever is entitled, had by one confirmation, told by the register, and off the agenda then."""

from datetime import date

import msgspec
import pytest

from app.kernel import clock
from app.kernel.actors import Acting, Citizen
from integrations.city.old_age_allowance import drawn
from integrations.city.people import Person, age_on
from integrations.city.world import City
from integrations.departments.welfare import WELFARE_ALLOWANCES
from lifecycle.agenda.reading import upcoming
from lifecycle.agenda.structs import AgendaItem
from lifecycle.cases import drafts, prefilling, reading, submission
from lifecycle.cases.errors import FieldsWrong, NotFitFor
from lifecycle.cases.forms import form_of
from lifecycle.cases.states import State
from lifecycle.cases.structs import NewCase
from lifecycle.queries.registers import OfPerson, PersonQuestion
from lifecycle.social_security.agenda import CODE
from lifecycle.social_security.old_age_allowance import OldAgeForm, drawn_fen
from tests.lifecycle.applications.samples_of_social_security import OLD_AGE_ALLOWANCE
from tests.makers.applying import (
    a_draft_of,
    carried_out,
    changed,
    decided_by_rule,
    filled,
    proof_of,
    submitted,
    told_of,
    wrong_in,
)
from tests.makers.cases import CityPorts
from tests.makers.city_people import a_citizen_of, somebody_new
from tests.makers.people import a_citizen, a_guardian_of, a_resident, an_id_number

MATTER = OLD_AGE_ALLOWANCE.matter


async def on_the_agenda(citizen: Citizen) -> list[AgendaItem]:
    return [item for item in await upcoming(citizen) if item.code == CODE]


def _draws_it(city: City, person: Person) -> bool:
    return age_on(person.birth_date, clock.today()) >= 80 and drawn(city, person) is not None


async def ask(departments: CityPorts, citizen: Citizen) -> None:
    """The citizen looks at their allowances, which is remembered."""
    query = OfPerson(MATTER, WELFARE_ALLOWANCES, frozenset({"money"}))
    await query.live(departments.registers).answer(citizen, PersonQuestion())


def born(age: int, days: int = 0) -> date:
    today = clock.today()
    return date.fromordinal(today.replace(year=today.year - age).toordinal() + days)


class TestAgenda:
    async def test_names_it_until_it_was_granted(self) -> None:
        applied = await a_draft_of(OLD_AGE_ALLOWANCE)
        (waiting,) = await on_the_agenda(applied.citizen)
        applied = await filled(applied)
        await submission.submit(applied.citizen, applied.case.id, await proof_of(applied))
        await decided_by_rule(applied)
        assert await carried_out(applied) is State.ISSUED

        assert (waiting.code, waiting.matter_code, waiting.standing) == (CODE, MATTER, "in_progress")
        assert waiting.case_id is not None
        assert await on_the_agenda(applied.citizen) == []

    async def test_names_it_before_anybody_asked_with_the_birthday_from_which_it_is_due(self) -> None:
        person = somebody_new(OLD_AGE_ALLOWANCE.fits)
        citizen = await a_citizen_of(person)

        (item,) = await on_the_agenda(citizen)

        assert (item.standing, item.case_id, item.due_on) == ("due", None, None)
        assert item.from_on is not None
        assert item.from_on <= clock.today()

    async def test_leaves_out_who_is_known_to_draw_it(self, departments: CityPorts) -> None:
        citizen = await a_citizen_of(somebody_new(_draws_it))
        assert len(await on_the_agenda(citizen)) == 1

        await ask(departments, citizen)

        assert await on_the_agenda(citizen) == []

    async def test_keeps_who_is_known_not_to_draw_it(self, departments: CityPorts) -> None:
        citizen = await a_citizen_of(somebody_new(OLD_AGE_ALLOWANCE.fits))

        await ask(departments, citizen)

        assert len(await on_the_agenda(citizen)) == 1

    @pytest.mark.parametrize(("days", "items"), [(0, 1), (1, 0)])
    async def test_begins_on_the_birthday(self, days: int, items: int) -> None:
        day = born(80, days)

        assert len(await on_the_agenda(await a_citizen(birth_date=day, id_number=an_id_number(day)))) == items

    async def test_is_not_for_who_is_registered_elsewhere(self) -> None:
        day = born(85)
        citizen = await a_citizen(birth_date=day, id_number=an_id_number(day, "370102"), division_code="370102")

        assert await on_the_agenda(citizen) == []

    async def test_shows_a_wards_to_the_guardian(self) -> None:
        day = born(91)
        ward = await a_resident(birth_date=day, id_number=an_id_number(day))

        (item,) = await on_the_agenda(await a_guardian_of(ward))

        assert item.subject_id == ward
        assert "300.00" in item.why.en


class TestGranted:
    async def test_the_register_tells_it_afterwards(self) -> None:
        applied = await submitted(OLD_AGE_ALLOWANCE)
        before = await told_of(WELFARE_ALLOWANCES, applied.person.id_number)
        note = (await reading.show(applied.citizen, applied.case.id)).notes[0]

        assert await decided_by_rule(applied) is State.APPROVED
        await carried_out(applied)

        after = await told_of(WELFARE_ALLOWANCES, applied.person.id_number)
        assert before is not None
        assert after is not None
        assert drawn_fen(before) is None
        paid = drawn_fen(after)
        assert paid is not None
        assert f"{paid // 100}.00" in note.en

    async def test_who_draws_it_is_refused(self) -> None:
        draws = msgspec.structs.replace(OLD_AGE_ALLOWANCE, fits=_draws_it)

        assert await wrong_in(await filled(await a_draft_of(draws))) == ["drawn_already"]

    async def test_a_delegate_confirms_it_by_a_power(self) -> None:
        person, agent = somebody_new(OLD_AGE_ALLOWANCE.fits), await a_citizen()
        giver = await a_citizen_of(person)
        acting = msgspec.structs.replace(agent, id=giver.id, agent_id=agent.id, acting=Acting("power", giver.id, None))

        opened = await drafts.open_case(acting, NewCase(MATTER))
        await prefilling.refresh(acting, opened.id, 5)

        view = await reading.show(giver, opened.id)
        assert (view.subject_id, view.applicant_as) == (giver.id, "power")


class TestForm:
    @pytest.mark.parametrize(("days", "fits"), [(0, True), (1, False)])
    async def test_is_for_who_is_eighty(self, days: int, *, fits: bool) -> None:
        day = born(80, days)
        citizen = await a_citizen(birth_date=day, id_number=an_id_number(day))

        if fits:
            assert (await drafts.open_case(citizen, NewCase(MATTER))).state == "draft"
            return
        with pytest.raises(NotFitFor):
            await drafts.open_case(citizen, NewCase(MATTER))

    @pytest.mark.parametrize(
        ("name", "value"), [("drawn_fen", 1), ("birth_date", "1930-01-01"), ("account", "1"), ("bank", "")]
    )
    async def test_refuses_what_isnt_the_citizens_or_malformed(self, name: str, value: object) -> None:
        applied = await a_draft_of(OLD_AGE_ALLOWANCE)

        with pytest.raises(FieldsWrong):
            await changed(applied, {name: value})

    def test_leaves_who_is_registered_elsewhere_to_an_officer(self) -> None:
        form, day = form_of(MATTER), born(80)
        known = OldAgeForm(
            name="王大年",
            id_number=an_id_number(day),
            birth_date=day,
            registered_here=True,
            division_code="370602",
            phone="13863800005",
            bank="烟台银行股份有限公司",
            account="6223190000000000003",
        )

        assert form.decides_itself(known)
        assert not form.decides_itself(msgspec.structs.replace(known, registered_here=False))
        assert not form.decides_itself(msgspec.structs.replace(known, drawn_fen=10_000))
