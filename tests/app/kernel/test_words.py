"""Texts in two languages."""

import pytest

from app.kernel.words import Words, preferred_language


class TestWords:
    def test_are_picked_by_language(self) -> None:
        words = Words(zh="你好", en="Hello")

        assert (words.pick("zh"), words.pick("en")) == ("你好", "Hello")

    def test_take_facts_in_both(self) -> None:
        assert Words(zh="{n}元", en="{n} yuan").filled(n=5) == Words(zh="5元", en="5 yuan")


class TestPreferredLanguage:
    @pytest.mark.parametrize(
        "header",
        [
            *(None, "", "zh", "zh-CN,zh;q=0.9,en;q=0.8", "fr", "*", "en;q=0", "en;q=0.5,zh;q=0.5", "ZH-hant"),
            *("en;q=nan", "en;q=x", "en;q=-1", ";;;,,,", "en;level=1;q=2,zh", "english", "zh;q=0.9, en;q=0.8"),
        ],
    )
    def test_is_chinese_unless_english_ranks_higher(self, header: str | None) -> None:
        assert preferred_language(header) == "zh"

    @pytest.mark.parametrize("header", ["en", "en-GB", "EN", "fr, en;q=0.3", "zh;q=0.1, en;q=0.2", "en, zh;q=0.9"])
    def test_is_english_where_it_does(self, header: str) -> None:
        assert preferred_language(header) == "en"
