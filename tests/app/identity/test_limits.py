"""Limits are dated values, and challenges are limited by address."""

import secrets
from datetime import date

import httpx
import pytest

from app.identity import limits
from app.identity.errors import TriedTooOften
from app.kernel.limits import LimitUnknown

pytestmark = pytest.mark.usefixtures("app")
ALL = (
    *(limits.CODES_FROM_AN_ADDRESS, *limits.CODES_FROM_A_NETWORK, *limits.CODES_FROM_STRANGERS),
    *(limits.CHALLENGES_FROM_AN_ADDRESS, limits.OFFICER_TRIES, limits.OFFICER_LOOKUPS, limits.IDENTITY_TRIES),
    *(limits.FACE_TRIES, limits.WECHAT_FROM_AN_ADDRESS, limits.INVITATIONS, limits.APPROVALS),
)


class TestLimits:
    @pytest.mark.parametrize("limit", ALL, ids=lambda limit: limit.key)
    async def test_refuses_one_more_than_it_says(self, limit: limits.Limit) -> None:
        key = secrets.token_hex(8)
        for _ in range(limit.times):
            await limits.count(limit, key)

        with pytest.raises(TriedTooOften) as refused:
            await limits.count(limit, key)
        assert refused.value.quota is not None
        assert refused.value.quota.times == limit.times
        assert 0 < refused.value.retry_after_seconds <= limits.limit_today(f"{limit.key}_minutes") * 60

    def test_hold_from_a_day_and_name_their_source(self) -> None:
        assert all(known.source and known.value > 0 for known in limits.LIMITS.all)
        with pytest.raises(LimitUnknown):
            limits.LIMITS.on(date(2025, 12, 31), "code_tries")


class TestChallenges:
    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("/v1/sign-in/device/challenge", {"serial": "0" * 40}),
            ("/v1/officer/sign-in/challenge", {"officer_code": "GAJ-1001"}),
        ],
    )
    async def test_are_limited_by_address(
        self, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, path: str, body: dict[str, str]
    ) -> None:
        nowhere = secrets.token_hex(8)
        monkeypatch.setattr(limits, "neighbourhood", lambda _address: nowhere)
        for _ in range(limits.CHALLENGES_FROM_AN_ADDRESS.times):
            await limits.count(limits.CHALLENGES_FROM_AN_ADDRESS, nowhere)

        refused = await http.post(path, json=body)

        assert (refused.status_code, refused.json()["code"]) == (429, "tried_too_often")
        assert refused.headers["ratelimit-policy"].startswith('"challenges_from_address";q=300')
