"""The acts that are sealed, and sealing one.

An act is a row in the business transaction: it exists if and only if what it tells of does.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final, cast
from uuid import UUID

import msgspec

from app.audit.basis import Basis
from app.audit.events import DataLookedAt
from app.kernel import clock
from app.kernel.actors import Actor, Citizen, Department, Officer, Terminal
from app.kernel.database import execute
from app.kernel.events import tell_all
from app.kernel.ids import new_id, shard_of


class Act(StrEnum):
    """Every kind of act. A test says that each is used."""

    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    REAL_NAME_PROVED = "real_name_proved"
    DEVICE_ENROLLED = "device_enrolled"
    DEVICE_REMOVED = "device_removed"
    DEVICE_RENEWED = "device_renewed"
    ACCOUNT_RECOVERED = "account_recovered"
    PHONE_GIVEN_UP = "phone_given_up"
    APPROVED_IN_APP = "approved_in_app"
    SESSION_RAISED = "session_raised"
    NAME_CHANGED = "name_changed"
    SESSION_ENDED = "session_ended"
    WECHAT_BOUND = "wechat_bound"
    WECHAT_UNBOUND = "wechat_unbound"
    IDENTITY_FROZEN = "identity_frozen"
    IDENTITY_UNFROZEN = "identity_unfrozen"
    CONSENTS_CHANGED = "consents_changed"
    PUSH_SWITCHED_ON = "push_switched_on"
    PUSH_SWITCHED_OFF = "push_switched_off"
    CASE_SUBMITTED = "case_submitted"
    CASE_CORRECTED = "case_corrected"
    CASE_WITHDRAWN = "case_withdrawn"
    BUNDLE_SUBMITTED = "bundle_submitted"
    BUNDLE_WITHDRAWN = "bundle_withdrawn"
    LIFE_EVENT_DECLARED = "life_event_declared"
    LIFE_EVENT_CONFIRMED = "life_event_confirmed"
    LIFE_EVENT_TAKEN_BACK = "life_event_taken_back"
    CASE_LOOKED_AT = "case_looked_at"
    MATERIAL_LOOKED_AT = "material_looked_at"
    CASE_CLAIMED = "case_claimed"
    CASE_RELEASED = "case_released"
    CASE_ACCEPTED = "case_accepted"
    CASE_DECLINED = "case_declined"
    CORRECTION_REQUESTED = "correction_requested"
    CASE_UNDER_REVIEW = "case_under_review"
    CASE_SUSPENDED = "case_suspended"
    CASE_RESUMED = "case_resumed"
    CASE_APPROVED = "case_approved"
    CASE_REJECTED = "case_rejected"
    CASE_ISSUED = "case_issued"
    CASE_REOPENED = "case_reopened"
    CASE_LAPSED = "case_lapsed"
    CASE_NOTED = "case_noted"
    CASE_TRANSFERRED = "case_transferred"
    OPINION_ASKED = "opinion_asked"
    OPINION_READ = "opinion_read"
    OPINION_GIVEN = "opinion_given"
    OPINION_WITHDRAWN = "opinion_withdrawn"
    DECISION_PROPOSED = "decision_proposed"
    DECISION_SENT_BACK = "decision_sent_back"
    BENEFIT_CHOSEN = "benefit_chosen"
    APPOINTMENT_BOOKED = "appointment_booked"
    APPOINTMENT_CANCELLED = "appointment_cancelled"
    APPOINTMENT_PAID = "appointment_paid"
    APPOINTMENT_CALLED_OFF = "appointment_called_off"
    APPOINTMENT_ATTENDED = "appointment_attended"
    CASE_RATED = "case_rated"
    RATING_READ = "rating_read"
    RATING_ANSWERED = "rating_answered"
    LICENCE_ISSUED = "licence_issued"
    LICENCE_PRESENTED = "licence_presented"
    LICENCE_PRESENTATION_ENDED = "licence_presentation_ended"
    LICENCE_LINES_CHECKED = "licence_lines_checked"
    LICENCE_LOOKED_AT = "licence_looked_at"
    LICENCE_SUSPENDED = "licence_suspended"
    LICENCE_RESUMED = "licence_resumed"
    LICENCE_END_PROPOSED = "licence_end_proposed"
    LICENCE_END_REFUSED = "licence_end_refused"
    LICENCE_REVOKED = "licence_revoked"
    LICENCE_ANNULLED = "licence_annulled"
    LICENCE_REPLACED = "licence_replaced"
    CARD_OPENED = "card_opened"
    CARD_REPORTED_LOST = "card_reported_lost"
    CARD_REPORTED_FOUND = "card_reported_found"
    CARD_ACTIVATED = "card_activated"
    CARD_REPLACED = "card_replaced"
    CARD_LIMITS_SET = "card_limits_set"
    CARD_CLASS_CHANGED = "card_class_changed"
    CARD_TOPPED_UP = "card_topped_up"
    CARD_PAID = "card_paid"
    CARD_CHARGED = "card_charged"
    CHARGE_RETURNED = "charge_returned"
    CARD_REFUNDED = "card_refunded"
    PAYMENT_REVERSED = "payment_reversed"
    OFFLINE_CERTIFIED = "offline_certified"
    DISCREPANCY_CLAIMED = "discrepancy_claimed"
    DISCREPANCY_PROPOSED = "discrepancy_proposed"
    DISCREPANCY_RESOLVED = "discrepancy_resolved"
    DISCREPANCY_RETURNED = "discrepancy_returned"
    CARD_CANCELLED = "card_cancelled"
    BALANCE_SET_ASIDE = "balance_set_aside"
    TOP_UP_REFUNDED = "top_up_refunded"
    TOP_UP_REFUND_FAILED = "top_up_refund_failed"
    CARD_PAID_OUT = "card_paid_out"
    DISPUTE_OPENED = "dispute_opened"
    DISPUTE_WITHDRAWN = "dispute_withdrawn"
    DISPUTE_LOOKED_AT = "dispute_looked_at"
    DISPUTE_CLAIMED = "dispute_claimed"
    DISPUTE_RELEASED = "dispute_released"
    DISPUTE_EVIDENCE_ASKED = "dispute_evidence_asked"
    DISPUTE_EVIDENCE_GIVEN = "dispute_evidence_given"
    DISPUTE_PROPOSED = "dispute_proposed"
    DISPUTE_SENT_BACK = "dispute_sent_back"
    DISPUTE_ACCEPTED = "dispute_accepted"
    DISPUTE_REJECTED = "dispute_rejected"
    CHANNEL_SETTLED_BY_HAND = "channel_settled_by_hand"
    BILL_PAID = "bill_paid"
    BILL_SETTLED = "bill_settled"
    BILL_RETURNED = "bill_returned"
    PERSON_LOOKED_AT = "person_looked_at"
    BREAK_GLASS_ASKED = "break_glass_asked"
    BREAK_GLASS_READ = "break_glass_read"
    BREAK_GLASS_APPROVED = "break_glass_approved"
    BREAK_GLASS_REFUSED = "break_glass_refused"
    OFFICER_APPOINTED = "officer_appointed"
    OFFICER_ENROLLED = "officer_enrolled"
    OFFICER_RENEWED = "officer_renewed"
    OFFICER_DISMISSED = "officer_dismissed"
    TERMINAL_INVITED = "terminal_invited"
    TERMINAL_ENROLLED = "terminal_enrolled"
    TERMINAL_ENROLMENT_DISPUTED = "terminal_enrolment_disputed"
    TERMINAL_CLOSED = "terminal_closed"
    RIGHT_GRANTED = "right_granted"
    RIGHT_CONFIRMED = "right_confirmed"
    RIGHT_WITHDRAWN = "right_withdrawn"
    DELEGATION_OFFERED = "delegation_offered"
    DELEGATION_ACCEPTED = "delegation_accepted"
    DELEGATION_DECLINED = "delegation_declined"
    DELEGATION_ENDED = "delegation_ended"
    ACTED_FOR = "acted_for"
    CUSTODY_CHANGED = "custody_changed"
    GUARDIANSHIP_CHANGED = "guardianship_changed"
    DEATH_RECORDED = "death_recorded"
    WARD_LOOKED_AT = "ward_looked_at"
    ACCESS_ASKED = "access_asked"
    ACCESS_ANSWERED = "access_answered"
    ACCESS_ESCALATED = "access_escalated"
    FILE_TRASHED = "file_trashed"
    FILE_DOWNLOADED = "file_downloaded"
    EXPORT_ORDERED = "export_ordered"
    EXPORT_DOWNLOADED = "export_downloaded"
    ERASURE_ORDERED = "erasure_ordered"
    ERASURE_CANCELLED = "erasure_cancelled"
    ERASED = "erased"
    RETAINED_OPENED = "retained_opened"
    DATA_CORRECTION_ASKED = "data_correction_asked"
    DATA_CORRECTION_LOOKED_AT = "data_correction_looked_at"
    DATA_CORRECTION_DECIDED = "data_correction_decided"
    RECORD_HIDDEN = "record_hidden"
    RECORD_SHOWN = "record_shown"


LOOKS: Final = frozenset(
    {
        *(Act.CASE_LOOKED_AT, Act.MATERIAL_LOOKED_AT, Act.PERSON_LOOKED_AT, Act.DATA_CORRECTION_LOOKED_AT),
        *(Act.LICENCE_LOOKED_AT, Act.OPINION_READ, Act.DISPUTE_LOOKED_AT),
    }
)
"""Sensitive acts: the person is told of each at once (at most once a day of the same officer and basis)."""
LOOKERS: Final = frozenset({"officer", "department"})
"""Kinds of actors whose looks are told, and who can be asked why."""

_SEAL: Final = """
WITH done AS (
  SELECT * FROM unnest($1::uuid[], $2::int4[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::uuid[],
                       $10::uuid[], $11::text[], $12::text[])
    AS done (id, shard, at, act, actor, actor_kind, actor_department, on_behalf_of, citizen_id, subject_id, basis_kind, basis_id)
), sealed AS (
  INSERT INTO act (id, shard, at, act, actor, actor_kind, actor_department, on_behalf_of, citizen_id, subject_id, basis_kind, basis_id)
  SELECT * FROM done)
INSERT INTO unnumbered_acts (id, shards, acts) SELECT ($1::uuid[])[1], $2, $1
"""


class Done(msgspec.Struct, frozen=True):
    """An act that was done, to be sealed: `about` is the resident whom it touched, `subject` the row that it was done to."""

    act: Act
    actor: Actor
    about: UUID
    subject: UUID | None = None
    basis: Basis | None = None


async def seal_act(
    act: Act, actor: Actor, *, about: UUID, subject: UUID | None = None, basis: Basis | None = None
) -> None:
    """Seal an act in the transaction in progress.

    `about` is the resident whose data or affairs it touched, `subject` the row that it was done to, `basis` what gave the right
    to it (a case, a consent); a citizen's own acts need none. The sequencer gives the act its number within seconds; a look is
    told to the person.
    """
    await seal_acts([Done(act, actor, about, subject, basis)])


async def seal_acts(done: Sequence[Done]) -> None:
    """Seal several acts in the transaction in progress, in one statement."""
    rows = [_row(one) for one in done]
    if rows:
        await execute(_SEAL, *map(list, zip(*rows, strict=True)))
    looks = [
        DataLookedAt(citizen_id=one.about, subject_id=cast("UUID", row[0]))
        for one, row in zip(done, rows, strict=True)
        if one.act in LOOKS and _kind(one.actor) in LOOKERS
    ]
    await tell_all(looks)


def _row(one: Done) -> tuple[object, ...]:
    row_id, actor = new_id(one.about), one.actor
    return (
        *(row_id, shard_of(row_id), clock.now(), one.act.value, actor.principal, _kind(actor), _department(actor)),
        *(_on_behalf_of(actor), one.about, one.subject),
        *((one.basis.kind, one.basis.id) if one.basis else (None, None)),
    )


def _department(actor: Actor) -> str | None:
    match actor:
        case Officer():
            return actor.department
        case Department():
            return actor.code
        case _:
            return None


def _on_behalf_of(actor: Actor) -> UUID | None:
    """The citizen for whom an agent acts (代办)."""
    return actor.id if isinstance(actor, Citizen) and actor.agent_id is not None else None


def _kind(actor: Actor) -> str:
    match actor:
        case Citizen():
            return "citizen"
        case Officer():
            return "officer"
        case Terminal():
            return "terminal"
        case Department():
            return "department"
        case _:
            return "system"
