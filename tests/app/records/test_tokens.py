"""Words as tokens: pure."""

import secrets
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.keys.persons import DataKey
from app.records.tokens import grams, is_in, sought, tokens

JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)


def a_data_key() -> DataKey:
    return DataKey(secrets.token_bytes(32), 1)


class TestGrams:
    def test_are_bigrams_of_chinese_and_whole_words_of_the_rest(self) -> None:
        assert grams(["市民卡 Paid 12.50元"]) == {"市民", "民卡", "paid", "12", "50"}

    def test_fold_width_and_case(self) -> None:
        assert grams(["ＷｅＣｈａｔ　支付"]) == {"wechat", "支付"}

    def test_of_nothing_are_none(self) -> None:
        assert grams(["", "…、。 税"]) == set()


class TestSought:
    @given(st.text(alphabet="市民卡消费超ab1 ，。", max_size=40), st.data())
    def test_whatever_stands_in_a_text_is_found_by_its_grams(self, text: str, data: st.DataObject) -> None:
        start = data.draw(st.integers(0, len(text)))
        wanted = sought(text[start : data.draw(st.integers(start, len(text)))])

        runs = [run for run in wanted.runs if len(run) > 1]
        assert all(set(sought(run).grams) <= grams([text]) for run in runs)
        assert all(is_in(sought(run), [text]) for run in runs)

    def test_compares_the_whole_run(self) -> None:
        assert is_in(sought("烟台山医院 insurance"), ["烟台山医院就诊", "Settled by insurance."])
        assert not is_in(sought("市民卡"), ["市民，民卡"])
        assert not is_in(sought("insur"), ["Settled by insurance."])

    def test_asks_the_index_for_a_few_only(self) -> None:
        assert len(sought("一二三四五六七八九十甲乙丙丁").grams) == 3


class TestTokens:
    def test_differ_from_person_to_person_and_month_to_month(self) -> None:
        one, other = a_data_key(), a_data_key()

        assert tokens(one, JUNE, ["市民卡"]) == tokens(one, JUNE, ["市民卡"])
        assert not {*tokens(one, JUNE, ["市民卡"])} & {*tokens(one, JULY, ["市民卡"]), *tokens(other, JUNE, ["市民卡"])}
