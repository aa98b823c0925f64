"""Opening drafts, finding them again, changing them, throwing them away."""

import asyncio

import msgspec
import pytest

from app.kernel.actors import Acting, AssuranceTooLow, Citizen
from app.kernel.ids import new_person_id
from lifecycle.birth.errors import ChildAlreadyRegistered, NotANewborn, NotTheGuardian
from lifecycle.birth.household_registration import MATTER
from lifecycle.cases import drafts, reading, submission
from lifecycle.cases.errors import (
    CaseChanged,
    CaseNotFound,
    FieldsWrong,
    MatterHasNoForm,
    StepNotAllowed,
    SubjectUnknown,
)
from lifecycle.cases.structs import FormChange, NewCase
from lifecycle.catalogue.errors import MatterUnknown
from tests.makers.cases import CityPorts, Family, a_draft, a_family, a_filled_draft, a_form
from tests.makers.city import Town
from tests.makers.people import a_citizen, a_guardian_of, a_newborn, a_resident


class TestOpenCase:
    async def test_opens_a_draft_filled_in_by_departments(self, family: Family) -> None:
        draft = await a_draft(family)

        view = await reading.show(family.mother, draft.id)
        fields = {field.name: field for field in view.fields}

        assert (view.state, view.number, view.unavailable) == ("draft", None, [])
        assert fields["certificate_no"].value == family.certificate_no
        assert (fields["certificate_no"].source, fields["certificate_no"].editable) == ("WJW", False)
        assert fields["certificate_no"].as_of is not None
        assert fields["mother_household"].source == "GAJ"
        assert fields["mother_household"].value["division_code"].startswith("3706")
        assert (fields["child_name"].value, fields["child_name"].source, fields["child_name"].editable) == (
            None,
            None,
            True,
        )
        assert view.notes[0].zh.startswith("请在")

    async def test_finds_the_same_draft_again_for_either_parent(self, family: Family) -> None:
        first = await drafts.open_case(family.mother, NewCase(MATTER, family.child))
        again = await drafts.open_case(family.mother, NewCase(MATTER, family.child))
        by_father = await drafts.open_case(family.father, NewCase(MATTER, family.child))

        assert first.id == again.id == by_father.id

    async def test_finds_it_again_for_a_guardian_who_acts_by_header(self, family: Family) -> None:
        first = await drafts.open_case(family.mother, NewCase(MATTER, family.child))
        by_header = msgspec.structs.replace(
            family.father, id=family.child, agent_id=family.father.id, acting=Acting("guardianship"), wards=()
        )

        again = await drafts.open_case(by_header, NewCase(MATTER))

        assert first.id == again.id

    async def test_opens_one_for_a_guardian_who_acts_by_header(self, family: Family) -> None:
        by_header = msgspec.structs.replace(
            family.father, id=family.child, agent_id=family.father.id, acting=Acting("guardianship"), wards=()
        )

        opened = await drafts.open_case(by_header, NewCase(MATTER))

        view = await reading.show(family.mother, opened.id)
        assert (view.subject_id, view.applicant_id, view.applicant_as) == (family.child, family.father.id, "guardian")

    async def test_makes_one_draft_of_several_requests_at_once(self, family: Family) -> None:
        opened = await asyncio.gather(
            *(drafts.open_case(parent, NewCase(MATTER, family.child)) for parent in (family.mother, family.father) * 4)
        )

        assert len({one.id for one in opened}) == 1
        assert len((await reading.cases(family.mother, only_open=True, cursor=None, limit=100)).items) >= 1

    async def test_opens_a_new_one_once_the_old_is_withdrawn(self, family: Family) -> None:
        first = await a_draft(family)
        await submission.withdraw(family.mother, first.id)

        assert (await drafts.open_case(family.mother, NewCase(MATTER, family.child))).id != first.id

    async def test_refuses_a_strangers_child(self, family: Family) -> None:
        with pytest.raises(SubjectUnknown):
            await drafts.open_case(await a_citizen(), NewCase(MATTER, family.child))

    async def test_refuses_a_matter_that_has_no_form(self, family: Family) -> None:
        with pytest.raises(MatterHasNoForm):
            await drafts.open_case(family.mother, NewCase("early_health_education_push", family.child))
        with pytest.raises(MatterUnknown):
            await drafts.open_case(family.mother, NewCase("no_such_matter", family.child))

    async def test_refuses_too_low_a_level(self, family: Family) -> None:
        by_phone = Citizen(family.mother.id, 1, family.mother.id, "tests", (family.child,))

        with pytest.raises(AssuranceTooLow):
            await drafts.open_case(by_phone, NewCase(MATTER, family.child))

    async def test_admits_only_newborns_of_ones_own(self, ports: CityPorts, family: Family) -> None:
        registered = await a_resident(name="王大宝")
        nameless = await a_newborn()
        with pytest.raises(NotTheGuardian):
            await drafts.open_case(family.mother, NewCase(MATTER))
        with pytest.raises(ChildAlreadyRegistered):
            await drafts.open_case(await a_guardian_of(registered), NewCase(MATTER, registered))
        assert (await drafts.open_case(await a_guardian_of(nameless), NewCase(MATTER, nameless))).state == "draft"

    async def test_refuses_a_child_without_a_certificate(self, ports: CityPorts) -> None:
        foundling = await a_citizen(1)

        with pytest.raises(NotANewborn):
            await drafts.open_case(await a_guardian_of(foundling.id), NewCase(MATTER, foundling.id))


class TestChange:
    async def test_merges_fields_and_counts_versions(self, family: Family) -> None:
        draft = await a_draft(family)

        first = await drafts.change(family.mother, draft.id, draft.version, FormChange({"child_name": "林一"}))
        second = await drafts.change(family.mother, draft.id, first.version, FormChange({"follow": "father"}))
        third = await drafts.change(family.mother, draft.id, second.version, FormChange({"child_name": None}))

        view = await reading.show(family.mother, draft.id)
        given = {field.name: field.value for field in view.fields if field.source == "citizen"}
        assert given == {"follow": "father"}
        assert (second.version, third.version, view.version) == (first.version + 1, first.version + 2, third.version)

    async def test_refuses_an_old_version(self, family: Family) -> None:
        draft = await a_draft(family)
        await drafts.change(family.mother, draft.id, draft.version, FormChange({"follow": "father"}))

        with pytest.raises(CaseChanged):
            await drafts.change(family.mother, draft.id, draft.version, FormChange({"follow": "mother"}))

    async def test_lets_one_of_two_changes_at_once_through(self, family: Family) -> None:
        draft = await a_draft(family)
        outcomes = await asyncio.gather(
            *(
                drafts.change(family.mother, draft.id, draft.version, FormChange({"child_name": name}))
                for name in ("林一", "林二")
            ),
            return_exceptions=True,
        )

        assert [type(one) for one in outcomes].count(CaseChanged) == 1

    @pytest.mark.parametrize(
        ("change", "pointer", "code"),
        [
            ({"nickname": "宝宝"}, "/form/nickname", "unknown"),
            ({"certificate_no": "X1"}, "/form/certificate_no", "not_editable"),
            ({"follow": "uncle"}, "/form/follow", "wrong"),
            ({"ethnicity_code": "57"}, "/form/ethnicity_code", "wrong"),
            ({"child_name": 5}, "/form/child_name", "wrong"),
            ({"child_name": "林\u0000"}, "/form/child_name", "wrong"),
            ({"child_name": "林" * 51}, "/form/child_name", "wrong"),
            ({"surname_statement": "x" * 501}, "/form/surname_statement", "wrong"),
        ],
    )
    async def test_points_at_a_wrong_field(
        self, family: Family, change: dict[str, object], pointer: str, code: str
    ) -> None:
        draft = await a_draft(family)

        with pytest.raises(FieldsWrong) as refused:
            await drafts.change(family.mother, draft.id, draft.version, FormChange(change))

        assert [(error.pointer, error.code) for error in refused.value.errors] == [(pointer, code)]
        assert (await reading.show(family.mother, draft.id)).version == draft.version

    async def test_knows_no_strangers_draft(self, family: Family, town: Town) -> None:
        draft = await a_draft(family)
        for stranger in (await a_citizen(), (await a_family(town)).mother):
            with pytest.raises(CaseNotFound):
                await drafts.change(stranger, draft.id, draft.version, FormChange(a_form(family)))
        with pytest.raises(CaseNotFound):
            await reading.show(family.mother, new_person_id())

    async def test_refuses_to_change_what_was_withdrawn(self, family: Family) -> None:
        draft = await a_filled_draft(family)
        after = await submission.withdraw(family.mother, draft.id)

        with pytest.raises(StepNotAllowed):
            await drafts.change(family.mother, draft.id, after.version, FormChange({"follow": "father"}))
