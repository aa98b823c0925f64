"""`/v1/card`: classes, activation, replacement and limits of a citizen's card."""

import re
from typing import Final

from litestar import Controller, Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody

from app.card import class_judge, own_limits, replacing
from app.card.charges import CHARGE_REFUSALS
from app.card.errors import (
    CardClassNotEntitled,
    CardClassUnchanged,
    CardLimitsChanged,
    CardNotOpened,
    CardNotToBeReplaced,
    CardNumberDiffers,
    CardUnknown,
)
from app.card.structs import (
    CardActivation,
    CardClassView,
    CardLimitsView,
    CardReplacement,
    CardView,
    OwnLimits,
)
from app.identity.errors import TriedTooOften
from app.kernel.actors import AssuranceTooLow, Citizen, Scope
from app.kernel.assurance import BY_NAME, DATA, LEVEL
from app.kernel.idempotency import Once
from app.kernel.problems import problems
from app.privacy.routes import IfMatch

_FOR_WARDS: Final = {"acting_for": Scope.CASES}
_READ_FOR_OTHERS: Final = {"acting_for": Scope.CARD_READ}
_TAG: Final = re.compile(r'"([0-9]{1,9})"')
_NO_VERSION: Final = 0


class HolderController(Controller):
    """What holders of a card decide, for themselves or a ward."""

    path = "/v1/card"
    tags = ("Card",)
    opt = {LEVEL: BY_NAME, DATA: ("money",)}  # noqa: RUF012 - litestar's own shape
    response_headers = {"Cache-Control": "private, no-store"}  # noqa: RUF012 - litestar's own shape

    @get("/classes", operation_id="getCardClasses", opt=_FOR_WARDS | {DATA: ("identity",)})
    async def classes(self, citizen: NamedDependency[Citizen]) -> list[CardClassView]:
        """See which class of card is your due, or your ward's, and why or why not; no papers are asked for."""
        return await class_judge.classes_of(citizen)

    @post(
        "/activate",
        status_code=200,
        operation_id="activateCard",
        opt=_FOR_WARDS,
        responses=problems(CardNotOpened, CardNumberDiffers, TriedTooOften, *CHARGE_REFUSALS),
    )
    async def activate(
        self, citizen: NamedDependency[Citizen], data: JSONBody[CardActivation], once: NamedDependency[Once]
    ) -> CardView:
        """Let the card pay that you got by post or over the counter, by the number that stands on it."""
        await replacing.count_try(citizen)
        await replacing.make_ready()
        return await once(citizen, CardView, lambda: replacing.activate(citizen, data))

    @post(
        "/replace",
        operation_id="replaceCard",
        opt=_FOR_WARDS,
        responses=problems(
            *(CardUnknown, CardNotToBeReplaced, CardClassNotEntitled, CardClassUnchanged), *CHARGE_REFUSALS
        ),
    )
    async def replace(
        self, citizen: NamedDependency[Citizen], data: JSONBody[CardReplacement], once: NamedDependency[Once]
    ) -> CardView:
        """Have a card replaced that is lost, damaged, or no longer of your class: what lies on it stays, its codes die at once."""
        await replacing.make_ready()
        return await once(citizen, CardView, lambda: replacing.replace(citizen, data))

    @get("/limits", operation_id="getCardLimits", opt=_READ_FOR_OTHERS, responses=problems(CardNotOpened))
    async def limits(self, citizen: NamedDependency[Citizen]) -> Response[CardLimitsView]:
        """Get what the card may spend, and your own limits. The `ETag` is their version."""
        return _tagged(*await own_limits.limits_of(citizen))

    @put(
        "/limits",
        operation_id="setCardLimits",
        opt=_FOR_WARDS,
        responses=problems(CardNotOpened, CardLimitsChanged, AssuranceTooLow),
    )
    async def set_limits(
        self, citizen: NamedDependency[Citizen], data: JSONBody[OwnLimits], if_match: IfMatch = None
    ) -> Response[CardLimitsView]:
        """Lower what the card may spend, at once; or raise it again on a device of yours, from a later day on."""
        return _tagged(*await own_limits.choose(citizen, data, _expected(if_match)))


def _tagged(view: CardLimitsView, version: int) -> Response[CardLimitsView]:
    return Response(view, headers={"ETag": f'"{version}"'})


def _expected(if_match: str | None) -> int | None:
    """The version in `If-Match`; a tag that isn't ours matches nothing."""
    if if_match is None or if_match.strip() == "*":
        return None
    found = _TAG.fullmatch(if_match.strip())
    return int(found[1]) if found else _NO_VERSION
