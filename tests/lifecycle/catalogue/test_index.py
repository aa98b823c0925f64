"""The catalogue in memory: order, pages, and finding by what people type."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.paging import CursorWrong
from lifecycle.catalogue.errors import MatterUnknown, SituationUnknown, StageUnknown
from lifecycle.catalogue.files import read_files
from lifecycle.catalogue.index import Catalogue, Filter
from lifecycle.catalogue.published import from_files
from lifecycle.catalogue.publishing import entries
from lifecycle.catalogue.search import begins_nearly, words_of
from lifecycle.catalogue.structs import Kind
from tests.makers.catalogue import a_lifecycle, a_matter


def a_catalogue(folder: Path, *matters: str) -> Catalogue:
    files = read_files(a_lifecycle(folder, *matters))
    return Catalogue(files, dict.fromkeys(files.matters, 1), entries(files))


def named(code: str, zh: str, **changes: str) -> str:
    return a_matter(code=f'"{code}"', name=f'{{ zh = "{zh}", en = "{code}" }}', **changes)


def found(catalogue: Catalogue, query: str) -> list[str]:
    return [matter.code for matter in catalogue.page(Filter(words=query), None, 100).items]


class TestSearch:
    @pytest.fixture
    def catalogue(self, tmp_path: Path) -> Catalogue:
        return a_catalogue(
            tmp_path,
            named("reissue", "补发银行卡", search_terms='["重新办理"]'),
            named("household", "出生入户登记", search_terms='["上户口"]', legacy_name='"户口申报"'),
            named("green", "绿化登记"),
        )

    @pytest.mark.parametrize(
        "query",
        [
            "入户",
            "ruhu",
            "RuHu",
            "rhdj",
            "ＲＵＨＵ",
            "上户口",
            "shanghukou",
            "shk",
            "户口申报",
            "hksb",
            "HOUSEHOLD",
            "登记 出生",
        ],
    )
    def test_finds_by_name_term_sound_and_initials(self, catalogue: Catalogue, query: str) -> None:
        assert found(catalogue, query) == ["household"]

    def test_reads_characters_of_several_sounds_by_their_word(self, catalogue: Catalogue) -> None:
        assert found(catalogue, "yinhangka") == ["reissue"]
        assert found(catalogue, "chongxin") == ["reissue"]

    @pytest.mark.parametrize("query", ["lv", "lvhua"])
    def test_takes_v_for_the_umlaut(self, catalogue: Catalogue, query: str) -> None:
        assert found(catalogue, query) == ["green"]

    def test_begins_at_a_syllable(self, catalogue: Catalogue) -> None:
        assert found(catalogue, "uhu") == []

    def test_wants_every_word(self, catalogue: Catalogue) -> None:
        assert found(catalogue, "登记 银行") == []

    def test_puts_the_better_fit_first(self, tmp_path: Path) -> None:
        catalogue = a_catalogue(
            tmp_path,
            named("by_term", "甲", search_terms='["疫苗"]'),
            named("by_name", "儿童疫苗"),
            named("by_beginning", "疫苗接种"),
        )

        assert found(catalogue, "疫苗") == ["by_beginning", "by_name", "by_term"]

    def test_finds_a_question_typed_without_spaces(self) -> None:
        assert found(from_files(), "宝宝打疫苗")[0] == "infant_immunization"

    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ("孩子上小学", "school_admission"),
            ("我丢了工作怎么办", "unemployment_insurance"),
            ("被裁员了能领钱吗", "unemployment_insurance"),
            ("怎么交水费", "water_service"),
            ("刚搬家", "school_transfer"),
            ("losing a job", "unemployment_insurance"),
        ],
    )
    def test_finds_by_a_situation_as_people_put_it(self, query: str, code: str) -> None:
        assert code in found(from_files(), query)[:8]

    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ("公积金贷歀", "provident_fund_loan_application"),
            ("失业保检金", "unemployment_insurance"),
            ("社宝卡", "social_insurance_info"),
            ("gongjijn", "provident_fund_query"),
            ("gongijjin", "provident_fund_query"),
            ("jiehn", "marriage_registration"),
            ("vacination", "infant_immunization"),
            ("vaccinnation", "infant_immunization"),
            ("marraige", "marriage_registration"),
        ],
    )
    def test_forgives_a_typing_error(self, query: str, code: str) -> None:
        assert code in found(from_files(), query)

    def test_forgives_nothing_where_something_fits_as_it_stands(self, catalogue: Catalogue) -> None:
        assert found(catalogue, "登记") == ["household", "green"]

    def test_forgives_one_error_only_and_none_in_short_words(self, catalogue: Catalogue) -> None:
        assert found(catalogue, "yinhamgks") == []
        assert found(catalogue, "shx") == []

    def test_takes_wildcards_as_letters(self, catalogue: Catalogue) -> None:
        assert found(catalogue, "%") == found(catalogue, "_%") == []

    @given(st.text(max_size=60))
    def test_answers_anything_typed(self, query: str) -> None:
        assert len(found(from_files(), query)) <= len(from_files().page(Filter(), None, 100).items)
        assert all(words_of(query))


class TestBeginsNearly:
    @given(st.text("abcde", min_size=4, max_size=10), st.data())
    def test_forgives_exactly_one_error(self, word: str, data: st.DataObject) -> None:
        at = data.draw(st.integers(1, len(word) - 1))
        letter = data.draw(st.sampled_from("abcde"))
        swapped = word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
        errors = (
            word[:at] + letter + word[at + 1 :],
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            swapped,
        )

        for typed in errors:
            assert begins_nearly(f"{word}xyz", typed)
        assert not begins_nearly(f"{word}xyz", f"{word[0]}qq{word[1:]}qq")


class TestPage:
    @given(st.integers(1, 12), st.sampled_from(["", "孕", "birth", "登记"]))
    def test_gives_each_matter_once(self, limit: int, query: str) -> None:
        catalogue, wanted = from_files(), Filter(words=query)
        seen, cursor = list[str](), None
        while True:
            page = catalogue.page(wanted, cursor, limit)
            seen += [matter.code for matter in page.items]
            cursor = page.next
            if cursor is None:
                break

        assert len(set(seen)) == len(seen)
        assert seen[:100] == [matter.code for matter in catalogue.page(wanted, None, 100).items]

    def test_has_no_next_when_the_page_is_exactly_full(self, tmp_path: Path) -> None:
        catalogue = a_catalogue(tmp_path, named("one", "一"), named("two", "二"))

        assert catalogue.page(Filter(), None, 2).next is None
        assert catalogue.page(Filter(), None, 1).next is not None

    def test_keeps_to_kind_and_stage(self) -> None:
        page = from_files().page(Filter(stage="birth", kind=Kind.PUSH), None, 100)

        assert {matter.code for matter in page.items} >= {"maternal_infant_goods_push", "antenatal_exam"}
        assert all(Kind.PUSH in matter.kinds for matter in page.items)

    def test_keeps_to_a_department_and_a_situation(self) -> None:
        police = from_files().page(Filter(department="GAJ"), None, 100).items
        school = from_files().page(Filter(situation="E_AGE6"), None, 100).items

        assert {one.department.code for one in police} == {"GAJ"}
        assert "birth_household_registration" in {one.code for one in police}
        assert {"school_admission", "school_district_lookup"} <= {one.code for one in school}
        with pytest.raises(SituationUnknown):
            from_files().page(Filter(situation="E_NOTHING"), None, 100)

    def test_refuses_a_cursor_and_a_stage_that_are_not_ours(self) -> None:
        with pytest.raises(CursorWrong):
            from_files().page(Filter(), "e30", 5)
        with pytest.raises(StageUnknown):
            from_files().page(Filter(stage="afterlife"), None, 5)


class TestCatalogue:
    def test_refuses_an_unknown_matter(self) -> None:
        with pytest.raises(MatterUnknown) as refused:
            from_files().matter("no_such_matter")

        assert refused.value.facts == {"matter": "no_such_matter"}

    def test_has_another_digest_when_a_text_changes(self, tmp_path: Path) -> None:
        before = a_catalogue(tmp_path, named("one", "一")).digest

        assert a_catalogue(tmp_path, named("one", "一")).digest == before
        assert a_catalogue(tmp_path, named("one", "壹")).digest != before
