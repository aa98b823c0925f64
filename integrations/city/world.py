"""The city as a whole: the drawn people, what has happened since, and who keeps which key."""

import asyncio
from pathlib import Path
from typing import Final

import msgspec

from app.kernel.identity_documents import ID_CARD, DocumentType
from app.keys.algorithms import KeyUnfit, LocalKey, VerifyingKey, verifying_key
from app.keys.request_signatures import Signer
from integrations.city import elsewhere
from integrations.city.drawing import draw
from integrations.city.errors import CityPersonUnknown
from integrations.city.faults import Faults
from integrations.city.keys import (
    DEPARTMENTS,
    PORTAL,
    Accounts,
    keyid,
    prepare,
    read_accounts,
    read_p256_key,
    read_public_key,
    read_rsa_key,
    read_rsa_public_key,
)
from integrations.city.pay_manners import PayManners
from integrations.city.people import Person
from integrations.city.population import Population
from integrations.city.store import Store

DATABASE: Final = "city.sqlite3"


class CityOptions(msgspec.Struct, frozen=True):
    """How a city is run. `callback_scale` shortens (or stretches) the retry schedule of payment callbacks.

    `newborns_from` is where the day's identity numbers of newborns begin, so that several cities can tell one portal of births.
    """

    folder: Path
    origin: str
    portal: str
    seed: int = 370600
    people: int = 400
    domain: str = "fuhai.example"
    callback_scale: float = 1.0
    newborns_from: int = 0


class City:
    """Everything that the parties of one running city share."""

    def __init__(self, options: CityOptions) -> None:
        """Make or read the keys, draw the people, and bring in the children registered before."""
        self.options = options
        self.keys = prepare(options.folder, options.domain)
        self.accounts: Accounts = read_accounts(self.keys)
        self.merchant_key = read_rsa_public_key(self.keys.merchant_public_key)
        self.platform_key = read_rsa_key(self.keys.platform_key)
        self.store = Store(options.folder / DATABASE)
        self.store.belong_to(options.seed, options.people)
        self.population: Population = draw(options.seed, options.people)
        self.faults = Faults(options.seed)
        self.pay_manners = PayManners()
        self.post_waits = asyncio.Event()
        self.signers = {
            department: Signer(
                keyid(department, options.domain), LocalKey(read_p256_key(self.keys.department_key(department)))
            )
            for department in DEPARTMENTS
        }
        for row in self.store.all("SELECT person FROM registration ORDER BY rowid"):
            self.population.put(msgspec.json.decode(row["person"], type=Person))

    def person(self, id_number: str, document_type: DocumentType = ID_CARD) -> Person:
        """Find somebody by the number of their identity card, or of another document; refuses strangers (`CityPersonUnknown`)."""
        number = id_number.upper()
        if document_type != ID_CARD:
            return self._traveller(document_type, number)
        person = self.population.people.get(number) or elsewhere.PEOPLE.get(number)
        if person is None:
            raise CityPersonUnknown
        return person

    def _traveller(self, document_type: DocumentType, number: str) -> Person:
        person = elsewhere.TRAVELLERS.get((document_type, number))
        if person is None:
            raise CityPersonUnknown
        return person

    def portal_key(self, claimed: str) -> VerifyingKey | None:
        """Find the portal's public key; it is read anew each time, since set-up may bring it while the city runs."""
        file = self.keys.certificate(PORTAL)
        if claimed != keyid(PORTAL, self.options.domain) or not file.exists():
            return None
        try:
            return verifying_key(read_public_key(file.read_bytes()))
        except (ValueError, KeyUnfit):
            return None
