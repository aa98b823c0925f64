"""A person's health record (居民电子健康档案) as the health platform of the Health Commission (卫健委) gives it, and as it is shown.

On the wire it is a FHIR R4 Bundle (hl7.org/fhir/R4/bundle.html): one Patient, and Conditions, Encounters and Observations of
nobody else. Elements that FHIR allows beside those declared here are ignored; resources of other kinds, and what can be read in
two ways, are refused.
基本医疗卫生与健康促进法, art. 92, protects it.
"""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Code, Line, ShortLine
from app.kernel.words import Words
from integrations.departments.directory import HEALTH
from integrations.departments.fhir import CodeableConcept, FhirWrong, Identifier, Reference
from integrations.departments.registers import Register

ICD_10: Final = "http://hl7.org/fhir/sid/icd-10"
LOINC: Final = "http://loinc.org"
Number = Annotated[float, Meta(ge=0, le=100_000)]
EncounterClass = Literal["AMB", "EMER", "IMP"]
CLASSES: Final = {
    "AMB": Words(zh="门诊", en="Outpatient"),
    "EMER": Words(zh="急诊", en="Emergency"),
    "IMP": Words(zh="住院", en="Inpatient"),
}
"""Kinds of visits (HL7 v3 ActCode)."""


class Subject(msgspec.Struct, frozen=True):
    """Whom a resource is about, by the Patient's place in the same bundle."""

    reference: Annotated[str, Meta(pattern=r"\APatient/[A-Za-z0-9.-]{1,64}\Z")]


class ClassCoding(msgspec.Struct, frozen=True):
    """The kind of a visit."""

    code: EncounterClass


class Period(msgspec.Struct, frozen=True):
    """When a visit was; FHIR's shorter dates are too little here."""

    start: date


class Quantity(msgspec.Struct, frozen=True):
    """A measured value in a unit of UCUM."""

    value: Number
    unit: ShortLine


class ReferenceRange(msgspec.Struct, frozen=True):
    """The range that the laboratory names."""

    text: ShortLine


class Patient(msgspec.Struct, frozen=True, tag_field="resourceType", tag="Patient"):
    """Whose record it is."""

    id: Code
    identifier: Annotated[tuple[Identifier, ...], Meta(min_length=1, max_length=1)]


class Condition(msgspec.Struct, frozen=True, tag_field="resourceType", tag="Condition"):
    """Something that somebody has for long."""

    subject: Subject
    code: CodeableConcept


class Encounter(msgspec.Struct, frozen=True, tag_field="resourceType", tag="Encounter", rename="camel"):
    """A visit."""

    subject: Subject
    status: Literal["finished"]
    kind: ClassCoding = msgspec.field(name="class")
    period: Period
    reason_code: Annotated[tuple[CodeableConcept, ...], Meta(min_length=1, max_length=10)]
    service_provider: Reference


class Observation(msgspec.Struct, frozen=True, tag_field="resourceType", tag="Observation", rename="camel"):
    """A measurement."""

    subject: Subject
    status: Literal["final", "amended"]
    code: CodeableConcept
    effective_date_time: date
    value_quantity: Quantity
    reference_range: Annotated[tuple[ReferenceRange, ...], Meta(max_length=1)] = ()


class Entry(msgspec.Struct, frozen=True):
    """One entry of the bundle."""

    resource: Patient | Condition | Encounter | Observation


class Bundle(msgspec.Struct, frozen=True, rename="camel"):
    """The record, whole."""

    resource_type: Literal["Bundle"]
    type: Literal["searchset"]
    total: Annotated[int, Meta(ge=0)]
    entry: Annotated[tuple[Entry, ...], Meta(max_length=2_000)]

    def __post_init__(self) -> None:
        """Refuse a part of a record, records of two people, and what has no name."""
        if self.total != len(self.entry):
            raise FhirWrong("the bundle doesn't hold everything that was found")
        resources = [entry.resource for entry in self.entry]
        patients = [one for one in resources if isinstance(one, Patient)]
        subjects = {one.subject.reference for one in resources if not isinstance(one, Patient)}
        if len(patients) != 1 or subjects - {f"Patient/{patients[0].id}"}:
            raise FhirWrong("the record isn't of one person alone")
        shown(self)


class KnownCondition(msgspec.Struct, frozen=True):
    """Something that somebody has for long."""

    code: Annotated[Code, label("诊断编码（ICD-10）", "Code (ICD-10)")]
    name: Annotated[Line, label("诊断名称", "Name")]


class Visit(msgspec.Struct, frozen=True):
    """A visit to a clinic or hospital."""

    on: Annotated[date, label("就诊日期", "Date")]
    kind: Annotated[EncounterClass, label("就诊类型", "Kind", CLASSES)]
    institution: Annotated[Line, label("就诊机构", "Institution")]
    code: Annotated[Code, label("诊断编码（ICD-10）", "Code (ICD-10)")]
    reason: Annotated[Line, label("就诊原因", "Reason")]


class Reading(msgspec.Struct, frozen=True):
    """A measurement, with the range that the laboratory names; nothing is diagnosed here."""

    on: Annotated[date, label("检查日期", "Date")]
    code: Annotated[Code, label("项目编码（LOINC）", "Code (LOINC)")]
    name: Annotated[Line, label("检查项目", "Measured")]
    value: Annotated[Number, label("结果", "Value")]
    unit: Annotated[ShortLine, label("单位", "Unit")]
    reference: Annotated[ShortLine | None, label("参考范围", "Reference range")]


class HealthRecord(msgspec.Struct, frozen=True):
    """A health record as it is shown: the newest visits and readings first."""

    conditions: Annotated[tuple[KnownCondition, ...], label("长期疾病", "Long-term conditions")]
    visits: Annotated[tuple[Visit, ...], label("就诊记录", "Visits")]
    readings: Annotated[tuple[Reading, ...], label("检查结果", "Readings")]


def shown(bundle: Bundle) -> HealthRecord:
    """Read a bundle as what is shown; refuses (`FhirWrong`) a concept without one code of the system and a name."""
    conditions, visits, readings = [], [], []
    for entry in bundle.entry:
        match entry.resource:
            case Condition() as one:
                conditions.append(KnownCondition(*_named(one.code, ICD_10)))
            case Encounter() as one:
                visits.append(_visit(one))
            case Observation() as one:
                readings.append(_reading(one))
            case Patient():
                pass
    return HealthRecord(
        tuple(conditions),
        tuple(sorted(visits, key=lambda one: (one.on, one.code), reverse=True)),
        tuple(sorted(readings, key=lambda one: (one.on, one.code), reverse=True)),
    )


def patient_of(bundle: Bundle) -> str:
    """Give the identity number of whose record it is."""
    return next(entry.resource.identifier[0].value for entry in bundle.entry if isinstance(entry.resource, Patient))


def _visit(one: Encounter) -> Visit:
    code, reason = _named(one.reason_code[0], ICD_10)
    if one.service_provider.display is None:
        raise FhirWrong("a visit has an institution")
    return Visit(one.period.start, one.kind.code, one.service_provider.display, code, reason)


def _reading(one: Observation) -> Reading:
    reference = one.reference_range[0].text if one.reference_range else None
    code, name = _named(one.code, LOINC)
    return Reading(one.effective_date_time, code, name, one.value_quantity.value, one.value_quantity.unit, reference)


def _named(concept: CodeableConcept, system: str) -> tuple[str, str]:
    """The code in a system, and the name."""
    codes = {coding.code for coding in concept.coding if coding.system == system}
    names = [concept.text, *(coding.display for coding in concept.coding)]
    code, name = codes.pop() if len(codes) == 1 else None, next(filter(None, names), None)
    if code is None or name is None:
        raise FhirWrong(f"a concept has one code of {system}, and a name")
    return code, name


HEALTH_RECORD: Final = Register(
    department=HEALTH,
    service="health_record",
    told=Bundle,
    fresh_for=timedelta(hours=1),
    usable_for=timedelta(days=30),
    names=patient_of,
)
