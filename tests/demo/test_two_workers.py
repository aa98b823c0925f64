"""What was revoked is refused by every worker within a minute; asked for over HTTP, of a product with two of them.

Starting it is the expensive part, so one test does all that every run needs.
"""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from demo.certificates import read_chain
from demo.officers import SignedIn
from demo.scene import Mother
from demo.steps import application, arrival, card, family, trust
from demo.terminals import Terminal
from demo.web import good, refused
from tests.makers.afresh import SOCKETS, WITHIN_SECONDS, WORKERS, Afresh, Ask, let_in, seconds_until_refused
from tests.makers.product import a_running_product
from tests.makers.town import Town
from tests.makers.townspeople import Townspeople

pytestmark = pytest.mark.skipif(not SOCKETS.exists(), reason="which process holds a connection is told by Linux only")
PRICE_FEN = 7
A_CODE_LATER_SECONDS = 30
AT_ONCE = 0
"""Within no second: nobody was let in once more. A minute is what is promised, and what lists of revoked certificates need."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("two-workers")
    settings = {"FUHAI_WORKERS": str(WORKERS), "FUHAI_CITY_PEOPLE": "100"}
    with a_running_product(folder, **settings) as product, product.scene as scene:
        trusted, _ = trust.meet(scene)
        yield Town(product, scene, Afresh(product), trusted, Townspeople(scene))


class TestEveryWorker:
    def test_refuses_the_very_next_request_of_who_was_revoked(self, town: Town) -> None:
        a_removed_device_is_out(town)
        a_revoked_power_serves_no_more(town)
        a_withdrawn_right_is_gone(town)


@pytest.mark.long
class TestEveryDoor:
    """The terminal's is last: nobody can pay there afterwards."""

    def test_is_closed_to_sessions_that_were_ended_everywhere(self, town: Town) -> None:
        mother = town.people.somebody()
        elsewhere = town.people.without_key(mother)
        asks = [town.get("/v1/me", by) for by in (mother.holder, elsewhere)]
        for ask in asks:
            let_in(town.portal, ask)

        town.scene.portal.post("/v1/me/sessions/end-all", mother.holder, {"keep_this_one": False})

        assert [seconds_until_refused(town.portal, "session_over", ask) for ask in asks] == [AT_ONCE, AT_ONCE]

    def test_is_closed_to_an_officer_who_was_dismissed(self, town: Town) -> None:
        caseworker, system = town.officer("GAJ-1002"), town.officer("DSJ-2001")
        ask = town.get("/v1/officer/desk", caseworker)
        let_in(town.portal, ask)

        town.scene.portal.post(f"/v1/officer/officers/{caseworker.id}/dismiss", system)

        assert seconds_until_refused(town.portal, "session_over", ask) == AT_ONCE
        assert town.seconds_until_ocsp_says_so(town.scene.officer("GAJ-1002").chain[0]) < WITHIN_SECONDS
        again = town.scene.officer("GAJ-1002").attempt(town.scene.portal, time.time() + A_CODE_LATER_SECONDS)
        assert refused(again, 401, "sign_in_refused")

    def test_is_closed_to_whoever_acts_for_a_frozen_identity(self, town: Town) -> None:
        mother, delegate = town.people.somebody(), town.people.somebody()
        without_key = town.people.without_key(mother)
        device = arrival.enrol_phone(town.scene, town.trust, mother)
        card.open_and_top_up(town.scene, town.trust, mother)
        a_power(town, mother, delegate)
        submit = an_application(town, mother, device["certificate"])
        terminal, code = town.terminal(), town.code(mother)
        for_her = town.get("/v1/card", delegate.holder, mother.id)
        asks = [town.get("/v1/me", mother.holder), town.get("/v1/me", without_key)]
        for ask in (*asks, for_her):
            let_in(town.portal, ask)
        good(terminal.pay(terminal.order(town.code(mother), PRICE_FEN)))

        town.scene.portal.post("/v1/me/identity/freeze", without_key, {})

        for ask in (*asks, submit):
            assert seconds_until_refused(town.portal, "identity_frozen", ask) == AT_ONCE
        assert seconds_until_refused(town.portal, "power_unknown", for_her) == AT_ONCE
        assert seconds_until_refused(town.portal, "payer_frozen", paying(terminal, code)) == AT_ONCE

    def test_has_the_list_on_which_a_removed_device_stands(self, town: Town) -> None:
        mother = town.people.somebody()
        elsewhere = town.people.without_key(mother)
        device = arrival.enrol_phone(town.scene, town.trust, mother)
        certificate = read_chain(device["certificate"])[0]
        with town.portal.by_every_worker():
            assert [town.is_listed(certificate) for _ in range(20)] == [False] * 20

        town.scene.portal.send("DELETE", f"/v1/me/devices/{device['device']['id']}", elsewhere)

        assert town.seconds_until_listed(certificate) < WITHIN_SECONDS

    def test_is_closed_to_a_terminal_whose_certificate_was_revoked(self, town: Town) -> None:
        mother = town.people.somebody()
        card.open_and_top_up(town.scene, town.trust, mother)
        terminal = town.terminal()
        with town.portal.by_every_worker():
            for _ in range(20):
                good(terminal.pay(terminal.order(town.code(mother), PRICE_FEN)))
        code = town.code(mother)

        serial = f"{terminal.chain[0].serial_number:x}"
        revoked = town.product.fuhai("pki", "revoke", serial, "--reason", "key-compromise")

        assert revoked.returncode == 0, revoked.stderr
        assert seconds_until_refused(town.portal, "terminal_closed", paying(terminal, code)) == AT_ONCE
        assert town.seconds_until_ocsp_says_so(terminal.chain[0]) < WITHIN_SECONDS
        assert town.seconds_until_listed(terminal.chain[0]) < WITHIN_SECONDS


def a_removed_device_is_out(town: Town) -> None:
    mother = town.people.somebody()
    elsewhere = town.people.without_key(mother)
    device = arrival.enrol_phone(town.scene, town.trust, mother)
    ask = town.get("/v1/me", mother.holder)
    let_in(town.portal, ask)

    removed = town.scene.portal.send("DELETE", f"/v1/me/devices/{device['device']['id']}", elsewhere)

    assert removed.is_success
    assert seconds_until_refused(town.portal, "session_over", ask) == AT_ONCE
    assert town.seconds_until_ocsp_says_so(read_chain(device["certificate"])[0]) < WITHIN_SECONDS
    assert town.scene.portal.get("/v1/me", elsewhere)["id"] == mother.id


def a_revoked_power_serves_no_more(town: Town) -> None:
    giver, delegate = town.people.somebody(), town.people.somebody()
    power = a_power(town, giver, delegate)
    ask = town.get("/v1/card", delegate.holder, giver.id)
    town.scene.portal.post("/v1/card", giver.holder)
    let_in(town.portal, ask)

    revoked = town.scene.portal.send("DELETE", f"/v1/me/delegations/{power['id']}", giver.holder)

    assert revoked.is_success
    assert seconds_until_refused(town.portal, "power_unknown", ask) == AT_ONCE


def a_withdrawn_right_is_gone(town: Town) -> None:
    caseworker, security = town.officer("GAJ-1001"), town.officer("DSJ-2002")
    audience = {"audience": {"is": "living_in", "divisions": ["370602"]}}
    ask = town.post("/v1/officer/audiences/preview", caseworker, audience)
    let_in(town.portal, ask)

    withdraw(town, security, caseworker, "campaign.prepare")

    assert seconds_until_refused(town.portal, "no_right", ask) == AT_ONCE
    assert town.scene.portal.get("/v1/officer/me", caseworker)["id"] == caseworker.id


def a_power(town: Town, giver: Mother, delegate: Mother) -> dict[str, Any]:
    """A power to see the giver's card, accepted."""
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    offer = {
        "delegate_name": delegate.name,
        "delegate_phone": delegate.phone,
        "scopes": ["card.read"],
        "valid_from": today.isoformat(),
        "valid_to": (today + timedelta(days=30)).isoformat(),
    }
    power: dict[str, Any] = town.scene.portal.post("/v1/me/delegations", giver.holder, offer)
    town.scene.portal.post(f"/v1/me/delegations/{power['id']}/accept", delegate.holder)
    return power


def paying(terminal: Terminal, code: str) -> Ask:
    """To pay with one code, again and again."""
    return lambda: terminal.ask(terminal.order(code, PRICE_FEN))


def an_application(town: Town, mother: Mother, device_pem: str) -> Ask:
    """An application that could be submitted at once, signed by her phone."""
    child = family.birth(town.scene, mother)
    draft = application.fill_in(town.scene, mother, child)
    path = f"/v1/cases/{draft['id']}"
    payload = town.scene.portal.send("GET", f"{path}/signing-input", mother.holder).content
    return town.post(
        f"{path}/submit", mother.holder, {"signature": mother.key.detached_jws(payload, read_chain(device_pem))}
    )


def withdraw(town: Town, security: SignedIn, officer: SignedIn, action: str) -> None:
    """Have the security administrator withdraw every right of an officer to do something."""
    path = f"/v1/officer/officers/{officer.id}/grants"
    for held in town.scene.portal.get(path, security)["items"]:
        if held["action"] == action:
            town.scene.portal.post(f"{path}/{held['id']}/withdraw", security, {"reason": "调岗"})
