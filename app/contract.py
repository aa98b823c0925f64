"""The API's contract (OpenAPI 3.1): what the framework derives from the endpoints, completed with what it can't know.

Schemas are msgspec's own, since msgspec decides what is taken; who may call, which refusals follow from what an endpoint asks
for, and which headers belong to it are read from the endpoint's parameters. What is served is what `fuhai contract` exports.
"""

import copy
import inspect
import json
import re
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any, Final, get_args, get_origin

import msgspec
from litestar import Litestar, Request, Response
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Tag
from litestar.routes import HTTPRoute
from litestar.types import Empty

from app import __version__
from app.contract_calculators import add_calculators
from app.contract_refusals import BY_OPERATION, FOR_OTHERS, IMPLIED
from app.contract_words import DESCRIPTION, HEADERS, SECURITY_SCHEMES, TAGS
from app.kernel.actors import BEFORE_NAME, AssuranceTooLow
from app.kernel.assurance import BY_DEVICE, BY_PHONE, DATA, LEVEL
from app.kernel.errors import Refusal
from app.kernel.idempotency import IdempotencyKeyMissing
from app.kernel.problems import PROBLEM_JSON, AddressUnknown, BodyTooSlow, ParameterWrong, Problem
from lifecycle.cases.errors import VersionMissing

Json = dict[str, Any]
_SECURITY: Final[dict[str, list[Json]]] = {
    "citizen": [{"bearer": []}, {"dpop": []}],
    "officer": [{"bearer": []}, {"dpop": []}],
    "terminal": [{"signature": []}],
}
_RAW_BODIES: Final = {
    "calculateMatter": "application/json",
    "queryMatter": "application/json",
    "askStatus": "application/ocsp-request",
    "stampTime": "application/timestamp-query",
    "takeWeChatPayCallback": "application/json",
    "takeWeChatPayRefund": "application/json",
    "pushDepartmentEvent": "application/json",
    "pushLateAnswer": "application/json",
}
"""Bodies that endpoints read themselves."""
_WECHAT_PAY_REFUSAL: Final = {
    "type": "object",
    "properties": {"code": {"const": "FAIL"}, "message": {"type": "string"}},
    "required": ["code", "message"],
}
_REFUSED_OTHERWISE: Final = {
    operation: {"application/json": {"schema": _WECHAT_PAY_REFUSAL}}
    for operation in ("takeWeChatPayCallback", "takeWeChatPayRefund")
}
"""Refusals that are told as their caller wants to be told, instead of as problem documents."""
_CODE: Final = re.compile(r"`([a-z0-9_]+)` ")
_REF: Final = "#/components/schemas/{name}"
_BINARY: Final = {"type": "string", "format": "binary"}


class ContractPlugin(JsonRenderPlugin):
    """Serves the completed contract."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: Json) -> bytes:
        """The contract of the application that is asked."""
        return text(request.app, openapi_schema).encode()


def config() -> OpenAPIConfig:
    """How the framework describes the endpoints."""
    return OpenAPIConfig(
        title="Fuhai 福海",
        version=__version__,
        description=DESCRIPTION,
        tags=[Tag(name=name, description=words) for name, words in TAGS.items()],
        path="/schema",
        render_plugins=[ContractPlugin(path="/openapi.json")],
        use_handler_docstrings=True,
    )


def text(app: Litestar, derived: Json | None = None) -> str:
    """The contract as JSON; the same application always gives the same text."""
    return json.dumps(completed(app, derived), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def completed(app: Litestar, derived: Json | None = None) -> Json:
    """What the framework derived (or derives now), completed."""
    schema: Json = copy.deepcopy(derived if derived is not None else app.openapi_schema.to_schema())
    operations = list(_operations(app, schema))
    schemas = _Schemas([handler for handler, _ in operations])
    for handler, operation in operations:
        _complete(handler, operation, schemas)
    named = _named_by_parameters(schema) | schemas.components
    schema["components"] = {"schemas": named, "securitySchemes": SECURITY_SCHEMES}
    add_calculators(schema)
    answer: Json = _portable(schema)
    return answer


class _Schemas:
    """Schemas of everything that crosses the wire, as msgspec reads and writes it."""

    def __init__(self, handlers: list[HTTPRouteHandler]) -> None:
        kinds = [kind for handler in handlers for kind in (_question(handler), _answer(handler)) if kind is not None]
        distinct = list(dict.fromkeys([Problem, *kinds]))
        schemas, components = msgspec.json.schema_components(distinct, ref_template=_REF)
        self._of = dict(zip(distinct, schemas, strict=True))
        self.components: Json = dict(components)
        self.components["Problem"]["additionalProperties"] = True

    def of(self, kind: Any) -> Json:
        """The schema of one type."""
        return dict(self._of[kind])


def _named_by_parameters(schema: Json) -> Json:
    """The framework's own schemas that parameters refer to: msgspec is asked about bodies and answers only."""
    derived, paths = schema["components"].get("schemas", {}), json.dumps(schema["paths"])
    return {name: one for name, one in derived.items() if f'"{_REF.format(name=name)}"' in paths}


def _operations(app: Litestar, schema: Json) -> Iterator[tuple[HTTPRouteHandler, Json]]:
    for route in app.routes:
        if isinstance(route, HTTPRoute) and route.path_format in schema["paths"]:
            item = schema["paths"][route.path_format]
            for method, (handler, _) in route.route_handler_map.items():
                if method.lower() in item:
                    yield handler, item[method.lower()]


def _question(handler: HTTPRouteHandler) -> Any:
    field = handler.parsed_fn_signature.parameters.get("data")
    return field.annotation if field else None


def _answer(handler: HTTPRouteHandler) -> Any:
    """The type that an endpoint answers with, if it is written as JSON."""
    kind = handler.parsed_fn_signature.return_type.annotation
    if get_origin(kind) is Response:
        (kind,) = get_args(kind)
    is_file = isinstance(kind, type) and issubclass(kind, bytes | Response)
    return None if kind in {None, type(None)} or is_file else kind


def _complete(handler: HTTPRouteHandler, operation: Json, schemas: _Schemas) -> None:
    asked = handler.parsed_fn_signature.parameters
    operation["security"] = next((_SECURITY[name] for name in _SECURITY if name in asked), [])
    if handler.opt.get("actor") == "department":
        operation["security"] = [{"signature": []}]
    if "citizen" in asked:
        operation["x-required-level"] = handler.opt.get(LEVEL, BY_DEVICE)
        operation["x-data-classes"] = sorted(handler.opt.get(DATA, ()))
    operation["summary"] = operation["description"].split(". ")[0].rstrip(".")
    operation.pop("deprecated", None)
    _complete_parameters(handler, operation)
    _complete_body(handler, operation, schemas)
    _complete_answers(handler, operation, schemas)


def _complete_parameters(handler: HTTPRouteHandler, operation: Json) -> None:
    asked = _asked(handler)
    parameters = [_parameter(one, asked.get(one["name"])) for one in operation.pop("parameters", [])]
    known = {one["name"].lower() for one in parameters}
    refused = json.dumps(operation["responses"])
    for one in parameters:
        one["required"] |= one["name"] == "If-Match" and f"`{VersionMissing.code}`" in refused
    needs_key = f"`{IdempotencyKeyMissing.code}`" in refused
    for name, (belongs, header) in HEADERS.items():
        if belongs(handler) and name.lower() not in known:
            required = name == "Idempotency-Key" and needs_key
            parameters.append({"name": name, "in": "header", "required": required} | header)
    if parameters:
        operation["parameters"] = parameters


def _asked(handler: HTTPRouteHandler) -> Json:
    """What an endpoint and its own dependencies ask for, by name."""
    signatures = [provided.parsed_fn_signature for provided in handler.resolve_dependencies().values()]
    fields = [signature.parameters for signature in (*signatures, handler.parsed_fn_signature)]
    return {name: field.annotation for asked in fields for name, field in asked.items()}


def _parameter(found: Json, annotation: Any) -> Json:
    """A parameter without what only bodies can be (null), with the limits that msgspec knows of."""
    schema = found["schema"]
    options = [option for option in schema.pop("oneOf", []) if option != {"type": "null"}]
    schema = schema | (options[0] if options else {})
    for option in _options(annotation):
        schema = {name: limit for name, limit in option.items() if name != "title"} | schema
    shown = {name: found[name] for name in ("name", "in", "required")}
    told = schema.pop("description", "") or found.get("description", "")
    return shown | {"schema": schema} | ({"description": told} if told else {})


def _options(annotation: Any) -> list[Json]:
    """What msgspec takes for an optional parameter, where it needs no definitions for it."""
    if annotation is None:
        return []
    schema = msgspec.json.schema(annotation)
    options = schema.get("anyOf", [schema])
    return [option for option in options if "$ref" not in option and option.get("type") != "null"]


def _complete_body(handler: HTTPRouteHandler, operation: Json, schemas: _Schemas) -> None:
    question = _question(handler)
    if question is not None:
        content: Json = {"application/json": {"schema": schemas.of(question)}}
        required = handler.parsed_fn_signature.parameters["data"].default is Empty
        operation["requestBody"] = {"required": required, "content": content}
    elif handler.operation_id in _RAW_BODIES:
        media_type = _RAW_BODIES[handler.operation_id]
        body = {"type": "object"} if media_type == "application/json" else _BINARY
        operation["requestBody"] = {"required": True, "content": {media_type: {"schema": body}}}


def _complete_answers(handler: HTTPRouteHandler, operation: Json, schemas: _Schemas) -> None:
    answers = {status: answer for status, answer in operation["responses"].items() if _is_ours(answer)}
    answer = _answer(handler)
    for status, given in answers.items():
        given.pop("headers", None)
        if status.startswith("2"):
            given["description"] = HTTPStatus(int(status)).phrase
            for content in given.get("content", {}).values():
                content["schema"] = schemas.of(answer) if answer in schemas._of else _BINARY  # noqa: SLF001 - ours
    for refusal in _implied(handler, operation):
        _add_refusal(answers, refusal)
    for status, given in answers.items():
        if not status.startswith("2"):
            problem = {PROBLEM_JSON: {"schema": _problem_of(given["description"])}}
            given["content"] = _REFUSED_OTHERWISE.get(str(handler.operation_id), problem)
    operation["responses"] = dict(sorted(answers.items()))


def _is_ours(answer: Json) -> bool:
    """Whether an answer isn't the framework's own idea of a validation error."""
    return not answer["description"].startswith("Bad request syntax")


def _implied(handler: HTTPRouteHandler, operation: Json) -> Iterator[type[Refusal]]:
    for name in handler.parsed_fn_signature.parameters:
        yield from IMPLIED.get(name, ())
    yield from BY_OPERATION.get(str(handler.operation_id), ())
    if "citizen" in handler.parsed_fn_signature.parameters and _refuses_low_levels(handler):
        yield AssuranceTooLow
    if "acting_for" in handler.opt:
        yield from FOR_OTHERS
    if handler.operation_id in _RAW_BODIES:
        yield BodyTooSlow
    if any(one["in"] == "path" and one["schema"].get("format") == "uuid" for one in operation.get("parameters", [])):
        yield AddressUnknown
    if any(one["name"] != "Idempotency-Key" for one in operation.get("parameters", [])):
        yield ParameterWrong


def _refuses_low_levels(handler: HTTPRouteHandler) -> bool:
    """Whether somebody who is signed in can be below what an operation needs."""
    return handler.opt.get(LEVEL, BY_DEVICE) > BY_PHONE or not handler.opt.get(BEFORE_NAME)


def _add_refusal(answers: Json, refusal: type[Refusal]) -> None:
    told = answers.setdefault(str(refusal.status), {"description": ""})
    if f"`{refusal.code}`" not in told["description"]:
        words = f"`{refusal.code}` {refusal.title.en}"
        told["description"] = "; ".join(filter(None, [told["description"], words]))


def _problem_of(description: str) -> Json:
    codes = sorted(set(_CODE.findall(description)))
    return {"allOf": [{"$ref": _REF.format(name="Problem")}, {"properties": {"code": {"enum": codes}}}]}


def _portable(value: Any) -> Any:
    r"""Patterns as ECMA-262 writes them (`^` and `$` for `\A` and `\Z`), whole limits as whole numbers, words without indents."""
    if isinstance(value, dict):
        return {name: _REWRITTEN.get(name, _portable)(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_portable(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _pattern(value: Any) -> Any:
    return re.sub(r"\\A", "^", re.sub(r"\\Z", "$", value)) if isinstance(value, str) else _portable(value)


def _words(value: Any) -> Any:
    """A docstring without the indents of its place in the source, which Python keeps before 3.13."""
    return inspect.cleandoc(value) if isinstance(value, str) else _portable(value)


_REWRITTEN: Final[dict[str, Callable[[Any], Any]]] = {"pattern": _pattern, "description": _words}
