"""What can be applied for about a birth, beside its registration with the police (`household_registration`)."""

from typing import Any, Final

from lifecycle.birth.childcare_subsidy import ChildcareSubsidyMatter
from lifecycle.birth.fertility_registration import FertilityRegistration
from lifecycle.birth.newborn_insurance import NewbornInsurance
from lifecycle.cases.applications import Application

APPLICATIONS: Final[tuple[type[Application[Any, Any]], ...]] = (
    FertilityRegistration,
    NewbornInsurance,
    ChildcareSubsidyMatter,
)
