"""`/v1/officer/catalogue`: drafts, versions, and what is published of them."""

from typing import Final

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from app.kernel.actors import NoRight, Officer, SameOfficer
from app.kernel.idempotency import Once
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import BodyUnreadable, BodyWrong, problems
from lifecycle.catalogue import published, reviewing
from lifecycle.catalogue.errors import (
    BaseVersionOld,
    DraftWaits,
    MatterContradicts,
    NothingChanged,
    VersionDecided,
    VersionUnknown,
)
from lifecycle.catalogue.review_structs import Proposal, Rejection, VersionInFull, Versions, VersionView

_DECIDING: Final = (VersionUnknown, NoRight, SameOfficer, VersionDecided)
_BODY: Final = (BodyUnreadable, BodyWrong)


class CatalogueReviewController(Controller):
    """Changes of matters: one officer proposes, another one publishes."""

    path = "/v1/officer/catalogue"
    tags = ("Catalogue review",)

    @get("/drafts", operation_id="listMatterDrafts", responses=problems(NoRight, CursorWrong))
    async def drafts(
        self, officer: NamedDependency[Officer], cursor: FromQuery[Cursor | None] = None, limit: FromQuery[Limit] = 20
    ) -> Page[VersionView]:
        """List the changes of your department's matters that wait for a decision."""
        return await reviewing.drafts(officer, cursor, limit)

    @get("/matters/{code:str}/versions", operation_id="listMatterVersions", responses=problems(VersionUnknown))
    async def versions(self, officer: NamedDependency[Officer], code: FromPath[str]) -> Versions:
        """List every version of a matter, newest first, with who proposed and who decided."""
        return await reviewing.versions(officer, code)

    @get(
        "/matters/{code:str}/versions/{version:int}",
        operation_id="reviewMatterVersion",
        responses=problems(VersionUnknown),
    )
    async def version(
        self, officer: NamedDependency[Officer], code: FromPath[str], version: FromPath[int]
    ) -> VersionInFull:
        """Show a version in full, and field by field what differs from the one published before it."""
        return await reviewing.version(officer, code, version)

    @post(
        "/matters/{code:str}/versions",
        operation_id="proposeMatterChange",
        responses=problems(
            VersionUnknown, NoRight, BaseVersionOld, DraftWaits, NothingChanged, MatterContradicts, *_BODY
        ),
    )
    async def propose(
        self,
        officer: NamedDependency[Officer],
        code: FromPath[str],
        data: JSONBody[Proposal],
        once: NamedDependency[Once],
    ) -> VersionView:
        """Propose a change of a matter's text; another officer publishes it."""
        return await once(officer, VersionView, lambda: reviewing.propose(officer, code, data))

    @post(
        "/matters/{code:str}/versions/{version:int}/publish",
        operation_id="publishMatterVersion",
        status_code=200,
        responses=problems(*_DECIDING, BaseVersionOld),
    )
    async def publish(
        self,
        officer: NamedDependency[Officer],
        code: FromPath[str],
        version: FromPath[int],
        once: NamedDependency[Once],
    ) -> VersionView:
        """Publish a draft that somebody else proposed: everybody sees it within seconds; cases keep their version."""
        answer = await once(officer, VersionView, lambda: reviewing.publish(officer, code, version))
        await published.refresh()
        return answer

    @post(
        "/matters/{code:str}/versions/{version:int}/reject",
        operation_id="rejectMatterVersion",
        status_code=200,
        responses=problems(*_DECIDING, *_BODY),
    )
    async def reject(
        self,
        officer: NamedDependency[Officer],
        code: FromPath[str],
        version: FromPath[int],
        data: JSONBody[Rejection],
        once: NamedDependency[Once],
    ) -> VersionView:
        """Reject a draft that somebody else proposed, with a reason."""
        return await once(officer, VersionView, lambda: reviewing.reject(officer, code, version, data))

    @post(
        "/matters/{code:str}/versions/{version:int}/withdraw",
        operation_id="withdrawMatterVersion",
        status_code=200,
        responses=problems(VersionUnknown, VersionDecided),
    )
    async def withdraw(
        self,
        officer: NamedDependency[Officer],
        code: FromPath[str],
        version: FromPath[int],
        once: NamedDependency[Once],
    ) -> VersionView:
        """Take your own proposal back."""
        return await once(officer, VersionView, lambda: reviewing.withdraw(officer, code, version))
