"""From the approval to the child's number and licence."""

import asyncio

import pytest

from app.kernel.database import fetch_all, fetch_value, transaction
from app.kernel.events import deliver_pending
from app.notices.inbox import inbox
from integrations.departments.police import BirthToRegister, NewChild
from integrations.exchange.errors import DepartmentUnavailable
from integrations.exchange.structs import Asking, Basis, EndUser
from lifecycle.birth.forms import BirthForm
from lifecycle.cases import casebook, fields, reading
from lifecycle.cases.carrying_out import OFFICE, ToCarryOut, carry_out
from lifecycle.licences.reading import licence
from tests.makers.cases import (
    CityPorts,
    Family,
    a_fault,
    a_submitted_case,
    an_approved_case,
    an_issued_case,
    the_case,
)
from tests.makers.city import Town
from tests.makers.people import an_officer, the_resident


class TestCarryOut:
    async def test_gives_the_child_a_number_and_a_licence(self, family: Family) -> None:
        case = await an_issued_case(family)

        child = await the_resident(family.child)
        view = await reading.show(family.mother, case.id)
        page = await licence(family.mother, view.licence_ids[0])

        assert view.state == "issued"
        assert child.id_number is not None
        assert child.id_number[:4] == "3706"
        assert child.name == f"{family.mother_name[0]}安然"
        said = {line.label.en: line.value for line in page.lines}
        assert (said["Identity number"], said["Name"]) == (child.id_number, child.name)
        assert (page.type_code, page.holder_id, page.department) == ("CERT_HUKOU", family.child, "GAJ")
        assert (await licence(family.father, page.id)).number == page.number

    async def test_follows_the_father_where_the_parents_say_so(self, family: Family) -> None:
        case = await an_issued_case(family, follow="father")

        page = await licence(family.mother, (await reading.show(family.mother, case.id)).licence_ids[0])
        father = next(f for f in (await reading.show(family.mother, case.id)).fields if f.name == "father_household")

        assert {line.label.en: line.value for line in page.lines}["Address"] == father.value["address"]

    async def test_does_everything_once_when_repeated_and_when_run_twice_at_once(self, family: Family) -> None:
        case = await an_approved_case(family, an_officer())

        await asyncio.gather(*(carry_out(ToCarryOut(case.id)) for _ in range(2)))
        await carry_out(ToCarryOut(case.id))

        view = await reading.show(family.mother, case.id)
        assert (view.state, len(view.licence_ids)) == ("issued", 1)
        happened = [one.what for one in (await reading.events(family.mother, case.id)).items]
        assert happened.count("issue") == 1

    async def test_waits_while_the_police_are_away_and_goes_on_after(self, family: Family, town: Town) -> None:
        case = await an_approved_case(family, an_officer())
        async with a_fault(town, party="gaj", outage=True):
            with pytest.raises(DepartmentUnavailable):
                await carry_out(ToCarryOut(case.id))
        waiting = (await the_case(case.id)).state
        await carry_out(ToCarryOut(case.id))

        assert (waiting, (await the_case(case.id)).state) == ("approved", "issued")

    async def test_sends_back_to_the_officer_what_the_police_refuse(self, family: Family, ports: CityPorts) -> None:
        first = await an_approved_case(family, an_officer())
        number = (await the_case(first.id)).number
        elsewhere = f"{number}X"
        async with transaction(OFFICE):
            answers, prefill = await casebook.opened(await casebook.find(first.id))
        form = fields.whole(BirthForm, fields.values(BirthForm, answers, prefill.known))
        assert form.mother_household is not None
        certificate = await ports.health.birth_certificate(_asking(family, first.id), family.certificate_no)
        await ports.police.register_birth(
            _asking(family, first.id),
            BirthToRegister(
                elsewhere,
                family.certificate_no,
                NewChild("别的名字", form.sex, form.born_at, "01"),
                certificate.body.mother.id_number,
                form.mother_household.household_no,
            ),
        )

        await carry_out(ToCarryOut(first.id))

        view = await reading.show(family.mother, first.id)
        assert view.state == "reviewing"
        assert (await reading.events(family.mother, first.id)).items[-1].reason == "already_registered"
        assert (await the_resident(family.child)).id_number is None

    async def test_leaves_alone_what_is_not_approved(self, family: Family) -> None:
        case = await a_submitted_case(family)

        await carry_out(ToCarryOut(case.id))

        assert (await the_case(case.id)).state == "submitted"

    async def test_is_ordered_by_the_approval_and_told_to_the_applicant(self, family: Family) -> None:
        case = await an_approved_case(family, an_officer())
        await deliver_pending()
        await deliver_pending()
        async with transaction(OFFICE):
            jobs = await fetch_value(
                "SELECT count(*) FROM pgqueuer WHERE entrypoint = 'cases.carry_out' AND convert_from(payload, 'utf8') LIKE $1",
                f"%{case.id}%",
            )
        await carry_out(ToCarryOut(case.id))
        await deliver_pending()

        notices = [one.kind for one in (await inbox(family.mother, None, 100)).items if one.about_id == case.id]
        async with transaction(OFFICE):
            record = await fetch_all("SELECT phrase FROM record WHERE citizen_id = $1 ORDER BY id", family.child)
        assert jobs == 1
        assert notices == ["case.issued", "case.accepted", "case.submitted"]
        assert {"case.submitted", "case.issued", "licence.issued"} <= {row["phrase"] for row in record}


def _asking(family: Family, case_id: object) -> Asking:
    return Asking(family.child, "test", Basis("case", str(case_id)), EndUser("system", "test"))
