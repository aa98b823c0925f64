"""What is printed ends in a log: nothing with a number, a code or a secret in it prints any."""

from uuid import uuid4

import pytest

from app.identity import one_time_codes, structs
from app.identity.officers import Appointed
from app.identity.refresh_tokens import RefreshToken
from app.kernel import clock
from app.pki.enrolment import Issued
from app.pki.profiles import Kind
from app.residents.structs import Person
from tests.makers.people import a_phone, an_id_number

NUMBER, PHONE = an_id_number(), a_phone()


class TestRepr:
    @pytest.mark.parametrize(
        "private",
        [
            structs.RealName("王小红", NUMBER),
            structs.PhoneEntered(PHONE),
            structs.RefreshAsked("secret"),
            structs.OfficerSignIn("A-1", "nonce", "signature", "123456"),
            Appointed(uuid4(), Issued(Kind.OFFICER, "a-1", "0", "", "", clock.now()), "secret"),
            RefreshToken("secret", uuid4(), 0),
            one_time_codes._Sent(PHONE, b""),
            Person(name="王小红", id_number=NUMBER, phone=PHONE),
        ],
    )
    def test_shows_nothing(self, private: object) -> None:
        for secret in (NUMBER, PHONE, "王小红", "secret", "123456", "signature"):
            assert secret not in repr(private)
