"""Every door of an officer's own, of administrators and of looks: who is let through, and who is refused by which name."""

import secrets
from datetime import timedelta
from typing import Any, Final

import httpx
import msgspec
import pytest
from litestar import Litestar

from app import contract
from app.identity.officer_actions import LOOK
from app.kernel import clock
from app.kernel.actors import ADMINISTRATIONS, APPROVE_BREAK_GLASS, Grant
from app.kernel.ids import new_plain_id
from tests.architecture.requests import Endpoint, endpoints
from tests.makers.callers import a_key, a_terminal, an_enrolled_officer, headers
from tests.makers.officers import a_powerless_officer, a_right, as_json
from tests.makers.people import a_citizen, a_grant, an_id_number
from tests.makers.pki import a_csr

pytestmark = pytest.mark.usefixtures("app")
TAGS: Final = {"Officers", "Administration", "Looks"}
NO_RIGHT: Final = (403, "no_right")
WITHOUT_A_RIGHT: Final[dict[str, tuple[int, str]]] = {
    "getOfficerMe": (200, ""),
    "listOfficerSessions": (200, ""),
    "signOutOfficer": (204, ""),
    "askCertificateChallenge": (200, ""),
    "renewOfficerCertificate": (422, "challenge_wrong"),
    "listDepartments": (200, ""),
    "listOfficers": NO_RIGHT,
    "appointOfficer": NO_RIGHT,
    "giveEnrolmentCode": NO_RIGHT,
    "dismissOfficer": NO_RIGHT,
    "listGrants": NO_RIGHT,
    "grantRight": NO_RIGHT,
    "confirmGrant": NO_RIGHT,
    "withdrawGrant": NO_RIGHT,
    "lookAtPerson": NO_RIGHT,
    "listBreakGlass": (200, ""),
    "askBreakGlass": NO_RIGHT,
    "approveBreakGlass": NO_RIGHT,
    "refuseBreakGlass": NO_RIGHT,
    "listAccessFindings": NO_RIGHT,
    "freezePerson": NO_RIGHT,
    "unfreezePerson": NO_RIGHT,
    "enrolDeviceAtCounter": NO_RIGHT,
    "listCorrectionsToDecide": NO_RIGHT,
    "lookAtCorrection": (404, "correction_not_found"),
    "decideCorrection": (404, "correction_not_found"),
}
"""What somebody who holds no right that counts here is answered, by operation."""


def a_body(operation: str) -> dict[str, Any] | None:
    """A body that only a right is missing to."""
    number = an_id_number()
    bodies: dict[str, dict[str, Any]] = {
        "renewOfficerCertificate": {"csr": a_csr(a_key()), "nonce": "officer-certificate.no", "signature": "A" * 86},
        "appointOfficer": {
            "code": f"D-{secrets.token_hex(4)}",
            "department": "GAJ",
            "post": "窗口",
            "name": "赵敏",
            "id_number": number,
        },
        "freezePerson": {"name": "赵敏", "reason": "手机丢失", "id_number": number},
        "unfreezePerson": {"reason": "本人到场", "keep_devices": True},
        "enrolDeviceAtCounter": {"code": "00000000", "name": "赵敏", "id_number": number},
        "decideCorrection": {"granted": True, "answer": "已更正"},
        "grantRight": as_json(a_right()),
        "withdrawGrant": {"reason": "期满"},
        "lookAtPerson": {"purpose": "核实", "data_classes": ["identity"], "id_number": number},
        "askBreakGlass": {
            "id_number": number,
            "reason": "missing_person",
            "text": "老人走失，家属已经报警。",
            "data_classes": ["contact"],
        },
    }
    return bodies.get(operation)


def doors(app: Litestar) -> list[Endpoint]:
    """The endpoints that this file is about, signing out last."""
    tagged = {
        operation["operationId"]
        for item in contract.completed(app)["paths"].values()
        for operation in item.values()
        if TAGS & set(operation.get("tags", ()))
    }
    found = [one for one in endpoints(app) if one.operation in tagged and not one.public]
    return sorted(found, key=lambda one: one.operation == "signOutOfficer")


async def answer(http: httpx.AsyncClient, door: Endpoint, caller: dict[str, str]) -> tuple[int, str]:
    """The status, and a refusal's code."""
    path = door.filled(str(new_plain_id()), "1", "unknown")
    got = await http.request(door.method, path, json=a_body(door.operation), headers=caller)
    return got.status_code, got.json()["code"] if got.is_error else ""


class TestDoors:
    def test_are_all_listed(self, app: Litestar) -> None:
        assert {one.operation for one in doors(app)} == set(WITHOUT_A_RIGHT)

    async def test_are_closed_to_the_anonymous(self, app: Litestar, http: httpx.AsyncClient) -> None:
        answers = {one.operation: await answer(http, one, {}) for one in doors(app)}

        assert answers == dict.fromkeys(WITHOUT_A_RIGHT, (401, "not_signed_in"))

    async def test_are_closed_to_citizens(self, app: Litestar, http: httpx.AsyncClient) -> None:
        citizen = await headers(await a_citizen())

        answers = {one.operation: await answer(http, one, citizen) for one in doors(app)}

        assert answers == dict.fromkeys(WITHOUT_A_RIGHT, (401, "token_wrong"))

    async def test_are_closed_to_terminals(self, app: Litestar, http: httpx.AsyncClient) -> None:
        terminal = await a_terminal()

        answers = [
            await http.request(one.method, one.address, json=None if one.method == "GET" else {}, auth=terminal)
            for one in doors(app)
        ]

        assert {(one.status_code, one.json()["code"]) for one in answers} == {(401, "not_signed_in")}

    async def test_let_an_officer_without_a_right_to_what_is_their_own_only(
        self, app: Litestar, http: httpx.AsyncClient
    ) -> None:
        officer = await a_powerless_officer()

        answers = {one.operation: await answer(http, one, officer.headers) for one in doors(app)}

        assert answers == WITHOUT_A_RIGHT

    @pytest.mark.parametrize("administration", ADMINISTRATIONS)
    @pytest.mark.parametrize("flaw", ["expired", "future", "other matter"])
    async def test_take_no_right_that_doesnt_hold_here_and_now(
        self, app: Litestar, http: httpx.AsyncClient, flaw: str, administration: str
    ) -> None:
        """An administration in one matter is none; a right to look in one matter is one, without a basis."""
        rights = (a_grant(administration), a_grant(LOOK), a_grant(APPROVE_BREAK_GLASS))
        officer = await an_enrolled_officer(a_grant("idle"), *(changed(one, flaw) for one in rights))
        in_a_matter = {"lookAtPerson": (403, "no_basis"), "askBreakGlass": (201, "")}
        expected = WITHOUT_A_RIGHT | (in_a_matter if flaw == "other matter" else {})

        answers = {one.operation: await answer(http, one, officer.headers) for one in doors(app)}

        assert answers == expected


def changed(right: Grant, flaw: str) -> Grant:
    """A right that is over, isn't yet, or is for something else."""
    today, day = clock.today(), timedelta(days=1)
    flaws: dict[str, dict[str, Any]] = {
        "expired": {"valid_to": today - day},
        "future": {"valid_from": today + day},
        "other matter": {"matters": ("infant_immunization",)},
    }
    return msgspec.structs.replace(right, **flaws[flaw])
