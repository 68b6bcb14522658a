"""A browser without a screen: it keeps cookies, sends forms with their token, and knows who is logged in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from models.db import Database
from models.operations import accounts
from models.people import Person
from tests.factories import NOON

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(slots=True)
class Browser:
    client: FlaskClient
    csrf: str = ""

    def get(self, address: str, **more: Any) -> TestResponse:
        return self.client.get(address, buffered=True, **more)

    def post(self, address: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """Send a form as its page would: with the token of this browser."""
        if not self.csrf:
            self.csrf = token_in(self.client.get("/no-such-page").text)  # It has what every page has, and no more.
        return self.client.post(address, data={"csrf_token": self.csrf, **(data or {})}, buffered=True, **more)

    def send(self, method: str, address: str) -> TestResponse:
        return self.get(address) if method == "GET" else self.post(address)


def token_in(page: str) -> str:
    found = TOKEN.search(page)
    assert found is not None, "the page has no form"
    return found[1]


def browser(app: Flask, database: Database, person: Person | None = None) -> Browser:
    """A browser in which this person is logged in already; without a person, a stranger's."""
    client = app.test_client()
    if person is not None:
        with database.transaction() as session:
            secret = accounts.open_log_in(session, person, now=NOON)
        client.set_cookie("salient", secret)
    return Browser(client)
