"""People of the sandbox city who sign in from outside, as many sessions each as a test needs."""

from dataclasses import dataclass, field
from typing import Any

from demo.keys import Key
from demo.scene import Mother, Scene
from demo.steps.arrival import CLIENT_ID
from demo.web import Bearer, Caller, Holder, Prover


@dataclass
class Townspeople:
    """Whoever hasn't been taken yet."""

    scene: Scene
    left: list[dict[str, Any]] = field(default_factory=list)

    def somebody(self) -> Mother:
        """Somebody else each time, signed in with a key of her own and known by her real name (level 2)."""
        self.left = self.left or self.scene.city.mothers()
        person = self.left.pop()
        key = Key.new()
        mother = Mother(person["name"], person["id_number"], person["phone"], key, Holder("", key))
        mother.holder = Holder(self._token(mother, Prover(key)), key)
        mother.id = self._prove_name(mother, mother.holder)
        return mother

    def without_key(self, mother: Mother) -> Bearer:
        """Another session of hers, by a token that is bound to no key, as a mini-program has it."""
        bearer = Bearer(self._token(mother, None))
        self._prove_name(mother, bearer)
        return bearer

    def _token(self, mother: Mother, prover: Prover | None) -> str:
        before = len(self.scene.city.messages(mother.phone))
        asked = self.scene.portal.post("/v1/sign-in/otp", body={"phone": mother.phone})
        code = self.scene.city.code_on(mother.phone, before)
        entered = {"challenge_id": asked["challenge_id"], "code": code, "client_id": CLIENT_ID}
        token: str = self.scene.portal.post("/v1/sign-in/otp/confirm", prover, entered)["access_token"]
        return token

    def _prove_name(self, mother: Mother, by: Caller) -> str:
        said = {"name": mother.name, "id_number": mother.id_number}
        person_id: str = self.scene.portal.post("/v1/me/real-name", by, said)["id"]
        return person_id
