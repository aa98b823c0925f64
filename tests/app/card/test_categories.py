"""What merchants sell, by their category code."""

import pytest

from app.card.categories import CODES, COMING, NAMES, Group, group_of, payee_mcc
from app.card.merchants import register_merchant
from app.card.receipts import SYSTEM
from app.kernel.database import fetch_value, transaction
from app.kernel.words import Words
from lifecycle.catalogue.files import shipped_files


class TestGroup:
    @pytest.mark.parametrize(
        ("mcc", "group"),
        [
            ("5411", "groceries"),
            ("5812", "catering"),
            ("4111", "transport"),
            ("4900", "utilities"),
            ("8062", "medical"),
            ("8211", "education"),
            ("9399", "government"),
            ("7011", "tourism"),
            ("5311", "shopping"),
            ("5976", "medical"),
            ("0742", "other"),
            ("", "other"),
            (None, "other"),
        ],
    )
    def test_follows_from_the_code(self, mcc: str | None, group: Group) -> None:
        assert group_of("payment", mcc, coming=False) == group

    @pytest.mark.parametrize(("kind", "group"), [("top_up", "top_up"), ("return", "returned"), ("refund", "returned")])
    def test_of_what_comes_is_no_category(self, kind: str, group: Group) -> None:
        assert group_of(kind, "5411", coming=True) == group
        assert group in COMING

    def test_has_words_and_only_codes_of_four_digits(self) -> None:
        assert all(name.zh and name.en for name in NAMES.values())
        assert all(len(code) == 4 and code.isdigit() for codes in CODES.values() for code in codes)

    def test_is_known_of_every_department_that_is_paid_in_the_app(self) -> None:
        unknown = [code for code in shipped_files().departments if payee_mcc(code) is None]

        assert unknown == []


class TestMerchant:
    async def test_keeps_its_code_when_only_its_name_is_corrected(self) -> None:
        await register_merchant("MCC1", Words(zh="面馆", en="Noodles"), "5812")
        await register_merchant("MCC1", Words(zh="老面馆", en="Old Noodles"))

        async with transaction(SYSTEM):
            assert await fetch_value("SELECT mcc FROM merchant WHERE code = 'MCC1'") == "5812"
