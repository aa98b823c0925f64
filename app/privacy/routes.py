"""`GET/PUT /v1/me/consents`."""

import re
from typing import Annotated, Final
from uuid import UUID

from litestar import Controller, Response, get, put
from litestar.di import NamedDependency
from litestar.params import FromQuery, HeaderParameter, JSONBody

from app.kernel.actors import Citizen
from app.kernel.assurance import BY_PHONE, LEVEL
from app.kernel.errors import Unauthorized
from app.kernel.problems import problems
from app.privacy import consents
from app.privacy.errors import ConsentsChanged, ConsentTooLong, DecidesThemselves, NotYoursToDecide, PurposeUnknown
from app.privacy.structs import ConsentChoices, ConsentsView

_ETAG: Final = re.compile(r'"([0-9]{1,9})"')
_NO_VERSION: Final = -1
IfMatch = Annotated[str | None, HeaderParameter(name="If-Match", description="The `ETag` that the change is based on.")]


class ConsentController(Controller):
    """What the portal may use your data for."""

    path = "/v1/me/consents"
    tags = ("Rights",)
    opt = {LEVEL: BY_PHONE}  # noqa: RUF012 - litestar's own shape

    @get("/", operation_id="getConsents", responses=problems(Unauthorized, NotYoursToDecide, DecidesThemselves))
    async def mine(
        self, citizen: NamedDependency[Citizen], person_id: FromQuery[UUID | None] = None
    ) -> Response[ConsentsView]:
        """List everything that you (or a ward below 14) can allow, and what was chosen. The `ETag` is the version."""
        return _tagged(await consents.my_consents(citizen, person_id))

    @put(
        "/",
        operation_id="chooseConsents",
        responses=problems(
            *(Unauthorized, PurposeUnknown, ConsentTooLong, ConsentsChanged, NotYoursToDecide, DecidesThemselves)
        ),
    )
    async def choose(
        self, citizen: NamedDependency[Citizen], data: JSONBody[ConsentChoices], if_match: IfMatch = None
    ) -> Response[ConsentsView]:
        """Give consents or take them back, from now on and everywhere; what isn't named stays. With `If-Match` only if nothing changed meanwhile."""
        return _tagged(await consents.choose(citizen, data, _expected(if_match)))


def _tagged(view: ConsentsView) -> Response[ConsentsView]:
    return Response(view, headers={"ETag": f'"{view.version}"', "Cache-Control": "private, no-cache"})


def _expected(if_match: str | None) -> int | None:
    """The version in `If-Match`; a tag that isn't ours matches nothing."""
    if if_match is None or if_match.strip() == "*":
        return None
    found = _ETAG.fullmatch(if_match.strip())
    return int(found[1]) if found else _NO_VERSION
