"""The proof of a case: whom it is given to, what it holds, and that openssl alone finds whatever was changed."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import httpx
import msgspec
import pytest
from cryptography.x509 import ReasonFlags

from app.kernel import clock
from app.kernel.database import execute, fetch_one, fetch_value, transaction
from app.kernel.ids import shard_of
from app.keys.persons import open_for_person
from app.pki import evidence
from app.pki.proof_bundles import Bundle
from app.pki.revocation import revoke
from app.pki.signed_data import NotGenuine
from lifecycle.cases import archiving, decisions, proofs, submission
from lifecycle.cases.archiving import Archived
from lifecycle.cases.carrying_out import OFFICE
from lifecycle.cases.errors import CaseNotFound, NothingProved, ProofBroken, ProofNotMade
from lifecycle.cases.structs import CaseRef, CorrectionAnswer, CorrectionAsked
from tests.makers.callers import headers
from tests.makers.cases import (
    Device,
    Family,
    a_code,
    a_family,
    a_filled_draft,
    a_signed_submission,
    a_signing_device,
    a_submitted_case,
    the_case,
)
from tests.makers.city import Town
from tests.makers.outside import Phones
from tests.makers.people import a_citizen, an_officer
from tests.makers.programs import needs, said

FILES = {
    *("application.json", "signed.bin", "signature.der", "certificate.pem"),
    *("authority.pem", "status.der", "time-stamp.der"),
}


class Signed(msgspec.Struct, frozen=True):
    """A case that a mother signed with her device."""

    case: CaseRef
    device: Device


async def a_signed_case(family: Family) -> Signed:
    """A case that was submitted by a device's signature."""
    draft, device = await a_filled_draft(family), await a_signing_device(family.mother.id)
    given = await a_signed_submission(device, family.mother, draft.id)
    return Signed(await submission.submit(family.mother, draft.id, given), device)


async def a_twice_signed_case(family: Family) -> CaseRef:
    """A case that was confirmed by code, and corrected once."""
    officer, case = an_officer(), await a_submitted_case(family)
    await decisions.claim(officer, case.id)
    await decisions.request_correction(officer, case.id, CorrectionAsked("请核对姓名"))
    code = await a_code(Phones(), family.mother, case.id)
    return await submission.answer_correction(family.mother, case.id, CorrectionAnswer(None, code))


async def archived(case: CaseRef) -> Archived:
    """What was archived of a case's only signature."""
    async with transaction(OFFICE):
        row = await fetch_one("SELECT * FROM case_signature WHERE case_id = $1", case.id)
        assert row is not None
        told = await open_for_person(row["citizen_id"], "case_signature", "evidence", row["id"], row["evidence"])
    return msgspec.json.decode(told, type=Archived)


def unpacked(bundle: Bundle) -> dict[str, bytes]:
    """A bundle's files by name."""
    with zipfile.ZipFile(io.BytesIO(bundle.content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


class TestArchiving:
    async def test_keeps_what_proves_a_devices_signature(self, family: Family) -> None:
        signed = await a_signed_case(family)

        kept = await archived(signed.case)

        assert kept.algorithm == "ES256"
        proved = await evidence.prove(kept.claim(), kept.evidence)
        assert abs(proved.signed_by - clock.now()) < timedelta(minutes=1)

    async def test_seals_who_confirmed_what_by_a_code(self, family: Family) -> None:
        case = await a_submitted_case(family)

        told = json.loads((await archived(case)).signed)

        assert told["purpose"] == "fuhai-case-confirmation"
        assert (told["case_id"], told["applicant_id"]) == (str(case.id), str(family.mother.id))
        assert len(told["form_sha256"]) == 64

    async def test_holds_though_the_device_is_lost_later(self, family: Family) -> None:
        signed = await a_signed_case(family)
        await revoke(signed.device.issued.serial, ReasonFlags.key_compromise)

        assert "1/signed.bin" in unpacked(await proofs.export(family.mother, signed.case.id))

    async def test_takes_no_signature_that_couldnt_be_proved(
        self, family: Family, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def broken(*_: object) -> None:
            raise NotGenuine("status_too_old")

        draft, device = await a_filled_draft(family), await a_signing_device(family.mother.id)
        given = await a_signed_submission(device, family.mother, draft.id)
        monkeypatch.setattr(archiving, "prove", broken)

        with pytest.raises(ProofNotMade) as refused:
            await submission.submit(family.mother, draft.id, given)

        assert refused.value.facts["reason"] == "status_too_old"
        assert (await the_case(draft.id)).state == "draft"

    async def test_is_sealed_at_rest(self, family: Family) -> None:
        case = await a_submitted_case(family)

        async with transaction(OFFICE):
            row = await fetch_one("SELECT evidence FROM case_signature WHERE case_id = $1", case.id)

        assert row is not None
        assert b"signature" not in row["evidence"]
        assert str(case.id).encode() not in row["evidence"]


class TestExport:
    async def test_holds_one_folder_for_each_signature(self, family: Family) -> None:
        signed = await a_signed_case(family)

        bundle = await proofs.export(family.mother, signed.case.id)

        files = unpacked(bundle)
        assert bundle.name == f"{signed.case.number}-proof.zip"
        assert set(files) == {"README.md", "verify.sh", "root.pem"} | {f"1/{name}" for name in FILES}
        assert json.loads(files["1/application.json"])["form"]["certificate_no"] == family.certificate_no

    async def test_holds_corrections_too(self, family: Family) -> None:
        files = unpacked(await proofs.export(family.mother, (await a_twice_signed_case(family)).id))

        assert {name.partition("/")[0] for name in files if "/" in name} == {"1", "2"}
        assert "2/confirmed" in files

    async def test_is_the_same_when_asked_again(self, family: Family) -> None:
        case = await a_submitted_case(family)

        assert await proofs.export(family.mother, case.id) == await proofs.export(family.mother, case.id)

    async def test_is_refused_where_nothing_was_signed(self, family: Family) -> None:
        draft = await a_filled_draft(family)

        with pytest.raises(NothingProved):
            await proofs.export(family.mother, draft.id)

    async def test_is_refused_where_what_was_archived_doesnt_hold(
        self, family: Family, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        case = await a_submitted_case(family)

        def of_another(kept: Archived) -> evidence.Signature:
            return msgspec.structs.replace(claim(kept), value=b"another signature")

        claim = Archived.claim
        monkeypatch.setattr(Archived, "claim", of_another)

        with pytest.raises(ProofBroken) as refused:
            await proofs.export(family.mother, case.id)
        assert refused.value.facts == {"reason": "time_stamp_of_something_else"}

    async def test_leaves_out_what_was_signed_before_evidence_was_kept(self, family: Family) -> None:
        case = await a_submitted_case(family)
        async with transaction(OFFICE):
            row = await fetch_one("SELECT * FROM case_signature WHERE case_id = $1", case.id)
            assert row is not None
            await execute(
                "INSERT INTO case_signature (id, shard, citizen_id, case_id, at, kind, payload) "
                "VALUES ($1, $2, $3, $4, $5, 'none', $6)",
                *(family.child, shard_of(family.child), family.child, case.id, row["at"], row["payload"]),
            )

        assert "2/signed.bin" not in unpacked(await proofs.export(family.mother, case.id))

    async def test_is_a_look_at_the_ward_once_a_day(self, family: Family) -> None:
        case = await a_submitted_case(family)

        for _ in range(2):
            await proofs.export(family.mother, case.id)

        async with transaction(OFFICE):
            looks = await fetch_value(
                "SELECT count(*) FROM act WHERE shard = $1 AND citizen_id = $2 AND act = 'ward_looked_at'",
                *(shard_of(family.child), family.child),
            )
        assert looks == 1

    async def test_is_nothing_that_a_stranger_finds(self, family: Family) -> None:
        case = await a_submitted_case(family)

        with pytest.raises(CaseNotFound):
            await proofs.export(await a_citizen(), case.id)


class TestRoute:
    async def test_gives_a_zip_to_its_owner(self, http: httpx.AsyncClient, family: Family) -> None:
        case = await a_submitted_case(family)

        answer = await http.get(f"/v1/cases/{case.id}/proof", headers=await headers(family.mother))

        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/zip"
        assert answer.headers["cache-control"] == "private, no-store"
        assert f"{case.number}-proof.zip" in answer.headers["content-disposition"]
        assert zipfile.is_zipfile(io.BytesIO(answer.content))

    async def test_refuses_everybody_else_by_name(self, http: httpx.AsyncClient, family: Family) -> None:
        draft = await a_filled_draft(family)
        stranger, mother = await headers(await a_citizen()), await headers(family.mother)

        answers = [
            await http.get(f"/v1/cases/{draft.id}/proof"),
            await http.get(f"/v1/cases/{draft.id}/proof", headers=stranger),
            await http.get(f"/v1/cases/{draft.id}/proof", headers=mother),
            await http.get("/v1/cases/nothing/proof", headers=mother),
        ]

        assert [answer.status_code for answer in answers] == [401, 404, 404, 404]
        assert [answer.json()["code"] for answer in answers[1:3]] == ["case_not_found", "case_nothing_proved"]


@pytest.mark.interop
@needs("openssl", "sh", "cmp")
class TestOpenssl:
    async def a_bundle(self, family: Family, folder: Path, *, by_device: bool) -> Path:
        case = (await a_signed_case(family)).case if by_device else await a_submitted_case(family)
        bundle = await proofs.export(family.mother, case.id)
        with zipfile.ZipFile(io.BytesIO(bundle.content)) as packed:
            packed.extractall(folder)
        return folder

    @pytest.mark.parametrize("by_device", [True, False])
    async def test_proves_it_by_the_bundles_own_commands(
        self, *, by_device: bool, family: Family, tmp_path: Path
    ) -> None:
        heard = said(await self.a_bundle(family, tmp_path, by_device=by_device), "sh verify.sh 1")

        assert "\nproved\n" in heard, heard
        assert "Verified OK" in heard
        assert "Verification: OK" in heard

    async def test_finds_every_file_that_was_changed_or_swapped(
        self, family: Family, town: Town, tmp_path: Path
    ) -> None:
        mine = await self.a_bundle(family, tmp_path / "mine", by_device=True)
        other = await self.a_bundle(await a_family(town), tmp_path / "other", by_device=True)

        for name in sorted(FILES - {"authority.pem"}):
            kept = (mine / "1" / name).read_bytes()
            (mine / "1" / name).write_bytes((other / "1" / name).read_bytes())
            assert "proved" not in said(mine, "sh verify.sh 1"), name
            (mine / "1" / name).write_bytes(kept)
        assert "proved" in said(mine, "sh verify.sh 1")
