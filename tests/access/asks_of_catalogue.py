"""What is asked of the catalogue's review: a matter of the police that nobody else uses, and drafts that a colleague proposed."""

import secrets
from typing import Any, Final

import msgspec

from app.kernel.database import transaction
from lifecycle.catalogue import published, publishing
from lifecycle.catalogue.files import MatterText, shipped_files
from lifecycle.catalogue.publishing import ACTOR, Written
from tests.access.ask import Ask, said
from tests.access.scene import Scene

_PATH: Final = {"code": "own_matter", "version": "own_version"}


async def _own_matter(scene: Scene) -> None:
    """A matter that is published, with a draft of a colleague's."""
    text: MatterText = msgspec.structs.replace(
        shipped_files().matters["birth_household_registration"][1], code=f"some_{secrets.token_hex(4)}"
    )
    async with transaction(ACTOR):
        await publishing.write(Written(text.code, 1, "citizen_card", "published", ACTOR.principal), text)
    await published.refresh()
    scene.things.update(own_matter=text.code, own_version=1)


async def _draft(scene: Scene) -> None:
    await _own_matter(scene)
    address = f"/v1/officer/catalogue/matters/{scene.things['own_matter']}/versions"
    answer = await scene.portal.http.post(address, json=_proposal(scene), headers=scene.officers["colleague"].headers)
    assert answer.is_success, answer.text
    scene.things["own_version"] = answer.json()["version"]


async def _own_draft(scene: Scene) -> None:
    await _own_matter(scene)
    address = f"/v1/officer/catalogue/matters/{scene.things['own_matter']}/versions"
    answer = await scene.portal.http.post(address, json=_proposal(scene), headers=scene.officers["officer"].headers)
    scene.things["own_version"] = answer.json()["version"]


def _proposal(_scene: Scene) -> dict[str, Any]:
    changes = {"cost": {"zh": f"免费。{secrets.token_hex(4)}", "en": "Free of charge."}}
    return {"base_version": 1, "changes": changes, "note": "收费取消"}


OF_CATALOGUE: Final[dict[str, Ask]] = {
    "calculateDeadline": Ask(query={"accepted_on": "2026-11-20", "working_days": 20}),
    "calculateAge": Ask(query={"born_on": "1990-03-07", "months": 6}),
    "calculatePeriod": Ask(query={"event_on": "2026-11-10", "length": "10d"}),
    "checkIdentityNumber": Ask(body=said(number="370602199003070013")),
    "getMatterVersion": Ask(before=_own_matter, path=_PATH),
    "listMatterVersions": Ask(before=_own_matter, path={"code": "own_matter"}),
    "reviewMatterVersion": Ask(before=_draft, path=_PATH),
    "proposeMatterChange": Ask(before=_own_matter, anew=True, path={"code": "own_matter"}, body=_proposal),
    "publishMatterVersion": Ask(before=_draft, path=_PATH),
    "rejectMatterVersion": Ask(before=_draft, path=_PATH, body=said(reason="表述不清")),
    "withdrawMatterVersion": Ask(before=_own_draft, path=_PATH),
}
