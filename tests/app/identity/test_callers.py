"""Who is calling: everything that isn't exactly a signed-in caller is refused."""

from collections.abc import AsyncIterator
from typing import Any, cast

import httpx
import pytest
import pytest_asyncio
from litestar import Litestar, get, post
from litestar.di import NamedDependency, Provide

from app.identity import callers
from app.kernel.actors import Citizen, Officer, Terminal
from app.kernel.assurance import BY_PHONE, LEVEL
from app.kernel.bodies import StrictRequest
from app.kernel.errors import Refusal
from app.kernel.problems import on_refusal
from app.kernel.settings import Settings
from tests.makers.callers import a_terminal, an_enrolled_officer, headers, signed_in
from tests.makers.people import a_citizen, a_grant, a_guardian_of, a_newborn

pytestmark = pytest.mark.usefixtures("app")


@get("/citizen", opt={LEVEL: BY_PHONE}, sync_to_thread=False)
def citizen_door(citizen: NamedDependency[Citizen]) -> dict[str, object]:
    return {"id": str(citizen.id), "level": citizen.level, "wards": [str(ward) for ward in citizen.wards]}


@post("/citizen", opt={LEVEL: BY_PHONE}, sync_to_thread=False)
def citizen_act(citizen: NamedDependency[Citizen]) -> str:
    return str(citizen.id)


@get("/officer", sync_to_thread=False)
def officer_door(officer: NamedDependency[Officer]) -> list[str]:
    return [grant.action for grant in officer.grants]


@post("/terminal", sync_to_thread=False)
def terminal_door(terminal: NamedDependency[Terminal]) -> str:
    return terminal.code


@pytest_asyncio.fixture
async def doors(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A small application with a door for each kind of caller."""
    application = Litestar(
        [citizen_door, citizen_act, officer_door, terminal_door],
        dependencies={
            "citizen": Provide(callers.provide_citizen),
            "officer": Provide(callers.provide_officer),
            "terminal": Provide(callers.provide_terminal),
        },
        request_class=StrictRequest,
        exception_handlers={Refusal: on_refusal},
    )
    transport = httpx.ASGITransport(cast("Any", application), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=settings.public_origin) as client:
        yield client


class TestCitizen:
    async def test_is_who_signed_in_with_their_wards(self, doors: httpx.AsyncClient) -> None:
        child = await a_newborn()
        guardian = await a_guardian_of(child)

        answer = await doors.get("/citizen", headers=await headers(guardian))

        assert answer.json() == {"id": str(guardian.id), "level": 2, "wards": [str(child)]}

    @pytest.mark.parametrize("level", [1, 2, 3])
    async def test_has_the_level_that_was_proved(self, doors: httpx.AsyncClient, level: int) -> None:
        answer = await doors.get("/citizen?some=query", auth=await signed_in(await a_citizen(level)))

        assert answer.json()["level"] == level

    @pytest.mark.parametrize(
        "header", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer a.b.c", "DPoP a.b.c", "Bearer é"]
    )
    async def test_is_nobody_else(self, doors: httpx.AsyncClient, header: str) -> None:
        answer = await doors.get("/citizen", headers=[(b"authorization", header.encode())])

        assert answer.status_code == 401
        assert "DPoP" in answer.headers["www-authenticate"]


class TestOfficer:
    async def test_has_the_grants_of_today(self, doors: httpx.AsyncClient) -> None:
        officer = await an_enrolled_officer(a_grant("desk"), a_grant("campaign:prepare"))

        answer = await doors.get("/officer", headers=officer.headers)

        assert answer.json() == ["desk", "campaign:prepare"]

    async def test_is_no_citizen(self, doors: httpx.AsyncClient) -> None:
        officer = await an_enrolled_officer()

        assert (await doors.get("/citizen", headers=officer.headers)).json()["code"] == "token_wrong"
        citizen = await headers(await a_citizen())
        assert (await doors.get("/officer", headers=citizen)).json()["code"] == "token_wrong"


class TestTerminal:
    async def test_is_whose_signature_holds(self, doors: httpx.AsyncClient) -> None:
        terminal = await a_terminal()

        answer = await doors.post("/terminal", json={}, auth=terminal)

        assert (answer.status_code, answer.text) == (201, terminal.terminal.code)

    async def test_must_sign(self, doors: httpx.AsyncClient) -> None:
        answer = await doors.post("/terminal", json={})

        assert answer.json()["code"] == "signature_missing"


class TestRecognise:
    @pytest.mark.parametrize(
        ("path", "code"),
        [
            ("/v1/cases", "not_signed_in"),
            ("/v1/officer/campaigns", "not_signed_in"),
            ("/v1/terminal/payments", "signature_missing"),
        ],
    )
    async def test_says_who_is_missing_before_it_judges_the_body(
        self, http: httpx.AsyncClient, path: str, code: str
    ) -> None:
        answer = await http.post(path, content=b"{not json", headers={"content-type": "application/json"})

        assert answer.status_code == 401
        assert answer.json()["code"] == code
