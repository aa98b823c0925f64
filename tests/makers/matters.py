"""A matter that adults apply for themselves, with a form of one field; until the product has such a one, tests bring it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec

from app.kernel.actors import Citizen, DataClass
from app.kernel.errors import FieldProblem
from app.kernel.structs import Line
from app.kernel.words import Words
from lifecycle.cases.fields import Prefill, field
from lifecycle.cases.forms import Applying, Approved, OrdinaryMatter, Settle

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
