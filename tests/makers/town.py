"""A running product with two workers and the people around it, all from outside."""

from dataclasses import dataclass

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from demo.certificates import Trust
from demo.officers import SignedIn
from demo.scene import Mother, Scene
from demo.terminals import Terminal
from demo.web import Caller
from tests.makers.afresh import Afresh, Ask, seconds_until
from tests.makers.product import Product
from tests.makers.townspeople import Townspeople


@dataclass(frozen=True)
class Town:
    """`scene` asks on one kept connection, `portal` on a new one for each request."""

    product: Product
    scene: Scene
    portal: Afresh
    trust: Trust
    people: Townspeople

    def get(self, path: str, by: Caller, acting_for: str | None = None) -> Ask:
        """Something to ask again and again."""
        fields = {"Fuhai-Acting-For": acting_for} if acting_for else {}
        return lambda: self.portal.send("GET", path, by, fields=fields)

    def post(self, path: str, by: Caller, body: object = None) -> Ask:
        """Something to ask again and again, each time under a key of its own."""
        return lambda: self.portal.send("POST", path, by, body=body)

    def officer(self, code: str) -> SignedIn:
        """One of the demo's officers, signed in."""
        return self.scene.officer(code).sign_in(self.scene.portal, self.scene.report.say)

    def terminal(self) -> Terminal:
        """The demo's terminal, signed on."""
        terminal = Scene(self.portal, self.scene.city, self.scene.report, self.scene.var).terminal(self.trust)
        terminal.sign_on()
        return terminal

    def code(self, payer: Mother) -> str:
        """A code to pay with once."""
        code: str = self.scene.portal.get("/v1/card/code", payer.holder)["code"]
        return code

    def seconds_until_ocsp_says_so(self, certificate: x509.Certificate) -> float:
        """How long it takes until a certificate is revoked whichever worker is asked."""
        return seconds_until(self.portal, lambda: self._answered(certificate) == ocsp.OCSPCertStatus.REVOKED)

    def seconds_until_listed(self, certificate: x509.Certificate) -> float:
        """How long it takes until a certificate stands on the list that it names, whichever worker gives it."""
        return seconds_until(self.portal, lambda: self.is_listed(certificate))

    def is_listed(self, certificate: x509.Certificate) -> bool:
        """Whether a certificate stands on the list that it names, as one worker gives it."""
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
        address = httpx.URL((points[0].full_name or [])[0].value)
        listed = x509.load_der_x509_crl(self.portal.send("GET", address.path).content)
        return listed.get_revoked_certificate_by_serial_number(certificate.serial_number) is not None

    def _answered(self, certificate: x509.Certificate) -> ocsp.OCSPCertStatus:
        builder = ocsp.OCSPRequestBuilder()
        asked = builder.add_certificate(certificate, self.trust.issuer_of(certificate), hashes.SHA256()).build()
        request = httpx.Request(
            "POST",
            f"{self.portal.origin}/pki/ocsp",
            headers={"content-type": "application/ocsp-request"},
            content=asked.public_bytes(Encoding.DER),
        )
        return ocsp.load_der_ocsp_response(self.portal.exchange(request).content).certificate_status
