"""Titles that change hands in the running city: the tax certified first, between spouses, and what is refused."""

from collections.abc import Iterator

import pytest

from integrations.city.outcomes import QuestionRefused
from tests.lifecycle.applications.samples_of_marriage import is_single_woman
from tests.makers.city_people import somebody_new
from tests.makers.estates import (
    a_single_owner,
    an_heir,
    an_owner,
    as_drawn,
    case_number,
    certified,
    changed,
    coupled,
    title_of,
    to_the_spouse,
    told_titles,
)


@pytest.fixture(autouse=True)
def _as_drawn() -> Iterator[None]:
    with as_drawn():
        yield


class TestDeedTax:
    def test_comes_before_the_register(self) -> None:
        heir, home = an_heir()

        with pytest.raises(QuestionRefused, match="deed_tax_not_certified"):
            changed(case_number(), heir, tax_certificate_no="QS1", **to_the_spouse(home, heir))

    def test_is_certified_for_this_change_only(self) -> None:
        heir, home = an_heir()
        number = case_number()
        tax = certified(
            number,
            heir,
            title_no=home.title_no,
            reason="inheritance",
            deceased=home.deceased,
            acquirers=[to_the_spouse(home, heir)["owners"][0]["ref"]],  # type: ignore[index]
        )

        with pytest.raises(QuestionRefused, match="deed_tax_not_certified"):
            changed(
                number,
                heir,
                tax_certificate_no=tax.certificate_no,
                title_no=home.title_no,
                reason="spouse_added",
            )
        with pytest.raises(QuestionRefused, match="deed_tax_not_certified"):
            changed(case_number(), heir, tax_certificate_no=tax.certificate_no, **to_the_spouse(home, heir))

    def test_is_certified_anew_where_the_case_was_corrected(self) -> None:
        owner = an_owner(owners=1, first=True)
        number = case_number()
        parts = {"title_no": title_of(owner), "reason": "spouse_added"}
        heir, home = an_heir()
        acquirers = [one["ref"] for one in to_the_spouse(home, heir)["owners"]]  # type: ignore[attr-defined]

        with pytest.raises(QuestionRefused, match="deed_tax_due"):
            certified(number, heir, **parts)
        told_of = {"title_no": home.title_no, "reason": "inheritance", "deceased": home.deceased}
        first = certified(number, heir, acquirers=acquirers, **told_of)
        assert certified(number, heir, acquirers=acquirers, **told_of) == first
        assert certified(number, heir, acquirers=acquirers * 2, **told_of) == first


class TestSpouses:
    def test_own_jointly_once_added_and_divide_after_a_divorce(self) -> None:
        owner, bride = a_single_owner(), somebody_new(is_single_woman)
        parts = {"title_no": title_of(owner), "reason": "spouse_added"}
        with pytest.raises(QuestionRefused, match="deed_tax_due"):
            certified(case_number(), owner, **parts)
        certificate = coupled("register_marriage", owner, bride)
        number = case_number()
        tax = certified(number, owner, **parts)
        added = changed(number, owner, tax_certificate_no=tax.certificate_no, **parts)

        assert (added.share, [one.name for one in added.owners]) == ("joint", [owner.name, bride.name])
        assert added.title_no in {one.title_no for one in told_titles(bride)}

        to_divide = {"title_no": added.title_no, "reason": "divorce_division"}
        with pytest.raises(QuestionRefused, match="deed_tax_due"):
            certified(case_number(), bride, **to_divide)
        coupled("register_divorce", owner, bride, certificate_no=certificate, agreement={})
        number = case_number()
        tax = certified(number, bride, **to_divide)
        divided = changed(
            number,
            bride,
            tax_certificate_no=tax.certificate_no,
            awarded_to="applicant",
            lender_agreed=False,
            **to_divide,
        )

        assert (divided.share, [one.name for one in divided.owners]) == ("sole", [bride.name])
        assert divided.title_no not in {one.title_no for one in told_titles(owner)}
        assert set(divided.former_owners) == {owner.id_number, bride.id_number}

    def test_are_refused_a_home_that_isnt_one_spouses_alone_and_one_without_a_spouse(self) -> None:
        joint, alone = an_owner(owners=2, mortgaged=False, first=True), an_owner(owners=1, mortgaged=False, first=True)
        number = case_number()
        parts = {"title_no": title_of(joint), "reason": "spouse_added"}
        tax = certified(number, joint, **parts)

        with pytest.raises(QuestionRefused, match="not_sole_owner"):
            changed(number, joint, tax_certificate_no=tax.certificate_no, **parts)
        with pytest.raises(QuestionRefused, match="deed_tax_due"):
            certified(case_number(), alone, title_no=title_of(alone), reason="spouse_added")

    def test_need_the_lenders_consent_to_a_mortgaged_home(self) -> None:
        owner = an_owner(owners=2, mortgaged=True, first=True)
        number = case_number()
        parts = {"title_no": title_of(owner), "reason": "spouse_added"}
        tax = certified(number, owner, **parts)

        with pytest.raises(QuestionRefused, match="mortgaged"):
            changed(number, owner, tax_certificate_no=tax.certificate_no, **parts)
        with pytest.raises(QuestionRefused, match="not_sole_owner"):
            changed(number, owner, tax_certificate_no=tax.certificate_no, lender_agreed=True, **parts)
