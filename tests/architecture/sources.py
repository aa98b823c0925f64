"""Checks of source text: what no file of ours may contain. Each gives the violations it finds, as sentences."""

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PRODUCT: Final = ("app", "cloud_disk", "integrations", "lifecycle")
SHIPPED: Final = (*PRODUCT, "simulation")
"""What `fuhai` imports: the product, and the town that lives by its rules."""
BESIDE: Final = ("demo", "bench", "tools")
"""What stands beside: an outsider with a clock of its own, and scripts that set an environment and fill tables in bulk."""
LONGEST_FILE: Final = 350
NAMELESS: Final = frozenset(
    {"common", "data", "handler", "handlers", "helper", "helpers", "info", "manager", "managers", "misc", "service"}
    | {"services", "util", "utils"}
)
UNFINISHED: Final = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b")
READS_ENVIRONMENT: Final = frozenset({"os.environ", "os.environb", "os.getenv", "environ", "getenv"})
READS_CLOCK: Final = frozenset(
    f"{start}{call}"
    for start in ("", "datetime.", "dt.")
    for call in ("datetime.now", "datetime.today", "datetime.utcnow", "date.today")
) | {"time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.strftime"}
SQL_CLOCK: Final = re.compile(
    r"\b(?:now|clock_timestamp|transaction_timestamp|statement_timestamp|random|gen_random_uuid|set_config)\(\)?"
    r"|\b(?:CURRENT_TIMESTAMP|CURRENT_DATE|LOCALTIMESTAMP)\b",
    re.IGNORECASE,
)
SQL: Final = re.compile(r"\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE|ALTER TABLE|DEFAULT)\b")


@dataclass(frozen=True)
class Source:
    """A file's path below the repository and its text."""

    path: str
    text: str

    @property
    def nodes(self) -> Iterator[ast.AST]:
        """Its syntax tree, node by node; parsed once."""
        return ast.walk(self._tree)

    @cached_property
    def _tree(self) -> ast.Module:
        return ast.parse(self.text)


def sources(*folders: str) -> list[Source]:
    """Every Python file below some folders of the repository."""
    paths = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return [Source(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")) for path in paths]


def below(folders: Collection[str], files: Iterable[Source]) -> list[Source]:
    """Those of some files that lie below some folders of the repository."""
    return [file for file in files if file.path.partition("/")[0] in folders]


def dotted(node: ast.AST) -> str:
    """`a.b.c` of a name or attribute; empty for anything else."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name) if dotted(value):
            return f"{dotted(value)}.{name}"
        case _:
            return ""


def environment_readers(files: Iterable[Source]) -> list[str]:
    """Files that read the environment."""
    return [
        f"{file.path}:{node.lineno} reads the environment"
        for file in files
        for node in file.nodes
        if isinstance(node, ast.Attribute | ast.Name) and dotted(node) in READS_ENVIRONMENT
    ]


def clock_readers(files: Iterable[Source]) -> list[str]:
    """Files that ask the system what time it is (clocks that only measure durations are fine)."""
    return [
        f"{file.path}:{node.lineno} calls {dotted(node.func)}"
        for file in files
        for node in file.nodes
        if isinstance(node, ast.Call) and dotted(node.func) in READS_CLOCK
    ]


def clocks_in_sql(files: Iterable[Source]) -> list[str]:
    """Statements that take a time or a random value from the database, or set its context by function."""
    return [
        f"{file.path}:{node.lineno} uses {found[0]} in SQL"
        for file in files
        for node in file.nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value)
        for found in [SQL_CLOCK.search(node.value)]
        if found
    ]


def inexact_money(files: Iterable[Source]) -> list[str]:
    """Names of fen that aren't typed `int`, quotients of fen, and fen made floating."""
    return [
        f"{file.path}:{getattr(node, 'lineno', 0)} {flaw}"
        for file in files
        for node in file.nodes
        for flaw in [_money_flaw(node)]
        if flaw
    ]


def _money_flaw(node: ast.AST) -> str:
    match node:
        case ast.arg(arg=name, annotation=annotation) if _is_fen(name) and annotation and _is_inexact(annotation):
            return f"types {name} as {ast.unparse(annotation)}"
        case ast.AnnAssign(target=target, annotation=annotation) if _is_fen(dotted(target)) and _is_inexact(annotation):
            return f"types {dotted(target)} as {ast.unparse(annotation)}"
        case ast.BinOp(left=left, op=ast.Div(), right=right) if _is_fen(dotted(left)) or _is_fen(dotted(right)):
            return "divides fen with `/`"
        case ast.Call(func=ast.Name(id="float"), args=[argument, *_]) if _is_fen(dotted(argument)):
            return f"makes {dotted(argument)} floating"
        case ast.FunctionDef(name=name, returns=returns) if _is_fen(name) and returns and _is_inexact(returns):
            return f"gives {name} as {ast.unparse(returns)}"
        case _:
            return ""


def _is_fen(name: str) -> bool:
    return name.rpartition(".")[2].endswith("_fen") or name == "fen"


def _is_inexact(annotation: ast.expr) -> bool:
    return not {"float", "Decimal"}.isdisjoint(dotted(node) for node in ast.walk(annotation))


def long_files(files: Iterable[Source], limit: int = LONGEST_FILE) -> list[str]:
    """Files that became a district."""
    counted = [(file.path, file.text.count("\n")) for file in files]
    return [f"{path} has {lines} lines" for path, lines in counted if lines > limit]


def nameless_modules(files: Iterable[Source]) -> list[str]:
    """Files and folders whose name says nothing."""
    return [file.path for file in files if not NAMELESS.isdisjoint(Path(file.path).with_suffix("").parts)]


def unfinished(files: Iterable[Source]) -> list[str]:
    """Files that say they aren't finished."""
    return [
        f"{file.path}:{number} {line.strip()}"
        for file in files
        for number, line in enumerate(file.text.splitlines(), 1)
        if UNFINISHED.search(line)
    ]


def gathered_in_transactions(files: Iterable[Source]) -> list[str]:
    """Statements run side by side over the one connection of a transaction."""
    return [
        f"{file.path}:{inner.lineno} runs {dotted(inner.func)} inside a transaction"
        for file in files
        for node in file.nodes
        if isinstance(node, ast.AsyncWith) and any(_opens_transaction(item) for item in node.items)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Call) and dotted(inner.func) in {"asyncio.gather", "gather", "asyncio.TaskGroup"}
    ]


def _opens_transaction(item: ast.withitem) -> bool:
    return isinstance(item.context_expr, ast.Call) and dotted(item.context_expr.func).endswith("transaction")


def unused_members(enum: str, members: Iterable[str], files: Iterable[Source]) -> list[str]:
    """Members of an enumeration that no file names."""
    used = {dotted(node) for file in files for node in file.nodes if isinstance(node, ast.Attribute)}
    return [f"{enum}.{member} is never used" for member in members if f"{enum}.{member}" not in used]


def unregistered_jobs(enqueued: Mapping[str, str], registered: Iterable[str]) -> list[str]:
    """Jobs that are enqueued (name by place) and that no worker knows."""
    known = set(registered)
    return [f"{place} enqueues {name!r}" for place, name in enqueued.items() if name not in known]
