"""`/v1/terminal/fares`: what a bus or a gate must know of the payer before it asks for money."""

from typing import Any

from litestar import Controller, Request, Response, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from app.card import fares
from app.card.answers import SIGNED_PROBLEMS, signed
from app.card.errors import (
    CardLost,
    CardNotActive,
    CardReplaced,
    CardStopped,
    NoFaresHere,
    PayerCodeExpired,
    PayerCodeWrong,
)
from app.card.terminal_structs import Fare, FareQuestion
from app.kernel.actors import Terminal
from app.kernel.problems import problems


class FareController(Controller):
    """Fares of payers."""

    path = "/v1/terminal"
    tags = ("Terminals",)
    exception_handlers = SIGNED_PROBLEMS

    @post(
        "/fares",
        operation_id="askFare",
        status_code=200,
        responses=problems(
            NoFaresHere, PayerCodeWrong, PayerCodeExpired, CardLost, CardNotActive, CardReplaced, CardStopped
        ),
    )
    async def fare(
        self, request: Request[Any, Any, Any], terminal: NamedDependency[Terminal], data: JSONBody[FareQuestion]
    ) -> Response[Fare]:
        """Get the number of the fare by which the payer of a code rides or enters; the code can still pay."""
        return signed(request, 200, await fares.fare_of(terminal, data))
