"""Who is told of what happened."""

from app.audit.events import AccessAnswered, AccessOverdue, DataLookedAt
from app.card import cancelling as card_cancelling
from app.card import telling as card_telling
from app.card.events import (
    CardActivated,
    CardBalanceReturned,
    CardCancelled,
    CardCharged,
    CardClassDue,
    CardClassEnded,
    CardLimitsSet,
    CardOpened,
    CardPaid,
    CardPaymentReversed,
    CardPayoutDue,
    CardRefunded,
    CardReportedFound,
    CardReportedLost,
    CardToppedUp,
    CardWasReplaced,
    ChargeReturned,
    TopUpDisputed,
    TopUpRefunded,
    TopUpRefundFailed,
)
from app.disputes import telling as dispute_telling
from app.disputes.events import DisputeMoved
from app.exchanges.events import AnswerSettled
from app.identity import (
    after_death,
    break_glass_telling,
    delegation_telling,
    delegations,
    family_telling,
    households,
    warning,
)
from app.identity import telling as identity_telling
from app.identity.delegation_events import (
    DelegationAccepted,
    DelegationDeclined,
    DelegationEnded,
    DelegationOffered,
)
from app.identity.events import (
    AccountRecovered,
    ApprovalAsked,
    BreakGlassOpened,
    DeviceEnrolled,
    DeviceRemoved,
    NameChanged,
    PersonFrozen,
    PersonUnfrozen,
    PhoneGivenUp,
    RealNameProved,
    SessionEndedByReuse,
    WeChatBound,
    WeChatUnbound,
)
from app.kernel.events import subscribe
from app.notices import access_alerts, campaigns, inbox, rights_telling
from app.notices.events import CampaignApproved
from app.offline import denials as offline_denials
from app.offline import owed as offline_owed
from app.offline import telling as offline_telling
from app.offline.events import OfflineSaleOwed
from app.privacy.events import (
    ConsentEnded,
    ConsentExpiring,
    ConsentGiven,
    CorrectionAsked,
    CorrectionDecided,
    ErasureOrdered,
    ExportFailed,
    ExportReady,
)
from app.records import correcting as record_correcting
from app.residents.events import (
    CameOfAge,
    ChildBorn,
    CustodyChanged,
    GuardianAppointed,
    GuardianshipEnded,
    PersonDied,
    TurnedFourteen,
    WardLeftAlone,
)
from cloud_disk import uploads
from cloud_disk.events import FileArrived
from lifecycle.appointments import lines
from lifecycle.appointments import telling as appointment_telling
from lifecycle.appointments.events import PlaceGivenBack
from lifecycle.bills import due as bills_due
from lifecycle.bills import telling as bill_telling
from lifecycle.birth import arrivals
from lifecycle.bundles import following as bundle_following
from lifecycle.bundles import telling as bundle_telling
from lifecycle.bundles.events import BundleSubmitted
from lifecycle.cases import (
    awaited_opinions,
    by_rule,
    carrying_out,
    material_rights,
    passing_on,
    prefilling,
    ratings,
    statistics,
)
from lifecycle.cases import desk as case_desk
from lifecycle.cases import events as case_events
from lifecycle.cases import telling as case_telling
from lifecycle.licences import documents as licence_documents
from lifecycle.licences import filed_in_disk
from lifecycle.licences import telling as licence_telling
from lifecycle.licences.events import LicenceChanged, LicenceDocumentMade, LicenceExpiring, LicenceIssued
from lifecycle.queries import late, remembered
from lifecycle.subscriptions import passing_on as subscriptions_passing_on


def subscribe_all() -> None:
    """Have every room told of what it listens to; subscribers run in this order."""
    subscribe(DataLookedAt, access_alerts.on_looked)
    subscribe(AccessAnswered, access_alerts.on_question)
    subscribe(AccessOverdue, access_alerts.on_question)
    subscribe(CampaignApproved, campaigns.on_approved)
    subscribe(ChildBorn, arrivals.on_child_born)
    _subscribe_to_cards()
    subscribe(RealNameProved, inbox.tell_citizen, identity_telling.file_real_name)
    subscribe(ApprovalAsked, inbox.tell_citizen)
    subscribe(AccountRecovered, inbox.tell_citizen)
    subscribe(PhoneGivenUp, inbox.tell_citizen)
    subscribe(NameChanged, inbox.tell_citizen, identity_telling.file_real_name)
    subscribe(DeviceEnrolled, inbox.tell_citizen, warning.on_warned)
    subscribe(DeviceRemoved, inbox.tell_citizen)
    subscribe(BreakGlassOpened, break_glass_telling.tell_person)
    subscribe(SessionEndedByReuse, inbox.tell_citizen)
    subscribe(WeChatBound, inbox.tell_citizen, warning.on_warned)
    subscribe(WeChatUnbound, inbox.tell_citizen)
    subscribe(PersonFrozen, inbox.tell_citizen, warning.on_warned, family_telling.on_frozen)
    subscribe(PersonUnfrozen, inbox.tell_citizen, warning.on_warned, family_telling.on_frozen)
    subscribe(RealNameProved, households.on_real_name_proved)
    _family_subscribers()
    subscribe(ConsentGiven, households.on_consent_given)
    subscribe(ConsentEnded, remembered.on_consent_ended, late.on_consent_ended, prefilling.on_consent_ended)
    subscribe(ConsentExpiring, rights_telling.remind)
    subscribe(AnswerSettled, late.on_settled, carrying_out.on_settled, by_rule.on_settled)
    subscribe(FileArrived, uploads.on_arrived)
    _subscribe_to_cases()
    for told_of_rights in rights_telling.TOLD:
        subscribe(told_of_rights, inbox.tell_citizen)
    subscribe(CorrectionAsked, rights_telling.tell_of_correction)
    subscribe(CorrectionDecided, record_correcting.on_decided, rights_telling.tell_of_correction)
    subscribe(ErasureOrdered, warning.on_warned)
    subscribe(ExportReady, rights_telling.tell_of_export)
    subscribe(ExportFailed, rights_telling.tell_of_export)
    subscribe(LicenceIssued, licence_telling.file_issued, licence_documents.order_document)
    subscribe(LicenceDocumentMade, filed_in_disk.order)
    subscribe(LicenceChanged, licence_telling.on_changed)
    subscribe(LicenceExpiring, licence_telling.on_expiring)


def _subscribe_to_cards() -> None:
    """Who is told of cards and of what moves on them."""
    subscribe(CardOpened, card_telling.on_opened)
    subscribe(CardReportedLost, card_telling.on_reported_lost)
    subscribe(CardActivated, card_telling.on_changed)
    subscribe(CardWasReplaced, card_telling.on_changed)
    subscribe(CardLimitsSet, card_telling.on_changed)
    subscribe(CardClassEnded, card_telling.on_class)
    subscribe(CardClassDue, card_telling.on_class)
    subscribe(CardPaid, card_telling.on_moved)
    subscribe(CardToppedUp, card_telling.on_moved)
    subscribe(CardCharged, card_telling.on_moved)
    subscribe(ChargeReturned, card_telling.on_moved)
    subscribe(CardRefunded, card_telling.on_moved)
    subscribe(CardPaymentReversed, card_telling.on_moved)
    subscribe(CardToppedUp, card_cancelling.on_money_came)
    subscribe(ChargeReturned, card_cancelling.on_money_came)
    subscribe(CardRefunded, card_cancelling.on_money_came)
    subscribe(CardPaymentReversed, card_cancelling.on_money_came)
    subscribe(CardCancelled, card_telling.on_cancelled)
    subscribe(TopUpDisputed, card_telling.on_disputed)
    subscribe(TopUpRefunded, card_telling.on_refund_ended)
    subscribe(TopUpRefundFailed, card_telling.on_refund_ended)
    subscribe(CardPayoutDue, card_telling.on_payout_due)
    subscribe(CardBalanceReturned, card_telling.on_balance_returned)
    subscribe(DisputeMoved, dispute_telling.on_moved)
    _subscribe_offline()


def _subscribe_offline() -> None:
    """Payments without a line: who doesn't pay by one any more, and money that pays what is owed."""
    for stopping in (CardReportedLost, CardReportedFound, CardActivated, CardWasReplaced, CardCancelled):
        subscribe(stopping, offline_denials.on_changed)
    for standing in (PersonFrozen, PersonUnfrozen, PersonDied, DeviceRemoved):
        subscribe(standing, offline_denials.on_changed)
    for coming in (CardToppedUp, ChargeReturned, CardRefunded, CardPaymentReversed):
        subscribe(coming, offline_owed.on_money)
    subscribe(OfflineSaleOwed, offline_telling.on_owed)


def _subscribe_to_cases() -> None:
    """Who is told of cases, ratings and appointments."""
    for event in case_events.ALL:
        subscribe(event, case_desk.project)
    for told in case_telling.TOLD:
        subscribe(told, case_telling.notify)
    for filed in case_telling.FILED:
        subscribe(filed, case_telling.file)
    subscribe(case_events.CaseSubmitted, by_rule.order)
    subscribe(case_events.CaseApproved, carrying_out.order)
    for ended in (case_events.CaseWithdrawn, case_events.CaseLapsed, case_events.CaseMoved):
        subscribe(ended, material_rights.on_ended)
    subscribe(case_events.OpinionMoved, awaited_opinions.project)
    for ending in case_events.ENDING:
        subscribe(ending, awaited_opinions.close_with_case)
    for decided in statistics.DECIDED:
        subscribe(decided, statistics.project)
    subscribe(case_events.CaseIssued, bills_due.on_issued)
    for told_of_bills in bill_telling.TOLD:
        subscribe(told_of_bills, bill_telling.notify)
    _subscribe_to_bundles()
    for told_of_appointments in appointment_telling.TOLD:
        subscribe(told_of_appointments, appointment_telling.notify)
    subscribe(PlaceGivenBack, lines.on_place_given_back)
    for rated in (case_events.CaseRated, case_events.RatingWasAnswered):
        subscribe(rated, ratings.project)


def _subscribe_to_bundles() -> None:
    for moved in case_events.ALL:
        subscribe(moved, bundle_following.on_case_moved)
    subscribe(BundleSubmitted, bundle_following.on_submitted)
    for told_of_bundles in bundle_telling.TOLD:
        subscribe(told_of_bundles, bundle_telling.notify)


def _family_subscribers() -> None:
    """Who is told of powers, guardianship, birthdays and deaths."""
    subscribe(DelegationOffered, delegation_telling.on_offered)
    subscribe(DelegationAccepted, delegation_telling.on_accepted)
    subscribe(DelegationDeclined, delegation_telling.on_declined)
    subscribe(DelegationEnded, delegation_telling.on_ended, passing_on.on_power_ended)
    subscribe(PersonDied, after_death.on_died, family_telling.on_died)
    subscribe(WardLeftAlone, family_telling.on_ward_left_alone)
    subscribe(
        GuardianAppointed,
        delegations.on_guardian_appointed,
        family_telling.on_guardian_appointed,
        passing_on.on_guardians_changed,
    )
    subscribe(GuardianshipEnded, family_telling.on_guardianship_ended, passing_on.on_guardians_changed)
    subscribe(CustodyChanged, family_telling.on_custody_changed, passing_on.on_guardians_changed)
    subscribe(TurnedFourteen, family_telling.on_turned_fourteen, subscriptions_passing_on.on_turned_fourteen)
    subscribe(GuardianshipEnded, subscriptions_passing_on.on_guardianship_ended)
    subscribe(CameOfAge, family_telling.on_came_of_age, passing_on.on_guardians_changed)
