"""Where the day is lived: the portal, the city, the report, the folders; and whose day it is."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from demo.certificates import Trust
from demo.city import City
from demo.keys import Key
from demo.officers import OfficerCard
from demo.report import Hindered, Report
from demo.terminals import Terminal
from demo.web import Caller, Holder, Server, good


@dataclass(frozen=True)
class Scene:
    """Everything that the steps share; leaving it closes its connections.

    `var` is the data folder of the running product; only `demo/` in it is used.
    """

    portal: Server
    city: City
    report: Report
    var: Path

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.portal.close()
        self.city.server.close()

    @property
    def out(self) -> Path:
        """Where papers are kept for openssl; made if it is missing."""
        folder = self.var / "demo" / "out"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def officer(self, code: str | None = None) -> OfficerCard:
        """What an officer holds; the first one, unless a code is given."""
        return OfficerCard(_chosen(self._issued("officers.json"), code))

    def officers(self, department: str) -> list[OfficerCard]:
        """What the officers of a department hold."""
        return [OfficerCard(one) for one in self._issued("officers.json") if one["department"] == department]

    def terminal(self, trust: Trust, code: str | None = None) -> Terminal:
        """A terminal; the first one, unless a code is given."""
        return Terminal(_chosen(self._issued("terminals.json"), code), self.portal, trust)

    def merchant_code(self) -> str:
        """What the code says that a merchant has printed beside the till."""
        return str(_chosen(self._issued("merchants.json"), None)["text"])

    def merchant(self) -> str:
        """The code of the merchant where the terminals stand."""
        return str(_chosen(self._issued("merchants.json"), None)["code"])

    def _issued(self, name: str) -> list[dict[str, Any]]:
        path = self.var / "demo" / name
        try:
            issued: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise Hindered(f"{path} isn't there: name the product's data folder with --var") from error
        return issued


@dataclass
class Mother:
    """Whose day it is. `holder` is her session, bound to the key of her phone."""

    name: str
    id_number: str
    phone: str
    key: Key
    holder: Holder
    id: str = ""


def everything(portal: Server, path: str, by: Caller) -> list[dict[str, Any]]:
    """Every item of a list, page by page."""
    items: list[dict[str, Any]] = []
    cursor, mark = "", "&" if "?" in path else "?"
    while True:
        page = good(portal.send("GET", f"{path}{mark}limit=100{cursor}", by))
        items.extend(page["items"])
        if page["next"] is None:
            return items
        cursor = f"&cursor={page['next']}"


def _chosen(issued: list[dict[str, Any]], code: str | None) -> dict[str, Any]:
    found = [one for one in issued if code in {None, one["code"]}]
    if not found:
        raise Hindered(f"nobody has the code {code}; there are {', '.join(one['code'] for one in issued)}")
    return found[0]
