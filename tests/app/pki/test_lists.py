"""Lists of revoked certificates: which one is about whom, what stands on it, and how long it takes to make."""

import time
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as some

from app.kernel import clock
from app.kernel.ids import new_person_id
from app.pki import revocation
from app.pki.authorities import Authorities
from app.pki.certificates import Leaf, crl_address, make_leaf, new_key
from app.pki.crls import Revocation, make_crl
from app.pki.enrolment import issue
from app.pki.lists import ShardName, is_used, list_named_in, read_name, shard_name
from app.pki.profiles import PROFILES, Kind
from app.pki.revocation import crl, crl_of, revocations, revoke
from tests.makers.pki import AT, a_csr, a_leaf, the_authorities

DEVICE = PROFILES[Kind.DEVICE]
serials = some.integers(min_value=1, max_value=(1 << 159) - 1)
reasons = some.sampled_from(sorted(set(x509.ReasonFlags) - {x509.ReasonFlags.remove_from_crl}, key=str))
times = some.datetimes(datetime(2026, 1, 1), datetime(2060, 1, 1), timezones=some.just(UTC))  # noqa: DTZ001 - hypothesis adds it


class TestShardName:
    def test_is_cut_by_the_citys_month_of_issue(self) -> None:
        last_of_november_in_utc = datetime(2026, 11, 30, 16, tzinfo=UTC)

        assert str(shard_name("device", DEVICE, 0x107, last_of_november_in_utc)) == "device-202612-07"
        assert str(shard_name("device", DEVICE, 0x107, last_of_november_in_utc - timedelta(seconds=1))).startswith(
            "device-202611"
        )

    def test_is_cut_into_no_more_parts_than_the_profile_says(self) -> None:
        parts = {shard_name("device", DEVICE, serial, AT).part for serial in range(1_000)}
        one = {shard_name("seal", PROFILES[Kind.SEAL], serial, AT).part for serial in range(1_000)}

        assert (parts, one) == (set(range(16)), {0})

    @given(serials, times)
    def test_is_read_as_it_was_written(self, serial: int, at: datetime) -> None:
        name = shard_name("device-g2", DEVICE, serial, at)

        assert read_name(str(name)) == name

    @pytest.mark.parametrize(
        "text",
        [
            *(
                "",
                "device",
                "device-202611",
                "device-202613-00",
                "device-202600-00",
                "device-202611-7",
                "device-202611-0٣",
            ),
            *(
                "Device-202611-00",
                "device-g0-202611-00",
                "device-202611-00\n",
                "../device-202611-00",
                "a" * 17 + "-202611-00",
            ),
        ],
    )
    def test_is_nothing_else(self, text: str) -> None:
        assert read_name(text) is None

    @pytest.mark.parametrize(
        ("name", "used"),
        [
            (ShardName("device", 2026, 11, 0), True),
            (ShardName("device", 2027, 2, 15), True),
            (ShardName("device", 2026, 10, 0), False),
            (ShardName("device", 2027, 3, 0), False),
            (ShardName("device", 2026, 11, 16), False),
        ],
    )
    def test_is_used_from_the_authoritys_making_until_now(self, name: ShardName, *, used: bool) -> None:
        assert is_used(name, DEVICE, AT, datetime(2027, 2, 28, tzinfo=UTC)) is used


class TestListNamedIn:
    @pytest.mark.parametrize("kind", Kind)
    def test_finds_the_list_that_a_leaf_points_at(self, kind: Kind) -> None:
        leaf = a_leaf(kind)

        assert list_named_in(leaf) == str(shard_name(kind, PROFILES[kind], leaf.serial_number, AT))

    def test_finds_none_in_what_was_issued_before_lists_were_cut(self) -> None:
        assert list_named_in(the_authorities().issuer(Kind.DEVICE).certificate) is None


class TestMakeCrl:
    @given(some.lists(some.builds(Revocation, serials, times, reasons), max_size=40, unique_by=lambda one: one.serial))
    def test_says_what_the_library_reads(self, revoked: list[Revocation]) -> None:
        made = x509.load_der_x509_crl(make_crl(the_authorities().issuer(Kind.DEVICE).signer, revoked, AT))

        said = [(one.serial_number, one.revocation_date_utc, _reason_of(one)) for one in made]
        assert said == [(one.serial, one.at.replace(microsecond=0), one.reason) for one in revoked]
        assert made.is_signature_valid(the_authorities().issuer(Kind.DEVICE).signer.key.public_key())

    def test_names_the_certificates_that_a_cut_list_is_about(self) -> None:
        address = "http://127.0.0.1:8000/pki/device-202611-03.crl"

        made = x509.load_der_x509_crl(make_crl(the_authorities().issuer(Kind.DEVICE).signer, (), AT, address=address))

        scope = made.extensions.get_extension_for_class(x509.IssuingDistributionPoint)
        assert scope.critical
        assert scope.value.full_name == [x509.UniformResourceIdentifier(address)]
        assert scope.value.only_contains_user_certs
        assert not scope.value.indirect_crl

    def test_grows_in_number_with_time(self) -> None:
        signer = the_authorities().issuer(Kind.DEVICE).signer
        lists = [make_crl(signer, (), AT + timedelta(milliseconds=after)) for after in (0, 1)]

        first, second = (
            x509.load_der_x509_crl(one).extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
            for one in lists
        )

        assert second == first + 1

    def test_takes_time_in_proportion(self) -> None:
        signer = the_authorities().issuer(Kind.DEVICE).signer
        many = [Revocation(n, AT, x509.ReasonFlags.superseded) for n in range(1, 100_001)]
        started = time.perf_counter()

        made = make_crl(signer, many, AT)

        # The library's builder took 29 s on the machine where this takes a third of one.
        assert time.perf_counter() - started < 5
        assert len(x509.load_der_x509_crl(made)) == 100_000


def _reason_of(entry: x509.RevokedCertificate) -> x509.ReasonFlags:
    try:
        return entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except x509.ExtensionNotFound:
        return x509.ReasonFlags.unspecified


@pytest.mark.usefixtures("own")
class TestList:
    async def test_names_what_was_revoked_until_it_ends(self, own: Authorities) -> None:
        terminal = await issue(Kind.TERMINAL, a_csr(), None, "t-000123")
        certificate = x509.load_pem_x509_certificate(terminal.certificate.encode())
        await revoke(terminal.serial, x509.ReasonFlags.superseded)
        revocation._kept.clear()

        for der in (await crl(own.issuer(Kind.TERMINAL)), await crl_of(certificate, own.issuer(Kind.TERMINAL))):
            made = x509.load_der_x509_crl(der)
            entry = made.get_revoked_certificate_by_serial_number(certificate.serial_number)
            assert entry is not None
            assert entry.extensions.get_extension_for_class(x509.CRLReason).value.reason is x509.ReasonFlags.superseded
        later = clock.now() + timedelta(days=8)
        still_listed = await revocations(own.issuer(Kind.TERMINAL), None, later)
        assert certificate.serial_number not in {one.serial for one in still_listed}

    async def test_is_about_its_own_certificates_alone(self, own: Authorities) -> None:
        issued = await issue(Kind.DEVICE, a_csr(), new_person_id(), "d1.cit-list")
        name = list_named_in(x509.load_pem_x509_certificate(issued.certificate.encode()))
        assert name is not None
        mine = read_name(name)
        assert mine is not None
        await revoke(issued.serial, x509.ReasonFlags.key_compromise)
        revocation._kept.clear()

        for part in range(DEVICE.lists_a_month):
            shard = ShardName(mine.authority, mine.year, mine.month, part)
            made = x509.load_der_x509_crl(await crl(own.issuer(Kind.DEVICE), shard))
            listed = made.get_revoked_certificate_by_serial_number(int(issued.serial, 16)) is not None
            assert listed is (part == mine.part)
            scope = made.extensions.get_extension_for_class(x509.IssuingDistributionPoint).value
            assert scope.full_name == [x509.UniformResourceIdentifier(crl_address(own.place, str(shard)))]

    async def test_is_signed_by_the_kinds_authority(self, own: Authorities) -> None:
        made = x509.load_der_x509_crl(await crl(own.issuer(Kind.DEVICE)))

        assert made.is_signature_valid(own.issuer(Kind.DEVICE).signer.key.public_key())
        assert made.issuer == own.issuer(Kind.DEVICE).certificate.subject

    async def test_is_made_anew_within_half_a_minute(self, own: Authorities, monkeypatch: pytest.MonkeyPatch) -> None:
        first = await crl(own.issuer(Kind.SEAL))
        now = clock.now()

        monkeypatch.setattr(clock, "now", lambda: now + timedelta(seconds=31))

        assert await crl(own.issuer(Kind.SEAL)) != first

    async def test_of_another_generation_has_another_name(self, own: Authorities) -> None:
        second = msgspec.structs.replace(own.issuer(Kind.DEVICE), generation=2)

        leaf = make_leaf(second, new_key().public_key(), Leaf("d1.cit-g2"), AT)

        assert str(list_named_in(leaf)).startswith("device-g2-202611-")
