import hashlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from demo.photograph import photograph
from demo.report import NotSo


class TestPhotograph:
    def test_is_a_tiny_real_one_where_none_is_given(self) -> None:
        photo = photograph(None)

        assert Image.open(BytesIO(photo.data)).size == (8, 8)
        assert photo.content_type == "image/jpeg"

    @pytest.mark.parametrize("kind", ["jpeg", "png", "gif", "webp"])
    def test_is_told_by_its_bytes_and_not_by_its_name(self, kind: str, tmp_path: Path) -> None:
        path = tmp_path / "宝宝.bin"
        Image.new("RGB", (4, 4)).save(path, kind)

        photo = photograph(path)

        assert (photo.content_type, photo.name) == (f"image/{kind}", "宝宝.bin")
        assert photo.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()

    def test_must_be_a_picture(self, tmp_path: Path) -> None:
        path = tmp_path / "letter.txt"
        path.write_text("dear")

        with pytest.raises(NotSo, match=r"letter\.txt is none of"):
            photograph(path)
