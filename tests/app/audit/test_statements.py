"""What an entry says, as bytes: one spelling only."""

from datetime import date, datetime, timedelta, timezone
from typing import Final
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audit.statements import (
    ActStatement,
    HeadsStatement,
    StatementWrong,
    encoded,
    leaf_of,
    read,
    salt_of,
)
from app.keys.sealing import new_key

LOOK: Final = ActStatement(
    about=UUID("01900000-0000-7000-8000-00000000003c"),
    act="case_looked_at",
    actor="officer:01900000-0000-7000-8000-000000000008",
    actor_department="GAJ",
    actor_kind="officer",
    at=datetime(2026, 11, 29, 9, 2, 3, 4, timezone(timedelta(hours=8))),
    basis_id="YT202611290100001",
    basis_kind="case",
    id=UUID("01900000-0000-7000-8000-00000000103c"),
    on_behalf_of=None,
    person_number=1,
    person_previous="00" * 32,
    subject=None,
)
BYTES: Final = (
    b'{"about":"01900000-0000-7000-8000-00000000003c","act":"case_looked_at",'
    b'"actor":"officer:01900000-0000-7000-8000-000000000008","actor_department":"GAJ","actor_kind":"officer",'
    b'"at":"2026-11-29T09:02:03.000004+08:00","basis_id":"YT202611290100001","basis_kind":"case",'
    b'"id":"01900000-0000-7000-8000-00000000103c","kind":"act","on_behalf_of":null,"person_number":1,'
    b'"person_previous":"0000000000000000000000000000000000000000000000000000000000000000","subject":null,"v":1}'
)
"""The example of docs/sealed-log.md."""
LEAF: Final = "9e29877048f5eeb967105c38ed0ff7b5e8a1cd558fd5acc8c11f01a8f1b0ffe4"


class TestBytes:
    def test_are_those_of_the_specification(self) -> None:
        assert encoded(LOOK) == BYTES
        assert leaf_of(bytes(range(32)), BYTES).hex() == LEAF

    def test_members_stand_in_the_order_of_rfc_8785(self) -> None:
        for kind in (ActStatement, HeadsStatement):
            names = [field.name for field in msgspec.structs.fields(kind)]
            assert names == sorted(names)

    @given(st.text(max_size=40), st.datetimes(timezones=st.just(LOOK.at.tzinfo)))
    def test_are_read_back(self, text: str, at: datetime) -> None:
        said = msgspec.structs.replace(LOOK, basis_id=text.encode(errors="replace").decode(), at=at)

        assert read(encoded(said)) == said

    def test_of_heads_are_read_back(self) -> None:
        said = HeadsStatement(day=date(2026, 11, 29), persons=7, root="ab" * 32)

        assert read(encoded(said)) == said

    @pytest.mark.parametrize(
        "text",
        [
            *(b"", b"{}", b"[]", b"null", b"\xff", b"[" * 5_000),
            BYTES + b" ",
            BYTES.replace(b'"v":1', b'"v":2'),
            BYTES.replace(b'"kind":"act"', b'"kind":"heads"'),
            BYTES.replace(b'"kind":"act"', b'"kind":"other"'),
            BYTES.replace(b'"subject":null,', b""),
            BYTES.replace(b'"v":1', b'"v":1,"w":1'),
            BYTES.replace(b'"act":"case_looked_at",', b'"act":"case_looked_at","act":"case_looked_at",'),
            BYTES.replace(b"case_looked_at", rb"case_looked_a\u0074"),
            BYTES.replace(b"000004+08:00", b"000004+00:00").replace(b"+00:00", b"Z "),
        ],
    )
    def test_another_spelling_is_refused(self, text: bytes) -> None:
        with pytest.raises(StatementWrong):
            read(text)


class TestSalts:
    def test_follow_from_the_persons_key_and_the_act(self) -> None:
        key, other = new_key(), new_key()

        assert salt_of(key, LOOK.id) == salt_of(key, LOOK.id)
        assert len({salt_of(key, LOOK.id), salt_of(other, LOOK.id), salt_of(key, LOOK.about)}) == 3
        assert len(salt_of(key, LOOK.id)) == 32
