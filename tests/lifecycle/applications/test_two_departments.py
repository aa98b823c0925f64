"""A decision that two departments carry out, one after the other: what the first did stands, whatever becomes of the second."""

import asyncio
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from app.kernel import clock
from integrations.departments.property_titles import TITLES
from integrations.exchange.errors import DepartmentUnavailable
from lifecycle.cases import carrying_out, reading
from lifecycle.cases.forms import Approved
from lifecycle.cases.parts_done import PartDone, done_since_reopened
from lifecycle.cases.states import State
from lifecycle.housing.title_change import PropertyChange
from lifecycle.housing.title_change_form import TitleChangeForm
from tests.makers.applying import (
    Applied,
    carried_out,
    told_of,
)
from tests.makers.cases import a_fault, the_case
from tests.makers.city import Town
from tests.makers.title_changes import approved, happened_to, the_matter, titles_held, turn_of


class TestTwoDepartments:
    async def test_each_in_its_turn_and_what_the_first_did_is_kept_while_the_second_is_away(
        self, large_town: Town
    ) -> None:
        applied = await approved()
        assert await turn_of(applied) == "SWJ"

        async with a_fault(large_town, party="swj", outage=True):
            with pytest.raises(DepartmentUnavailable):
                await carried_out(applied)
        assert await turn_of(applied) == "SWJ"
        assert await happened_to(applied, "part_done") == []

        async with a_fault(large_town, party="zrzy", outage=True):
            for _ in range(2):
                with pytest.raises(DepartmentUnavailable):
                    await carried_out(applied)
        assert (await the_case(applied.case.id)).state is State.APPROVED
        assert await turn_of(applied) == "ZRZY"
        (title,) = await happened_to(applied, "part_done")
        assert "税务局" in title

        async with a_fault(large_town, party="swj", outage=True):
            assert await carried_out(applied) is State.ISSUED
        assert await turn_of(applied) is None
        assert len(await happened_to(applied, "part_done")) == 1
        assert len(await titles_held(applied)) == 1

    async def test_a_refusal_of_the_second_goes_back_to_the_officer_and_undoes_nothing_of_the_first(
        self, large_town: Town
    ) -> None:
        applied = await approved()
        async with a_fault(large_town, party="zrzy", outage=True):
            with pytest.raises(DepartmentUnavailable):
                await carried_out(applied)
        await registered_otherwise(large_town, applied)

        assert await carried_out(applied) is State.REVIEWING

        happened = (await reading.events(applied.citizen, applied.case.id)).items
        assert (happened[-1].what, happened[-1].reason) == ("reopen", "title_superseded")
        assert len(await happened_to(applied, "part_done")) == 1
        assert await titles_held(applied) == []
        assert await turn_of(applied) is None

    async def test_run_twice_at_once_each_does_its_part_once(self) -> None:
        applied = await approved()

        await asyncio.gather(*(carried_out(applied) for _ in range(2)))

        assert (await the_case(applied.case.id)).state is State.ISSUED
        assert len(await happened_to(applied, "part_done")) == 1
        assert len(await titles_held(applied)) == 1

    async def test_of_a_case_that_went_back_meanwhile_the_second_isnt_told(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        applied = await approved()
        first = PropertyChange.carry_out_first

        async def goes_back_meanwhile(matter: PropertyChange, told: Approved) -> PartDone | None:
            part = await first(matter, told)
            await carrying_out._reopen(await the_case(applied.case.id), "meanwhile")
            return part

        monkeypatch.setattr(PropertyChange, "carry_out_first", goes_back_meanwhile)

        assert await carried_out(applied) is State.REVIEWING
        assert await happened_to(applied, "part_done") == []
        told = await told_of(TITLES, applied.person.id_number)
        assert told is not None
        assert any(one.dead_owners for one in told.titles)

    def test_what_was_done_before_a_case_went_back_is_asked_for_anew(self) -> None:
        tax, other = PartDone("SWJ", "tax", {"no": "1"}), PartDone("GAJ", "other", {})

        assert done_since_reopened([("approve", None), ("part_done", tax)]) == {"tax": {"no": "1"}}
        assert done_since_reopened([("part_done", tax), ("reopen", None), ("part_done", other)]) == {"other": {}}
        assert done_since_reopened([]) == {}


async def registered_otherwise(town: Town, applied: Applied) -> None:
    """Let the registry enter the same inheritance on another case, as a co-heir would have brought about."""
    values = {one.name: one.value for one in (await reading.show(applied.citizen, applied.case.id)).fields}
    form = msgspec.convert({name: value for name, value in values.items() if value is not None}, TitleChangeForm)
    number, matter = f"YT{clock.now():%H%M%S%f}", the_matter()

    async def placed(department: str, service: str, parts: Mapping[str, Any]) -> dict[str, Any]:
        said = await town.ask(department, service, case_number=number, id_number=form.id_number, **parts)
        assert said.status == "ok", said.reason
        told: dict[str, Any] = msgspec.json.decode(said.body or b"")["told"]
        return told

    tax = await placed("swj", "certify_deed_tax", matter.first[0].parts(form))
    await placed("zrzy", "change_title", matter.parts_after(form, {"certify_deed_tax": tax}))
