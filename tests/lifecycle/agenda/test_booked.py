"""Appointments stand on the agenda: one's own and one's wards', as long as they are to come."""

import httpx
import pytest

from lifecycle.appointments import booking
from tests.makers.appointments import a_slot, booked
from tests.makers.callers import headers
from tests.makers.people import a_citizen, a_guardian_of, a_newborn

pytestmark = pytest.mark.usefixtures("app")


class TestAgenda:
    async def test_names_when_and_where_for_oneself_and_wards(self, http: httpx.AsyncClient) -> None:
        child = await a_newborn()
        mother = await a_guardian_of(child)
        own, childs = await booked(mother, await a_slot()), await booked(mother, await a_slot(), person_id=child)

        items = (await http.get("/v1/me/agenda", headers=await headers(mother))).json()["items"]

        found = {one["appointment_id"]: one for one in items if one["appointment_id"]}
        assert {key: one["subject_id"] for key, one in found.items()} == {
            str(own.id): str(mother.id),
            str(childs.id): str(child),
        }
        assert own.code in found[str(own.id)]["why"]["zh"]
        assert found[str(own.id)]["title"]["zh"] == "预约：结婚登记"

    async def test_leaves_out_a_place_in_a_line_and_what_was_cancelled(self, http: httpx.AsyncClient) -> None:
        waiting, cancelling, slot = await a_citizen(2), await a_citizen(2), await a_slot()
        taken = await booked(cancelling, slot)
        await booked(waiting, slot, wait=True)
        await booking.cancel(cancelling, taken.id)

        for citizen in (waiting, cancelling):
            assert (await http.get("/v1/me/agenda", headers=await headers(citizen))).json()["items"] == []
