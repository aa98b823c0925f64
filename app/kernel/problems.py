"""Refusals on the wire: RFC 9457 problem documents, and how the contract describes them."""

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi.datastructures import ResponseSpec

from app.kernel.errors import (
    BadRequest,
    FieldProblem,
    NotFound,
    Quota,
    Refusal,
    TooLarge,
    TooMany,
    Unauthorized,
    Unprocessable,
)
from app.kernel.words import Language, Words, preferred_language

_log = structlog.get_logger()
PROBLEM_JSON: Final = "application/problem+json"
_AT: Final = re.compile(r" - at (?:`key` in )?`\$(?P<path>[^`]*)`$")
_STEP: Final = re.compile(r"\[\.\.\.\]|\[\d+\]|\.[^.\[]+")
_HEADER_SAFE: Final = {"retry_after_seconds": "Retry-After", "dpop_nonce": "DPoP-Nonce"}


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """A problem document (RFC 9457); facts of the refusal stand beside these members."""

    type: str
    title: str
    status: int
    code: str
    detail: str = ""
    errors: tuple[FieldProblem, ...] = ()


class ParameterWrong(BadRequest):
    """A path or query parameter can't be read."""

    code = "parameter_wrong"
    title = Words(zh="请求参数有误。", en="A parameter of the request is wrong.")


class BodyUnreadable(BadRequest):
    """The body isn't JSON."""

    code = "body_unreadable"
    title = Words(zh="请求正文不是有效的 JSON。", en="The body isn't valid JSON.")


class BodyWrong(Unprocessable):
    """The body is JSON, but not what is taken here; `errors` points at it."""

    code = "body_wrong"
    title = Words(zh="请求内容有误，请检查标出的字段。", en="The body isn't right; see the fields pointed at.")


class BodyTooSlow(Refusal):
    """The body didn't arrive in time."""

    status = 408
    code = "body_too_slow"
    title = Words(zh="请求正文未能及时送达，请重试。", en="The body didn't arrive in time; please try again.")


class AddressUnknown(NotFound):
    """No resource has this address."""

    code = "address_unknown"
    title = Words(zh="该地址不存在。", en="There's nothing at this address.")


class MethodUnknown(Refusal):
    """The address exists, and doesn't do this."""

    status = 405
    code = "method_not_allowed"
    title = Words(zh="该地址不支持此请求方法。", en="This address doesn't take this method.")


class Broken(Refusal):
    """A fault of ours; it is logged with this request's id."""

    status = 500
    code = "internal_error"
    title = Words(zh="系统内部错误，我们已记录。", en="Something broke on our side; it has been recorded.")


def document(refusal: Refusal, language: Language) -> dict[str, object]:
    """The problem document of a refusal."""
    members: dict[str, object] = {
        "type": f"urn:fuhai:{refusal.code}",
        "title": refusal.title.pick(language),
        "status": refusal.status,
        "code": refusal.code,
        "detail": refusal.title.pick(language),
    }
    if refusal.errors:
        members["errors"] = refusal.errors
    facts = {name: _shown(fact, language) for name, fact in refusal.facts.items()}
    return facts | members


def _shown(fact: object, language: Language) -> object:
    return fact.pick(language) if isinstance(fact, Words) else fact


def answer(
    request: Request[Any, Any, Any], refusal: Refusal, headers: Mapping[str, str] | None = None
) -> Response[Any]:
    """The HTTP answer of a refusal."""
    language = preferred_language(request.headers.get("accept-language"))
    extra = {_HEADER_SAFE[name]: str(fact) for name, fact in refusal.facts.items() if name in _HEADER_SAFE}
    if isinstance(refusal, Unauthorized):
        extra["WWW-Authenticate"] = refusal.challenge
    if isinstance(refusal, TooMany) and refusal.quota is not None:
        extra |= _rate_limit(refusal.quota, refusal.retry_after_seconds)
    return Response(
        content=msgspec.json.encode(document(refusal, language)),
        status_code=refusal.status,
        media_type=PROBLEM_JSON,
        headers={**extra, **(headers or {}), "Content-Language": language, "Cache-Control": "no-store"},
    )


def _rate_limit(quota: Quota, left_seconds: int) -> dict[str, str]:
    """Which limit was reached, and that nothing is left of it until then (draft-ietf-httpapi-ratelimit-headers)."""
    return {
        "RateLimit-Policy": f'"{quota.name}";q={quota.times};w={quota.window_seconds}',
        "RateLimit": f'"{quota.name}";r=0;t={left_seconds}',
    }


def on_refusal(request: Request[Any, Any, Any], refusal: Refusal) -> Response[Any]:
    """Answer a refusal."""
    return answer(request, refusal)


def on_http_exception(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """Answer what the framework refuses, in our own form."""
    if isinstance(error, ValidationException):
        wrong = _parameter_problems(error)
        no_body = any(one.pointer == "/data" for one in wrong)
        return answer(request, BodyUnreadable() if no_body else ParameterWrong(errors=wrong))
    kinds: dict[int, type[Refusal]] = {404: AddressUnknown, 405: MethodUnknown, 413: TooLarge, 400: ParameterWrong}
    if error.status_code not in kinds:
        return on_fault(request, error)
    allow = {name: value for name, value in (error.headers or {}).items() if name.lower() == "allow"}
    return answer(request, kinds[error.status_code](), allow)


def on_fault(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer a fault of ours without saying more than that, and log it."""
    _log.error("request_failed", method=request.method, template=request.scope.get("path_template"), exc_info=error)
    return answer(request, Broken())


def _parameter_problems(error: ValidationException) -> tuple[FieldProblem, ...]:
    extra = error.extra if isinstance(error.extra, list) else []
    return tuple(
        FieldProblem(pointer=f"/{item.get('key', '')}", code="wrong", message=str(item.get("message", "")))
        for item in extra
        if isinstance(item, dict)
    )


def field_problem(error: msgspec.ValidationError) -> FieldProblem:
    """Where a body is wrong, as a JSON pointer (`*` for any item or value), and how."""
    message = str(error)
    found = _AT.search(message)
    unknown = re.search(r"unknown field `([^`]*)`", message)
    missing = re.search(r"missing required field `([^`]*)`", message)
    named = unknown or missing
    places = [*_places(found["path"] if found else ""), *([named[1]] if named else [])]
    code = "unknown" if unknown else "missing" if missing else "wrong"
    pointer = "".join("/" + place.replace("~", "~0").replace("/", "~1") for place in places)
    return FieldProblem(pointer=pointer, code=code, message=_AT.sub("", message))


def _places(path: str) -> list[str]:
    """The steps of msgspec's path: `.form[...].a[3]` is form, any, a, 3."""
    return ["*" if step == "[...]" else step.strip(".[]") for step in _STEP.findall(path)]


def problems(*refusals: type[Refusal]) -> dict[int, ResponseSpec]:
    """Describe in the contract which refusals an endpoint answers with."""
    by_status: dict[int, list[type[Refusal]]] = {}
    for refusal in refusals:
        by_status.setdefault(refusal.status, []).append(refusal)
    return {
        status: ResponseSpec(
            data_container=Problem,
            generate_examples=False,
            media_type=PROBLEM_JSON,
            description="; ".join(f"`{refusal.code}` {refusal.title.en}" for refusal in known),
        )
        for status, known in sorted(by_status.items())
    }
