"""What each operation is asked with; one that isn't here is asked with nothing but what its path names."""

from typing import Final

from tests.access.ask import Ask
from tests.access.asks_of_agenda import OF_AGENDA
from tests.access.asks_of_anyone import OF_ANYONE
from tests.access.asks_of_appointments import OF_APPOINTMENTS
from tests.access.asks_of_benefits import OF_BENEFITS
from tests.access.asks_of_bills import OF_BILLS
from tests.access.asks_of_bundles import OF_BUNDLES
from tests.access.asks_of_cases import OF_CASES
from tests.access.asks_of_catalogue import OF_CATALOGUE
from tests.access.asks_of_devices import OF_DEVICES
from tests.access.asks_of_disputes import OF_DISPUTES
from tests.access.asks_of_identity import OF_IDENTITY
from tests.access.asks_of_licences import OF_LICENCES
from tests.access.asks_of_life_events import OF_LIFE_EVENTS
from tests.access.asks_of_materials import OF_MATERIALS
from tests.access.asks_of_rights import OF_RIGHTS
from tests.access.asks_of_services import OF_SERVICES
from tests.access.asks_of_settlement import OF_SETTLEMENT
from tests.access.asks_of_subscriptions import OF_SUBSCRIPTIONS
from tests.access.asks_of_the_desk import OF_THE_DESK
from tests.access.asks_of_timeline import OF_TIMELINE

ASKS: Final[dict[str, Ask]] = {
    **OF_ANYONE,
    **OF_IDENTITY,
    **OF_CASES,
    **OF_THE_DESK,
    **OF_APPOINTMENTS,
    **OF_SUBSCRIPTIONS,
    **OF_AGENDA,
    **OF_LIFE_EVENTS,
    **OF_BENEFITS,
    **OF_BILLS,
    **OF_BUNDLES,
    **OF_LICENCES,
    **OF_MATERIALS,
    **OF_DEVICES,
    **OF_RIGHTS,
    **OF_SERVICES,
    **OF_DISPUTES,
    **OF_SETTLEMENT,
    **OF_CATALOGUE,
    **OF_TIMELINE,
}
