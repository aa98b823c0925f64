"""The disk over HTTP: what its headers may say."""

import httpx
import pytest

from tests.makers.callers import headers
from tests.makers.people import a_citizen


class TestIfMatch:
    @pytest.mark.parametrize("tag", ["\u00b2", "9" * 5_000, '"', "W/1", "-1"])
    async def test_a_tag_that_isnt_ours_matches_nothing(self, http: httpx.AsyncClient, tag: str) -> None:
        known = await headers(await a_citizen())
        folder = (await http.post("/v1/disk/nodes", json={"name": "相册"}, headers=known)).json()

        answer = await http.patch(
            f"/v1/disk/nodes/{folder['id']}",
            json={"name": "x"},
            headers=[
                (b"If-Match", tag.encode("latin-1")),
                *((name.encode(), value.encode()) for name, value in known.items()),
            ],
        )

        assert answer.status_code == 412

    async def test_our_own_tag_matches_once(self, http: httpx.AsyncClient) -> None:
        known = await headers(await a_citizen())
        folder = await http.post("/v1/disk/nodes", json={"name": "相册"}, headers=known)
        address, tag = f"/v1/disk/nodes/{folder.json()['id']}", f'"{folder.json()["version"]}"'

        first = await http.patch(address, json={"name": "x"}, headers={**known, "If-Match": tag})
        again = await http.patch(address, json={"name": "y"}, headers={**known, "If-Match": tag})

        assert (first.status_code, again.status_code) == (200, 412)


class TestLevel:
    async def test_nothing_is_kept_for_an_account_that_may_still_become_another(self, http: httpx.AsyncClient) -> None:
        known = await headers(await a_citizen(level=1))
        file = {"name": "a.jpg", "size_bytes": 1, "content_type": "image/jpeg", "sha256": "0" * 64}

        for path, body in (("nodes", {"name": "相册"}), ("uploads", file)):
            answer = await http.post(f"/v1/disk/{path}", json=body, headers=known)
            assert (answer.status_code, answer.json()["required_level"]) == (403, 2)
        assert (await http.get("/v1/disk/nodes", headers=known)).json()["required_level"] == 2
