"""The people who call, and what belongs to the owner: made by the product's own code, against the running city."""

import secrets
from collections.abc import Generator
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

import httpx
import msgspec

from app.card import cards
from app.kernel import clock
from app.kernel.actors import APPROVE_BREAK_GLASS, Citizen, Grant, Scope
from app.kernel.events import deliver_pending
from app.keys.algorithms import LocalKey
from app.keys.request_signatures import EXCHANGE, Request, Signer, sign_request
from integrations.city.keys import read_p256_key
from lifecycle.birth.household_registration import MATTER
from tests.access.portal import Portal
from tests.makers.callers import EnrolledOfficer, SignedIn, TerminalAuth, a_terminal, an_enrolled_officer, signed_in
from tests.makers.cards import top_up
from tests.makers.delegations import a_power
from tests.makers.devices import OwnDevice, an_enrolled_device
from tests.makers.officers import a_security_administrator, a_system_administrator, an_audit_administrator
from tests.makers.people import (
    a_citizen,
    a_grant,
    a_guardian_of,
    a_newborn,
    newborns_have_no_number,
    nobody_has,
    the_resident,
)

CHILDREN: Final = ("applied_for", "declined", "rejected", "new", "worked_on")
"""The owner's children, each with what becomes of their case."""


class DepartmentAuth(httpx.Auth):
    """Signs each request as the health commission's system does (RFC 9421)."""

    requires_request_body = True

    def __init__(self, signer: Signer) -> None:
        self._signer = signer

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if request.method not in {"GET", "DELETE"}:
            request.headers["idempotency-key"] = str(uuid4())
        message = Request(request.method, str(request.url), dict(request.headers), request.content)
        nonce = secrets.token_urlsafe(16)
        now = clock.epoch_seconds()
        request.headers.update(sign_request(message, self._signer, profile=EXCHANGE, now=now, nonce=nonce))
        yield request


class Scene(msgspec.Struct, frozen=True):
    """Everybody who calls, and the owner's things by name."""

    portal: Portal
    owner: Citizen
    phone: str
    owner_in: SignedIn
    owner_device: OwnDevice
    other: SignedIn
    delegate: SignedIn
    officers: dict[str, EnrolledOfficer]
    """`officer` has every ordinary right; the others are named for what only they may do, or for having no right."""
    terminal: TerminalAuth
    department: DepartmentAuth
    things: dict[str, Any]
    secrets: tuple[str, ...]
    """What no stranger may read in any answer: the owner's name and numbers."""

    def as_caller(self, caller: str, officer: str = "officer") -> dict[str, Any]:
        """Arguments of a request that somebody makes; `officer` says which of them is the one with the right."""
        requests: dict[str, dict[str, Any]] = {
            "owner": {"auth": self.owner_in},
            "other": {"auth": self.other},
            "delegate": {"auth": self.delegate, "headers": {"Fuhai-Acting-For": str(self.owner.id)}},
            "officer": {"headers": self.officers[officer].headers},
            "unentitled": {"headers": self.officers["unentitled"].headers},
            "terminal": {"auth": self.terminal},
            "department": {"auth": self.department},
        }
        return requests.get(caller, {})

    async def post_as_owner(self, path: str, body: object = None, **headers: str) -> Any:
        """A step that the owner takes to get further; it must succeed."""
        answer = await self.portal.http.post(path, json=body, headers=headers, auth=self.owner_in)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None


async def a_scene(portal: Portal) -> Scene:
    """A mother with a card that holds money, a file, a notice and cases; and everybody who might want to look."""
    woman = await _a_woman(portal)
    await nobody_has(woman["id_number"])
    await newborns_have_no_number()
    owner = await a_citizen(3, name=woman["name"], id_number=woman["id_number"])
    known = await the_resident(owner.id)
    device = await an_enrolled_device(owner)
    delegate = await a_citizen(3)
    await a_power(owner, delegate, Scope.CASES, Scope.RECORDS_READ, Scope.LICENCES_READ)
    scene = Scene(
        portal=portal,
        owner=owner,
        phone=known.phone or "",
        owner_in=await device.signed_in(),
        owner_device=device,
        other=await signed_in(await a_citizen(3)),
        delegate=await signed_in(delegate),
        officers=await _officers(),
        terminal=await a_terminal(),
        department=DepartmentAuth(_health_commission(portal)),
        things={
            "stage_birth": "birth",
            "matter": MATTER,
            "vaccination": "infant_immunization",
            "declarable": "wage_fen",
            "crl": "device.crl",
            "no_certificate": "0" * 20,
            "ocsp_request": "MAo=",
        },
        secrets=(known.name or "", known.phone or "", known.id_number or "", str(owner.id)),
    )
    await _fill(scene)
    return scene


async def _officers() -> dict[str, EnrolledOfficer]:
    past = Grant("*", ("*",), ("*",), date(2020, 1, 1), date(2025, 12, 31))
    return {
        "officer": await an_enrolled_officer(),
        "colleague": await an_enrolled_officer(),
        "card_officer": await an_enrolled_officer(a_grant("disputes.decide"), department="CARD"),
        "second_card_officer": await an_enrolled_officer(a_grant("disputes.decide"), department="CARD"),
        "adviser": await an_enrolled_officer(a_grant("advise"), department="WJW"),
        "system_administrator": await a_system_administrator(),
        "security_administrator": await a_security_administrator(),
        "second_security_administrator": await a_security_administrator(),
        "audit_administrator": await an_audit_administrator(),
        "card_operator": await an_enrolled_officer(department="CARD"),
        "second_card_operator": await an_enrolled_officer(department="CARD"),
        "break_glass_approver": await an_enrolled_officer(a_grant(APPROVE_BREAK_GLASS)),
        "unentitled": await an_enrolled_officer(past),
    }


async def _a_woman(portal: Portal) -> dict[str, Any]:
    """Somebody of the city, not of the demo, who can have children; her surname has one character."""
    people = (await portal.town.http.get("/control/people", params={"limit": 60})).json()["items"]
    today = clock.today()
    fit = [
        one
        for one in people
        if one["sex"] == "female" and not one["demo"] and 20 <= today.year - int(one["birth_date"][:4]) <= 45
    ]
    woman: dict[str, Any] = next(one for one in fit if len(one["name"]) == 3)
    return woman


def _health_commission(portal: Portal) -> Signer:
    key = read_p256_key(portal.town.keys.department_key("wjw"))
    return Signer(f"wjw.dept.{portal.settings.issuer_domain}", LocalKey(key))


async def _fill(scene: Scene) -> None:
    for child in CHILDREN:
        scene.things[f"child_{child}"] = await _a_child(scene)
    await cards.open_card(scene.owner)
    await top_up(scene.owner, 10_000)
    await deliver_pending()


async def _a_child(scene: Scene) -> UUID:
    born = await scene.portal.town.control("POST", "births", mother_id_number=scene.secrets[2])
    child = await a_newborn(birth_certificate_no=born.json()["certificate_no"])
    await a_guardian_of(child, 3, id_number=scene.secrets[2], name=scene.secrets[0])
    return child


async def a_case(scene: Scene, child: str) -> str:
    """A complete draft for one of the children; gives its id."""
    body = {"matter_code": MATTER, "subject_id": str(scene.things[f"child_{child}"])}
    case_id = (await scene.post_as_owner("/v1/cases", body, **{"Idempotency-Key": secrets.token_hex(8)}))["id"]
    form = {"child_name": f"{scene.secrets[0][0]}安然", "follow": "mother", "ethnicity_code": "01"}
    version = await _version(scene, case_id)
    changed = await scene.portal.http.patch(
        f"/v1/cases/{case_id}", json={"form": form}, headers={"If-Match": version}, auth=scene.owner_in
    )
    assert changed.is_success, changed.text
    return str(case_id)


async def _version(scene: Scene, case_id: str) -> str:
    answer = await scene.portal.http.get(f"/v1/cases/{case_id}", auth=scene.owner_in)
    return str(answer.headers["etag"])


async def a_submitted_case(scene: Scene, child: str) -> str:
    """A case on the desk; gives its id."""
    case_id = await a_case(scene, child)
    await scene.post_as_owner(f"/v1/cases/{case_id}/confirmation")
    code = await scene.portal.code_sent_to(scene.phone)
    await scene.post_as_owner(f"/v1/cases/{case_id}/submit", {"confirmation_code": code})
    await deliver_pending()
    return case_id


async def steps_at_the_desk(scene: Scene, case_id: str, *steps: str) -> None:
    """Steps that the officer takes; each must succeed."""
    for step in steps:
        answer = await scene.portal.http.post(
            f"/v1/officer/cases/{case_id}/{step}", headers=scene.officers["officer"].headers
        )
        assert answer.is_success, f"{step}: {answer.text}"
