"""What a department once told somebody stands on their agenda, for as long as it holds; against the city."""

from datetime import timedelta

import pytest

from app.kernel import clock
from app.privacy.purposes import SOURCE_POLICE
from integrations.departments.driving import DRIVER_LICENCE, DriverLicence
from lifecycle.agenda.bookkeeping import look_at
from lifecycle.agenda.reading import upcoming
from lifecycle.queries import remembered
from lifecycle.queries.remembered import Remembered, fact_of
from tests.makers.consents import allow
from tests.makers.days import let_the_clock_be_turned, turn_on
from tests.makers.people import a_citizen

pytestmark = pytest.mark.usefixtures("app")
FACT = fact_of(DRIVER_LICENCE, {})


def a_licence() -> DriverLicence:
    """A licence that ends in two months."""
    today = clock.today()
    ends = today + timedelta(days=60)
    return DriverLicence(
        "1", "C1", "renewable", today - timedelta(days=2000), today - timedelta(days=2000), ends, False, 0, 0, 0, today, ends
    )  # fmt: skip


class TestWhatWasTold:
    async def test_stands_there_when_it_is_no_longer_shown_by_itself(self, monkeypatch: pytest.MonkeyPatch) -> None:
        let_the_clock_be_turned(monkeypatch)
        citizen, told = await a_citizen(2), a_licence()
        await allow(citizen.id, SOURCE_POLICE)
        now = clock.now()
        await remembered.keep(citizen, citizen.id, FACT, Remembered(told, "GAJ", now, now, live=True))
        code = f"driving_licence.{told.expires_on}"
        first = [item.code for item in await upcoming(citizen)]

        turn_on(FACT.usable_for + timedelta(days=1))
        await look_at(citizen.id)
        later = [item.code for item in await upcoming(citizen)]

        assert code in first
        assert code in later

    async def test_is_left_out_without_the_consent_that_its_department_needs(self) -> None:
        citizen, now = await a_citizen(2), clock.now()
        await remembered.keep(citizen, citizen.id, FACT, Remembered(a_licence(), "GAJ", now, now, live=True))

        assert await upcoming(citizen) == []

    async def test_is_not_shown_below_the_level_that_reads_it(self) -> None:
        citizen, told = await a_citizen(1), a_licence()
        await allow(citizen.id, SOURCE_POLICE)
        now = clock.now()
        await remembered.keep(citizen, citizen.id, FACT, Remembered(told, "GAJ", now, now, live=True))

        assert not [item for item in await upcoming(citizen) if item.code.startswith("driving")]
