"""A request as its signature covers it, from the one that the web framework received."""

from typing import Any

from litestar import Request as HttpRequest

from app.kernel.settings import load
from app.keys.request_signatures import Request


async def received(request: HttpRequest[Any, Any, Any]) -> Request:
    """Give method, address, fields in their order, and raw body.

    The address is built from the configured public origin and the raw path, never from `Host`.
    """
    query: bytes = request.scope["query_string"]
    fields = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.scope["headers"]]
    address = address_of(request) + (f"?{query.decode('latin-1')}" if query else "")
    return Request(request.method, address, fields, await request.body())


def address_of(request: HttpRequest[Any, Any, Any]) -> str:
    """The request's address without its query, as clients write it."""
    raw_path = request.scope.get("raw_path") or request.scope["path"].encode()
    return load().public_origin + raw_path.decode("latin-1").partition("?")[0]
