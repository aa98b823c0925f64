"""The catalogue of life events: whole, and in step with matters, bundles and the law's parameters."""

from pathlib import Path

import pytest

from app.kernel import clock
from lifecycle.bundles.definitions import bundles
from lifecycle.catalogue.files import shipped_files
from lifecycle.life_events.definitions import definition_of, definitions, read_definitions
from lifecycle.life_events.errors import LifeEventUnknown
from lifecycle.life_events.meanings import MEANS, kinds_of
from lifecycle.life_events.plausible import least_age
from lifecycle.rules.data_files import DataFileError
from lifecycle.rules.parameters import shipped


def written(folder: Path, *entries: str) -> Path:
    """A file of definitions."""
    path = folder / "life_events.toml"
    path.write_text("\n".join(f"[[life_event]]\n{entry}" for entry in entries), encoding="utf-8")
    return path


ENTRY = 'code = "E_ILL"\nstage = "medical"\nrecord = "health"\ndeclared_by = ["self"]\n'


class TestDefinitions:
    def test_there_is_one_for_each_event_of_the_catalogue(self) -> None:
        assert set(definitions()) == set(shipped_files().life_events)

    def test_every_event_that_brings_up_a_matter_is_there(self) -> None:
        for _, matter in shipped_files().matters.values():
            assert set(matter.trigger_events) <= set(definitions()), matter.code

    def test_every_event_of_a_bundle_is_there_and_names_it(self) -> None:
        for bundle in bundles().values():
            assert bundle in definition_of(bundle.event).bundles

    def test_every_stage_is_one(self) -> None:
        stages = {stage.slug for stage in shipped_files().stages}

        assert {one.stage for one in definitions().values()} <= stages

    def test_each_comes_to_be_known_somehow(self) -> None:
        for one in definitions().values():
            assert one.declared_by or one.by_date or one.calendar, one.code

    def test_the_law_has_a_value_of_every_age_today(self) -> None:
        law = shipped().reading(clock.today())

        for one in definitions().values():
            assert least_age(one, None, law) <= 60, one.code
            assert one.by_date is None or law.number(one.by_date.age) > 0

    def test_what_means_something_is_an_event(self) -> None:
        assert set(MEANS) <= set(definitions())
        assert [kind.name for kind in kinds_of("E_ILL")] == ["life_events"]

    def test_an_unknown_code_is_refused(self) -> None:
        with pytest.raises(LifeEventUnknown):
            definition_of("E_NOTHING")


class TestReading:
    def test_refuses_what_stands_there_twice(self, tmp_path: Path) -> None:
        with pytest.raises(DataFileError, match="twice"):
            read_definitions(written(tmp_path, ENTRY, ENTRY))

    def test_refuses_a_detail_that_stands_there_twice(self, tmp_path: Path) -> None:
        detail = '{ name = "since", type = "date", title = { zh = "一", en = "a" } }'

        with pytest.raises(DataFileError, match="twice"):
            read_definitions(written(tmp_path, f"{ENTRY}details = [{detail}, {detail}]"))

    def test_refuses_to_let_somebody_declare_what_comes_for_everybody(self, tmp_path: Path) -> None:
        with pytest.raises(DataFileError, match="nobody"):
            read_definitions(written(tmp_path, f"{ENTRY}calendar = true"))

    def test_refuses_an_unknown_field(self, tmp_path: Path) -> None:
        with pytest.raises(DataFileError, match="unknown field"):
            read_definitions(written(tmp_path, f'{ENTRY}said_by = "me"'))
