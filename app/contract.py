"""The API's contract (OpenAPI 3.1), exported from the application itself."""

import json
from typing import Any

from app.main import create_app


def text() -> str:
    """The contract as JSON; the same application always gives the same text."""
    schema: dict[str, Any] = create_app().openapi_schema.to_schema()
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
