"""The hospital, the police and the phone of a sample of the town, behind the ports through which the product asks them."""

from collections.abc import Sequence
from datetime import date
from typing import Final, TypeVar

from app.kernel import clock
from app.kernel.identity_documents import Document
from app.kernel.identity_numbers import compose
from app.kernel.ids import new_plain_id
from integrations.departments.directory import HEALTH, POLICE
from integrations.departments.fhir import Dose
from integrations.departments.health import BirthCertificate
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

T = TypeVar("T")
DIVISION: Final = "370602"
ADDRESS: Final = "山东省烟台市芝罘区福海路1号"


class Hospital:
    """Births and vaccinations, as the Health Commission has them."""

    def __init__(self) -> None:
        self.certificates: dict[str, BirthCertificate] = {}
        self.doses: dict[str, list[Dose]] = {}
        self.numbers: dict[str, str] = {}

    async def birth_certificate(self, _asking: Asking, certificate_no: str) -> Answered[BirthCertificate]:
        """The certificate of a birth in the town."""
        return _answered(HEALTH, self.certificates[certificate_no])

    async def immunisations_of_certificate(self, _asking: Asking, certificate_no: str) -> Answered[tuple[Dose, ...]]:
        """The doses of a child that has no number yet."""
        return _answered(HEALTH, tuple(self.doses[certificate_no]))

    async def immunisations(self, _asking: Asking, id_number: str) -> Answered[tuple[Dose, ...]]:
        """The doses of a child by its number."""
        if id_number not in self.numbers:
            raise NotKnownToDepartment(department=HEALTH, department_code=HEALTH)
        return _answered(HEALTH, tuple(self.doses[self.numbers[id_number]]))


class PoliceStation:
    """Households, and births entered in the register: a certificate once, whatever is asked again."""

    def __init__(self, hospital: Hospital) -> None:
        self._hospital = hospital
        self.registered: dict[str, BirthRegistered] = {}

    async def verify_identity(self, _asking: Asking, name: str, document: Document) -> Answered[IdentityChecked]:  # noqa: ARG002 - the port's
        """Nobody of the sample proves a name."""
        raise NotKnownToDepartment(department=POLICE, department_code=POLICE)

    async def verify_face(self, _asking: Asking, document: Document, face_token: str) -> Answered[FaceChecked]:  # noqa: ARG002 - the port's
        """Nobody of the sample shows a face."""
        raise NotKnownToDepartment(department=POLICE, department_code=POLICE)

    async def household(self, _asking: Asking, id_number: str) -> Answered[Household]:
        """The household of a parent."""
        member = HouseholdMember("户主", id_number, "01", "female", date(1995, 1, 1))
        return _answered(POLICE, Household(f"H{id_number[-9:-1]}", "1", ADDRESS, DIVISION, (member,)))

    async def register_birth(self, _asking: Asking, birth: BirthToRegister) -> Answered[BirthRegistered]:
        """Enter a birth; asked again it gives the same number."""
        if birth.certificate_no not in self.registered:
            born = clock.local(birth.child.born_at).date()
            number = compose(DIVISION, born, 2 * len(self.registered) + (birth.child.sex == "male"))
            self.registered[birth.certificate_no] = BirthRegistered(
                number, birth.household_no, clock.today(), DIVISION, ADDRESS
            )
            self._hospital.numbers[number] = birth.certificate_no
        return _answered(POLICE, self.registered[birth.certificate_no])


class Phone:
    """The phone of everybody in the sample: it keeps the last code that was sent."""

    def __init__(self) -> None:
        self.code = ""

    async def send(self, phone: str, template: str, parameters: Sequence[str], reference: str) -> SmsReceipt:  # noqa: ARG002 - the port's
        """Take a message over."""
        self.code = parameters[0]
        return SmsReceipt(reference, 1)


def _answered(department: str, body: T) -> Answered[T]:
    return Answered(body, clock.now(), new_plain_id(), department)
