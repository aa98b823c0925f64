"""Every look at somebody else's data is exactly one act: every operation is tried, and an unlisted one fails.

What a scenario needs is made by use cases; then the one request is sent, and the acts about the person are counted.
"""

from collections import Counter
from typing import Final

import httpx
import pytest
from litestar import Litestar

from app.audit.acts import Act
from app.kernel.database import fetch_all, transaction
from app.kernel.events import deliver_pending
from app.kernel.ids import shard_of
from app.privacy import corrections
from app.privacy.structs import NewCorrection
from lifecycle.cases import forms
from tests.architecture import looks, product
from tests.architecture.looks_at_appointments import OF_APPOINTMENTS
from tests.architecture.looks_at_benefits import OF_BENEFITS
from tests.architecture.looks_at_bills import OF_BILLS
from tests.architecture.looks_at_bundles import OF_BUNDLES
from tests.architecture.looks_at_cases import OF_CASES
from tests.architecture.looks_at_disputes import OF_DISPUTES
from tests.architecture.looks_at_licences import OF_LICENCES
from tests.architecture.looks_at_life_events import OF_LIFE_EVENTS
from tests.architecture.looks_at_materials import OF_MATERIALS
from tests.architecture.looks_at_offline import OF_OFFLINE
from tests.architecture.looks_at_people import AGAIN, OF_PEOPLE
from tests.architecture.looks_at_settlement import OF_SETTLEMENT
from tests.architecture.looks_at_subscriptions import OF_SUBSCRIPTIONS
from tests.architecture.looks_at_the_desk import OF_THE_DESK
from tests.architecture.looks_at_timeline import OF_TIMELINE
from tests.makers.callers import an_enrolled_officer, headers
from tests.makers.cases import Family, a_form, a_submitted_case
from tests.makers.looking import Scenario, Scene, a_scene
from tests.makers.matters import PAPER_MATTER, PaperMatter
from tests.makers.pages import every_page
from tests.makers.transactions import SYSTEM

SCENARIOS: Final[dict[str, Scenario]] = (
    OF_CASES
    | OF_APPOINTMENTS
    | OF_BILLS
    | OF_OFFLINE
    | OF_BENEFITS
    | OF_SUBSCRIPTIONS
    | OF_BUNDLES
    | OF_LIFE_EVENTS
    | OF_LICENCES
    | OF_DISPUTES
    | OF_SETTLEMENT
    | OF_MATERIALS
    | OF_THE_DESK
    | OF_PEOPLE
    | OF_TIMELINE
)


@pytest.fixture(autouse=True)
def paper_matter(app: Litestar, monkeypatch: pytest.MonkeyPatch) -> None:
    """A matter that asks for materials."""
    monkeypatch.setitem(forms._forms, PAPER_MATTER, PaperMatter())


async def told(scene: Scene) -> Counter[str]:
    """The notices that the person got, by kind."""
    async with transaction(SYSTEM):
        rows = await fetch_all(
            "SELECT phrase FROM notice WHERE shard = $1 AND citizen_id = $2", shard_of(scene.person), scene.person
        )
    return Counter(row["phrase"] for row in rows)


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
        scene = await a_scene(http, family)
        look = await SCENARIOS[operation](scene)
        before = await scene.acts()

        answer = await look()

        sealed = await scene.acts() - before
        expected = looks.sealing()[operation]
        assert answer.is_success, answer.text
        assert sealed[expected] == 1
        assert set(sealed) <= {expected, Act.WARD_LOOKED_AT}
        assert await scene.acts_without_basis() <= {Act.ACCESS_ANSWERED}

    @pytest.mark.parametrize("operation", sorted(AGAIN))
    async def test_where_nothing_changes_it_is_still_a_look(
        self, operation: str, http: httpx.AsyncClient, family: Family
    ) -> None:
        scene = await a_scene(http, family)
        expected, scenario = AGAIN[operation]
        look = await scenario(scene)
        before = await scene.acts()

        answer = await look()

        assert answer.is_success, answer.text
        assert await scene.acts() - before == {expected: 1}

    @pytest.mark.parametrize(
        "operation", ["getDeskCase", "getDeskMaterial", "lookAtPerson", "lookAtCorrection", "lookAtLicence"]
    )
    async def test_an_officers_look_is_told_at_once(
        self, operation: str, http: httpx.AsyncClient, family: Family
    ) -> None:
        scene = await a_scene(http, family)
        look = await SCENARIOS[operation](scene)
        await deliver_pending()
        before = await told(scene)

        await look()
        await deliver_pending()

        assert (await told(scene) - before) == {"data_looked_at": 1}

    async def test_a_second_officers_next_look_at_a_request_is_no_further_act(
        self, http: httpx.AsyncClient, family: Family
    ) -> None:
        scene = await a_scene(http, family)
        look = await SCENARIOS["listBreakGlass"](scene)
        await look()
        again = await look()

        assert "老人走失" in again.text
        assert (await scene.acts())[Act.BREAK_GLASS_READ] == 1

    async def test_a_guardians_next_look_that_day_is_no_further_act(
        self, http: httpx.AsyncClient, family: Family
    ) -> None:
        scene = await a_scene(http, family)
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
        wish = NewCorrection("resident", "name", "“红”应为“虹”", "王小虹", "户口簿第二页")
        request = await corrections.ask(family.mother, wish)
        planted |= {wish.what_is_wrong, wish.wanted_value, wish.note or ""}
        await deliver_pending()
        addresses = (
            *("/v1/officer/desk", "/v1/officer/corrections", "/v1/officer/ratings"),
            *("/v1/officer/campaigns", "/v1/officer/access-questions"),
        )

        shown = ["".join(await every_page(http, address, officer.headers)) for address in addresses]

        assert str(case.id) in shown[0]
        assert str(request.id) in shown[1]
        assert not [word for word in planted for text in shown if word in text]
