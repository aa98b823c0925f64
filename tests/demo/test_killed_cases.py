"""Processes killed at random moments while people apply, decide and book: whatever was acknowledged is there, and everything once."""

import asyncio
import json
import queue
import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import asyncpg
import pytest

from demo.scene import Scene
from demo.steps import arrival, trust
from demo.web import Caller, eventually, good
from tests.makers.insistent import Insistent
from tests.makers.mortal import PROCESSES, Mortal
from tests.makers.townslife import Acknowledged, Applicant, Caseworker, Notes, all_at_work
from tests.makers.townspeople import Townspeople

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not PROCESSES.exists(), reason="which processes the server has is told by Linux only"),
]
KILLS: Final = 20
PAUSES: Final = (0.5, 4.0)
APPLICANTS: Final = 6
CONTENDED: Final = 2
SLOTS_WITHIN: Final = 90
DRAINED_WITHIN: Final = 120
STEPS: Final = ["open", "submit", "claim", "accept", "approve", "issue"]
ACTS: Final = {"case_submitted", "case_claimed", "case_accepted", "case_approved", "case_issued"}
KEPT: Final = (
    "CREATE TABLE told (id uuid, kind text, subject_id uuid)",
    """
    CREATE FUNCTION keep_told() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    BEGIN INSERT INTO told VALUES (NEW.id, NEW.kind, NEW.subject_id); RETURN NULL; END $$
    """,
    "CREATE TRIGGER told_is_kept AFTER INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION keep_told()",
)
"""The outbox forgets what it delivered; here it is kept, to be compared."""
TOLD: Final = ["case.submitted", "case.accepted", "case.issued", "appointment.booked", "appointment.cancelled"]


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Mortal]:
    product = Mortal(tmp_path)
    product.start()
    try:
        yield product
    finally:
        product.stop()


def query(product: Mortal, sql: str, *arguments: object) -> list[Any]:
    """Ask the database as its owner, whom row security doesn't narrow."""

    async def ask() -> list[Any]:
        connection = await asyncpg.connect(product.database)
        try:
            return await connection.fetch(sql, *arguments)
        finally:
            await connection.close()

    return asyncio.run(ask())


def the_people(scene: Scene, notes: Notes) -> tuple[list[Applicant], list[Caseworker]]:
    """Mothers with phones that sign, and two officers, all signed in."""
    trusted, _ = trust.meet(scene)
    town, over = Townspeople(scene), threading.Event()
    waiting: queue.Queue[str | None] = queue.Queue()
    rest = {"scene": scene, "notes": notes, "over": over}
    officers = [card.sign_in(scene.portal, scene.report.say) for card in scene.officers("GAJ")[:2]]
    somebody = town.somebody()
    slots = eventually("slots to book", lambda: contended(scene, somebody.holder), SLOTS_WITHIN)
    applicants = []
    for _ in range(APPLICANTS):
        mother = town.somebody()
        device = arrival.enrol_phone(scene, trusted, mother)
        applicants.append(Applicant(mother, device["certificate"], slots, waiting, **rest))
    return applicants, [Caseworker(officer, waiting, **rest) for officer in officers]


def contended(scene: Scene, by: Caller) -> list[str]:
    """The slots with the fewest places."""
    found = scene.portal.get("/v1/appointments/slots?matter=marriage_registration&limit=100", by)["items"]
    return [one["id"] for one in sorted(found, key=lambda one: one["left"])[:CONTENDED]]


def a_bad_day(product: Mortal, seed: int) -> None:
    """Kill one process after the other."""
    dice = random.Random(seed)
    for number in range(KILLS):
        print(f"{number + 1:2} killed {product.kill_some(dice, dice.uniform(*PAUSES))}")
    product.wait_until_all_live()


class TestKilledCases:
    def test_loses_nothing_and_does_nothing_twice(self, product: Mortal) -> None:
        seed, notes = random.SystemRandom().randrange(10**6), Notes()
        print(f"seed {seed}")
        for statement in KEPT:
            query(product, statement)
        with product.scene as scene:
            applicants, caseworkers = the_people(scene, notes)
            all_at_work(applicants, caseworkers, lambda: a_bad_day(product, seed))
            drained(product)
            lost = sum(one.portal.lost for one in [*applicants, *caseworkers])
            print(f"{len(notes.submitted)} cases, {len(notes.booked)} appointments, {lost} tries lost")

            with closing(Insistent(product.origin)) as portal:
                everything_repeats(portal, notes)
            each_case_is_done_once(product, notes)
            the_city_did_each_once(product, scene, notes)
            each_licence_has_one_document(product, notes)
            everything_is_told_once(product)
            slots_hold_what_was_booked(product, notes)
        checked = product.fuhai("check")
        assert checked.returncode == 0, checked.stdout


def drained(product: Mortal) -> None:
    """Wait until no event, no job and no act waits."""
    waiting = """
    SELECT (SELECT count(*) FROM outbox) AS events,
           (SELECT count(*) FROM pgqueuer WHERE status IN ('queued', 'picked') AND execute_after < now() + interval '5 minutes') AS jobs,
           (SELECT count(*) FROM unnumbered_acts) AS acts
    """
    eventually("an end of all work", lambda: not any(query(product, waiting)[0]), DRAINED_WITHIN)


def everything_repeats(portal: Insistent, notes: Notes) -> None:
    """The same request under the same key is answered as it was; a case is shown as it stands by now."""
    for one in [*notes.decided, *notes.booked]:
        assert again(portal, one) == one.answer, one.path
    for one in [*notes.opened, *notes.submitted]:
        assert again(portal, one)["id"] == one.answer["id"], one.path
    for one in notes.submitted:
        assert again(portal, one)["number"] == one.answer["number"], one.path


def again(portal: Insistent, one: Acknowledged) -> dict[str, Any]:
    answer: dict[str, Any] = good(
        portal.send("POST", one.path, one.by, body=one.body, fields={"Idempotency-Key": one.key})
    )
    return answer


def each_case_is_done_once(product: Mortal, notes: Notes) -> None:
    """Each acknowledged case stands once, under its number, with each step and each sealed act once; and there is no other."""
    acknowledged = {one.answer["id"]: one.answer["number"] for one in notes.submitted}
    stored = query(product, "SELECT id, number, state FROM matter_case WHERE number IS NOT NULL")
    assert {str(row["id"]): row["number"] for row in stored} == acknowledged
    assert len(set(acknowledged.values())) == len(stored) == len(notes.submitted)
    assert {row["state"] for row in stored} == {"issued"}
    steps: dict[str, list[str]] = {}
    for row in query(product, "SELECT case_id, what FROM case_event ORDER BY case_id, id"):
        steps.setdefault(str(row["case_id"]), []).append(row["what"])
    assert {case: steps[case] for case in acknowledged} == dict.fromkeys(acknowledged, STEPS)
    assert {case for case in steps if case not in acknowledged} <= {one.answer["id"] for one in notes.opened}
    sealed = query(product, "SELECT subject_id, act FROM act WHERE act = ANY ($1)", sorted(ACTS))
    assert Counter((str(row[0]), row[1]) for row in sealed) == Counter(
        (case, act) for case in acknowledged for act in ACTS
    )
    assert not query(product, "SELECT FROM desk_entry")


def the_city_did_each_once(product: Mortal, scene: Scene, notes: Notes) -> None:
    """Each child got one identity number, and each of those who were born in vain none."""
    births = scene.city.server.get("/control/births")["items"]
    numbers = {one["certificate_no"]: one["id_number"] for one in births}
    registered = {certificate: number for certificate, number in numbers.items() if number is not None}
    assert set(registered) == set(notes.certificates.values())
    assert len(set(registered.values())) == len(registered) == len(notes.submitted)


def each_licence_has_one_document(product: Mortal, notes: Notes) -> None:
    licences = query(product, "SELECT id, case_id FROM licence")
    assert Counter(str(row["case_id"]) for row in licences) == Counter(one.answer["id"] for one in notes.submitted)
    documents = query(product, "SELECT licence_id FROM licence_document")
    assert Counter(row["licence_id"] for row in documents) == Counter(row["id"] for row in licences)
    sealed = query(product, "SELECT subject_id FROM act WHERE act = 'licence_issued'")
    assert Counter(row["subject_id"] for row in sealed) == Counter(row["id"] for row in licences)


def everything_is_told_once(product: Mortal) -> None:
    """Each event has one notice to whoever is told of it, and no notice stands twice."""
    untold = """
    SELECT o.kind, o.subject_id, count(n.id) FROM told o LEFT JOIN notice n ON n.source_ref = 'event:' || o.id
    WHERE o.kind = ANY ($1) GROUP BY o.id, o.kind, o.subject_id HAVING count(n.id) <> 1
    """
    assert not query(product, untold, TOLD)
    assert not query(product, "SELECT citizen_id, source_ref FROM notice GROUP BY 1, 2 HAVING count(*) > 1")
    assert not query(product, "SELECT citizen_id, source_ref FROM record GROUP BY 1, 2 HAVING count(*) > 1")


def slots_hold_what_was_booked(product: Mortal, notes: Notes) -> None:
    """Slots count the places that are held, never too many, and each acknowledged appointment is there and no other."""
    held = """
    SELECT s.id FROM slot s LEFT JOIN appointment a ON a.slot_id = s.id
    GROUP BY s.id HAVING s.taken <> count(*) FILTER (WHERE a.state = 'booked') OR s.taken > s.places
    OR s.waiting <> count(*) FILTER (WHERE a.state = 'waiting')
    """
    assert not query(product, held)
    assert not query(
        product,
        "SELECT w.slot_id FROM slot_waiting w JOIN appointment a ON a.id = w.appointment_id WHERE a.state <> 'waiting'",
    )
    stored = {str(row["id"]): row["state"] for row in query(product, "SELECT id, state FROM appointment")}
    assert set(stored) == {one.answer["id"] for one in notes.booked}
    assert {one for one, state in stored.items() if state == "cancelled"} == notes.cancelled
    in_vain = "SELECT s.id FROM slot s WHERE s.waiting > 0 AND s.taken < s.places"
    assert not query(product, in_vain), json.dumps(stored)
