"""The contract is one that other people's tools can read."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from litestar import Litestar
from openapi_spec_validator import OpenAPIV31SpecValidator
from openapi_spec_validator.schemas import openapi_v31_schema_validator
from openapi_spec_validator.schemas.backend import get_validator_for

from app import contract
from app.contract_calculators import add_calculators
from lifecycle.catalogue.calculators import calculators

Json = dict[str, Any]
A_SCHEMA = get_validator_for({"type": "array", "items": {"$ref": "https://json-schema.org/draft/2020-12/schema"}})


@pytest.fixture(scope="module")
def exported(app: Litestar) -> Json:
    document: Json = json.loads(contract.text(app))
    return document


def operations(exported: Json) -> Iterator[Json]:
    for item in exported["paths"].values():
        yield from item.values()


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (one for name, one in value.items() if name == "$ref")
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        yield from references(child)


def inline_schemas(value: Any) -> Iterator[Json]:
    if isinstance(value, dict) and isinstance(value.get("schema"), dict):
        yield value["schema"]
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        yield from inline_schemas(child)


class TestContract:
    def test_is_valid_openapi(self, exported: Json) -> None:
        broken = exported | {"paths": {"/": {"get": {"responses": {"200": {}}}}}}

        assert [error.message for error in openapi_v31_schema_validator.iter_errors(exported)] == []
        assert list(openapi_v31_schema_validator.iter_errors(broken))

    def test_every_schema_is_one(self, exported: Json) -> None:
        known = [*exported["components"]["schemas"].values(), *inline_schemas(exported["paths"])]

        assert [error.message for error in A_SCHEMA.iter_errors(known)] == []
        assert list(A_SCHEMA.iter_errors([*known, {"type": "strin"}]))

    @pytest.mark.long
    def test_is_valid_openapi_down_to_each_default(self, exported: Json) -> None:
        assert [error.message for error in OpenAPIV31SpecValidator(exported).iter_errors()] == []

    def test_every_schema_that_is_named_is_there(self, exported: Json) -> None:
        known = {f"#/components/schemas/{name}" for name in exported["components"]["schemas"]}

        assert set(references(exported)) <= known
        assert "#/components/schemas/RecordKind" in set(references(exported["paths"]))

    def test_every_operation_says_what_it_does_and_where_it_belongs(self, exported: Json) -> None:
        described = {tag["name"] for tag in exported["tags"]}

        for operation in operations(exported):
            assert operation["summary"], operation["operationId"]
            assert operation["description"], operation["operationId"]
            assert set(operation["tags"]) <= described, operation["operationId"]

    def test_who_must_prove_themselves_may_be_refused(self, exported: Json) -> None:
        for operation in operations(exported):
            if operation["security"]:
                assert "401" in operation["responses"], operation["operationId"]

    def test_an_address_with_an_id_may_be_of_nothing(self, exported: Json) -> None:
        told = exported["paths"]["/v1/cases/{case_id}"]["get"]["responses"]["404"]["description"]

        assert "`case_not_found`" in told
        assert "`address_unknown`" in told

    def test_a_callback_is_refused_in_the_words_of_its_caller(self, exported: Json) -> None:
        answers = exported["paths"]["/v1/callbacks/wechat-pay"]["post"]["responses"]

        assert set(answers["401"]["content"]) == {"application/json"}
        assert set(exported["paths"]["/v1/verify"]["post"]["responses"]["422"]["content"]) == {
            "application/problem+json"
        }

    def test_a_change_names_the_version_it_is_based_on(self, exported: Json) -> None:
        parameters = exported["paths"]["/v1/cases/{case_id}"]["patch"]["parameters"]

        assert {one["name"]: one["required"] for one in parameters}["If-Match"]

    def test_a_calculator_is_told_with_its_question_and_its_result(self, exported: Json) -> None:
        asked = exported["paths"]["/v1/matters/{code}/calculate"]["post"]
        told = {(one["matter"], one["which"]): one for one in asked["x-calculators"]}

        assert set(told) == {(one.matter, one.name) for one in calculators()}
        residents = told["pension_insurance", "residents"]
        name = residents["question"]["$ref"].rpartition("/")[2]
        assert exported["components"]["schemas"][name]["required"] == [
            "birth_date",
            "contributed_months",
            "account_fen",
        ]
        assert residents["question"] in asked["requestBody"]["content"]["application/json"]["schema"]["anyOf"]
        assert residents["result"]["$ref"].endswith("calculators.ResidentsView")

    def test_of_an_application_without_calculators_tells_none(self) -> None:
        bare: Json = {"paths": {"/": {"get": {"operationId": "other"}}}, "components": {"schemas": {}}}

        add_calculators(bare)

        assert bare["components"]["schemas"] == {}
