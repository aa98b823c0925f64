"""A sample of the town through the real product: real tables, real cases, real agendas, at a clock that runs fast.

Each family has a child. The hospital tells of the birth, the mother applies for its registration, an officer approves, the police
register it, the licence is issued; then months go by, and doses that are due are given. PostgreSQL is the embedded one, for the
time of the simulation only.
"""

import asyncio
import tempfile
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Final
from uuid import UUID

import msgspec

from app import wiring
from app.embedded import postgres
from app.kernel import clock
from app.kernel.actors import Citizen, Department, Grant, Officer, System
from app.kernel.database import Row, close_pool, fetch_all, fetch_value, open_pool, transaction
from app.kernel.events import deliver_pending
from app.kernel.identity_numbers import compose
from app.kernel.ids import new_plain_id, shard_of
from app.kernel.settings import Settings, load, use
from app.preparing import bring_up_to_date
from app.privacy.consents import choose
from app.privacy.purposes import PUSH_PUBLIC, SOURCE_HEALTH
from app.privacy.structs import ConsentChoice, ConsentChoices
from app.residents.births import welcome
from app.residents.families import guardians_of
from app.residents.registration import register_resident
from app.residents.structs import Person
from integrations.departments.directory import HEALTH
from integrations.departments.fhir import Dose
from integrations.departments.health import BirthCertificate, BornChild, Parent
from lifecycle.agenda import nightly
from lifecycle.agenda.bookkeeping import KEEPER
from lifecycle.agenda.items import agenda_rules
from lifecycle.agenda.known import known_facts
from lifecycle.agenda.outlook import look
from lifecycle.agenda.reading import agendas, items
from lifecycle.agenda.structs import AgendaItem
from lifecycle.birth import stage as birth
from lifecycle.birth.household_registration import MATTER
from lifecycle.cases import carrying_out, confirmation, decisions, drafts, prefilling, submission
from lifecycle.cases.states import State, Step
from lifecycle.cases.structs import FormChange, NewCase, Submission
from lifecycle.catalogue.published import open_catalogue
from simulation.invariants import Broken
from simulation.offices import DIVISION, Hospital, Phone, PoliceStation

MONTHS: Final = 26
MONTH: Final = timedelta(days=30)
_EVERYTHING: Final = "*"
_TOWN: Final = System("town")


class Family(msgspec.Struct, frozen=True):
    """A mother and her child in the product, and the certificate of its birth."""

    mother: Citizen
    child: UUID
    certificate_no: str


class Sample:
    """Some families of the town, in a product of their own."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - the sample is to be the same for the same seed
        self.hospital = Hospital()
        self.police = PoliceStation(self.hospital)
        self.phone = Phone()
        self.counted: Counter[str] = Counter()

    async def live(self, families: int) -> dict[str, int]:
        """Live through two years with so many families; refuses (`Broken`) where something doesn't hold."""
        birth.register(self.police, self.hospital)
        known = [await self._family(number) for number in range(families)]
        for family in known:
            await self._register(family)
        for _ in range(MONTHS):
            _turn_the_clock(MONTH)
            await nightly.look_through()
            for family in known:
                await self._month(family)
        await _told_once()
        return {name: self.counted[name] for name in ("births", "cases issued")}

    async def _family(self, number: int) -> Family:
        born = date(1995, 1, 1) + timedelta(days=number)
        id_number = compose(DIVISION, born, 2 * number)
        person = await register_resident(
            Person(
                name="于晓彤",
                birth_date=born,
                sex="female",
                division_code=DIVISION,
                id_number=id_number,
                phone=f"139{number:08d}",
            )
        )
        certificate = BirthCertificate(
            f"T37{number:07d}",
            "烟台市妇幼保健院",
            BornChild(self.random.choice(("male", "female")), clock.now(), 3300, 500),
            Parent("于晓彤", id_number),
            None,
        )
        self.hospital.certificates[certificate.certificate_no] = certificate
        at_birth = [Dose(code, 1, clock.today(), None, None) for code in ("HepB", "BCG")]
        self.hospital.doses[certificate.certificate_no] = at_birth
        child = await _born(certificate)
        family = Family(Citizen(person, 2, person, "simulation", wards=(child,)), child, certificate.certificate_no)
        for who, purpose in ((child, SOURCE_HEALTH), (person, PUSH_PUBLIC)):
            own = Citizen(who, 2, who, "simulation")
            await choose(own, ConsentChoices((ConsentChoice(purpose.code, given=True),)), None)
        self.counted["births"] += 1
        return family

    async def _register(self, family: Family) -> None:
        """Apply, be approved, be registered; a second application isn't possible, and a repeated job does nothing twice."""
        await _expects(family, MATTER, there=True)
        opened = await drafts.open_case(family.mother, NewCase(MATTER, family.child))
        again = await drafts.open_case(family.mother, NewCase(MATTER, family.child))
        if again.id != opened.id:
            raise Broken("two drafts for one child")
        await prefilling.refresh(family.mother, opened.id, 3)
        form = {"child_name": "于安然", "follow": "mother", "ethnicity_code": "01"}
        version = (await _case(opened.id))["version"]
        await drafts.change(family.mother, opened.id, version, FormChange(form))
        await confirmation.send_code(self.phone, family.mother, opened.id)
        await submission.submit(family.mother, opened.id, Submission(confirmation_code=self.phone.code))
        officer = _an_officer()
        await decisions.claim(officer, opened.id)
        for step in (Step.ACCEPT, Step.APPROVE):
            await decisions.take(officer, opened.id, step)
        for _ in range(2):
            await carrying_out.carry_out(carrying_out.ToCarryOut(opened.id))
        while await deliver_pending():
            pass
        if (await _case(opened.id))["state"] != State.ISSUED.value:
            raise Broken("an approved case wasn't issued")
        await _expects(family, MATTER, there=False)
        self.counted["cases issued"] += 1

    async def _month(self, family: Family) -> None:
        """Give the child what its agenda says is due, once the mother has read it."""
        if not await guardians_of(family.child):
            raise Broken("a child without a guardian")
        open_before = {item.code for item in await _items(family)}
        due = [
            item
            for item in await _items(family)
            if item.standing in {"due", "overdue"} and ".vaccinations" in item.rule
        ]
        if due:
            self._give(family)
        left = open_before - {item.code for item in (*await _items(family), *await _items(family, "ended"))}
        if left:
            raise Broken(f"items were lost: {sorted(left)}")
        for person in (family.mother.id, family.child):
            if failed := look(agenda_rules(), await known_facts(person), clock.today()).failed:
                raise Broken(f"rules failed: {failed}")

    def _give(self, family: Family) -> None:
        """Give one dose of each vaccine of the first year that is due; the hospital's record says so from then on."""
        record = self.hospital.doses[family.certificate_no]
        vaccine = ("HepB", "IPV", "DTaP", "bOPV", "MMR", "JE-L", "MPSV-A")[self.counted["doses"] % 7]
        record.append(
            Dose(vaccine, 1 + sum(dose.vaccine_code == vaccine for dose in record), clock.today(), None, None)
        )
        self.counted["doses"] += 1


def run(families: int, seed: int) -> dict[str, int]:
    """Run a sample in a product of its own, which is gone afterwards; says what was counted."""
    before = load()
    with tempfile.TemporaryDirectory(prefix="fuhai-town-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        try:
            with postgres.running(folder) as server:
                return asyncio.run(_lived(use(_settings(folder, server)), families, seed))
        finally:
            use(before)


async def _lived(settings: Settings, families: int, seed: int) -> dict[str, int]:
    await bring_up_to_date(settings)
    wiring.connect(settings)
    await open_pool(settings)
    try:
        await open_catalogue()
        return await Sample(seed).live(families)
    finally:
        await close_pool()


def _settings(folder: Path, server: postgres.Postgres) -> Settings:
    return msgspec.structs.replace(
        load(),
        var=folder / "var",
        database_url=server.url(postgres.APPLICATION),
        database_owner_url=server.url(postgres.OWNER),
    )


def _turn_the_clock(by: timedelta) -> None:
    now = load()
    use(msgspec.structs.replace(now, clock_offset_seconds=now.clock_offset_seconds + int(by.total_seconds())))


async def _born(certificate: BirthCertificate) -> UUID:
    async with transaction(_TOWN):
        child = await welcome(Department(HEALTH), certificate)
    while await deliver_pending():
        pass
    return child


async def _expects(family: Family, code: str, *, there: bool) -> None:
    if (code in {item.code for item in await _items(family)}) != there:
        raise Broken(f"{code} is {'not ' if there else ''}on the agenda")


async def _items(family: Family, show: str = "open") -> list[AgendaItem]:
    found = await agendas(family.mother)
    return items(found, "ended" if show == "ended" else "open", clock.today())


async def _case(case_id: UUID) -> Row:
    async with transaction(_TOWN):
        (row,) = await fetch_all(
            "SELECT version, state FROM matter_case WHERE shard = $1 AND id = $2", shard_of(case_id), case_id
        )
    return row


async def _told_once() -> None:
    """Nobody has the same reminder twice, and every child has one licence."""
    async with transaction(KEEPER):
        twice = await fetch_value(
            "SELECT count(*) FROM (SELECT citizen_id, source_ref FROM notice GROUP BY 1, 2 HAVING count(*) > 1) repeated"
        )
        licences = await fetch_value(
            "SELECT count(*) FROM (SELECT citizen_id FROM licence GROUP BY 1 HAVING count(*) > 1) several"
        )
    if twice or licences:
        raise Broken(f"{twice} notices came twice, {licences} children have several licences")


def _an_officer() -> Officer:
    everywhere = (_EVERYTHING,)
    grant = Grant("*", everywhere, everywhere, date(2020, 1, 1), date(2099, 12, 31), everywhere)
    return Officer(id=new_plain_id(), name="李建国", department="GAJ", grants=(grant,))
