"""How deep JSON is nested, told before it is parsed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.nesting import DEEPEST, NestedTooDeeply, refuse_deep


class TestRefuseDeep:
    def test_takes_as_many_levels_as_it_says_and_no_more(self) -> None:
        refuse_deep(b"[" * DEEPEST + b"]" * DEEPEST)

        for deep in (b"[" * (DEEPEST + 1), b'{"a":' * (DEEPEST + 1), b"[" * 500_000 + b"]" * 500_000):
            with pytest.raises(NestedTooDeeply):
                refuse_deep(deep)

    def test_many_beside_each_other_are_not_deep(self) -> None:
        refuse_deep(json.dumps([[{}] for _ in range(1_000)]).encode())

    @given(st.text(alphabet='[]{}"\\a', max_size=300))
    def test_brackets_within_texts_do_not_count(self, text: str) -> None:
        refuse_deep(json.dumps([text, "[" * 200]).encode())

    def test_takes_no_longer_for_quotes_without_end(self) -> None:
        refuse_deep(b'"' + b'\\"' * 300_000 + b"[" * 65)
