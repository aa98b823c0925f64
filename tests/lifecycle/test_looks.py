"""Every look at somebody else's data is exactly one act: every operation is tried, and an unlisted one fails.

What a scenario needs is made by use cases; then the one request is sent, and the acts about the person are counted.
"""

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import UUID

import httpx
import msgspec
import pytest
from litestar import Litestar

from app.audit.acts import Act
from app.kernel.actors import Citizen
from app.kernel.database import fetch_all, fetch_value, transaction
from app.kernel.events import deliver_pending
from app.kernel.ids import shard_of
from lifecycle.birth.household_registration import MATTER
from lifecycle.cases import decisions
from lifecycle.cases.states import Step
from lifecycle.cases.structs import CaseRef, CorrectionAsked, FieldRemark, Refusing
from lifecycle.licences import documents
from tests.architecture import looks, product
from tests.makers.callers import EnrolledOfficer, a_terminal, an_enrolled_officer, headers
from tests.makers.cards import a_card_holder, a_payment
from tests.makers.cases import (
    Family,
    a_code,
    a_filled_draft,
    a_form,
    a_submitted_case,
    an_issued_case,
    keyed,
)
from tests.makers.outside import Phones
from tests.makers.sealed_log import a_checkpoint, a_look_at
from tests.makers.transactions import SYSTEM

WHY: Final = {"reason": "材料不全。"}
VERSION: Final = '"3"'
IMMUNISATIONS: Final = "/v1/matters/infant_immunization/query"


class Scene(msgspec.Struct):
    """Who is there, and who is looked at by whom."""

    http: httpx.AsyncClient
    family: Family
    officer: EnrolledOfficer
    person: UUID
    principal: str

    async def by_officer(self, case: CaseRef, method: str, step: str = "", body: object = None) -> httpx.Response:
        """The officer's request about a case."""
        address = f"/v1/officer/cases/{case.id}{step}"
        return await self.http.request(method, address, headers=self.officer.headers, json=body)

    async def by_mother(self, method: str, address: str, body: object = None, **more: str) -> httpx.Response:
        """The mother's request; she is the child's guardian."""
        sent = await keyed(self.family.mother) | more
        return await self.http.request(method, address, headers=sent, json=body)

    async def a_case(self, *steps: Step) -> CaseRef:
        """A case that the officer claimed and brought this far."""
        case = await a_submitted_case(self.family)
        await decisions.claim(self.officer.officer, case.id)
        for step in steps:
            if step is Step.SUSPEND:
                await decisions.refuse(self.officer.officer, case.id, step, Refusing("等待鉴定"))
            else:
                await decisions.take(self.officer.officer, case.id, step)
        return case

    async def acts(self) -> Counter[str]:
        """What the caller did about the person so far."""
        async with transaction(SYSTEM):
            rows = await fetch_all(
                "SELECT act FROM act WHERE shard = $1 AND citizen_id = $2 AND actor = $3",
                *(shard_of(self.person), self.person, self.principal),
            )
        return Counter(row["act"] for row in rows)

    def is_the_mothers(self) -> None:
        """From now on the mother's acts about the child are counted."""
        self.principal = self.family.mother.principal


Look = Callable[[], Awaitable[httpx.Response]]
Scenario = Callable[[Scene], Awaitable[Look]]


def an_officers(step: str, body: object, *before: Step) -> Scenario:
    """An officer's step with a case that was claimed and brought this far."""

    async def scenario(scene: Scene) -> Look:
        case = await scene.a_case(*before)
        return lambda: scene.by_officer(case, "POST", step, body)

    return scenario


def a_guardians(method: str, address: str, body: object = None) -> Scenario:
    """A guardian's request that names the child, or what is the child's: `{child}`, `{draft}`, `{licence}`."""

    async def scenario(scene: Scene) -> Look:
        scene.is_the_mothers()
        named = {"child": str(scene.family.child)}
        if "{draft}" in address:
            named["draft"] = str((await a_filled_draft(scene.family)).id)
        if "{licence}" in address:
            named["licence"] = str(await a_licence(scene))
        if "/proof" in address:
            await a_look_at(scene.family.child)
            await a_checkpoint()
        sent = msgspec.json.decode(msgspec.json.encode(body).decode().replace("{child}", named["child"]))
        matching = {"if-match": VERSION} if method == "PATCH" else {}
        return lambda: scene.by_mother(method, address.format(**named), sent, **matching)

    return scenario


async def a_licence(scene: Scene) -> UUID:
    case = await an_issued_case(scene.family)
    async with transaction(SYSTEM):
        licence_id: UUID = await fetch_value("SELECT id FROM licence WHERE case_id = $1", case.id)
    await documents.make_document(documents.DocumentToMake(licence_id))
    return licence_id


async def a_look_at_the_desk(scene: Scene) -> Look:
    case = await a_submitted_case(scene.family)
    return lambda: scene.by_officer(case, "GET")


async def a_claim(scene: Scene) -> Look:
    case = await a_submitted_case(scene.family)
    return lambda: scene.by_officer(case, "POST", "/claim")


async def a_submission(scene: Scene) -> Look:
    scene.is_the_mothers()
    draft = await a_filled_draft(scene.family)
    body = {"confirmation_code": await a_code(Phones(), scene.family.mother, draft.id)}
    return lambda: scene.by_mother("POST", f"/v1/cases/{draft.id}/submit", body)


async def a_correction(scene: Scene) -> Look:
    case = await scene.a_case(Step.ACCEPT)
    asked = CorrectionAsked("请补正", (FieldRemark("child_name", "请核对"),))
    await decisions.request_correction(scene.officer.officer, case.id, asked)
    scene.is_the_mothers()
    body = {"confirmation_code": await a_code(Phones(), scene.family.mother, case.id)}
    return lambda: scene.by_mother("POST", f"/v1/cases/{case.id}/answer-correction", body)


async def a_withdrawal(scene: Scene) -> Look:
    scene.is_the_mothers()
    case = await a_submitted_case(scene.family)
    return lambda: scene.by_mother("POST", f"/v1/cases/{case.id}/withdraw")


async def a_look_of(scene: Scene) -> UUID:
    """The officer looked at the child's case; the act's id."""
    await a_look_at(scene.family.child, officer=scene.officer.officer)
    async with transaction(SYSTEM):
        act_id: UUID = await fetch_value(
            "SELECT id FROM act WHERE shard = $1 AND citizen_id = $2 AND act = 'case_looked_at' ORDER BY id DESC LIMIT 1",
            *(shard_of(scene.family.child), scene.family.child),
        )
    return act_id


async def a_question(scene: Scene) -> Look:
    act_id = await a_look_of(scene)
    scene.is_the_mothers()
    return lambda: scene.by_mother("POST", f"/v1/me/access-log/{act_id}/ask", {})


async def an_answer(scene: Scene) -> Look:
    asked = (await scene.by_mother("POST", f"/v1/me/access-log/{await a_look_of(scene)}/ask", {})).json()
    address = f"/v1/officer/access-questions/{asked['id']}/answer"
    return lambda: scene.http.post(address, headers=scene.officer.headers, json={"answer": "办件需要。"})


async def a_payment_at_a_till(scene: Scene) -> Look:
    holder: Citizen = await a_card_holder(1_000)
    till = await a_terminal()
    scene.person, scene.principal = holder.id, till.terminal.principal
    body: dict[str, Any] = msgspec.to_builtins(await a_payment(holder, 100))
    return lambda: scene.http.post("/v1/terminal/payments", auth=till, json=body)


SCENARIOS: Final[dict[str, Scenario]] = {
    "getCase": a_guardians("GET", "/v1/cases/{draft}"),
    "openCase": a_guardians("POST", "/v1/cases", {"matter_code": MATTER, "subject_id": "{child}"}),
    "changeCase": a_guardians("PATCH", "/v1/cases/{draft}", {"form": {"follow": "father"}}),
    "listCaseEvents": a_guardians("GET", "/v1/cases/{draft}/events"),
    "getSigningInput": a_guardians("GET", "/v1/cases/{draft}/signing-input"),
    "getLicence": a_guardians("GET", "/v1/licences/{licence}"),
    "getLicencePdf": a_guardians("GET", "/v1/licences/{licence}/pdf"),
    "listTimeline": a_guardians("GET", "/v1/me/timeline?person_id={child}"),
    "queryMatter": a_guardians("POST", IMMUNISATIONS, {"child_id": "{child}"}),
    "listAccessLog": a_guardians("GET", "/v1/me/access-log?person_id={child}"),
    "proveAccessLog": a_guardians("GET", "/v1/me/access-log/proof?person_id={child}"),
    "submitCase": a_submission,
    "answerCorrection": a_correction,
    "withdrawCase": a_withdrawal,
    "askWhy": a_question,
    "answerAccessQuestion": an_answer,
    "payAtTerminal": a_payment_at_a_till,
    "getDeskCase": a_look_at_the_desk,
    "claimCase": a_claim,
    "releaseCase": an_officers("/release", None),
    "acceptCase": an_officers("/accept", None),
    "declineCase": an_officers("/decline", WHY),
    "requestCorrection": an_officers("/request-correction", WHY, Step.ACCEPT),
    "reviewCase": an_officers("/review", None, Step.ACCEPT),
    "suspendCase": an_officers("/suspend", WHY, Step.ACCEPT),
    "resumeCase": an_officers("/resume", None, Step.ACCEPT, Step.SUSPEND),
    "approveCase": an_officers("/approve", None, Step.ACCEPT),
    "rejectCase": an_officers("/reject", WHY, Step.ACCEPT),
}


class TestCoverage:
    async def test_every_operation_is_listed(self, app: Litestar) -> None:
        operations = {str(handler.operation_id) for _, handler in product.handlers(app)}

        assert looks.unlisted(operations) == []
        assert looks.unlisted({*operations, "lookAtEverybody"})
        assert looks.unlisted(operations - {"getCase"})

    def test_every_operation_that_seals_an_act_is_tried(self) -> None:
        assert set(SCENARIOS) == set(looks.sealing())

    @pytest.mark.parametrize("operation", sorted(SCENARIOS))
    async def test_a_look_is_exactly_one_act(self, operation: str, http: httpx.AsyncClient, family: Family) -> None:
        officer = await an_enrolled_officer()
        scene = Scene(http, family, officer, family.child, officer.officer.principal)
        look = await SCENARIOS[operation](scene)
        before = await scene.acts()

        answer = await look()

        sealed = await scene.acts() - before
        expected = looks.sealing()[operation]
        assert answer.is_success, answer.text
        assert sealed[expected] == 1
        assert set(sealed) <= {expected, Act.WARD_LOOKED_AT}

    async def test_a_guardians_next_look_that_day_is_no_further_act(
        self, http: httpx.AsyncClient, family: Family
    ) -> None:
        officer = await an_enrolled_officer()
        scene = Scene(http, family, officer, family.child, officer.officer.principal)
        look = await SCENARIOS["listTimeline"](scene)
        await look()
        await look()

        assert (await scene.acts())[Act.WARD_LOOKED_AT] == 1
        scene.principal = family.father.principal
        assert (await scene.acts())[Act.WARD_LOOKED_AT] == 0

    @pytest.mark.parametrize("address", ["/v1/me/timeline", "/v1/me/access-log", "/v1/me/life", "/v1/cases"])
    async def test_a_look_at_ones_own_is_none(self, address: str, http: httpx.AsyncClient, family: Family) -> None:
        caller = await headers(family.mother)
        officer = await an_enrolled_officer()
        scene = Scene(http, family, officer, family.mother.id, family.mother.principal)
        before = await scene.acts()

        answer = await http.get(address, headers=caller)

        assert (answer.status_code, await scene.acts()) == (200, before)


class TestLeaks:
    async def test_what_shows_an_officer_no_data_shows_none(self, http: httpx.AsyncClient, family: Family) -> None:
        """Every list of an officer's that seals nothing, with a person of a name and case that would be seen in it."""
        officer = await an_enrolled_officer()
        case = await a_submitted_case(family)
        planted = {str(family.child), str(family.mother.id), family.mother_name, family.certificate_no}
        planted |= {str(value) for value in a_form(family).values() if len(str(value)) > 2}
        await deliver_pending()

        shown = [
            (await http.get(address, headers=officer.headers)).text
            for address in ("/v1/officer/desk?limit=100", "/v1/officer/campaigns", "/v1/officer/access-questions")
        ]

        assert str(case.id) in shown[0]
        assert not [word for word in planted for text in shown if word in text]
