"""What the education party tells of money at school: the law's free schooling, and aid that fits."""

from integrations.city.school_year import plan
from tests.makers.city_questions import refuses, told

COMPULSORY = {"primary", "junior"}


class TestFees:
    def test_are_no_tuition_in_public_compulsory_schooling(self) -> None:
        fees = told("jyj", "school_fees").items

        charged = [one for one in fees if one.ownership == "public" and one.stage in COMPULSORY]
        assert charged
        assert all(one.voluntary and one.kind in {"for_others", "service"} for one in charged)

    def test_of_kindergartens_are_never_below_what_one_charges(self) -> None:
        most = {one.code: one.amount_fen for one in told("jyj", "school_fees", stage="kindergarten").items}
        dearest = {
            kind: max(fee.monthly_fen for fee in plan().fees if fee.ownership == kind)
            for kind in ("public", "supported")
        }

        assert most["KG_PUBLIC"] == dearest["public"]
        assert most["KG_SUPPORTED"] == dearest["supported"]

    def test_are_of_a_stage_where_one_is_named(self) -> None:
        assert {one.stage for one in told("jyj", "school_fees", stage="senior").items} == {"senior"}
        refuses("jyj", "school_fees", stage="evening_school")

    def test_have_codes_of_their_own(self) -> None:
        codes = [one.code for one in told("jyj", "school_fees").items]

        assert len(set(codes)) == len(codes)


class TestAid:
    def test_for_anybody_fits_every_situation(self) -> None:
        found = {one.code for one in told("jyj", "student_aid", stage="kindergarten", situation="merit").items}

        assert found == {"PRE_FREE"}

    def test_fits_the_stage_and_the_situation(self) -> None:
        found = told("jyj", "student_aid", stage="university", situation="low_income").items

        assert {one.code for one in found} >= {"HE_GRANT", "HE_LOAN"}
        assert not any(one.kind == "scholarship" for one in found)
        assert all("university" in one.stages for one in found)

    def test_of_which_no_sum_was_checked_says_so(self) -> None:
        assert all(one.verified_on is None and one.source for one in told("jyj", "student_aid").items)

    def test_has_a_sum_unless_a_fee_is_waived_as_it_is(self) -> None:
        for one in told("jyj", "student_aid").items:
            assert (one.amount_fen is None) == (one.kind in {"waiver", "textbooks"})

    def test_of_situations_that_there_arent_is_refused(self) -> None:
        refuses("jyj", "student_aid", situation="rich")
