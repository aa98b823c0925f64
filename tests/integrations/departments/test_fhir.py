"""Immunisation records in FHIR R4, read strictly."""

from datetime import date
from typing import Any

import msgspec
import pytest

from integrations.departments.fhir import VACCINE_SYSTEM, Bundle, Dose, doses


def a_record(**changes: Any) -> dict[str, Any]:
    record: dict[str, Any] = {
        "resourceType": "Immunization",
        "id": "1",
        "status": "completed",
        "vaccineCode": {"coding": [{"system": VACCINE_SYSTEM, "code": "JE-L", "display": "乙脑减毒活疫苗"}]},
        "patient": {"identifier": {"system": "urn:fuhai:id-number", "value": "370602202601011234"}},
        "occurrenceDateTime": "2026-09-01",
        "location": {"display": "毓璜顶街道社区卫生服务中心"},
        "lotNumber": "202508A013",
        "protocolApplied": [{"doseNumberPositiveInt": 1}],
    }
    return {name: value for name, value in (record | changes).items() if value is not None}


def a_bundle(*records: dict[str, Any], **changes: Any) -> dict[str, Any]:
    entries = [{"fullUrl": "urn:1", "resource": record, "search": {"mode": "match"}} for record in records]
    return {"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries} | changes


def read(bundle: dict[str, Any]) -> list[Dose]:
    return list(doses(msgspec.json.decode(msgspec.json.encode(bundle), type=Bundle, strict=True)))


class TestDoses:
    def test_gives_code_number_day_place_and_lot(self) -> None:
        (dose,) = read(a_bundle(a_record()))

        assert dose == Dose("JE-L", 1, date(2026, 9, 1), "毓璜顶街道社区卫生服务中心", "202508A013")

    def test_an_empty_record_is_no_fault(self) -> None:
        assert read({"resourceType": "Bundle", "type": "searchset", "total": 0}) == []

    def test_takes_the_performer_where_no_place_is_given(self) -> None:
        (dose,) = read(a_bundle(a_record(location=None, lotNumber=None, performer=[{"actor": {"display": "门诊"}}])))

        assert (dose.place, dose.lot) == ("门诊", None)

    def test_an_instant_is_a_day_in_shanghai(self) -> None:
        (dose,) = read(a_bundle(a_record(occurrenceDateTime="2026-08-31T16:30:00Z")))

        assert dose.given_on == date(2026, 9, 1)

    @pytest.mark.parametrize("status", ["entered-in-error", "not-done"])
    def test_what_wasnt_given_is_no_dose(self, status: str) -> None:
        assert read(a_bundle(a_record(status=status))) == []

    def test_other_code_systems_beside_ours_are_ignored(self) -> None:
        coding = [{"system": "http://hl7.org/fhir/sid/cvx", "code": "39"}, {"system": VACCINE_SYSTEM, "code": "JE-I"}]

        assert [dose.vaccine_code for dose in read(a_bundle(a_record(vaccineCode={"coding": coding})))] == ["JE-I"]

    @pytest.mark.parametrize(
        "changes",
        [
            {"resourceType": "Patient"},
            {"status": "unknown"},
            {"vaccineCode": {"coding": []}},
            {"vaccineCode": {"text": "JE-L"}},
            {"vaccineCode": {"coding": [{"system": "urn:other", "code": "JE-L"}]}},
            {"vaccineCode": {"coding": [{"system": VACCINE_SYSTEM, "code": code} for code in ("JE-L", "JE-I")]}},
            {"vaccineCode": {"coding": [{"system": VACCINE_SYSTEM, "code": "乙脑"}]}},
            {"occurrenceDateTime": "2026"},
            {"occurrenceDateTime": "2026-09"},
            {"occurrenceDateTime": "2026-09-31"},
            {"occurrenceDateTime": "2026-09-01T08:00:00"},
            {"occurrenceDateTime": None},
            {"patient": None},
            {"patient": {"reference": "Patient/1"}},
            {"protocolApplied": []},
            {"protocolApplied": [{"doseNumberString": "1"}]},
            {"protocolApplied": [{"doseNumberPositiveInt": 0}]},
            {"protocolApplied": [{"doseNumberPositiveInt": "1"}]},
            {"protocolApplied": [{"doseNumberPositiveInt": 1}, {"doseNumberPositiveInt": 2}]},
            {"lotNumber": "A\x00"},
            {"location": {"display": "x" * 201}},
        ],
        ids=str,
    )
    def test_refuses_what_can_be_read_in_two_ways(self, changes: dict[str, Any]) -> None:
        with pytest.raises(msgspec.ValidationError):
            read(a_bundle(a_record(**changes)))

    @pytest.mark.parametrize("changes", [{"type": "history"}, {"total": 2}, {"total": 0}, {"resourceType": "List"}])
    def test_refuses_a_bundle_that_isnt_all_that_was_found(self, changes: dict[str, Any]) -> None:
        with pytest.raises(msgspec.ValidationError):
            read(a_bundle(a_record(), **changes))
