"""Erasure where it meets freezing, devices, and an archive that is being made at the same time."""

import io
import json
import zipfile
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import pytest

from app.audit.acts import Act
from app.identity import freezing, tokens, warning
from app.identity.errors import SessionOver
from app.identity.freeze_structs import Freezing
from app.identity.recovering import recover
from app.identity.sessions import IDENTITY
from app.kernel.actors import Citizen, System
from app.kernel.database import execute, fetch_all, fetch_value, transaction
from app.kernel.events import deliver_pending
from app.kernel.idempotency import Once
from app.kernel.ids import shard_of
from app.pki.revocation import standing
from app.privacy import erasing, exporting
from app.privacy.erasure import mine, order
from app.privacy.events import ErasureOrdered
from app.privacy.exporting import MakeExport, make
from app.privacy.own_rights import ExportRights
from app.privacy.structs import NewErasure
from integrations.object_store.s3 import S3Store
from tests.app.identity.test_recovering import a_loss
from tests.app.notices.test_inbox import a_notice
from tests.makers.callers import SignedIn, signed_in, the_authorities_of_the_product
from tests.makers.devices import an_enrolled_device
from tests.makers.erasure import due, erased, ordered
from tests.makers.files import a_store
from tests.makers.people import a_citizen, the_resident
from tests.makers.web import a_web_client

pytestmark = pytest.mark.usefixtures("app")
TESTS = System("tests")


@pytest.fixture(autouse=True)
def sealing() -> None:
    the_authorities_of_the_product()


async def a_secret() -> str:
    return "370602199708230021"


class TestThief:
    """Whoever held the phone may have ordered it: freezing and recovering take a waiting order back."""

    async def test_erases_nobody_who_froze_their_identity(self) -> None:
        citizen = await a_citizen()
        given = await ordered(citizen)

        await freezing.freeze(citizen, Freezing("不是我下的单"))
        async with transaction(IDENTITY):
            await freezing.unfreeze_person(citizen, citizen.id, None)
        await erasing.erase(await due(given))

        assert (await mine(citizen)).state == "cancelled"
        assert (await the_resident(citizen.id)).phone is not None
        assert Act.ERASURE_CANCELLED in await acts_about(citizen.id)

    async def test_erases_nobody_who_recovered_their_account(self) -> None:
        loss = await a_loss()
        given = await ordered(loss.owner)

        await recover(loss.new, loss.said, loss.police)
        await erasing.erase(await due(given))

        assert (await mine(loss.owner)).state == "cancelled"
        assert (await the_resident(loss.owner.id)).name is not None

    async def test_has_the_owners_phone_warned(self) -> None:
        citizen = await a_citizen()
        await ordered(citizen)
        await deliver_pending()

        async with transaction(IDENTITY):
            rows = await fetch_all("SELECT payload FROM pgqueuer WHERE entrypoint = $1", warning.JOB)
        due_to = [msgspec.json.decode(row["payload"], type=warning.WarningDue) for row in rows]
        assert [one.phrase for one in due_to if one.citizen_id == citizen.id] == [ErasureOrdered.kind]

    async def test_orders_nothing_once_the_account_was_recovered(self) -> None:
        loss = await a_loss()
        auth = await signed_in(msgspec.structs.replace(loss.owner, level=3))
        session = sessions_of(auth)
        thief = Citizen(loss.owner.id, 3, session, "app")
        await recover(loss.new, loss.said, loss.police)

        with pytest.raises(SessionOver):
            await order(thief, NewErasure())


def sessions_of(auth: SignedIn) -> UUID:
    claims = tokens.read(auth.token, "citizen")
    assert claims.sid is not None
    return claims.sid


async def acts_about(person_id: UUID) -> list[str]:
    async with transaction(TESTS):
        return [row["act"] for row in await fetch_all("SELECT act FROM act WHERE citizen_id = $1", person_id)]


class TestDevices:
    async def test_have_no_certificate_left_that_holds(self) -> None:
        citizen = await a_citizen(2)
        device = await an_enrolled_device(citizen)

        await erased(citizen)

        held = await standing(device.serial)
        assert held is not None
        assert held.revoked_at is not None


class TestAnswers:
    async def test_that_were_kept_for_a_repeat_are_gone(self) -> None:
        citizen = await a_citizen()
        once = Once(uuid4().hex, "POST", "/v1/x", b"")
        await once(citizen, str, a_secret)

        await erased(citizen)

        async with transaction(TESTS):
            kept = await fetch_value(
                "SELECT count(*) FROM idempotent_answer WHERE shard = $1 AND principal = $2",
                *(shard_of(citizen.id), citizen.principal),
            )
        assert kept == 0


class TestArchive:
    async def test_tells_what_was_done_before_two_residents_were_one(self) -> None:
        citizen, before = await a_citizen(), await a_citizen(1)
        await a_notice(before)
        async with transaction(TESTS):
            await execute(
                "UPDATE resident SET merged_into = $3 WHERE shard = $1 AND id = $2",
                *(shard_of(before.id), before.id, citizen.id),
            )
        await a_notice(citizen)

        export = await exporting.order(citizen)
        await make(a_store(), MakeExport(export.id))

        given = await exporting.download(citizen, export.id, a_store())
        async with a_web_client() as web:
            archive = zipfile.ZipFile(io.BytesIO((await web.get(given.url)).content))
        assert len(json.loads(archive.read("data/notice.json"))) == 2
        assert {row["id"] for row in json.loads(archive.read("data/resident.json"))} == {
            str(citizen.id),
            str(before.id),
        }

    async def test_that_was_being_made_leaves_nothing_in_the_store(self, monkeypatch: pytest.MonkeyPatch) -> None:
        citizen, store = await a_citizen(), a_store()
        ordered_export = await exporting.order(citizen)
        async with transaction(TESTS):
            key = await fetch_value(
                "SELECT object_key FROM data_export WHERE shard = $1 AND id = $2",
                *(shard_of(ordered_export.id), ordered_export.id),
            )
        put = type(store).put_file

        async def erased_meanwhile(self: S3Store, to: str, path: Path, content_type: str) -> None:
            await ExportRights(store).erase(citizen.id)
            await put(self, to, path, content_type)

        monkeypatch.setattr(type(store), "put_file", erased_meanwhile)
        await make(store, MakeExport(ordered_export.id))

        assert await store.stat(key) is None
