"""DER as we write it, beside what a library writes of the same values."""

from datetime import UTC, datetime

import pytest
from asn1crypto import cms, core
from hypothesis import given
from hypothesis import strategies as st

from app.pki.der_writing import generalized_time, integer, object_identifier, octets, sequence, set_of, utc_time
from app.pki.timestamps import stamp_over
from tests.makers.pki import AT, the_authorities

TIMES = st.datetimes(datetime(1950, 1, 1), datetime(2049, 12, 31)).map(lambda at: at.replace(tzinfo=UTC, microsecond=0))  # noqa: DTZ001 - bounds


class TestValues:
    @given(st.integers(-(2**600), 2**600))
    def test_integers(self, value: int) -> None:
        assert integer(value) == core.Integer(value).dump()

    @pytest.mark.parametrize("value", [0, 1, -1, 127, 128, -128, -129, 255, 256, 2**63, 2**127])
    def test_integers_where_an_octet_more_is_needed(self, value: int) -> None:
        assert integer(value) == core.Integer(value).dump()

    @given(st.binary(max_size=300))
    def test_octets(self, value: bytes) -> None:
        assert octets(value) == core.OctetString(value).dump()

    @pytest.mark.parametrize("size", [127, 128, 255, 256, 65_535, 65_536])
    def test_lengths(self, size: int) -> None:
        assert octets(bytes(size)) == core.OctetString(bytes(size)).dump()

    @given(st.lists(st.integers(0, 2**40), max_size=8), st.integers(0, 2), st.integers(0, 39))
    def test_object_identifiers(self, others: list[int], first: int, second: int) -> None:
        dotted = ".".join(str(arc) for arc in (first, second, *others))

        assert object_identifier(dotted) == core.ObjectIdentifier(dotted).dump()

    @given(TIMES)
    def test_times(self, at: datetime) -> None:
        assert generalized_time(at) == core.GeneralizedTime(at).dump()
        assert utc_time(at) == core.UTCTime(at).dump()

    @given(st.lists(st.binary(max_size=20), max_size=6))
    def test_sets_are_in_order(self, values: list[bytes]) -> None:
        ours = set_of(*(octets(one) for one in values))

        assert ours == core.SetOf([core.OctetString(one) for one in values], spec=core.OctetString).dump()

    def test_sequences_hold_their_parts(self) -> None:
        assert sequence(integer(1), octets(b"x")) == b"\x30\x06\x02\x01\x01\x04\x01x"


class TestToken:
    def test_is_written_as_a_library_writes_what_it_reads(self) -> None:
        token = stamp_over(b"a signature", the_authorities(), AT)

        read = cms.ContentInfo.load(token, strict=True)

        assert read.native["content_type"] == "signed_data"
        assert read.dump(force=True) == token
