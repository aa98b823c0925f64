"""Liveness and readiness, and what an address that doesn't exist answers."""

import httpx


class TestHealth:
    async def test_is_live_and_ready(self, http: httpx.AsyncClient) -> None:
        assert (await http.get("/health/live")).json() == {"status": "live"}
        assert (await http.get("/health/ready")).status_code == 200

    async def test_an_unknown_address_is_a_problem_document_in_the_readers_language(
        self, http: httpx.AsyncClient
    ) -> None:
        answer = await http.get("/v1/nothing", headers={"Accept-Language": "en"})

        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "address_unknown"
        assert answer.json()["title"] == "There's nothing at this address."

    async def test_a_wrong_method_says_which_are_taken(self, http: httpx.AsyncClient) -> None:
        answer = await http.delete("/health/live")

        assert answer.status_code == 405
        assert "GET" in answer.headers["allow"]
        assert answer.json()["code"] == "method_not_allowed"
