"""A health record is read whole and unmistakably, or not at all."""

from typing import Any

import msgspec
import pytest

from integrations.departments.health_record import HEALTH_RECORD, ICD_10, LOINC, Bundle, HealthRecord, shown
from integrations.departments.registers import RegistersClient
from integrations.exchange.errors import DepartmentAnsweredWrongly
from tests.makers.exchange import CLINIC, ADepartment, a_client, an_asking, answers
from tests.makers.signed import HEALTH

NUMBER = "370602199001011234"
OTHER = "370602199003070013"
PATIENT = {"resourceType": "Patient", "id": "self", "identifier": [{"system": "urn:fuhai:id-number", "value": NUMBER}]}
COLD = {"coding": [{"system": ICD_10, "code": "J06.9", "display": "急性上呼吸道感染"}]}
VISIT: dict[str, Any] = {
    "resourceType": "Encounter",
    "status": "finished",
    "class": {"code": "AMB"},
    "subject": {"reference": "Patient/self"},
    "period": {"start": "2026-03-04", "end": "2026-03-04"},
    "reasonCode": [COLD],
    "serviceProvider": {"display": "芝罘区福海向阳街道社区卫生服务中心"},
}
FEVER: dict[str, Any] = {
    "resourceType": "Observation",
    "status": "final",
    "code": {"coding": [{"system": LOINC, "code": "8310-5"}], "text": "体温"},
    "subject": {"reference": "Patient/self"},
    "effectiveDateTime": "2026-03-04",
    "valueQuantity": {"value": 38.2, "unit": "℃"},
}
ILL: dict[str, Any] = {"resourceType": "Condition", "code": COLD, "subject": {"reference": "Patient/self"}}


def a_record(*resources: dict[str, Any], total: int | None = None) -> Bundle:
    """A bundle as it comes over the wire."""
    entries = [{"fullUrl": "urn:x", "resource": one} for one in resources]
    raw = {
        "resourceType": "Bundle",
        "type": "searchset",
        "entry": entries,
        "total": len(entries) if total is None else total,
    }
    return msgspec.json.decode(msgspec.json.encode(raw), type=Bundle)


class TestRecord:
    def test_is_shown_in_words_the_newest_first(self) -> None:
        later = VISIT | {"period": {"start": "2026-05-06"}}

        told = shown(a_record(PATIENT, VISIT, later, FEVER, ILL))

        assert [visit.on.isoformat() for visit in told.visits] == ["2026-05-06", "2026-03-04"]
        assert (told.visits[0].code, told.visits[0].reason, told.visits[0].kind) == ("J06.9", "急性上呼吸道感染", "AMB")
        assert (told.readings[0].name, told.readings[0].value, told.readings[0].reference) == ("体温", 38.2, None)
        assert [one.code for one in told.conditions] == ["J06.9"]

    def test_of_somebody_who_was_never_ill_is_empty(self) -> None:
        assert shown(a_record(PATIENT)) == HealthRecord((), (), ())

    def test_is_remembered_as_it_was_told(self) -> None:
        told = a_record(PATIENT, VISIT, FEVER, ILL)

        assert msgspec.json.decode(msgspec.json.encode(told), type=Bundle) == told

    def test_names_whose_it_is(self) -> None:
        told = a_record(PATIENT, VISIT)

        assert HEALTH_RECORD.is_about(told, NUMBER)
        assert not HEALTH_RECORD.is_about(told, OTHER)

    @pytest.mark.parametrize(
        "resources",
        [
            (VISIT,),
            (PATIENT, PATIENT),
            (PATIENT, VISIT | {"subject": {"reference": "Patient/other"}}),
            (PATIENT, VISIT | {"status": "planned"}),
            (PATIENT, VISIT | {"period": {"start": "2026-03"}}),
            (PATIENT, VISIT | {"class": {"code": "HH"}}),
            (PATIENT, VISIT | {"reasonCode": []}),
            (PATIENT, VISIT | {"serviceProvider": {}}),
            (PATIENT, ILL | {"code": {"text": "感冒"}}),
            (PATIENT, ILL | {"code": {"coding": [*COLD["coding"], {"system": ICD_10, "code": "I10"}]}}),
            (PATIENT, ILL | {"code": {"coding": [{"system": ICD_10, "code": "I10"}]}}),
            (PATIENT, FEVER | {"status": "entered-in-error"}),
            (PATIENT, FEVER | {"valueQuantity": {"value": "38.2", "unit": "℃"}}),
            (PATIENT, {"resourceType": "MedicationRequest"}),
        ],
    )
    def test_is_refused_where_it_can_be_read_in_two_ways(self, resources: tuple[dict[str, Any], ...]) -> None:
        with pytest.raises(msgspec.ValidationError):
            a_record(*resources)

    def test_is_refused_in_part(self) -> None:
        with pytest.raises(msgspec.ValidationError):
            a_record(PATIENT, VISIT, total=3)


class TestRegister:
    async def test_believes_no_record_of_somebody_else_in_the_right_envelope(self) -> None:
        bundle = {
            "resourceType": "Bundle",
            "type": "searchset",
            "total": 2,
            "entry": [{"resource": PATIENT}, {"resource": VISIT}],
        }
        department = ADepartment(
            *(answers(body={"id_number": number, "told": bundle}, keyid=HEALTH) for number in (NUMBER, OTHER))
        )
        client = RegistersClient(a_client(department), {"WJW": CLINIC})

        told = await client.about(an_asking(), HEALTH_RECORD, NUMBER, {})

        assert len(shown(told.body).visits) == 1
        with pytest.raises(DepartmentAnsweredWrongly):
            await client.about(an_asking(), HEALTH_RECORD, OTHER, {})
