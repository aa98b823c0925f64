"""Making people known: each once, whoever tells of them and however often."""

from uuid import UUID

import msgspec

from app.kernel.database import transaction
from app.kernel.identity_numbers import IdentityNumberInvalid, parse
from app.kernel.ids import new_person_id
from app.kernel.text import normalised
from app.residents.directory import IdentifierKind, claim, find
from app.residents.errors import IdNumberTaken, IdNumberWrong, PersonDiffers
from app.residents.people import RESIDENTS, fill_blanks, insert_resident, resident
from app.residents.structs import Person, Resident


async def register_resident(person: Person) -> UUID:
    """Make somebody known, or recognise them by identity number, by birth certificate, or by a phone if that is all.

    What is new about a known resident is filled in, and nothing is overwritten; a number that is another's is left with
    them. Refuses `IdNumberWrong`, and (`ValueError`) a person without any number, who could never be recognised again.
    """
    person = completed(person)
    numbers = _numbers(person)
    async with transaction(RESIDENTS):
        known = await _known(numbers)
        candidate = known or new_person_id()
        owner = await claim(*numbers[0], candidate)
        others = [kind for kind, value in numbers[1:] if await claim(kind, value, owner) != owner]
        person = _without(person, others)
        if known is None and owner == candidate:
            await insert_resident(owner, person)
        else:
            await fill_blanks(owner, person)
    return owner


async def register_named(name: str, id_number: str) -> UUID:
    """Make known whom a department names; refuses `PersonDiffers` where the number is known under another name."""
    async with transaction(RESIDENTS):
        person_id = await register_resident(Person(name=name, id_number=id_number))
        if (await resident(person_id)).name != normalised(name):
            raise PersonDiffers
    return person_id


async def give_id_number(child_id: UUID, person: Person) -> Resident:
    """Write what the police gave a newborn when the birth was registered: number, name, division.

    Harmless when repeated. Refuses `ResidentUnknown`, `IdNumberWrong`, and `IdNumberTaken` where the number is another's.
    """
    person = completed(person)
    if person.id_number is None:
        message = "no identity number to give"
        raise ValueError(message)
    async with transaction(RESIDENTS):
        before = await resident(child_id)
        if (
            before.id_number not in {None, person.id_number}
            or await claim("id_number", person.id_number, child_id) != child_id
        ):
            raise IdNumberTaken
        await fill_blanks(child_id, person)
        return await resident(child_id)


def completed(person: Person) -> Person:
    """Normalise a person's name and number, and read birth date and sex from the number where they are missing."""
    name = normalised(person.name) if person.name else None
    if person.id_number is None:
        return msgspec.structs.replace(person, name=name)
    try:
        number = parse(person.id_number)
    except IdentityNumberInvalid as error:
        raise IdNumberWrong(flaw=error.args[0]) from error
    return msgspec.structs.replace(
        person,
        name=name,
        id_number=number.number,
        birth_date=person.birth_date or number.birth_date,
        sex=person.sex or number.sex.value,
    )


def _numbers(person: Person) -> list[tuple[IdentifierKind, str]]:
    given: list[tuple[IdentifierKind, str | None]] = [
        ("id_number", person.id_number),
        ("birth_certificate", person.birth_certificate_no),
        ("phone", person.phone),
    ]
    numbers = [(kind, value) for kind, value in given if value]
    if not numbers:
        message = "nobody can be recognised without a number"
        raise ValueError(message)
    return numbers


async def _known(numbers: list[tuple[IdentifierKind, str]]) -> UUID | None:
    """A phone alone recognises an account; beside a number of the state it says nothing of who holds that number."""
    for kind, value in numbers:
        if kind != "phone" or len(numbers) == 1:
            found = await find(kind, value)
            if found:
                return found
    return None


def _without(person: Person, kinds: list[IdentifierKind]) -> Person:
    fields = {"id_number": "id_number", "birth_certificate": "birth_certificate_no", "phone": "phone"}
    return msgspec.structs.replace(person, **{fields[kind]: None for kind in kinds})
