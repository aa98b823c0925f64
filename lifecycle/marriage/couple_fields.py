"""What marrying and parting have in common: the other of the two, the registry, and the certificate that both get.

Of the other nothing is ever shown but what the applicant wrote or their own record says: nobody learns here whether somebody is
married, or how old. The registry sees both in person, and its department checks both when it registers.
"""

from collections.abc import Iterable
from typing import Annotated, Final
from uuid import UUID

import msgspec

from app.kernel.errors import FieldProblem
from app.kernel.identity_numbers import Holder, IdentityNumberInvalid, parse
from app.kernel.structs import IdNumber, PersonName
from app.kernel.words import Words
from app.residents.structs import Resident
from integrations.departments.directory import CIVIL_AFFAIRS
from integrations.departments.districts import DISTRICTS, DistrictCode
from integrations.departments.marriages import CoupleRegistered
from lifecycle.cases.fields import field
from lifecycle.cases.forms import Approved
from lifecycle.licences.kinds import CERT_DIVORCE, CERT_MARRIAGE
from lifecycle.licences.structs import Grant
from lifecycle.licences.structs import Line as LicenceLine
from lifecycle.rules.marriage_eligibility import party

OTHER: Final = Words(zh="另一方", en="The other of you")
DECLARED: Final = Words(zh="声明", en="What you declare")
BOTH_COME: Final = Words(
    zh="由一方填写即可；须双方本人持居民身份证一起到婚姻登记处，请先预约，网上填表不能代替到场。",
    en="One of you fills this in. Both come to the registry together with your identity cards; please book, this form doesn't replace "
    "coming.",
)
FREE: Final = Words(zh="婚姻登记免费（《婚姻登记条例》第六条）。", en="Registration is free of charge (art. 6).")
RegistryField = Annotated[
    DistrictCode,
    field(
        Words(zh="婚姻登记处所在区市", en="District of the registry"),
        Words(zh="任何一个婚姻登记处都可以，与预约的一致。", en="Any registry will do; the one where you book."),
        values=DISTRICTS,
    ),
]
PartnerNumberField = Annotated[
    IdNumber,
    field(
        Words(zh="对方公民身份号码", en="The other's identity number"),
        Words(zh="登记时由婚姻登记机关向部门核验。", en="The registry checks it with the departments."),
        section=OTHER,
    ),
]
PartnerNameField = Annotated[
    PersonName,
    field(Words(zh="对方姓名", en="The other's name"), Words(zh="与身份证一致。", en="As on the card."), section=OTHER),
]


class TheTwo(msgspec.Struct, frozen=True):
    """The names and numbers that stand on both certificates; nothing of the other if they aren't known here."""

    holders: tuple[tuple[UUID, str, str], ...]
    named: tuple[tuple[str, str], ...]


def district_of(person: Resident) -> str | None:
    """The district where somebody lives, for the registry."""
    code = (person.division_code or "")[:6]
    return code if code in DISTRICTS else None


def number_problems(own: str, partners: str) -> Iterable[FieldProblem]:
    """Refuse a number that can't be anybody's, one's own, and the permit of somebody of elsewhere (another registry, named by the province)."""
    if any(is_from_elsewhere(number) for number in (own, partners)):
        yield FieldProblem("/form/partner_id_number", "other_registry", "a registry that the province names does this")
    if party(partners) is None:
        yield FieldProblem("/form/partner_id_number", "id_number_wrong", "the number can't be anybody's")
    elif partners.upper() == own.upper():
        yield FieldProblem("/form/partner_id_number", "oneself", "this is your own number")


def is_from_elsewhere(id_number: str) -> bool:
    """Whether a number is that of a residence permit, or of a foreigner's card."""
    try:
        return parse(id_number).holder is not Holder.MAINLAND
    except IdentityNumberInvalid:
        return False


def the_two(person: Resident, name: str, partner: tuple[UUID | None, str, str]) -> TheTwo:
    """Both, with who of them gets a certificate here."""
    partner_id, partner_name, partner_number = partner
    own = (person.id, name, person.id_number or "")
    holders = (own,) if partner_id is None else (own, (partner_id, partner_name, partner_number))
    return TheTwo(holders, ((name, person.id_number or ""), (partner_name, partner_number)))


def certificates(kind: str, approved: Approved, told: CoupleRegistered, two: TheTwo) -> tuple[Grant, ...]:
    """A certificate for each of the two who is known here; one of divorce takes the place of that of the marriage."""
    both = tuple(
        line
        for name, number in two.named
        for line in (
            LicenceLine(Words(zh="姓名", en="Name"), name),
            LicenceLine(Words(zh="公民身份号码", en="Identity number"), number),
        )
    )
    return tuple(
        Grant(
            type_code=kind,
            holder_id=holder_id,
            department=CIVIL_AFFAIRS,
            lines=(
                LicenceLine(Words(zh="持证人", en="Holder"), name),
                LicenceLine(Words(zh="登记日期", en="Registered on"), told.registered_on.isoformat()),
                LicenceLine(Words(zh="证件字号", en="Certificate no."), told.certificate_no),
                LicenceLine(Words(zh="登记机关", en="Registry"), told.registry),
                *both,
            ),
            case_id=approved.applying.case_id,
            replaces=(CERT_MARRIAGE,) if kind == CERT_DIVORCE else (),
            case_number=approved.number,
        )
        for holder_id, name, _ in two.holders
    )
