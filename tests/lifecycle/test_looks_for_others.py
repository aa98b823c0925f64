"""Whoever acts for another by header: each request is one act in that person's log, and what it changes seals its own besides."""

from collections import Counter
from typing import Final
from uuid import UUID, uuid4

import httpx
import pytest
from litestar import Litestar

from app.audit.acts import Act
from app.kernel.actors import Scope
from lifecycle.cases import forms
from tests.architecture.looks_at_cases import OF_CASES
from tests.architecture.looks_at_materials import OF_MATERIALS
from tests.architecture.product import handlers
from tests.makers.callers import headers
from tests.makers.cases import Family
from tests.makers.delegations import a_power
from tests.makers.looking import Scene, a_scene
from tests.makers.matters import PAPER_MATTER, PaperMatter
from tests.makers.people import a_citizen
from tests.makers.representing import READ, acting

BY_GUARDIANS: Final = {
    **dict.fromkeys(("getCase", "changeCase", "listCaseEvents", "getSigningInput", "getCaseProof"), ()),
    **dict.fromkeys(("attachMaterial", "removeMaterial", "getMaterial"), ()),
    **dict.fromkeys(("getLicence", "getLicencePdf", "listTimeline"), ()),
    "submitCase": (Act.CASE_SUBMITTED,),
    "withdrawCase": (Act.CASE_WITHDRAWN,),
    "answerCorrection": (Act.CASE_CORRECTED,),
}
"""What a guardian does in a child's name, with the acts that it seals besides the one of acting for them."""


@pytest.fixture(autouse=True)
def paper_matter(app: Litestar, monkeypatch: pytest.MonkeyPatch) -> None:
    """A matter that asks for materials."""
    monkeypatch.setitem(forms._forms, PAPER_MATTER, PaperMatter())


def addressed(app: Litestar) -> list[tuple[str, str]]:
    """Every operation that serves others, by method and address, with ids of nothing."""
    found: list[tuple[str, str]] = []
    for path, handler in handlers(app):
        if "acting_for" in handler.opt:
            named = "/".join(str(uuid4()) if part.startswith("{") else part for part in path.split("/"))
            found += [(method, named) for method in handler.http_methods if method not in {"HEAD", "OPTIONS"}]
    return found


async def acted(scene: Scene, person: UUID, principal: str) -> Counter[str]:
    scene.person, scene.principal = person, principal
    return await scene.acts()


class TestDelegate:
    async def test_every_request_by_header_is_one_act_whatever_is_found(
        self, app: Litestar, http: httpx.AsyncClient, family: Family
    ) -> None:
        scene, giver, delegate = await a_scene(http, family), await a_citizen(), await a_citizen()
        await a_power(giver, delegate, *Scope)
        told = await acting(delegate, giver)
        for method, address in addressed(app):
            before = await acted(scene, giver.id, delegate.principal)

            answer = await http.request(method, address, headers=told, json=None if method == "GET" else {})

            sealed = await acted(scene, giver.id, delegate.principal) - before
            assert answer.status_code < 500, address
            assert sealed == {Act.ACTED_FOR: 1}, address

    @pytest.mark.parametrize(("scope", "address"), [(scope, one) for scope, paths in READ.items() for one in paths])
    async def test_a_read_is_one_act_with_its_power(
        self, http: httpx.AsyncClient, family: Family, scope: Scope, address: str
    ) -> None:
        scene, giver, delegate = await a_scene(http, family), await a_citizen(), await a_citizen()
        await a_power(giver, delegate, scope)
        before = await acted(scene, giver.id, delegate.principal)

        answer = await http.get(address, headers=await acting(delegate, giver))
        mine = await http.get(address, headers=await headers(delegate))

        assert answer.status_code == mine.status_code
        assert await acted(scene, giver.id, delegate.principal) - before == {Act.ACTED_FOR: 1}


class TestGuardian:
    @pytest.mark.parametrize("operation", sorted(BY_GUARDIANS))
    async def test_acts_for_a_child_in_one_act_and_what_it_changes(
        self, http: httpx.AsyncClient, family: Family, operation: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        scene = await a_scene(http, family)
        look = await (OF_CASES | OF_MATERIALS)[operation](scene)
        before, send = await scene.acts(), http.request

        async def in_the_childs_name(method: str, address: str, **told: dict[str, str]) -> httpx.Response:
            address = address.split("?", maxsplit=1)[0]
            told["headers"] = told["headers"] | {"Fuhai-Acting-For": str(family.child)}
            return await send(method, address, **told)  # type: ignore[arg-type]

        monkeypatch.setattr(http, "request", in_the_childs_name)
        answer = await look()

        assert answer.is_success, answer.text
        assert await scene.acts() - before == {Act.ACTED_FOR: 1} | dict.fromkeys(BY_GUARDIANS[operation], 1)
