"""Merchants' codes are read strictly: published vectors pass, and every flaw has a name."""

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.card.emvco import Flaw, Method, Presented, crc, fen_of, joined, objects, read, write, yuan_of
from app.card.scan_errors import MerchantCodeForeign, MerchantCodeWrong

STATIC = "000201010211153112345678876543218983706490000015204490053031565802CN5912YANTAI WATER6006YANTAI6304EC20"
DYNAMIC = (
    "000201010212153112345678876543218983706490000015204490053031565406198.425802CN5912YANTAI WATER6006YANTAI"
    "62280112BILL2026112207080000000163040A3E"
)
PUBLISHED = (
    "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN5914BEST TRANSPORT"
    "6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603***0708A60086670902ME91320016A0112233449988770708123456786304"
)
"""The specification's own example, up to its checksum A13A."""
WHOLE = {
    "00": "01",
    "01": "12",
    "15": "1234567887654321898370649000001",
    "52": "4900",
    "53": "156",
    "54": "198.42",
    "58": "CN",
    "59": "YANTAI WATER",
    "60": "YANTAI",
    "62": "0112BILL20261122",
}
PRINTABLE = string.digits + string.ascii_letters + string.punctuation + " "


def a_text(**changed: str | None) -> str:
    """A code with a right checksum, some objects of which (`o54`) are others or missing."""
    values = WHOLE | {name[1:]: value for name, value in changed.items()}
    return checked(joined({name: value for name, value in values.items() if value is not None}))


def checked(body: str) -> str:
    """A body with its checksum."""
    return f"{body}6304{crc(f'{body}6304')}"


class TestCrc:
    def test_equals_its_vector(self) -> None:
        assert crc("123456789") == "29B1"

    def test_is_taken_over_its_own_name_and_length(self) -> None:
        assert crc(STATIC[:-4]) == "EC20"
        assert crc(DYNAMIC[:-4]) == "0A3E"
        assert crc(PUBLISHED) == "A13A"


class TestRead:
    def test_equals_the_static_vector(self) -> None:
        code = read(STATIC)

        assert (code.method, code.amount_fen, code.category) == (Method.STATIC, None, "4900")
        assert (code.name, code.city) == ("YANTAI WATER", "YANTAI")
        assert code.accounts == {"15": "1234567887654321898370649000001"}

    def test_equals_the_dynamic_vector(self) -> None:
        code = read(DYNAMIC)

        assert (code.method, code.amount_fen) == (Method.DYNAMIC, 19_842)
        assert code.additional == {"01": "BILL20261122", "07": "00000001"}

    def test_reads_the_specifications_own_example(self) -> None:
        code = read(f"{PUBLISHED}A13A")

        assert (code.name, code.amount_fen, code.others["55"]) == ("BEST TRANSPORT", 2_372, "01")
        assert objects(code.others["64"])["01"] == "最佳运输"
        assert code.account_of("d15600000001") == {"00": "D15600000001", "03": "12345678"}
        assert code.account_of("D15600000002") is None

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "0",
            "https://qr.95516.com/00010000/1",
            "wxp://f2f0",
            "付款码",
            "6212345678901234567",
            " " + STATIC,
            STATIC[4:],
        ],
    )
    def test_refuses_what_is_no_such_code(self, text: str) -> None:
        with pytest.raises(MerchantCodeForeign):
            read(text)

    @pytest.mark.parametrize(
        ("text", "flaw"),
        [
            (STATIC[:-4] + "EC21", Flaw.CHECKSUM),
            (STATIC[:-4] + "ec20", Flaw.CHECKSUM),
            (STATIC[:-1], Flaw.ORDER),
            (STATIC + " ", Flaw.ORDER),
            (STATIC + "\n", Flaw.CHARACTERS),
            (STATIC[:-8], Flaw.ORDER),
            (a_text(o00="02"), Flaw.VALUE),
            (a_text(o01="13"), Flaw.VALUE),
            (a_text(o15=None), Flaw.MISSING),
            (a_text(o26="0104ABCD"), Flaw.MISSING),
            (a_text(o26="0012EXAMPLE"), Flaw.LENGTH),
            (a_text(o26="0003A.B0003A.C"), Flaw.DUPLICATE),
            (a_text(o52=None), Flaw.MISSING),
            (a_text(o52="49"), Flaw.VALUE),
            (a_text(o53=None), Flaw.MISSING),
            (a_text(o53="840"), Flaw.CURRENCY),
            (a_text(o53="CNY"), Flaw.VALUE),
            (a_text(o55="02"), Flaw.MISSING),
            (a_text(o55="04"), Flaw.VALUE),
            (a_text(o55="02", o56="0"), Flaw.AMOUNT),
            (a_text(o56="1"), Flaw.VALUE),
            (a_text(o58="US"), Flaw.COUNTRY),
            (a_text(o58="cn"), Flaw.VALUE),
            (a_text(o59="N" * 26), Flaw.VALUE),
            (a_text(o59="自来水"), Flaw.CHARACTERS),
            (a_text(o60="C" * 16), Flaw.VALUE),
            (a_text(o62="0126" + "B" * 26), Flaw.LENGTH),
            (a_text(o62="01"), Flaw.LENGTH),
            (a_text(o64="中" * 99, o65="中" * 99, o66="中" * 99, o67="中" * 99, o68="中" * 99), Flaw.LENGTH),
            (checked(joined(WHOLE) + "0200"), Flaw.LENGTH),
            (checked(joined(WHOLE) + "02"), Flaw.LENGTH),
            (checked(joined(WHOLE) + "02１１A"), Flaw.LENGTH),
            (checked(joined(WHOLE) + "5406198.42"), Flaw.DUPLICATE),
            (checked("000201" + joined(WHOLE)), Flaw.DUPLICATE),
            (checked(checked(joined(WHOLE))), Flaw.DUPLICATE),
            (checked(joined(WHOLE) + "9909"), Flaw.LENGTH),
        ],
    )
    def test_names_each_flaw(self, text: str, flaw: Flaw) -> None:
        with pytest.raises(MerchantCodeWrong) as refusal:
            read(text)

        assert refusal.value.facts["flaw"] == flaw

    @given(st.data(), st.sampled_from([STATIC, DYNAMIC]))
    def test_refuses_any_single_changed_character(self, data: Any, text: str) -> None:
        place = data.draw(st.integers(0, len(text) - 1))
        other = data.draw(st.sampled_from(PRINTABLE.replace(text[place], "")))

        with pytest.raises((MerchantCodeWrong, MerchantCodeForeign)):
            read(text[:place] + other + text[place + 1 :])

    @given(st.data(), st.sampled_from([STATIC, DYNAMIC]))
    def test_refuses_a_lost_character(self, data: Any, text: str) -> None:
        place = data.draw(st.integers(0, len(text) - 1))

        with pytest.raises((MerchantCodeWrong, MerchantCodeForeign)):
            read(text[:place] + text[place + 1 :])

    @given(st.text())
    def test_refuses_or_reads_anything(self, text: str) -> None:
        for one in (text, f"0002{text}", checked(f"000201{text}")):
            try:
                read(one)
            except (MerchantCodeWrong, MerchantCodeForeign):
                continue


class TestAmount:
    @pytest.mark.parametrize(
        ("yuan", "fen"),
        [
            ("198.42", 19_842),
            ("1.0", 100),
            ("98", 9_800),
            ("98.", 9_800),
            ("0.01", 1),
            ("007", 700),
            ("9999999999.99", 999_999_999_999),
        ],
    )
    def test_may_have_decimals(self, yuan: str, fen: int) -> None:
        assert fen_of(yuan) == fen
        assert read(a_text(o54=yuan)).amount_fen == fen

    @pytest.mark.parametrize(
        "yuan",
        [
            "0",
            "0.00",
            "-1",
            "+1",
            "1e3",
            "1E3",
            "1,000",
            "1 000",
            ".5",
            ".",
            "1.234",
            "1.2.3",
            "0x10",
            "NaN",
            "99999999999.99",
        ],
    )
    def test_is_nothing_else(self, yuan: str) -> None:
        with pytest.raises(MerchantCodeWrong) as refusal:
            read(a_text(o54=yuan))

        assert refusal.value.facts == {"flaw": Flaw.AMOUNT, "object": "54"}

    @pytest.mark.parametrize("yuan", ["", "１", "٣", "1\n", "²"])
    def test_takes_no_other_digits(self, yuan: str) -> None:
        with pytest.raises(MerchantCodeWrong):
            fen_of(yuan)

    @given(st.integers(1, 10**12 - 1))
    def test_comes_back_as_it_was_written(self, fen: int) -> None:
        assert fen_of(yuan_of(fen)) == fen


def _line(most: int) -> st.SearchStrategy[str]:
    return st.text(PRINTABLE, min_size=1, max_size=most)


CODES = st.builds(
    Presented,
    accounts=st.dictionaries(st.sampled_from(["02", "15", "25"]), _line(99), min_size=1).flatmap(
        lambda accounts: st.just(accounts) | _line(20).map(lambda guid: accounts | {"26": joined({"00": guid})})
    ),
    category=st.text(string.digits, min_size=4, max_size=4),
    name=_line(25),
    city=_line(15),
    method=st.none() | st.sampled_from(Method),
    amount_fen=st.none() | st.integers(1, 10**12 - 1),
    additional=st.dictionaries(st.sampled_from(["01", "05"]), _line(25)) | st.just({"07": "T1"}),
    others=st.just({}) | st.just({"64": "0002zh0103自来水"}) | _line(30).map(lambda more: {"81": more}),
)


class TestWrite:
    @pytest.mark.parametrize("text", [STATIC, DYNAMIC])
    def test_equals_its_vectors(self, text: str) -> None:
        assert write(read(text)) == text

    @given(CODES)
    def test_is_read_back_whole(self, code: Presented) -> None:
        assert read(write(code)) == code

    @pytest.mark.parametrize(
        "changed",
        [
            {"name": ""},
            {"name": "N" * 26},
            {"name": "自来水"},
            {"category": "49"},
            {"amount_fen": 0},
            {"amount_fen": -1},
            {"amount_fen": 10**13},
            {"accounts": {}},
            {"accounts": {"99": "A"}},
            {"accounts": {"15": "A" * 100}},
            {"additional": {"01": "B" * 26}},
        ],
    )
    def test_refuses_what_no_code_can_say(self, changed: dict[str, Any]) -> None:
        told = {"accounts": {"15": "A"}, "category": "4900", "name": "WATER", "city": "YANTAI"}

        with pytest.raises(MerchantCodeWrong):
            write(Presented(**(told | changed)))
