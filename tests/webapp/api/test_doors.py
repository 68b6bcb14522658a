"""Every call of the API, for every role and every owner: who may is as on the pages, what comes is as described."""

from __future__ import annotations

import io
import json
from dataclasses import MISSING, fields
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, get_args
from uuid import UUID, uuid4

from flask import Flask
from openapi_spec_validator import validate
from werkzeug.test import TestResponse

from models.people import Person, Role
from tests.conftest import Count
from tests.factories import TODAY
from tests.webapp.api.conftest import Connect
from tests.webapp.api.programs import DESCRIPTION, Program, check_answer
from tests.webapp.conftest import World
from tests.webapp.test_access import ABSENT, NAMES, owners
from webapp.access import TABLE, Outcome
from webapp.api.door import Door, Version
from webapp.api.doors import DOORS
from webapp.api.openapi import path_of
from webapp.api.shapes import hints_of
from webapp.reference import pages


def test_the_description_is_sound_openapi_3_1() -> None:
    validate(DESCRIPTION)
    assert DESCRIPTION["openapi"].startswith("3.1")


def test_every_route_below_api_is_described_and_nothing_else_is(app: Flask) -> None:
    routes = {
        (route.endpoint, method)
        for route in app.url_map.iter_rules()
        if str(route).startswith("/api/")
        for method in (route.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {
        (f"api.{operation['operationId']}", method.upper())
        for path in DESCRIPTION["paths"].values()
        for method, operation in path.items()
    }
    assert routes - described == {("api.openapi", "GET")}
    assert described - routes == set()


def test_the_description_is_served_to_anybody_and_is_the_one_of_the_code(app: Flask) -> None:
    answer = app.test_client().get("/api/v1/openapi.json")
    assert (answer.status_code, answer.json) == (200, json.loads(json.dumps(DESCRIPTION)))
    assert "Set-Cookie" not in answer.headers


def test_every_call_has_the_rule_of_the_page_beside_it() -> None:
    for door in DOORS:
        assert TABLE[door.endpoint] is TABLE[door.beside]


def test_the_reference_page_names_every_call() -> None:
    page = pages()["api.md"]
    assert [door.name for door in DOORS if f"`{door.method} {path_of(door)}`" not in page] == []


def sample(door: Door, ids: dict[str, Any]) -> dict[str, Any]:
    """A body that can be read. What it names belongs to whoever the address belongs to."""
    given = {
        "questionnaire": ids["published_id"],
        "supplier": ids["supplier_id"],
        "person": ids["person_id"],
        "edition": 99,
    }
    made = {
        entry.name: given.get(entry.name) or _of(hints_of(door.takes)[entry.name])  # type: ignore[arg-type]
        for entry in fields(door.takes)  # type: ignore[arg-type]
        if entry.default is MISSING
    }
    return json.loads(json.dumps(made, default=str))


def _of(hint: Any) -> Any:
    hint = next(iter(get_args(hint)), hint) if type(None) in get_args(hint) else hint
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return list(hint)[-1].value
    return {str: "A few words", bool: True, int: 1, UUID: uuid4(), date: TODAY + timedelta(days=9)}.get(hint, {})


def send(program: Program, door: Door, ids: dict[str, Any]) -> TestResponse:
    path = path_of(door).format(**{**NAMES, **ids})
    headers = {"If-Match": '"1-x"'} if door.version is Version.NEEDED else {}
    if door.receive is not None:
        data = {"file": (io.BytesIO(b"%PDF-1.4 " + uuid4().bytes), "a.pdf")}
        data |= {"supplier": str(ids["supplier_id"])} if "supplier" in door.form else {}  # type: ignore[dict-item]
        return program.call(door.method, path, headers=headers, data=data)
    return program.call(door.method, path, None if door.takes is None else sample(door, ids), headers=headers)


def outcome(answer: TestResponse) -> Outcome:
    if answer.status_code == 403 and "Your role does not allow this" not in answer.text:
        return Outcome.OPEN  # A rule about this very thing, such as: only who decided may take it back.
    return {401: Outcome.LOG_IN, 403: Outcome.FORBIDDEN, 404: Outcome.ABSENT}.get(answer.status_code, Outcome.OPEN)


def test_every_call_answers_every_role_as_the_table_says_and_as_it_is_described(
    app: Flask, connect: Connect, world: World, count: Count
) -> None:
    own = world.own
    people: list[tuple[Person, Role]] = [
        (own.sender, Role.SUPPLIER_USER), (own.reviewer, Role.REVIEWER), (own.compliance, Role.COMPLIANCE),
        (own.admin, Role.ADMIN),
    ]  # fmt: skip
    published = own.submission.questionnaire_id
    stranger = Program(app.test_client(), "")
    actors = [(stranger, None), *((connect(person), role) for person, role in people)]
    cells, wrong = 0, []
    for door in DOORS:
        rule = TABLE[door.endpoint]
        for actor, role in actors:
            for owner, ids, is_own in owners(world, rule.thing, role):
                if owner == "absent" or (role is None and owner not in ("own", "nothing")):
                    continue  # Like somebody else's, as the test below says; and a stranger sees nothing anyway.
                given = {**own.ids, **ids, "published_id": published, "person_id": own.ids["person_id"]}
                answer = send(actor, door, given)
                expected = rule.expected(role, own=is_own)
                cells += 1
                check_answer(answer, door.method, path_of(door))
                if outcome(answer) is not expected or answer.status_code in (400, 405, 415, 429, 500):
                    wrong.append(f"{door.name} as {role} on {owner}: {answer.status_code}, not {expected}")
    count(f"{len(DOORS)} calls, {cells} cells, {len(wrong)} wrong")
    assert wrong == []


def test_what_is_somebody_elses_answers_exactly_like_what_does_not_exist(connect: Connect, world: World) -> None:
    programs = {person.role: connect(person) for person in (world.own.sender, world.own.admin)}
    for door in DOORS:
        rule = TABLE[door.endpoint]
        program = next((each for role, each in programs.items() if role in (rule.roles or ())), None)
        if rule.thing is None or program is None:
            continue
        own = {**world.own.ids, "published_id": uuid4()}
        foreign = send(program, door, {**own, **world.foreign.ids})
        absent = send(program, door, {**own, **ABSENT})
        assert (foreign.status_code, foreign.text) == (404, absent.text), door.name
