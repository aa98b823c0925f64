"""The police party (GAJ): identities, faces, households, and the registration of newborn children."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel import clock
from app.kernel.identity_documents import ID_CARD, DocumentType
from app.kernel.structs import IdNumber, PersonName
from integrations.city.births import BirthRecord, find_birth
from integrations.city.outcomes import NOT_FOUND, Outcome, QuestionRefused, question
from integrations.city.people import ADULT, Person, age_on
from integrations.city.world import City

NumberAsked = Annotated[str, Meta(pattern=r"\A[0-9A-Za-z<]{5,18}\Z")]
Short = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"\A[\x21-\x7e]+\Z")]


class IdentityQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Is this the name of the person with this number? `document_type` says of which document it is."""

    name: PersonName
    id_number: NumberAsked
    document_type: DocumentType = ID_CARD


class FaceQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Is the face behind this token that of the person with this number?"""

    id_number: NumberAsked
    face_token: Short
    document_type: DocumentType = ID_CARD


class HouseholdQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """In which household is this person registered, and with whom?"""

    id_number: IdNumber


class Newborn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The child to be registered, with the name that the parents chose."""

    name: PersonName
    sex: Literal["male", "female"]
    born_at: Annotated[datetime, Meta(tz=True)]
    ethnicity_code: Annotated[str, Meta(pattern=r"\A(0[1-9]|[1-4][0-9]|5[0-6]|97|98)\Z")]


class BirthRegistration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Register a child with the parent `follow_id_number` (随父/随母) in that parent's household."""

    case_number: Short
    certificate_no: Short
    child: Newborn
    follow_id_number: IdNumber
    household_no: Short


def verify_identity(city: City, body: msgspec.Raw) -> Outcome:
    """Compare name and number; a wrong name learns nothing about the number's owner."""
    asked = question(body, IdentityQuestion)
    person = city.person(asked.id_number, asked.document_type)
    if person.name != asked.name:
        return Outcome("ok", {"match": False, "alive": None, "birth_date": None, "sex": None, "division_code": None})
    return Outcome(
        "ok",
        {
            "match": True,
            "alive": person.alive,
            "birth_date": person.birth_date,
            "sex": person.sex,
            "division_code": person.division_code,
        },
    )


def verify_face(city: City, body: msgspec.Raw) -> Outcome:
    """Compare a face; a token counts once, for five minutes, and only for whom it was made."""
    asked = question(body, FaceQuestion)
    person = city.person(asked.id_number, asked.document_type)
    used = city.store.write(
        "DELETE FROM face_token WHERE token = ? AND id_number = ? AND expires_at > ?",
        asked.face_token,
        person.id_number,
        clock.epoch_seconds(),
    )
    return Outcome("ok", {"match": used == 1 and person.alive})


def household(city: City, body: msgspec.Raw) -> Outcome:
    """Tell the household register of a person; somebody with a document of elsewhere stands in none."""
    person = city.person(question(body, HouseholdQuestion).id_number)
    register = city.population.households.get(person.household_no)
    if not person.alive or register is None:
        return NOT_FOUND
    members = [
        {
            "name": member.name,
            "id_number": member.id_number,
            "relation_code": member.relation_code,
            "sex": member.sex,
            "birth_date": member.birth_date,
            **_parents_of(member),
        }
        for member in city.population.members(person.household_no)
    ]
    told = {
        "household_no": register.household_no,
        "kind": register.kind,
        "address": register.address,
        "division_code": register.division_code,
    }
    return Outcome("ok", told | {"members": members})


def _parents_of(member: Person) -> dict[str, str | None]:
    """The parents whom the register names of a minor."""
    if age_on(member.birth_date, clock.today()) >= ADULT:
        return {}
    return {"father_id_number": member.father, "mother_id_number": member.mother}


def register_birth(city: City, body: msgspec.Raw) -> Outcome:
    """Register a newborn and give it an identity number; the same case is answered as before.

    Refuses: `case_number_reused`, `certificate_unknown`, `already_registered`, `child_differs`, `follow_not_parent`,
    `household_differs`.
    """
    asked = question(body, BirthRegistration)
    request = msgspec.json.encode(asked)
    known = city.store.one("SELECT request, answer FROM registration WHERE case_number = ?", asked.case_number)
    if known is not None:
        if bytes(known["request"]) != request:
            raise QuestionRefused("case_number_reused")
        return Outcome("ok", msgspec.Raw(known["answer"]))
    birth = _registrable_birth(city, asked)
    child = _newborn(city, asked, birth)
    answered = msgspec.json.encode(_registered(city, child))
    city.store.write(
        "INSERT INTO registration VALUES (?, ?, ?, ?, ?, ?)",
        asked.case_number,
        asked.certificate_no,
        child.id_number,
        request,
        msgspec.json.encode(child),
        answered,
    )
    city.population.put(child)
    return Outcome("ok", msgspec.Raw(answered))


def _registrable_birth(city: City, asked: BirthRegistration) -> BirthRecord:
    birth = find_birth(city, asked.certificate_no)
    if birth is None:
        raise QuestionRefused("certificate_unknown")
    if birth.id_number is not None:
        raise QuestionRefused("already_registered")
    if (birth.sex, birth.born_on) != (asked.child.sex, clock.local(asked.child.born_at).date()):
        raise QuestionRefused("child_differs")
    followed = city.person(asked.follow_id_number)
    if followed.id_number not in {birth.mother, birth.father}:
        raise QuestionRefused("follow_not_parent")
    if followed.household_no != asked.household_no:
        raise QuestionRefused("household_differs")
    return birth


def _newborn(city: City, asked: BirthRegistration, birth: BirthRecord) -> Person:
    division_code = city.person(asked.follow_id_number).division_code
    return Person(
        id_number=city.population.new_number(division_code, asked.child.sex, birth.born_on, city.options.newborns_from),
        name=asked.child.name,
        sex=asked.child.sex,
        birth_date=birth.born_on,
        division_code=division_code,
        household_no=asked.household_no,
        relation_code="20" if asked.child.sex == "male" else "30",
        ethnicity_code=asked.child.ethnicity_code,
        father=birth.father,
        mother=birth.mother,
    )


def _registered(city: City, child: Person) -> dict[str, object]:
    return {
        "id_number": child.id_number,
        "household_no": child.household_no,
        "registered_on": clock.today(),
        "division_code": child.division_code,
        "address": city.population.households[child.household_no].address,
    }


SERVICES: Final[dict[str, Callable[[City, msgspec.Raw], Outcome]]] = {
    "verify_identity": verify_identity,
    "verify_face": verify_face,
    "household": household,
    "register_birth": register_birth,
}
