"""The ways up, by what somebody lacks."""

from hypothesis import given
from hypothesis import strategies as st

from app.kernel.assurance import BY_DEVICE, BY_PHONE, ways_up

LEVELS = st.integers(BY_PHONE, BY_DEVICE)


@given(level=LEVELS, required=LEVELS, named=st.booleans(), has_device=st.booleans())
def test_lead_over_every_level_that_is_missing(level: int, required: int, named: bool, has_device: bool) -> None:  # noqa: FBT001
    ways = ways_up(level, required, named=named, has_device=has_device)

    assert [way.to_level for way in ways] == sorted(way.to_level for way in ways)
    assert {way.to_level for way in ways} == set(range(level + 1, required + 1))


@given(level=LEVELS, required=LEVELS, named=st.booleans())
def test_name_no_device_to_who_has_none(level: int, required: int, named: bool) -> None:  # noqa: FBT001
    operations = {way.operation for way in ways_up(level, required, named=named, has_device=False)}

    assert operations <= {"proveRealName", "enrolDevice"}
