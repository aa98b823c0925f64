"""The whole product, as `make run` starts it, lived through from outside.

Starting it is the expensive part, so one test does all that every run needs: two workers would start it twice.
"""

import json
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from demo.day import demo
from demo.steps import arrival, card, trust
from terminal_simulator.thief import ATTACKS
from tests.demo.tills import a_thief_gets_nothing, terminals_live_through_the_day
from tests.makers.product import Product, a_running_product
from tests.makers.programs import needs

CHECKPOINT_SECONDS = 65
"""One is published each minute in which the log grew."""


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with a_running_product(tmp_path_factory.mktemp("product")) as product:
        yield product


class TestWholeDay:
    def test_is_so_can_be_repeated_and_lends_a_hand_to_curl(self, product: Product, tmp_path: Path) -> None:
        photo = tmp_path / "宝宝.png"
        Image.effect_noise((600, 400), 80).save(photo)

        first = product.demo()
        again = product.demo("--photo", str(photo))

        assert first.returncode == 0, first.stdout + first.stderr
        assert again.returncode == 0, again.stdout + again.stderr
        assert "59 steps" in first.stdout
        assert "宝宝.png" in again.stdout
        officer_and_phone_are_at_hand(product)
        the_terminal_is_at_hand(product)
        terminals_live_through_the_day(product, tmp_path)

    @pytest.mark.long
    def test_lets_a_thief_get_nothing_whatever_he_tries(self, product: Product) -> None:
        with product.scene as scene:
            a_thief_gets_nothing(scene, None, ATTACKS)

    @pytest.mark.long
    def test_proves_her_log_entries_once_a_checkpoint_has_them(self, product: Product) -> None:
        product.demo()
        time.sleep(CHECKPOINT_SECONDS)

        again = product.demo()

        assert again.returncode == 0, again.stdout + again.stderr
        assert re.search(r"all [1-9]\d* entries about her so far are in its tree", again.stdout), again.stdout

    @pytest.mark.interop
    @needs("openssl", "bash")
    def test_leaves_papers_that_its_own_commands_verify(self, product: Product) -> None:
        said = product.demo().stdout
        commands = said[said.index("cd /") :]

        verified = subprocess.run(["bash", "-euxc", commands], capture_output=True, text=True, check=False, timeout=60)

        assert verified.returncode == 0, verified.stderr
        assert verified.stdout.split("\n")[:3] == ["device.pem: OK", "Verified OK", "seal.pem: OK"]
        assert "CAdES Verification successful" in verified.stderr
        assert verified.stdout.endswith("proved\n")


def officer_and_phone_are_at_hand(product: Product) -> None:
    token = product.lend_a_hand("officer-token")
    message = product.lend_a_hand("sms", "19905350002")
    nobody = product.lend_a_hand("officer-token", "--who", "GAJ-9999")

    assert token.stdout.count(".") == 2
    assert "福海" in message.stdout
    assert nobody.exit_code == 1
    assert "GAJ-1001" in nobody.stderr


def the_terminal_is_at_hand(product: Product) -> None:
    with product.scene as scene:
        trusted, keys = trust.meet(scene)
        mother = arrival.sign_in(scene, keys)
        arrival.prove_real_name(scene, mother)
        card.open_and_top_up(scene, trusted, mother)
        before = scene.portal.get("/v1/card", mother.holder)["balance_fen"]
        code = scene.portal.get("/v1/card/code", mother.holder)["code"]

        paid = product.lend_a_hand("pay", "--code", code, "--fen", "300")
        again = product.lend_a_hand("pay", "--code", code, "--fen", "300")

        assert json.loads(paid.stdout)["amount_fen"] == 300, paid.stderr
        assert str(scene.out) in paid.stderr
        assert (again.exit_code, "payer_code_spent" in again.stderr) == (1, True)
        assert scene.portal.get("/v1/card", mother.holder)["balance_fen"] == before - 300


class TestCommand:
    def test_stops_with_one_line_where_something_is_wanting(self, tmp_path: Path) -> None:
        elsewhere = CliRunner().invoke(demo, ["--var", str(tmp_path), "officer-token"])

        assert elsewhere.exit_code == 1
        assert elsewhere.stderr.strip().startswith("无法继续 Can't go on:")
        assert len(elsewhere.stderr.strip().splitlines()) == 1

    def test_says_that_the_server_isnt_running(self) -> None:
        nobody = CliRunner().invoke(demo, ["--base", "http://127.0.0.1:9"])

        assert nobody.exit_code == 1
        assert "make run" in nobody.stderr
