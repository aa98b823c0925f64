"""Departments that are slow, away or lying hold up no draft."""

import asyncio
import time

import pytest

from app.kernel import behind
from lifecycle.birth import stage as birth
from lifecycle.birth.household_registration import MATTER
from lifecycle.cases import drafts, prefilling, reading
from lifecycle.cases.errors import CaseNotFound
from lifecycle.cases.structs import CaseView, FormChange, NewCase
from tests.makers.cases import CityPorts, Family, a_draft, a_fault
from tests.makers.city import Town
from tests.makers.people import a_citizen


async def opened(family: Family, patience_seconds: float = 3) -> CaseView:
    """A draft as its citizen sees it right after opening."""
    draft = await drafts.open_case(family.mother, NewCase(MATTER, family.child))
    await prefilling.refresh(family.mother, draft.id, patience_seconds)
    return await reading.show(family.mother, draft.id)


def values(view: CaseView) -> dict[str, object]:
    """The fields that have a value."""
    return {field.name: field.value for field in view.fields if field.value is not None}


class TestRefresh:
    @pytest.mark.parametrize("fault", [{"outage": True}, {"tamper": True}])
    async def test_names_the_department_that_does_not_answer(
        self, family: Family, town: Town, fault: dict[str, object]
    ) -> None:
        async with a_fault(town, party="gaj", **fault):
            view = await opened(family)

        assert view.unavailable == ["GAJ"]
        assert values(view)["certificate_no"] == family.certificate_no
        assert "mother_household" not in values(view)

    async def test_fills_in_the_rest_once_it_is_back(self, family: Family, town: Town) -> None:
        async with a_fault(town, party="wjw", outage=True):
            away = await opened(family)
        back = await opened(family)

        assert (away.unavailable, values(away)) == (["WJW"], {})
        assert back.unavailable == []
        assert {"certificate_no", "mother_household"} <= set(values(back))
        assert back.version == away.version + 1

    async def test_waits_a_moment_and_goes_on_behind(self, family: Family, town: Town) -> None:
        async with a_fault(town, party="wjw", latency_ms=400):
            begun = time.perf_counter()
            early = await opened(family, 0.05)
            took = time.perf_counter() - begun
            await behind.finish()
        late = await reading.show(family.mother, early.id)

        assert took < 0.35
        assert values(early) == {}
        assert "certificate_no" in values(late)

    async def test_keeps_the_version_while_nothing_changes(
        self, family: Family, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = await opened(family)
        monkeypatch.setattr(prefilling, "FRESH_FOR", -prefilling.FRESH_FOR)
        again = await opened(family)

        before, after = ({f.name: f.as_of for f in view.fields} for view in (first, again))
        assert (again.version, again.fields[0].value) == (first.version, first.fields[0].value)
        assert after["certificate_no"] is not None
        assert before["certificate_no"] is not None
        assert after["certificate_no"] >= before["certificate_no"]

    async def test_asks_once_for_several_readers(self, family: Family, ports: CityPorts) -> None:
        asked = 0
        draft = await drafts.open_case(family.mother, NewCase(MATTER, family.child))

        class Counting:
            async def birth_certificate(self, asking: object, number: str) -> object:
                nonlocal asked
                asked += 1
                await asyncio.sleep(1)
                return await ports.health.birth_certificate(asking, number)  # type: ignore[arg-type]

        birth.register(ports.police, Counting())  # type: ignore[arg-type]
        await asyncio.gather(*(prefilling.refresh(family.mother, draft.id, 3) for _ in range(4)))

        assert asked == 1

    async def test_survives_a_department_that_breaks_in_a_new_way(self, family: Family, ports: CityPorts) -> None:
        class Broken:
            async def birth_certificate(self, asking: object, number: str) -> object:
                raise ZeroDivisionError

        birth.register(ports.police, Broken())  # type: ignore[arg-type]

        assert values(await opened(family)) == {}

    async def test_leaves_what_the_citizen_wrote(self, family: Family) -> None:
        draft = await a_draft(family)
        await drafts.change(family.mother, draft.id, draft.version, FormChange({"child_name": "林一"}))

        assert values(await opened(family))["child_name"] == "林一"

    async def test_knows_no_strangers_case(self, family: Family) -> None:
        draft = await a_draft(family)

        with pytest.raises(CaseNotFound):
            await prefilling.refresh(await a_citizen(), draft.id, 3)
