"""The departments' clients, over the exchange."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.kernel import clock
from app.kernel.identity_documents import ID_CARD, Document
from app.kernel.settings import Settings
from integrations.departments import health, police
from integrations.departments.directory import NAMES, DepartmentUnknown, keyid_of, parties, speakers
from integrations.departments.health import Health, HealthClient
from integrations.departments.police import BirthToRegister, NewChild, Police, PoliceClient
from integrations.exchange.errors import DepartmentAnsweredWrongly
from integrations.exchange.messages import Asked
from integrations.exchange.structs import Operation
from tests.integrations.departments.test_fhir import a_bundle, a_record
from tests.makers.exchange import CLINIC, POLICE_STATION, ADepartment, a_client, an_asking, answers
from tests.makers.signed import HEALTH

NUMBER = "370602199001011234"
CARD = Document(ID_CARD, NUMBER)
IDENTITY = {"match": True, "alive": True, "birth_date": "1990-01-01", "sex": "male", "division_code": "370602"}
MEMBER = {"name": "王伟", "id_number": NUMBER, "relation_code": "02", "sex": "male", "birth_date": "1990-01-01"}
HOUSEHOLD = {
    "household_no": "370602000123",
    "kind": "1",
    "address": "烟台市芝罘区向阳街道1号",
    "division_code": "370602001",
    "members": [MEMBER],
}
REGISTERED = {
    "id_number": "37060220261120123X",
    "household_no": "370602000123",
    "registered_on": "2026-11-22",
    "division_code": "370602",
    "address": "烟台市芝罘区向阳街道1号",
}
CERTIFICATE: dict[str, Any] = {
    "certificate_no": "P370000001",
    "hospital": "烟台毓璜顶医院",
    "child": {"sex": "female", "born_at": "2026-11-20T03:12:00+08:00", "weight_g": 3350, "length_mm": 500},
    "mother": {"name": "李娜", "id_number": "370602199203034321"},
    "father": None,
}


def the_police(body: object) -> tuple[Police, ADepartment]:
    department = ADepartment(answers(body=body))
    return PoliceClient(a_client(department), POLICE_STATION), department


def the_clinic(body: object) -> tuple[Health, ADepartment]:
    department = ADepartment(answers(body=body, keyid=HEALTH))
    return HealthClient(a_client(department), CLINIC), department


def asked_of(department: ADepartment) -> tuple[str, bytes]:
    (asked,) = department.asked
    assert isinstance(asked, Asked)
    return asked.request.service, bytes(asked.request.body)


class TestPolice:
    async def test_verifies_an_identity(self) -> None:
        client, department = the_police(IDENTITY)

        answer = await client.verify_identity(an_asking(), "王伟", CARD)

        assert answer.body.match
        assert answer.body.birth_date == date(1990, 1, 1)
        assert asked_of(department) == ("verify_identity", f'{{"name":"王伟","id_number":"{NUMBER}"}}'.encode())

    async def test_no_match_says_no_more(self) -> None:
        client, _ = the_police({"match": False})

        assert (await client.verify_identity(an_asking(), "王伟", CARD)).body == police.IdentityChecked(match=False)

    @pytest.mark.parametrize("left_out", ["alive", "birth_date", "sex", "division_code"])
    async def test_a_match_that_leaves_something_out_is_wrong(self, left_out: str) -> None:
        client, _ = the_police({name: value for name, value in IDENTITY.items() if name != left_out})

        with pytest.raises(DepartmentAnsweredWrongly):
            await client.verify_identity(an_asking(), "王伟", CARD)

    async def test_verifies_a_face(self) -> None:
        client, department = the_police({"match": False})

        assert not (await client.verify_face(an_asking(), CARD, "token")).body.match
        assert asked_of(department)[0] == "verify_face"

    async def test_gives_a_household(self) -> None:
        client, _ = the_police(HOUSEHOLD)

        (member,) = (await client.household(an_asking(), NUMBER)).body.members

        assert (member.name, member.relation_code) == ("王伟", "02")

    @pytest.mark.parametrize(
        "member",
        [
            {"id_number": "3706021990010112"},
            {"id_number": NUMBER + "\n"},
            {"relation_code": "2"},
            {"sex": "1"},
            {"name": "王\x00"},
        ],
        ids=str,
    )
    async def test_a_member_out_of_bounds_is_wrong(self, member: dict[str, str]) -> None:
        client, _ = the_police(HOUSEHOLD | {"members": [MEMBER | member]})

        with pytest.raises(DepartmentAnsweredWrongly):
            await client.household(an_asking(), NUMBER)

    async def test_a_household_without_the_person_is_wrong(self) -> None:
        client, _ = the_police(HOUSEHOLD)

        with pytest.raises(DepartmentAnsweredWrongly) as refused:
            await client.household(an_asking(), "370602199203034321")
        assert refused.value.facts["flaw"] == "about_another"

    async def test_a_birth_registered_elsewhere_is_wrong(self) -> None:
        client, _ = the_police(REGISTERED)
        child = NewChild("王福海", "male", clock.now(), "01")

        with pytest.raises(DepartmentAnsweredWrongly):
            await client.register_birth(
                an_asking(), BirthToRegister("YT1", "P370000001", child, NUMBER, "370602000999")
            )

    async def test_registers_a_birth(self) -> None:
        client, department = the_police(REGISTERED)
        child = NewChild("王福海", "male", clock.now() - timedelta(days=2), "01")
        birth = BirthToRegister("YT2026112201000001", "P370000001", child, NUMBER, "370602000123")

        answer = await client.register_birth(an_asking(), birth)

        service, body = asked_of(department)
        assert answer.body.id_number == "37060220261120123X"
        assert service == "register_birth"
        assert b'"case_number":"YT2026112201000001"' in body


class TestHealth:
    async def test_gives_a_birth_certificate(self) -> None:
        client, department = the_clinic(CERTIFICATE)

        certificate = (await client.birth_certificate(an_asking(), "P370000001")).body

        assert (certificate.child.weight_g, certificate.mother.name, certificate.father) == (3350, "李娜", None)
        assert asked_of(department) == ("birth_certificate", b'{"certificate_no":"P370000001"}')

    async def test_a_weight_that_cant_be_is_wrong(self) -> None:
        client, _ = the_clinic(CERTIFICATE | {"child": CERTIFICATE["child"] | {"weight_g": 33_500}})

        with pytest.raises(DepartmentAnsweredWrongly):
            await client.birth_certificate(an_asking(), "P370000001")

    async def test_gives_doses_in_order(self) -> None:
        patient = {"identifier": {"system": "urn:fuhai:id-number", "value": NUMBER}}
        later = a_record(
            patient=patient, occurrenceDateTime="2026-10-01", protocolApplied=[{"doseNumberPositiveInt": 2}]
        )
        client, department = the_clinic(a_bundle(later, a_record(patient=patient)))

        answer = await client.immunisations(an_asking(), NUMBER)

        assert [dose.dose_number for dose in answer.body] == [1, 2]
        assert asked_of(department) == ("immunisations", f'{{"id_number":"{NUMBER}"}}'.encode())

    async def test_gives_doses_of_a_child_without_a_number(self) -> None:
        client, department = the_clinic(a_bundle())

        assert (await client.immunisations_of_certificate(an_asking(), "P370000001")).body == ()
        assert asked_of(department) == ("immunisations", b'{"certificate_no":"P370000001"}')

    async def test_another_childs_doses_are_wrong(self) -> None:
        client, _ = the_clinic(a_bundle(a_record()))

        with pytest.raises(DepartmentAnsweredWrongly) as refused:
            await client.immunisations(an_asking(), NUMBER)
        assert refused.value.facts["flaw"] == "about_another"

    async def test_another_certificate_is_wrong(self) -> None:
        client, _ = the_clinic(CERTIFICATE)

        with pytest.raises(DepartmentAnsweredWrongly):
            await client.birth_certificate(an_asking(), "P370000002")

    async def test_a_mistaken_bundle_is_wrong(self) -> None:
        client, _ = the_clinic(a_bundle(a_record(occurrenceDateTime="2026")))

        with pytest.raises(DepartmentAnsweredWrongly):
            await client.immunisations(an_asking(), NUMBER)


class TestOperations:
    def test_none_is_shown_longer_than_it_may_be_used(self) -> None:
        operations = [
            value for module in (police, health) for value in vars(module).values() if isinstance(value, Operation)
        ]

        assert len(operations) == 6
        assert all(timedelta(0) <= operation.fresh_for <= operation.usable_for for operation in operations)

    def test_a_face_is_never_kept_nor_asked_twice(self) -> None:
        assert police.VERIFY_FACE.usable_for == timedelta(0)
        assert not police.VERIFY_FACE.repeatable


class TestDirectory:
    def test_the_sandbox_plays_whoever_has_no_address(self) -> None:
        known = parties(Settings(city_port=8100, department_urls="WJW=https://wjw.example/base/"))

        assert known["GAJ"].address_of("household") == "http://127.0.0.1:8100/gaj/exchange/household"
        assert known["WJW"].address_of("immunisations") == "https://wjw.example/base/exchange/immunisations"

    def test_without_the_city_only_who_has_an_address_is_there(self) -> None:
        assert list(parties(Settings(city=False, department_urls="WJW=https://wjw.example"))) == ["WJW"]

    def test_an_address_of_a_department_that_isnt_connected_is_refused(self) -> None:
        with pytest.raises(DepartmentUnknown, match="XYZ"):
            parties(Settings(department_urls="XYZ=https://xyz.example"))

    def test_each_speaks_by_the_name_in_its_certificate(self) -> None:
        settings = Settings(issuer_domain="fuhai.example")

        assert speakers(settings)["gaj.dept.fuhai.example"] == "GAJ"
        assert speakers(settings)["ut-w.dept.fuhai.example"] == "UT-W"
        assert len(speakers(settings)) == len(NAMES)
        assert keyid_of("portal", settings) == "portal.dept.fuhai.example"
