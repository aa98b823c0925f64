"""Departments answer the portal and nobody else, each question once, and sign what they say."""

import json
import secrets
import uuid
from datetime import date, timedelta

import httpx
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from app.kernel import clock
from app.kernel.identity_numbers import parse
from app.keys.algorithms import LocalKey
from app.keys.errors import DigestMismatch
from app.keys.request_signatures import EXCHANGE, Request, Signer, sign_request
from integrations.departments.fhir import Bundle, doses
from integrations.departments.health import BirthCertificate
from integrations.departments.police import BirthRegistered, Household, IdentityChecked
from tests.makers.city import FATHER, MOTHER, PORTAL, STRANGER, Town, a_question, date_of_birth


def a_registration(birth: dict[str, object], case: str, **changes: object) -> dict[str, object]:
    child = msgspec.convert(birth["child"], dict[str, object])
    return {
        "case_number": case,
        "certificate_no": birth["certificate_no"],
        "child": {"name": "孙𠮷", "sex": child["sex"], "born_at": child["born_at"], "ethnicity_code": "01"},
        "follow_id_number": MOTHER,
        "household_no": "370602001000001",
    } | changes


async def send_signed(town: Town, body: bytes, content_type: str = "application/json") -> httpx.Response:
    address = town.service("gaj", "household")
    headers = {"content-type": content_type, "idempotency-key": str(uuid.uuid4())}
    nonce = secrets.token_urlsafe(16)
    added = sign_request(
        Request("POST", address, headers, body), PORTAL, profile=EXCHANGE, now=clock.epoch_seconds(), nonce=nonce
    )
    return await town.http.post(address, content=body, headers=headers | added)


class TestDoor:
    async def test_answers_with_a_signature_over_the_question(self, town: Town) -> None:
        answer = await town.ask("gaj", "household", id_number=MOTHER)

        assert answer.status == "ok"
        assert abs(answer.as_of - clock.now()) < timedelta(seconds=5)

    async def test_refuses_an_unsigned_question(self, town: Town) -> None:
        response = await town.http.post("/gaj/exchange/household", json={"id_number": MOTHER})

        assert (response.status_code, response.json()["code"]) == (401, "signature_missing")

    async def test_refuses_another_key_in_the_portals_name(self, town: Town) -> None:
        address = town.service("gaj", "household")
        forger = Signer(PORTAL.keyid, LocalKey(ec.generate_private_key(ec.SECP256R1())))

        response = await town.post(address, a_question(address, "household", {"id_number": MOTHER}, forger))

        assert (response.status_code, response.json()["code"]) == (401, "signature_wrong")

    async def test_refuses_somebody_else(self, town: Town) -> None:
        address = town.service("gaj", "household")
        other = Signer("wjw.dept.fuhai.example", PORTAL.key)

        response = await town.post(address, a_question(address, "household", {"id_number": MOTHER}, other))

        assert (response.status_code, response.json()["code"]) == (401, "key_unknown")

    async def test_refuses_a_changed_body(self, town: Town) -> None:
        address = town.service("gaj", "household")
        message = a_question(address, "household", {"id_number": MOTHER})
        changed = msgspec.structs.replace(message, body=message.body.replace(MOTHER.encode(), FATHER.encode()))

        response = await town.post(address, changed)

        assert (response.status_code, response.json()["code"]) == (400, DigestMismatch.code)

    async def test_refuses_a_question_made_for_another_service(self, town: Town) -> None:
        message = a_question(town.service("gaj", "household"), "household", {"id_number": MOTHER})

        response = await town.post(town.service("gaj", "verify_identity"), message)

        assert response.status_code == 401

    async def test_refuses_a_body_that_names_another_service(self, town: Town) -> None:
        address = town.service("gaj", "household")
        message = a_question(address, "verify_identity", {"id_number": MOTHER})

        answer = town.believed("gaj", message, await town.post(address, message))

        assert (answer.status, answer.reason) == ("refused", "service_differs")

    async def test_refuses_a_replay(self, town: Town) -> None:
        address = town.service("gaj", "household")
        message = a_question(address, "household", {"id_number": MOTHER})
        await town.post(address, message)

        again = await town.post(address, message)

        assert (again.status_code, again.json()["code"]) == (409, "nonce_replayed")

    @pytest.mark.parametrize("service", ["household", "verify_identity", "verify_face", "register_birth"])
    async def test_refuses_a_body_of_another_shape(self, town: Town, service: str) -> None:
        answer = await town.ask("gaj", service, surprise=1)

        assert (answer.status, answer.reason) == ("refused", "body_malformed")

    @pytest.mark.parametrize(
        "body",
        [b"{", b"[]", b"null", b"\xff", b"[" * 5_000, b'{"id":1,"id":2}', b'{"id":"x"}'],
        ids=["cut", "list", "null", "bytes", "deep", "repeated", "wrong"],
    )
    async def test_refuses_signed_nonsense(self, town: Town, body: bytes) -> None:
        response = await send_signed(town, body)

        assert response.status_code in {400, 422}, response.text

    async def test_takes_json_only(self, town: Town) -> None:
        assert (await send_signed(town, b"{}", "text/plain")).status_code == 415

    async def test_knows_only_its_own_services(self, town: Town) -> None:
        answer = await town.ask("gaj", "birth_certificate", certificate_no="Y370000001")

        assert (answer.status, answer.reason) == ("refused", "service_unknown")

    async def test_has_no_other_departments(self, town: Town) -> None:
        assert (await town.http.post("/xyz/exchange/household", json={})).status_code == 404


class TestPolice:
    async def test_confirms_a_name_and_number(self, town: Town) -> None:
        answer = await town.ask("gaj", "verify_identity", name="于晓彤", id_number=MOTHER)

        assert msgspec.json.decode(answer.body, type=IdentityChecked) == IdentityChecked(
            match=True, alive=True, birth_date=date(1997, 8, 23), sex="female", division_code="370602"
        )

    async def test_tells_nothing_to_a_wrong_name(self, town: Town) -> None:
        answer = await town.ask("gaj", "verify_identity", name="于晓丹", id_number=MOTHER)

        assert msgspec.json.decode(answer.body, type=IdentityChecked) == IdentityChecked(match=False)

    async def test_keeps_rare_characters(self, town: Town) -> None:
        answer = await town.ask("gaj", "verify_identity", name="孙䶮", id_number=FATHER)

        assert msgspec.json.decode(answer.body, type=IdentityChecked).match

    @pytest.mark.parametrize("service", ["household", "verify_identity", "verify_face"])
    async def test_does_not_know_strangers(self, town: Town, service: str) -> None:
        extra = {"verify_identity": {"name": "王一"}, "verify_face": {"face_token": "x"}}.get(service, {})

        answer = await town.ask("gaj", service, id_number=STRANGER, **extra)

        assert (answer.status, bytes(answer.body)) == ("not_found", b"null")

    async def test_tells_a_household(self, town: Town) -> None:
        answer = await town.ask("gaj", "household", id_number=MOTHER)

        household = msgspec.json.decode(answer.body, type=Household)
        assert household.household_no == "370602001000001"
        assert household.address.startswith("山东省烟台市芝罘区")
        assert [(member.name, member.relation_code) for member in household.members][:2] == [
            ("孙䶮", "02"),
            ("于晓彤", "12"),
        ]

    async def test_takes_a_face_token_once(self, town: Town) -> None:
        token = (await town.control("POST", "face", id_number=MOTHER)).json()["face_token"]

        first = await town.ask("gaj", "verify_face", id_number=MOTHER, face_token=token)
        again = await town.ask("gaj", "verify_face", id_number=MOTHER, face_token=token)

        assert (bytes(first.body), bytes(again.body)) == (b'{"match":true}', b'{"match":false}')

    async def test_tells_faces_apart(self, town: Town) -> None:
        token = (await town.control("POST", "face", id_number=FATHER)).json()["face_token"]

        answer = await town.ask("gaj", "verify_face", id_number=MOTHER, face_token=token)

        assert bytes(answer.body) == b'{"match":false}'


class TestRegisterBirth:
    async def test_gives_a_valid_number_for_place_day_and_sex(self, town: Town) -> None:
        birth = await town.birth("female")

        answer = await town.ask("gaj", "register_birth", **a_registration(birth, "YT-G-1"))

        registered = msgspec.json.decode(answer.body, type=BirthRegistered)
        number = parse(registered.id_number, clock.today())
        assert registered.id_number.startswith("370602")
        assert number.birth_date == date_of_birth(birth)
        assert number.sex == "female"
        assert registered.household_no == "370602001000001"

    async def test_answers_the_same_case_as_before(self, town: Town) -> None:
        question = a_registration(await town.birth("male"), "YT-G-2")

        first = await town.ask("gaj", "register_birth", **question)
        again = await town.ask("gaj", "register_birth", **question)

        assert bytes(again.body) == bytes(first.body)

    async def test_puts_the_child_into_the_household(self, town: Town) -> None:
        answer = await town.ask("gaj", "register_birth", **a_registration(await town.birth("male"), "YT-G-3"))

        household = (await town.ask("gaj", "household", id_number=FATHER)).body
        registered = msgspec.json.decode(answer.body, type=BirthRegistered)
        members = {member.id_number: member for member in msgspec.json.decode(household, type=Household).members}
        assert members[registered.id_number].name == "孙𠮷"
        assert members[registered.id_number].relation_code == "20"

    async def test_gives_every_child_another_number(self, town: Town) -> None:
        numbers = set()
        for place in range(3):
            question = a_registration(await town.birth("female"), f"YT-G-4-{place}")
            answer = await town.ask("gaj", "register_birth", **question)
            numbers.add(msgspec.json.decode(answer.body, type=BirthRegistered).id_number)

        assert len(numbers) == 3

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"certificate_no": "Y379999999"}, "certificate_unknown"),
            ({"household_no": "370602001000002"}, "household_differs"),
            ({"follow_id_number": "370611200706180026"}, "follow_not_parent"),
        ],
    )
    async def test_refuses_what_does_not_fit(self, town: Town, change: dict[str, object], reason: str) -> None:
        birth = await town.birth("female")

        answer = await town.ask("gaj", "register_birth", **a_registration(birth, f"YT-G-5-{reason}", **change))

        assert (answer.status, answer.reason) == ("refused", reason)

    async def test_does_not_know_a_strange_parent(self, town: Town) -> None:
        question = a_registration(await town.birth("female"), "YT-G-6", follow_id_number=STRANGER)

        assert (await town.ask("gaj", "register_birth", **question)).status == "not_found"

    async def test_refuses_a_child_of_another_sex(self, town: Town) -> None:
        question = a_registration(await town.birth("female"), "YT-G-7")
        child = msgspec.convert(question["child"], dict[str, object]) | {"sex": "male"}

        answer = await town.ask("gaj", "register_birth", **question | {"child": child})

        assert answer.reason == "child_differs"

    async def test_registers_no_child_twice(self, town: Town) -> None:
        birth = await town.birth("female")
        await town.ask("gaj", "register_birth", **a_registration(birth, "YT-G-8"))

        answer = await town.ask("gaj", "register_birth", **a_registration(birth, "YT-G-9"))

        assert answer.reason == "already_registered"

    async def test_refuses_a_case_number_used_for_something_else(self, town: Town) -> None:
        await town.ask("gaj", "register_birth", **a_registration(await town.birth("female"), "YT-G-10"))

        answer = await town.ask("gaj", "register_birth", **a_registration(await town.birth("female"), "YT-G-10"))

        assert answer.reason == "case_number_reused"


class TestHealth:
    async def test_tells_a_birth_certificate(self, town: Town) -> None:
        birth = await town.birth("male")

        answer = await town.ask("wjw", "birth_certificate", certificate_no=birth["certificate_no"])

        certificate = msgspec.json.decode(answer.body, type=BirthCertificate)
        assert json.loads(bytes(answer.body)) == birth
        assert (certificate.mother.id_number, certificate.child.sex) == (MOTHER, "male")
        assert certificate.father is not None
        assert certificate.father.name == "孙䶮"

    async def test_does_not_know_other_certificates(self, town: Town) -> None:
        assert (await town.ask("wjw", "birth_certificate", certificate_no="Y379999999")).status == "not_found"
        assert (await town.ask("wjw", "immunisations", certificate_no="Y379999999")).status == "not_found"
        assert (await town.ask("wjw", "immunisations", id_number=STRANGER)).status == "not_found"

    async def test_tells_a_newborns_doses(self, town: Town) -> None:
        birth = await town.birth()

        answer = await town.ask("wjw", "immunisations", certificate_no=birth["certificate_no"])

        given = list(doses(msgspec.json.decode(answer.body, type=Bundle)))
        assert {(dose.vaccine_code, dose.dose_number) for dose in given} == {("HepB", 1), ("BCG", 1)}
        assert {dose.given_on for dose in given} == {date_of_birth(birth)}

    async def test_tells_the_same_doses_by_number_once_the_child_has_one(self, town: Town) -> None:
        birth = await town.birth()
        registered = await town.ask("gaj", "register_birth", **a_registration(birth, "YT-H-1"))
        number = msgspec.json.decode(registered.body, type=BirthRegistered).id_number

        given = await town.control(
            "POST", "vaccinations", id_number=number, vaccine="HepB", dose_no=2, date=clock.today().isoformat()
        )

        assert given.status_code == 201, given.text
        by_number = json.loads(bytes((await town.ask("wjw", "immunisations", id_number=number)).body))
        by_certificate = json.loads(
            bytes((await town.ask("wjw", "immunisations", certificate_no=birth["certificate_no"])).body)
        )
        assert by_number["total"] == by_certificate["total"] == 3
        assert by_number["entry"][0]["resource"]["patient"]["identifier"]["value"] == number

    async def test_refuses_two_names_for_one_child(self, town: Town) -> None:
        answer = await town.ask("wjw", "immunisations", certificate_no="Y370000001", id_number=MOTHER)

        assert answer.reason == "body_malformed"
