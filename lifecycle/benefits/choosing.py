"""Reading one's offers, and confirming or declining them. A confirmation is the matter's own case, so nothing is granted twice."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

import msgspec

from app.audit.acts import Act, seal_act
from app.kernel import clock
from app.kernel.actors import Citizen, require_matter
from app.kernel.database import Row, execute, fetch_all, fetch_one, transaction
from app.kernel.ids import shard_of
from app.kernel.paging import Page, after_id, page
from app.keys.persons import open_for_person
from lifecycle.agenda.known import known_facts
from lifecycle.benefits.errors import BenefitNotFound, BenefitNotOffered
from lifecycle.benefits.offering import KEEPER, TABLE
from lifecycle.benefits.offers import Content, OfferState, benefit, benefits
from lifecycle.benefits.structs import Account, BenefitStep, BenefitView, ConfirmedView, StateWanted
from lifecycle.cases import casebook, drafts, prefilling, submission
from lifecycle.cases.states import State
from lifecycle.cases.structs import CaseRef, FormChange, NewCase, Submission
from lifecycle.catalogue import published
from lifecycle.catalogue.structs import Signature
from lifecycle.entitlements.rules import entitlement_rule
from lifecycle.entitlements.structs import AmountView

_PATIENCE_SECONDS: Final = 3.0
_STEPS: Final[Mapping[str, tuple[BenefitStep, ...]]] = {
    "offered": ("confirm", "decline"),
    "declined": ("confirm", "reopen"),
}
_LIST: Final = """
SELECT * FROM benefit_offer WHERE shard = ANY ($1::int4[]) AND citizen_id = ANY ($2::uuid[]) AND ($3::uuid IS NULL OR id < $3)
AND ($4::text IS NULL OR state = $4) AND benefit = ANY ($5::text[]) ORDER BY id DESC LIMIT $6
"""


async def listed(citizen: Citizen, state: StateWanted | None, cursor: str | None, limit: int) -> Page[BenefitView]:
    """A page of what was offered to the citizen and their wards, the newest first."""
    people = list(citizen.people)
    for person in people:
        await known_facts(person)
    async with transaction(citizen):
        rows = await fetch_all(
            _LIST,
            *(sorted({shard_of(person) for person in people}), people, after_id(cursor), state),
            *(_within(citizen), limit + 1),
        )
        found = [await _view(row) for row in rows]
    return page(found, limit, found[limit - 1].id if len(found) > limit else None)


async def confirm(citizen: Citizen, offer_id: UUID, account: Account) -> ConfirmedView:
    """Confirm a benefit: its matter's case is opened and filled in, and submitted where no signature is asked for.

    Again finds the same case. Refuses `BenefitNotFound`, `BenefitNotOffered`, and what the case refuses.
    """
    row = await _standing(citizen, offer_id)
    matter = published.matter(entitlement_rule(row["benefit"]).matter or "")
    if row["state"] != "confirmed":
        case = await drafts.open_case(citizen, NewCase(matter.code, row["citizen_id"]))
        await prefilling.refresh(citizen, case.id, _PATIENCE_SECONDS)
        case = await _filled(citizen, case, row["benefit"], account)
        await _note(citizen, offer_id, case)
        if case.state == State.DRAFT.value and matter.signature is Signature.NONE:
            await submission.submit(citizen, case.id, Submission())
    return await _confirmed(citizen, offer_id, matter.signature)


async def decline(citizen: Citizen, offer_id: UUID) -> BenefitView:
    """Decline a benefit; it can be taken back until its period ends. Again changes nothing."""
    return await _choose(citizen, offer_id, "offered", "declined")


async def reopen(citizen: Citizen, offer_id: UUID) -> BenefitView:
    """Take back that a benefit was declined. Again changes nothing."""
    return await _choose(citizen, offer_id, "declined", "offered")


async def _choose(citizen: Citizen, offer_id: UUID, before: OfferState, after: OfferState) -> BenefitView:
    await _looked(citizen, offer_id)
    async with transaction(KEEPER):
        row = await _locked(citizen, offer_id)
        if row["state"] == before:
            _refuse_past(row)
            await _write(row, after)
            await seal_act(Act.BENEFIT_CHOSEN, citizen, about=row["citizen_id"], subject=offer_id)
        elif row["state"] != after:
            raise BenefitNotOffered(state=row["state"])
        return await _view(await _locked(citizen, offer_id))


async def _standing(citizen: Citizen, offer_id: UUID) -> Row:
    """An offer that can be confirmed, or is; one that was declined stands again. Refuses `BenefitNotOffered`, `BenefitNotFound`."""
    await _looked(citizen, offer_id)
    async with transaction(KEEPER):
        row = await _locked(citizen, offer_id)
        if row["state"] not in {"offered", "declined", "confirmed"}:
            raise BenefitNotOffered(state=row["state"])
        if row["state"] != "confirmed":
            _refuse_past(row)
        return row


async def _looked(citizen: Citizen, offer_id: UUID) -> None:
    """Have the person looked at, if something new is known, so that nothing is confirmed that isn't due any more.

    Refuses `CustodyElsewhere`: such a guardian looks, and answers nothing.
    """
    async with transaction(citizen):
        row = await _find(citizen, offer_id)
    drafts.refuse_without_custody(citizen, row["citizen_id"])
    require_matter(citizen, entitlement_rule(row["benefit"]).matter or "")
    await known_facts(row["citizen_id"])


async def _find(citizen: Citizen, offer_id: UUID, lock: str = "") -> Row:
    row = await fetch_one(
        f"SELECT * FROM benefit_offer WHERE shard = $1 AND id = $2 AND citizen_id = ANY ($3::uuid[]) {lock}",
        *(shard_of(offer_id), offer_id, list(citizen.people)),
    )
    if row is None or row["benefit"] not in _names():
        raise BenefitNotFound
    return row


async def _locked(citizen: Citizen, offer_id: UUID) -> Row:
    return await _find(citizen, offer_id, "FOR UPDATE")


async def _filled(citizen: Citizen, case: CaseRef, name: str, account: Account) -> CaseRef:
    """The case with the account, while it is a draft; one that was submitted already stays as it was signed."""
    if case.state != State.DRAFT.value:
        return case
    fields, now = benefit(name), await _case(citizen, case.id)
    if now.state is not State.DRAFT:
        return drafts.ref(now)
    form = {fields.bank: account.bank, fields.account: account.account}
    return await drafts.change(citizen, case.id, now.version, FormChange(form))


async def _case(citizen: Citizen, case_id: UUID) -> casebook.CaseFile:
    async with transaction(citizen):
        return await casebook.find_for(citizen, case_id)


async def _note(citizen: Citizen, offer_id: UUID, case: CaseRef) -> None:
    """Name the case in the offer; one that was submitted already confirms it."""
    async with transaction(KEEPER):
        row = await _locked(citizen, offer_id)
        if row["state"] == "confirmed":
            return
        if row["state"] not in {"offered", "declined"}:
            raise BenefitNotOffered(state=row["state"])
        if row["case_id"] != case.id or row["state"] == "declined":
            await seal_act(Act.BENEFIT_CHOSEN, citizen, about=row["citizen_id"], subject=offer_id)
        await _write(row, "offered" if case.state == State.DRAFT.value else "confirmed", case.id)


async def _confirmed(citizen: Citizen, offer_id: UUID, signature: Signature) -> ConfirmedView:
    async with transaction(citizen):
        row = await _find(citizen, offer_id)
        case = await casebook.find_for(citizen, row["case_id"])
        left = signature if case.state is State.DRAFT else Signature.NONE
        return ConfirmedView(
            benefit=await _view(row),
            case_id=case.id,
            case_state=case.state.value,
            signature=left,
        )


def _names() -> frozenset[str]:
    return frozenset(one.rule for one in benefits())


def _within(citizen: Citizen) -> list[str]:
    """The benefits that the citizen, or the power by which they act, reaches."""
    matters = None if citizen.acting is None else citizen.acting.matters
    return [name for name in _names() if matters is None or entitlement_rule(name).matter in matters]


def _refuse_past(row: Row) -> None:
    if row["until"] is not None and row["until"] < clock.today():
        raise BenefitNotOffered(state="lapsed")


async def _write(row: Row, state: OfferState, case_id: UUID | None = None) -> None:
    await execute(
        "UPDATE benefit_offer SET state = $3, changed_at = $4, case_id = coalesce($5, case_id) WHERE shard = $1 AND id = $2",
        *(row["shard"], row["id"], state, clock.now(), case_id),
    )


async def _view(row: Row) -> BenefitView:
    rule = entitlement_rule(row["benefit"])
    plain = await open_for_person(row["citizen_id"], TABLE, "content", row["id"], row["content"])
    said = msgspec.json.decode(plain, type=Content)
    past = row["until"] is not None and row["until"] < clock.today()
    return BenefitView(
        id=row["id"],
        code=rule.name,
        title=rule.title,
        matter_code=rule.matter,
        subject_id=row["citizen_id"],
        period=row["period"],
        state=row["state"],
        offered_at=row["offered_at"],
        changed_at=row["changed_at"],
        until_on=row["until"],
        amount=AmountView(said.amount.fen, said.amount.per) if said.amount else None,
        because=said.because,
        rests_on=said.facts,
        law=rule.law,
        case_id=row["case_id"],
        steps=() if past else _STEPS.get(row["state"], ()),
    )
