"""Who may switch what on: by age, by level, and for whom."""

from uuid import UUID

import pytest

from app.audit.acts import Act
from app.kernel.actors import AssuranceTooLow, Citizen
from app.kernel.clock import today
from app.kernel.database import fetch_all, transaction
from app.privacy.errors import DecidesThemselves, NotYoursToDecide
from app.residents.ages import years_before
from lifecycle.subscriptions import choosing, reading
from lifecycle.subscriptions.errors import AgeNotServed
from lifecycle.subscriptions.structs import SubscriptionInFull
from tests.makers.people import a_citizen, a_guardian_of, a_resident
from tests.makers.subscriptions import ADVERTISING, BOTH, PLAIN, an_adult, switched_on
from tests.makers.transactions import SYSTEM

pytestmark = pytest.mark.usefixtures("app")
VACCINES, HEALTH, JOBS = "infant_immunization", "health_consultation_push", "recruitment_push"


async def the_matter(citizen: Citizen, code: str = PLAIN, person_id: UUID | None = None) -> SubscriptionInFull:
    return await reading.subscription(citizen, code, person_id)


async def acts(person: UUID) -> list[str]:
    async with transaction(SYSTEM):
        rows = await fetch_all("SELECT act FROM act WHERE citizen_id = $1 AND act LIKE 'push%' ORDER BY id", person)
    return [row["act"] for row in rows]


async def a_child(years: int = 3) -> UUID:
    return await a_resident(birth_date=years_before(today(), years))


class TestAges:
    @pytest.mark.parametrize(("code", "years"), [(ADVERTISING, 17), (JOBS, 15), (HEALTH, 17)])
    async def test_refuses_who_is_too_young(self, code: str, years: int) -> None:
        with pytest.raises(AgeNotServed):
            await switched_on(await an_adult(years=years), code)

    async def test_lets_minors_of_fourteen_choose_but_no_advertising(self) -> None:
        minor = await an_adult(years=14)

        assert (await switched_on(minor, BOTH)).standing == "on"
        with pytest.raises(AgeNotServed):
            await switched_on(minor, BOTH, advertising=True)

    async def test_asks_for_a_name_where_an_age_is_asked_for(self) -> None:
        somebody = await a_citizen(1)

        assert (await switched_on(somebody, PLAIN)).standing == "on"
        with pytest.raises(AssuranceTooLow):
            await switched_on(somebody, ADVERTISING)

    async def test_asks_for_the_matters_own_level(self) -> None:
        with pytest.raises(AssuranceTooLow):
            await switched_on(await an_adult(1), "invoice_management_push")


class TestWards:
    async def test_a_guardian_chooses_for_a_child_below_fourteen(self) -> None:
        child = await a_child()
        guardian = await a_guardian_of(child)

        on = await switched_on(guardian, VACCINES, person_id=child)

        assert (on.standing, on.person_id) == ("on", child)
        assert (await the_matter(guardian, VACCINES, child)).standing == "on"
        assert await acts(child) == [Act.PUSH_SWITCHED_ON]

    async def test_nobody_else_does(self) -> None:
        child = await a_child()

        with pytest.raises(NotYoursToDecide):
            await switched_on(await an_adult(), VACCINES, person_id=child)
        with pytest.raises(NotYoursToDecide):
            await switched_on(await a_guardian_of(await a_child()), VACCINES, person_id=child)
        with pytest.raises(NotYoursToDecide):
            await choosing.switch_off(await an_adult(), VACCINES, child)

    async def test_each_guardian_decides_what_they_are_told(self) -> None:
        child = await a_child()
        one, other = await a_guardian_of(child), await a_guardian_of(child)

        await switched_on(one, VACCINES, person_id=child)
        await choosing.switch_off(other, VACCINES, child)

        assert (await the_matter(one, VACCINES, child)).standing == "on"
        assert (await the_matter(other, VACCINES, child)).standing == "off"

    async def test_who_is_fourteen_decides_themselves(self) -> None:
        child = await a_child(14)

        with pytest.raises(DecidesThemselves):
            await switched_on(await a_guardian_of(child), VACCINES, person_id=child)

    async def test_only_what_is_for_children_is_switched_on_for_them(self) -> None:
        child = await a_child()
        guardian = await a_guardian_of(child)

        for code in (PLAIN, ADVERTISING, HEALTH):
            with pytest.raises(AgeNotServed):
                await switched_on(guardian, code, person_id=child)
        with pytest.raises(AgeNotServed):
            await switched_on(guardian, VACCINES)
