"""What the contract says of calculators: the question and the result of each, beside the one operation that answers them all."""

from collections.abc import Iterable
from typing import Any, Final

import msgspec

from lifecycle.catalogue.calculators import calculators

Json = dict[str, Any]
OPERATION: Final = "calculateMatter"
JSON: Final = "application/json"
_PREFIX: Final = "calculators."
_REF: Final = f"#/components/schemas/{_PREFIX}{{name}}"


def add_calculators(schema: Json) -> None:
    """Say, where matters are calculated, what each calculator asks and finds (`x-calculators`), with the schemas among the components."""
    operation = _operation(schema)
    if operation is None:
        return
    offered = calculators()
    kinds = list(dict.fromkeys(kind for one in offered for kind in (one.question, one.found)))
    references, components = msgspec.json.schema_components(kinds, ref_template=_REF)
    of = dict(zip(kinds, references, strict=True))
    schema["components"]["schemas"] |= {f"{_PREFIX}{name}": one for name, one in components.items()}
    operation["x-calculators"] = [
        {"matter": one.matter, "which": one.name, "question": of[one.question], "result": of[one.found]}
        for one in offered
    ]
    asked, told = operation["requestBody"]["content"][JSON], operation["responses"]["200"]["content"][JSON]
    asked["schema"] = {"anyOf": _distinct(of[one.question] for one in offered)}
    result = {"properties": {"result": {"anyOf": _distinct(of[one.found] for one in offered)}}}
    told["schema"] = {"allOf": [told["schema"], result]}


def _operation(schema: Json) -> Json | None:
    operations = (operation for item in schema["paths"].values() for operation in item.values())
    return next((one for one in operations if one.get("operationId") == OPERATION), None)


def _distinct(references: Iterable[Json]) -> list[Json]:
    return list({str(one): one for one in references}.values())
