"""`fuhai bench`: the benchmarks of the project's folder `bench/`, which isn't part of the package."""

import ast
import subprocess
import sys
from pathlib import Path
from typing import Final

import rich_click as click

PROJECT: Final = Path(__file__).parents[1]
_RUNS: Final = '__name__ == "__main__"'


@click.command()
@click.argument("name", required=False)
@click.option("--quick", is_flag=True, help="Measure less, for a first idea.")
def bench(name: str | None, *, quick: bool) -> None:
    """Run the benchmark NAME beside its yardstick, or list the benchmarks; the last line is JSON.

    They bring a PostgreSQL of their own where they need one, and touch no data.
    """
    known = benchmarks(PROJECT)
    if not known:
        raise click.ClickException(
            "bench/ isn't there: benchmarks come with the project's folder, not with the package."
        )
    if name is None:
        for each, says in known.items():
            click.echo(f"{each:20} {says}")
    elif name in known:
        command = [sys.executable, "-m", f"bench.{_module(name)}", *(["--quick"] if quick else [])]
        sys.exit(subprocess.run(command, cwd=PROJECT, check=False).returncode)
    else:
        raise click.UsageError(f"there is no benchmark {name}; there are {', '.join(known)}")


def benchmarks(project: Path) -> dict[str, str]:
    """The benchmarks of a project's folder by name, with what each measures; none where the folder is missing."""
    sources = {path: path.read_text(encoding="utf-8") for path in sorted((project / "bench").glob("*.py"))}
    return {_name(path): _first_line(source) for path, source in sources.items() if _RUNS in source}


def _first_line(source: str) -> str:
    return (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0]


def _name(path: Path) -> str:
    return path.stem.replace("_", "-")


def _module(name: str) -> str:
    return name.replace("-", "_")
