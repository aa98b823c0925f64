"""Every process killed at once in the middle of a day: what was acknowledged is there, once, and what wasn't can be asked again."""

import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

from demo.report import NotSo
from demo.scene import Mother, Scene, everything
from demo.steps import application, arrival, card, decision, family, trust
from demo.terminals import Payment, Terminal
from demo.web import eventually, good
from tests.makers.product import Product, a_running_product

PRICE_FEN = 7
A_JOB_IS_TAKEN_UP_AGAIN = 60
"""Seconds, generously; ten seconds after its worker died, another takes a job up."""


@pytest.fixture
def product(tmp_path: Path) -> Any:
    with a_running_product(tmp_path) as product:
        yield product


class Till:
    """A terminal that takes payment after payment until nobody answers any more."""

    def __init__(self, scene: Scene, mother: Mother, terminal: Terminal) -> None:
        self.receipts: list[dict[str, Any]] = []
        self.unanswered: Payment | None = None
        self._scene, self._mother, self._terminal = scene, mother, terminal
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def wait_for(self, payments: int) -> None:
        ends = time.monotonic() + 30
        while len(self.receipts) < payments:
            assert time.monotonic() < ends, "the till stands still"
            time.sleep(0.005)

    def closed(self) -> "Till":
        self._thread.join(30)
        return self

    def _work(self) -> None:
        try:
            while True:
                code = self._scene.portal.get("/v1/card/code", self._mother.holder)["code"]
                self.unanswered = self._terminal.order(code, PRICE_FEN)
                self.receipts.append(good(self._terminal.pay(self.unanswered)))
                self.unanswered = None
        except (NotSo, httpx.HTTPError):
            return


class Morning:
    """A mother with a card, twenty yuan on it, and a case that an officer has just approved."""

    def __init__(self, scene: Scene) -> None:
        self.trust, keys = trust.meet(scene)
        self.mother = arrival.sign_in(scene, keys)
        arrival.prove_real_name(scene, self.mother)
        device = arrival.enrol_phone(scene, self.trust, self.mother)
        child = family.birth(scene, self.mother)
        draft = application.fill_in(scene, self.mother, child)
        card.open_and_top_up(scene, self.trust, self.mother)
        self.balance_fen: int = scene.portal.get("/v1/card", self.mother.holder)["balance_fen"]
        self.terminal = self.terminal_at(scene)
        self.case = application.submit(scene, self.mother, draft, device["certificate"])
        decision.decide(scene, self.trust, scene.officer(), self.case)

    def terminal_at(self, scene: Scene) -> Terminal:
        terminal = scene.terminal(self.trust)
        terminal.sign_on()
        return terminal


def paid(scene: Scene, mother: Mother) -> list[dict[str, Any]]:
    moved = everything(scene.portal, "/v1/card/transactions", mother.holder)
    return [one for one in moved if one["kind"] == "payment"]


def told(scene: Scene, mother: Mother) -> Counter[tuple[str, str]]:
    notices = everything(scene.portal, "/v1/inbox", mother.holder)
    return Counter((one["kind"], one["about_id"]) for one in notices)


@pytest.mark.long
class TestPowerFailure:
    def test_loses_nothing_and_does_nothing_twice(self, product: Product) -> None:
        with product.scene as before:
            morning = Morning(before)
            till = Till(before, morning.mother, morning.terminal)
            till.wait_for(5)
            product.kill()
            till.closed()

        product.start()

        with product.scene as scene:
            receipts = till.receipts
            if till.unanswered is not None:
                receipts.append(good(morning.terminal_at(scene).pay(till.unanswered)))
            money_is_right(scene, morning, receipts)
            case_is_done_once(scene, morning)
            everything_is_told_once(scene, morning, [one["receipt"]["id"] for one in receipts])
        assert product.demo().returncode == 0


def money_is_right(scene: Scene, morning: Morning, receipts: list[dict[str, Any]]) -> None:
    expected = [one["receipt"]["id"] for one in receipts]
    assert sorted(one["id"] for one in paid(scene, morning.mother)) == sorted(expected)
    left = scene.portal.get("/v1/card", morning.mother.holder)["balance_fen"]
    assert left == morning.balance_fen - PRICE_FEN * len(expected)
    kept = [scene.portal.get(f"/v1/card/transactions/{one}/receipt", morning.mother.holder) for one in expected]
    assert kept == receipts


def case_is_done_once(scene: Scene, morning: Morning) -> None:
    path = f"/v1/cases/{morning.case['id']}"
    eventually(
        "the licence", lambda: scene.portal.get(path, morning.mother.holder)["licence_ids"], A_JOB_IS_TAKEN_UP_AGAIN
    )
    decision.licence(scene, morning.trust, morning.mother, morning.case)
    events = [one["what"] for one in scene.portal.get(f"{path}/events", morning.mother.holder)["items"]]
    assert events == ["open", "submit", "claim", "accept", "approve", "issue"]
    assert len(everything(scene.portal, "/v1/licences", morning.mother.holder)) == 1


def everything_is_told_once(scene: Scene, morning: Morning, payments: list[str]) -> None:
    case = morning.case["id"]
    about = [("case.submitted", case), ("case.accepted", case), ("case.issued", case)]
    about += [("card.paid", one) for one in payments]
    eventually("every notice", lambda: all(told(scene, morning.mother)[one] for one in about), A_JOB_IS_TAKEN_UP_AGAIN)
    assert set(told(scene, morning.mother).values()) == {1}
