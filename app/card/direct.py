"""A terminal's payments, answered around the framework: it puts arguments and answers together for any route, and that takes as long as a signature.

The route stays what it is: the framework finds it, describes it in the contract and answers what it raises. Only its arguments (those of
`TerminalController.pay`) are got by the same functions directly, and its answer is sent as it is.
"""

from typing import Any

from litestar import Response
from litestar.types import ASGIApp, HTTPResponseBodyEvent, HTTPResponseStartEvent, Receive, Scope, Send

from app.identity.callers import provide_terminal
from app.kernel.bodies import StrictRequest
from app.kernel.idempotency import provide_once


def directly(app: ASGIApp) -> ASGIApp:  # noqa: ARG001 - it takes the place of all that would follow
    """Middleware of a route without guards, whose function takes `request`, `terminal`, `data` and `once` and gives what is `signed`."""
    return _answer


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    request = StrictRequest(scope, receive, send)
    terminal, data = await provide_terminal(request), await request.json()
    once = await provide_once(request)
    await _send(await request.route_handler.fn(request=request, terminal=terminal, data=data, once=once), send)


async def _send(answer: Response[Any], send: Send) -> None:
    said = {"content-type": "application/json", "content-length": str(len(answer.content)), **answer.headers}
    status, headers = answer.status_code or 200, [(name.encode(), value.encode()) for name, value in said.items()]
    await send(HTTPResponseStartEvent(type="http.response.start", status=status, headers=headers))
    await send(HTTPResponseBodyEvent(type="http.response.body", body=answer.content, more_body=False))
