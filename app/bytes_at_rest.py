"""What lies in each column of bytes: sealed under the master key, under a person's key, or something that says nothing.

A test finds a column that isn't listed here. What is under the master key is sealed anew at its rotation.
"""

from pathlib import Path
from typing import Final

from app.kernel.settings import Settings
from app.keys.rotation import SealedColumn
from app.pki.authorities import KEYS_FOLDER, OFFLINE_FOLDER, pki_folder

UNDER_MASTER: Final = (
    SealedColumn("person_key", "wrapped_key"),
    SealedColumn("person_key", "retained_key"),
    SealedColumn("resident", "id_number"),
    SealedColumn("resident", "phone"),
    SealedColumn("resident", "birth_certificate_no"),
    SealedColumn("resident", "document_number"),
    SealedColumn("session", "pair"),
    SealedColumn("idempotent_answer", "answer"),
    SealedColumn("officer", "totp_secret", owned=False),
    SealedColumn("break_glass", "text", owned=False),
    SealedColumn("wechat_binding", "openid"),
    SealedColumn("wechat_binding", "unionid"),
)
"""Opened by `open_field`, and a person's key by `unwrap_key`."""

UNDER_PERSON: Final = frozenset(
    {
        *("record.facts", "notice.facts", "remembered_answer.answer", "exchange_message.payload"),
        *("matter_case.answers", "matter_case.known", "case_event.detail", "case_signature.payload"),
        "appointment.purposes",
        *("declared_fact.value", "benefit_offer.content"),
        *("agenda_book.facts", "agenda_book.book", "agenda_book.choices"),
        *("life_event.details", "life_event_step.reason"),
        "bill_payment.content",
        "card_statement.pdf",
        "card_dispute_step.text",
        "memory.content",
        *("case_rating.text", "case_rating.answer", "case_material.name", "matter_case.proposed_reason"),
        *("case_note.text", "case_opinion.content", "case_opinion.answer"),
        *("bundle.answers", "bundle.known", "bundle.payload", "bundle.proof", "bundle.evidence"),
        *("correction_request.content", "correction_request.answer"),
        *("case_signature.proof", "case_signature.evidence"),
        *("licence.check_code", "licence.lines", "licence_document.pdf"),
        *("licence_event.reason", "licence_presentation.content"),
        *("identity_freeze.reason", "delegation.told", "person_look.purpose"),
        *("access_question.question", "access_question.answer"),
    }
)
"""Opened by `open_for_person`; gone with the person's key."""

RETAINED: Final = (
    *("matter_case", "case_event", "case_signature", "case_material", "case_opinion"),
    *("licence", "licence_document", "licence_event", "exchange_message"),
)
"""Tables whose sealed columns outlive an erasure under the retention's key (app/privacy/retention.toml says by which law)."""

NOT_SEALED: Final = {
    "identifier.blind_index": "a keyed hash of a whole number, to find its row by",
    "session.refresh_hash": "a keyed hash of a token of ours",
    "session.previous_hash": "the same",
    "idempotent_answer.fingerprint": "a keyed hash of a whole request, to tell a repeat from another request",
    "terminal_request.fingerprint": "the same",
    "transfer.fingerprint": "the same",
    "declined_payment.fingerprint": "the same",
    "top_up.fingerprint": "the same",
    "top_up.client_parameters": "what a wallet needs to pay one order: no person in it",
    "ledger_day.statement": "how much moved on a day, by shard, and digests",
    "ledger_day.signature": "the seal over it",
    "transfer.receipt": "what was paid, where and when; no name, and evidence that anybody can check",
    "log_entry.person_previous": "a hash, of the sealed log",
    "log_head.head": "the same",
    "log_head.committed_head": "the same",
    "log_heads.root": "the same",
    "log_map_node.hash": "the same",
    "log_tile.hashes": "the same",
    "log_checkpoint.root": "the same",
    "log_checkpoint.timestamp": "a time-stamp over a checkpoint, published",
    "licence_presentation.code_index": "a keyed hash of a presentation's code, to find it by",
    "wechat_identifier.blind_index": "a keyed hash of a whole openid or unionid, to find whose it is",
    "exchange_evidence.evidence": "certificates, OCSP answers and time-stamps: about keys and times, and nobody",
    "exchange_finding.content": "a keyed hash of what was said, to keep it once",
    "awaited_answer.question": "a keyed hash of a question, to know a repeat by",
    "bill_payment.bill_index": "a keyed hash of a bill's number, to find who paid it by",
    "bill_taken.bill_index": "the same",
    "venue.content": "a department's venue and its address",
    "venue.hours": "a department's venue's hours",
    "everybodys_answer.question": "a hash of a question that is about nobody",
    "everybodys_answer.answer": "what a department tells everybody",
    "agenda_feed.token_index": "a keyed hash of a private address, to find whose it is",
    "approval.digest": "a hash of what was asked",
    "offline_certificate.content": "what an app shows to any terminal: an enciphered id, a public key and limits",
    "offline_sale.digest": "a hash of what a terminal sent",
    "offline_counter.digest": "the same",
    "offline_batch.content": "codes as any terminal reads them, times and amounts; no name",
    "officer.person_index": "a keyed hash of the officer's own number, to know them as a citizen by",
    "terminal_invitation.code_hash": "a keyed hash of a code that enrols a terminal",
    "terminal_invitation.key_digest": "a digest of a terminal's public key",
    "terminal_known_key.digest": "the same",
    "officer.enrolment_hash": "a keyed hash of a code that appoints",
    "erasure_order.code_hash": "a keyed hash of the certificate's code",
    "erasure_order.certificate": "what was erased and when; it names a person by id only",
    "erasure_order.signature": "the seal over it",
    "settlement_manifest.content": "the sealed list of a day's settlement files: names, sums and digests",
    "settlement_manifest.signature": "the seal over it",
    "short_lived.value": "minutes old at most: sealed one-time codes, and names of challenges",
}
"""Columns that are no secret of a person, and why."""


def key_folders(settings: Settings) -> tuple[Path, ...]:
    """Where signing keys lie, each file encrypted under the master key."""
    pki = pki_folder(settings)
    return (settings.secrets / "signing", settings.var / "exchange", pki / KEYS_FOLDER, pki / OFFLINE_FOLDER)
