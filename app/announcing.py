"""What `make run` says once all is ready: where things are, who can be played, and what to try."""

import http.client
import json
import sys
from pathlib import Path
from typing import Any

from app.kernel.settings import Settings

_WELCOME = """
福海已就绪  Fuhai is ready.

  API            {origin}   (contract: {origin}/schema/openapi.json)
  Sandbox city   {city}   (phones, births, payers: {city}/control/people)
  Data           {var}   (`make reset` starts over)

  Demo citizens   {citizens}
  Demo officers   {officers}
  Demo terminal   {terminals}

Three things to try, in another terminal:
  1. .venv/bin/fuhai demo                     a citizen's whole day, step by step
  2. .venv/bin/fuhai demo --photo PICTURE     the same, with your own photograph in the cloud disk
  3. the five-minute tour with curl in README.md

Ctrl-C stops everything; the data stay.
"""


def announce(settings: Settings) -> None:
    """Print the welcome."""
    demo = settings.var / "demo"
    sys.stdout.write(
        _WELCOME.format(
            origin=settings.public_origin,
            city=settings.city_origin,
            var=settings.var.resolve(),
            citizens=_demo_citizens(settings.city_origin),
            officers=_named(demo / "officers.json", "name", "code"),
            terminals=_named(demo / "terminals.json", "merchant_name", "code"),
        )
    )
    sys.stdout.flush()


def _demo_citizens(city: str) -> str:
    connection = http.client.HTTPConnection(city.removeprefix("http://"), timeout=5)
    try:
        connection.request("GET", "/control/people?limit=10")
        people: list[dict[str, Any]] = json.loads(connection.getresponse().read())["items"]
    except (OSError, http.client.HTTPException, ValueError, KeyError):
        return "-"
    finally:
        connection.close()
    return ", ".join(f"{person['name']} ({person['phone']})" for person in people if person.get("demo"))


def _named(path: Path, name: str, code: str) -> str:
    try:
        people: list[dict[str, Any]] = json.loads(path.read_text())
    except FileNotFoundError:
        return "-"
    return ", ".join(f"{person[name]} ({person[code]})" for person in people)
