"""What `fuhai migrate` makes besides tables; safe to repeat.

Authorities, the exchange's certificates, the catalogue, and with the sandbox city the demo's officers and terminal.
"""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from app.card.demo import prepare_demo_merchant
from app.identity import departments
from app.identity.demo import MERCHANT_CODE, MERCHANT_NAME, prepare_demo
from app.kernel import clock, migrating
from app.kernel.database import close_pool, open_pool
from app.kernel.settings import Settings
from app.kernel.words import Words
from app.keys.provider import ensure_key
from app.keys.x509_keys import CertificateKey
from app.outside import PORTAL, city_folder, exchange_keys, parties_folder
from app.pki import enrolment, setup
from integrations.city import keys as city_keys
from integrations.departments.directory import NAMES
from lifecycle.catalogue.files import shipped_files
from lifecycle.catalogue.publishing import publish_files

_RENEW_BEFORE: Final = timedelta(days=30)


async def bring_up_to_date(settings: Settings) -> None:
    """Bring tables, keys, certificates and catalogue up to date."""
    await migrating.migrate(settings)
    await open_pool(settings)
    try:
        await prepare(settings)
    finally:
        await close_pool()


async def prepare(settings: Settings) -> None:
    """Make what is missing, and renew what comes near its end."""
    trusted = await asyncio.to_thread(setup.prepare, settings)
    await enrolment.record_own(trusted)
    await certify_exchange(settings)
    await departments.publish({code: one.name for code, one in shipped_files().departments.items()})
    if settings.city:
        await prepare_demo(settings)
        await prepare_demo_merchant(
            settings.var / "demo", MERCHANT_CODE, Words(zh=MERCHANT_NAME, en="Zhenhua Supermarket"), "5411"
        )
    await publish_files()


async def certify_exchange(settings: Settings) -> None:
    """Give the portal, and the sandbox's departments where they are played, the certificates that the exchange goes by."""
    await _certify_portal(settings)
    if settings.city:
        await _certify_city(settings)


async def _certify_portal(settings: Settings) -> None:
    """Give the portal its own certificate for the exchange, where departments (or the city) find it."""
    keys = exchange_keys(settings)
    await asyncio.to_thread(ensure_key, keys, PORTAL)
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    signed = request.sign(CertificateKey(keys, PORTAL), hashes.SHA256())
    csr = parties_folder(settings) / f"{PORTAL}.csr"
    csr.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    await asyncio.to_thread(csr.write_bytes, signed.public_bytes(Encoding.PEM))
    await _certify(csr, PORTAL, parties_folder(settings) / f"{PORTAL}.pem")


async def _certify_city(settings: Settings) -> None:
    """Give the sandbox's departments certificates, and the portal's to the sandbox."""
    folder = city_folder(settings)
    keys = await asyncio.to_thread(city_keys.prepare, folder, settings.issuer_domain)
    for code in NAMES:
        await _certify(keys.department_request(code.lower()), code.lower(), keys.certificate(code.lower()))
    keys.certificate(PORTAL).write_bytes((parties_folder(settings) / f"{PORTAL}.pem").read_bytes())


async def _certify(csr: Path, name: str, target: Path) -> None:
    """Issue a certificate unless there is one that lives long enough."""
    if not await asyncio.to_thread(_lives, target):
        chain = await enrolment.issue_department(csr, name)
        await asyncio.to_thread(target.write_text, chain, encoding="ascii")


def _lives(path: Path) -> bool:
    """Say whether a file holds a certificate that isn't near its end."""
    if not path.exists():
        return False
    ends = x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc
    return ends - clock.now() > _RENEW_BEFORE
