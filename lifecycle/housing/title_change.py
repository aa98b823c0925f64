"""Changing a title without a sale (不动产变更、继承登记): heirs, a spouse who is added, a division after a divorce.

Two departments carry it out, one after the other: the tax service certifies the deed tax, then the registry enters the owners
(契税法 art. 6, 11; 不动产登记暂行条例 art. 14, 20). Kin and shares are proposed by law (民法典 art. 1121-1132); the registry asks all heirs in person.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any, ClassVar, Final

from app.kernel import clock
from app.kernel.actors import Citizen, DataClass
from app.kernel.calendar import add_working_days
from app.kernel.errors import FieldProblem
from app.kernel.words import Words
from app.residents.directory import find_by_id_number
from app.residents.structs import Resident
from integrations.departments.districts import DISTRICTS
from integrations.departments.estates import (
    CERTIFY_DEED_TAX,
    CHANGE_TITLE,
    ESTATE_KIN,
    ESTATES,
    EstateKin,
    Estates,
    TitleChanged,
)
from integrations.departments.marriages import DIVORCE, MARRIAGE, DivorceRecord, MarriageRecord
from integrations.departments.property_titles import CHANGEABLES, SHARES, ZRZY, Changeables
from lifecycle.cases.applications import Application, First, Source
from lifecycle.cases.errors import NotFitFor, TooEarlyToDecide
from lifecycle.cases.forms import Approved, Standing
from lifecycle.cases.parts_done import Done
from lifecycle.cases.person_fields import own
from lifecycle.cases.states import Step
from lifecycle.housing import title_change_rules as rules
from lifecycle.housing.estate_division import in_words, owners
from lifecycle.housing.title_change_form import TitleChangeForm
from lifecycle.licences.held import licence_saying
from lifecycle.licences.kinds import CERT_REALESTATE
from lifecycle.licences.states import Step as LicenceStep
from lifecycle.licences.stepping import Why, end
from lifecycle.licences.structs import Grant, Line
from lifecycle.rules.ages import full_age
from lifecycle.rules.parameters import shipped

TITLE_LINE: Final = "title_no"
_NEXT_DAY: Final = timedelta(days=1)


def _district(person: Resident) -> str | None:
    code = (person.division_code or "")[:6]
    return code if code in DISTRICTS else None


_OWN: Final = MappingProxyType({**own("name", "id_number"), "registry_code": _district})
_OWN_OF_APPLICANT: Final = MappingProxyType(own("phone"))


def _of_estates(told: Estates) -> Mapping[str, Any]:
    return {"estates": told.homes}


def _of_kin(told: EstateKin) -> Mapping[str, Any]:
    return {"deceased": told.deceased}


def _of_homes(told: Changeables) -> Mapping[str, Any]:
    return {"homes": told.titles}


def _of_marriage(told: MarriageRecord) -> Mapping[str, Any]:
    in_force = told.marriage if told.marital_code == rules.MARRIED else None
    return {"marital_code": told.marital_code, "spouse": in_force.spouse if in_force else None}


def _of_divorce(told: DivorceRecord) -> Mapping[str, Any]:
    parted = told.divorce
    return {
        "former_spouse": parted.former_spouse if parted else None,
        "divorced_on": parted.registered_on if parted else None,
    }


def _for_tax(form: TitleChangeForm) -> Mapping[str, Any]:
    """What the tax service is told: the title, why it changes, and who acquires some of it."""
    told: dict[str, Any] = {"title_no": form.title_no, "reason": form.reason}
    estate = rules.the_estate(form) if form.reason == "inheritance" else None
    if estate is not None:
        told |= {"deceased": estate.dead.ref, "acquirers": sorted(rules.parts_agreed(form) or estate.called.parts)}
    return told


class PropertyChange(Application[TitleChangeForm, TitleChanged]):
    """The matter: accepted once everyone was asked in person; an inheritance without a notary is published before it is approved."""

    matter_code: ClassVar[str] = "property_change_registration"
    form = TitleChangeForm
    data_classes: ClassVar[frozenset[DataClass]] = frozenset({"identity", "contact", "family", "money"})
    own = _OWN
    own_of_applicant = _OWN_OF_APPLICANT
    sources = (
        Source(ESTATES, _of_estates),
        Source(ESTATE_KIN, _of_kin),
        Source(CHANGEABLES, _of_homes),
        Source(MARRIAGE, _of_marriage),
        Source(DIVORCE, _of_divorce),
    )
    first = (First(CERTIFY_DEED_TAX, _for_tax),)
    order = CHANGE_TITLE
    in_person: ClassVar[frozenset[Step]] = frozenset({Step.ACCEPT})
    another_withdraws: ClassVar[bool] = True

    def fit(self, person: Resident, citizen: Citizen, as_of: date) -> None:
        """Refuse (`NotFitFor`) a minor who applies alone; guardians apply for their wards."""
        of_age = shipped().reading(as_of).number("age.capacity_full")
        if citizen.id == person.id and person.birth_date is not None and full_age(person.birth_date, as_of) < of_age:
            raise NotFitFor(
                reason=Words(
                    zh=f"未满{of_age}周岁，由监护人代为申请。", en=f"Under {of_age}: the guardian applies for you."
                )
            )

    def division(self, given: Mapping[str, Any]) -> str | None:
        """The registration centre where everyone comes."""
        return given.get("registry_code")

    def notes(self, given: Mapping[str, Any], as_of: datetime) -> Iterable[Words]:
        """Who inherits what by law, who has to come, what is published for how long, and what stands in the way."""
        return tuple(rules.notes(given, shipped().reading(clock.local(as_of).date())))

    def problems(self, form: TitleChangeForm) -> Iterable[FieldProblem]:
        """Refuse what can't be registered as it stands."""
        return rules.problems(form)

    def allow(self, step: Step, standing: Standing) -> None:
        """Refuse (`TooEarlyToDecide`) to approve an inheritance that no notary certified before its publication is over."""
        values = standing.values
        if step is not Step.APPROVE or standing.accepted_on is None or values.get("reason") != "inheritance":
            return
        if values.get("will") == "notarial":
            return
        days = shipped().reading(standing.accepted_on).number("succession.publication_working_days")
        first = add_working_days(standing.accepted_on, days) + _NEXT_DAY
        if clock.today() < first:
            raise TooEarlyToDecide(from_on=first.isoformat())

    def parts(self, form: TitleChangeForm) -> Mapping[str, Any]:
        """What the registry enters."""
        told: dict[str, Any] = {"title_no": form.title_no, "reason": form.reason}
        estate = rules.the_estate(form) if form.reason == "inheritance" else None
        if estate is not None:
            after = owners(estate, rules.parts_agreed(form))
            named = [{"ref": ref, "part": in_words(part)} for ref, part in sorted(after.items())]
            return told | {"deceased": estate.dead.ref, "owners": named}
        return told | {"lender_agreed": form.lender_agrees, "awarded_to": form.awarded_to}

    def parts_after(self, form: TitleChangeForm, done: Done) -> Mapping[str, Any]:
        """The same, with the number by which the tax service certified the deed tax."""
        certified = done[CERTIFY_DEED_TAX.service]
        return {**self.parts(form), "tax_certificate_no": certified["certificate_no"]}

    async def settle(self, approved: Approved, person: Resident, told: TitleChanged) -> tuple[Grant, ...]:  # noqa: ARG002
        """Give the title to every owner who is known here, in place of the former one; it ends for whoever owns no part any more."""
        grants = []
        for owner in told.owners:
            holder = await find_by_id_number(owner.id_number)
            if holder is not None:
                former = await licence_saying(holder, CERT_REALESTATE, TITLE_LINE, told.former_title_no)
                grants.append(
                    Grant(
                        type_code=CERT_REALESTATE,
                        holder_id=holder,
                        department=ZRZY,
                        lines=_lines(told, owner.part),
                        case_id=approved.applying.case_id,
                        case_number=approved.number,
                        replaces=() if former is None else (str(former),),
                    )
                )
        for number in set(told.former_owners) - {owner.id_number for owner in told.owners}:
            holder = await find_by_id_number(number)
            former = holder and await licence_saying(holder, CERT_REALESTATE, TITLE_LINE, told.former_title_no)
            if former is not None:
                await end(former, LicenceStep.REVOKE, Why("decision_ended_it"))
        return tuple(grants)


def _lines(told: TitleChanged, part: str | None) -> tuple[Line, ...]:
    """What stands on a title (不动产权证书); `part` is the holder's own."""
    held = SHARES[told.share].zh if part is None else f"{SHARES[told.share].zh}，持证人占{part}"
    return (
        Line(Words(zh="权利人", en="Owners"), "、".join(one.name for one in told.owners), "owners"),
        Line(Words(zh="共有情况", en="Owned"), held, "share"),
        Line(Words(zh="坐落", en="Address"), told.address, "address"),
        Line(Words(zh="不动产单元号", en="Unit"), told.unit_no, "unit_no"),
        Line(Words(zh="不动产权证号", en="Title"), told.title_no, TITLE_LINE),
        Line(
            Words(zh="建筑面积（平方米）", en="Floor area (m²)"),
            f"{told.area_dm2 // 100}.{told.area_dm2 % 100:02d}",
            "area",
        ),
        Line(Words(zh="登记日期", en="Registered on"), told.registered_on.isoformat(), "registered_on"),
    )
