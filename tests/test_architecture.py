"""Promises about the whole. Each check is a function of its own (tests/architecture), and is shown something broken here."""

import ast
import inspect
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from importlinter.cli import lint_imports
from litestar import Litestar, get
from litestar.params import FromQuery

from app import contract
from app.audit.act_titles import TITLES
from app.audit.acts import Act
from app.kernel import events, jobs
from app.kernel.actors import System
from app.kernel.database import fetch_all, transaction
from app.kernel.errors import Conflict, Refusal
from app.kernel.events import Event
from app.kernel.phrases import known_phrases
from app.kernel.words import Words
from app.privacy import rights
from tests.architecture import product, sources
from tests.architecture.ports import CLIENTS, INSIDE
from tests.architecture.sources import BESIDE, PRODUCT, ROOT, SHIPPED, Source

EVERYTHING: Final = (*SHIPPED, *BESIDE, "tests", "docs")
NO_CALLER_SEES: Final = {
    "method_not_allowed": "answered where there is no operation",
    "internal_error": "any operation may break; the contract doesn't promise it",
    "authorities_missing": "`fuhai migrate` makes them before the server starts",
    "certificate_not_trusted": "a flaw of a signature, which is refused by the room that took it",
    **dict.fromkeys(("certificate_expired", "certificate_revoked", "certificate_unknown"), "the same"),
    "certificate_of_another_kind": "the same",
    "certificate_name_not_allowed": "names are made by us, not by callers",
    **dict.fromkeys(("character_not_drawable", "document_not_made"), "documents are made by a job"),
    "administrators_exist": "whoever runs the machine makes the first ones, by `fuhai officers`",
    **dict.fromkeys(("reference_used", "day_not_over"), "asked by `fuhai merchants` and `fuhai settlement`"),
    **dict.fromkeys(("channel_bill_changed", "payout_unknown", "nothing_waits"), "asked by `fuhai channel`"),
    **dict.fromkeys(("payment_bill_absent", "payment_bill_not_ready", "payment_bill_wrong"), "the same"),
    "resident_unknown": "who is signed in is a resident",
}
"""Codes that needn't stand in any operation's answers, and why."""
KINDS: Final = "app.kernel.errors"
CITY: Final = "integrations.city"


@pytest.fixture(scope="module")
def all_python() -> list[Source]:
    return sources.sources(*EVERYTHING)


@pytest.fixture(scope="module")
def ours(all_python: list[Source]) -> list[Source]:
    return sources.below(PRODUCT, all_python)


@pytest.fixture(scope="module")
def shipped(all_python: list[Source]) -> list[Source]:
    return sources.below(SHIPPED, all_python)


@pytest.fixture(scope="module")
def all_code(all_python: list[Source]) -> list[Source]:
    return sources.below((*SHIPPED, *BESIDE), all_python)


@pytest.fixture(scope="module")
def refusals() -> list[type[Refusal]]:
    """Every refusal with a code of its own; the sandbox city isn't the product."""
    product.modules()
    return [
        refusal
        for refusal in product.subclasses(Refusal)
        if "code" in vars(refusal)
        and refusal.__module__.startswith(PRODUCT)
        and not refusal.__module__.startswith(CITY)
    ]


def broken(text: str, path: str = "app/card/broken.py") -> list[Source]:
    return [Source(path, text)]


class TestSources:
    def test_only_settings_reads_the_environment(self, shipped: list[Source]) -> None:
        found = sources.environment_readers(file for file in shipped if file.path != "app/kernel/settings.py")

        assert found == []
        assert sources.environment_readers(sources.sources("demo", "terminal_simulator")) == []
        assert sources.environment_readers(broken("import os\nx = os.environ['FUHAI_VAR']"))
        assert sources.environment_readers(broken("from os import getenv\nx = getenv('FUHAI_VAR')"))

    def test_only_the_clock_knows_the_time(self, shipped: list[Source]) -> None:
        assert sources.clock_readers(file for file in shipped if file.path != "app/kernel/clock.py") == []
        assert sources.clock_readers(sources.sources("bench")) == []
        assert sources.clock_readers(broken("from datetime import datetime\nx = datetime.now(UTC)"))
        assert sources.clock_readers(broken("import time\nx = time.time()"))
        assert not sources.clock_readers(broken("import time\nx = time.monotonic()"))

    def test_sql_takes_neither_time_nor_chance_from_the_database(self, shipped: list[Source]) -> None:
        compares_clocks = "app/checking.py"

        found = sources.clocks_in_sql(file for file in shipped if file.path != compares_clocks)

        assert found == []
        assert sources.clocks_in_sql(broken("x = 'SELECT 1 FROM card WHERE at < now()'"))
        assert sources.clocks_in_sql(broken("x = 'INSERT INTO card VALUES (gen_random_uuid())'"))

    def test_money_is_never_inexact(self, all_code: list[Source]) -> None:
        assert sources.inexact_money(all_code) == []
        for line in ("def f(amount_fen: float): ...", "amount_fen: float | None = 1", "x = total_fen / 2"):
            assert sources.inexact_money(broken(line))
        assert sources.inexact_money(broken("x = float(card.balance_fen)"))
        assert not sources.inexact_money(broken("x = total_fen // 2"))

    def test_no_file_is_a_district(self, all_python: list[Source]) -> None:
        assert sources.long_files(all_python) == []
        assert sources.long_files(broken("x = 1\n" * 351))

    def test_every_name_says_something(self, all_code: list[Source]) -> None:
        assert sources.nameless_modules(all_code) == []
        assert sources.nameless_modules(broken("", "app/card/utils.py"))
        assert sources.nameless_modules(broken("", "app/common/money.py"))

    def test_everything_is_finished(self, all_python: list[Source]) -> None:
        assert sources.unfinished(all_python) == []
        assert sources.unfinished(broken("x = 1  # TO" + "DO: later"))

    def test_no_transaction_runs_two_statements_at_once(self, all_code: list[Source]) -> None:
        inside = "async def f():\n    async with transaction(a):\n        await asyncio.gather(b(), c())"

        assert sources.gathered_in_transactions(all_code) == []
        assert sources.gathered_in_transactions(broken(inside))

    def test_imports_only_run_down(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        monkeypatch.chdir(ROOT)

        failed = lint_imports(no_logo=True)

        assert not failed, capsys.readouterr().out

    def test_an_import_that_runs_up_is_found(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        floors = 'root_package = "app"\n[[tool.importlinter.contracts]]\nname = "upside down"\ntype = "layers"\n'
        upside_down = "[tool.importlinter]\n" + floors + 'layers = ["app.kernel", "app.audit"]\n'
        (tmp_path / "broken.toml").write_text(upside_down, encoding="utf-8")
        monkeypatch.chdir(ROOT)

        assert lint_imports(config_filename=str(tmp_path / "broken.toml"), no_logo=True, no_cache=True)
        assert "app.audit" in capsys.readouterr().out


class TestImporting:
    def test_reads_no_settings_and_no_clock(self) -> None:
        """Whoever imports the product first, a test or a command, settles its settings afterwards."""
        watched = (
            "import app.kernel.settings as settings\n"
            "def load():\n    raise SystemExit('settings were read by importing')\n"
            "settings.load = load\n"
            "from tests.architecture.product import modules\n"
            "modules()\n"
        )

        imported = subprocess.run(
            [sys.executable, "-c", watched], cwd=ROOT, capture_output=True, text=True, check=False
        )

        assert imported.returncode == 0, imported.stderr[-2000:]


class TestRoutes:
    async def test_every_route_names_an_actor_or_is_public(self, app: Litestar) -> None:
        endpoints = product.handlers(app)

        assert len(endpoints) > 20
        wrong = product.routes_without_actor(endpoints) + product.public_routes_with_actor(endpoints)
        assert wrong + product.routes_that_recognise_nobody(endpoints) == []

    def test_a_route_without_actor_is_found(self) -> None:
        @get("/open", opt={"public": True}, sync_to_thread=False)
        def public() -> None: ...

        @get("/leaky", sync_to_thread=False)
        def leaky() -> None: ...

        endpoints = product.handlers(Litestar([public, leaky], openapi_config=None))
        assert product.routes_without_actor(endpoints) == ["GET /leaky names no actor"]
        assert len(product.routes_that_recognise_nobody(endpoints)) == len(endpoints)

    async def test_every_route_of_citizens_names_its_level(self, app: Litestar) -> None:
        @get("/leaky", sync_to_thread=False)
        def leaky(citizen: FromQuery[str]) -> None: ...

        broken_route = product.handlers(Litestar([leaky], openapi_config=None))

        assert product.citizen_routes_without_level(product.handlers(app)) == []
        assert product.citizen_routes_without_level(broken_route)

    async def test_every_route_has_an_operation_of_its_own(self, app: Litestar) -> None:
        names = [handler.operation_id for _, handler in product.handlers(app)]

        assert None not in names
        assert len(set(names)) == len(names)


class TestRefusals:
    def test_every_code_is_unique(self, refusals: list[type[Refusal]]) -> None:
        class Twin(Conflict):
            code = "conflict"

        assert product.ambiguous_codes(refusals) == []
        assert product.ambiguous_codes([*refusals, Twin])

    async def test_every_refusal_stands_in_some_answers(self, app: Litestar, refusals: list[type[Refusal]]) -> None:
        class Unheard(Conflict):
            code = "unheard_of"

        exported = contract.completed(app)
        named = [refusal for refusal in refusals if refusal.__module__ != KINDS]

        assert product.unanswered(named, exported, NO_CALLER_SEES) == []
        assert product.unanswered([*named, Unheard], exported, NO_CALLER_SEES)
        assert product.unanswered(named, exported, {*NO_CALLER_SEES, "body_wrong"})

    def test_every_refusal_speaks_both_languages(self, refusals: list[type[Refusal]]) -> None:
        assert product.one_sided_words({refusal.code: refusal.title for refusal in refusals}) == []
        assert product.one_sided_words({"english": Words(zh="Nothing", en="Nothing")})
        assert product.one_sided_words({"silent": Words(zh="无", en=" ")})
        assert product.one_sided_words({"unlike": Words(zh="{一}个", en="{one} of them")})


class TestActs:
    def test_every_act_is_used(self, ours: list[Source]) -> None:
        elsewhere = [file for file in ours if file.path != "app/audit/acts.py"]

        assert sources.unused_members("Act", Act.__members__, elsewhere) == []
        assert sources.unused_members("Act", ["NEVER_DONE"], elsewhere)

    def test_every_act_has_a_title_in_both_languages(self) -> None:
        assert set(TITLES) == set(Act)
        assert product.one_sided_words({act.value: title for act, title in TITLES.items()}) == []


class TestTelling:
    async def test_every_event_has_a_kind_of_its_own(self, app: Litestar) -> None:
        kinds = [kind for kind in product.subclasses(Event) if kind.__module__.startswith(PRODUCT)]

        names = [vars(kind)["kind"] for kind in kinds]

        assert len(set(names)) == len(names) > 5

    async def test_every_phrase_speaks_both_languages(self, app: Litestar) -> None:
        phrases = known_phrases()

        texts = {f"{code} text": phrase.text for code, phrase in phrases.items() if phrase.text != Words(zh="", en="")}

        assert len(phrases) > 5
        assert product.one_sided_words({code: phrase.title for code, phrase in phrases.items()} | texts) == []

    async def test_every_phrase_that_is_written_is_known(self, app: Litestar, ours: list[Source]) -> None:
        written = [
            node.value.value
            for file in ours
            for node in file.nodes
            if isinstance(node, ast.keyword) and node.arg == "phrase" and isinstance(node.value, ast.Constant)
        ]
        listed = [code for module in product.modules() for code in getattr(module, "PHRASES", ())]

        assert {*written, *listed} <= set(known_phrases())

    async def test_every_event_that_is_told_by_its_kind_has_a_phrase(self, app: Litestar) -> None:
        told = [
            kind
            for kind, subscribers in events._subscribers.items()
            for subscriber in subscribers
            if inspect.isfunction(subscriber) and "phrase=event.kind" in inspect.getsource(subscriber)
        ]

        assert set(told) <= set(known_phrases())

    async def test_every_job_that_is_enqueued_is_known_to_the_worker(self, app: Litestar) -> None:
        known = jobs._kinds

        assert sources.unregistered_jobs(_enqueued_jobs(), known) == []
        assert sources.unregistered_jobs({"app/broken.py:1": "nobody_does_this"}, known)


class TestPorts:
    def test_every_port_has_a_client_and_a_counterpart(self) -> None:
        ports = {port.__name__: port for port in product.protocols("integrations")}

        assert set(ports) == {*CLIENTS, *INSIDE}
        for name, (client, counterpart) in CLIENTS.items():
            module, _, kind = client.rpartition(".")
            assert product.lacking(ports[name], getattr(sys.modules[module], kind)) == []
            assert (ROOT / counterpart).is_file()

    def test_a_client_that_lacks_something_is_found(self) -> None:
        class Port:
            def send(self) -> None: ...

        class Client:
            send = None

        assert product.lacking(Port, Client) == ["Client lacks Port.send"]


ONLY_IDS = {"outbox", "unproved_exchange"}
"""Tables that hold ids of people and nothing else about them."""


class TestPrivacy:
    async def test_every_table_with_personal_data_can_be_exported_and_erased(self, app: Litestar) -> None:
        async with transaction(System("test")):
            rows = await fetch_all(
                "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'citizen_id'"
            )
        held = {row["table_name"]: "citizen_id" for row in rows if row["table_name"] not in ONLY_IDS}
        exported = [table for exporter in rights.exporters() for table in exporter.tables]
        erased = [table for eraser in rights.erasers() for table in eraser.tables]

        assert product.missing_rights(held, exported, erased) == []

    def test_a_table_that_nobody_erases_is_found(self) -> None:
        assert product.missing_rights({"card": "citizen_id"}, exported=["card"], erased=[]) == ["card has no eraser"]


class TestContract:
    async def test_the_exported_contract_is_current(self, app: Litestar) -> None:
        exported = (ROOT / "openapi" / "fuhai.json").read_text(encoding="utf-8")

        assert exported == contract.text(app), "run `fuhai contract`, and commit openapi/fuhai.json"


def _enqueued_jobs() -> dict[str, Any]:
    """The name that each call of `enqueue` gives, by its place."""
    found = {}
    for module in product.modules():
        if module.__name__ == "app.kernel.jobs" or not hasattr(module, "enqueue"):
            continue
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call) and sources.dotted(node.func).endswith("enqueue"):
                name = eval(ast.unparse(node.args[0]), vars(module))  # a constant of that module
                found[f"{module.__name__}:{node.lineno}"] = name
    return found
