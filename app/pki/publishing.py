"""What is published of our authorities: certificates and lists of revoked ones, by the names that certificates give them."""

import asyncio
from typing import Final

from app.kernel import clock
from app.kernel.database import fetch_all, transaction
from app.kernel.settings import load
from app.pki.authorities import ROOT, authorities, der, pki_folder
from app.pki.errors import AuthorityUnknown
from app.pki.lists import is_used, read_name
from app.pki.revocation import PKI, crl
from app.pki.setup import root_crl_path

BUNDLE: Final = "ca.pem"


def issuer_certificate(name: str) -> bytes:
    """The certificate (DER) of `root`, or of an authority such as `device`; refuses (`AuthorityUnknown`) others."""
    trusted = authorities()
    if name == ROOT:
        return der(trusted.root)
    issuer = trusted.by_name(name)
    if issuer is None:
        raise AuthorityUnknown
    return der(issuer.certificate)


async def revocation_list(name: str) -> bytes:
    """A list of revoked certificates (DER): `root`, an authority's whole list, or one of its lists such as `device-202611-07`.

    Refuses (`AuthorityUnknown`) every name that no certificate carries.
    """
    if name == ROOT:
        return await asyncio.to_thread(root_crl_path(pki_folder(load())).read_bytes)
    shard = read_name(name)
    issuer = authorities().by_name(name if shard is None else shard.authority)
    if issuer is None:
        raise AuthorityUnknown
    made, now = issuer.certificate.not_valid_before_utc, clock.now()
    if shard is not None and not is_used(shard, issuer.profile, made, now):
        raise AuthorityUnknown
    return await crl(issuer, shard)


async def files() -> dict[str, bytes]:
    """Everything that a static host must have, by file name: the bundle, each authority's certificate, and every list."""
    trusted = authorities()
    names = [issuer.name for issuer in trusted.all_issuers()]
    async with transaction(PKI):
        rows = await fetch_all(
            "SELECT DISTINCT revocation_list FROM certificate WHERE revocation_list IS NOT NULL AND not_after > $1",
            clock.now(),
        )
    certificates = {f"{name}.cer": issuer_certificate(name) for name in (ROOT, *names)}
    listed = (ROOT, *names, *(row["revocation_list"] for row in rows))
    lists = {f"{name}.crl": await revocation_list(name) for name in listed}
    return {BUNDLE: trusted.bundle()} | certificates | lists
