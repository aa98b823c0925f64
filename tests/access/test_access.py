"""Everybody calls every operation; matrix.txt says what each is answered, and no stranger's answer tells of the owner.

When operations change, `python -m pytest tests/access --write-access-matrix` writes what was found, to be read line by line.
"""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from litestar import Litestar

from app.kernel.settings import Settings
from tests.access import matrix
from tests.access.calling import Asked, ask_everybody
from tests.access.matrix import CALLERS, FILE, Row
from tests.access.portal import Portal, a_portal
from tests.access.scene import Scene, a_scene
from tests.architecture.requests import endpoints
from tests.makers.matters import a_paper_matter


@pytest_asyncio.fixture(scope="module")
async def portal(app: Litestar, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Portal]:
    async with a_portal(tmp_path_factory.mktemp("portal"), settings) as running:
        yield running


@pytest_asyncio.fixture(scope="module")
async def scene(portal: Portal) -> AsyncIterator[Scene]:
    with a_paper_matter():
        yield await a_scene(portal)


@pytest_asyncio.fixture(scope="module")
async def asked(app: Litestar, scene: Scene) -> list[Asked]:
    listed = [row.operation for row in matrix.read(FILE.read_text(encoding="utf-8"))]
    known = {endpoint.operation: endpoint for endpoint in endpoints(app)}
    order = [*(name for name in listed if name in known), *sorted(set(known) - set(listed))]
    return [await ask_everybody(scene, known[name]) for name in order]


class TestAccess:
    def test_is_listed_for_every_operation(self, app: Litestar) -> None:
        rows = matrix.read(FILE.read_text(encoding="utf-8"))

        assert matrix.unlisted([endpoint.operation for endpoint in endpoints(app)], rows) == []

    def test_is_as_listed(self, asked: list[Asked], pytestconfig: pytest.Config) -> None:
        if pytestconfig.getoption("--write-access-matrix"):
            FILE.write_text(matrix.written([one.row for one in asked]), encoding="utf-8")
        expected = {row.operation: row for row in matrix.read(FILE.read_text(encoding="utf-8"))}

        found = [
            difference
            for one in asked
            if one.row.operation in expected
            for difference in matrix.differences(expected[one.row.operation], one.row)
        ]

        assert not found, "\n".join(found)

    def test_tells_no_stranger_of_the_owner(self, asked: list[Asked], scene: Scene) -> None:
        found = [
            leak for one in asked for leak in matrix.leaks(one.row.operation, one.texts, one.entitled, scene.secrets)
        ]

        assert not found, "\n".join(found)


class TestMatrix:
    def test_finds_what_is_not_listed(self) -> None:
        rows = [Row("getCard", dict.fromkeys(CALLERS, "200"))]

        assert matrix.unlisted(["getCard", "openCard"], rows) == ["openCard stands in no row of the matrix"]
        assert matrix.unlisted([], rows) == ["getCard isn't an operation"]

    def test_finds_an_answer_that_is_not_as_listed(self) -> None:
        expected = Row("getCard", dict.fromkeys(CALLERS, "not_signed_in"))
        found = Row("getCard", {**expected.answers, "other": "200"})

        assert matrix.differences(expected, found) == ["getCard answers other with 200 instead of not_signed_in"]
        assert matrix.differences(expected, expected) == []

    def test_finds_what_a_stranger_is_told(self) -> None:
        texts = {"owner": "欧阳欣怡", "other": "欧阳欣怡", "anonymous": "nothing"}

        assert matrix.leaks("getMe", texts, {"owner"}, ["欧阳欣怡"]) == ["getMe tells other '欧阳欣怡'"]

    def test_is_read_as_it_is_written(self) -> None:
        rows = [Row(name, dict.fromkeys(CALLERS, "200")) for name in ("getCard", "openCard")]

        assert matrix.read(matrix.written(rows)) == rows

    def test_refuses_a_row_that_leaves_somebody_out(self) -> None:
        with pytest.raises(ValueError, match="getCard needs an answer for each"):
            matrix.read("getCard 200 200")
