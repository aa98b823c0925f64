"""Which calculators the product offers: each stage's own."""

from lifecycle.birth.calculators import CALCULATORS as BIRTH
from lifecycle.catalogue.calculators import register_calculators
from lifecycle.education.calculators import CALCULATORS as EDUCATION
from lifecycle.housing.calculators import CALCULATORS as HOUSING
from lifecycle.living.calculators import CALCULATORS as LIVING
from lifecycle.marriage.calculators import CALCULATORS as MARRIAGE
from lifecycle.medical.calculators import CALCULATORS as MEDICAL
from lifecycle.social_security.calculators import CALCULATORS as SOCIAL_SECURITY
from lifecycle.tax.calculators import CALCULATORS as TAX
from lifecycle.travel.calculators import CALCULATORS as TRAVEL
from lifecycle.work.calculators import CALCULATORS as WORK


def register() -> None:
    """Register them all; doing it again changes nothing."""
    register_calculators(
        *BIRTH, *EDUCATION, *HOUSING, *LIVING, *MARRIAGE, *MEDICAL, *SOCIAL_SECURITY, *TAX, *TRAVEL, *WORK
    )
