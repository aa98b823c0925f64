"""Children delivered in the city: the birth, its certificate (出生医学证明), and the news of it to the portal."""

import uuid
from datetime import date, datetime, timedelta
from random import SystemRandom
from typing import Final

import msgspec

from app.kernel import clock
from integrations.city import post
from integrations.city.errors import CityBirthUnknown, CityDoseRepeated, CityMotherUnfit
from integrations.city.immunisations import AT_BIRTH, Dose, history
from integrations.city.names import SexWord
from integrations.city.people import Person, age_on
from integrations.city.world import City

FERTILE_AGES: Final = range(18, 56)
HOSPITAL: Final = "烟台市妇幼保健院"
_LABOUR: Final = timedelta(hours=2)
_SELECT: Final = "SELECT birth.*, registration.id_number FROM birth LEFT JOIN registration USING (certificate_no) "
_BY_CERTIFICATE: Final = _SELECT + "WHERE certificate_no = ?"
_BY_NUMBER: Final = _SELECT + "WHERE registration.id_number = ?"
_BY_PARENT: Final = _SELECT + "WHERE ? IN (mother, father) ORDER BY serial DESC"
_NEWEST_FIRST: Final = _SELECT + "ORDER BY serial DESC"
_SEXES: Final[tuple[SexWord, SexWord]] = ("male", "female")


class BirthRecord(msgspec.Struct, frozen=True):
    """A delivery; `id_number` is there once the child was registered."""

    certificate_no: str
    mother: str
    father: str | None
    hospital: str
    sex: SexWord
    born_at: datetime
    weight_g: int
    length_mm: int
    id_number: str | None

    @property
    def born_on(self) -> date:
        """The civil date of birth in Shanghai."""
        return clock.local(self.born_at).date()


def deliver(city: City, mother_id_number: str, sex: SexWord | None) -> BirthRecord:
    """Deliver a child, certify it, vaccinate it, and queue the event `child_born` for the portal: all or nothing.

    Refuses (`CityMotherUnfit`) all but a woman of 18 to 55.
    """
    mother = city.person(mother_id_number)
    if mother.sex != "female" or not mother.alive or age_on(mother.birth_date, clock.today()) not in FERTILE_AGES:
        raise CityMotherUnfit
    with city.store.together():
        birth = _certify(city, mother, sex if sex is not None else SystemRandom().choice(_SEXES))
        for vaccine, dose_no in AT_BIRTH:
            _write_dose(city, birth.certificate_no, Dose(birth.born_on, vaccine, dose_no))
        event = uuid.uuid4()
        post.send(
            city,
            post.Item(str(event), "child_born", birth.certificate_no, msgspec.json.encode(certificate(city, birth))),
        )
    return birth


def find_birth(city: City, certificate_no: str) -> BirthRecord | None:
    """Find a birth by its certificate."""
    row = city.store.one(_BY_CERTIFICATE, certificate_no)
    return None if row is None else msgspec.convert(dict(row), BirthRecord)


def birth_of(city: City, id_number: str) -> BirthRecord | None:
    """Find the birth of a registered child."""
    row = city.store.one(_BY_NUMBER, id_number)
    return None if row is None else msgspec.convert(dict(row), BirthRecord)


def births_of(city: City, parent: str) -> list[BirthRecord]:
    """Give every birth of a mother or father, the newest first."""
    return [msgspec.convert(dict(row), BirthRecord) for row in city.store.all(_BY_PARENT, parent)]


def births(city: City) -> list[BirthRecord]:
    """Give every birth, the newest first."""
    return [msgspec.convert(dict(row), BirthRecord) for row in city.store.all(_NEWEST_FIRST)]


def certificate(city: City, birth: BirthRecord) -> dict[str, object]:
    """Write what the birth certificate says; also the body of the event `child_born`."""
    mother = city.person(birth.mother)
    father = city.person(birth.father) if birth.father else None
    return {
        "certificate_no": birth.certificate_no,
        "hospital": birth.hospital,
        "child": {"sex": birth.sex, "born_at": birth.born_at, "weight_g": birth.weight_g, "length_mm": birth.length_mm},
        "mother": {"name": mother.name, "id_number": mother.id_number},
        "father": {"name": father.name, "id_number": father.id_number} if father else None,
    }


def doses_of(city: City, person: Person) -> list[Dose]:
    """Give every dose of a person: drawn ones, those of the newborn, and those recorded since."""
    birth = birth_of(city, person.id_number)
    if birth is not None:
        return recorded_doses(city, birth.certificate_no)
    return sorted(history(person) + recorded_doses(city, person.id_number))


def recorded_doses(city: City, subject: str) -> list[Dose]:
    """Give the recorded doses of a certificate (children born here) or an identity number (everybody else)."""
    rows = city.store.all("SELECT day, vaccine, dose_no FROM dose WHERE subject = ?", subject)
    return sorted(msgspec.convert(dict(row), Dose) for row in rows)


def vaccinate(city: City, who: tuple[str | None, str | None], dose: Dose) -> None:
    """Record a dose of the person with `who` = (certificate number, identity number); one of them is enough.

    Refuses `CityBirthUnknown`, `CityPersonUnknown`, and a dose that stands there already (`CityDoseRepeated`).
    """
    certificate_no, id_number = who
    if certificate_no is not None:
        if find_birth(city, certificate_no) is None:
            raise CityBirthUnknown
        known, subject = recorded_doses(city, certificate_no), certificate_no
    else:
        person = city.person(id_number or "")
        birth = birth_of(city, person.id_number)
        known, subject = doses_of(city, person), birth.certificate_no if birth else person.id_number
    if any((given.vaccine, given.dose_no) == (dose.vaccine, dose.dose_no) for given in known):
        raise CityDoseRepeated(vaccine=dose.vaccine, dose_no=dose.dose_no)
    _write_dose(city, subject, dose)


def _certify(city: City, mother: Person, sex: SexWord) -> BirthRecord:
    chance = SystemRandom()
    born_at = (clock.now() - _LABOUR).replace(second=0, microsecond=0)
    father = city.population.people.get(mother.spouse or "")
    serial = city.store.insert(
        "INSERT INTO birth (mother, father, hospital, sex, born_at, weight_g, length_mm) VALUES (?, ?, ?, ?, ?, ?, ?)",
        mother.id_number,
        father.id_number if father else None,
        HOSPITAL,
        sex,
        born_at.isoformat(),
        chance.randrange(2600, 4100, 10),
        chance.randrange(470, 540, 5),
    )
    certificate_no = f"Y37{serial:07d}"
    city.store.write("UPDATE birth SET certificate_no = ? WHERE serial = ?", certificate_no, serial)
    birth = find_birth(city, certificate_no)
    if birth is None:
        raise CityBirthUnknown
    return birth


def _write_dose(city: City, subject: str, dose: Dose) -> None:
    city.store.write(
        "INSERT INTO dose (subject, vaccine, dose_no, day) VALUES (?, ?, ?, ?)",
        subject,
        dose.vaccine,
        dose.dose_no,
        dose.day.isoformat(),
    )
