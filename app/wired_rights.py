"""Who answers for what the product holds of a person: exported, erased, explained, looked at by officers."""

from pathlib import Path
from typing import Final

from app.audit import review
from app.audit.basis import register_basis
from app.audit.withholding import register_withholder, withheld_acts, withheld_subjects
from app.card.own_rights import CardEraser, CardExporter, MoneyLeft
from app.disputes.own_rights import DisputeEraser, DisputeExporter, DisputesOpen
from app.exchanges.own_rights import AwaitedEraser, AwaitedExporter
from app.identity.break_glass_basis import BreakGlassBasis, BreakGlassJudge
from app.identity.break_glass_rights import BreakGlassEraser, BreakGlassExporter
from app.identity.break_glass_withholding import InvestigationsUntold
from app.identity.delegation_rights import DelegationEraser, DelegationExporter
from app.identity.look_judges import AcquaintanceJudge
from app.identity.rights import IdentityEraser, IdentityExporter
from app.offline.own_rights import OfflineEraser, OfflineExporter, SalesOwed
from app.outside import Outside
from app.privacy.holdings import register_blocker
from app.privacy.own_rights import ConsentEraser, ConsentExporter, ErasureRights, ExportRights
from app.privacy.provenance import register_provenance
from app.privacy.rights import register_files, register_rights
from app.privacy.under_key import PersonKeyEraser, UnderKey
from app.records.own_rights import OWN_ROWS
from app.residents.rights import Frozen, OnlyGuardian, ResidentEraser, ResidentExporter
from cloud_disk.own_rights import DiskEraser, DiskExporter, DiskFiles
from lifecycle.agenda.own_rights import AgendaEraser, AgendaExporter
from lifecycle.appointments.counter import AppointmentBasis
from lifecycle.appointments.own_rights import AppointmentEraser, AppointmentExporter, PaidAppointments
from lifecycle.benefits.own_rights import BenefitEraser, BenefitExporter
from lifecycle.bills.own_rights import BillEraser, BillExporter, PaymentsOpen
from lifecycle.bundles.own_rights import BundleEraser, BundleExporter
from lifecycle.cases.basis import CaseBasis, CaseJudge
from lifecycle.cases.material_rights import MaterialEraser, MaterialExporter, MaterialFiles
from lifecycle.cases.own_rights import CaseEraser, CaseExporter, OpenCases
from lifecycle.facts.own_rights import DeclaredEraser, DeclaredExporter
from lifecycle.licences.own_rights import LicenceEraser, LicenceExporter
from lifecycle.life_events.own_rights import LifeEventEraser, LifeEventExporter
from lifecycle.queries.own_rights import AnswerEraser, AnswerExporter
from lifecycle.subscriptions.own_rights import SubscriptionEraser, SubscriptionExporter


def register_persons_rights(outside: Outside) -> None:
    """Make known who is asked when a person's data are exported, erased or explained; their key goes last."""
    register_rights(ResidentExporter(), ResidentEraser())
    register_rights(ConsentExporter(), ConsentEraser())
    register_rights(IdentityExporter(), IdentityEraser())
    register_rights(DelegationExporter(), DelegationEraser())
    register_rights(BreakGlassExporter(), BreakGlassEraser())
    register_rights(DisputeExporter(), DisputeEraser())
    register_rights(CardExporter(), CardEraser())
    register_rights(OfflineExporter(), OfflineEraser())
    register_rights(BillExporter(), BillEraser())
    register_rights(CaseExporter(), CaseEraser())
    register_rights(BundleExporter(), BundleEraser())
    register_rights(MaterialExporter(), MaterialEraser(outside.store))
    register_files(MaterialFiles())
    register_rights(LicenceExporter(), LicenceEraser())
    register_rights(AppointmentExporter(), AppointmentEraser())
    register_rights(AnswerExporter(), AnswerEraser())
    register_rights(DeclaredExporter(), DeclaredEraser())
    register_rights(BenefitExporter(), BenefitEraser())
    register_rights(AgendaExporter(), AgendaEraser())
    register_rights(LifeEventExporter(), LifeEventEraser())
    register_rights(SubscriptionExporter(), SubscriptionEraser())
    register_rights(AwaitedExporter(), AwaitedEraser())
    register_rights(DiskExporter(), DiskEraser(outside.store))
    register_files(DiskFiles())
    register_rights(exports := ExportRights(outside.store), exports)
    register_rights(ErasureRights(), ErasureRights())
    for blocker in (
        MoneyLeft(),
        SalesOwed(),
        PaymentsOpen(),
        PaidAppointments(),
        OpenCases(),
        OnlyGuardian(),
        Frozen(),
    ):
        register_blocker(blocker)
    register_blocker(DisputesOpen())
    for table in (*_UNDER_KEY, *OWN_ROWS):
        register_rights(table, table)
    register_rights(PersonKeyEraser(), PersonKeyEraser())
    register_provenance(*WITH_PROVENANCE)


_ROOT: Final = Path(__file__).parents[1]


WITH_PROVENANCE: Final = (
    *(
        _ROOT / "app" / room
        for room in (
            *("residents", "identity", "privacy", "card", "disputes", "audit", "records", "notices", "exchanges"),
            "offline",
        )
    ),
    *(
        _ROOT / "lifecycle" / room
        for room in (
            *("agenda", "appointments", "benefits", "bills", "bundles", "cases", "facts", "licences"),
            *("life_events", "queries"),
            "subscriptions",
        )
    ),
    *(_ROOT / "integrations" / "exchange", _ROOT / "cloud_disk"),
)
"""Rooms that keep a `provenance.toml` beside their tables."""


_UNDER_KEY: Final = (
    UnderKey(
        "correction_request",
        (
            *("asked_at", "department", "about_table", "about_column", "about_id", "about_fact", "state", "due_on"),
            "decided_at",
        ),
        sealed=("content", "answer"),
    ),
    UnderKey("act", ("at", "act", "actor_kind", "basis_kind", "basis_id"), hiding=withheld_acts),
    UnderKey("exchange_evidence", ("at",)),
    UnderKey("exchange_finding", ("at", "request_id", "flaw")),
    UnderKey("case_rating", ("at", "case_id", "stars", "answered_at"), sealed=("text", "answer")),
    UnderKey("case_note", ("at", "case_id"), sealed=("text",)),
    UnderKey(
        "case_opinion",
        ("asked_at", "case_id", "department", "due_on", "state", "closed_at"),
        sealed=("content", "answer"),
    ),
    UnderKey("identity_freeze", ("at", "step"), sealed=("reason",)),
    UnderKey("log_entry", ("number", "person_number")),
    UnderKey("access_question", ("asked_at", "department", "due_on", "answered_at"), sealed=("question", "answer")),
    UnderKey("person_look", ("at", "data_classes"), sealed=("purpose",), hiding=withheld_subjects),
    UnderKey("record", ("happened_at", "kind", "phrase", "source", "about_id", "corrects_id"), sealed=("facts",)),
    UnderKey("notice", ("at", "phrase", "campaign_id", "read_at"), sealed=("facts",)),
    UnderKey(
        "exchange_message", ("at", "direction", "department", "service", "purpose", "outcome"), sealed=("payload",)
    ),
)


def register_looks() -> None:
    """Make known what gives an officer a basis to look at a person, and who judges looks afterwards."""
    register_basis(CaseBasis())
    register_basis(BreakGlassBasis())
    register_basis(AppointmentBasis())
    register_withholder(InvestigationsUntold())
    review.register_judge("cases", CaseJudge())
    review.register_judge("break_glass", BreakGlassJudge())
    review.register_judge("acquaintances", AcquaintanceJudge())
