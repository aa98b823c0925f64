"""A benefit that was offered without an application, confirmed to the end: granted once, whichever way it was asked for."""

import pytest

from app.kernel.actors import Citizen
from lifecycle.agenda.bookkeeping import look_at
from lifecycle.benefits import choosing
from lifecycle.benefits.errors import BenefitNotOffered
from lifecycle.benefits.structs import Account, BenefitView
from lifecycle.cases import drafts, submission
from lifecycle.cases.states import State
from tests.lifecycle.applications.samples_of_social_security import OLD_AGE_ALLOWANCE
from tests.makers.applying import (
    Applicant,
    Applied,
    a_draft_of,
    carried_out,
    changed,
    decided_by_rule,
    proof_of,
    submitted,
)
from tests.makers.cases import the_case
from tests.makers.city_people import a_citizen_of, somebody_new

ACCOUNT = Account("烟台银行股份有限公司", "6223190000000000003")


async def the_offer(citizen: Citizen) -> BenefitView:
    """The one benefit that was offered."""
    (offer,) = (await choosing.listed(citizen, None, None, 20)).items
    return offer


async def confirmed() -> Applied:
    """Somebody entitled, who confirmed; their case is a draft that lacks its signature, and a phone."""
    person = somebody_new(OLD_AGE_ALLOWANCE.fits)
    citizen = await a_citizen_of(person)
    found = await choosing.confirm(citizen, (await the_offer(citizen)).id, ACCOUNT)
    applied = Applied(OLD_AGE_ALLOWANCE, person, citizen, drafts.ref(await the_case(found.case_id)))
    return await changed(applied, {"phone": "13863800005"})


async def test_a_confirmed_benefit_is_granted_and_offered_no_more() -> None:
    applied = await confirmed()
    assert (await the_offer(applied.citizen)).state == "offered"

    await submission.submit(applied.citizen, applied.case.id, await proof_of(applied))
    assert (await the_offer(applied.citizen)).state == "confirmed"
    assert await decided_by_rule(applied) is State.APPROVED
    assert await carried_out(applied) is State.ISSUED
    await look_at(applied.citizen.id)

    offer = await the_offer(applied.citizen)
    assert (offer.state, offer.case_id, offer.steps) == ("confirmed", applied.case.id, ())
    again = await choosing.confirm(applied.citizen, offer.id, ACCOUNT)
    assert (again.case_id, again.case_state, again.signature) == (applied.case.id, "issued", "none")
    with pytest.raises(BenefitNotOffered):
        await choosing.decline(applied.citizen, offer.id)


async def test_who_applies_by_themselves_has_confirmed_too() -> None:
    person = somebody_new(OLD_AGE_ALLOWANCE.fits)
    citizen = await a_citizen_of(person)
    offered = await the_offer(citizen)

    applied = await a_draft_of(OLD_AGE_ALLOWANCE, (person, Applicant(citizen, citizen.id)))
    applied = await changed(applied, dict(OLD_AGE_ALLOWANCE.answers))  # type: ignore[arg-type]
    await submission.submit(citizen, applied.case.id, await proof_of(applied))

    offer = await the_offer(citizen)
    assert (offer.id, offer.state, offer.case_id) == (offered.id, "confirmed", applied.case.id)


async def test_a_case_that_came_to_nothing_lets_the_benefit_stand_again() -> None:
    applied = await submitted(OLD_AGE_ALLOWANCE)
    await look_at(applied.citizen.id)
    await submission.withdraw(applied.citizen, applied.case.id)

    assert (await the_offer(applied.citizen)).state == "offered"
