"""The bundle of tests' own, and its steps' matters."""

import pytest
import pytest_asyncio
from litestar import Litestar

from lifecycle.bundles import definitions
from lifecycle.cases import forms
from tests.makers.bundles import BUNDLE, CODE, StepMatter, the_matters
from tests.makers.callers import the_recorded_authorities


@pytest_asyncio.fixture(autouse=True)
async def known_seals(app: Litestar) -> None:
    await the_recorded_authorities()


@pytest.fixture(autouse=True)
def matters(app: Litestar, monkeypatch: pytest.MonkeyPatch) -> dict[str, StepMatter]:
    """The matters by step; a test changes what their departments do."""
    monkeypatch.setitem(definitions.bundles(), CODE, BUNDLE)
    made = the_matters()
    for matter in made.values():
        monkeypatch.setitem(forms._forms, matter.matter_code, matter)
    return made
