"""Citizens and officers of a town who apply, decide and book over HTTP until they are told to stop; what was acknowledged is noted."""

import queue
import random
import secrets
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from demo.certificates import read_chain
from demo.officers import SignedIn
from demo.report import require
from demo.scene import Mother, Scene
from demo.steps.family import REGISTRATION
from demo.web import Caller, eventually, good
from tests.makers.insistent import Insistent, code_of

PATIENCE: Final = 150
_AGAIN: Final = 2 / 3
DECIDING: Final = ("claim", "accept", "approve")


@dataclass(frozen=True)
class Acknowledged:
    """An act that the portal said it had done: how it was asked for, and what was answered."""

    by: Caller
    path: str
    body: object
    key: str
    answer: dict[str, Any]


@dataclass
class Notes:
    """What was acknowledged, by everybody."""

    opened: list[Acknowledged] = field(default_factory=list)
    submitted: list[Acknowledged] = field(default_factory=list)
    decided: list[Acknowledged] = field(default_factory=list)
    booked: list[Acknowledged] = field(default_factory=list)
    cancelled: set[str] = field(default_factory=set)
    certificates: dict[str, str] = field(default_factory=dict)
    """Of each submitted case, its child's birth certificate."""


class Person(threading.Thread):
    """Somebody who does one thing after the other until the day is over; what went wrong is kept."""

    def __init__(self, name: str, scene: Scene, notes: Notes, over: threading.Event) -> None:
        super().__init__(name=name, daemon=True)
        self.portal = Insistent(scene.portal.origin)
        self.scene, self.notes, self.over = scene, notes, over
        self.wrong: str | None = None

    def run(self) -> None:
        """Live until the day is over."""
        try:
            self.live()
        except BaseException:  # noqa: BLE001 - the test says it
            self.wrong = f"{self.name}: {traceback.format_exc()}"
        finally:
            self.portal.close()

    def live(self) -> None:
        """What this person does."""
        raise NotImplementedError

    def act(self, by: Caller, path: str, body: object = None) -> tuple[httpx.Response, Acknowledged | None]:
        """Do something under a key of its own; gives the answer, and the note of it if it was done."""
        key = secrets.token_hex(16)
        answer = self.portal.send("POST", path, by, body=body, fields={"Idempotency-Key": key})
        return answer, Acknowledged(by, path, body, key, answer.json()) if answer.is_success else None

    def done(self, by: Caller, path: str, body: object = None) -> Acknowledged:
        """Do something that nothing speaks against."""
        answer, note = self.act(by, path, body)
        good(answer)
        assert note is not None
        return note


class Applicant(Person):
    """A mother who has children, applies for their registration, and books and cancels an appointment in between."""

    def __init__(
        self, mother: Mother, certificate: str, slots: list[str], waiting: "queue.Queue[str | None]", **rest: Any
    ) -> None:
        super().__init__(mother.name, **rest)
        self.mother, self.chain = mother, read_chain(certificate)
        self.slots, self.waiting = slots, waiting
        self.dice = random.Random(mother.id_number)
        self.wards = {one["id"] for one in self._wards()}

    def live(self) -> None:
        while not self.over.is_set():
            self.apply(self.a_child())
            while not self.over.is_set() and self.appointment():
                pass

    def a_child(self) -> dict[str, Any]:
        """A child is born, and the portal has heard of it."""
        certificate = self.scene.city.deliver(self.mother.id_number)
        child: dict[str, Any] = eventually("the child", self._newborn, PATIENCE)
        self.wards.add(child["id"])
        return {**child, "certificate_no": certificate["certificate_no"]}

    def apply(self, child: dict[str, Any]) -> None:
        """Open a draft, fill it in, sign it and hand it in."""
        by = self.mother.holder
        opened = self.done(by, "/v1/cases", {"matter_code": REGISTRATION, "subject_id": child["id"]})
        self.notes.opened.append(opened)
        path = f"/v1/cases/{opened.answer['id']}"
        self._fill_in(path)
        payload = self.portal.send("GET", f"{path}/signing-input", by).content
        submitted = self.done(by, f"{path}/submit", {"signature": self.mother.key.detached_jws(payload, self.chain)})
        self.notes.certificates[submitted.answer["id"]] = child["certificate_no"]
        self.notes.submitted.append(submitted)
        self.waiting.put(submitted.answer["id"])

    def appointment(self) -> bool:
        """Book a place in one of a few slots, or get in line, and give it up again, until the dice say enough.

        Who is told that the day is over keeps what they have.
        """
        slot = self.dice.choice(self.slots)
        answer, note = self.act(self.mother.holder, "/v1/appointments", {"slot_id": slot})
        if code_of(answer) == "slot_full":
            answer, note = self.act(self.mother.holder, "/v1/appointments", {"slot_id": slot, "wait": True})
        if code_of(answer) in {"slot_full", "slot_has_places"}:
            return True
        good(answer)
        assert note is not None
        self.notes.booked.append(note)
        if self.over.is_set():
            return False
        good(self.portal.send("DELETE", f"/v1/appointments/{note.answer['id']}", self.mother.holder))
        self.notes.cancelled.add(note.answer["id"])
        return self.dice.random() < _AGAIN

    def _fill_in(self, path: str) -> None:
        """Give the child a name; a change that was made though its answer was lost is recognised."""
        known = eventually("what departments know", lambda: self._known(path), PATIENCE)
        form = {"child_name": f"{self.mother.name[0]}安宁", "follow": known, "ethnicity_code": "01"}
        while True:
            shown = self.portal.send("GET", path, self.mother.holder)
            given = {one["name"]: one["value"] for one in good(shown)["fields"]}
            if given | form == given:
                return
            tag = {"If-Match": shown.headers["etag"]}
            answer = self.portal.send("PATCH", path, self.mother.holder, body={"form": form}, fields=tag)
            require(answer.is_success or code_of(answer) == "case_changed", f"{path}: {answer.text}")

    def _known(self, path: str) -> str | None:
        """Whom the child can follow, once hospital and police have said all that they know."""
        shown = self.portal.get(path, self.mother.holder)
        known = {one["name"] for one in shown["fields"] if one["value"] is not None}
        found = [parent for parent in ("mother", "father") if f"{parent}_household" in known]
        return found[0] if "certificate_no" in known and found and not shown["unavailable"] else None

    def _newborn(self) -> dict[str, Any] | None:
        return next((one for one in self._wards() if one["id"] not in self.wards), None)

    def _wards(self) -> list[dict[str, Any]]:
        family = self.portal.get("/v1/me/family", self.mother.holder)["items"]
        return [one for one in family if "ward" in one["relations"] and one["may_act_for"]]


class Caseworker(Person):
    """An officer who decides whatever was handed in, until nobody hands in any more (nothing in the queue)."""

    def __init__(self, officer: SignedIn, waiting: "queue.Queue[str | None]", **rest: Any) -> None:
        super().__init__(officer.name, **rest)
        self.officer, self.waiting = officer, waiting

    def live(self) -> None:
        while (case := self.waiting.get()) is not None:
            for verb in DECIDING:
                self.notes.decided.append(self.done(self.officer, f"/v1/officer/cases/{case}/{verb}"))


def all_at_work(applicants: list[Applicant], caseworkers: list[Caseworker], work: Callable[[], None]) -> None:
    """Have everybody live while something goes on; then let each finish, and say what went wrong."""
    everybody: list[Person] = [*applicants, *caseworkers]
    for one in everybody:
        one.start()
    try:
        work()
    finally:
        applicants[0].over.set()
    for applicant in applicants:
        applicant.join(2 * PATIENCE)
    for caseworker in caseworkers:
        caseworker.waiting.put(None)
    for caseworker in caseworkers:
        caseworker.join(2 * PATIENCE)
    wrong = [one.wrong or f"{one.name} didn't come to an end" for one in everybody if one.wrong or one.is_alive()]
    assert not wrong, "\n".join(wrong)
