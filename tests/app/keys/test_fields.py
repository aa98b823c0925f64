"""Sealed columns and blind indexes."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.keys.fields import blind_index, open_field, place_of, seal_field
from app.keys.master import MasterKey
from app.keys.sealing import SealBroken, seal, unseal, version_of
from tests.makers.keys import a_master_key

MASTER = a_master_key(1, 2)
ROW = uuid4()
NUMBER = b"370602199001011234"


class TestSealField:
    @given(value=st.binary(max_size=500))
    def test_opens_in_its_place(self, value: bytes) -> None:
        sealed = seal_field("resident", "id_number", ROW, value, master=MASTER)

        assert open_field("resident", "id_number", ROW, sealed, master=MASTER) == value
        assert len(value) < 4 or value not in sealed

    def test_names_algorithm_and_version(self) -> None:
        sealed = seal_field("resident", "id_number", ROW, NUMBER, master=MASTER)

        assert sealed[0] == 1
        assert version_of(sealed) == 2

    def test_two_seals_of_one_value_differ(self) -> None:
        one, two = (seal_field("resident", "id_number", ROW, NUMBER, master=MASTER) for _ in range(2))

        assert one != two


class TestOpenField:
    @pytest.mark.parametrize(
        ("table", "column", "row"),
        [("officer", "id_number", ROW), ("resident", "phone", ROW), ("resident", "id_number", uuid4())],
    )
    def test_refuses_a_value_from_another_place(self, table: str, column: str, row: UUID) -> None:
        sealed = seal_field("resident", "id_number", ROW, NUMBER, master=MASTER)

        with pytest.raises(SealBroken):
            open_field(table, column, row, sealed, master=MASTER)

    def test_table_and_column_dont_run_into_each_other(self) -> None:
        assert place_of("ab", "c", ROW) != place_of("a", "bc", ROW)

    @given(st.data())
    def test_refuses_any_one_changed_byte(self, data: st.DataObject) -> None:
        sealed = seal_field("resident", "id_number", ROW, NUMBER, master=MASTER)
        place = data.draw(st.integers(0, len(sealed) - 1))
        changed = bytearray(sealed)
        changed[place] ^= data.draw(st.integers(1, 255))

        with pytest.raises(SealBroken):
            open_field("resident", "id_number", ROW, bytes(changed), master=MASTER)

    @given(length=st.integers(0, 50))
    def test_refuses_a_part(self, length: int) -> None:
        sealed = seal_field("resident", "id_number", ROW, NUMBER, master=MASTER)

        with pytest.raises(SealBroken):
            open_field("resident", "id_number", ROW, sealed[:length], master=MASTER)

    def test_an_older_version_still_opens_and_a_lost_one_doesnt(self) -> None:
        old = MasterKey({1: MASTER.versions[1]})
        sealed = seal_field("resident", "id_number", ROW, NUMBER, master=old)

        assert open_field("resident", "id_number", ROW, sealed, master=MASTER) == NUMBER
        with pytest.raises(SealBroken):
            open_field("resident", "id_number", ROW, sealed, master=MasterKey({2: MASTER.versions[2]}))

    def test_refuses_another_master_key(self) -> None:
        sealed = seal_field("resident", "id_number", ROW, NUMBER, master=MASTER)

        with pytest.raises(SealBroken):
            open_field("resident", "id_number", ROW, sealed, master=a_master_key(1, 2))


class TestUnseal:
    def test_refuses_an_algorithm_that_isnt_known(self) -> None:
        key = bytes(32)
        sealed = seal(key, 1, b"", b"value")

        with pytest.raises(SealBroken):
            unseal(lambda _: key, b"", b"\x02" + sealed[1:])


class TestBlindIndex:
    def test_finds_the_same_full_value(self) -> None:
        assert blind_index("phone", "13800000000", master=MASTER) == blind_index("phone", "13800000000", master=MASTER)
        assert len(blind_index("phone", "13800000000", master=MASTER)) == 32

    def test_tells_kinds_values_and_keys_apart(self) -> None:
        found = {
            blind_index("phone", "13800000000", master=MASTER),
            blind_index("phone", "13800000001", master=MASTER),
            blind_index("id_number", "13800000000", master=MASTER),
            blind_index("phone", "13800000000", master=a_master_key()),
            blind_index("phone1", "3800000000", master=MASTER),
        }

        assert len(found) == 5

    def test_rotation_loses_nobody(self) -> None:
        before = MasterKey({1: MASTER.versions[1]})

        assert blind_index("phone", "1", master=before) == blind_index("phone", "1", master=MASTER)
