"""The developers' face introduces people, and takes nothing that it can't read."""

import pytest

from tests.makers.city import MOTHER, STRANGER, Town


class TestPeople:
    async def test_shows_the_four_demo_people_first(self, town: Town) -> None:
        people = (await town.http.get("/control/people", params={"limit": 6})).json()["items"]

        assert [person["demo"] for person in people] == [True, True, True, True, False, False]
        assert [(person["name"], person["division"], person["relation"]) for person in people[:2]] == [
            ("于晓彤", "芝罘区", "妻"),
            ("孙䶮", "芝罘区", "户主"),
        ]
        assert people[0]["phone"].startswith("1990535")

    @pytest.mark.parametrize(("limit", "shown"), [("0", 1), ("-5", 1), ("3", 3), ("100000", 60)])
    async def test_shows_as_many_as_asked_for(self, town: Town, limit: str, shown: int) -> None:
        people = (await town.http.get("/control/people", params={"limit": limit})).json()["items"]

        assert shown <= len(people) <= shown + 60 * (limit == "100000")

    async def test_refuses_a_limit_that_is_no_number(self, town: Town) -> None:
        assert (await town.http.get("/control/people", params={"limit": "many"})).status_code == 400


class TestBodies:
    @pytest.mark.parametrize("path", ["births", "vaccinations", "face", "wechat-pay/pay"])
    @pytest.mark.parametrize(
        "body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"surprise":1}', b"[" * 5_000, b'{"id_number":"a\\u0000"}']
    )
    async def test_of_another_shape_are_refused(self, town: Town, path: str, body: bytes) -> None:
        response = await town.http.post(f"/control/{path}", content=body)

        assert (response.status_code, response.json()["code"]) == (400, "city_body_malformed")

    async def test_about_strangers_are_refused(self, town: Town) -> None:
        assert (await town.control("POST", "face", id_number=STRANGER)).status_code == 404


DOSE = {"vaccine": "MMR", "dose_no": 9, "date": "2026-11-22"}


class TestVaccinations:
    async def test_are_recorded_once(self, town: Town) -> None:
        first = await town.control("POST", "vaccinations", id_number=MOTHER, **DOSE)
        again = await town.control("POST", "vaccinations", id_number=MOTHER, **DOSE)

        assert (first.status_code, again.status_code) == (201, 409)

    @pytest.mark.parametrize(
        ("change", "status"),
        [
            ({"vaccine": "COVID"}, 400),
            ({"dose_no": 0}, 400),
            ({"date": "tomorrow"}, 400),
            ({"certificate_no": "Y370000001"}, 400),
            ({"id_number": STRANGER}, 404),
            ({"id_number": None, "certificate_no": "Y379999999"}, 404),
            ({"id_number": None}, 400),
        ],
    )
    async def test_that_make_no_sense_are_refused(self, town: Town, change: dict[str, object], status: int) -> None:
        response = await town.control("POST", "vaccinations", **({"id_number": MOTHER} | DOSE | change))

        assert response.status_code == status
