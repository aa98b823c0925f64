"""Keys are made once, readable by their owner only, and name who they belong to."""

import stat
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from integrations.city.keys import (
    DEPARTMENTS,
    CityKeys,
    keyid,
    prepare,
    read_accounts,
    read_p256_key,
    read_public_key,
    read_rsa_key,
    read_rsa_public_key,
)
from tests.makers.city import Town


@pytest.fixture
def keys(town: Town) -> CityKeys:
    return town.keys


class TestPrepare:
    def test_makes_everything_once(self, prepared: Path) -> None:
        prepare(prepared)
        before = {file.name: file.read_bytes() for file in prepared.iterdir()}

        prepare(prepared)

        assert {file.name: file.read_bytes() for file in prepared.iterdir()} == before

    def test_makes_again_only_what_is_missing(self, prepared: Path) -> None:
        kept = (prepared / "gaj.key.pem").read_bytes()
        (prepared / "wjw.key.pem").unlink()

        keys = prepare(prepared)

        assert keys.department_key("wjw").exists()
        assert keys.department_key("gaj").read_bytes() == kept

    def test_agrees_with_itself_when_several_come_at_once(self, tmp_path: Path) -> None:
        with ProcessPoolExecutor(3, mp_context=get_context("spawn")) as processes:
            keys = next(iter(list(processes.map(prepare, [tmp_path] * 3))))

        request = x509.load_pem_x509_csr(keys.department_request("gaj").read_bytes())
        assert request.public_key() == read_p256_key(keys.department_key("gaj")).public_key()
        assert read_rsa_key(keys.platform_key).public_key() == read_rsa_public_key(keys.platform_public_key)

    def test_lets_nobody_else_read(self, keys: CityKeys) -> None:
        made = [file for file in keys.folder.iterdir() if file.name != "portal.pem" and "sqlite" not in file.name]

        assert len(made) == 2 * len(DEPARTMENTS) + 6
        assert {stat.S_IMODE(file.stat().st_mode) for file in made} == {0o600}


class TestRequests:
    @pytest.mark.parametrize("department", DEPARTMENTS)
    def test_name_the_department_and_prove_the_key(self, keys: CityKeys, department: str) -> None:
        request = x509.load_pem_x509_csr(keys.department_request(department).read_bytes())

        names = request.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        assert names.get_values_for_type(x509.DNSName) == [f"{department}.dept.fuhai.example"]
        assert request.is_signature_valid
        assert request.public_key() == read_p256_key(keys.department_key(department)).public_key()

    def test_take_the_domain_of_the_settings(self) -> None:
        assert keyid("gaj", "yantai.example") == "gaj.dept.yantai.example"


class TestAccounts:
    def test_have_an_apiv3_key_of_32_bytes(self, keys: CityKeys) -> None:
        assert len(read_accounts(keys).apiv3_key.encode()) == 32

    def test_show_no_secret(self, keys: CityKeys) -> None:
        accounts = read_accounts(keys)

        assert accounts.apiv3_key not in repr(accounts)
        assert accounts.sms_secret_key not in repr(accounts)

    def test_public_halves_fit(self, keys: CityKeys) -> None:
        assert read_rsa_key(keys.merchant_key).public_key() == read_rsa_public_key(keys.merchant_public_key)
        assert read_rsa_key(keys.platform_key).public_key() == read_rsa_public_key(keys.platform_public_key)


class TestReading:
    def test_refuses_a_key_of_another_kind(self, keys: CityKeys) -> None:
        with pytest.raises(TypeError):
            read_rsa_key(keys.department_key("gaj"))
        with pytest.raises(TypeError):
            read_p256_key(keys.merchant_key)

    def test_takes_a_certificate_or_a_public_key(self, keys: CityKeys) -> None:
        assert isinstance(read_public_key(keys.certificate("portal").read_bytes()), ec.EllipticCurvePublicKey)

    def test_refuses_anything_else(self) -> None:
        with pytest.raises(ValueError):
            read_public_key(b"-----BEGIN CERTIFICATE-----\nnonsense")
