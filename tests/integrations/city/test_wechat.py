"""Our real client and the city's WeChat understand each other; a login code counts once."""

import msgspec
import pytest

from integrations.city.accounts import sandbox_wechat_account
from integrations.wechat import client
from integrations.wechat.client import WeChat
from integrations.wechat.errors import WeChatCodeWrong, WeChatSetUpWrong, WeChatUnavailable, WeChatUserBlocked
from tests.makers.city import Town


def a_client(town: Town, **changes: str) -> WeChat:
    account = sandbox_wechat_account(town.keys, town.options.origin)
    return WeChat(town.http, msgspec.structs.replace(account, **changes))


async def a_code(town: Town, **opened: object) -> str:
    answer = await town.control("POST", "wechat/login", **({"user": "anybody"} | opened))
    return str(answer.json()["code"])


class TestLogin:
    async def test_is_the_same_person_each_time_and_another_for_others(self, town: Town) -> None:
        first, again = [await a_client(town).identify(await a_code(town)) for _ in range(2)]
        other = await a_client(town).identify(await a_code(town, user="somebody-else"))

        assert first == again
        assert len(first.openid) == 28
        assert first.unionid
        assert (first.openid, first.unionid) != (other.openid, other.unionid)

    async def test_takes_a_code_once(self, town: Town) -> None:
        code = await a_code(town)
        await a_client(town).identify(code)

        with pytest.raises(WeChatCodeWrong) as refused:
            await a_client(town).identify(code)
        assert refused.value.facts["channel_code"] == 40163

    @pytest.mark.parametrize("code", ["nonsense", "", "' OR 1=1 --"])
    async def test_knows_no_other_code(self, town: Town, code: str) -> None:
        with pytest.raises(WeChatCodeWrong):
            await a_client(town).identify(code)

    async def test_blocks_whom_a_developer_says(self, town: Town) -> None:
        with pytest.raises(WeChatUserBlocked):
            await a_client(town).identify(await a_code(town, blocked=True))

    @pytest.mark.parametrize("changes", [{"appid": "wx0"}, {"secret": "wrong"}])
    async def test_lets_no_other_program_in(self, town: Town, changes: dict[str, str]) -> None:
        code = await a_code(town)

        with pytest.raises(WeChatSetUpWrong):
            await a_client(town, **changes).identify(code)
        assert (await a_client(town).identify(code)).openid

    async def test_says_when_it_is_out(self, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(client, "PAUSES_SECONDS", ())
        await town.control("PUT", "faults", party="wechat", outage=True)
        try:
            with pytest.raises(WeChatUnavailable):
                await a_client(town).identify("code")
        finally:
            await town.control("PUT", "faults", party="wechat")
