"""Claiming a bill that was paid in cash from the medical insurance (医保手工报销): estimated here, settled by the fund; an officer decides.

Sources: 社会保险法 art. 28 to 30; 社会保险经办条例 art. 20 (30 working days).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from app.kernel import clock
from app.kernel.actors import DataClass
from app.kernel.errors import FieldProblem
from app.kernel.words import Words
from integrations.departments.health_insurance import MEDICAL_INSURANCE
from integrations.departments.medical_insurance import REIMBURSE_MEDICAL_BILL, SETTLEMENTS, MedicalBillReimbursed
from lifecycle.cases.applications import Application, Source
from lifecycle.cases.person_fields import OWN, own
from lifecycle.medical import reimbursement_notes
from lifecycle.medical.reimbursement_form import ReimbursementForm, of_insurance, of_settlements


class Reimbursement(Application[ReimbursementForm, MedicalBillReimbursed]):
    """The matter, for oneself or a ward."""

    matter_code: ClassVar[str] = "medical_insurance_reimbursement"
    form = ReimbursementForm
    data_classes: ClassVar[frozenset[DataClass]] = frozenset({"identity", "contact", "health", "money"})
    own = own("name", "id_number", "division_code")
    own_of_applicant = {"phone": OWN["phone"]}  # noqa: RUF012 - the base says ClassVar
    sources = (Source(MEDICAL_INSURANCE, of_insurance), Source(SETTLEMENTS, of_settlements))
    order = REIMBURSE_MEDICAL_BILL

    def notes(self, given: Mapping[str, Any], as_of: datetime) -> Iterable[Words]:
        """Say what may be paid and how it comes about, until when to claim, and what speaks against it."""
        return reimbursement_notes.notes(given, clock.local(as_of).date())

    def problems(self, form: ReimbursementForm) -> Iterable[FieldProblem]:
        """Refuse who isn't insured, days that can't be, and parts that are more than the whole."""
        if form.insured_as is None:
            yield FieldProblem("/form/insured_as", "not_insured", "the register knows of no insurance here")
        if form.to_on < form.from_on:
            yield FieldProblem("/form/discharged_on", "before_admission", "it lies before the day of admission")
        if form.to_on > clock.today():
            pointer = "/form/discharged_on" if form.discharged_on else "/form/from_on"
            yield FieldProblem(pointer, "in_the_future", "costs are claimed once the care has ended")
        if form.excluded_fen + form.prepay_fen > form.total_fen:
            yield FieldProblem("/form/total_fen", "less_than_its_parts", "its parts are more than the total")

    def parts(self, form: ReimbursementForm) -> Mapping[str, Any]:
        """The bill, and where to pay."""
        return {
            "institution": form.institution,
            "tier": form.tier,
            "inpatient": form.care == "inpatient",
            "from_on": form.from_on,
            "to_on": form.to_on,
            "where": form.where,
            "essential": bool(form.essential),
            "total_fen": form.total_fen,
            "excluded_fen": form.excluded_fen,
            "prepay_fen": form.prepay_fen,
            "bank": form.bank,
            "account": form.account,
        }
