"""Telling the applicant of a bundle: that a step waits for them, and how it ended. Its cases tell of themselves."""

from typing import Final

from app.kernel.events import Event
from app.kernel.phrases import Phrase
from app.kernel.words import Words
from app.notices.inbox import NewNotice, deliver
from lifecycle.bundles import bundlebook, plan
from lifecycle.bundles.events import BundleEnded, BundleNeedsYou

PHRASES: Final = {
    "bundle.needs_you": Phrase(
        Words(zh="请补充：{bundle}", en="Please complete: {bundle}"),
        Words(
            zh="有一个步骤还缺少内容，请打开补充后提交；其他步骤照常办理。",
            en="A step lacks something: open it, complete and submit it. The other steps go on meanwhile.",
        ),
    ),
    "bundle.ended": Phrase(
        Words(zh="已办结：{bundle}", en="Done: {bundle}"),
        Words(zh="共{chosen}个步骤，办成{done}个。", en="{done} of {chosen} steps are done."),
    ),
}
TOLD: Final[tuple[type[Event], ...]] = (BundleNeedsYou, BundleEnded)


async def notify(event: Event) -> None:
    """Tell the applicant; a subscriber, and a repeat tells nothing more."""
    bundle = await bundlebook.find(event.subject_id)
    facts = await bundlebook.facts_of(bundle, await bundlebook.begun(bundle))
    found = plan.standings(bundle.definition, facts, submitted=True)
    done, chosen = plan.progress({one.code: found[one.code] for one in bundle.definition.steps if one.mode == "apply"})
    await deliver(
        NewNotice(
            citizen_id=bundle.applicant_id,
            phrase=event.kind,
            facts={"bundle": bundle.definition.name, "done": str(done), "chosen": str(chosen)},
            source_ref=f"event:{event.id}",
            about_id=bundle.id,
        )
    )
