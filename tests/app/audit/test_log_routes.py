"""What citizens and anyone get over HTTP to check the log with."""

import httpx
import pytest

from app.audit.log_files import read_proof
from app.audit.merkle import continues
from app.audit.proof_checking import check_proof
from app.kernel.ids import new_person_id
from tests.makers.callers import headers
from tests.makers.log_files import a_trust
from tests.makers.people import a_citizen
from tests.makers.sealed_log import a_checkpoint, a_look_at

pytestmark = pytest.mark.usefixtures("app")


class TestProofAndLog:
    async def test_give_the_proof_in_pages(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen()
        for _ in range(3):
            await a_look_at(citizen.id)
        caller = await headers(citizen)
        await a_checkpoint()
        first = read_proof((await http.get("/v1/me/access-log/proof?limit=2", headers=caller)).content)
        rest = f"/v1/me/access-log/proof?from={first.next}&checkpoint={first.checkpoint.number}"
        second = read_proof((await http.get(rest, headers=caller)).content)

        assert check_proof([first, second], a_trust()).flaws == []
        assert first.count == 4  # the sign-in of this test is an entry too

    async def test_refuse_nobody_a_stranger_and_what_cant_be(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen()
        caller = await headers(await a_citizen())

        for address, who, refusal in (
            ("", {}, (401, "not_signed_in")),
            (f"?person_id={citizen.id}", caller, (404, "person_not_yours")),
            ("?checkpoint=4611686018427387904", caller, (404, "checkpoint_unknown")),
            ("?from=0", caller, (400, "parameter_wrong")),
            ("?limit=101", caller, (400, "parameter_wrong")),
            ("?checkpoint=x", caller, (400, "parameter_wrong")),
        ):
            answer = await http.get(f"/v1/me/access-log/proof{address}", headers=who)
            assert (answer.status_code, answer.json()["code"]) == refusal

    async def test_give_anyone_what_the_log_is_checked_with(self, http: httpx.AsyncClient) -> None:
        older = await a_checkpoint()
        await a_look_at(new_person_id())
        newer = await a_checkpoint()

        newest = (await http.get("/v1/log/checkpoint")).json()
        listed = (await http.get("/v1/log/checkpoints?limit=1")).json()
        following = (await http.get(f"/v1/log/checkpoints?limit=1&cursor={listed['next']}")).json()
        proof = (await http.get(f"/v1/log/consistency?from={older['size']}&to={newer['size']}")).json()
        key = (await http.get("/v1/log/key")).json()

        assert newest["note"] == newer["note"] == listed["items"][0]["note"]
        assert following["items"][0]["number"] == older["number"]
        hashes = [bytes.fromhex(one) for one in proof["hashes"]]
        assert continues(older["root"], older["size"], newer["root"], newer["size"], hashes)
        assert key["origin"] == newer["note"].splitlines()[0]
        assert "BEGIN PUBLIC KEY" in key["public_key"]

    @pytest.mark.parametrize(
        ("sizes", "refusal"),
        [
            ("from=2&to=1", (404, "size_not_published")),
            ("from=1&to=4611686018427387904", (404, "size_not_published")),
            ("from=0&to=1", (400, "parameter_wrong")),
            ("from=1", (400, "parameter_wrong")),
            ("from=x&to=1", (400, "parameter_wrong")),
        ],
    )
    async def test_refuse_sizes_that_never_were(
        self, http: httpx.AsyncClient, sizes: str, refusal: tuple[int, str]
    ) -> None:
        await a_look_at(new_person_id())
        await a_checkpoint()

        answer = await http.get(f"/v1/log/consistency?{sizes}")

        assert (answer.status_code, answer.json()["code"]) == refusal
