"""`/v1/licences`: reading them; presenting some of their lines."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, Response, delete, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from app.kernel.actors import Citizen, PersonNotYours, Scope
from app.kernel.assurance import BY_NAME, DATA, LEVEL
from app.kernel.idempotency import Once
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import BodyUnreadable, BodyWrong, ParameterWrong, field_problem, problems
from app.kernel.structs import ShortLine
from lifecycle.licences import documents, presenting, reading
from lifecycle.licences.errors import (
    LicenceBeingMade,
    LicenceNotFound,
    LicenceNotValid,
    LinesUnknown,
    PresentationUnknown,
    PresentedTooOften,
)
from lifecycle.licences.presentation_structs import NewPresentation, PresentationShown, PresentationView
from lifecycle.licences.reading import Wanted
from lifecycle.licences.states import LicenceState
from lifecycle.licences.structs import LicenceView


def _wanted(
    type_code: Annotated[
        ShortLine | None, QueryParameter(name="type", max_length=60, description="The type's code.")
    ] = None,
    standing: Annotated[LicenceState | None, QueryParameter(name="state", description="How it stands today.")] = None,
    person_id: FromQuery[UUID | None] = None,
) -> Wanted:
    """Read what is looked for; what a dependency is given isn't checked against its limits, so that is done here."""
    try:
        return msgspec.convert({"type": type_code, "state": standing, "person_id": person_id}, Wanted)
    except msgspec.ValidationError as error:
        raise ParameterWrong(errors=(field_problem(error),)) from error


class LicenceController(Controller):
    """Electronic licences of oneself and one's wards."""

    path = "/v1/licences"
    tags = ("Licences",)
    opt = {LEVEL: BY_NAME, DATA: ("identity", "family"), "acting_for": Scope.LICENCES_READ}  # noqa: RUF012 - litestar's own shape

    @get(
        "/",
        operation_id="listLicences",
        dependencies={"wanted": Provide(_wanted, sync_to_thread=False)},
        responses=problems(CursorWrong, ParameterWrong, PersonNotYours),
    )
    async def licences(
        self,
        citizen: NamedDependency[Citizen],
        wanted: NamedDependency[Wanted],
        cursor: FromQuery[Cursor | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[LicenceView]:
        """List your licences and your wards', newest first; of a type, in a state, of one person."""
        return await reading.licences(citizen, cursor, limit, wanted)

    @get("/{licence_id:uuid}", operation_id="getLicence", responses=problems(LicenceNotFound, ParameterWrong))
    async def licence(self, citizen: NamedDependency[Citizen], licence_id: FromPath[UUID]) -> LicenceView:
        """Show one licence with everything that stands on it."""
        return await reading.licence(citizen, licence_id)

    @get(
        "/{licence_id:uuid}/pdf",
        operation_id="getLicencePdf",
        responses=problems(LicenceNotFound, LicenceBeingMade, ParameterWrong),
    )
    async def pdf(self, citizen: NamedDependency[Citizen], licence_id: FromPath[UUID]) -> Response[bytes]:
        """Get the licence as a PDF that carries the city's seal and a time-stamp (PAdES B-LT).

        `Fuhai-Licence-State` says how it stands today: the document of a licence that has ended goes on being its document.
        """
        view, pdf = await documents.pdf(citizen, licence_id)
        return Response(
            pdf,
            media_type="application/pdf",
            headers={
                "Content-Disposition": f'attachment; filename="{view.number}.pdf"',
                "Fuhai-Licence-State": view.state,
                "Cache-Control": "private, no-store",
                "X-Content-Type-Options": "nosniff",
            },
        )


class PresentationController(Controller):
    """Showing somebody some lines of a licence, for some minutes."""

    path = "/v1/licences/{licence_id:uuid}"
    tags = ("Licences",)
    opt = {LEVEL: BY_NAME, DATA: ("identity", "family")}  # noqa: RUF012 - litestar's own shape

    @post(
        "/present",
        operation_id="presentLicence",
        status_code=201,
        responses=problems(
            *(
                LicenceNotFound,
                LicenceNotValid,
                LinesUnknown,
                PresentedTooOften,
                BodyUnreadable,
                BodyWrong,
                ParameterWrong,
            )
        ),
    )
    async def present(
        self,
        citizen: NamedDependency[Citizen],
        licence_id: FromPath[UUID],
        data: JSONBody[NewPresentation],
        once: NamedDependency[Once],
    ) -> PresentationShown:
        """Show the lines that you choose, and nothing else, to somebody for some minutes: by a QR code, or as an SD-JWT.

        Whenever they are checked stands in your log. You can end it at once.
        """
        return await once(citizen, PresentationShown, lambda: presenting.present(citizen, licence_id, data))

    @get(
        "/presentations",
        operation_id="listPresentations",
        responses=problems(LicenceNotFound, CursorWrong, ParameterWrong),
    )
    async def presentations(
        self,
        citizen: NamedDependency[Citizen],
        licence_id: FromPath[UUID],
        cursor: FromQuery[Cursor | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[PresentationView]:
        """List what was shown of a licence, newest first: which lines, to whom, and how often they were checked."""
        return await presenting.listed(citizen, licence_id, cursor, limit)

    @delete(
        "/presentations/{presentation_id:uuid}",
        operation_id="endPresentation",
        status_code=200,
        responses=problems(LicenceNotFound, PresentationUnknown, ParameterWrong),
    )
    async def end(
        self, citizen: NamedDependency[Citizen], licence_id: FromPath[UUID], presentation_id: FromPath[UUID]
    ) -> PresentationView:
        """End a presentation before its time: from now on it shows nothing."""
        return await presenting.end(citizen, licence_id, presentation_id)
