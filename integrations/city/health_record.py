"""The health party (WJW) on somebody's record: a FHIR R4 Bundle of a Patient, Conditions, Encounters and Observations."""

from typing import Final

from integrations.city.diagnoses import Condition
from integrations.city.fhir import ID_NUMBER_SYSTEM
from integrations.city.medical import Visit, medical
from integrations.city.people import Person
from integrations.city.readings import Reading, readings
from integrations.city.registers import Service, of_person
from integrations.city.world import City
from integrations.departments.health_record import ICD_10, LOINC

ACT_CODE: Final = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
CLINICAL: Final = "http://terminology.hl7.org/CodeSystem/condition-clinical"
UCUM: Final = "http://unitsofmeasure.org"
Resource = dict[str, object]
_PATIENT: Final = "self"
_SUBJECT: Final = {"reference": f"Patient/{_PATIENT}"}


def health_record(city: City, person: Person) -> Resource | None:
    """Tell somebody's whole record; of people without a household here nothing is known."""
    known = medical(city.population, person)
    if known is None:
        return None
    resources = [
        _patient(person),
        *(_condition(place, one) for place, one in enumerate(known.conditions)),
        *(_encounter(place, one) for place, one in enumerate(known.visits)),
        *(_observation(place, one) for place, one in enumerate(readings(city.population, person, known.visits))),
    ]
    entries = [{"fullUrl": f"urn:fuhai:{one['resourceType']}/{one['id']}", "resource": one} for one in resources]
    return {"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries}


def _patient(person: Person) -> Resource:
    return {
        "resourceType": "Patient",
        "id": _PATIENT,
        "identifier": [{"system": ID_NUMBER_SYSTEM, "value": person.id_number}],
        "gender": person.sex,
        "birthDate": person.birth_date,
    }


def _condition(place: int, one: Condition) -> Resource:
    return {
        "resourceType": "Condition",
        "id": f"condition-{place}",
        "clinicalStatus": {"coding": [{"system": CLINICAL, "code": "active"}]},
        "code": _concept(ICD_10, one.code, one.name),
        "subject": _SUBJECT,
    }


def _encounter(place: int, visit: Visit) -> Resource:
    return {
        "resourceType": "Encounter",
        "id": f"encounter-{place}",
        "status": "finished",
        "class": {"system": ACT_CODE, "code": "AMB", "display": "ambulatory"},
        "subject": _SUBJECT,
        "period": {"start": visit.visited_on, "end": visit.visited_on},
        "reasonCode": [_concept(ICD_10, visit.diagnosis_code, visit.diagnosis)],
        "serviceProvider": {"display": visit.institution},
    }


def _observation(place: int, one: Reading) -> Resource:
    value = one.tenths / 10 if one.tenths % 10 else one.tenths // 10
    return {
        "resourceType": "Observation",
        "id": f"observation-{place}",
        "status": "final",
        "code": _concept(LOINC, one.what.code, one.what.name),
        "subject": _SUBJECT,
        "effectiveDateTime": one.on,
        "valueQuantity": {"value": value, "unit": one.what.unit, "system": UCUM, "code": one.what.ucum},
        "referenceRange": [{"text": f"{one.what.reference} {one.what.unit}"}],
    }


def _concept(system: str, code: str, name: str) -> Resource:
    return {"coding": [{"system": system, "code": code, "display": name}], "text": name}


SERVICES: Final[dict[str, Service]] = {"health_record": of_person(health_record)}
