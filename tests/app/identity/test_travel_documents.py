"""Real names by documents other than the identity card: each kind with its own rule, and never mixed up."""

import asyncio
import secrets
from datetime import date

import httpx
import msgspec
import pytest

from app.identity import devices
from app.identity.errors import IdentityMismatch, NothingToRecover, RealNameFixed, TooYoung
from app.identity.real_name import prove_real_name
from app.identity.recovering import recover
from app.identity.structs import DeviceEnrolment, RealName, Recovery
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.identity_documents import Document, DocumentType, read_document
from app.residents.directory import find, find_by_id_number
from app.residents.documents import identifier_of
from app.residents.errors import DocumentNumberWrong, IdNumberTaken
from app.residents.rights import ResidentEraser, ResidentExporter
from tests.makers.callers import a_key, signed_in, the_authorities_of_the_product
from tests.makers.outside import PoliceRegister
from tests.makers.people import a_citizen, the_resident
from tests.makers.pki import a_csr

pytestmark = pytest.mark.usefixtures("app")
NAME = "黄志强"


@pytest.fixture
def police() -> PoliceRegister:
    return PoliceRegister()


def digits(count: int) -> str:
    return f"{secrets.randbelow(10**count):0{count}d}"


def a_document(kind: DocumentType) -> tuple[str, str | None]:
    """A number as its holder says it, and the state that issued it."""
    made: dict[str, tuple[str, str | None]] = {
        "hm_permit": (f"H{digits(8)}", None),
        "tw_permit": (digits(8), None),
        "passport": (f"C{digits(8)}", "GBR"),
        "foreign_pr": (f"DEU{digits(4)}810214{digits(2)}", None),
    }
    return made[kind]


def admitted(
    police: PoliceRegister, kind: DocumentType = "hm_permit", birth_date: date = date(1984, 3, 9)
) -> tuple[RealName, Document]:
    number, state = a_document(kind)
    document = read_document(kind, number, state)
    police.admit(NAME, document, birth_date)
    return RealName(NAME, number, kind, state), document


class TestProveRealName:
    @pytest.mark.parametrize("kind", ["hm_permit", "tw_permit", "passport", "foreign_pr"])
    async def test_raises_the_account_to_level_2(self, police: PoliceRegister, kind: DocumentType) -> None:
        citizen, (said, document) = await a_citizen(1), admitted(police, kind)

        me = await prove_real_name(citizen, said, police)

        known = await the_resident(citizen.id)
        assert (me.level, me.name, me.document_type, me.birth_date) == (2, NAME, kind, date(1984, 3, 9))
        assert me.id_number_masked is not None
        assert document.number not in me.id_number_masked
        assert (known.document_type, known.document_number, known.id_number) == (kind, document.number, None)
        assert await find(*identifier_of(document)) == citizen.id

    async def test_says_that_a_number_of_the_identity_card_is_one(self, police: PoliceRegister) -> None:
        citizen = await a_citizen(2)

        me = (await prove_real_name(citizen, await a_name_of(citizen), police)).document_type

        assert me == "id_card"

    async def test_keeps_numbers_of_different_kinds_apart(self, police: PoliceRegister) -> None:
        number = digits(8)
        permit, passport = Document("tw_permit", number), Document("passport", f"TWN{number}")
        for document in (permit, passport):
            police.admit(NAME, document)
        one, other = await a_citizen(1), await a_citizen(1)

        await prove_real_name(one, RealName(NAME, number, "tw_permit"), police)
        await prove_real_name(other, RealName(NAME, number, "passport", "TWN"), police)

        assert await find("tw_permit", number) == one.id
        assert await find("passport", f"TWN{number}") == other.id
        assert await find_by_id_number(number) is None

    async def test_refuses_a_number_that_cannot_be_without_asking(self, police: PoliceRegister) -> None:
        citizen = await a_citizen(1)

        for said in (RealName(NAME, "H1234567", "hm_permit"), RealName(NAME, "C05350002", "passport")):
            with pytest.raises(DocumentNumberWrong):
                await prove_real_name(citizen, said, police)
        assert police.asked == []

    async def test_refuses_who_isnt_known_and_another_name(self, police: PoliceRegister) -> None:
        said, _ = admitted(police)

        for wrong in (RealName(NAME, f"M{digits(8)}", "hm_permit"), msgspec.structs.replace(said, name="梁咏诗")):
            with pytest.raises(IdentityMismatch):
                await prove_real_name(await a_citizen(1), wrong, police)

    async def test_refuses_a_child_of_13_and_takes_one_of_14(self, police: PoliceRegister) -> None:
        today = clock.today()
        born = date(today.year - 14, today.month, min(today.day, 28))
        young, old = admitted(police, birth_date=date(today.year - 13, 1, 1)), admitted(police, birth_date=born)

        with pytest.raises(TooYoung):
            await prove_real_name(await a_citizen(1), young[0], police)
        assert (await prove_real_name(await a_citizen(1), old[0], police)).level == 2

    async def test_is_one_accounts_only_however_often_the_permit_was_issued(self, police: PoliceRegister) -> None:
        said, document = admitted(police)
        accounts = [await a_citizen(1), await a_citizen(1)]
        anew = msgspec.structs.replace(said, id_number=f"{document.number}02")

        found = await asyncio.gather(
            *(prove_real_name(one, name, police) for one, name in zip(accounts, (said, anew), strict=True)),
            return_exceptions=True,
        )

        assert sorted(type(one).__name__ for one in found) == ["IdNumberTaken", "Me"]
        with pytest.raises((IdNumberTaken, RealNameFixed)):
            await prove_real_name(await a_citizen(1), said, police)

    async def test_is_said_again_by_a_later_session(self, police: PoliceRegister) -> None:
        citizen, (said, _) = await a_citizen(1), admitted(police)
        await prove_real_name(citizen, said, police)
        other, _ = admitted(police)

        assert (await prove_real_name(citizen, said, police)).level == 2
        with pytest.raises(IdentityMismatch):
            await prove_real_name(citizen, other, police)

    async def test_is_told_over_http(self, http: httpx.AsyncClient) -> None:
        auth = await signed_in(await a_citizen(1))
        wrong = {"name": NAME, "id_number": "H1234567", "document_type": "hm_permit"}

        refused = await http.post("/v1/me/real-name", json=wrong, auth=auth)
        unknown = await http.post("/v1/me/real-name", json=wrong | {"document_type": "driver"}, auth=auth)

        assert (refused.status_code, refused.json()["code"]) == (422, "document_number_wrong")
        assert refused.json()["flaw"] == "form"
        assert (unknown.status_code, unknown.json()["code"]) == (422, "body_wrong")


class TestFace:
    async def test_leads_to_a_device_and_to_the_account_on_a_new_phone(self, police: PoliceRegister) -> None:
        the_authorities_of_the_product()
        account, (said, document) = await a_citizen(1), admitted(police)
        face = f"face-of-{document.number}"
        with pytest.raises(NothingToRecover):
            await recover(await a_citizen(1), a_recovery(said, face), police)
        await prove_real_name(account, said, police)

        citizen = Citizen(account.id, 2, account.session_id, "tests")
        nonce = (await devices.enrolment_challenge(citizen)).nonce
        enrolled = await devices.enrol(citizen, DeviceEnrolment(a_csr(a_key()), "手机", face, nonce), police)
        recovered = await recover(await a_citizen(1), a_recovery(said, face), police)

        assert (enrolled.level, recovered.id) == (3, account.id)


class TestRights:
    async def test_export_and_erase_the_number(self, police: PoliceRegister) -> None:
        citizen, (said, document) = await a_citizen(1), admitted(police)
        await prove_real_name(citizen, said, police)

        (exported,) = (await ResidentExporter().export(citizen.id))["resident"]
        await ResidentEraser().erase(citizen.id)

        assert (exported["document_type"], exported["document_number"]) == ("hm_permit", document.number)
        assert (await the_resident(citizen.id)).document_number is None
        assert await find("hm_permit", document.number) is None


async def a_name_of(citizen: Citizen) -> RealName:
    known = await the_resident(citizen.id)
    return RealName(known.name or "", known.id_number or "")


def a_recovery(said: RealName, face: str) -> Recovery:
    return Recovery(said.name, said.id_number, face, said.document_type, said.issuing_state)
