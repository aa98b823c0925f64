"""Before anything else: is it there, what does it offer, and by what are its words checked?"""

from typing import Any, Final

import jwt

from demo.certificates import Trust
from demo.report import require
from demo.scene import Scene

_OPERATIONS: Final = {"confirmSignInCode", "submitCase", "approveCase", "payAtTerminal", "verify", "announceUpload"}


def meet(scene: Scene) -> tuple[Trust, dict[str, Any]]:
    """Look at health and contract, get the certificates and the keys of tokens; gives both."""
    scene.report.part("信任", "Trust")
    with scene.report.step("服务就绪，契约可读", "The server is ready and shows its contract") as step:
        require(scene.portal.get("/health/ready")["status"] == "ready", "the server isn't ready")
        contract = scene.portal.get("/schema/openapi.json")
        operations = {
            one["operationId"] for path in contract["paths"].values() for one in path.values() if "operationId" in one
        }
        require(operations >= _OPERATIONS, f"the contract lacks {', '.join(sorted(_OPERATIONS - operations))}")
        step.proves(f"OpenAPI {contract['openapi']} with {len(operations)} operations")
    with scene.report.step("证书链直达根证书", "Certificates lead to one root") as step:
        bundle = scene.portal.send("GET", "/pki/ca.pem").content
        trust = Trust(bundle)
        (scene.out / "ca.pem").write_bytes(bundle)
        step.proves(
            f"{len(trust.issuers)} authorities, each signed by the root, each for its own subtree of names only"
        )
        step.proves(f"root SHA-256 {trust.fingerprint[:47]}…")
    with scene.report.step("令牌公钥已公布", "The keys of tokens are published") as step:
        keys = scene.portal.get("/.well-known/jwks.json")
        private = [one["kid"] for one in keys["keys"] if "d" in one]
        require(keys["keys"] and not private, f"the key set is empty or shows private halves: {private}")
        step.proves(f"{len(keys['keys'])} public key(s), ES256, no private half")
    return trust, keys


def claims(token: str, keys: dict[str, Any], origin: str) -> dict[str, Any]:
    """The claims of an access token whose signature holds by a published key, for this server, now."""
    header = jwt.get_unverified_header(token)
    require(header["typ"] == "at+jwt" and header["alg"] == "ES256", "the token isn't an ES256 access token (RFC 9068)")
    found = [one for one in keys["keys"] if one["kid"] == header["kid"]]
    require(len(found) == 1, "the token names a key that isn't published")
    said: dict[str, Any] = jwt.decode(
        token, jwt.PyJWK(found[0]), ["ES256"], audience=f"{origin}/v1", issuer=origin, leeway=5
    )
    return said
