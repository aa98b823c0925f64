"""What the police's population register (人口信息系统) answers: identity, face, household, and the registration of a birth."""

from datetime import date, datetime, timedelta
from typing import Annotated, Final, Literal, Protocol

import msgspec
from msgspec import Meta

from app.kernel.identity_documents import ID_CARD, Document
from app.kernel.structs import Code, IdNumber, Line, PersonName
from integrations.exchange.client import ExchangeClient
from integrations.exchange.errors import answered_about_another
from integrations.exchange.structs import Answered, Asking, Operation, Party

Sex = Literal["male", "female"]
DivisionCode = Annotated[
    str, Meta(pattern=r"\A[0-9]{6}([0-9]{3}){0,2}\Z", description="GB/T 2260 and its streets, 6 to 12 digits.")
]
RelationCode = Annotated[
    str, Meta(pattern=r"\A[0-9]{2}\Z", description="Relation to the head of household, GB/T 4761.")
]
EthnicityCode = Annotated[str, Meta(pattern=r"\A[0-9]{2}\Z", description="GB/T 3304.")]
HouseholdNo = Annotated[str, Meta(min_length=1, max_length=32, pattern=r"\A[A-Za-z0-9-]+\Z")]
Instant = Annotated[datetime, Meta(tz=True)]


class IdentityChecked(msgspec.Struct, frozen=True):
    """Whether a name and a number are one living person's; without a match the register says no more."""

    match: bool
    alive: bool | None = None
    birth_date: date | None = None
    sex: Sex | None = None
    division_code: DivisionCode | None = None

    def __post_init__(self) -> None:
        """Refuse a match that leaves something out."""
        if self.match and None in (self.alive, self.birth_date, self.sex, self.division_code):
            raise ValueError("a match says whether the person lives, and their birth date, sex and division")


class FaceChecked(msgspec.Struct, frozen=True):
    """Whether the face before the camera is that of the number's holder."""

    match: bool


class HouseholdMember(msgspec.Struct, frozen=True):
    """One person on a household's register (户口簿). Of minors it names the parents, as far as they are known."""

    name: PersonName
    id_number: IdNumber
    relation_code: RelationCode
    sex: Sex
    birth_date: date
    father_id_number: IdNumber | None = None
    mother_id_number: IdNumber | None = None


class Household(msgspec.Struct, frozen=True):
    """A household (户) and everybody registered in it."""

    household_no: HouseholdNo
    kind: Code
    address: Line
    division_code: DivisionCode
    members: Annotated[tuple[HouseholdMember, ...], Meta(min_length=1, max_length=200)]


class NewChild(msgspec.Struct, frozen=True):
    """The child whose birth is registered."""

    name: PersonName
    sex: Sex
    born_at: Instant
    ethnicity_code: EthnicityCode


class BirthToRegister(msgspec.Struct, frozen=True):
    """A birth to enter in the register (出生登记), in the household of the parent whom the child follows.

    Recognised by its case number: registering it again gives the same identity number.
    """

    case_number: Code
    certificate_no: Code
    child: NewChild
    follow_id_number: IdNumber
    household_no: HouseholdNo


class BirthRegistered(msgspec.Struct, frozen=True):
    """The child's new identity number and where they are registered."""

    id_number: IdNumber
    household_no: HouseholdNo
    registered_on: date
    division_code: DivisionCode
    address: Line


PERSON_DIED: Final = "person_died"


class Death(msgspec.Struct, frozen=True):
    """A death that was registered (死亡登记); the body of the event `person_died`."""

    reference: Code
    name: PersonName
    id_number: IdNumber
    died_on: date


NOT_KEPT: Final = timedelta(0)
VERIFY_IDENTITY: Final = Operation(
    "verify_identity", IdentityChecked, fresh_for=timedelta(days=1), usable_for=timedelta(days=30)
)
VERIFY_FACE: Final = Operation("verify_face", FaceChecked, fresh_for=NOT_KEPT, usable_for=NOT_KEPT, repeatable=False)
HOUSEHOLD: Final = Operation("household", Household, fresh_for=timedelta(days=1), usable_for=timedelta(days=30))
REGISTER_BIRTH: Final = Operation("register_birth", BirthRegistered, fresh_for=NOT_KEPT, usable_for=NOT_KEPT)


class Police(Protocol):
    """The port. Every operation refuses as `ExchangeClient.call` does."""

    async def verify_identity(self, asking: Asking, name: str, document: Document) -> Answered[IdentityChecked]:
        """Ask whether a name and a document's number belong together."""

    async def verify_face(self, asking: Asking, document: Document, face_token: str) -> Answered[FaceChecked]:
        """Ask whether the face that gave the token is the document's holder's. The token works once, so this isn't repeated."""

    async def household(self, asking: Asking, id_number: str) -> Answered[Household]:
        """Ask for the household in which the number's holder is registered."""

    async def register_birth(self, asking: Asking, birth: BirthToRegister) -> Answered[BirthRegistered]:
        """Enter a birth in the register; harmless when repeated with the same case number."""


class PoliceClient:
    """The police over the exchange."""

    def __init__(self, exchange: ExchangeClient, party: Party) -> None:
        """Ask the party through the exchange."""
        self._exchange = exchange
        self._party = party

    async def verify_identity(self, asking: Asking, name: str, document: Document) -> Answered[IdentityChecked]:
        """Ask whether a name and a document's number belong together."""
        body = {"name": name, **_named(document)}
        return await self._exchange.call(self._party, VERIFY_IDENTITY, body, asking)

    async def verify_face(self, asking: Asking, document: Document, face_token: str) -> Answered[FaceChecked]:
        """Ask whether the face that gave the token is the document's holder's."""
        body = {**_named(document), "face_token": face_token}
        return await self._exchange.call(self._party, VERIFY_FACE, body, asking)

    async def household(self, asking: Asking, id_number: str) -> Answered[Household]:
        """Ask for the household in which the number's holder is registered."""
        said = await self._exchange.call(self._party, HOUSEHOLD, {"id_number": id_number}, asking)
        if id_number not in {member.id_number for member in said.body.members}:
            raise answered_about_another(self._party.name, self._party.code)
        return said

    async def register_birth(self, asking: Asking, birth: BirthToRegister) -> Answered[BirthRegistered]:
        """Enter a birth in the register."""
        said = await self._exchange.call(self._party, REGISTER_BIRTH, birth, asking)
        if said.body.household_no != birth.household_no:
            raise answered_about_another(self._party.name, self._party.code)
        return said


def _named(document: Document) -> dict[str, str]:
    """A document in a question: an identity card by its number alone, any other by its kind too."""
    kind = {} if document.type == ID_CARD else {"document_type": document.type}
    return {"id_number": document.number} | kind
