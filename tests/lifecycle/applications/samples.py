"""A sample of each matter that can be applied for, stage by stage."""

from typing import Final

from tests.lifecycle.applications.samples_of_birth import SAMPLES as BIRTH
from tests.lifecycle.applications.samples_of_education import SAMPLES as EDUCATION
from tests.lifecycle.applications.samples_of_housing import SAMPLES as HOUSING
from tests.lifecycle.applications.samples_of_living import SAMPLES as LIVING
from tests.lifecycle.applications.samples_of_marriage import SAMPLES as MARRIAGE
from tests.lifecycle.applications.samples_of_medical import SAMPLES as MEDICAL
from tests.lifecycle.applications.samples_of_social_security import SAMPLES as SOCIAL_SECURITY
from tests.lifecycle.applications.samples_of_travel import SAMPLES as TRAVEL
from tests.lifecycle.applications.samples_of_work import SAMPLES as WORK
from tests.makers.applying import Sample

SAMPLES: Final[tuple[Sample, ...]] = (
    *BIRTH,
    *EDUCATION,
    *WORK,
    *MARRIAGE,
    *MEDICAL,
    *HOUSING,
    *TRAVEL,
    *SOCIAL_SECURITY,
    *LIVING,
)
