"""Every endpoint of the product, room by room."""

from typing import Final

from litestar.types import ControllerRouterHandler

from app.audit.log_routes import LogController
from app.audit.question_routes import AnswerController, AskController
from app.audit.review_routes import AccessReviewController
from app.audit.routes import AccessLogController
from app.card.callback_routes import WeChatPayCallbackController
from app.card.cancellation_routes import CancellationController
from app.card.fare_routes import FareController
from app.card.holder_routes import HolderController
from app.card.points_of_sale_routes import PointOfSaleController
from app.card.routes import CardController
from app.card.scan_routes import ScanController
from app.card.statement_routes import StatementController
from app.card.terminal_routes import TerminalController
from app.disputes.desk_routes import DisputeDeskController
from app.disputes.routes import DisputeController
from app.exchanges.routes import ExchangeController, LateAnswerController
from app.health import HealthController
from app.identity.administration_routes import DepartmentController, GrantController, OfficerAdministrationController
from app.identity.approval_routes import ApprovalController
from app.identity.delegation_routes import DelegationController
from app.identity.family_routes import FamilyController
from app.identity.freeze_routes import FreezeController, OfficerFreezeController
from app.identity.invitation_routes import (
    CounterDeviceController,
    DeviceKeepingController,
    InvitationController,
    InvitedController,
)
from app.identity.look_routes import BreakGlassController, PeopleController
from app.identity.me_routes import DeviceController, MeController, SessionController
from app.identity.officer_routes import OfficerOwnController, OfficerSignInController
from app.identity.routes import KeysController, SignInController, SignOutController
from app.identity.terminal_enrolment_routes import TerminalEnrolmentController
from app.identity.wechat_routes import WeChatController, WeChatSignInController
from app.notices.routes import AudienceController, CampaignController, InboxController
from app.offline.routes import OfflineCertificateController, OfflineTerminalController
from app.pki.routes import PkiController, VerifyController
from app.privacy.data_routes import CorrectionController, DataController, OfficerCorrectionController
from app.privacy.erasure_routes import ErasureCertificateController, ErasureController
from app.privacy.export_routes import ExportController
from app.privacy.routes import ConsentController
from app.records.own_routes import RecordController
from app.records.routes import TimelineController
from app.residents.routes import DepartmentEventController
from app.settlement.day_end_routes import DayEndController
from app.settlement.discrepancy_routes import DiscrepancyController, SettlementController
from cloud_disk.routes import DiskController
from lifecycle.agenda.routes import AgendaController, AgendaFeedController
from lifecycle.appointments.routes import AppointmentController, CounterController
from lifecycle.benefits.routes import BenefitController
from lifecycle.bills.routes import BillController
from lifecycle.bundles.routes import BundleController, BundleOfferController
from lifecycle.cases.desk_case_routes import DeskWorkController
from lifecycle.cases.desk_routes import DeskCaseController, DeskController
from lifecycle.cases.material_routes import DeskMaterialController, MaterialController
from lifecycle.cases.opinion_routes import OpinionController
from lifecycle.cases.rating_routes import DeskRatingController, RatingController
from lifecycle.cases.routes import CaseController, FormController
from lifecycle.cases.statistics_routes import DeskOverviewController
from lifecycle.catalogue.reckoning_routes import AgeController, NumberCheckController, PeriodController
from lifecycle.catalogue.review_routes import CatalogueReviewController
from lifecycle.catalogue.routes import DeadlineController, MatterController, SituationController, StageController
from lifecycle.entitlements.routes import EligibilityController, EntitlementController
from lifecycle.facts.routes import FactController, FamilyFactController
from lifecycle.licences.desk_routes import LicenceDeskController
from lifecycle.licences.routes import LicenceController, PresentationController
from lifecycle.life_events.routes import LifeEventController, LifeEventOfferController
from lifecycle.page.routes import LifeController
from lifecycle.queries.routes import PrefillController, QueryController, QueryDescriptionController
from lifecycle.subscriptions.routes import SubscriptionController

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
    LateAnswerController,
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
    RecordController,
    InboxController,
    AudienceController,
    CampaignController,
    DiskController,
    PkiController,
    VerifyController,
    CancellationController,
    CardController,
    FareController,
    HolderController,
    DisputeController,
    DisputeDeskController,
    ScanController,
    StatementController,
    TerminalController,
    TerminalEnrolmentController,
    PointOfSaleController,
    DayEndController,
    OfflineCertificateController,
    OfflineTerminalController,
    DiscrepancyController,
    SettlementController,
    WeChatPayCallbackController,
    StageController,
    SituationController,
    DeadlineController,
    AgeController,
    PeriodController,
    NumberCheckController,
    MatterController,
    CatalogueReviewController,
    CaseController,
    FormController,
    DeskController,
    AppointmentController,
    SubscriptionController,
    BillController,
    BundleOfferController,
    BundleController,
    CounterController,
    DeskCaseController,
    DeskWorkController,
    DeskOverviewController,
    OpinionController,
    DeskRatingController,
    RatingController,
    MaterialController,
    DeskMaterialController,
    LicenceController,
    PresentationController,
    LicenceDeskController,
    ExchangeController,
    QueryController,
    PrefillController,
    QueryDescriptionController,
    AgendaController,
    AgendaFeedController,
    LifeEventOfferController,
    LifeEventController,
    FactController,
    FamilyFactController,
    EntitlementController,
    EligibilityController,
    BenefitController,
    LifeController,
]
