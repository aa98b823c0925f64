"""Materials that needn't be brought: shared by a department, or held as a licence; and needed again once they aren't."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated

import msgspec
import pytest
import pytest_asyncio
from litestar import Litestar

from app.kernel.actors import Citizen
from app.kernel.events import deliver_pending
from app.kernel.words import Words
from app.privacy.purposes import PURPOSES
from integrations.virus_scan.clamd import ClamAv
from lifecycle.cases import desk, fields, forms, prefilling, reading, signing_input, waivers
from lifecycle.cases.errors import FormIncomplete
from lifecycle.cases.fields import Known, Prefill, material
from lifecycle.cases.material_structs import MATERIAL, MaterialRef
from lifecycle.cases.structs import FieldView
from tests.makers.callers import the_recorded_authorities
from tests.makers.consents import allow
from tests.makers.materials import (
    a_licence_of,
    a_node,
    a_paper_draft,
    a_pdf,
    a_scanner,
    attached,
    handed_in,
    state_of_licence,
    with_licence,
)
from tests.makers.matters import PAPER_MATTER, PaperForm, PaperMatter
from tests.makers.people import a_citizen, an_officer

AT = datetime(2026, 11, 29, tzinfo=UTC)
CONSENT = PURPOSES["source_gaj"]


@pytest_asyncio.fixture(autouse=True)
async def known_seals(app: Litestar) -> None:
    await the_recorded_authorities()


@pytest.fixture(autouse=True)
def matter(app: Litestar, monkeypatch: pytest.MonkeyPatch) -> PaperMatter:
    paper = PaperMatter()
    monkeypatch.setitem(forms._forms, PAPER_MATTER, paper)
    monkeypatch.setattr(prefilling, "FRESH_FOR", -prefilling.FRESH_FOR)
    return paper


@pytest_asyncio.fixture
async def scanner() -> AsyncIterator[ClamAv]:
    async with a_scanner() as running:
        yield running


async def shown(citizen: Citizen, draft_id: object) -> dict[str, FieldView]:
    """The fields of a case as its citizen reads them."""
    await prefilling.refresh(citizen, draft_id, 3)  # type: ignore[arg-type]
    return {one.name: one for one in (await reading.show(citizen, draft_id)).fields}  # type: ignore[arg-type]


async def missing(citizen: Citizen, draft_id: object) -> dict[str, str]:
    """What a draft lacks, with the code of each."""
    try:
        await signing_input.payload_of(citizen, draft_id)  # type: ignore[arg-type]
    except FormIncomplete as refusal:
        return {one.pointer.removeprefix("/form/"): one.code for one in refusal.errors}
    return {}


class TestAForm:
    def test_declares_what_it_takes_in_its_schema(self) -> None:
        properties = fields.schema(PaperForm)["$defs"]["PaperForm"]["properties"]

        assert msgspec.json.decode(msgspec.json.encode(properties["proof"][MATERIAL])) == {
            "types": ["application/pdf", "image/jpeg", "image/png"],
            "most_bytes": 1024 * 1024,
            "waived_by": ["income"],
            "licence_types": [],
            "needed": True,
        }
        assert properties["proof"]["x-words"]["label"] == {"zh": "收入证明", "en": "Proof of income"}
        assert "sha256" in fields.schema(PaperForm)["$defs"]["MaterialRef"]["properties"]

    def test_takes_no_type_that_bytes_do_not_tell(self) -> None:
        with pytest.raises(ValueError, match="text/plain"):
            material(Words(zh="文", en="Text"), types=("text/plain",))

    def test_points_at_every_material_that_is_needed(self) -> None:
        class AForm(msgspec.Struct, frozen=True, kw_only=True):
            first: Annotated[MaterialRef | None, material(Words(zh="一", en="One"))] = None
            second: Annotated[MaterialRef | None, material(Words(zh="二", en="Two"), needed=False)] = None
            third: Annotated[MaterialRef, material(Words(zh="三", en="Three"))]

        with pytest.raises(FormIncomplete) as refused:
            fields.whole(AForm, {}, {"first"})

        assert [(one.pointer, one.code) for one in refused.value.errors] == [("/form/third", "material_needed")]


class TestSharing:
    def test_needs_every_field_from_departments(self) -> None:
        known = {"a": Known(1, "GAJ", AT), "b": Known(2, "SWJ", AT), "c": Known(None, "SWJ", AT)}

        assert waivers.sharing(("a", "b"), {}, known) == "GAJ"
        assert waivers.sharing(("a", "b"), {"b": 3}, known) is None
        assert waivers.sharing(("a", "d"), {}, known) is None
        assert waivers.sharing(("a", "c"), {}, known) is None
        assert waivers.sharing((), {}, known) is None


class TestByADepartment:
    async def test_says_who_shares_it_and_is_signed_so(self, matter: PaperMatter) -> None:
        citizen = await a_citizen()
        matter.knows(income=9000)
        draft = await with_licence(citizen, await a_paper_draft(citizen), await a_licence_of(citizen.id))

        proof = (await shown(citizen, draft.id))["proof"]
        signed = msgspec.json.decode(await signing_input.payload_of(citizen, draft.id))

        assert (proof.waived, proof.value) == (True, None)
        assert proof.waiver is not None
        assert proof.waiver.source == "GAJ"
        assert proof.waiver.words.zh == f"免提交：由{proof.waiver.source_name.zh}共享"
        assert signed["waived"] == {"proof": "GAJ"}

    async def test_is_needed_while_nobody_says_it(self) -> None:
        citizen = await a_citizen()
        draft = await a_paper_draft(citizen)

        view = (await shown(citizen, draft.id))["proof"]

        assert (view.waived, view.waiver, view.required) == (False, None, True)
        assert await missing(citizen, draft.id) == {"proof": "material_needed", "household": "material_needed"}

    async def test_is_needed_again_once_the_department_knows_no_more(self, matter: PaperMatter) -> None:
        citizen = await a_citizen()
        matter.knows(income=9000)
        draft = await a_paper_draft(citizen)
        assert "proof" not in await missing(citizen, draft.id)

        matter.knows()
        assert (await shown(citizen, draft.id))["proof"].waived is False
        assert "proof" in await missing(citizen, draft.id)

    async def test_stays_waived_while_a_department_is_only_silent(self, matter: PaperMatter) -> None:
        citizen = await a_citizen()
        matter.knows(income=9000)
        draft = await a_paper_draft(citizen)

        matter.said = Prefill({}, ("GAJ",))

        assert (await shown(citizen, draft.id))["proof"].waived is True

    async def test_is_needed_as_soon_as_the_consent_is_taken_back(self, matter: PaperMatter) -> None:
        citizen = await a_citizen()
        await allow(citizen.id, CONSENT)
        matter.knows(income=9000)
        draft = await a_paper_draft(citizen)
        assert "proof" not in await missing(citizen, draft.id)

        await allow(citizen.id, CONSENT, given=False)
        await deliver_pending()

        assert "proof" in await missing(citizen, draft.id)

    async def test_may_be_brought_all_the_same(self, matter: PaperMatter, scanner: ClamAv) -> None:
        citizen = await a_citizen()
        matter.knows(income=9000)
        draft = await a_paper_draft(citizen)

        await attached(citizen, draft, await a_node(citizen, a_pdf()), scanner)

        view = (await shown(citizen, draft.id))["proof"]
        assert (view.waived, view.source) == (False, "citizen")


class TestByALicence:
    async def test_names_its_number_to_both_sides(self, matter: PaperMatter) -> None:
        citizen = await a_citizen()
        licence_id = await a_licence_of(citizen.id)
        matter.knows(income=9000)
        draft = await a_paper_draft(citizen)

        view = (await shown(citizen, draft.id))["household"]
        case = await handed_in(citizen, draft)
        seen = {one.name: one for one in (await desk.look_at(an_officer(), case.id)).fields}

        assert view.waiver is not None
        assert view.waiver.licence_number is not None
        assert view.waiver.licence_number.startswith("HK")
        assert view.waiver.words.zh.endswith(view.waiver.licence_number)
        assert seen["household"].waiver == view.waiver
        assert licence_id is not None

    @pytest.mark.parametrize("state", ["revoked", "suspended", "annulled", "expired"])
    async def test_is_needed_once_the_licence_holds_no_more(self, state: str) -> None:
        citizen = await a_citizen()
        licence_id = await a_licence_of(citizen.id)
        draft = await a_paper_draft(citizen)
        assert "household" not in await missing(citizen, draft.id)

        await state_of_licence(licence_id, state)

        assert "household" in await missing(citizen, draft.id)

    async def test_of_somebody_else_waives_nothing(self) -> None:
        citizen = await a_citizen()
        await a_licence_of((await a_citizen()).id)
        draft = await a_paper_draft(citizen)

        assert "household" in await missing(citizen, draft.id)
