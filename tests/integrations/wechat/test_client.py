"""The client asks what WeChat expects, keeps no session key, and names every way in which it can refuse."""

import httpx
import pytest

from app.kernel.errors import Refusal
from integrations.wechat import client
from integrations.wechat.client import WeChat, WeChatAccount
from integrations.wechat.errors import (
    WeChatCodeWrong,
    WeChatSetUpWrong,
    WeChatTooFrequent,
    WeChatUnavailable,
    WeChatUserBlocked,
    refusal_of,
)
from integrations.wechat.port import WeChatIdentity

ACCOUNT = WeChatAccount("https://api.weixin.example", "wxd678efh567hg6787", "the-secret")


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "PAUSES_SECONDS", (0.0, 0.0))


def a_client(*answers: httpx.Response | Exception, seen: list[httpx.Request] | None = None) -> WeChat:
    left = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        if seen is not None:
            seen.append(request)
        given = left.pop(0)
        if isinstance(given, Exception):
            raise given
        return given

    return WeChat(httpx.AsyncClient(transport=httpx.MockTransport(answer)), ACCOUNT)


def said(**members: object) -> httpx.Response:
    return httpx.Response(200, json=members, headers={"content-type": "text/plain"})


class TestIdentify:
    async def test_asks_code2session(self) -> None:
        seen: list[httpx.Request] = []
        wechat = a_client(said(openid="oU", session_key="k==", unionid="u1"), seen=seen)

        known = await wechat.identify("the code")

        assert known == WeChatIdentity("wxd678efh567hg6787", "oU", "u1")
        assert (seen[0].method, seen[0].url.path) == ("GET", "/sns/jscode2session")
        assert dict(seen[0].url.params) == {
            "appid": "wxd678efh567hg6787",
            "secret": "the-secret",
            "js_code": "the code",
            "grant_type": "authorization_code",
        }

    async def test_takes_an_answer_without_unionid_and_with_errcode_zero(self) -> None:
        wechat = a_client(said(openid="oU", session_key="k", errcode=0, errmsg="ok"), said(openid="oU", unionid=""))

        assert (await wechat.identify("a")).unionid is None
        assert (await wechat.identify("b")).unionid is None

    @pytest.mark.parametrize(
        ("errcode", "refusal"),
        [
            (40029, WeChatCodeWrong),
            (40163, WeChatCodeWrong),
            (41008, WeChatCodeWrong),
            (45011, WeChatTooFrequent),
            (40226, WeChatUserBlocked),
            (40013, WeChatSetUpWrong),
            (40125, WeChatSetUpWrong),
            (99999, WeChatUnavailable),
        ],
    )
    async def test_names_the_refusal(self, errcode: int, refusal: type[Refusal]) -> None:
        seen: list[httpx.Request] = []

        with pytest.raises(refusal):
            await a_client(said(errcode=errcode, errmsg="x"), seen=seen).identify("code")
        assert len(seen) == 1

    async def test_asks_a_busy_wechat_three_times(self) -> None:
        busy, seen = said(errcode=-1, errmsg="system error"), list[httpx.Request]()

        assert (await a_client(busy, busy, said(openid="oU")).identify("code")).openid == "oU"
        with pytest.raises(WeChatUnavailable):
            await a_client(busy, busy, busy, seen=seen).identify("code")
        assert len(seen) == 3

    @pytest.mark.parametrize(
        "answer",
        [
            httpx.Response(500),
            httpx.Response(302, headers={"location": "https://elsewhere.example"}),
            httpx.Response(200, content=b"<html>"),
            httpx.Response(200, content=b""),
            httpx.Response(200, content=b"[" * 5_000),
            httpx.Response(200, json={"openid": 7}),
            httpx.Response(200, json={}),
            httpx.ReadTimeout("late"),
            httpx.ConnectError("away"),
        ],
    )
    async def test_believes_nothing_else(self, answer: httpx.Response | Exception) -> None:
        with pytest.raises(WeChatUnavailable):
            await a_client(answer).identify("code")

    async def test_lets_the_secret_into_no_traceback(self) -> None:
        with pytest.raises(WeChatUnavailable) as refused:
            await a_client(httpx.ConnectError("away")).identify("code")

        assert refused.value.__cause__ is None
        assert refused.value.__suppress_context__
        assert "the-secret" not in repr(ACCOUNT)
        assert "oU" not in repr(WeChatIdentity("wx", "oU"))


def test_says_when_to_come_back() -> None:
    refusal = refusal_of(45011)

    assert isinstance(refusal, WeChatTooFrequent)
    assert refusal.retry_after_seconds == 60
