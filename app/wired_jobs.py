"""Work for the worker, and its timetable."""

from functools import partial

from app.audit import questions as access_questions
from app.audit import review
from app.card import cancelling as card_cancelling
from app.card import channel_bills, channel_refunds, ledger_days, refund_watching, terminal_requests
from app.card import class_changes as card_class_changes
from app.card import statements as card_statements
from app.card import watching as card_watching
from app.card.spending_structs import StatementToMake
from app.exchanges import asking_again, proving
from app.identity import (
    approvals,
    break_glass,
    delegations,
    households,
    officer_sessions,
    sessions,
    warning,
)
from app.kernel import idempotency
from app.kernel.jobs import register_job, register_timetable
from app.kernel.short_lived import sweep
from app.keys import rotation
from app.notices import campaigns
from app.offline import denials as offline_denials
from app.offline import owed as offline_owed
from app.offline import posting as offline_posting
from app.outside import Outside
from app.privacy import consents, erasing, erasure, exporting, under_key
from app.records import indexing
from app.residents import birthdays
from app.settlement import channel_comparing
from app.settlement import running as settlement_running
from cloud_disk import uploads
from lifecycle.appointments import calendars, calling_off, passing_time
from lifecycle.bills import due as bills_due
from lifecycle.bills import settling as bills_settling
from lifecycle.bundles import following
from lifecycle.cases import awaited_opinions, by_rule, carrying_out, material_rights, material_rows, overdue
from lifecycle.licences import documents as licence_documents
from lifecycle.licences import filed_in_disk, presenting
from lifecycle.licences import passing_time as licence_time
from lifecycle.queries import everybodys
from lifecycle.subscriptions import changed_terms, reminding


def register_jobs(outside: Outside) -> None:
    """Make every kind of work known to the worker, and when it is to run."""
    _register_card(outside)
    register_job(uploads.CHECK_JOB, uploads.CheckFile, partial(uploads.check, outside.store))
    register_job(uploads.DELETE_LATE_JOB, uploads.DeleteLate, partial(uploads.delete_late, outside.store))
    register_job(warning.JOB, warning.WarningDue, partial(warning.warn, outside.sms))
    register_job(households.JOB, households.FetchHousehold, partial(households.fetch_household, outside.police))
    register_job(campaigns.PUBLISH_JOB, campaigns.PublishCampaign, campaigns.publish)
    _register_cases(outside)
    register_job(licence_documents.MAKE_DOCUMENT, licence_documents.DocumentToMake, licence_documents.make_document)
    register_job(
        filed_in_disk.FILE_JOB, filed_in_disk.LicenceToFile, partial(filed_in_disk.file_in_disk, outside.store)
    )
    register_job(rotation.RESEAL, rotation.Reseal, rotation.reseal)
    register_job(exporting.JOB, exporting.MakeExport, partial(exporting.make, outside.store))
    register_job(erasure.JOB, erasure.Erase, erasing.erase)
    register_timetable("consents_ahead", "23 9 * * *", consents.look_ahead)
    register_timetable("erasures_late", "13 4 * * *", erasing.go_on)
    register_timetable("end_retention", "57 3 * * *", under_key.end_retention)
    register_timetable("reseal_what_is_left", "7 4 * * *", rotation.reseal_newest)
    register_timetable("escalate_access_questions", "7 1 * * *", access_questions.escalate_overdue)
    register_timetable("sweep_terminal_requests", "17 3 * * *", terminal_requests.sweep)
    register_timetable("sweep_exports", "11 * * * *", partial(exporting.sweep, outside.store))
    register_timetable("sweep_answers", "37 3 * * *", idempotency.sweep)
    register_timetable("sweep_everybodys", "41 3 * * *", everybodys.sweep)
    register_timetable("index_timelines", "*/10 * * * *", _index)
    register_timetable("sweep_sessions", "27 3 * * *", sessions.sweep)
    register_timetable("sweep_officer_sessions", "29 3 * * *", officer_sessions.sweep)
    register_timetable(
        "prove_exchanges", "* * * * *", partial(proving.prove_waiting, outside.department_keys.certificate)
    )
    register_timetable(
        "ask_for_late_answers", "*/5 * * * *", partial(asking_again.ask_overdue, outside.exchange, outside.parties)
    )
    register_timetable("review_looks", "* * * * *", _review)
    register_timetable("escalate_break_glass", "* * * * *", break_glass.escalate)
    register_timetable("tell_of_break_glass", "* * * * *", break_glass.tell_due)
    register_timetable("look_through_birthdays", "3 0 * * *", birthdays.look_through)
    register_timetable("end_past_delegations", "5 * * * *", delegations.end_past)
    register_timetable("remind_of_licences", "23 8 * * *", licence_time.look_ahead)
    register_timetable("sweep_presentations", "53 2 * * *", presenting.sweep)
    _register_subscriptions()
    _register_appointments(outside)
    _register_bills(outside)
    register_timetable("sweep_approvals", "7 3 * * *", approvals.sweep)
    register_timetable("sweep_short_lived", "*/5 * * * *", _sweep)


async def _close_ledger_days() -> None:
    await ledger_days.close_days()


def _register_card(outside: Outside) -> None:
    register_job(card_watching.JOB, card_watching.WatchTopUp, partial(card_watching.watch_top_up, outside.payments))
    register_job(
        channel_refunds.WATCH,
        channel_refunds.WatchRefund,
        partial(refund_watching.watch_refund, outside.payments),
    )
    register_job(card_cancelling.TAKE, card_cancelling.TakeBalance, card_cancelling.take_balance)
    register_timetable("look_through_channel", "37 * * * *", refund_watching.look_through)
    register_timetable(
        "fetch_channel_bills", "17 * * * *", partial(channel_bills.fetch_missing_bills, outside.payments)
    )
    register_timetable("close_ledger_days", "5 * * * *", _close_ledger_days)
    register_job(card_statements.JOB, StatementToMake, card_statements.make)
    register_job(offline_owed.JOB, offline_owed.ToCollect, offline_owed.collect)
    register_timetable("judge_offline_batches", "* * * * *", offline_posting.judge_late)
    register_timetable("sweep_offline", "19 3 * * *", offline_denials.sweep)
    register_timetable("judge_classes_of_cards", "19 4 * * *", card_class_changes.look_through)
    register_timetable("settle_days", "*/15 * * * *", partial(settlement_running.settle_due, outside.store))
    register_timetable("compare_channel_bills", "47 */2 * * *", channel_comparing.compare_bills)


def _register_cases(outside: Outside) -> None:
    register_job(by_rule.DECIDE, by_rule.ToDecide, by_rule.decide, by_rule.ATTEMPTS)
    register_job(following.BEGIN, following.ToBegin, following.begin, following.ATTEMPTS)
    register_job(carrying_out.CARRY_OUT, carrying_out.ToCarryOut, carrying_out.carry_out, carrying_out.ATTEMPTS)
    register_job(
        material_rows.DROP_OBJECT, material_rows.ObjectToDrop, partial(material_rights.drop_object, outside.store)
    )
    register_timetable("sweep_materials", "59 3 * * *", partial(material_rights.sweep_outlived, outside.store))
    register_timetable("clocks_of_cases", "21 * * * *", overdue.look_through)
    register_timetable("clocks_of_opinions", "23 * * * *", awaited_opinions.look_through)


def _register_appointments(outside: Outside) -> None:
    register_timetable("ask_for_calendars", "33 2 * * *", partial(calendars.ask_departments, outside.registers))
    register_timetable("ask_for_first_calendars", "* * * * *", partial(calendars.ask_at_first, outside.registers))
    register_timetable("release_slots", "*/10 * * * *", calling_off.release)
    register_timetable("sweep_slots", "43 2 * * *", calendars.sweep)
    register_timetable("remind_of_appointments", "*/15 * * * *", passing_time.remind)
    register_timetable("note_missed_appointments", "51 * * * *", passing_time.look_back)
    register_timetable("close_lines", "*/10 * * * *", passing_time.close_lines)
    register_timetable("end_held_places", "* * * * *", passing_time.end_holds)


def _register_bills(outside: Outside) -> None:
    register_job(
        bills_settling.SETTLE,
        bills_settling.ToSettle,
        partial(bills_settling.settle, outside.registers, outside.orders),
        bills_settling.ATTEMPTS,
    )
    register_job(bills_due.LOOK, bills_due.ToLookAt, partial(bills_due.look, outside.registers))
    register_timetable("tell_of_payments", "31 * * * *", bills_settling.look_through)


def _register_subscriptions() -> None:
    register_job(reminding.JOB, reminding.ToRemind, reminding.remind, reminding.ATTEMPTS)
    register_timetable("remind_subscribers", "37 8 * * *", reminding.look_through)
    register_timetable("tell_of_changed_terms", "27 8 * * *", changed_terms.look_through)


async def _index() -> None:
    await indexing.index_waiting()


async def _sweep() -> None:
    await sweep()


async def _review() -> None:
    await review.review()
