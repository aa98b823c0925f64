"""What `make run` says once all is ready: where things are, who can be played, and what to try."""

import http.client
import json
import shlex
import sys
from pathlib import Path
from typing import Any

from app.kernel.settings import Settings

_WELCOME = """
福海已就绪  Fuhai is ready.

  接口      API            {origin}   (契约 contract: {origin}/schema/openapi.json)
  沙盒城市  Sandbox city   {city}   (居民 people: {city}/control/people)
  数据      Data           {var}   (重来 start over: make reset)

  演示市民  Citizens       {citizens}
  演示人员  Officers       {officers}
  演示终端  Terminal       {terminals}

另开一个终端，试试三件事  Three things to try, in another terminal:
  1. .venv/bin/fuhai demo{options}
     市民的一天，一步一步  a citizen's whole day, step by step
  2. .venv/bin/fuhai demo{options} --photo PICTURE
     同上，云盘里放你自己的照片  the same, with your own photograph in the cloud disk
  3. README.zh.md 五分钟走一遍  the five-minute tour with curl in README.md

Ctrl-C 停止一切，数据保留。Ctrl-C stops everything; the data stay.
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
            options=_options(settings),
        )
    )
    sys.stdout.flush()


def _options(settings: Settings) -> str:
    """What `fuhai demo` has to be told where things aren't at their usual places."""
    usual = Settings()
    told = {
        "--base": (settings.public_origin, usual.public_origin),
        "--city": (settings.city_origin, usual.city_origin),
        "--var": (str(settings.var), str(usual.var)),
    }
    return "".join(f" {name} {shlex.quote(here)}" for name, (here, there) in told.items() if here != there)


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
