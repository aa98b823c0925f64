"""The bundles of the city: a birth and a marriage from one form to their end, with a failing branch, and with a department away for an hour."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

import pytest
import pytest_asyncio
from litestar import Litestar

from app import wired_applications
from app.kernel import clock
from app.kernel.actors import Citizen
from integrations.city.people import Person, age_on
from integrations.city.world import City
from integrations.exchange.errors import DepartmentUnavailable
from integrations.outgoing import http_client
from lifecycle.birth import stage as birth
from lifecycle.bundles import bundles, filling_in, following, reading
from lifecycle.bundles.structs import BundleChange, BundleSubmission, NewBundle
from lifecycle.cases import by_rule, carrying_out, desk
from lifecycle.cases import reading as case_reading
from lifecycle.licences.reading import licences
from tests.lifecycle.applications.samples_of_marriage import MARRIAGE
from tests.makers.applying import an_attendance_for, happen_in
from tests.makers.bundles import case_of, decided, moved_on, standings, the_bundle
from tests.makers.cases import CityPorts, Family, a_fault, a_form, a_signature, a_signing_device
from tests.makers.city import Town, a_town, date_of_birth
from tests.makers.city_people import PEOPLE, SEED, a_citizen_of, somebody_new, the_same_city
from tests.makers.outside import Phones
from tests.makers.people import ZHIFU, a_guardian_of, a_newborn, an_officer, newborns_have_no_number

ACCOUNT = {"phone": "13863800001", "bank": "烟台银行芝罘支行", "account_no": "6217000000000000018"}


@pytest_asyncio.fixture(scope="session")
async def whole_town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """A city in which people can marry."""
    async with a_town(tmp_path_factory.mktemp("bundle-city"), people=PEOPLE, seed=SEED) as running:
        happen_in(running)
        yield running


@pytest_asyncio.fixture(autouse=True)
async def departments(app: Litestar, whole_town: Town) -> AsyncIterator[CityPorts]:
    """Every matter, asked and carried out in that city."""
    await newborns_have_no_number()
    async with http_client([whole_town.options.origin]) as http:
        ports = CityPorts(whole_town, http)
        birth.register(ports.police, ports.health)
        wired_applications.register(ports.registers, ports.orders)
        yield ports


async def confirmed(citizen: Citizen, code: str, subject: UUID, form: dict[str, object]) -> UUID:
    """A bundle that was opened, filled in by departments and by its applicant, and signed."""
    opened = await bundles.open_bundle(citizen, code, NewBundle(subject))
    await filling_in.refresh(citizen, opened.id)
    known = {one.key for one in (await reading.show(citizen, opened.id)).form}
    wanted = BundleChange(form={key: value for key, value in form.items() if key in known})
    await bundles.change(citizen, opened.id, (await the_bundle(opened.id)).version, wanted)
    await bundles.submit(citizen, opened.id, await proof_of(citizen, opened.id))
    await moved_on(opened.id)
    return opened.id


async def proof_of(citizen: Citizen, bundle_id: UUID) -> BundleSubmission:
    """What the bundle asks for: a device's signature, or a code."""
    if (await reading.show(citizen, bundle_id)).signature == "device":
        device = await a_signing_device(citizen.id)
        return BundleSubmission(a_signature(device, await bundles.show_payload(citizen, bundle_id)))
    phones = Phones()
    await bundles.send_code(phones, citizen, bundle_id)
    return BundleSubmission(confirmation_code=phones.messages[-1][2][0])


async def granted_by_rule(bundle_id: UUID, *codes: str) -> None:
    """Steps that their rule grants and their departments carry out."""
    for code in codes:
        case_id = await case_of(bundle_id, code)
        await by_rule.decide(by_rule.ToDecide(case_id))
        await carrying_out.carry_out(carrying_out.ToCarryOut(case_id))
    await moved_on(bundle_id)


def _is_mother_to_be(city: City, person: Person) -> bool:
    """A married woman of another division than the demo's, whose children in other towns of these tests have the numbers of hers."""
    return (
        person.sex == "female"
        and person.division_code != ZHIFU
        and person.spouse in city.population.people
        and age_on(person.birth_date, clock.today()) in range(22, 45)
    )


async def a_new_family(town: Town) -> Family:
    """A boy delivered just now in that city, with both parents as his guardians; the girls are other tests'."""
    mother = somebody_new(_is_mother_to_be)
    father = the_same_city().population.people[mother.spouse or ""]
    said = (await town.control("POST", "births", mother_id_number=mother.id_number, sex="male")).json()
    born_on = date_of_birth(said)
    child = await a_newborn(birth_certificate_no=said["certificate_no"], sex="male", birth_date=born_on)
    return Family(
        child=child,
        born_on=born_on,
        mother=await a_guardian_of(child, 2, id_number=mother.id_number, name=mother.name),
        father=await a_guardian_of(child, 2, id_number=father.id_number, name=father.name),
        certificate_no=said["certificate_no"],
        mother_name=mother.name,
    )


async def a_birth(family: Family) -> UUID:
    """The mother's bundle of a birth."""
    return await confirmed(
        family.mother, "birth", family.child, {**a_form(family), **ACCOUNT, "division_code": "370602"}
    )


class TestBirth:
    async def test_goes_from_the_certificate_to_number_insurance_and_subsidy(self, whole_town: Town) -> None:
        family = await a_new_family(whole_town)
        bundle = await a_birth(family)

        assert await standings(bundle) == {
            "register": "under_way", "insure": "waiting", "subsidy": "waiting", "vaccinate": "starting"
        }  # fmt: skip
        after = await decided(bundle, "register")
        assert (after["insure"], after["subsidy"]) == ("under_way", "under_way")
        await granted_by_rule(bundle, "insure", "subsidy")

        assert (await the_bundle(bundle)).state == "ended"
        view = await reading.show(family.mother, bundle)
        assert (view.done, view.steps_chosen) == (3, 3)
        held = {
            one.type_code for one in (await licences(family.mother, None, 20)).items if one.holder_id == family.child
        }
        assert held == {"CERT_HUKOU", "CERT_MEDICAL_INSURANCE"}

    async def test_is_named_by_each_of_its_cases_to_the_mother_and_at_the_desk(self, whole_town: Town) -> None:
        family = await a_new_family(whole_town)
        bundle = await a_birth(family)
        case_id = await case_of(bundle, "register")
        named = (bundle, (await reading.show(family.mother, bundle)).name)

        seen = await case_reading.show(family.mother, case_id)
        at_the_desk = await desk.look_at(an_officer(), case_id)

        assert seen.bundle is not None
        assert (seen.bundle.id, seen.bundle.name) == named
        assert at_the_desk.bundle == seen.bundle

    async def test_a_refused_registration_blocks_what_needs_the_number(self, whole_town: Town) -> None:
        family = await a_new_family(whole_town)
        bundle = await a_birth(family)

        after = await decided(bundle, "register", reject=True)

        assert (after["register"], after["insure"], after["subsidy"]) == ("failed", "blocked", "blocked")
        assert (await the_bundle(bundle)).state == "ended"

    async def test_a_department_away_for_an_hour_holds_up_its_own_step_only(
        self, whole_town: Town, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        family = await a_new_family(whole_town)
        bundle = await a_birth(family)
        async with a_fault(whole_town, party="ybj", outage=True):
            await decided(bundle, "register")
            await granted_by_rule(bundle, "subsidy")
            away = await standings(bundle)

        assert (away["subsidy"], away["insure"]) == ("done", "yours")
        an_hour_later(monkeypatch)
        await following.begin(following.ToBegin(bundle, "insure"))
        await granted_by_rule(bundle, "insure")
        assert (await the_bundle(bundle)).state == "ended"


class TestMarriage:
    async def test_a_refused_registration_blocks_nothing_but_what_needs_it(self) -> None:
        couple = await a_couples_bundle()
        await an_attendance_for(await case_of(couple.bundle, "marry"))

        after = await decided(couple.bundle, "marry", reject=True)

        assert (after["marry"], after["fertility"]) == ("failed", "blocked")
        draft = await bundles.retry(couple.citizen, couple.bundle, "marry")
        assert draft.state == "draft"

    async def test_goes_from_the_form_over_the_counter_to_both_registrations(self) -> None:
        couple = await a_couples_bundle()

        case_id = await case_of(couple.bundle, "marry")
        await an_attendance_for(case_id)
        after = await decided(couple.bundle, "marry")
        assert after["fertility"] == "under_way"
        await granted_by_rule(couple.bundle, "fertility")

        assert (await the_bundle(couple.bundle)).state == "ended"
        held = {one.type_code for one in (await licences(couple.citizen, None, 20)).items}
        assert held == {"CERT_MARRIAGE", "CERT_FERTILITY"}

    async def test_a_registry_away_for_an_hour_holds_up_what_needs_the_marriage(
        self, whole_town: Town, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        couple = await a_couples_bundle()
        case_id = await case_of(couple.bundle, "marry")
        await an_attendance_for(case_id)
        async with a_fault(whole_town, party="mzj", outage=True):
            with pytest.raises(DepartmentUnavailable):
                await decided(couple.bundle, "marry")
            away = await standings(couple.bundle)

        assert (away["marry"], away["fertility"]) == ("under_way", "waiting")
        an_hour_later(monkeypatch)
        await carrying_out.carry_out(carrying_out.ToCarryOut(case_id))
        await moved_on(couple.bundle)
        await granted_by_rule(couple.bundle, "fertility")
        after = await standings(couple.bundle)
        assert (after["marry"], after["fertility"]) == ("done", "done")
        assert (await the_bundle(couple.bundle)).state == "ended"


class Couple(NamedTuple):
    """Who applied, and their bundle."""

    citizen: Citizen
    bundle: UUID


async def a_couples_bundle() -> Couple:
    person = somebody_new(MARRIAGE.fits)
    citizen = await a_citizen_of(person, 2)
    answers = MARRIAGE.answers
    given = dict(answers if not callable(answers) else answers(the_same_city(), person))
    given |= {"plan": "planned", "declaration": True, "division_code": "370602", "phone": "13863800001"}
    return Couple(citizen, await confirmed(citizen, "marriage", citizen.id, given))


def an_hour_later(monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + timedelta(hours=1))
