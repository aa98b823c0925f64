"""The social security party (RSJ) on work by people from abroad."""

from typing import Final

from integrations.city.registers import Service, listed, of_everybody
from integrations.departments.foreign_workers import PermitRules

SERVICES: Final[dict[str, Service]] = {
    "work_permit_rules": of_everybody(lambda _: listed("work_permit_rules", PermitRules)),
}
