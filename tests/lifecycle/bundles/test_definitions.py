"""The bundles that there are, and mistakes in their file."""

from pathlib import Path

import pytest

from lifecycle.bundles.definitions import bundle_of, bundles, read_bundles
from lifecycle.bundles.errors import BundleUnknown
from lifecycle.catalogue import published
from lifecycle.catalogue.structs import Kind
from lifecycle.rules.data_files import DataFileError

HEAD = '[[bundle]]\ncode = "a"\nevent = "E_MOVED"\nname = { zh = "搬家", en = "Move" }\nsummary = { zh = "搬家", en = "Move" }\n'


def written(folder: Path, *steps: str) -> Path:
    path = folder / "bundles.toml"
    path.write_text(f"{HEAD}steps = [\n{''.join(f'  {{ {step} }},' + chr(10) for step in steps)}]\n", encoding="utf-8")
    return path


class TestBundles:
    def test_every_step_can_be_done_here_and_comes_after_what_it_needs(self) -> None:
        for bundle in read_bundles().values():
            seen: set[str] = set()
            for step in bundle.ordered:
                kind = Kind.APPLY if step.mode == "apply" else Kind.BOOK
                assert kind in published.matter(step.matter).live, (bundle.code, step.code)
                assert set(step.needs) <= seen
                seen.add(step.code)

    def test_an_unknown_one_is_refused(self) -> None:
        with pytest.raises(BundleUnknown):
            bundle_of("no_such_bundle")
        assert "birth" in bundles()


class TestMistakes:
    @pytest.mark.parametrize(
        ("steps", "said"),
        [
            (('code = "one", matter = "m", needs = ["one"]',), "circle"),
            (('code = "one", matter = "m", needs = ["two"]', 'code = "two", matter = "n", needs = ["one"]'), "circle"),
            (('code = "one", matter = "m", needs = ["two"]',), "isn't a step"),
            (('code = "one", matter = "m"', 'code = "one", matter = "n"'), "twice"),
            (
                ('code = "one", matter = "m", optional = true', 'code = "two", matter = "n", needs = ["one"]'),
                "left out",
            ),
            (('code = "one", matter = "m", mode = "book"', 'code = "two", matter = "n", needs = ["one"]'), "booking"),
            (('code = "one", matter = "m", color = "red"',), "color"),
        ],
    )
    def test_are_told_with_their_line(self, tmp_path: Path, steps: tuple[str, ...], said: str) -> None:
        with pytest.raises(DataFileError, match=said):
            read_bundles(written(tmp_path, *steps))
