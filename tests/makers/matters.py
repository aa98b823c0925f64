"""A matter that adults apply for themselves, with a form of one field; until the product has such a one, tests bring it."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.actors import Citizen, DataClass
from app.kernel.errors import FieldProblem
from app.kernel.structs import Line
from app.kernel.words import Words
from lifecycle.cases import forms
from lifecycle.cases.fields import Known, Prefill, field, material
from lifecycle.cases.forms import Applying, Approved, OrdinaryMatter, Settle
from lifecycle.cases.material_structs import MaterialRef
from lifecycle.licences.kinds import CERT_HUKOU

OWN_MATTER: Final = "birth_registration_service"
OTHER_MATTER: Final = "birth_medical_certificate"
"""Two matters of the catalogue without a form of their own, whose applications are confirmed by a code."""


class OwnForm(msgspec.Struct, frozen=True):
    """What the applicant says."""

    purpose: Annotated[Line, field(Words(zh="用途", en="What for"))]


class OwnMatter(OrdinaryMatter):
    """A matter that admits everybody, asks no department, and stands with nobody's office in particular."""

    form: type[msgspec.Struct] = OwnForm
    data_classes: frozenset[DataClass] = frozenset({"identity"})

    def __init__(self, matter_code: str) -> None:
        self.matter_code = matter_code

    async def admit(self, citizen: Citizen, subject_id: UUID) -> None: ...

    async def prefill(self, applying: Applying) -> Prefill:
        return Prefill()

    def division(self, given: Mapping[str, Any]) -> str | None:
        return None

    def notes(self, given: Mapping[str, Any], as_of: datetime) -> Iterable[Words]:
        return ()

    def problems(self, form: Any) -> Iterable[FieldProblem]:
        return ()

    async def carry_out(self, approved: Approved) -> Settle:
        raise NotImplementedError


PAPER_MATTER: Final = "motor_vehicle_service"
"""A matter of the police whose form, in tests, asks for materials."""


class PaperForm(msgspec.Struct, frozen=True, kw_only=True):
    """A form with materials: one that a department's answer waives, one that a licence waives, and one that may be left out."""

    purpose: Annotated[Line, field(Words(zh="用途", en="What for"))]
    income: Annotated[int | None, field(Words(zh="收入", en="Income"), editable=False)] = None
    proof: Annotated[
        MaterialRef | None, material(Words(zh="收入证明", en="Proof of income"), most_mib=1, waived_by=("income",))
    ] = None
    household: Annotated[
        MaterialRef | None, material(Words(zh="户口页", en="Household page"), licence_types=(CERT_HUKOU,))
    ] = None
    photo: Annotated[
        MaterialRef | None, material(Words(zh="照片", en="Photograph"), types=("image/jpeg",), needed=False)
    ] = None


class PaperMatter(OwnMatter):
    """A matter that asks for materials; its departments say what a test has them say."""

    form: type[msgspec.Struct] = PaperForm

    def __init__(self, matter_code: str = PAPER_MATTER) -> None:
        super().__init__(matter_code)
        self.said = Prefill()

    def knows(self, source: str = "GAJ", **values: object) -> None:
        """Have a department say these values from now on, and nothing else."""
        self.said = Prefill({name: Known(value, source, clock.now()) for name, value in values.items()})

    async def prefill(self, applying: Applying) -> Prefill:
        return self.said


@contextmanager
def a_paper_matter() -> Iterator[PaperMatter]:
    """The product with a matter that asks for materials, until the block ends."""
    matter, before = PaperMatter(), forms._forms.get(PAPER_MATTER)
    forms._forms[PAPER_MATTER] = matter
    try:
        yield matter
    finally:
        del forms._forms[PAPER_MATTER]
        if before is not None:
            forms._forms[PAPER_MATTER] = before
