"""Where every room is connected to the others, and to the outside parties that the settings name.

The lists stand beside it: `wired_routes`, `wired_events` (who is told of what), `wired_jobs`, `wired_rights` (whom to ask about a
person's data); beside `main` and `cli` they alone know every room. A use case that asks an outside party takes the port as a
parameter: routes get it as a dependency (`police`, `health`, `sms`, `payments`), jobs by `partial(handler, outside.police)`.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Final

from litestar.di import Provide

from app import (
    wired_agenda,
    wired_answers,
    wired_applications,
    wired_bills,
    wired_calculators,
    wired_entitlements,
    wired_events,
    wired_jobs,
    wired_queries,
    wired_reminders,
    wired_rights,
)
from app.audit.checkpoints import use_log_seal
from app.audit.naming import use_names
from app.audit.offices import use_office_names
from app.bytes_at_rest import RETAINED, UNDER_MASTER, key_folders
from app.card import cancelling as card_cancelling
from app.card import codes as card_codes
from app.card import last_use as card_last_use
from app.card import payments as card_payments
from app.card import points_of_sale
from app.card import telling as card_telling
from app.card import verifying as card_verifying
from app.card.marks import use_marks
from app.disputes import desk as dispute_desk
from app.disputes import reading as dispute_reading
from app.disputes import telling as dispute_telling
from app.identity import (
    break_glass_telling,
    callers,
    counter_devices,
    delegation_telling,
    departments,
    family_telling,
    officer_freezing,
    sessions,
)
from app.identity import telling as identity_telling
from app.identity.last_use import register_last_use
from app.identity.officer_actions import register_actions
from app.kernel import behind
from app.kernel.idempotency import provide_once, use_cipher
from app.kernel.phrases import register_phrases
from app.kernel.settings import Settings
from app.kernel.still_in import use_judge
from app.keys import persons, rotation
from app.keys.stored_answers import SealedAnswers
from app.notices import access_alerts, campaigns, rights_telling
from app.notices.live import Hub
from app.notices.subscribers import register_subscribers
from app.offline import telling as offline_telling
from app.offline.online import AppCodes
from app.offline.own_rights import awaited as sales_awaited
from app.outside import Outside
from app.pki.archive_seal import CitySeal
from app.pki.erasure_verifying import ErasureVerifier
from app.pki.log_seals import CheckpointSeal
from app.pki.verifiers import register_judge, register_verifier
from app.privacy import corrections
from app.privacy.rights import use_sealer
from app.privacy.row_corrections import register_described
from app.records import correcting as record_correcting
from app.records.files import use_files
from app.residents.people import names_of
from app.residents.pushes import Departments
from app.settlement import discrepancies
from cloud_disk.beside import DiskFilesBeside
from integrations.departments.directory import speakers
from lifecycle.agenda import reminding as agenda_reminding
from lifecycle.appointments import counter
from lifecycle.appointments import telling as appointment_telling
from lifecycle.benefits import offering as benefit_offering
from lifecycle.bills import telling as bill_telling
from lifecycle.birth import arrivals
from lifecycle.birth import stage as birth
from lifecycle.bundles import bundlebook
from lifecycle.bundles import telling as bundle_telling
from lifecycle.cases import decisions, desk, opinions, passing_on
from lifecycle.cases import telling as case_telling
from lifecycle.cases.wholes import use_bundle_names
from lifecycle.catalogue import reviewing
from lifecycle.catalogue.published import catalogue, department_name, kept_fresh, open_catalogue
from lifecycle.housing import stage as housing
from lifecycle.licences import ending as licence_ending
from lifecycle.licences import telling as licence_telling
from lifecycle.licences.presented import PresentationJudge, PresentationVerifier
from lifecycle.licences.verifying import LicenceVerifier
from lifecycle.life_events import telling as life_event_telling
from lifecycle.queries import late
from lifecycle.social_security import stage as social_security
from lifecycle.subscriptions import changed_terms
from lifecycle.subscriptions.reaching import SwitchedOn
from lifecycle.travel import stage as travel


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
            "scanner": _constant(self.outside.scanner),
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
            await stack.enter_async_context(kept_fresh())
            stack.push_async_callback(behind.finish)
            stack.push_async_callback(card_payments.finish)
            yield


def _constant(value: Any) -> Provide:
    return Provide(lambda: value, sync_to_thread=False)


_TELLING: Final = (
    access_alerts,
    card_telling,
    dispute_telling,
    offline_telling,
    identity_telling,
    delegation_telling,
    break_glass_telling,
    family_telling,
    passing_on,
    case_telling,
    licence_telling,
    late,
    appointment_telling,
    bill_telling,
    bundle_telling,
    changed_terms,
    arrivals,
    rights_telling,
    agenda_reminding,
    record_correcting,
    life_event_telling,
    benefit_offering,
)
"""Rooms that tell people something, each with its phrases."""


_ACTING: Final = (
    campaigns,
    corrections,
    counter,
    counter_devices,
    dispute_desk,
    decisions,
    desk,
    officer_freezing,
    opinions,
    points_of_sale,
    reviewing,
    licence_ending,
    discrepancies,
)
"""Rooms whose actions an officer can be granted."""


def _connect_records() -> None:
    """What the lifelong record needs from above, and what it tells the room that takes requests for correction."""
    use_files(DiskFilesBeside())
    register_described(record_correcting.TABLE, record_correcting.describe)


def _connect_card() -> None:
    """What the card needs from the rooms of payments without a line and of disputes."""
    register_last_use("card", card_last_use.last_use)
    card_codes.use_other_codes(AppCodes())
    card_payments.use_offline_terms(AppCodes())
    card_cancelling.add_obstacle(sales_awaited)
    use_marks(dispute_reading.marks)


def connect(settings: Settings) -> Connected:
    """Connect every room to the others and to the outside, as the settings say. Doing it again changes nothing."""
    connected = Connected(settings)
    use_cipher(SealedAnswers())
    _connect_card()
    use_names(names_of)
    use_judge(sessions.refuse_if_out)
    use_sealer(CitySeal())
    persons.retain(*RETAINED)
    rotation.register_sealed(*UNDER_MASTER)
    rotation.register_keys(*key_folders(settings))
    use_log_seal(CheckpointSeal())
    use_office_names(department_name)
    wired_calculators.register()
    _connect_records()
    for verifier in (card_verifying.ReceiptVerifier(), LicenceVerifier(), PresentationVerifier(), ErasureVerifier()):
        register_verifier(verifier)
    register_judge(PresentationJudge())
    for phrases in _TELLING:
        register_phrases(phrases.PHRASES)
    register_subscribers(SwitchedOn())
    wired_reminders.register(connected.outside.registers, connected.outside.health)
    wired_rights.register_looks()
    for room in _ACTING:
        register_actions(room.ACTIONS)
    use_bundle_names(bundlebook.name_of)
    wired_agenda.register()
    wired_entitlements.register()
    housing.register()
    social_security.register()
    travel.register(connected.outside.transit)
    birth.register(connected.outside.police, connected.outside.health)
    wired_queries.register(connected.outside.registers)
    wired_bills.register(connected.outside.registers)
    wired_applications.register(connected.outside.registers, connected.outside.orders)
    wired_answers.register()
    wired_rights.register_persons_rights(connected.outside)
    wired_events.subscribe_all()
    wired_agenda.subscribe_all()
    wired_jobs.register_jobs(connected.outside)
    wired_agenda.register_jobs()
    return connected
