"""`…/materials/{field}` of a case, for its citizen and at the desk."""

from typing import Annotated, Final
from urllib.parse import quote
from uuid import UUID

import msgspec
from litestar import Controller, Response, delete, get, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody, QueryParameter, SkipValidation

from app.kernel.actors import Citizen, NoRight, Officer, PowerLacksScope, Scope
from app.kernel.assurance import BY_NAME, DATA, LEVEL
from app.kernel.errors import Refusal
from app.kernel.problems import BodyUnreadable, BodyWrong, ParameterWrong, problems
from app.keys.persons import PersonErased
from cloud_disk.errors import FileNotReady, NodeNotFound
from integrations.object_store.port import ObjectStore, StoreUnavailable
from integrations.virus_scan.port import ScannerUnavailable, VirusScanner
from lifecycle.cases import materials
from lifecycle.cases.errors import (
    CaseChanged,
    CaseNotFound,
    CustodyElsewhere,
    NotTheApplicant,
    StepNotAllowed,
    VersionMissing,
)
from lifecycle.cases.etags import version_in
from lifecycle.cases.material_errors import (
    LicenceNotInForce,
    MaterialBroken,
    MaterialInfected,
    MaterialNotFound,
    MaterialOfAnother,
    MaterialSourceUnclear,
    MaterialTooLarge,
    MaterialTypeWrong,
)
from lifecycle.cases.material_structs import MaterialSource
from lifecycle.cases.materials import Given, Place
from lifecycle.cases.routes import IfMatch, shown
from lifecycle.cases.structs import CaseView
from lifecycle.licences.errors import LicenceBeingMade, LicenceNotFound

BYTES: Final = "application/octet-stream"
Version = Annotated[
    UUID | None, QueryParameter(name="id", description="An earlier material that was signed; else the present one.")
]
_CHANGING: Final[tuple[type[Refusal], ...]] = (
    *(CaseNotFound, MaterialNotFound, CaseChanged, VersionMissing, StepNotAllowed, NotTheApplicant, CustodyElsewhere),
    ParameterWrong,
)
_TAKING: Final[tuple[type[Refusal], ...]] = (
    *(NodeNotFound, FileNotReady, LicenceNotFound, LicenceBeingMade, LicenceNotInForce, MaterialOfAnother),
    *(MaterialSourceUnclear, MaterialTypeWrong, MaterialTooLarge, MaterialInfected, PowerLacksScope, PersonErased),
    *(StoreUnavailable, ScannerUnavailable, BodyUnreadable, BodyWrong),
)
_READING: Final[tuple[type[Refusal], ...]] = (
    *(CaseNotFound, MaterialNotFound, MaterialBroken, StoreUnavailable, ParameterWrong),
)


class Taking(msgspec.Struct, frozen=True):
    """What an attached file goes through, into which version of the case."""

    store: ObjectStore
    scanner: VirusScanner
    if_match: str | None


def _taking(
    store: NamedDependency[SkipValidation[ObjectStore]],
    scanner: NamedDependency[SkipValidation[VirusScanner]],
    if_match: IfMatch = None,
) -> Taking:
    return Taking(store, scanner, if_match)


class MaterialController(Controller):
    """Materials of one's own cases and one's wards'."""

    path = "/v1/cases/{case_id:uuid}/materials/{field:str}"
    tags = ("Cases",)
    opt = {LEVEL: BY_NAME, DATA: ("identity", "contact", "family"), "acting_for": Scope.CASES}  # noqa: RUF012 - litestar's own shape

    @put(
        "/",
        operation_id="attachMaterial",
        dependencies={"taking": Provide(_taking, sync_to_thread=False)},
        responses=problems(*_CHANGING, *_TAKING),
    )
    async def attach(
        self,
        citizen: NamedDependency[Citizen],
        case_id: FromPath[UUID],
        field: FromPath[str],
        data: JSONBody[MaterialSource],
        taking: NamedDependency[SkipValidation[Taking]],
    ) -> Response[CaseView]:
        """Attach a copy of a file of your disk, or of a licence; what was attached before is replaced."""
        await materials.attach(
            citizen, Place(case_id, field, version_in(taking.if_match)), data, taking.store, taking.scanner
        )
        return await shown(citizen, case_id)

    @delete("/", operation_id="removeMaterial", status_code=200, responses=problems(*_CHANGING))
    async def take_away(
        self,
        citizen: NamedDependency[Citizen],
        case_id: FromPath[UUID],
        field: FromPath[str],
        if_match: IfMatch = None,
    ) -> Response[CaseView]:
        """Take a material away while the form may be changed."""
        await materials.take_away(citizen, Place(case_id, field, version_in(if_match)))
        return await shown(citizen, case_id)

    @get("/", operation_id="getMaterial", media_type=BYTES, responses=problems(*_READING))
    async def given(
        self,
        citizen: NamedDependency[Citizen],
        case_id: FromPath[UUID],
        field: FromPath[str],
        store: NamedDependency[SkipValidation[ObjectStore]],
        material_id: Version = None,
    ) -> Response[bytes]:
        """Get the bytes of a material, as they were attached."""
        return _handed_out(await materials.given(citizen, case_id, field, material_id, store))


class DeskMaterialController(Controller):
    """Materials of a case in an officer's hands."""

    path = "/v1/officer/cases/{case_id:uuid}/materials/{field:str}"
    tags = ("Desk",)

    @get(
        "/",
        operation_id="getDeskMaterial",
        media_type=BYTES,
        responses=problems(*_READING, NoRight),
    )
    async def looked_at(
        self,
        officer: NamedDependency[Officer],
        case_id: FromPath[UUID],
        field: FromPath[str],
        store: NamedDependency[SkipValidation[ObjectStore]],
        material_id: Version = None,
    ) -> Response[bytes]:
        """Get the bytes of a material; that you looked is recorded, and the citizen sees it."""
        return _handed_out(await materials.looked_at(officer, case_id, field, material_id, store))


def _handed_out(material: Given) -> Response[bytes]:
    """An attachment: no browser shows it in a page of ours."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(material.name, safe='')}",
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(material.content, media_type=material.content_type, headers=headers)
