"""A title that changes hands without a sale, from form to register: every heir's licence, and who may apply."""

from datetime import date, timedelta
from fractions import Fraction

import msgspec
import pytest

from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.calendar import add_working_days
from integrations.city.estates import estates
from integrations.city.homes import own_title
from integrations.city.people import ADULT, Person, age_on
from integrations.city.property_titles import seizure, titles
from integrations.city.world import City
from integrations.departments.estates import CHANGE_TITLE
from integrations.departments.property_titles import CHANGEABLES, TITLES
from lifecycle.agenda.reading import upcoming
from lifecycle.agenda.structs import AgendaItem
from lifecycle.cases import reading, submission
from lifecycle.cases.errors import NotFitFor, TooEarlyToDecide
from lifecycle.cases.forms import Standing
from lifecycle.cases.states import State, Step
from lifecycle.housing.agenda import CODE
from lifecycle.licences.reading import licences
from lifecycle.queries.registers import OfPerson, PersonQuestion
from tests.lifecycle.applications.samples_of_housing import PROPERTY_CHANGE, may_inherit_a_home
from tests.lifecycle.applications.samples_of_marriage import is_single_man, is_single_woman
from tests.makers.applying import (
    Applicant,
    Applied,
    a_draft_of,
    a_parent_of,
    carried_out,
    changed,
    filled,
    proof_of,
    submitted,
    taken,
    told_of,
    wrong_in,
)
from tests.makers.cases import CityPorts, the_case
from tests.makers.city import Town
from tests.makers.city_people import a_citizen_of, somebody_new, the_same_city
from tests.makers.people import a_citizen, a_guardian_of, a_resident, the_resident
from tests.makers.title_changes import OWNED, approved, says, the_matter, titles_held, value_of


async def on_the_agenda(citizen: Citizen) -> list[AgendaItem]:
    return [item for item in await upcoming(citizen) if item.code == CODE]


class TestInheritance:
    async def test_is_what_register_and_licence_say_afterwards(self) -> None:
        applied = await approved()
        before = await told_of(TITLES, applied.person.id_number)
        assert before is not None
        (old,) = [one for one in before.titles if one.dead_owners]

        await carried_out(applied)

        after = await told_of(TITLES, applied.person.id_number)
        assert after is not None
        (mine,) = [one for one in after.titles if one.address == old.address]
        (licence,) = await titles_held(applied)
        assert mine.title_no != old.title_no
        assert mine.dead_owners == ()
        assert says(licence)["title_no"] == mine.title_no
        assert says(licence)["address"] == old.address
        assert applied.person.name in says(licence)["owners"]

    async def test_gives_each_heir_who_is_known_here_a_title_with_their_part(self, large_town: Town) -> None:
        father, mother, child, grandparents = a_family_with_a_living_grandparent()
        wife = await a_citizen_of(mother)
        grown = await a_citizen_of(grandparents[0])
        ward = await a_resident(name=child.name, id_number=child.id_number, birth_date=child.birth_date)
        response = await large_town.control(
            "POST", "deaths", id_number=father.id_number, died_on=clock.today().isoformat()
        )
        assert response.status_code == 201, response.text

        applied = await of_who_inherits(mother, wife)
        case = await submission.submit(wife, applied.case.id, await proof_of(applied))
        applied = msgspec.structs.replace(applied, case=case)
        await taken(applied, applied.officer, Step.ACCEPT, Step.APPROVE)
        assert await carried_out(applied) is State.ISSUED

        heirs = 2 + len(grandparents)
        mine = await titles_held(applied)
        (theirs,) = [one for one in (await licences(grown, None, 20)).items if one.type_code == OWNED]
        guardian = await a_guardian_of(ward)
        (childs,) = [one for one in (await licences(guardian, None, 20)).items if one.type_code == OWNED]
        assert [says(one)["share"] for one in (*mine, theirs, childs)] == [
            f"按份共有，持证人占{written(1 + heirs, 2 * heirs)}",
            f"按份共有，持证人占1/{2 * heirs}",
            f"按份共有，持证人占1/{2 * heirs}",
        ]
        assert len({says(one)["title_no"] for one in (*mine, theirs, childs)}) == 1

    async def test_of_a_home_that_isnt_left_by_anybody_isnt_taken(self) -> None:
        applied = await a_draft_of(PROPERTY_CHANGE)
        answers = PROPERTY_CHANGE.answers
        assert callable(answers)
        told = {**answers(the_same_city(), applied.person), "title_no": "鲁（2020）烟台市不动产权第0000001号"}

        assert await wrong_in(await changed(applied, told)) == ["no_such_estate"]

    async def test_isnt_known_to_who_has_no_dead_relative(self) -> None:
        stranger = somebody_new(lambda city, one: is_single_man(city, one) and one.father is None)
        applied = await of_who_inherits(stranger, await a_citizen_of(stranger))

        view = await reading.show(applied.citizen, applied.case.id)
        assert (value_of(view, "estates"), value_of(view, "deceased")) == (None, None)


def written(part: int, whole: int) -> str:
    return f"{Fraction(part, whole).numerator}/{Fraction(part, whole).denominator}"


def a_family_with_a_living_grandparent() -> tuple[Person, Person, Person, list[Person]]:
    """A father who owns a home jointly with his wife, one child, and his living parents."""
    people = the_same_city().population.people

    def fits(city: City, person: Person) -> bool:
        household = city.population.household_of(person)
        title = own_title(city.population, household) if household else None
        return (
            person.sex == "male"
            and title is not None
            and person.id_number in {one.id_number for one in title.owners}
            and len(title.owners) == 2
            and (title.mortgage, seizure(city.population, title)) == (None, None)
            and len(city.population.children(person.id_number)) == 1
            and (father := people.get(person.father or "")) is not None
            and father.alive
        )

    father = somebody_new(fits)
    (child,) = the_same_city().population.children(father.id_number)
    parents = [people[number] for number in (father.father, father.mother) if number and people[number].alive]
    return father, people[father.spouse or ""], child, parents


async def of_who_inherits(person: Person, citizen: Citizen) -> Applied:
    """A draft of somebody, filled in as an heir's if anybody left a home."""
    applied = await a_draft_of(PROPERTY_CHANGE, (person, Applicant(citizen, citizen.id)))
    homes = value_of(await reading.show(citizen, applied.case.id), "estates") or [{"title_no": "无"}]
    return await changed(
        applied,
        {
            "phone": "13863800004",
            "registry_code": "370602",
            "reason": "inheritance",
            "title_no": homes[0]["title_no"],
            "will": "none",
            "division": "by_law",
            "all_named": True,
            "no_dispute": True,
        },
    )


class TestSpouses:
    async def test_are_added_and_after_a_divorce_one_has_it_and_the_others_title_ends(self, large_town: Town) -> None:
        owner, bride = somebody_new(owns_alone), somebody_new(is_single_woman)
        husband, wife = await a_citizen_of(owner), await a_citizen_of(bride)
        certificate = await coupled(large_town, "register_marriage", owner, bride)

        (home,) = await homes_of(owner)
        added = await between(owner, husband, reason="spouse_added", title_no=home)
        mine, theirs = await titles_held(added), (await licences(wife, None, 20)).items
        assert [says(one)["share"] for one in (*mine, *theirs)] == ["共同共有", "共同共有"]

        await coupled(large_town, "register_divorce", owner, bride, certificate_no=certificate, agreement={})
        joint = says(theirs[0])["title_no"]
        divided = await between(bride, wife, reason="divorce_division", awarded_to="applicant", title_no=joint)
        (held,) = await titles_held(divided)
        assert (says(held)["share"], says(held)["owners"]) == ("单独所有", bride.name)
        assert await titles_held(added) == []
        assert [one.state for one in (await licences(husband, None, 20)).items] == ["revoked"]
        assert [one.id for one in await titles_held(divided, "replaced")] == [theirs[0].id]
        assert await homes_of(owner) == []
        assert says(held)["title_no"] in await homes_of(bride)


async def homes_of(person: Person) -> list[str]:
    told = await told_of(TITLES, person.id_number)
    return [one.title_no for one in told.titles] if told else []


def minors_of(person: Person) -> list[Person]:
    children = the_same_city().population.children(person.id_number)
    return [one for one in children if age_on(one.birth_date, clock.today()) < ADULT]


def owns_alone(city: City, person: Person) -> bool:
    household = city.population.household_of(person)
    title = own_title(city.population, household) if household else None
    return (
        title is not None
        and [one.id_number for one in title.owners] == [person.id_number]
        and (title.mortgage, seizure(city.population, title)) == (None, None)
        and len(city.population.members(person.household_no)) == 1
        and is_single_man(city, person)
        and estates(city, person) is None
        and (told := titles(city, person)) is not None
        and len(told.titles) == 1
    )


async def coupled(town: Town, service: str, one: Person, other: Person, **parts: object) -> str:
    said = await town.ask(
        "mzj",
        service,
        case_number=f"YT{clock.now():%H%M%S%f}",
        id_number=one.id_number,
        partner_name=other.name,
        partner_id_number=other.id_number,
        registry_code="370602",
        **parts,
    )
    assert said.status == "ok", said.reason
    told: str = msgspec.json.decode(said.body or b"")["told"]["certificate_no"]
    return told


async def between(person: Person, citizen: Citizen, **answers: object) -> Applied:
    """An issued case between spouses about a home."""
    applied = await a_draft_of(PROPERTY_CHANGE, (person, Applicant(citizen, citizen.id)))
    form = {"phone": "13863800004", "registry_code": "370602", "other_agrees": True}
    applied = await changed(applied, form | answers)
    case = await submission.submit(citizen, applied.case.id, await proof_of(applied))
    applied = msgspec.structs.replace(applied, case=case)
    await taken(applied, applied.officer, Step.ACCEPT, Step.APPROVE)
    assert await carried_out(applied) is State.ISSUED
    return applied


class TestAgenda:
    async def test_names_a_home_to_inherit_once_the_register_was_asked_and_until_it_is_done(
        self, departments: CityPorts
    ) -> None:
        applied = await submitted(PROPERTY_CHANGE)
        assert await on_the_agenda(applied.citizen) == []
        query = OfPerson(PROPERTY_CHANGE.matter, CHANGEABLES, frozenset({"money"})).live(departments.registers)
        await query.answer(applied.citizen, PersonQuestion())

        (item,) = await on_the_agenda(applied.citizen)
        assert (item.code, item.standing, item.case_id, item.due_on) == (CODE, "in_progress", applied.case.id, None)

        await taken(applied, applied.officer, Step.ACCEPT, Step.APPROVE)
        await carried_out(applied)
        assert await on_the_agenda(applied.citizen) == []
        await query.answer(applied.citizen, PersonQuestion())
        assert await on_the_agenda(applied.citizen) == []

    async def test_says_nothing_to_who_owns_no_such_home(self, departments: CityPorts) -> None:
        owner = somebody_new(owns_alone)
        citizen = await a_citizen_of(owner)
        query = OfPerson(PROPERTY_CHANGE.matter, CHANGEABLES, frozenset({"money"})).live(departments.registers)
        await query.answer(citizen, PersonQuestion())

        assert await on_the_agenda(citizen) == []

    async def test_is_due_before_anybody_applied(self, departments: CityPorts) -> None:
        heir = somebody_new(PROPERTY_CHANGE.fits)
        citizen = await a_citizen_of(heir)
        query = OfPerson(PROPERTY_CHANGE.matter, CHANGEABLES, frozenset({"money"})).live(departments.registers)
        await query.answer(citizen, PersonQuestion())

        (item,) = await on_the_agenda(citizen)
        assert (item.standing, item.case_id, item.subject_name) == ("due", None, heir.name)


class TestPublication:
    async def test_holds_up_the_approval_of_an_inheritance_without_a_notary_for_fifteen_working_days(self) -> None:
        citizen = await a_citizen(2)
        accepted_on = next(
            day
            for day in (clock.today() - timedelta(days=back) for back in range(5, 60))
            if add_working_days(day, 15) < clock.today()
        )
        values = {"reason": "inheritance", "will": "none"}
        late, early = (Standing(citizen.id, values, day) for day in (accepted_on, accepted_on + timedelta(days=4)))

        the_matter().allow(Step.APPROVE, late)
        with pytest.raises(TooEarlyToDecide) as refused:
            the_matter().allow(Step.APPROVE, early)
        first = add_working_days(accepted_on + timedelta(days=4), 15) + timedelta(days=1)
        assert refused.value.facts == {"from_on": first.isoformat()}
        the_matter().allow(Step.REJECT, early)
        for other in ({"reason": "inheritance", "will": "notarial"}, {"reason": "spouse_added"}):
            the_matter().allow(Step.APPROVE, msgspec.structs.replace(early, values=other))


class TestWho:
    async def test_a_minor_doesnt_apply_alone_and_a_guardian_does_for_them(self) -> None:
        today = clock.today()
        child = await a_resident(birth_date=today.replace(year=today.year - 10, day=1))
        guardian = await a_guardian_of(child)
        minor = await a_citizen(2, birth_date=today.replace(year=today.year - 17, day=1))

        the_matter().fit(await the_resident(child), guardian, today)
        with pytest.raises(NotFitFor):
            the_matter().fit(await the_resident(minor.id), minor, today)

    async def test_a_childs_part_is_applied_for_by_the_parent_who_is_left(self) -> None:
        left = somebody_new(lambda city, one: may_inherit_a_home(city, one) and minors_of(one))
        child = minors_of(left)[0]
        applied = await filled(await a_draft_of(PROPERTY_CHANGE, (child, await a_parent_of(child))))
        case = await submission.submit(applied.citizen, applied.case.id, await proof_of(applied))
        applied = msgspec.structs.replace(applied, case=case)
        notes = " ".join(note.zh for note in (await reading.show(applied.citizen, applied.case.id)).notes)
        assert "利益冲突" in notes
        await taken(applied, applied.officer, Step.ACCEPT, Step.APPROVE)

        assert await carried_out(applied) is State.ISSUED
        held = await titles_held(applied)
        parent = applied.citizen.id
        assert all("按份共有" in says(one)["share"] for one in held)
        assert {one.holder_id for one in held} == {parent, (await the_case(applied.case.id)).citizen_id}

    async def test_is_of_age_on_the_birthday(self) -> None:
        citizen = await a_citizen(2, birth_date=date(2008, 3, 4))
        person = await the_resident(citizen.id)

        with pytest.raises(NotFitFor):
            the_matter().fit(person, citizen, date(2026, 3, 3))
        the_matter().fit(person, citizen, date(2026, 3, 4))


def test_the_order_names_the_registry() -> None:
    assert (CHANGE_TITLE.department, the_matter().turn_of({"certify_deed_tax": {}})) == ("ZRZY", "ZRZY")
