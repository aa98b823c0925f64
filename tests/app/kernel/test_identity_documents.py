"""Numbers of travel documents: their forms, both sides of each limit, and one form for each number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.identity_documents import (
    Document,
    DocumentFlaw,
    DocumentNumberInvalid,
    DocumentType,
    read_document,
)

NUMBERS = {
    "hm_permit": st.from_regex(r"\A[HM][0-9]{8}([0-9]{2})?\Z"),
    "tw_permit": st.from_regex(r"\A[0-9]{8}\Z"),
    "foreign_pr": st.from_regex(
        r"\A[A-Z]{3}[0-9]{4}(19|20|5[0-9]|8[0-9])(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{2}\Z"
    ),
}
TRAVELLING = st.sampled_from(["hm_permit", "tw_permit", "passport", "foreign_pr"])


def ascii_digits(text: str) -> bool:
    return text.isascii()


class TestReading:
    @pytest.mark.parametrize("kind", NUMBERS)
    @given(data=st.data())
    def test_takes_every_number_of_the_form_in_any_case_and_again(
        self, kind: DocumentType, data: st.DataObject
    ) -> None:
        text = data.draw(NUMBERS[kind].filter(ascii_digits))

        read = read_document(kind, text)

        assert read == read_document(kind, text.lower()) == read_document(kind, read.number)
        assert text.startswith(read.number)

    @given(state=st.from_regex(r"\A[A-Z]{1,3}\Z"), number=st.from_regex(r"\A[A-Z0-9]{5,9}\Z"))
    def test_keeps_passports_of_two_states_apart(self, state: str, number: str) -> None:
        read = read_document("passport", number, state)

        assert (read.number[:3].rstrip("<"), read.number[3:]) == (state, number)

    @given(kind=TRAVELLING, text=st.text(max_size=20), state=st.none() | st.text(max_size=4))
    def test_reads_or_refuses_anything_and_repeats_none_of_it(
        self, kind: DocumentType, text: str, state: str | None
    ) -> None:
        try:
            told = repr(read_document(kind, text, state))
        except DocumentNumberInvalid as error:
            told = str(error)

        assert told in {*DocumentFlaw, f"Document({kind})"}

    def test_recognises_a_permit_that_was_issued_anew(self) -> None:
        assert read_document("hm_permit", "h0535123402") == Document("hm_permit", "H05351234")

    @pytest.mark.parametrize(
        ("kind", "text", "state", "flaw"),
        [
            ("hm_permit", "H0535123", None, "form"),
            ("hm_permit", "H053512345", None, "form"),
            ("hm_permit", "T05351234", None, "form"),
            ("hm_permit", "H0535123\u0664", None, "form"),
            ("hm_permit", "H05351234", "CHN", "issuing_state"),
            ("tw_permit", "0535000", None, "form"),
            ("tw_permit", "053500011", None, "form"),
            ("passport", "C053", "GBR", "form"),
            ("passport", "C053500021", "GBR", "form"),
            ("passport", "C05350002", None, "issuing_state"),
            ("passport", "C05350002", "G1", "issuing_state"),
            ("passport", "C05350002", "GBRX", "issuing_state"),
            ("foreign_pr", "DEU37068102140", None, "form"),
            ("foreign_pr", "DEU3706810214031", None, "form"),
            ("foreign_pr", "DEU370681023003", None, "birth_date"),
            ("foreign_pr", "DEU370681130103", None, "birth_date"),
        ],
    )
    def test_names_what_is_wrong(self, kind: DocumentType, text: str, state: str | None, flaw: str) -> None:
        with pytest.raises(DocumentNumberInvalid) as refused:
            read_document(kind, text, state)

        assert refused.value.flaw == flaw
