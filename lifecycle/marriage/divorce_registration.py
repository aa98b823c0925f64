"""Divorce by agreement (离婚登记): applied for together, thirty days in which either withdraws, thirty to claim the certificate together.

Sources: 民法典 art. 1076-1080; 婚姻登记条例 (2025) art. 6, 13-16. The bar of art. 1082 is on a husband's suit, not on an agreement.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, ClassVar
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.actors import Citizen, DataClass
from app.kernel.errors import FieldProblem
from app.kernel.words import Words
from app.residents.directory import find_by_id_number
from app.residents.families import has_full_capacity
from app.residents.marriages import part
from app.residents.structs import Resident
from integrations.departments.marriages import (
    DIVORCE,
    MARRIAGE,
    REGISTER_DIVORCE,
    CoupleRegistered,
    DivorceRecord,
    MarriageRecord,
)
from lifecycle.cases.applications import Application, Source
from lifecycle.cases.errors import NotFitFor, TooEarlyToDecide, TooLateToDecide
from lifecycle.cases.forms import Approved, Standing, WhenLate
from lifecycle.cases.person_fields import own
from lifecycle.cases.states import Step
from lifecycle.licences.kinds import CERT_DIVORCE
from lifecycle.licences.structs import Grant
from lifecycle.marriage.couple_fields import (
    BOTH_COME,
    FREE,
    certificates,
    district_of,
    number_problems,
    the_two,
)
from lifecycle.marriage.divorce_form import DivorceForm
from lifecycle.rules.divorce_periods import periods


def _of_marriage(told: MarriageRecord) -> Mapping[str, Any]:
    known = told.marriage if told.marital_code == "20" else None
    if known is None:
        return {}
    return {
        "certificate_no": known.certificate_no,
        "married_on": known.registered_on,
        "married_at": known.registry,
        "partner_name": known.spouse,
    }


def _of_divorce(told: DivorceRecord) -> Mapping[str, Any]:
    waits = told.application if told.application and told.application.state != "lapsed" else None
    return {"applied_on": waits.applied_on if waits else None}


class DivorceRegistration(Application[DivorceForm, CoupleRegistered]):
    """The matter: two visits together, with law's own periods between."""

    matter_code: ClassVar[str] = "divorce_registration"
    form = DivorceForm
    data_classes: ClassVar[frozenset[DataClass]] = frozenset({"identity", "contact", "family"})
    own = MappingProxyType({**own("name", "id_number", "phone"), "registry_code": district_of})
    sources = (Source(MARRIAGE, _of_marriage), Source(DIVORCE, _of_divorce))
    order = REGISTER_DIVORCE
    in_person: ClassVar[frozenset[Step]] = frozenset({Step.ACCEPT, Step.APPROVE})
    when_late: ClassVar[WhenLate] = "lapsed"
    another_withdraws: ClassVar[bool] = True

    async def admit(self, citizen: Citizen, subject_id: UUID) -> None:
        """Admit who has full capacity (`NotFitFor` otherwise): for others there is the court (婚姻登记条例 art. 14)."""
        await super().admit(citizen, subject_id)
        if not await has_full_capacity(subject_id):
            raise NotFitFor(
                reason=Words(
                    zh="须具有完全民事行为能力；否则请到人民法院办理。",
                    en="This needs full legal capacity; otherwise the way is through the court.",
                )
            )

    def fit(self, person: Resident, citizen: Citizen, as_of: date) -> None:  # noqa: ARG002 - as the application says
        """Refuse (`NotFitFor`) whoever applies for somebody else."""
        if citizen.id != person.id or citizen.acting is not None:
            raise NotFitFor(reason=Words(zh="离婚登记须由本人申请。", en="Nobody divorces for somebody else."))

    def division(self, given: Mapping[str, Any]) -> str | None:
        """The registry; the certificate is claimed at the one that took the application (婚姻登记条例 art. 16)."""
        return given.get("registry_code")

    def notes(self, given: Mapping[str, Any], as_of: datetime) -> Iterable[Words]:  # noqa: ARG002 - the same on every day
        """Who comes how often, and what law says of pregnancy."""
        yield BOTH_COME
        yield Words(
            zh="两次到场：一次申请，一次领证，须在同一婚姻登记机关。冷静期自受理之日起三十日，任何一方都可以撤回；"
            "另一方撤回的，到登记处办理。",
            en="Two visits to the same registry: to apply, and to fetch the certificate. For thirty days from the first either of you "
            "may withdraw; the other does so at the registry.",
        )
        yield Words(
            zh="女方在怀孕期间、分娩后一年内或者终止妊娠后六个月内，不影响协议离婚；该限制只针对男方起诉（民法典第一千零八十二条）。",
            en="Pregnancy, a birth within a year or a termination within six months don't bar a divorce by agreement; they bar a "
            "husband's suit (Civil Code, art. 1082).",
        )
        yield FREE

    def notes_accepted(self, accepted_on: date) -> Iterable[Words]:
        """The days that count from the application."""
        law = periods(accepted_on)
        ends = law.claim_until.isoformat()
        until_zh = f"至{ends}" if law.is_final else f"至{ends}（遇休息日顺延，待放假安排公布）"
        until_en = f"to {ends}" if law.is_final else f"to {ends} (later, should that be a day of rest)"
        yield Words(
            zh=f"受理日{accepted_on.isoformat()}。任何一方可撤回至{law.withdraw_until.isoformat()}；双方须于"
            f"{law.claim_from.isoformat()}{until_zh}一起到场申领离婚证，逾期视为撤回。",
            en=f"Taken in on {accepted_on.isoformat()}. Either may withdraw until {law.withdraw_until.isoformat()}; both come for the "
            f"certificate from {law.claim_from.isoformat()} {until_en}, or it counts as withdrawn.",
        )

    def days_from_acceptance(self, accepted_on: date) -> int | None:
        """Both periods together, to the last day on which the certificate can be claimed."""
        return periods(accepted_on).days(accepted_on)

    def problems(self, form: DivorceForm) -> Iterable[FieldProblem]:
        """Refuse who has no marriage in the register, or has applied already, and what isn't agreed."""
        if form.certificate_no is None:
            yield FieldProblem("/form/certificate_no", "not_married_here", "the register has no marriage of yours")
        if form.applied_on is not None:
            yield FieldProblem("/form/applied_on", "applied_already", "an application of yours is running already")
        yield from number_problems(form.id_number, form.partner_id_number)
        if not form.both_want:
            yield FieldProblem("/form/both_want", "must_be_so", "if one doesn't want it, the way is through the court")

    def allow(self, step: Step, standing: Standing) -> None:
        """Refuse the certificate during the cooling (`TooEarlyToDecide`), and once the time to claim it is over (`TooLateToDecide`)."""
        if step is not Step.APPROVE or standing.accepted_on is None:
            return
        law, today = periods(standing.accepted_on), clock.today()
        if today < law.claim_from:
            raise TooEarlyToDecide(from_on=law.claim_from.isoformat())
        if law.is_final and today > law.claim_until:
            raise TooLateToDecide(until=law.claim_until.isoformat())

    def parts(self, form: DivorceForm) -> Mapping[str, Any]:
        """What the register enters, and the agreement that it keeps; nobody else is told of that."""
        agreed = {
            "lives_with": form.lives_with,
            "support": form.support,
            "property": form.property_terms,
            "debts": form.debt_terms,
        }
        return {
            "partner_name": form.partner_name,
            "partner_id_number": form.partner_id_number.upper(),
            "registry_code": form.registry_code,
            "certificate_no": form.certificate_no,
            "agreement": {name: text for name, text in agreed.items() if text is not None},
        }

    async def settle(self, approved: Approved, person: Resident, told: CoupleRegistered) -> tuple[Grant, ...]:
        """Write that they are spouses no longer, and give the certificates: the other's, if they are known here."""
        form = msgspec.convert(approved.values, DivorceForm)
        partner_id = await find_by_id_number(form.partner_id_number)
        if partner_id is not None:
            await part(person.id, partner_id, told.registered_on)
        two = the_two(person, form.name, (partner_id, form.partner_name or "", form.partner_id_number.upper()))
        return certificates(CERT_DIVORCE, approved, told, two)
