"""Checks of the product as it is connected: routes, refusals, words, ports. Each gives the violations it finds, as sentences."""

import importlib
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from string import Formatter
from types import ModuleType
from typing import Any, Final, TypeVar

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from app.identity.callers import recognise
from app.kernel.actors import Citizen, Officer, Terminal
from app.kernel.assurance import BY_DEVICE, BY_NAME, BY_PHONE, DATA, LEVEL, LEVEL_TO_READ
from app.kernel.errors import Refusal
from app.kernel.words import Words
from tests.architecture.sources import SHIPPED

C = TypeVar("C")
ACTORS: Final = frozenset({Citizen, Officer, Terminal})
LEVELS: Final = frozenset({BY_PHONE, BY_NAME, BY_DEVICE})
CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
METHODS: Final = frozenset({"get", "put", "post", "patch", "delete"})


def modules() -> list[ModuleType]:
    """Every module of the product and of the town, imported."""
    found = []
    for package in map(importlib.import_module, SHIPPED):
        found.append(package)
        walked = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        found += [importlib.import_module(module.name) for module in walked]
    return found


def subclasses(base: type[C]) -> Iterator[type[C]]:
    """Every class that derives from another."""
    derived: type[C]
    for derived in base.__subclasses__():
        yield derived
        yield from subclasses(derived)


def handlers(app: Litestar) -> list[tuple[str, HTTPRouteHandler]]:
    """Every endpoint of ours with its path."""
    return [
        (route.path_format, handler)
        for route in app.routes
        if isinstance(route, HTTPRoute) and not route.path.startswith("/schema")
        for handler in route.route_handlers
        if handler.http_methods != {"OPTIONS"}
    ]


def routes_without_actor(endpoints: Iterable[tuple[str, HTTPRouteHandler]]) -> list[str]:
    """Endpoints that neither ask who is calling nor say that anybody may."""
    return [
        f"{'/'.join(sorted(handler.http_methods))} {path} names no actor"
        for path, handler in endpoints
        if not handler.opt.get("public")
        and ACTORS.isdisjoint(field.annotation for field in handler.parsed_fn_signature.parameters.values())
    ]


def routes_that_recognise_nobody(endpoints: Iterable[tuple[str, HTTPRouteHandler]]) -> list[str]:
    """Endpoints before which something of their own runs instead of what finds out who is calling: the closest hook wins."""
    return [
        f"{path} has a hook of its own before it"
        for path, handler in endpoints
        if handler.resolve_before_request() is not recognise
    ]


def public_routes_with_actor(endpoints: Iterable[tuple[str, HTTPRouteHandler]]) -> list[str]:
    """Endpoints that say that anybody may call them, and ask who is calling all the same."""
    return [
        f"{path} is public and takes an actor"
        for path, handler in endpoints
        if handler.opt.get("public")
        and not ACTORS.isdisjoint(field.annotation for field in handler.parsed_fn_signature.parameters.values())
    ]


def citizen_routes_without_level(endpoints: Iterable[tuple[str, HTTPRouteHandler]]) -> list[str]:
    """Endpoints of citizens that don't say which level of assurance they need."""
    return [
        f"{handler.operation_id} names no level"
        for _, handler in endpoints
        if "citizen" in handler.parsed_fn_signature.parameters and handler.opt.get(LEVEL) not in LEVELS
    ]


def routes_below_their_data(endpoints: Iterable[tuple[str, HTTPRouteHandler]]) -> list[str]:
    """Endpoints of citizens that show a kind of data at a lower level than it needs, or one that doesn't exist."""
    return [
        f"{handler.operation_id} shows {kind} at level {handler.opt.get(LEVEL)}"
        for _, handler in endpoints
        for kind in handler.opt.get(DATA, ())
        if handler.opt.get(LEVEL, 0) < LEVEL_TO_READ.get(kind, max(LEVELS) + 1)
    ]


def ambiguous_codes(refusals: Iterable[type[Refusal]]) -> list[str]:
    """Codes that more than one refusal has."""
    by_code = defaultdict(list)
    for refusal in refusals:
        by_code[refusal.code].append(refusal.__qualname__)
    return [f"{code} is the code of {' and '.join(names)}" for code, names in by_code.items() if len(names) > 1]


def answered_codes(contract: Mapping[str, Any]) -> set[str]:
    """Every refusal's code that some operation of the contract answers with."""
    answers = [
        answer.get("description", "")
        for item in contract["paths"].values()
        for method, operation in item.items()
        if method in METHODS
        for answer in operation["responses"].values()
    ]
    return {code for text in answers for code in re.findall(r"`([a-z0-9_]+)`", text)}


def unanswered(refusals: Iterable[type[Refusal]], contract: Mapping[str, Any], excepted: Iterable[str]) -> list[str]:
    """Refusals that stand in no operation's answers, and exceptions that need be none."""
    answered, exceptions = answered_codes(contract), set(excepted)
    codes = {refusal.code: refusal.__qualname__ for refusal in refusals}
    return [
        *(f"{name} ({code}) stands in no answers" for code, name in codes.items() if code not in answered | exceptions),
        *(f"{code} needn't be excepted" for code in exceptions if code in answered or code not in codes),
    ]


def one_sided_words(named: Mapping[str, Words]) -> list[str]:
    """Texts without Chinese, with Chinese in the English, or with other facts in one language than in the other."""
    return [f"{name} {flaw}" for name, words in named.items() for flaw in [_flaw(words)] if flaw]


def _flaw(words: Words) -> str:
    if not CHINESE.search(words.zh):
        return "has no Chinese text"
    if not words.en.strip() or CHINESE.search(words.en):
        return "has no English text"
    if _facts(words.zh) != _facts(words.en):
        return "has other facts in one language than in the other"
    return ""


def _facts(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def protocols(*packages: str) -> list[type]:
    """Every Protocol that modules below some packages define."""
    return [
        kind
        for module in modules()
        if module.__name__.startswith(packages)
        for kind in vars(module).values()
        if isinstance(kind, type) and kind.__module__ == module.__name__ and getattr(kind, "_is_protocol", False)
    ]


def lacking(port: type, client: type) -> list[str]:
    """What a port promises that its client doesn't have."""
    promised = [name for name, value in vars(port).items() if not name.startswith("_") and callable(value)]
    return [
        f"{client.__name__} lacks {port.__name__}.{name}"
        for name in promised
        if not callable(getattr(client, name, None))
    ]


def missing_rights(tables: Mapping[str, str], exported: Iterable[str], erased: Iterable[str]) -> list[str]:
    """Tables with personal data (by the column that names the person) that can't be exported, or erased."""
    kinds = (("exporter", set(exported)), ("eraser", set(erased)))
    return [f"{table} has no {kind}" for table in tables for kind, known in kinds if table not in known]
