"""A person gets everything of theirs, and erasure keeps what law retains."""

from app.kernel.actors import Citizen
from app.privacy.rights import erasers, exporters
from lifecycle.birth.immunisations import ChildQuestion, Immunisations
from lifecycle.cases import reading
from lifecycle.cases.own_rights import CaseEraser, CaseExporter
from lifecycle.licences.own_rights import LicenceEraser, LicenceExporter
from lifecycle.queries.own_rights import AnswerEraser, AnswerExporter
from tests.makers.cases import CityPorts, Family, a_filled_draft, an_issued_case
from tests.makers.people import a_newborn


class TestExport:
    async def test_holds_the_case_its_history_and_what_was_signed(self, family: Family) -> None:
        case = await an_issued_case(family)

        told = await CaseExporter().export(family.child)

        (exported,) = told["matter_case"]
        assert exported["number"] == case.number
        assert isinstance(exported["answers"], dict)
        assert exported["answers"]["follow"] == "mother"
        assert [row["what"] for row in told["case_event"]] == ["open", "submit", "claim", "accept", "approve", "issue"]
        assert family.certificate_no in str(told["case_signature"][0]["payload"])

    async def test_holds_licences_and_remembered_answers(self, family: Family, ports: CityPorts) -> None:
        await an_issued_case(family)
        await Immunisations(ports.health).query(family.mother, ChildQuestion(family.child))

        licences = await LicenceExporter().export(family.child)
        answers = await AnswerExporter().export(family.child)

        assert licences["licence"][0]["type_code"] == "CERT_HUKOU"
        assert "HepB" in str(answers["remembered_answer"][0]["answer"])

    async def test_holds_nothing_of_others(self, family: Family) -> None:
        await an_issued_case(family)
        stranger = await a_newborn()

        for exporter in (CaseExporter(), LicenceExporter(), AnswerExporter()):
            assert not any((await exporter.export(stranger)).values())


class TestErase:
    async def test_blanks_drafts_and_forgets_answers_once(self, family: Family, ports: CityPorts) -> None:
        draft = await a_filled_draft(family)
        await Immunisations(ports.health).query(family.mother, ChildQuestion(family.child))

        erased = [await eraser.erase(family.child) for eraser in (CaseEraser(), AnswerEraser()) for _ in range(2)]

        assert erased == [1, 0, 1, 0]
        view = await reading.show(family.mother, draft.id)
        assert (view.state, {field.value for field in view.fields}) == ("withdrawn", {None})

    async def test_keeps_what_was_decided(self, family: Family) -> None:
        case = await an_issued_case(family)

        assert [await eraser.erase(family.child) for eraser in (CaseEraser(), LicenceEraser())] == [0, 0]
        child = Citizen(family.child, 2, family.child, "tests")
        assert (await reading.show(child, case.id)).state == "issued"


class TestTheRoom:
    async def test_answers_for_all_its_tables(self, family: Family) -> None:
        ours = {"matter_case", "case_event", "case_signature", "licence", "licence_document", "remembered_answer"}

        for known in (exporters(), erasers()):
            assert ours <= {table for one in known for table in one.tables}
