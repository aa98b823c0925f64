"""docs/settings.md says what there is to set, and its examples are right."""

import re
from pathlib import Path
from typing import Final

import msgspec
import pytest

from app.kernel.settings import Settings
from app.outside import Outside, PartyMissing, PayAccountFile, SmsAccountFile, WeChatAccountFile, _sms_account
from integrations.city.accounts import TEMPLATE_IDS
from integrations.departments.directory import NAMES

PAGE: Final = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
ROWS: Final = dict(re.findall(r"^\| `(FUHAI_\w+)` \|(.*?)\|", PAGE, re.MULTILINE))
EXAMPLES: Final = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)


class TestSettingsPage:
    def test_names_every_setting_with_its_default(self) -> None:
        defaults = {f"FUHAI_{field.name.upper()}": str(field.default) for field in msgspec.structs.fields(Settings)}

        assert {name: told.strip("` ") for name, told in ROWS.items()} == defaults

    @pytest.mark.parametrize(
        "name",
        ["portal.pem", "sms.json", "wechat.json", "wechat_pay.json"],
    )
    def test_names_every_file_of_an_outside_party(self, name: str) -> None:
        assert f"| `{name}` |" in PAGE

    @pytest.mark.parametrize("code", NAMES)
    def test_names_every_department_and_its_file(self, code: str) -> None:
        assert f"| `{code}` | `{code.lower()}.pem` | {NAMES[code].zh} · {NAMES[code].en} |" in PAGE

    def test_without_the_city_names_who_is_missing(self, tmp_path: Path) -> None:
        with pytest.raises(PartyMissing, match=r"FUHAI_SMS_URL.*FUHAI_DEPARTMENT_URLS \(WJW\)"):
            Outside(Settings(var=tmp_path, city=False, department_urls="GAJ=https://gaj.example"))

    def test_shows_accounts_that_can_be_read(self) -> None:
        sms, wechat, pay = EXAMPLES

        assert set(msgspec.json.decode(sms, type=SmsAccountFile).templates) == set(TEMPLATE_IDS)
        assert msgspec.json.decode(wechat, type=WeChatAccountFile).appid
        assert msgspec.json.decode(pay, type=PayAccountFile).merchant_key.endswith(".pem")

    def test_a_real_channel_is_called_where_its_setting_says(self, tmp_path: Path) -> None:
        (tmp_path / "parties").mkdir()
        (tmp_path / "parties" / "sms.json").write_text(EXAMPLES[0], encoding="utf-8")

        account = _sms_account(Settings(var=tmp_path, sms_url="https://sms.example"))

        assert (account.endpoint, account.sign_name) == ("https://sms.example", "福海")
