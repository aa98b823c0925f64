"""The health party (WJW) on medical care: institutions, and what is known of a person."""

from typing import Final

from integrations.city.registers import Service, listed, of_everybody
from integrations.departments.medical_care import Institutions

SERVICES: Final[dict[str, Service]] = {
    "medical_institutions": of_everybody(lambda _: listed("medical_institutions", Institutions)),
}
