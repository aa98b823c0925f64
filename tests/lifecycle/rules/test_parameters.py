"""Dated parameters: what held when, and every way in which a data file can be wrong."""

from datetime import date
from pathlib import Path

import pytest

from app.kernel.identity_numbers import Sex
from lifecycle.rules.data_files import DataFileError
from lifecycle.rules.immunisation import schedule
from lifecycle.rules.parameters import FOLDER, Parameters, ParameterUnknown, load, parameter, shipped


def a_parameter(**changes: object) -> str:
    fields: dict[str, object] = {
        "key": '"rate"',
        "value": 10,
        "unit": '"yuan"',
        "region": '"370600"',
        "valid_from": "2025-01-01",
        "source": '"a law"',
        "verified_on": "2026-11-22",
    } | changes
    return (
        "[[parameter]]\n"
        + "\n".join(f"{name} = {value}" for name, value in fields.items() if value is not None)
        + "\n\n"
    )


def loaded(folder: Path, *tables: str) -> Parameters:
    (folder / "some.toml").write_text("# a comment\n" + "".join(tables), "utf-8")
    return load(folder)


def refusal_of(folder: Path, *tables: str) -> DataFileError:
    with pytest.raises(DataFileError) as refused:
        loaded(folder, *tables)
    return refused.value


class TestFind:
    def test_takes_the_value_of_the_day(self, tmp_path: Path) -> None:
        parameters = loaded(
            tmp_path, a_parameter(valid_from="2026-01-01", value=12), a_parameter(valid_to="2025-12-31", value=10)
        )

        assert parameters.find("rate", date(2025, 12, 31)).value == 10
        assert parameters.find("rate", date(2026, 1, 1)).value == 12

    @pytest.mark.parametrize(("region", "value"), [("370602", 1), ("370613", 2), ("370100", 3), ("110101", 4)])
    def test_prefers_the_nearest_region(self, tmp_path: Path, region: str, value: int) -> None:
        parameters = loaded(
            tmp_path,
            *(
                a_parameter(region=f'"{place}"', value=n)
                for n, place in enumerate(("370602", "370600", "370000", "CN"), 1)
            ),
        )

        assert parameters.find("rate", date(2026, 1, 1), region).value == value

    @pytest.mark.parametrize(("key", "day"), [("nothing", date(2026, 1, 1)), ("rate", date(2024, 12, 31))])
    def test_refuses_a_key_or_a_day_that_is_not_on_file(self, tmp_path: Path, key: str, day: date) -> None:
        with pytest.raises(ParameterUnknown) as refused:
            loaded(tmp_path, a_parameter()).find(key, day)

        assert refused.value.facts["key"] == key


class TestLoad:
    def test_refuses_values_that_overlap(self, tmp_path: Path) -> None:
        refusal = refusal_of(tmp_path, a_parameter(), a_parameter(valid_from="2026-01-01"))

        assert (refusal.line, refusal.field) == (11, "valid_from")
        assert "rate@370600@2026-01-01 overlaps rate@370600@2025-01-01" in str(refusal)

    def test_refuses_a_gap(self, tmp_path: Path) -> None:
        refusal = refusal_of(tmp_path, a_parameter(valid_to="2025-12-30"), a_parameter(valid_from="2026-01-01"))

        assert "gap" in refusal.problem

    def test_finds_overlaps_between_files(self, tmp_path: Path) -> None:
        (tmp_path / "other.toml").write_text(a_parameter(), "utf-8")

        assert "overlaps" in refusal_of(tmp_path, a_parameter(valid_from="2026-01-01")).problem

    @pytest.mark.parametrize(
        ("changes", "line", "field", "problem"),
        [
            ({"vaild_to": "2026-01-01"}, 10, "vaild_to", "unknown field"),
            ({"source": None}, 2, "source", "required field"),
            ({"verified_on": '"soon"'}, 9, "verified_on", "date"),
            ({"unit": 3}, 5, "unit", "str"),
            ({"source": '" "'}, 2, "", "source isn't named"),
            ({"value": 0.5469}, 2, "", "write a fraction as text"),
            ({"value": "[1, { price = 0.1 }]"}, 2, "", "write a fraction as text"),
            ({"valid_to": "2024-12-31"}, 2, "", "valid_to lies before valid_from"),
        ],
    )
    def test_tells_line_and_field(
        self, tmp_path: Path, changes: dict[str, object], line: int, field: str, problem: str
    ) -> None:
        refusal = refusal_of(tmp_path, a_parameter(**changes))

        assert (refusal.line, refusal.field) == (line, field)
        assert problem in refusal.problem
        assert str(refusal).startswith(f"{tmp_path.name}/some.toml:{line}: ")

    def test_tells_the_line_of_broken_toml(self, tmp_path: Path) -> None:
        assert refusal_of(tmp_path, a_parameter(), "key = = 3\n").line == 11

    def test_refuses_other_tables(self, tmp_path: Path) -> None:
        assert "only [[parameter]]" in refusal_of(tmp_path, a_parameter(), "[[paramter]]\nkey = 1\n").problem


class TestReading:
    def test_remembers_each_value_once(self, tmp_path: Path) -> None:
        reading = loaded(tmp_path, a_parameter(illustrative="true")).reading(date(2026, 1, 1))

        assert (reading.number("rate"), reading.number("rate")) == (10, 10)
        assert [(used.id, used.source, used.illustrative) for used in reading.used] == [
            ("rate@370600@2025-01-01", "a law", True)
        ]


class TestShipped:
    def test_answers_by_key_and_day(self) -> None:
        assert parameter("age.capacity_full", date(2026, 11, 22)).value == 18

    def test_is_whole(self) -> None:
        assert load(FOLDER).find("immunisation.edition", date(2026, 11, 22)).value["zh"] == "2026年版"

    @pytest.mark.parametrize("as_of", [date(2021, 3, 1), date(2025, 1, 1), date(2025, 11, 10), date(2026, 6, 17)])
    def test_holds_a_readable_programme_for_every_edition(self, as_of: date) -> None:
        assert schedule(as_of, Sex.FEMALE, [], as_of, shipped()).doses
