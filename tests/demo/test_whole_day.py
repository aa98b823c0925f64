"""The whole product, as `make run` starts it, lived through from outside."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.makers.product import Product, a_running_product

pytestmark = pytest.mark.xdist_group("whole product")


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with a_running_product(tmp_path_factory.mktemp("product")) as product:
        yield product


class TestWholeDay:
    def test_is_so_and_can_be_repeated_with_ones_own_photograph(self, product: Product, tmp_path: Path) -> None:
        photo = tmp_path / "宝宝.png"
        Image.effect_noise((600, 400), 80).save(photo)

        first = product.demo()
        again = product.demo("--photo", str(photo))

        assert first.returncode == 0, first.stdout + first.stderr
        assert again.returncode == 0, again.stdout + again.stderr
        assert "46 steps" in first.stdout
        assert "宝宝.png" in again.stdout

    @pytest.mark.interop
    def test_leaves_papers_that_its_own_commands_verify(self, product: Product) -> None:
        said = product.demo().stdout
        commands = said[said.index("cd /") :]

        verified = subprocess.run(["bash", "-euxc", commands], capture_output=True, text=True, check=False, timeout=60)

        assert verified.returncode == 0, verified.stderr
        assert verified.stdout.split("\n")[:3] == ["device.pem: OK", "Verified OK", "seal.pem: OK"]
        assert "CAdES Verification successful" in verified.stderr

    def test_lends_a_hand_to_whoever_has_only_curl(self, product: Product) -> None:
        token = product.demo("officer-token")
        message = product.demo("sms", "19905350002")
        nobody = product.demo("officer-token", "--who", "GAJ-9999")

        assert token.stdout.count(".") == 2
        assert "验证码" in message.stdout
        assert nobody.returncode == 1
        assert "GAJ-1001" in nobody.stderr

    def test_stops_with_one_line_at_what_isnt_so(self, product: Product, tmp_path: Path) -> None:
        elsewhere = product.demo("--var", str(tmp_path))

        assert elsewhere.returncode == 1
        assert elsewhere.stderr.strip().startswith("不属实 Not so:")
        assert len(elsewhere.stderr.strip().splitlines()) == 1
