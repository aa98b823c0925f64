import pytest

from demo.report import NotSo, Report, require


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def report(lines: list[str]) -> Report:
    return Report(lines.append)


class TestStep:
    def test_is_printed_with_number_proofs_and_time(self, report: Report, lines: list[str]) -> None:
        with report.step("登录", "Signed in") as step:
            step.proves("the token is bound")

        title, proof = lines
        assert title.startswith("  1  ✓ 登录  Signed in")
        assert title.endswith(" ms")
        assert proof == "     · the token is bound"

    def test_ends_every_title_in_the_same_column(self, report: Report, lines: list[str]) -> None:
        for zh, en in (("登录", "Signed in"), ("任何人都能核验", "Anybody can verify it")):
            with report.step(zh, en):
                pass

        widths = [len(line) + sum(character > "\u2e80" for character in line) for line in lines]
        assert len(set(widths)) == 1

    def test_is_marked_where_it_fails_and_the_reason_goes_on(self, report: Report, lines: list[str]) -> None:
        with pytest.raises(NotSo, match="the seal doesn't hold"), report.step("核验", "Verified"):
            require(False, "the seal doesn't hold")

        assert lines[0].startswith("  1  ✗ 核验")

    def test_turns_an_answer_of_another_shape_into_something_that_isnt_so(self, report: Report) -> None:
        with pytest.raises(NotSo, match="KeyError"), report.step("查询", "Asked"):
            dict[str, str]()["items"]
