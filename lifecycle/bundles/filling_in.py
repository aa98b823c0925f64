"""Filling in the master form: departments are asked for every step that begins at once, while the applicant waits a moment."""

import asyncio
from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.behind import wait_a_moment
from app.kernel.database import transaction
from lifecycle.bundles import bundlebook
from lifecycle.bundles.bundlebook import BundleFile
from lifecycle.bundles.definitions import Step
from lifecycle.cases.fields import Prefill
from lifecycle.cases.forms import Applying, citizen_user, form_of

FRESH_FOR: Final = timedelta(minutes=10)
PATIENCE_SECONDS: Final = 3.0


def subject_of(bundle: BundleFile, step: Step) -> UUID:
    """Whom a step is about."""
    return bundle.citizen_id if step.about == "person" else bundle.applicant_id


async def refresh(citizen: Citizen, bundle_id: UUID) -> None:
    """Ask again where what is known of a draft is older than ten minutes, and wait a moment for it; outside every transaction."""
    async with transaction(citizen):
        bundle = await bundlebook.find_for(citizen, bundle_id)
    fresh = bundle.known_at is not None and clock.now() - bundle.known_at < FRESH_FOR
    if bundle.state == "draft" and not fresh:
        await wait_a_moment(bundle.id, lambda: _ask(citizen, bundle), PATIENCE_SECONDS)


async def _ask(citizen: Citizen, bundle: BundleFile) -> None:
    first = [step for step in bundle.definition.ordered if step.mode == "apply" and not step.needs]
    said = await asyncio.gather(*(_said(citizen, bundle, step) for step in first))
    await _keep(citizen, bundle.id, dict(zip((step.code for step in first), said, strict=True)))


async def _said(citizen: Citizen, bundle: BundleFile, step: Step) -> Prefill:
    user = citizen_user(citizen.hand)
    applying = Applying(bundle.id, step.matter, subject_of(bundle, step), citizen.hand, user, within="bundle")
    return await form_of(step.matter).prefill(applying)


async def _keep(citizen: Citizen, bundle_id: UUID, said: dict[str, Prefill]) -> None:
    async with transaction(citizen):
        bundle = await bundlebook.find(bundle_id, lock=True)
        if bundle.state != "draft":
            return
        _, before = await bundlebook.opened(bundle)
        after = {code: before.get(code, Prefill()).after(newer) for code, newer in said.items()}
        silent = any(one.unavailable for one in said.values())
        sealed = await bundlebook.sealed(bundle, "known", msgspec.json.encode(after))
        await bundlebook.write(bundle, known=sealed, known_at=None if silent else clock.now())
