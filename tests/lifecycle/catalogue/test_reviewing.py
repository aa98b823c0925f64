"""Changing a matter's text: one officer of its department proposes, another one publishes, and cases keep their version."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import msgspec
import pytest
import pytest_asyncio
from litestar import Litestar

from app.kernel.actors import Grant, NoRight, Officer, SameOfficer
from app.kernel.database import execute, transaction
from app.kernel.paging import CursorWrong, encode_cursor
from app.kernel.words import Words
from lifecycle.catalogue import published, publishing, reviewing
from lifecycle.catalogue.errors import (
    BaseVersionOld,
    DraftWaits,
    MatterContradicts,
    NothingChanged,
    VersionDecided,
    VersionUnknown,
)
from lifecycle.catalogue.files import MatterText, read_files, shipped_files
from lifecycle.catalogue.review_structs import (
    MatterChange,
    Pair,
    Proposal,
    PushBody,
    Rejection,
    VersionView,
)
from tests.makers.catalogue import a_lifecycle, a_matter
from tests.makers.people import a_grant, an_officer

CHEAPER = MatterChange(cost=Pair("免费。", "Free of charge."))


def proposer(*grants: Grant, department: str = "GAJ") -> Officer:
    return an_officer(*(grants or (a_grant(reviewing.PROPOSE),)), department=department)


def publisher(*grants: Grant, department: str = "GAJ") -> Officer:
    return an_officer(*(grants or (a_grant(reviewing.PUBLISH),)), department=department)


@pytest_asyncio.fixture
async def code(app: Litestar, tmp_path: Path) -> AsyncIterator[str]:
    """A matter of the police, of this test alone; it isn't offered any more afterwards, since the table is shared."""
    code = f"matter_{secrets.token_hex(4)}"
    mine = read_files(a_lifecycle(tmp_path, a_matter(code=f'"{code}"')))
    await publishing.publish_files(msgspec.structs.replace(shipped_files(), matters=mine.matters))
    await published.refresh()
    yield code
    async with transaction(publishing.ACTOR):
        sql = "UPDATE matter_version SET state = 'withdrawn', decided_by = 'test', decided_at = at WHERE code = $1"
        await execute(sql, code)
    await published.refresh()


async def a_draft(code: str, changes: MatterChange = CHEAPER, by: Officer | None = None) -> VersionView:
    return await reviewing.propose(by or proposer(), code, Proposal(1, changes, "收费取消"))


class TestPropose:
    async def test_waits_for_another_officer_and_changes_nothing_yet(self, code: str) -> None:
        draft = await a_draft(code)

        assert (draft.version, draft.state, draft.note) == (2, "draft", "收费取消")
        assert published.matter(code).version == 1
        seen = await reviewing.version(publisher(), code, 2)
        assert seen.differs_from == 1
        assert [(one.field, one.before, one.after) for one in seen.differences] == [
            ("cost.zh", "cost的文字", "免费。"),
            ("cost.en", "text of cost", "Free of charge."),
        ]

    async def test_says_which_material_changed(self, code: str) -> None:
        material = {"code": "paper", "name": {"zh": "纸", "en": "Paper"}, "required": True, "waived_by": "GAJ"}
        await a_draft(code, msgspec.convert({"materials": [material]}, MatterChange))

        (difference,) = (await reviewing.version(publisher(), code, 2)).differences

        assert (difference.field, difference.before) == ("materials", [])
        await reviewing.publish(publisher(), code, 2)
        renamed = [material | {"name": {"zh": "电子版", "en": "Paper"}}]
        proposal = Proposal(2, msgspec.convert({"materials": renamed}, MatterChange), "改名")
        await reviewing.propose(proposer(), code, proposal)
        (difference,) = (await reviewing.version(publisher(), code, 3)).differences
        assert (difference.field, difference.before, difference.after) == ("materials.paper.name.zh", "纸", "电子版")

    @pytest.mark.parametrize(
        ("changes", "problem"),
        [
            ({"trigger_events": ["E_NOTHING"]}, "E_NOTHING isn't a life event"),
            (
                {"known_data": [{"name": {"zh": "户口", "en": "Register"}, "source": "XYZ"}]},
                "XYZ isn't a department",
            ),
            ({"name": {"zh": " ", "en": "x"}}, "name: a text is empty"),
            (
                {"push": {one: {"zh": "文", "en": "x"} for one in PushBody.__struct_fields__}},
                "push: whatever is pushed",
            ),
        ],
    )
    async def test_refuses_what_contradicts_itself(self, code: str, changes: object, problem: str) -> None:
        with pytest.raises(MatterContradicts) as refused:
            await a_draft(code, msgspec.convert(changes, MatterChange))

        assert problem in str(refused.value.facts["problem"])

    async def test_refuses_what_changes_nothing_and_what_was_made_on_an_old_version(self, code: str) -> None:
        with pytest.raises(NothingChanged):
            await a_draft(code, MatterChange(cost=Pair("cost的文字", "text of cost")))
        with pytest.raises(BaseVersionOld) as refused:
            await reviewing.propose(proposer(), code, Proposal(2, CHEAPER, "改"))
        assert refused.value.facts == {"version": 1}

    async def test_of_several_at_once_one_waits(self, code: str) -> None:
        tried = await asyncio.gather(*(a_draft(code) for _ in range(5)), return_exceptions=True)

        assert sum(isinstance(one, VersionView) for one in tried) == 1
        assert {type(one) for one in tried if not isinstance(one, VersionView)} == {DraftWaits}

    async def test_waits_until_the_files_own_change_is_decided(self, code: str, tmp_path: Path) -> None:
        words = '{ zh = "改过", en = "changed" }'
        changed = read_files(a_lifecycle(tmp_path, a_matter(code=f'"{code}"', summary=words)))
        await publishing.publish_files(msgspec.structs.replace(shipped_files(), matters=changed.matters))

        with pytest.raises(DraftWaits) as refused:
            await a_draft(code)
        assert refused.value.facts == {"version": 2}

    async def test_lets_the_files_own_change_wait_as_well(self, code: str, tmp_path: Path) -> None:
        words = '{ zh = "改过", en = "changed" }'
        changed = read_files(a_lifecycle(tmp_path, a_matter(code=f'"{code}"', summary=words)))
        files = msgspec.structs.replace(shipped_files(), matters=changed.matters)
        await a_draft(code)

        assert await publishing.publish_files(files) == 0
        await reviewing.publish(publisher(), code, 2)
        assert await publishing.publish_files(files) == 1

    async def test_may_be_taken_back_by_its_proposer_only(self, code: str) -> None:
        own = proposer()
        await a_draft(code, by=own)

        with pytest.raises(VersionUnknown):
            await reviewing.withdraw(proposer(), code, 2)
        assert (await reviewing.withdraw(own, code, 2)).state == "withdrawn"
        with pytest.raises(VersionDecided):
            await reviewing.withdraw(own, code, 2)
        assert (await a_draft(code)).version == 3


class TestPublish:
    async def test_shows_it_to_everybody_and_keeps_the_one_before(self, code: str, http: httpx.AsyncClient) -> None:
        await a_draft(code)

        done = await reviewing.publish(publisher(), code, 2)
        await published.refresh()

        assert (done.state, done.decided_at is not None) == ("published", True)
        now = (await http.get(f"/v1/matters/{code}")).json()
        assert (now["version"], now["cost"]) == (2, {"zh": "免费。", "en": "Free of charge."})
        before = (await http.get(f"/v1/matters/{code}/versions/1")).json()
        assert (before["version"], before["cost"]["zh"]) == (1, "cost的文字")

    async def test_is_seen_by_other_processes_soon(self, code: str) -> None:
        await a_draft(code)
        async with published.kept_fresh():
            await reviewing.publish(publisher(), code, 2)
            for _ in range(40):
                if published.matter(code).version == 2:
                    break
                await asyncio.sleep(0.1)

        assert published.matter(code).version == 2

    async def test_takes_somebody_else(self, code: str) -> None:
        both = an_officer(a_grant(reviewing.PROPOSE), a_grant(reviewing.PUBLISH))
        again = msgspec.structs.replace(an_officer(a_grant(reviewing.PUBLISH)), accounts=(both.id,))
        await a_draft(code, by=both)

        for officer in (both, again):
            with pytest.raises(SameOfficer):
                await reviewing.publish(officer, code, 2)
            with pytest.raises(SameOfficer):
                await reviewing.reject(officer, code, 2, Rejection("不同意"))

    async def test_is_done_once(self, code: str) -> None:
        await a_draft(code)

        tried = await asyncio.gather(
            reviewing.publish(publisher(), code, 2),
            reviewing.reject(publisher(), code, 2, Rejection("不同意")),
            return_exceptions=True,
        )

        assert sum(isinstance(one, VersionView) for one in tried) == 1
        assert sum(isinstance(one, VersionDecided) for one in tried) == 1

    async def test_of_a_rejected_draft_is_refused_and_the_files_dont_propose_it_again(
        self, code: str, tmp_path: Path
    ) -> None:
        words = '{ zh = "改过", en = "changed" }'
        changed = read_files(a_lifecycle(tmp_path, a_matter(code=f'"{code}"', summary=words)))
        files = msgspec.structs.replace(shipped_files(), matters=changed.matters)
        assert await publishing.publish_files(files) == 1
        rejected = await reviewing.reject(publisher(), code, 2, Rejection("表述不清"))

        assert (rejected.state, rejected.reason) == ("rejected", "表述不清")
        assert await publishing.publish_files(files) == 0
        with pytest.raises(VersionDecided):
            await reviewing.publish(publisher(), code, 2)


class TestWho:
    @pytest.mark.parametrize(
        "officer",
        [
            an_officer(a_grant("case.handle")),
            proposer(department="WJW"),
            proposer(a_grant(reviewing.PROPOSE, "infant_immunization")),
        ],
    )
    async def test_is_no_stranger(self, officer: Officer, code: str) -> None:
        with pytest.raises(NoRight):
            await a_draft(code, by=officer)
        await a_draft(code)
        with pytest.raises(VersionUnknown):
            await reviewing.version(officer, code, 2)
        with pytest.raises(VersionUnknown):
            await reviewing.versions(officer, code)
        with pytest.raises(VersionUnknown):
            await reviewing.publish(officer, code, 2)

    async def test_may_be_the_keeper_of_the_catalogue(self, code: str) -> None:
        await a_draft(code, by=proposer(department=reviewing.KEEPER))

        assert (await reviewing.publish(publisher(), code, 2)).state == "published"

    async def test_who_proposes_may_not_publish(self, code: str) -> None:
        await a_draft(code)

        with pytest.raises(NoRight):
            await reviewing.publish(proposer(), code, 2)

    async def test_sees_the_drafts_of_their_own_department(self, code: str) -> None:
        await a_draft(code)

        async def listed(officer: Officer) -> list[str]:
            found, cursor = [], None
            while True:
                page = await reviewing.drafts(officer, cursor, 1)
                found += [one.code for one in page.items]
                cursor = page.next
                if cursor is None:
                    return found

        assert code in await listed(publisher())
        assert code not in await listed(publisher(department="WJW"))
        with pytest.raises(NoRight):
            await listed(an_officer(a_grant("case.handle")))


class TestCursor:
    @pytest.mark.parametrize("place", [["a", 2**40], ["a\x00b", 1], ["a", -1], ["A", 1]])
    async def test_that_isnt_ours_is_refused(self, place: list[object], code: str) -> None:
        with pytest.raises(CursorWrong):
            await reviewing.drafts(publisher(), encode_cursor(place), 20)


class TestStranger:
    @pytest.mark.parametrize("version", ["0", "-1", "2", "99999999999999999999"])
    async def test_finds_no_version_that_isnt_published(self, version: str, code: str, http: httpx.AsyncClient) -> None:
        await a_draft(code)

        answer = await http.get(f"/v1/matters/{code}/versions/{version}")

        assert answer.status_code == 404

    async def test_finds_no_matter_of_a_name_that_cant_be(self, http: httpx.AsyncClient) -> None:
        for name in ("Some-Matter", "%00", "x" * 100):
            assert (await http.get(f"/v1/matters/{name}/versions/1")).status_code == 404


def test_an_older_version_is_still_read() -> None:
    words = msgspec.to_builtins(Words("文", "x"))
    old = {
        "code": "some",
        "kinds": ["push"],
        "department": "GAJ",
        "level": 1,
        "opt_in": True,
        "takes": {"count": 1, "unit": "wd", "text": words, "source": "x", "illustrative": True},
    } | dict.fromkeys(("name", "summary", "what", "who", "cost", "result", "afterwards", "counter"), words)

    assert msgspec.convert(old, MatterText).push is None
