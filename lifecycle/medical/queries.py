"""What can be asked about medical care."""

from typing import Any, Final

from integrations.departments import health_record
from integrations.departments.family_doctors import TIERED_CARE
from integrations.departments.food_and_drugs import NOTICES, PHARMACIES
from integrations.departments.health_inspection import HEALTH_ALERTS, INSPECTED_PLACES
from integrations.departments.health_record import HEALTH_RECORD, HealthRecord
from integrations.departments.medical_care import INSTITUTIONS
from integrations.departments.medical_insurance import SETTLEMENTS
from integrations.departments.outpatient import CLINICS
from integrations.departments.prevention import CHECKUP_INSTITUTIONS, VACCINATION_CLINICS
from lifecycle.medical.questions import ClinicQuestion, PharmacyQuestion, SettlementsQuestion, VaccineQuestion
from lifecycle.queries.registers import OfEverybody, OfPerson, Shown

QUERIES: Final[tuple[OfPerson[Any] | OfEverybody[Any], ...]] = (
    OfEverybody("health_supervision_info", INSPECTED_PLACES),
    OfEverybody("food_drug_safety_info", NOTICES),
    OfEverybody("medical_institution_query", INSTITUTIONS),
    OfEverybody("pharmacy_query", PHARMACIES, PharmacyQuestion),
    OfEverybody("appointment_registration", CLINICS, ClinicQuestion),
    OfPerson(
        "health_record_query",
        HEALTH_RECORD,
        frozenset({"health"}),
        shown=Shown(health_record.shown, HealthRecord),
    ),
    OfPerson("tiered_diagnosis_referral", TIERED_CARE, frozenset({"health"})),
    OfPerson("medical_insurance_reimbursement", SETTLEMENTS, frozenset({"health", "money"}), SettlementsQuestion),
    OfEverybody("checkup_institution", CHECKUP_INSTITUTIONS),
    OfEverybody("adult_vaccination", VACCINATION_CLINICS, VaccineQuestion),
    OfEverybody("health_consumption_alert", HEALTH_ALERTS),
)
