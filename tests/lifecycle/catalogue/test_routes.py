"""The catalogue over HTTP: found by anyone, cached by everyone, refused by name."""

from typing import Any

import httpx
import pytest

QUESTION = {"birth_date": "2026-01-10", "sex": "male", "as_of": "2026-11-22"}


async def asked(http: httpx.AsyncClient, path: str, **query: object) -> Any:
    answer = await http.get(path, params={name: str(value) for name, value in query.items()})
    assert answer.status_code == 200, answer.text
    return answer.json()


class TestStages:
    async def test_lists_ten_in_the_order_of_life(self, http: httpx.AsyncClient) -> None:
        stages = (await asked(http, "/v1/stages"))["items"]

        assert [stage["code"] for stage in stages] == [f"{n:02d}" for n in range(1, 11)]
        assert [stage["slug"] for stage in stages] == [
            *("birth", "education", "work", "marriage", "medical", "housing"),
            *("travel", "social_security", "tax", "living"),
        ]
        assert stages[0]["matters"] == 11
        assert stages[0]["name"] == {"zh": "出生", "en": "Birth"}

    async def test_shows_what_stands_beside_them(self, http: httpx.AsyncClient) -> None:
        assert (await asked(http, "/v1/stages/citizen_card"))["code"] == "11"
        card = (await asked(http, "/v1/matters", stage="citizen_card", limit=100))["items"]
        assert {"citizen_card_apply", "citizen_card_topup"} <= {matter["code"] for matter in card}

    async def test_shows_one(self, http: httpx.AsyncClient) -> None:
        assert (await asked(http, "/v1/stages/tax"))["code"] == "09"

    async def test_refuses_an_unknown_one(self, http: httpx.AsyncClient) -> None:
        answer = await http.get("/v1/stages/afterlife", headers={"Accept-Language": "en"})

        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert (answer.json()["code"], answer.json()["stage"]) == ("stage_unknown", "afterlife")


class TestSituations:
    async def test_are_listed_in_the_order_of_a_life_as_people_put_them(self, http: httpx.AsyncClient) -> None:
        items = (await asked(http, "/v1/situations"))["items"]

        assert items[0]["code"] == "E_PREGNANT"
        school = next(one for one in items if one["code"] == "E_AGE6")
        assert "孩子上小学" in school["said"]
        found = (await asked(http, "/v1/matters", situation="E_AGE6", limit=100))["items"]
        assert school["matters"] == len(found)


class TestMatters:
    async def test_lists_those_of_a_stage_and_kind(self, http: httpx.AsyncClient) -> None:
        page = await asked(http, "/v1/matters", stage="birth", kind="calc")

        assert [matter["code"] for matter in page["items"]] == ["antenatal_exam", "infant_immunization"]
        assert page["items"][1]["live"] == ["query", "calc", "book", "push"]
        assert page["next"] is None

    @pytest.mark.parametrize("q", ["疫苗", "YIMIAO", "etymjz", "打预防针", "vaccin", "ＨＰＶ"])
    async def test_finds_by_what_people_type(self, http: httpx.AsyncClient, q: str) -> None:
        codes = [matter["code"] for matter in (await asked(http, "/v1/matters", q=q))["items"]]

        assert "infant_immunization" in codes[:2]

    async def test_gives_every_matter_once_page_by_page(self, http: httpx.AsyncClient) -> None:
        seen, cursor = list[str](), ""
        while True:
            page = await asked(http, "/v1/matters", limit=3, **({"cursor": cursor} if cursor else {}))
            seen += [matter["code"] for matter in page["items"]]
            assert len(page["items"]) <= 3
            if page["next"] is None:
                break
            cursor = page["next"]

        everything = [matter["code"] for matter in (await asked(http, "/v1/matters", limit=100))["items"]]
        assert seen[:100] == everything
        assert len(set(seen)) == len(seen) >= 147

    @pytest.mark.parametrize(
        ("query", "status", "code"),
        [
            ({"limit": "101"}, 400, "parameter_wrong"),
            ({"limit": "0"}, 400, "parameter_wrong"),
            ({"limit": "many"}, 400, "parameter_wrong"),
            ({"kind": "gift"}, 400, "parameter_wrong"),
            ({"q": "x" * 61}, 400, "parameter_wrong"),
            ({"q": "a\x00b"}, 400, "parameter_wrong"),
            ({"cursor": "rubbish"}, 400, "cursor_wrong"),
            ({"cursor": "WzEsMl0"}, 400, "cursor_wrong"),
            ({"stage": "afterlife"}, 404, "stage_unknown"),
            ({"situation": "E_NOTHING"}, 404, "situation_unknown"),
        ],
    )
    async def test_refuses_what_it_cannot_list(
        self, http: httpx.AsyncClient, query: dict[str, str], status: int, code: str
    ) -> None:
        answer = await http.get("/v1/matters", params=query)

        assert (answer.status_code, answer.json()["code"]) == (status, code)


class TestMatter:
    async def test_tells_all_that_a_citizen_wants_to_know(self, http: httpx.AsyncClient) -> None:
        matter = await asked(http, "/v1/matters/birth_household_registration")

        assert (matter["stage"], matter["version"], matter["level"], matter["signature"]) == (
            "birth",
            1,
            2,
            "confirmed",
        )
        assert matter["kinds"] == ["apply", "query"]
        assert matter["department"] == {"code": "GAJ", "name": {"zh": "市公安局", "en": "Public Security Bureau"}}
        assert {one["code"]: (one["waived_by"] or {}).get("code") for one in matter["materials"]} == {
            "birth_certificate": "WJW",
            "parents_identity": "GAJ",
            "household_register": "GAJ",
            "marriage_certificate": "MZJ",
            "surname_statement": None,
        }
        assert (matter["apply_within"]["count"], matter["apply_within"]["unit"]) == (1, "m")
        assert matter["takes"]["illustrative"] is True

    @pytest.mark.parametrize("code", ["no_such_matter", "BIRTH", "a" * 300, "%00"])
    async def test_refuses_an_unknown_one(self, http: httpx.AsyncClient, code: str) -> None:
        answer = await http.get(f"/v1/matters/{code}")

        assert (answer.status_code, answer.json()["code"]) == (404, "matter_unknown")


class TestCaching:
    @pytest.mark.parametrize("path", ["/v1/stages", "/v1/stages/birth", "/v1/matters", "/v1/matters/antenatal_exam"])
    async def test_answers_in_a_few_bytes_when_nothing_changed(self, http: httpx.AsyncClient, path: str) -> None:
        first = await http.get(path)
        again = await http.get(path, headers={"If-None-Match": f'"other", {first.headers["etag"]}'})

        assert first.headers["cache-control"] == "public, max-age=300"
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]

    async def test_answers_in_full_to_an_old_validator(self, http: httpx.AsyncClient) -> None:
        answer = await http.get("/v1/stages", headers={"If-None-Match": 'W/"old"'})

        assert answer.status_code == 200


class TestDescribe:
    async def test_shows_what_a_calculator_asks_and_with_which_limits(self, http: httpx.AsyncClient) -> None:
        said = await asked(http, "/v1/matters/work_injury_insurance/calculate/form")

        question = said["question"]["$defs"]["InjuryQuestion"]
        assert question["required"] == ["own_wage_fen"]
        assert question["properties"]["own_wage_fen"]["minimum"] == 0

    async def test_describes_every_calculator(self, http: httpx.AsyncClient) -> None:
        for matter in (await asked(http, "/v1/matters", kind="calc", limit=100))["items"]:
            said = await asked(http, f"/v1/matters/{matter['code']}/calculate/form")
            assert said["question"]["$ref"], matter["code"]
            assert said["result"]["$ref"], matter["code"]

    @pytest.mark.parametrize("matter", ["perinatal_care", "no_such_matter"])
    async def test_refuses_a_matter_without_a_calculator(self, http: httpx.AsyncClient, matter: str) -> None:
        assert (await http.get(f"/v1/matters/{matter}/calculate/form")).status_code == 404


class TestCalculate:
    async def test_plans_vaccinations_and_names_its_sources(self, http: httpx.AsyncClient) -> None:
        answer = await http.post("/v1/matters/infant_immunization/calculate", json=QUESTION)

        assert answer.status_code == 200, answer.text
        told = answer.json()
        dtap = [dose["earliest"] for dose in told["result"]["doses"] if dose["vaccine"] == "DTaP"]
        assert dtap == ["2026-11-22", "2026-12-20", "2027-01-17", "2027-07-17", "2032-01-10"]
        assert told["as_of"] == "2026-11-22"
        dtp = next(one for one in told["parameters"] if one["key"] == "immunisation.series.dtp")
        assert (dtp["valid_from"], dtp["verified_on"]) == ("2025-01-01", "2026-11-22")
        assert dtp["source"]
        assert "仅供参考" in told["disclaimer"]["zh"]

    async def test_lists_what_it_did_not_count(self, http: httpx.AsyncClient) -> None:
        had = {"vaccine": "VarV", "given_on": "2026-10-01"}
        answer = await http.post("/v1/matters/infant_immunization/calculate", json=QUESTION | {"doses": [had]})

        assert answer.json()["result"]["not_counted"] == [had]

    @pytest.mark.parametrize(
        ("changes", "status", "code", "pointer"),
        [
            ({"sex": "other"}, 422, "body_wrong", "/sex"),
            ({"birth_date": "2026-02-30"}, 422, "body_wrong", "/birth_date"),
            ({"name": "小明"}, 422, "body_wrong", "/name"),
            ({"doses": [{"vaccine": "MMR\u0000", "given_on": "2026-02-01"}]}, 422, "body_wrong", "/doses/*/vaccine"),
            ({"doses": [{"vaccine": "MMR", "given_on": "2026-02-01"}] * 101}, 422, "body_wrong", "/doses"),
            ({"doses": [{"vaccine": "MMR", "given_on": "2026-11-23"}]}, 422, "dose_impossible", None),
            ({"birth_date": "2026-11-23"}, 422, "dose_impossible", None),
            ({"birth_date": "2020-01-01", "as_of": "2021-02-28"}, 422, "parameter_unknown", None),
            ({"as_of": "9999-12-31"}, 422, "day_too_far", None),
        ],
    )
    async def test_refuses_a_wrong_question(
        self, http: httpx.AsyncClient, changes: dict[str, object], status: int, code: str, pointer: str | None
    ) -> None:
        answer = await http.post("/v1/matters/infant_immunization/calculate", json=QUESTION | changes)

        assert (answer.status_code, answer.json()["code"]) == (status, code)
        if pointer:
            assert answer.json()["errors"][0]["pointer"].replace("/0/", "/*/") == pointer

    @pytest.mark.parametrize(
        ("body", "content_type", "status"),
        [
            (b"{", "application/json", 400),
            (b"", "application/json", 400),
            (b"\xff", "application/json", 400),
            (b"[" * 5000, "application/json", 400),
            (b'{"sex": "male", "sex": "male", "birth_date": "2026-01-10"}', "application/json", 422),
            (b"{}", "text/plain", 415),
            (b" " * 1_100_000, "application/json", 413),
        ],
    )
    async def test_refuses_what_is_no_question(
        self, http: httpx.AsyncClient, body: bytes, content_type: str, status: int
    ) -> None:
        answer = await http.post(
            "/v1/matters/infant_immunization/calculate", content=body, headers={"Content-Type": content_type}
        )

        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"

    @pytest.mark.parametrize(
        ("matter", "code"), [("perinatal_care", "calculator_unknown"), ("no_such_matter", "matter_unknown")]
    )
    async def test_refuses_a_matter_without_a_calculator(self, http: httpx.AsyncClient, matter: str, code: str) -> None:
        answer = await http.post(f"/v1/matters/{matter}/calculate", json=QUESTION)

        assert (answer.status_code, answer.json()["code"]) == (404, code)
