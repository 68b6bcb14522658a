"""A program that calls the API with a token, and what its answers must look like."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator, FormatChecker
from werkzeug.test import TestResponse

from models.db import Database
from models.people import Person
from models.tokens import Reach
from tests.door_things import make_token
from webapp.api.doors import DOORS
from webapp.api.openapi import document

DESCRIPTION = document(DOORS)


@dataclass(slots=True)
class Program:
    client: FlaskClient
    secret: str

    def call(
        self, method: str, path: str, body: Any = None, *, headers: dict[str, str] | None = None, **more: Any
    ) -> TestResponse:
        """Call `/api/v1` and the path. `body` is sent as JSON."""
        sent = {"Authorization": f"Bearer {self.secret}", **(headers or {})}
        if body is not None:
            more |= {"data": json.dumps(body), "content_type": "application/json"}
        answer = self.client.open(f"/api/v1{path}", method=method, headers=sent, buffered=True, **more)
        answer.request.environ["wsgi.input"].close()  # Of a large form it is a file.
        return answer

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.call("GET", path, headers=headers)

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        return self.call("POST", path, body, headers={name.replace("_", "-"): text for name, text in headers.items()})


def program(
    app: Flask, database: Database, for_whom: Person, *, by: Person | None = None, reach: Reach = Reach.WRITE
) -> Program:
    """A program with a fresh token that acts for this person."""
    with database.transaction() as session:
        secret = make_token(session, for_whom=session.merge(for_whom), by=by and session.merge(by), reach=reach).secret
    return Program(app.test_client(), secret)


def check(place: str, value: Any) -> None:
    """Raises where the value is not as the description says at this place."""
    _validator(place).validate(value)


@cache
def _validator(place: str) -> Draft202012Validator:
    whole = {"components": DESCRIPTION["components"], "$ref": place}
    return Draft202012Validator(whole, format_checker=FormatChecker())


def check_answer(answer: TestResponse, method: str, path: str) -> None:
    """Raises where the answer of this operation is not one of those that the description names, or leaves a cookie."""
    assert "Set-Cookie" not in answer.headers
    assert (answer.headers["Cache-Control"], answer.headers["X-Content-Type-Options"]) == ("no-store", "nosniff")
    responses = DESCRIPTION["paths"][path][method.lower()]["responses"]
    if str(answer.status_code) in responses:
        assert answer.mimetype == "application/json"
        check(responses[str(answer.status_code)]["content"]["application/json"]["schema"]["$ref"], answer.json)
        return
    assert answer.status_code >= 400, answer.status_code
    assert answer.mimetype == "application/problem+json"
    check("#/components/schemas/Problem", json.loads(answer.text))
    assert json.loads(answer.text)["status"] == answer.status_code


def told(answer: TestResponse) -> dict[str, Any]:
    """The JSON of an answer, also of a problem."""
    found: dict[str, Any] = json.loads(answer.text)
    return found
