"""Which materials a case can do without (免提交), and by whom: a department that shares what they say, or a licence that is held."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.kernel.words import Words
from lifecycle.cases.casebook import CaseFile
from lifecycle.cases.fields import Known, Prefill, fields_of
from lifecycle.cases.forms import form_of
from lifecycle.cases.material_structs import MaterialAsked, Waiver, WaiverView
from lifecycle.catalogue import published
from lifecycle.licences.held import valid_licence

Waivers = Mapping[str, Waiver]


async def waivers_of(case: CaseFile, answers: Mapping[str, Any], prefill: Prefill) -> Waivers:
    """The materials that aren't attached and aren't needed either, each with its reason; in the transaction in progress."""
    missing = {
        one.name: one.material
        for one in fields_of(form_of(case.matter_code).form).values()
        if one.material is not None and one.name not in answers
    }
    found = {name: await _waiver(case, asked, answers, prefill.known) for name, asked in missing.items()}
    return {name: waiver for name, waiver in found.items() if waiver is not None}


async def _waiver(
    case: CaseFile, asked: MaterialAsked, answers: Mapping[str, Any], known: Mapping[str, Known]
) -> Waiver | None:
    department = sharing(asked.waived_by, answers, known)
    if department is not None:
        return Waiver(department)
    licence = await valid_licence(case.citizen_id, asked.licence_types) if asked.licence_types else None
    return None if licence is None else Waiver(licence.department, licence.number)


def sharing(names: Iterable[str], answers: Mapping[str, Any], known: Mapping[str, Known]) -> str | None:
    """The department of the first of some fields, if departments say every one of them and the citizen none. Pure."""
    told = [known[name] if name in known and name not in answers else None for name in names]
    said = [one for one in told if one is not None and one.value is not None]
    return said[0].source if said and len(said) == len(told) else None


def view_of(waiver: Waiver) -> WaiverView:
    """A waiver in words."""
    office = published.catalogue().department(waiver.source).name
    if waiver.licence_number is None:
        words = Words(zh=f"免提交：由{office.zh}共享", en=f"Not needed: shared by {office.en}")
    else:
        words = Words(
            zh=f"免提交：已有电子证照 {waiver.licence_number}",
            en=f"Not needed: licence {waiver.licence_number} is held",
        )
    return WaiverView(source=waiver.source, source_name=office, licence_number=waiver.licence_number, words=words)
