"""The bundles that there are, read from `bundles.toml` and checked: known matters, no circle, nothing twice."""

from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.structs import Slug
from app.kernel.words import Words
from lifecycle.bundles.errors import BundleUnknown
from lifecycle.catalogue.structs import EventCode
from lifecycle.rules.data_files import DataFileError, read_tables

PATH: Final = Path(__file__).parent / "bundles.toml"
StepCode = Annotated[str, Meta(min_length=2, max_length=24, pattern=r"\A[a-z]+\Z")]
Mode = Literal["apply", "book"]
About = Literal["person", "applicant"]


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One matter of a bundle: what must be done before it, whom it is about, and which refusals mean that it is done already.

    A step to `book` is a reminder with a link: nothing waits for it.
    """

    code: StepCode
    matter: Slug
    mode: Mode = "apply"
    needs: tuple[StepCode, ...] = ()
    optional: bool = False
    about: About = "person"
    done_if: tuple[Slug, ...] = ()


class Bundle(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Several matters with one form, for something that happens in a life."""

    code: Slug
    event: EventCode
    name: Words
    summary: Words
    steps: tuple[Step, ...]

    def step(self, code: str) -> Step:
        """A step by its code."""
        return next(step for step in self.steps if step.code == code)

    @property
    def ordered(self) -> list[Step]:
        """Its steps, each after what it needs."""
        order = TopologicalSorter({step.code: step.needs for step in self.steps}).static_order()
        return [self.step(code) for code in order]


def read_bundles(path: Path = PATH) -> dict[str, Bundle]:
    """Read and check every bundle; mistakes are told with file and line."""
    found: dict[str, Bundle] = {}
    for line, bundle in read_tables(path, "bundle", Bundle):
        if bundle.code in found:
            raise DataFileError(path, line, "code", "stands here twice")
        _check(path, line, bundle)
        found[bundle.code] = bundle
    return found


def _check(path: Path, line: int, bundle: Bundle) -> None:
    codes = [step.code for step in bundle.steps]
    if len(set(codes)) != len(codes):
        raise DataFileError(path, line, "steps", "a step stands here twice")
    for step in bundle.steps:
        if unknown := set(step.needs) - set(codes):
            raise DataFileError(path, line, "steps", f"{step.code} needs {sorted(unknown)}, which isn't a step")
        if any(bundle.step(need).mode == "book" for need in step.needs):
            raise DataFileError(path, line, "steps", f"{step.code} needs a booking; nothing waits for those")
        if not step.optional and any(bundle.step(need).optional for need in step.needs):
            raise DataFileError(path, line, "steps", f"{step.code} needs what may be left out")
    try:
        list(bundle.ordered)
    except CycleError as error:
        raise DataFileError(path, line, "steps", "the steps need each other in a circle") from error


@cache
def bundles() -> dict[str, Bundle]:
    """Every bundle by its code."""
    return read_bundles()


def bundle_of(code: str) -> Bundle:
    """A bundle by its code; refuses `BundleUnknown`."""
    found = bundles().get(code)
    if found is None:
        raise BundleUnknown(bundle=code)
    return found
