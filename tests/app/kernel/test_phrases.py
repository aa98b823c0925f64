"""Texts that are stored as a code with facts."""

import pytest

from app.kernel import phrases
from app.kernel.phrases import Facts, Phrase, decode_facts, encode_facts, known_phrases, register_phrases, said
from app.kernel.words import Words

PAID = Phrase(
    Words(zh="在{shop}支付{amount}元", en="Paid {amount} yuan at {shop}"), Words(zh="凭证{no}", en="No. {no}")
)


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phrases, "_phrases", {})
    register_phrases({"tests.paid": PAID})


class TestSaid:
    def test_puts_facts_in_each_readers_language(self) -> None:
        facts: Facts = {"shop": Words(zh="超市", en="the market"), "amount": "1.00", "no": "7"}

        told = said("tests.paid", decode_facts(encode_facts(facts)))

        assert told.title == Words(zh="在超市支付1.00元", en="Paid 1.00 yuan at the market")
        assert told.text == Words(zh="凭证7", en="No. 7")

    def test_a_fact_with_braces_stays_a_fact(self) -> None:
        told = said("tests.paid", {"shop": "{no.__class__}", "amount": "{", "no": "1"})

        assert told.title.en == "Paid { yuan at {no.__class__}"

    def test_shows_that_a_fact_wasnt_stored(self) -> None:
        assert said("tests.paid", {"amount": "1.00"}).title.en == "Paid 1.00 yuan at …"

    def test_stays_readable_when_the_phrase_is_gone(self) -> None:
        told = said("tests.of_last_year", {"a": "b"})

        assert "no longer available" in told.title.en
        assert told.title.zh

    def test_knows_what_was_registered(self) -> None:
        assert dict(known_phrases()) == {"tests.paid": PAID}
