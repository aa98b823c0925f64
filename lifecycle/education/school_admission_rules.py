"""What an application for a place at school comes to: whether it is time, at which school, in which class. Pure.

Sources: 义务教育法 art. 11 and 12; 疫苗管理法 art. 48 (missing doses are caught up, and bar nobody).
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

import msgspec

from app.kernel.errors import FieldProblem
from app.kernel.words import Words
from integrations.departments.school_directory import District
from integrations.departments.schooling import STAGES, School
from lifecycle.education.school_admission_form import SchoolForm
from lifecycle.rules.parameters import Reading
from lifecycle.rules.school_entry import Intake, Stage, intake, settled_by
from lifecycle.rules.school_places import CLASSES, Ties, class_at

_LAST_PRIMARY: Final = 6
_ACCEPTING: Final = frozenset({"in_time", "late"})
ASSIGNED: Final = Words(
    zh="所填情况不属于公布的类别，由区市教育部门统筹安排学位。",
    en="None of the published classes fits; the education authority assigns a place.",
)


def not_of_age(born: date, reading: Reading) -> Words | None:
    """Say why a child can be registered for neither stage on the reading's day, if so: too young, too early, or too old."""
    primary, junior = intake(born, "primary", reading), intake(born, "junior", reading)
    if {primary.when, junior.when} & _ACCEPTING:
        return None
    if primary.when == "past":
        return Words(zh="已过义务教育阶段。", en="Compulsory schooling is over for this child.")
    return _from_when("primary", primary)


def _from_when(stage: Stage, found: Intake) -> Words:
    """From when on a child can be registered for a stage."""
    words = STAGES[stage]
    opens = found.window.opens.isoformat() if found.window else None
    return Words(
        zh=f"{found.entry_year}年{words.zh}入学，" + (f"报名自{opens}开始。" if opens else "报名时间尚未公布。"),
        en=f"Enters in {found.entry_year} ({words.en.lower()}); "
        + (f"registration opens on {opens}." if opens else "when to register isn't published yet."),
    )


def district_of(form: SchoolForm) -> District | None:
    """The school district of the address that the guardian chose."""
    found: District | None = getattr(form, f"{form.address_of}_district")
    return found


def school_of(form: SchoolForm) -> School | None:
    """The school of the chosen address."""
    district = district_of(form)
    return None if district is None else _school(district, form.stage)


def _school(district: District, stage: Stage) -> School:
    if stage == "primary":
        return School(district.primary_code, district.primary_name)
    return School(district.junior_code, district.junior_name)


def problems(form: SchoolForm, reading: Reading) -> Iterator[FieldProblem]:
    """What can't be granted as it stands: a stage that isn't the child's on that day, a place given already, no such address."""
    when = intake(form.birth_date, form.stage, reading).when
    if when not in _ACCEPTING:
        yield FieldProblem("/form/stage", f"stage_{when}", "it isn't time for this stage")
    if form.admitted_stage == form.stage:
        yield FieldProblem("/form/stage", "admitted_already", "the child was given a place at this stage")
    if _learns_there(form):
        yield FieldProblem("/form/stage", "enrolled_already", "the child learns at this stage; see school transfers")
    elif form.stage == "junior" and form.learns_stage == "primary" and form.learns_year != _LAST_PRIMARY:
        yield FieldProblem("/form/stage", "primary_not_finished", "primary school isn't finished yet")
    if district_of(form) is None:
        yield FieldProblem("/form/address_of", "address_unknown", "no department knows of such an address in Yantai")


def _learns_there(form: SchoolForm) -> bool:
    before = {"primary": {None, "kindergarten"}, "junior": {None, "kindergarten", "primary"}}[form.stage]
    return form.learns_stage not in before


def notes(given: Mapping[str, Any], reading: Reading) -> Iterable[Words]:
    """What guardian and officer should know: class and school, in time or late, twins, vaccinations."""
    return (*_notes_of_time(given, reading), *_notes_of_place(given, reading), *_notes_of_child(given))


def _notes_of_time(given: Mapping[str, Any], reading: Reading) -> Iterator[Words]:
    born, stage = _date(given.get("birth_date")), given.get("stage")
    if born is None or stage not in {"primary", "junior"}:
        return
    found = intake(born, stage, reading)
    if found.when == "late":
        yield Words(
            zh="不在集中报名时间内，按补录处理：在有空余学位的学校安排。",
            en="Outside the registration period: a late application, for places that are left.",
        )
    elif found.when == "in_time" and found.window is not None:
        yield Words(
            zh=f"集中报名截止{found.window.closes.isoformat()}。",
            en=f"Registration closes on {found.window.closes.isoformat()}.",
        )
    elif found.when in {"before", "too_young"}:
        yield _from_when(stage, found)
    last = settled_by(found.entry_year, reading)
    if any(day > last for name in ("household_since", "home_since") if (day := _date(given.get(name))) is not None):
        yield Words(
            zh=f"户籍或房产登记晚于{last.isoformat()}，排在同类之后。",
            en=f"Registered or bought after {last.isoformat()}: after the others of the class.",
        )


def _notes_of_place(given: Mapping[str, Any], reading: Reading) -> Iterator[Words]:
    told, stage = given.get(f"{given.get('address_of')}_district"), given.get("stage")
    if told is None or stage not in {"primary", "junior"}:
        return
    district = msgspec.convert(told, District)
    school = _school(district, stage)
    yield Words(
        zh=f"对应学校：{school.name}（{district.area}）。学位以审核结果为准。",
        en=f"School of the address: {school.name} ({school.code}). It is no admission yet.",
    )
    found = class_at(ties_of(given, reading.as_of), _code(told) or "", reading)
    if found is None:
        yield ASSIGNED
        return
    words = CLASSES[found.code]
    yield Words(zh=f"第{found.place}顺位：{words.zh}。", en=f"Order {found.place}: {words.en}.")


def _notes_of_child(given: Mapping[str, Any]) -> Iterator[Words]:
    if given.get("has_twin"):
        number = str(given.get("twin_id_number"))
        yield Words(
            zh=f"有双胞胎（{number}），两份申请应同时审核、安排在同一所学校。",
            en=f"There is a twin ({number}): decide both applications together, for the same school.",
        )
    missing = given.get("vaccines_missing") or ()
    if missing:
        yield Words(
            zh=f"待补种：{'、'.join(missing)}。缺针不影响入学。",
            en=f"{len(missing)} vaccinations are missing; they bar nobody from school and are caught up.",
        )


def ties_of(given: Mapping[str, Any], as_of: date) -> Ties:
    """What binds a child to school districts on a day, of a form's values."""
    household, guardian = given.get("household_no"), given.get("guardian_household_no")
    permit_until = _date(given.get("permit_until"))
    return Ties(
        household=_code(given.get("household_district")),
        home=_code(given.get("home_district")),
        with_guardian=household is not None and household == guardian,
        grandchild=bool(given.get("grandchild")),
        permit=permit_until is not None and as_of <= permit_until,
        insured_months=int(given.get("insured_months") or 0),
        policy=given.get("policy") not in {None, "none"},
    )


def _code(district: Mapping[str, Any] | None) -> str | None:
    return None if district is None else f"{district['division_code']}{district['town_code']}"


def _date(value: object) -> date | None:
    return None if value is None else msgspec.convert(value, date)
