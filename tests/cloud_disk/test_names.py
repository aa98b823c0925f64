"""Names of files and folders."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud_disk.names import NameNotAllowed, compared, kept


class TestKept:
    @pytest.mark.parametrize(
        "name",
        ["", "  ", ".", "..", "a/b", "a\\b", "a\x00b", "a\nb", "photo\u202egpj.exe", "\u200b", "x" * 256, "海" * 90],
    )
    def test_refuses_what_would_deceive_or_break(self, name: str) -> None:
        with pytest.raises(NameNotAllowed):
            kept(name)

    @pytest.mark.parametrize("name", ["照片.jpg", "㐂𠮷䶮.pdf", ".gitignore", "a b", "100%.txt", "%2e%2e%2f"])
    def test_keeps_what_people_write(self, name: str) -> None:
        assert kept(f" {name} ") == name

    @given(st.text(max_size=40))
    def test_what_is_kept_is_kept_again(self, name: str) -> None:
        try:
            once = kept(name)
        except NameNotAllowed:
            return
        assert kept(once) == once
        assert "/" not in once


class TestCompared:
    def test_case_and_forms_of_a_letter_do_not_make_another_name(self) -> None:
        assert compared("Photo.JPG") == compared("photo.jpg")
        assert compared("Cafe\u0301.txt") == compared("Café.txt")
        assert compared("ｐhoto.jpg") == compared("photo.jpg")
