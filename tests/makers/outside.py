"""Outside parties for tests of rooms: plain objects with the ports' methods, which remember what they were asked."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeVar

from app.kernel import clock
from app.kernel.identity_documents import ID_CARD, Document
from app.kernel.identity_numbers import parse
from app.kernel.ids import new_plain_id
from integrations.departments.directory import POLICE
from integrations.departments.police import (
    BirthRegistered,
    BirthToRegister,
    FaceChecked,
    Household,
    HouseholdMember,
    IdentityChecked,
)
from integrations.exchange.errors import NotKnownToDepartment
from integrations.exchange.structs import Answered, Asking
from integrations.sms.port import SmsReceipt
from integrations.wechat.errors import WeChatCodeWrong
from integrations.wechat.port import WeChatIdentity

T = TypeVar("T")


class Phones:
    """A text-message channel that keeps what each phone received; `broken` is raised instead, if set."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, str, tuple[str, ...]]] = []
        self.broken: Exception | None = None

    async def send(self, phone: str, template: str, parameters: Sequence[str], reference: str) -> SmsReceipt:
        if self.broken is not None:
            raise self.broken
        assert phone not in reference
        self.messages.append((phone, template, tuple(parameters)))
        return SmsReceipt(serial_no=str(len(self.messages)), charged=1)

    def code_of(self, phone: str) -> str:
        """The newest code that a phone received."""
        return next(parameters[0] for to, _, parameters in reversed(self.messages) if to == phone)


class MiniProgram:
    """WeChat: a login code `of:NAME` stands for NAME, once; `unions` has whoever it knows in other apps too."""

    def __init__(self, appid: str = "wx0000000000000001") -> None:
        self.appid = appid
        self.used: set[str] = set()
        self.unions: dict[str, str] = {}
        self.broken: Exception | None = None

    async def identify(self, login_code: str) -> WeChatIdentity:
        if self.broken is not None:
            raise self.broken
        if not login_code.startswith("of:") or login_code in self.used:
            raise WeChatCodeWrong
        self.used.add(login_code)
        name = login_code.removeprefix("of:").partition("#")[0]
        return WeChatIdentity(self.appid, f"o-{self.appid}-{name}", self.unions.get(name))


class PoliceRegister:
    """A population register: people by number, their households, and faces that pass."""

    def __init__(self) -> None:
        self.people: dict[str, str] = {}
        self.travellers: dict[Document, tuple[str, date]] = {}
        self.dead: set[str] = set()
        self.households: dict[str, list[HouseholdMember]] = {}
        self.asked: list[tuple[str, Asking]] = []

    def enter(self, name: str, id_number: str) -> None:
        """Enter a person."""
        self.people[id_number] = name

    def admit(self, name: str, document: Document, birth_date: date = date(1984, 3, 9)) -> None:
        """Enter a person with a travel document."""
        self.travellers[document] = (name, birth_date)

    def live_together(
        self, *members: tuple[str, str, str], parents: Mapping[str, tuple[str | None, str | None]] | None = None
    ) -> None:
        """Enter a household of (name, number, relation code); `parents` has father and mother of those whose the register names."""
        named = parents or {}
        household = [
            HouseholdMember(
                *(name, number, relation, parse(number).sex.value, parse(number).birth_date),
                *named.get(number, (None, None)),
            )
            for name, number, relation in members
        ]
        for name, number, _ in members:
            self.enter(name, number)
            self.households[number] = household

    async def verify_identity(self, asking: Asking, name: str, document: Document) -> Answered[IdentityChecked]:
        self.asked.append(("verify_identity", asking))
        if document.type != ID_CARD:
            return self._traveller(name, document)
        id_number = document.number
        if id_number not in self.people:
            raise NotKnownToDepartment(department_code=POLICE)
        if self.people[id_number] != name:
            return _said(IdentityChecked(match=False))
        number = parse(id_number)
        alive = id_number not in self.dead
        return _said(IdentityChecked(True, alive, number.birth_date, number.sex.value, number.region))

    def _traveller(self, name: str, document: Document) -> Answered[IdentityChecked]:
        if document not in self.travellers:
            raise NotKnownToDepartment(department_code=POLICE)
        known, born = self.travellers[document]
        return _said(
            IdentityChecked(True, True, born, "male", "370602") if known == name else IdentityChecked(match=False)
        )

    async def verify_face(self, asking: Asking, document: Document, face_token: str) -> Answered[FaceChecked]:
        self.asked.append(("verify_face", asking))
        return _said(FaceChecked(match=face_token == f"face-of-{document.number}"))

    async def household(self, asking: Asking, id_number: str) -> Answered[Household]:
        self.asked.append(("household", asking))
        if id_number not in self.households:
            raise NotKnownToDepartment(department_code=POLICE)
        members = tuple(self.households[id_number])
        return _said(Household("H1", "family", "芝罘区某街 1 号", parse(id_number).region, members))

    async def register_birth(self, asking: Asking, birth: BirthToRegister) -> Answered[BirthRegistered]:
        raise NotKnownToDepartment(department_code=POLICE)


def _said(body: T) -> Answered[T]:
    return Answered(body, clock.now(), new_plain_id(), POLICE)
