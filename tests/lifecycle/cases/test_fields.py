"""Forms as fields: words, changes, wholeness."""

from datetime import UTC, datetime
from typing import Annotated

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta

from app.kernel.words import Words
from lifecycle.cases import fields
from lifecycle.cases.errors import FieldsWrong, FormIncomplete
from lifecycle.cases.fields import Known, Prefill, field

AT = datetime(2026, 11, 22, tzinfo=UTC)


class AForm(msgspec.Struct, frozen=True, kw_only=True):
    """Two fields of the citizen's, two of a department's."""

    name: Annotated[
        Annotated[str, Meta(max_length=5)], field(Words(zh="姓名", en="Name"), Words(zh="照写", en="As it is"))
    ]
    number: Annotated[str, field(Words(zh="编号", en="Number"), editable=False)]
    count: Annotated[int | None, field(Words(zh="数量", en="Count"))] = None
    place: Annotated[str | None, field(Words(zh="地点", en="Place"), editable=False)] = None


def known(value: object) -> Known:
    """A value that the police gave."""
    return Known(value, "GAJ", AT)


class TestFieldsOf:
    def test_reads_words_and_rights_of_each_field(self) -> None:
        described = fields.fields_of(AForm)

        assert list(described) == ["name", "number", "count", "place"]
        assert described["name"].label == Words(zh="姓名", en="Name")
        assert described["name"].hint == Words(zh="照写", en="As it is")
        assert [one.editable for one in described.values()] == [True, False, True, False]
        assert [one.required for one in described.values()] == [True, True, False, False]

    def test_refuses_a_form_whose_fields_have_no_words(self) -> None:
        class Wordless(msgspec.Struct, frozen=True):
            name: str

        with pytest.raises(ValueError, match="name"):
            fields.fields_of(Wordless)


class TestChanged:
    def test_merges_and_takes_away(self) -> None:
        assert fields.changed(AForm, {"name": "a", "count": 1}, {"count": None, "name": "b"}) == {"name": "b"}

    def test_points_at_everything_that_is_wrong_at_once(self) -> None:
        with pytest.raises(FieldsWrong) as refused:
            fields.changed(AForm, {}, {"name": "too long", "number": "1", "more": 1, "count": "1"})

        assert {(one.pointer, one.code) for one in refused.value.errors} == {
            ("/form/name", "wrong"),
            ("/form/number", "not_editable"),
            ("/form/more", "unknown"),
            ("/form/count", "wrong"),
        }

    @given(st.dictionaries(st.text(max_size=8), st.none() | st.booleans() | st.integers() | st.text(max_size=8)))
    def test_never_keeps_what_a_form_could_not_hold(self, change: dict[str, object]) -> None:
        try:
            after = fields.changed(AForm, {}, change)
        except FieldsWrong:
            return
        for name, value in after.items():
            msgspec.convert(value, fields.fields_of(AForm)[name].type, strict=True)


class TestValues:
    def test_prefer_what_the_citizen_wrote(self) -> None:
        given = fields.values(AForm, {"name": "own"}, {"name": known("said"), "number": known("7"), "else": known(1)})

        assert given == {"name": "own", "number": "7"}


class TestWhole:
    def test_makes_the_form(self) -> None:
        assert fields.whole(AForm, {"name": "a", "number": "7"}) == AForm(name="a", number="7")

    def test_says_everything_that_is_missing_and_from_whom(self) -> None:
        with pytest.raises(FormIncomplete) as refused:
            fields.whole(AForm, {"count": 1})

        assert [(one.pointer, one.code) for one in refused.value.errors] == [
            ("/form/name", "missing"),
            ("/form/number", "awaiting_department"),
        ]


class TestDiffering:
    def test_names_what_changed_came_and_went(self) -> None:
        before = {"same": known(1), "other": known(1), "gone": known(1)}
        now = {"same": Known(1, "WJW", AT), "other": known(2), "new": known(1)}

        assert fields.differing(before, now) == ["gone", "new", "other"]


class TestPrefill:
    def test_keeps_what_was_said_by_whoever_is_silent_now(self) -> None:
        before = Prefill({"name": known("a"), "number": known("7")})

        after = before.after(Prefill({"name": known("b")}, ("WJW",)))

        assert after == Prefill({"name": known("b"), "number": known("7")}, ("WJW",))

    def test_names_each_silent_department_once(self) -> None:
        assert Prefill({}, ("GAJ",)).joined(Prefill({}, ("GAJ", "WJW"))).unavailable == ("GAJ", "WJW")
