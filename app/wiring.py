"""Where every room is connected: routes, dependencies, subscribers, jobs, verifiers, and the ports of outside parties.

The only file, beside `main` and `cli`, that knows every room. To add something, find its list below. A use case that asks an
outside party takes the port as a parameter: routes get it as a dependency (`police`, `health`, `sms`, `payments`), jobs by
`partial(handler, outside.police)`.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

from litestar.di import Provide
from litestar.types import ControllerRouterHandler

from app.audit import questions as access_questions
from app.audit import review
from app.audit.basis import register_basis
from app.audit.checkpoints import use_log_seal
from app.audit.events import AccessAnswered, AccessOverdue, DataLookedAt
from app.audit.log_routes import LogController
from app.audit.naming import use_names
from app.audit.offices import use_office_names
from app.audit.question_routes import AnswerController, AskController
from app.audit.review_routes import AccessReviewController
from app.audit.routes import AccessLogController
from app.bytes_at_rest import RETAINED, UNDER_MASTER, key_folders
from app.card import last_use as card_last_use
from app.card import telling as card_telling
from app.card import terminal_requests
from app.card import verifying as card_verifying
from app.card import watching as card_watching
from app.card.callback_routes import WeChatPayCallbackController
from app.card.events import CardOpened, CardPaid, CardReportedLost, CardToppedUp
from app.card.own_rights import CardEraser, CardExporter, MoneyLeft
from app.card.routes import CardController
from app.card.terminal_routes import TerminalController
from app.health import HealthController
from app.identity import (
    after_death,
    approvals,
    break_glass,
    break_glass_telling,
    callers,
    delegation_telling,
    delegations,
    departments,
    family_telling,
    households,
    officer_sessions,
    sessions,
    warning,
)
from app.identity import telling as identity_telling
from app.identity.administration_routes import DepartmentController, GrantController, OfficerAdministrationController
from app.identity.approval_routes import ApprovalController
from app.identity.break_glass_basis import BreakGlassBasis, BreakGlassJudge
from app.identity.break_glass_rights import BreakGlassEraser, BreakGlassExporter
from app.identity.delegation_events import (
    DelegationAccepted,
    DelegationDeclined,
    DelegationEnded,
    DelegationOffered,
)
from app.identity.delegation_rights import DelegationEraser, DelegationExporter
from app.identity.delegation_routes import DelegationController
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
from app.identity.family_routes import FamilyController
from app.identity.freeze_routes import FreezeController, OfficerFreezeController
from app.identity.invitation_routes import (
    CounterDeviceController,
    DeviceKeepingController,
    InvitationController,
    InvitedController,
)
from app.identity.last_use import register_last_use
from app.identity.look_judges import AcquaintanceJudge
from app.identity.look_routes import BreakGlassController, PeopleController
from app.identity.me_routes import DeviceController, MeController, SessionController
from app.identity.officer_actions import register_actions
from app.identity.officer_routes import OfficerOwnController, OfficerSignInController
from app.identity.rights import IdentityEraser, IdentityExporter
from app.identity.routes import KeysController, SignInController, SignOutController
from app.identity.wechat_routes import WeChatController, WeChatSignInController
from app.kernel import behind, events, idempotency
from app.kernel.events import subscribe
from app.kernel.idempotency import provide_once, use_cipher
from app.kernel.jobs import register_job, register_timetable
from app.kernel.phrases import register_phrases
from app.kernel.settings import Settings
from app.kernel.short_lived import sweep
from app.keys import persons, rotation
from app.keys.stored_answers import SealedAnswers
from app.notices import access_alerts, campaigns, rights_telling
from app.notices.events import CampaignApproved
from app.notices.live import Hub
from app.notices.routes import AudienceController, CampaignController, InboxController
from app.outside import Outside
from app.pki.archive_seal import CitySeal
from app.pki.log_seals import CheckpointSeal
from app.pki.routes import PkiController, VerifyController
from app.pki.verifiers import register_verifier
from app.privacy import consents, erasing, erasure, exporting, under_key
from app.privacy.data_routes import CorrectionController, DataController, OfficerCorrectionController
from app.privacy.erasure_routes import ErasureCertificateController, ErasureController
from app.privacy.events import ConsentEnded, ConsentExpiring, ConsentGiven
from app.privacy.export_routes import ExportController
from app.privacy.holdings import register_blocker
from app.privacy.own_rights import ConsentEraser, ConsentExporter, ErasureRights, ExportRights
from app.privacy.provenance import register_provenance
from app.privacy.rights import register_files, register_rights, use_sealer
from app.privacy.routes import ConsentController
from app.privacy.under_key import PersonKeyEraser, UnderKey
from app.records.routes import TimelineController
from app.residents import birthdays
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
from app.residents.people import names_of
from app.residents.pushes import Departments
from app.residents.rights import OnlyGuardian, ResidentEraser, ResidentExporter
from app.residents.routes import DepartmentEventController
from cloud_disk import uploads
from cloud_disk.events import FileArrived
from cloud_disk.own_rights import DiskEraser, DiskExporter, DiskFiles
from cloud_disk.routes import DiskController
from integrations.departments.directory import speakers
from lifecycle.agenda.routes import AgendaController
from lifecycle.birth import arrivals
from lifecycle.birth import stage as birth
from lifecycle.birth.calculators import CALCULATORS as BIRTH_CALCULATORS
from lifecycle.cases import carrying_out, decisions, passing_on
from lifecycle.cases import desk as case_desk
from lifecycle.cases import events as case_events
from lifecycle.cases import telling as case_telling
from lifecycle.cases.basis import CaseBasis, CaseJudge
from lifecycle.cases.desk_routes import DeskCaseController, DeskController
from lifecycle.cases.own_rights import CaseEraser, CaseExporter, OpenCases
from lifecycle.cases.routes import CaseController, FormController
from lifecycle.catalogue.calculators import register_calculators
from lifecycle.catalogue.published import catalogue, department_name, open_catalogue
from lifecycle.catalogue.routes import MatterController, StageController
from lifecycle.licences import documents as licence_documents
from lifecycle.licences import filed_in_disk
from lifecycle.licences import telling as licence_telling
from lifecycle.licences.events import LicenceDocumentMade, LicenceIssued
from lifecycle.licences.own_rights import LicenceEraser, LicenceExporter
from lifecycle.licences.routes import LicenceController
from lifecycle.licences.verifying import LicenceVerifier
from lifecycle.page.routes import LifeController
from lifecycle.queries import remembered
from lifecycle.queries.own_rights import AnswerEraser, AnswerExporter
from lifecycle.queries.routes import QueryController

ROUTES: Final[list[ControllerRouterHandler]] = [
    HealthController,
    KeysController,
    SignInController,
    WeChatSignInController,
    SignOutController,
    MeController,
    SessionController,
    FreezeController,
    DeviceController,
    DelegationController,
    ApprovalController,
    DeviceKeepingController,
    InvitationController,
    InvitedController,
    WeChatController,
    OfficerSignInController,
    OfficerFreezeController,
    CounterDeviceController,
    OfficerOwnController,
    DepartmentController,
    OfficerAdministrationController,
    GrantController,
    PeopleController,
    BreakGlassController,
    FamilyController,
    DepartmentEventController,
    ConsentController,
    ExportController,
    ErasureController,
    ErasureCertificateController,
    DataController,
    CorrectionController,
    OfficerCorrectionController,
    AccessLogController,
    AskController,
    AnswerController,
    LogController,
    AccessReviewController,
    TimelineController,
    InboxController,
    AudienceController,
    CampaignController,
    DiskController,
    PkiController,
    VerifyController,
    CardController,
    TerminalController,
    WeChatPayCallbackController,
    StageController,
    MatterController,
    CaseController,
    FormController,
    DeskController,
    DeskCaseController,
    LicenceController,
    QueryController,
    AgendaController,
    LifeController,
]


class Connected:
    """The product with its outside parties connected, in one process (server or worker)."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.outside = Outside(settings)
        self.hub = Hub(settings)

    def dependencies(self) -> dict[str, Provide]:
        """What endpoints may ask for by name."""
        return {
            "once": Provide(provide_once),
            "hub": _constant(self.hub),
            "sms": _constant(self.outside.sms),
            "wechat": _constant(self.outside.wechat),
            "payments": _constant(self.outside.payments),
            "police": _constant(self.outside.police),
            "health": _constant(self.outside.health),
            "store": _constant(self.outside.store),
            "citizen": callers.recognised("citizen"),
            "officer": callers.recognised("officer"),
            "terminal": callers.recognised("terminal"),
            "still_in": Provide(callers.provide_still_in),
            "proved_key": Provide(callers.proved_key),
            "departments": _constant(Departments(self.outside.department_keys, speakers(self.settings))),
        }

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep what must be open (HTTP clients, the live hub) open for as long as the process lives."""
        await open_catalogue()
        await departments.publish({one.code: one.name for one in catalogue().departments.values()})
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.outside.running())
            await stack.enter_async_context(self.hub.running())
            stack.push_async_callback(behind.finish)
            yield


def _constant(value: Any) -> Provide:
    return Provide(lambda: value, sync_to_thread=False)


def connect(settings: Settings) -> Connected:
    """Connect every room to the others and to the outside, as the settings say. Doing it again changes nothing."""
    connected = Connected(settings)
    use_cipher(SealedAnswers())
    register_last_use("card", card_last_use.last_use)
    use_names(names_of)
    use_sealer(CitySeal())
    persons.retain(*RETAINED)
    rotation.register_sealed(*UNDER_MASTER)
    rotation.register_keys(*key_folders(settings))
    use_log_seal(CheckpointSeal())
    use_office_names(department_name)
    register_calculators(*BIRTH_CALCULATORS)
    register_verifier(card_verifying.ReceiptVerifier())
    register_verifier(LicenceVerifier())
    for phrases in (
        access_alerts,
        card_telling,
        identity_telling,
        delegation_telling,
        break_glass_telling,
        family_telling,
        passing_on,
        case_telling,
        licence_telling,
        arrivals,
        rights_telling,
    ):
        register_phrases(phrases.PHRASES)
    _looks()
    for actions in (campaigns.ACTIONS, decisions.ACTIONS):
        register_actions(actions)
    birth.register(connected.outside.police, connected.outside.health)
    register_provenance(*_WITH_PROVENANCE)
    _rights(connected.outside)
    _subscribers()
    _jobs(connected.outside)
    return connected


def _looks() -> None:
    """What gives an officer a basis to look at a person, and who judges looks afterwards."""
    register_basis(CaseBasis())
    register_basis(BreakGlassBasis())
    review.register_judge("cases", CaseJudge())
    review.register_judge("break_glass", BreakGlassJudge())
    review.register_judge("acquaintances", AcquaintanceJudge())


def _rights(outside: Outside) -> None:
    """Who is asked when a person's data are exported or erased; their key goes last."""
    register_rights(ResidentExporter(), ResidentEraser())
    register_rights(ConsentExporter(), ConsentEraser())
    register_rights(IdentityExporter(), IdentityEraser())
    register_rights(DelegationExporter(), DelegationEraser())
    register_rights(BreakGlassExporter(), BreakGlassEraser())
    register_rights(CardExporter(), CardEraser())
    register_rights(CaseExporter(), CaseEraser())
    register_rights(LicenceExporter(), LicenceEraser())
    register_rights(AnswerExporter(), AnswerEraser())
    register_rights(DiskExporter(), DiskEraser(outside.store))
    register_files(DiskFiles())
    register_rights(exports := ExportRights(outside.store), exports)
    register_rights(ErasureRights(), ErasureRights())
    for blocker in (MoneyLeft(), OpenCases(), OnlyGuardian()):
        register_blocker(blocker)
    for table in _UNDER_KEY:
        register_rights(table, table)
    register_rights(PersonKeyEraser(), PersonKeyEraser())


_ROOT: Final = Path(__file__).parents[1]
_WITH_PROVENANCE: Final = (
    *(_ROOT / "app" / room for room in ("residents", "identity", "privacy", "card", "audit", "records", "notices")),
    *(_ROOT / "lifecycle" / room for room in ("cases", "licences", "queries")),
    *(_ROOT / "integrations" / "exchange", _ROOT / "cloud_disk"),
)
"""Rooms that keep a `provenance.toml` beside their tables."""
_UNDER_KEY: Final = (
    UnderKey(
        "correction_request",
        ("asked_at", "department", "about_table", "about_column", "state", "due_on", "decided_at"),
        sealed=("content", "answer"),
    ),
    UnderKey("act", ("at", "act", "actor_kind", "basis_kind", "basis_id")),
    UnderKey("identity_freeze", ("at", "step"), sealed=("reason",)),
    UnderKey("log_entry", ("number", "person_number")),
    UnderKey("access_question", ("asked_at", "department", "due_on", "answered_at"), sealed=("question", "answer")),
    UnderKey("person_look", ("at", "data_classes"), sealed=("purpose",)),
    UnderKey("record", ("happened_at", "kind", "phrase", "source"), sealed=("facts",)),
    UnderKey("notice", ("at", "phrase", "campaign_id", "read_at"), sealed=("facts",)),
    UnderKey(
        "exchange_message", ("at", "direction", "department", "service", "purpose", "outcome"), sealed=("payload",)
    ),
)


def _subscribers() -> None:
    """Who is told of what; they run in this order."""
    subscribe(DataLookedAt, access_alerts.on_looked)
    subscribe(AccessAnswered, access_alerts.on_question)
    subscribe(AccessOverdue, access_alerts.on_question)
    subscribe(CampaignApproved, campaigns.on_approved)
    subscribe(ChildBorn, arrivals.on_child_born)
    subscribe(CardOpened, card_telling.on_opened)
    subscribe(CardReportedLost, card_telling.on_reported_lost)
    subscribe(CardPaid, card_telling.on_moved)
    subscribe(CardToppedUp, card_telling.on_moved)
    subscribe(RealNameProved, identity_telling.tell_citizen, identity_telling.file_real_name)
    subscribe(ApprovalAsked, identity_telling.tell_citizen)
    subscribe(AccountRecovered, identity_telling.tell_citizen)
    subscribe(PhoneGivenUp, identity_telling.tell_citizen)
    subscribe(NameChanged, identity_telling.tell_citizen, identity_telling.file_real_name)
    subscribe(DeviceEnrolled, identity_telling.tell_citizen, warning.on_warned)
    subscribe(DeviceRemoved, identity_telling.tell_citizen)
    subscribe(BreakGlassOpened, break_glass_telling.tell_person)
    subscribe(SessionEndedByReuse, identity_telling.tell_citizen)
    subscribe(WeChatBound, identity_telling.tell_citizen, warning.on_warned)
    subscribe(WeChatUnbound, identity_telling.tell_citizen)
    subscribe(PersonFrozen, identity_telling.tell_citizen, warning.on_warned)
    subscribe(PersonUnfrozen, identity_telling.tell_citizen, warning.on_warned)
    subscribe(RealNameProved, households.on_real_name_proved)
    _family_subscribers()
    subscribe(ConsentGiven, households.on_consent_given)
    subscribe(ConsentEnded, remembered.on_consent_ended)
    subscribe(ConsentExpiring, rights_telling.remind)
    subscribe(FileArrived, uploads.on_arrived)
    for event in case_events.ALL:
        subscribe(event, case_desk.project)
    for told in case_telling.TOLD:
        subscribe(told, case_telling.notify)
    for filed in case_telling.FILED:
        subscribe(filed, case_telling.file)
    subscribe(case_events.CaseApproved, carrying_out.order)
    for told_of_rights in rights_telling.TOLD:
        subscribe(told_of_rights, rights_telling.tell_citizen)
    subscribe(LicenceIssued, licence_telling.file_issued, licence_documents.order_document)
    subscribe(LicenceDocumentMade, filed_in_disk.order)


def _family_subscribers() -> None:
    """Who is told of powers, guardianship, birthdays and deaths."""
    subscribe(DelegationOffered, delegation_telling.on_offered)
    subscribe(DelegationAccepted, delegation_telling.on_accepted)
    subscribe(DelegationDeclined, delegation_telling.on_declined)
    subscribe(DelegationEnded, delegation_telling.on_ended, passing_on.on_power_ended)
    subscribe(PersonDied, after_death.on_died, family_telling.on_died)
    subscribe(WardLeftAlone, family_telling.on_ward_left_alone)
    subscribe(GuardianAppointed, delegations.on_guardian_appointed, family_telling.on_guardian_appointed)
    subscribe(GuardianshipEnded, family_telling.on_guardianship_ended, passing_on.on_guardians_changed)
    subscribe(CustodyChanged, family_telling.on_custody_changed, passing_on.on_guardians_changed)
    subscribe(TurnedFourteen, family_telling.on_turned_fourteen)
    subscribe(CameOfAge, family_telling.on_came_of_age, passing_on.on_guardians_changed)


def _jobs(outside: Outside) -> None:
    """Work for the worker, and its timetable."""
    register_job(card_watching.JOB, card_watching.WatchTopUp, partial(card_watching.watch_top_up, outside.payments))
    register_job(uploads.CHECK_JOB, uploads.CheckFile, partial(uploads.check, outside.store))
    register_job(warning.JOB, warning.WarningDue, partial(warning.warn, outside.sms))
    register_job(households.JOB, households.FetchHousehold, partial(households.fetch_household, outside.police))
    register_job(campaigns.PUBLISH_JOB, campaigns.PublishCampaign, campaigns.publish)
    register_job(carrying_out.CARRY_OUT, carrying_out.ToCarryOut, carrying_out.carry_out, carrying_out.ATTEMPTS)
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
    register_timetable("sweep_events", "47 3 * * *", events.sweep)
    register_timetable("sweep_sessions", "27 3 * * *", sessions.sweep)
    register_timetable("sweep_officer_sessions", "29 3 * * *", officer_sessions.sweep)
    register_timetable("review_looks", "* * * * *", _review)
    register_timetable("escalate_break_glass", "* * * * *", break_glass.escalate)
    register_timetable("tell_of_break_glass", "* * * * *", break_glass.tell_due)
    register_timetable("look_through_birthdays", "3 0 * * *", birthdays.look_through)
    register_timetable("end_past_delegations", "5 * * * *", delegations.end_past)
    register_timetable("sweep_approvals", "7 3 * * *", approvals.sweep)
    register_timetable("sweep_short_lived", "*/5 * * * *", _sweep)


async def _sweep() -> None:
    await sweep()


async def _review() -> None:
    await review.review()
