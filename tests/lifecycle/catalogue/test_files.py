"""The catalogue's files: what ships is whole, and every mistake is told with its place."""

from pathlib import Path

import pytest

from lifecycle.catalogue.files import read_files, shipped_files
from lifecycle.catalogue.structs import Kind, Signature
from lifecycle.rules.data_files import DataFileError
from tests.makers.catalogue import a_lifecycle, a_matter

PUSH = "{ " + ", ".join(f'{name} = {{ zh = "文", en = "x" }}' for name in ("sends", "uses", "how_often")) + " }"
LIMIT = '{{ count = 3, unit = "wd", text = {{ zh = "三天", en = "3" }}, source = "law", illustrative = false{more} }}'


def refusal_of(folder: Path, *matters: str, stage: str = "birth") -> DataFileError:
    with pytest.raises(DataFileError) as refused:
        read_files(a_lifecycle(folder, *matters, stage=stage))
    return refused.value


class TestReadFiles:
    def test_reads_a_matter_with_its_stage(self, tmp_path: Path) -> None:
        files = read_files(a_lifecycle(tmp_path, a_matter(trigger_events='["E_CHILD_BORN"]')))

        stage, matter = files.matters["some_matter"]
        assert (stage, matter.kinds, matter.signature) == ("birth", (Kind.APPLY,), Signature.NONE)

    @pytest.mark.parametrize(
        ("changes", "line", "field", "problem"),
        [
            ({"kinds": '["aply"]'}, 3, "kinds[0]", "Invalid enum value"),
            ({"levl": "2"}, 14, "levl", "unknown field"),
            ({"name": ""}, 1, "name", "required field"),
            ({"name": '{ zh = "只有中文" }'}, 6, "name.en", "required field"),
            ({"code": '"Some-Matter"'}, 2, "code", "regex"),
            ({"department": '"XYZ"'}, 1, "department", "XYZ isn't a department"),
            ({"trigger_events": '["E_NOTHING"]'}, 1, "trigger_events", "E_NOTHING isn't a life event"),
            ({"live": '["query"]'}, 1, "", "live: only what stands in kinds"),
            ({"kinds": "[]"}, 1, "", "kinds: at least one"),
            ({"kinds": '["apply", "apply"]'}, 1, "", "each once"),
            ({"kinds": '["push"]', "opt_in": "true"}, 1, "", "push: whatever is pushed"),
            ({"kinds": '["push"]', "push": PUSH}, 1, "", "push: whatever is pushed"),
            ({"push": PUSH, "opt_in": "true"}, 1, "", "push: whatever is pushed"),
            ({"takes": LIMIT.format(more="")}, 1, "", "verified_on: a time limit"),
            ({"takes": LIMIT.format(more=', verified_on = "never"')}, 14, "takes.verified_on", "Invalid RFC3339"),
            (
                {"known_data": '[{ name = { zh = "户口", en = "Register" }, source = "XYZ" }]'},
                1,
                "department",
                "XYZ isn't",
            ),
            ({"kinds": '["query"]', "signature": '"device"'}, 1, "", "signature: only an application is signed"),
            ({"level": "4"}, 1, "", "level: 0 to 3"),
            ({"who": '{ zh = " ", en = "x" }'}, 1, "", "who: a text is empty"),
        ],
    )
    def test_tells_file_line_and_field(
        self, tmp_path: Path, changes: dict[str, str], line: int, field: str, problem: str
    ) -> None:
        refusal = refusal_of(tmp_path, a_matter(**changes))

        assert (refusal.line, refusal.field) == (line, field)
        assert problem in refusal.problem
        assert str(refusal).startswith(f"birth/matters.toml:{line}: ")

    def test_tells_the_line_in_the_second_matter(self, tmp_path: Path) -> None:
        refusal = refusal_of(tmp_path, a_matter(), a_matter(code='"other"', level='"two"'))

        assert (refusal.line, refusal.field) == (19, "level")

    def test_refuses_a_code_that_stands_there_twice(self, tmp_path: Path) -> None:
        refusal = refusal_of(tmp_path, a_matter(), a_matter())

        assert (refusal.line, refusal.field) == (15, "code")

    def test_refuses_a_department_that_waives_and_is_unknown(self, tmp_path: Path) -> None:
        material = '[{ code = "paper", name = { zh = "纸", en = "Paper" }, required = true, waived_by = "ABC" }]'

        assert "ABC isn't a department" in refusal_of(tmp_path, a_matter(materials=material)).problem

    def test_refuses_a_folder_that_is_no_stage(self, tmp_path: Path) -> None:
        assert "afterlife isn't a stage" in refusal_of(tmp_path, a_matter(), stage="afterlife").problem


class TestShippedFiles:
    def test_hold_every_matter_of_the_citys_plan(self) -> None:
        stages = [stage for stage, _ in shipped_files().matters.values()]

        assert {stage: stages.count(stage) for stage in dict.fromkeys(stages)} == {
            "birth": 11,
            "education": 23,
            "work": 17,
            "marriage": 7,
            "medical": 14,
            "housing": 13,
            "travel": 16,
            "social_security": 13,
            "tax": 9,
            "living": 13,
            "citizen_card": 12,
        }

    def test_say_how_people_put_every_life_event(self) -> None:
        assert all(event.said for event in shipped_files().life_events.values())

    def test_use_sensitive_data_for_a_push_only_with_a_consent_of_its_own(self) -> None:
        for _, matter in shipped_files().matters.values():
            if matter.push is not None and any(one.data_class in {"health", "money"} for one in matter.known_data):
                papers = "".join(one.name.zh for one in matter.materials)
                assert "同意" in matter.what.zh + matter.who.zh + matter.push.uses.zh + papers, matter.code

    def test_hold_the_matters_of_birth(self) -> None:
        matters = {code: matter for code, (stage, matter) in shipped_files().matters.items() if stage == "birth"}

        assert set(matters) == {
            *("birth_registration_service", "antenatal_exam", "perinatal_care", "maternity_hospital_booking"),
            *("birth_medical_certificate", "infant_immunization", "birth_household_registration"),
            *("newborn_medical_insurance", "early_health_education_push", "maternal_infant_goods_push"),
            "childcare_subsidy",
        }
        assert [code for code, matter in matters.items() if matter.bundled] == [
            "newborn_medical_insurance",
            "childcare_subsidy",
        ]

    def test_give_each_stage_a_code_of_its_own(self) -> None:
        codes = [stage.code for stage in shipped_files().stages]

        assert codes == sorted(set(codes))
        assert codes == [f"{number:02d}" for number in range(1, 12)]
        assert [stage.slug for stage in shipped_files().stages if stage.beside] == ["citizen_card"]

    def test_cite_the_law_for_every_matter_that_is_applied_for(self) -> None:
        for _, matter in shipped_files().matters.values():
            assert matter.legal_basis or Kind.APPLY not in matter.kinds, matter.code

    def test_keep_the_two_languages_apart(self) -> None:
        for _, matter in shipped_files().matters.values():
            for words in (matter.name, matter.summary, matter.what, matter.who, matter.cost, matter.result):
                assert words.en.isascii(), matter.code
                assert not words.zh.isascii(), matter.code
