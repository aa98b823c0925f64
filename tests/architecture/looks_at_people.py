"""How each operation of people, their powers and their rights is tried, when somebody looks at or acts on somebody else."""

from typing import Final

import msgspec

from app.audit.acts import Act
from app.identity import officer_freezing, sessions
from app.identity.dpop import thumbprint_of_key
from app.identity.freeze_structs import PersonToFreeze
from app.identity.look_structs import BreakGlassReason
from app.kernel.actors import Citizen
from app.privacy import corrections
from app.privacy.structs import NewCorrection
from tests.makers.callers import SignedIn, a_key, headers
from tests.makers.cases import keyed
from tests.makers.delegations import a_delegation, a_power, an_offer_to
from tests.makers.looking import Look, Scenario, Scene
from tests.makers.officers import a_break_glass, a_looking_officer, an_approver
from tests.makers.people import a_citizen, a_guardian_of, an_id_number, the_resident
from tests.makers.pki import a_csr

GLASS: Final = "/v1/officer/break-glass"
PEOPLE: Final = "/v1/officer/people"


async def a_person(scene: Scene) -> Citizen:
    """Somebody of whom the scene's officer knows the identity number."""
    person = await a_citizen(id_number=an_id_number())
    scene.is_about(person, scene.officer)
    return person


async def number_of(person: Citizen) -> str:
    return (await the_resident(person.id)).id_number or ""


async def a_look(scene: Scene) -> Look:
    person = await a_person(scene)
    request = await a_break_glass(scene.officer, await number_of(person))
    body = {"purpose": "核实", "data_classes": ["identity"], "break_glass_id": str(request.id)}
    return lambda: scene.http.post(f"{PEOPLE}/look", headers=scene.officer.headers, json=body)


async def a_broken_glass(scene: Scene) -> Look:
    asked = {"id_number": await number_of(await a_person(scene)), "reason": "missing_person"}
    body = asked | {"text": "老人走失，家属已报警。", "data_classes": ["contact"]}
    return lambda: scene.http.post(GLASS, headers=scene.officer.headers, json=body)


def a_second_officers(step: str, reason: BreakGlassReason = "missing_person") -> Scenario:
    """What a second officer does with another's request; with no step they list what waits."""

    async def scenario(scene: Scene) -> Look:
        person, department = await a_person(scene), "MSA"
        first, second = await a_looking_officer(department=department), await an_approver(department)
        request = await a_break_glass(first, await number_of(person), reason)
        scene.is_about(person, second)
        if not step:
            return lambda: scene.http.get(f"{GLASS}?limit=100", headers=second.headers)
        return lambda: scene.http.post(f"{GLASS}/{request.id}/{step}", headers=second.headers)

    return scenario


async def a_freeze(scene: Scene) -> Look:
    person = await a_person(scene)
    body = {"name": "王小红", "id_number": await number_of(person), "reason": "来电挂失手机"}
    return lambda: scene.http.post(f"{PEOPLE}/freeze", headers=scene.officer.headers, json=body)


async def a_second_freeze(scene: Scene) -> Look:
    look = await a_freeze(scene)
    await look()
    return look


async def an_unfreezing(scene: Scene) -> Look:
    person = await a_person(scene)
    asked = PersonToFreeze(name="王小红", id_number=await number_of(person), reason="来电挂失手机")
    await officer_freezing.freeze(scene.officer.officer, asked)
    return unfreezes(scene, person)


async def an_unfreezing_of_nothing(scene: Scene) -> Look:
    return unfreezes(scene, await a_person(scene))


def unfreezes(scene: Scene, person: Citizen) -> Look:
    body, address = {"reason": "已核验本人", "keep_devices": True}, f"{PEOPLE}/{person.id}/unfreeze"
    return lambda: scene.http.post(address, headers=scene.officer.headers, json=body)


async def a_visit_to_a_counter(scene: Scene) -> Look:
    person, key = await a_person(scene), a_key()
    bound = sessions.Opening(person.id, "app", 2, thumbprint_of_key(key.public_key()))
    phone = SignedIn((await sessions.open_session(bound)).access_token, key)
    showing = {"csr": a_csr(key), "name": "新手机"}
    code = (await scene.http.post("/v1/me/devices/counter-code", auth=phone, json=showing)).json()["code"]
    body = {"code": code, "name": "王小红", "id_number": await number_of(person)}
    return lambda: scene.http.post(f"{PEOPLE}/devices", headers=scene.officer.headers, json=body)


A_WRONG_NAME: Final = {
    "table": "resident",
    "column": "name",
    "what_is_wrong": "错字",
    "wanted_value": "王小虹",
    "person_id": "{child}",
}


def a_correction(step: str, body: object = None) -> Scenario:
    """What an officer of the source does with a request for correction."""

    async def scenario(scene: Scene) -> Look:
        asked = NewCorrection("resident", "name", "“红”应为“虹”", "王小虹", "户口簿第二页")
        request = await corrections.ask(await a_person(scene), asked)
        address = f"/v1/officer/corrections/{request.id}{step}"
        return lambda: scene.http.request("POST" if step else "GET", address, headers=scene.officer.headers, json=body)

    return scenario


def a_childs_correction(method: str, end: str = "", body: dict[str, str] | None = None) -> Scenario:
    """What a guardian does with a request about a child; the other guardian asked for it, since a look is noted once a day."""

    async def scenario(scene: Scene) -> Look:
        scene.is_the_mothers()
        child, father = scene.family.child, await a_guardian_of(scene.family.child)
        asked = NewCorrection("resident", "sex", "性别写错了", "male", person_id=child)
        named = {"child": child, "request": (await corrections.ask(father, asked)).id}
        sent = body and {name: value.format(**named) for name, value in body.items()}
        return lambda: scene.by_mother(method, f"/v1/me/corrections{end.format(**named)}", sent)

    return scenario


async def an_offer(scene: Scene) -> Look:
    giver, delegate = await between(scene)
    body, sent = msgspec.to_builtins(await an_offer_to(delegate)), await keyed(giver)
    return lambda: scene.http.post("/v1/me/delegations", headers=sent, json=body)


def an_answer(step: str) -> Scenario:
    """What a delegate does with an offer; the giver's log says so."""

    async def scenario(scene: Scene) -> Look:
        delegate, giver = await between(scene)
        offered, sent = await a_delegation(giver, delegate), await headers(delegate)
        return lambda: scene.http.post(f"/v1/me/delegations/{offered.id}/{step}", headers=sent)

    return scenario


async def a_revocation(scene: Scene) -> Look:
    giver, delegate = await between(scene)
    power, sent = await a_power(giver, delegate), await headers(giver)
    return lambda: scene.http.delete(f"/v1/me/delegations/{power.id}", headers=sent)


async def between(scene: Scene) -> tuple[Citizen, Citizen]:
    """Who acts, and in whose log it must stand."""
    acts, other = await a_citizen(), await a_citizen()
    scene.person, scene.principal = other.id, acts.principal
    return acts, other


async def a_look_at_consents(scene: Scene) -> Look:
    scene.is_the_mothers()
    return lambda: scene.by_mother("GET", f"/v1/me/consents?person_id={scene.family.child}")


async def a_choice_for_a_child(scene: Scene) -> Look:
    shown = (await (await a_look_at_consents(scene))()).json()
    purpose = next(one["purpose"] for one in shown["items"] if not one["given"])
    body = {"person_id": str(scene.family.child), "items": [{"purpose": purpose, "given": True}]}
    return lambda: scene.by_mother("PUT", "/v1/me/consents", body)


async def a_recycled_phone(scene: Scene) -> Look:
    owner = await a_citizen(id_number=an_id_number())
    scene.person, scene.principal = owner.id, owner.principal
    pair = await sessions.open_session(sessions.Opening(owner.id, "app", 1))
    return lambda: scene.http.post("/v1/me/real-name/not-mine", auth=SignedIn(pair.access_token))


OF_PEOPLE: Final[dict[str, Scenario]] = {
    "lookAtPerson": a_look,
    "askBreakGlass": a_broken_glass,
    "listBreakGlass": a_second_officers(""),
    "approveBreakGlass": a_second_officers("approve"),
    "refuseBreakGlass": a_second_officers("refuse"),
    "freezePerson": a_freeze,
    "unfreezePerson": an_unfreezing,
    "enrolDeviceAtCounter": a_visit_to_a_counter,
    "listCorrections": a_childs_correction("GET", "?person_id={child}"),
    "getCorrection": a_childs_correction("GET", "/{request}"),
    "withdrawCorrection": a_childs_correction("POST", "/{request}/withdraw"),
    "askCorrection": a_childs_correction("POST", body=A_WRONG_NAME),
    "lookAtCorrection": a_correction(""),
    "decideCorrection": a_correction("/decide", {"granted": True, "answer": "已更正"}),
    "offerDelegation": an_offer,
    "acceptDelegation": an_answer("accept"),
    "declineDelegation": an_answer("decline"),
    "revokeDelegation": a_revocation,
    "getConsents": a_look_at_consents,
    "chooseConsents": a_choice_for_a_child,
    "disownAccount": a_recycled_phone,
}
AGAIN: Final[dict[str, tuple[Act, Scenario]]] = {
    "freezePerson": (Act.PERSON_LOOKED_AT, a_second_freeze),
    "unfreezePerson": (Act.PERSON_LOOKED_AT, an_unfreezing_of_nothing),
}
"""Where nothing changes any more, and the answer shows the person all the same."""
