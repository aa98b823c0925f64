"""The sandbox city's face for developers: people, their phones and faces, births, payers."""

import re
from datetime import date
from typing import Any, Final

from demo.report import NotSo
from demo.web import Server, eventually

_CODE: Final = re.compile(r"(?<![0-9])[0-9]{6}(?![0-9])")
_MOTHERS: Final = range(20, 46)


class City:
    """The city, played by hand."""

    def __init__(self, origin: str) -> None:
        self.server = Server(origin)

    def mothers(self) -> list[dict[str, Any]]:
        """Women who can give birth, the demo's own first."""
        people = self.server.get("/control/people?limit=400")["items"]
        this_year = date.today().year  # noqa: DTZ011 - only the year counts
        ages = {one["id_number"]: this_year - int(one["birth_date"][:4]) for one in people}
        return [one for one in people if one["sex"] == "female" and one["alive"] and ages[one["id_number"]] in _MOTHERS]

    def messages(self, phone: str) -> list[dict[str, Any]]:
        """What a phone received, the newest first."""
        items: list[dict[str, Any]] = self.server.get(f"/control/sms?phone={phone}")["items"]
        return items

    def code_on(self, phone: str, before: int) -> str:
        """The code in the newest message, once there are more than `before`."""
        message = eventually("the text message", lambda: self.messages(phone)[: len(self.messages(phone)) - before])[0]
        found = _CODE.search(message["text"])
        if found is None:
            raise NotSo("the text message holds no code")
        return found[0]

    def look_into_camera(self, id_number: str) -> str:
        """Have a person look into the camera; the token counts once."""
        token: str = self.server.post("/control/face", body={"id_number": id_number})["face_token"]
        return token

    def deliver(self, mother_id_number: str) -> dict[str, Any]:
        """Have a child born; the Health Commission tells the portal by itself."""
        birth: dict[str, Any] = self.server.post("/control/births", body={"mother_id_number": mother_id_number})
        return birth

    def confirm_payment(self, order_number: str) -> None:
        """Have the payer confirm an order in WeChat Pay."""
        self.server.post("/control/wechat-pay/pay", body={"out_trade_no": order_number})
