"""Deaths, custody and guardianship: decided in the city, signed by whose duty it is, and remembered."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.kernel import clock
from app.keys.algorithms import verifying_key
from app.keys.request_signatures import Request
from integrations.city.keys import CityKeys, read_p256_key
from integrations.departments.civil_affairs import CustodyDecision, GuardianshipDecision
from integrations.departments.police import Death
from integrations.exchange.messages import Pushed, verify_push
from tests.integrations.city.test_pay_platform import Portal, a_portal
from tests.makers.city import FATHER, MOTHER, STRANGER, Town, a_town


def told_by(department: str, portal: Portal, keys: CityKeys) -> Pushed:
    """The first call, if it was signed by that department."""
    key = verifying_key(read_p256_key(keys.department_key(department)).public_key())
    keyid = f"{department}.dept.fuhai.example"
    headers, body = portal.calls[0]
    request = Request("POST", f"{portal.url}/v1/exchange/events", headers, body)
    return verify_push(request, {keyid: key}.get, {keyid: department.upper()}, clock.now())


class TestDeath:
    async def test_is_told_by_the_police_and_outlives_a_restart(self, prepared: Path) -> None:
        async with a_portal() as portal, a_town(prepared, portal=portal.url) as town:
            said = await town.control("POST", "deaths", id_number=FATHER)
            await portal.called(1)
            pushed = told_by("gaj", portal, town.keys).push
        async with a_town(prepared) as town:
            again = await town.control("POST", "deaths", id_number=FATHER)

        assert (said.status_code, again.status_code) == (201, 404)
        assert pushed.kind == "person_died"
        death = msgspec.json.decode(bytes(pushed.body), type=Death)
        assert (death.id_number, death.died_on) == (FATHER, clock.today())

    async def test_needs_somebody_who_lives_here(self, town: Town) -> None:
        assert (await town.control("POST", "deaths", id_number=STRANGER)).status_code == 404


class TestCivilAffairs:
    async def test_tells_of_custody(self, prepared: Path) -> None:
        async with a_portal() as portal, a_town(prepared, portal=portal.url) as town:
            birth = await _born_before(town, portal)
            child = {"birth_certificate_no": birth["certificate_no"]}
            said = await town.control("POST", "custody", child=child, custodians=[MOTHER])
            await portal.called(1)
            pushed = told_by("mzj", portal, town.keys).push

        assert (said.status_code, pushed.kind) == (201, "custody_changed")
        decision = msgspec.json.decode(bytes(pushed.body), type=CustodyDecision)
        assert [one.id_number for one in decision.custodians] == [MOTHER]
        assert decision.child.birth_certificate_no == birth["certificate_no"]

    @pytest.mark.parametrize("change", ["appointed", "revoked", "adopted"])
    async def test_tells_of_guardianship(self, prepared: Path, change: str) -> None:
        async with a_portal() as portal, a_town(prepared, portal=portal.url) as town:
            await town.control("POST", "guardianship", change=change, ward={"id_number": MOTHER}, guardians=[FATHER])
            await portal.called(1)
            pushed = told_by("mzj", portal, town.keys).push

        assert pushed.kind == "guardianship_changed"
        decision = msgspec.json.decode(bytes(pushed.body), type=GuardianshipDecision)
        assert (decision.change, decision.ward.id_number) == (change, MOTHER)

    @pytest.mark.parametrize(
        ("order", "status"),
        [
            ({"child": {"id_number": STRANGER}, "custodians": [MOTHER]}, 404),
            ({"child": {"birth_certificate_no": "Y379999999"}, "custodians": [MOTHER]}, 404),
            ({"child": {"id_number": MOTHER}, "custodians": [STRANGER]}, 404),
            ({"child": {}, "custodians": [MOTHER]}, 400),
            ({"child": {"id_number": MOTHER}, "custodians": []}, 400),
        ],
    )
    async def test_decides_about_who_is_known(self, town: Town, order: dict[str, Any], status: int) -> None:
        assert (await town.control("POST", "custody", **order)).status_code == status


async def _born_before(town: Town, portal: Portal) -> dict[str, object]:
    """A child whose birth was told already."""
    birth = await town.birth()
    await portal.called(1)
    portal.calls.clear()
    return birth
