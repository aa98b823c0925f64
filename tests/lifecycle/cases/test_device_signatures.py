"""Submitting by a device's signature, and every signature that isn't one."""

import msgspec
import pytest
from cryptography.x509 import ReasonFlags

from app.kernel.database import fetch_value, transaction
from app.pki.revocation import revoke
from lifecycle.cases import drafts, signing_input, submission
from lifecycle.cases.carrying_out import OFFICE
from lifecycle.cases.errors import (
    CaseSignatureWrong,
    SignedByAnother,
)
from lifecycle.cases.structs import FormChange, Submission
from tests.makers.cases import (
    Family,
    a_filled_draft,
    a_form,
    a_signature,
    a_signed_submission,
    a_signing_device,
    the_case,
)


class TestSubmitByDevice:
    async def test_takes_a_signature_over_the_form(self, family: Family) -> None:
        draft, device = await a_filled_draft(family), await a_signing_device(family.mother.id)

        case = await submission.submit(
            family.mother, draft.id, await a_signed_submission(device, family.mother, draft.id)
        )

        assert case.state == "submitted"
        async with transaction(OFFICE):
            assert await fetch_value("SELECT kind FROM case_signature WHERE case_id = $1", case.id) == "device"

    async def test_signs_every_value_and_the_case(self, family: Family) -> None:
        draft = await a_filled_draft(family)

        signed = msgspec.json.decode(await signing_input.payload_of(family.mother, draft.id))

        assert signed["purpose"] == "fuhai-case-signature"
        assert (signed["case_id"], signed["subject_id"]) == (str(draft.id), str(family.child))
        assert signed["form"].items() >= a_form(family).items()
        assert signed["form"]["certificate_no"] == family.certificate_no
        assert list(signed) == sorted(signed)

    async def test_refuses_a_signature_over_an_older_form(self, family: Family) -> None:
        draft, device = await a_filled_draft(family), await a_signing_device(family.mother.id)
        given = await a_signed_submission(device, family.mother, draft.id)
        await drafts.change(family.mother, draft.id, draft.version, FormChange({"follow": "father"}))

        with pytest.raises(CaseSignatureWrong) as refused:
            await submission.submit(family.mother, draft.id, given)

        assert refused.value.facts == {"flaw": "signature"}

    async def test_refuses_a_removed_device(self, family: Family) -> None:
        draft, device = await a_filled_draft(family), await a_signing_device(family.mother.id)
        given = await a_signed_submission(device, family.mother, draft.id)
        await revoke(device.issued.serial, ReasonFlags.cessation_of_operation)

        with pytest.raises(SignedByAnother) as refused:
            await submission.submit(family.mother, draft.id, given)

        assert refused.value.facts == {"flaw": "certificate_revoked"}
        assert (await the_case(draft.id)).state == "draft"

    async def test_refuses_anothers_device(self, family: Family) -> None:
        draft, device = await a_filled_draft(family), await a_signing_device(family.father.id)

        with pytest.raises(SignedByAnother):
            await submission.submit(family.mother, draft.id, await a_signed_submission(device, family.mother, draft.id))

    async def test_refuses_another_keys_signature_under_a_good_certificate(self, family: Family) -> None:
        draft = await a_filled_draft(family)
        mine, other = await a_signing_device(family.mother.id), await a_signing_device(family.mother.id)
        forged = msgspec.structs.replace(mine, key=other.key)

        with pytest.raises(CaseSignatureWrong):
            await submission.submit(family.mother, draft.id, await a_signed_submission(forged, family.mother, draft.id))

    @pytest.mark.parametrize(
        ("header", "flaw"),
        [
            ({"alg": "none"}, "header"),
            ({"alg": "HS256"}, "header"),
            ({"crit": ["b64"], "b64": False}, "header"),
            ({"x5c": []}, "malformed"),
            ({"x5c": ["%"]}, "malformed"),
            ({"x5c": 1}, "malformed"),
        ],
    )
    async def test_refuses_other_headers(self, family: Family, header: dict[str, object], flaw: str) -> None:
        draft, device = await a_filled_draft(family), await a_signing_device(family.mother.id)
        payload = await signing_input.payload_of(family.mother, draft.id)

        with pytest.raises(CaseSignatureWrong) as refused:
            await submission.submit(
                family.mother, draft.id, Submission(signature=a_signature(device, payload, **header))
            )

        assert refused.value.facts == {"flaw": flaw}

    @pytest.mark.parametrize("jws", ["a.b.c", "a..b.c", "..", "x", "e30..AA", "bm90IGpzb24..AA"])
    async def test_refuses_what_is_no_detached_signature(self, family: Family, jws: str) -> None:
        draft = await a_filled_draft(family)

        with pytest.raises(CaseSignatureWrong):
            await submission.submit(family.mother, draft.id, Submission(signature=jws))
