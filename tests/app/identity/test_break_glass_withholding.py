"""What is done for an investigation: the person's log shows that something is there, and nothing else until they are told."""

from datetime import datetime, timedelta
from uuid import UUID

import httpx
import msgspec
import pytest

from app.audit import own_proof, queries
from app.audit.log_checking import Kind
from app.audit.log_files import AccessProof
from app.audit.own_proof import Wanted
from app.audit.proof_checking import check_proof
from app.audit.structs import AccessLogEntry, AccessLogFilter
from app.audit.withholding import withheld_acts, withheld_subjects
from app.identity import break_glass, looks
from app.identity.look_structs import BreakGlassReason, PersonLook
from app.identity.officers import DIRECTORY
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import fetch_all, transaction
from app.kernel.events import deliver_pending
from app.notices import inbox
from app.privacy import holdings
from app.privacy.rights import exporters
from app.privacy.why import my_data
from tests.makers.callers import headers
from tests.makers.log_files import a_trust
from tests.makers.officers import a_break_glass, a_looking_officer, an_approver
from tests.makers.people import a_citizen, a_guardian_of, an_id_number
from tests.makers.sealed_log import a_checkpoint, a_look_at, all_numbered, heads_of_the_next_day

pytestmark = pytest.mark.usefixtures("app")
STEPS = ["break_glass_asked", "break_glass_approved", "person_looked_at"]


async def looked_at(reason: BreakGlassReason = "investigation") -> Citizen:
    """Somebody who was looked at for this reason."""
    number = an_id_number()
    person, officer, second = await a_citizen(id_number=number), await a_looking_officer(), await an_approver()
    request = await a_break_glass(officer, number, reason)
    await break_glass.approve(second.officer, request.id)
    await looks.look(officer.officer, PersonLook("核实", ("identity",), break_glass_id=request.id))
    return person


async def log_of(citizen: Citizen, wanted: AccessLogFilter = queries.EVERYTHING) -> list[AccessLogEntry]:
    return (await queries.access_log(citizen, None, 20, wanted)).items


async def told_later(monkeypatch: pytest.MonkeyPatch, after: timedelta) -> datetime:
    later = clock.now() + after
    monkeypatch.setattr(clock, "now", lambda: later)
    await break_glass.tell_due()
    return later


async def proof_of(citizen: Citizen, limit: int = 100, start: int = 1) -> AccessProof:
    return await own_proof.own_proof(citizen, Wanted(start=start), limit)


def kinds(*pages: AccessProof) -> set[Kind]:
    return {flaw.kind for flaw in check_proof(pages, a_trust()).flaws}


class TestAccessLog:
    async def test_shows_an_entry_and_nothing_of_it_before_its_time(self) -> None:
        person = await looked_at()
        await all_numbered()

        entries = await log_of(person)

        assert {one.act for one in entries} == {one.actor_kind for one in entries} == {"withheld"}
        assert len(entries) == 3
        for one in entries:
            assert one.log_number is not None
            assert one.withheld_until is not None
            assert one.withheld_until > clock.now() + timedelta(days=89)
            assert (one.actor_department, one.actor_office, one.basis_kind, one.basis_id, one.basis) == (None,) * 5
            assert (one.sensitive, one.automatic, one.by_me) == (False,) * 3
            assert clock.local(one.withheld_until).date().isoformat() in one.title.zh

    async def test_shows_everything_once_they_are_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        person = await looked_at()

        await told_later(monkeypatch, timedelta(days=89))
        before = {one.act for one in await log_of(person)}
        await told_later(monkeypatch, timedelta(days=1, seconds=1))

        entries = await log_of(person)
        assert before == {"withheld"}
        assert [one.act for one in reversed(entries)] == STEPS
        assert {(one.actor_department, one.withheld_until) for one in entries} == {("GAJ", None)}

    async def test_finds_nothing_withheld_by_what_it_was(self, monkeypatch: pytest.MonkeyPatch) -> None:
        person = await looked_at()
        await a_look_at(person.id)
        by_act, sensitive = AccessLogFilter(act="person_looked_at"), AccessLogFilter(sensitive=True)

        before = [[one.act for one in await log_of(person, one)] for one in (by_act, sensitive)]
        await told_later(monkeypatch, timedelta(days=91))
        after = [[one.act for one in await log_of(person, one)] for one in (by_act, sensitive)]

        assert before == [[], ["case_looked_at"]]
        assert after == [["person_looked_at"], ["case_looked_at", "person_looked_at"]]

    @pytest.mark.parametrize("reason", ["danger_to_life", "public_safety", "missing_person"])
    async def test_withholds_nothing_for_another_reason(self, reason: BreakGlassReason) -> None:
        person = await looked_at(reason)

        assert {one.withheld_until for one in await log_of(person)} == {None}

    async def test_withholds_what_was_refused_as_long_as_what_was_opened(self, monkeypatch: pytest.MonkeyPatch) -> None:
        number = an_id_number()
        person, officer, second = await a_citizen(id_number=number), await a_looking_officer(), await an_approver()
        request = await a_break_glass(officer, number, "investigation")
        pending = [one.act for one in await log_of(person)]
        await break_glass.refuse(second.officer, request.id)

        refused = [one.withheld_until for one in await log_of(person)]
        await told_later(monkeypatch, request.see_by + timedelta(days=90) - clock.now())

        assert pending == ["withheld"]
        assert refused == [request.see_by + timedelta(days=90)] * 2
        assert [one.act for one in await log_of(person)] == ["break_glass_refused", "break_glass_asked"]

    async def test_withholds_a_wards_entries_from_their_guardian(self) -> None:
        person = await looked_at()
        guardian = await a_guardian_of(person.id)

        entries = await log_of(guardian, AccessLogFilter(person_id=person.id))

        assert {one.act for one in entries if one.withheld_until} == {"withheld"}
        assert len([one for one in entries if one.withheld_until]) == 3

    async def test_isnt_asked_about_before_its_time(
        self, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        person = await looked_at()
        address = f"/v1/me/access-log/{(await log_of(person))[0].id}/ask"

        refused = await http.post(address, headers=await headers(person), json={})
        await told_later(monkeypatch, timedelta(days=91))
        asked = await http.post(address, headers=await headers(person), json={})

        assert (refused.status_code, refused.json()["code"]) == (409, "access_log_entry_withheld")
        assert asked.status_code == 200, asked.text


class TestAlert:
    async def test_is_silent_until_the_person_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        person = await looked_at()
        await deliver_pending()
        before = [one.kind for one in (await inbox.inbox(person, None, 20)).items]

        await told_later(monkeypatch, timedelta(days=90, seconds=1))
        await deliver_pending()

        assert before == []
        assert [one.kind for one in (await inbox.inbox(person, None, 20)).items] == ["identity.break_glass_opened"]


class TestProof:
    async def test_proves_that_something_stands_there_without_saying_what(self) -> None:
        person = await looked_at()
        await a_look_at(person.id)
        await a_checkpoint()

        page = await proof_of(person)
        report = check_proof([page], a_trust())

        assert report.flaws == []
        assert (page.count, len(page.items), len(page.withheld)) == (4, 1, 3)
        assert any("3 of them are withheld by law" in fact for fact in report.facts)
        assert "break_glass" not in msgspec.json.encode(page).decode()

    async def test_comes_in_pages_that_hold_together(self) -> None:
        person = await looked_at()
        await a_look_at(person.id)
        await a_checkpoint()

        first = await proof_of(person, limit=2)
        second = await proof_of(person, limit=2, start=first.next or 0)

        assert kinds(first, second) == set()
        assert Kind.TRUNCATED in kinds(first)

    async def test_misses_one_that_was_left_out_changed_or_moved(self) -> None:
        person = await looked_at()
        await a_look_at(person.id)
        await all_numbered()
        await heads_of_the_next_day()
        await a_checkpoint()
        page = await proof_of(person)
        one, two, three = page.withheld
        other = msgspec.structs.replace(two, leaf=three.leaf)

        assert kinds(page) == set()
        assert kinds(msgspec.structs.replace(page, withheld=[one, two], count=3)) >= {Kind.CHAIN}
        assert kinds(msgspec.structs.replace(page, withheld=[one, other, three])) >= {Kind.EDIT}
        assert kinds(msgspec.structs.replace(page, withheld=[two, one, three])) >= {Kind.ORDER}

    async def test_opens_the_entries_once_the_person_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        person = await looked_at()
        await a_checkpoint()
        withheld = {one.leaf for one in (await proof_of(person)).withheld}

        await told_later(monkeypatch, timedelta(days=91))
        page = await proof_of(person)

        assert len(withheld) == 3
        assert (len(page.items), page.withheld, kinds(page)) == (3, [], set())


class TestRights:
    async def test_export_and_explanation_say_nothing_before_its_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        person = await looked_at()

        before = await told_of(person)
        await told_later(monkeypatch, timedelta(days=91))
        after = await told_of(person)

        assert before == ([], [], 0, 0)
        assert (after[0], len(after[1]), after[2], after[3]) == (STEPS, 1, 1, 3)

    async def test_hide_the_acts_and_the_looks(self) -> None:
        person = await looked_at()

        assert len(await withheld_acts(person.id)) == 3
        assert await withheld_subjects(person.id) >= set(await ids_of_looks(person.id))


async def told_of(person: Citizen) -> tuple[list[object], list[object], int, int]:
    """The acts and looks in an export, how many looks are held, and how often officers looked, as the person is told."""
    by_table = {table: one for one in exporters() for table in one.tables}
    acts = (await by_table["act"].export(person.id))["act"]
    found = (await by_table["person_look"].export(person.id))["person_look"]
    async with transaction(DIRECTORY):
        held = (await holdings.held([person.id]))["person_look"]
    looks_by_officers = (await my_data(person, "resident")).looks_by_officers
    return [row["act"] for row in acts], list(found), held, looks_by_officers


async def ids_of_looks(person_id: UUID) -> list[UUID]:
    async with transaction(DIRECTORY):
        return [row["id"] for row in await fetch_all("SELECT id FROM person_look WHERE citizen_id = $1", person_id)]
