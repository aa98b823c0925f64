"""Immunisation records as FHIR R4: a searchset Bundle of Immunization resources."""

from collections.abc import Iterable
from typing import Final

from integrations.city.immunisations import VACCINES, Dose

VACCINE_SYSTEM: Final = "urn:fuhai:vaccine"
ID_NUMBER_SYSTEM: Final = "urn:fuhai:id-number"
CERTIFICATE_SYSTEM: Final = "urn:fuhai:birth-certificate"


def bundle(system: str, value: str, doses: Iterable[Dose]) -> dict[str, object]:
    """Write a Bundle (type searchset) with one Immunization per dose of the patient with this identifier."""
    entries = [
        {
            "fullUrl": f"urn:fuhai:immunization:{dose.vaccine}-{dose.dose_no}",
            "resource": _immunization(system, value, dose),
            "search": {"mode": "match"},
        }
        for dose in sorted(doses)
    ]
    return {"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries}


def _immunization(system: str, value: str, dose: Dose) -> dict[str, object]:
    return {
        "resourceType": "Immunization",
        "id": f"{dose.vaccine}-{dose.dose_no}",
        "status": "completed",
        "vaccineCode": {
            "coding": [{"system": VACCINE_SYSTEM, "code": dose.vaccine, "display": VACCINES[dose.vaccine]}],
            "text": VACCINES[dose.vaccine],
        },
        "patient": {"type": "Patient", "identifier": {"system": system, "value": value}},
        "occurrenceDateTime": dose.day.isoformat(),
        "primarySource": True,
        "performer": [{"actor": {"display": "烟台市预防接种门诊"}}],
        "protocolApplied": [{"doseNumberPositiveInt": dose.dose_no}],
    }
