"""Numbers of people, sent through everything that takes them and in every way that fails, leave none in logs or in a dump.

`make test` sends a hundred people through; `make test-long` a thousand.
"""

import asyncio
import io
import logging
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final

import asyncpg
import httpx
import msgspec
import pytest
import pytest_asyncio
import structlog
from litestar import Litestar

from app.identity import households, one_time_codes
from app.identity.real_name import asking_about, prove_real_name
from app.identity.structs import CodeEntered, RealName
from app.kernel import behind, events, jobs, logs
from app.kernel.actors import Citizen, System
from app.kernel.database import execute, fetch_value, transaction
from app.kernel.errors import Refusal
from app.kernel.events import Event
from app.kernel.identity_documents import ID_CARD, Document
from app.kernel.jobs import enqueue, open_queue, register_job
from app.kernel.settings import Settings
from app.privacy import corrections
from app.privacy.purposes import SOURCE_POLICE
from app.privacy.structs import NewCorrection
from app.residents.directory import find_by_id_number, find_by_phone
from integrations.outgoing import http_client
from integrations.sms.errors import SmsUnavailable
from lifecycle.birth import stage as birth
from tests.app.residents.test_births import a_birth, a_push, take
from tests.architecture.leaks import dump, leaked
from tests.makers.callers import headers
from tests.makers.cases import CityPorts, a_family, a_fault, a_submitted_case
from tests.makers.city import FATHER, MOTHER, Town, a_town
from tests.makers.consents import allow
from tests.makers.outside import Phones, PoliceRegister
from tests.makers.people import a_citizen, a_phone, an_id_number

SURNAME: Final = "钟离"
FAILS: Final = "tests.leaky"


class Subject(msgspec.Struct, frozen=True):
    """Somebody whose numbers are looked for afterwards."""

    name: str
    phone: str
    id_number: str


class Leaky(msgspec.Struct, frozen=True):
    """A job about somebody."""

    about: int


class LeakyEvent(Event, frozen=True, kw_only=True):
    """An event whose subscriber breaks over somebody's data."""

    kind = "tests.leaky"


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Everything that this process logs, of every level and library, as it is written."""
    written = io.StringIO()
    root = logging.getLogger()
    before, level, configured = list(root.handlers), root.level, structlog.get_config()
    root.handlers.clear()
    monkeypatch.setattr(sys, "stdout", written)
    logs.configure(msgspec.structs.replace(Settings(), log_level="DEBUG"))
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(written))
    monkeypatch.undo()
    yield written
    root.handlers[:] = before
    root.setLevel(level)
    structlog.configure(**configured)


@pytest_asyncio.fixture(scope="module")
async def city(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    async with a_town(tmp_path_factory.mktemp("city")) as running:
        yield running


@pytest_asyncio.fixture
async def ports(app: Litestar, city: Town) -> AsyncIterator[CityPorts]:
    async with http_client([city.options.origin]) as http:
        ports = CityPorts(city, http)
        birth.register(ports.police, ports.health)
        yield ports


def some_subjects(count: int) -> list[Subject]:
    return [Subject(f"{SURNAME}{chr(0x4E00 + number)}", a_phone(), an_id_number()) for number in range(count)]


async def none_remain(log: io.StringIO, settings: Settings, subjects: Sequence[Subject]) -> None:
    """No number of theirs is in the log or in any table, and no name in the log."""
    numbers = [number for one in subjects for number in (one.phone, one.id_number)]
    owner: Any = await asyncpg.connect(settings.database_owner_url)
    try:
        tables = await dump(owner)
    finally:
        await owner.close()
    assert {name: found for name, text in tables.items() if (found := leaked(text, numbers))} == {}
    assert leaked(log.getvalue(), numbers) == set()
    assert SURNAME not in log.getvalue()
    assert SURNAME.encode("unicode_escape").decode() not in log.getvalue()


class TestNothingLeaks:
    async def test_of_a_hundred_people(
        self, log: io.StringIO, http: httpx.AsyncClient, ports: CityPorts, settings: Settings
    ) -> None:
        await self.everything(log, http, ports, settings, some_subjects(100))

    @pytest.mark.long
    async def test_of_a_thousand_people(
        self, log: io.StringIO, http: httpx.AsyncClient, ports: CityPorts, settings: Settings
    ) -> None:
        await self.everything(log, http, ports, settings, some_subjects(1_000))

    async def everything(
        self, log: io.StringIO, http: httpx.AsyncClient, ports: CityPorts, settings: Settings, them: list[Subject]
    ) -> None:
        register, phones = PoliceRegister(), Phones()
        caller = await headers(await a_citizen())
        for number, one in enumerate(them):
            account = await signs_up(one, phones, f"192.0.{number // 250}.{number % 250}")
            await proves_a_name(account, one, register)
            await has_a_child(one)
            await fails_at_the_door(http, caller, one)
            await is_asked_about(ports, account, one)
        await breaks(http, them[:20], caller, settings)

        assert await find_by_phone(them[0].phone)
        assert await find_by_id_number(them[-1].id_number)
        assert '"request_failed"' in log.getvalue()
        assert '"job_held"' in log.getvalue()
        assert '"event_not_delivered"' in log.getvalue()
        await none_remain(log, settings, them)

    async def test_of_a_case_and_a_department_that_is_away(
        self, log: io.StringIO, ports: CityPorts, city: Town, settings: Settings
    ) -> None:
        family = await a_family(city)
        await a_submitted_case(family)
        asking = asking_about(family.mother.id, "household")
        for fault in ({"outage": True}, {"tamper": True}, {"error_rate": 1.0}):
            async with a_fault(city, party="gaj", **fault):
                with pytest.raises(Refusal):
                    await ports.police.household(asking, MOTHER)

        await none_remain(log, settings, [Subject(SURNAME, MOTHER, FATHER)])


async def signs_up(one: Subject, phones: Phones, address: str) -> Citizen:
    """Signs up by phone; a first message that the channel loses is asked for again."""
    phones.broken = SmsUnavailable()
    with suppress(SmsUnavailable):
        await one_time_codes.send_code(one.phone, address, phones)
    phones.broken = None
    sent = await one_time_codes.send_code(one.phone, address, phones)
    await one_time_codes.confirm_code(CodeEntered(sent.challenge_id, phones.code_of(one.phone), "app"), None)
    citizen_id = await find_by_phone(one.phone)
    assert citizen_id is not None
    return Citizen(citizen_id, 1, citizen_id, "app")


async def proves_a_name(account: Citizen, one: Subject, register: PoliceRegister) -> None:
    """Is mistaken for somebody unknown, gives a wrong name, then the right one; the household follows, and a correction."""
    for name in ("", "别人"):
        with suppress(Refusal):
            await prove_real_name(account, RealName(name or one.name, one.id_number), register)
        register.people[one.id_number] = one.name
    register.live_together((one.name, one.id_number, "01"))
    me = await prove_real_name(account, RealName(one.name, one.id_number), register)
    await allow(me.id, SOURCE_POLICE)
    await households.fetch_household(register, households.FetchHousehold(me.id))
    wish = NewCorrection("resident", "id_number", f"{one.name} {one.phone}", one.id_number)
    await corrections.ask(Citizen(me.id, 2, me.id, "app"), wish)


async def has_a_child(one: Subject) -> None:
    """A hospital tells of a birth, twice, and once wrongly."""
    push = a_push(a_birth(one.id_number, mother={"name": one.name, "id_number": one.id_number}))
    await take(push)
    await take(push)
    with suppress(Refusal):
        await take(a_push({"mother": one.id_number, one.phone: one.name}))


async def fails_at_the_door(http: httpx.AsyncClient, caller: dict[str, str], one: Subject) -> None:
    """Every kind of request that isn't taken, with numbers where they don't belong."""
    for body in (
        {"phone": one.id_number},
        {"phone": one.phone, one.id_number: one.name},
        {"phone": [one.phone]},
        [one.phone, one.id_number],
    ):
        assert (await http.post("/v1/sign-in/otp", json=body)).is_client_error
    cut_off = f'{{"phone": "{one.phone}", "id_number": "{one.id_number}'
    assert (await http.post("/v1/sign-in/otp", content=cut_off, headers=_JSON)).is_client_error
    wrong = [
        http.get(f"/v1/cases/{one.id_number}", headers=caller),
        http.get("/v1/me/timeline", params={"cursor": one.phone, "kind": one.name}, headers=caller),
        http.get(f"/v1/matters/{one.phone}"),
        http.post("/v1/me/real-name", json={"name": one.id_number, "id_number": one.phone}, headers=caller),
        http.post("/v1/me/real-name", json={"name": one.name, "id_number": one.id_number[::-1]}, headers=caller),
        http.post("/v1/cases", json={"matter_code": one.phone, "subject_id": one.id_number}, headers=caller),
        http.get("/v1/me", headers={"authorization": f"Bearer {one.id_number}"}),
        http.post("/v1/token/refresh", json={"refresh_token": one.phone}),
        http.post("/v1/sign-in/otp/confirm", json={"challenge_id": one.phone, "code": "1", "client_id": one.phone}),
    ]
    for answer in wrong:
        assert (await answer).is_client_error


_JSON: Final = {"content-type": "application/json"}


async def is_asked_about(ports: CityPorts, account: Citizen, one: Subject) -> None:
    """A real department is asked over real HTTP, and doesn't know them."""
    with suppress(Refusal):
        await ports.police.verify_identity(
            asking_about(account.id, "real_name"), one.name, Document(ID_CARD, one.id_number)
        )


async def breaks(http: httpx.AsyncClient, them: Sequence[Subject], caller: dict[str, str], settings: Settings) -> None:
    """Faults of ours and of libraries, whose exceptions name people: in a request, a job, an event, work behind, the database."""
    patch = pytest.MonkeyPatch()
    for one in them[:3]:

        async def fail(*_arguments: object, said: Subject = one) -> None:
            raise LookupError(said.name, said.phone, said.id_number)

        with patch.context() as changed:
            changed.setattr("app.identity.profile.resident", fail)
            assert (await http.get("/v1/me", headers=caller)).status_code == 500
        await behind.wait_a_moment(one.phone, fail, 1)
        await in_the_database(one)
        library = logging.getLogger("asyncpg")
        library.warning("%s is slow for %s", one.phone, one.name)
        library.error(one.id_number)
    await in_a_job(them, settings)
    await in_an_event(them)


async def in_the_database(one: Subject) -> None:
    """Statements that PostgreSQL refuses, with values in its complaint."""
    for sql in ("SELECT $1::text::uuid", "SELECT $1::text::int4", "INSERT INTO outbox (kind) VALUES ($1)"):
        try:
            async with transaction(System("tests")):
                await execute(sql, f"{one.name} {one.id_number}")
        except asyncpg.PostgresError:
            structlog.get_logger().exception("request_failed")


async def in_a_job(them: Sequence[Subject], settings: Settings) -> None:
    """A job that fails until it is held."""
    patch = pytest.MonkeyPatch()

    async def fail(job: Leaky) -> None:
        one = them[job.about]
        raise ValueError(f"{one.name} {one.phone} {one.id_number}") from KeyError(one.name)

    with patch.context() as changed:
        changed.setattr(jobs, "_kinds", {})
        changed.setattr(jobs, "_timetable", [])
        register_job(FAILS, Leaky, fail, attempts=1)
        async with transaction(System("tests")):
            for number in range(len(them)):
                await enqueue(FAILS, Leaky(number))
        queue, link = await open_queue(settings)
        running = asyncio.create_task(queue.run(dequeue_timeout=_SOON))
        await _until(lambda: _all_held(len(them)))
        queue.shutdown.set()
        with suppress(asyncio.CancelledError):
            await asyncio.wait_for(running, 10)
        await link.close()
    async with transaction(System("tests")):
        await execute("DELETE FROM pgqueuer WHERE entrypoint = $1", FAILS)


async def in_an_event(them: Sequence[Subject]) -> None:
    """An event whose subscriber fails."""
    one = them[0]

    async def fail(event: Event) -> None:
        raise ValueError(one.name, one.phone)

    patch = pytest.MonkeyPatch()
    person = await find_by_phone(one.phone)
    assert person is not None
    with patch.context() as changed:
        changed.setitem(events._kinds, LeakyEvent.kind, LeakyEvent)
        changed.setitem(events._subscribers, LeakyEvent.kind, [fail])
        async with transaction(System("tests")):
            await events.tell(LeakyEvent(subject_id=person, citizen_id=person))
        while await events.deliver_pending():
            pass
    async with transaction(System("tests")):
        await execute("DELETE FROM outbox WHERE kind = $1", LeakyEvent.kind)


_SOON: Final = timedelta(milliseconds=100)


async def _all_held(count: int) -> bool:
    async with transaction(System("tests")):
        held = await fetch_value("SELECT count(*) FROM pgqueuer WHERE entrypoint = $1 AND status = 'failed'", FAILS)
    return bool(held == count)


async def _until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while not await condition():  # noqa: ASYNC110 - the worker's database is what is waited for
            await asyncio.sleep(0.05)
