"""Every matter that can be booked, by the calendars that the city's departments tell: listed, booked, checked in at the counter, given back."""

from uuid import UUID

import httpx
import pytest

from app.kernel.actors import Citizen
from lifecycle.appointments import calendars
from lifecycle.catalogue import published
from lifecycle.catalogue.structs import Kind, Matter
from tests.makers.appointments import move_to_today
from tests.makers.callers import an_enrolled_officer, signed_in
from tests.makers.cases import CityPorts
from tests.makers.people import a_citizen, a_grant

pytestmark = pytest.mark.usefixtures("app")


def bookable() -> list[Matter]:
    """Every one but vaccinations, which are booked by dose for a child that is known (tests of birth)."""
    return [one for one in published.catalogue().matters if Kind.BOOK in one.live and one.code != "infant_immunization"]


async def booked(http: httpx.AsyncClient, citizen: Citizen, matter: str) -> dict[str, str]:
    """A citizen's appointment at the last of the times that are listed first."""
    sent = await signed_in(citizen)
    listed = await http.get(f"/v1/appointments/slots?matter={matter}", auth=sent)
    slot = listed.json()["items"][-1]
    answer = await http.post("/v1/appointments", json={"slot_id": slot["id"]}, auth=sent)
    assert answer.status_code == 201, (matter, answer.text)
    told: dict[str, str] = answer.json() | {"slot_id": slot["id"]}
    return told


class TestEveryMatter:
    async def test_is_listed_booked_and_given_back(self, http: httpx.AsyncClient, ports: CityPorts) -> None:
        await calendars.ask_departments(ports.registers)
        assert len(bookable()) > 20

        for matter in bookable():
            citizen = await a_citizen(max(2, matter.level))
            one = await booked(http, citizen, matter.code)
            back = await http.delete(f"/v1/appointments/{one['id']}", auth=await signed_in(citizen))

            assert (back.status_code, back.json()["state"]) == (200, "cancelled"), matter.code

    async def test_is_checked_in_by_its_own_department_only(self, http: httpx.AsyncClient, ports: CityPorts) -> None:
        await calendars.ask_departments(ports.registers)

        for matter in bookable():
            citizen = await a_citizen(max(2, matter.level))
            one = await booked(http, citizen, matter.code)
            await move_to_today(UUID(one["id"]), UUID(one["slot_id"]))
            code, own = {"code": one["code"]}, matter.department.code
            officer = await an_enrolled_officer(a_grant("receive"), department=own)
            other = await an_enrolled_officer(a_grant("receive"), department="GAJ" if own != "GAJ" else "MZJ")
            address = "/v1/officer/appointments/check-in"

            elsewhere = await http.post(address, json=code, headers=other.headers)
            here = await http.post(address, json=code, headers=officer.headers)

            assert elsewhere.json()["code"] == "appointment_unknown", matter.code
            assert (here.status_code, here.json()["matter_code"]) == (200, matter.code)
