"""A department of the city tells that what one of its registers says of somebody has changed."""

import uuid
from typing import Final

import msgspec

from app.kernel import clock
from integrations.city import post
from integrations.city.births import find_birth
from integrations.city.errors import CityBirthUnknown, CityServiceUnknown
from integrations.city.world import City
from integrations.departments.changes import RECORD_CHANGED, RecordChanged
from integrations.departments.civil_affairs import WardNamed

SEPARATOR: Final = ":"


def tell_change(city: City, department: str, service: str, person: WardNamed) -> RecordChanged:
    """Queue `record_changed` of a department. Refuses `CityServiceUnknown`, `CityPersonUnknown` and `CityBirthUnknown`."""
    if department not in city.signers:
        raise CityServiceUnknown
    if person.id_number is not None:
        city.person(person.id_number)
    elif find_birth(city, person.birth_certificate_no or "") is None:
        raise CityBirthUnknown
    told = RecordChanged(service, person, clock.now())
    post.send(
        city,
        post.Item(str(uuid.uuid4()), RECORD_CHANGED, f"{department}{SEPARATOR}{service}", msgspec.json.encode(told)),
    )
    return told
