"""Who may open what: every page, for every kind of person and every owner, as the one table says."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.routing import Rule as Route
from werkzeug.test import TestResponse

from models.db import Database
from models.documents import Document
from models.people import LogIn, Person, Role, token_hash
from tests.conftest import Count
from tests.factories import make_finding, make_plan
from tests.webapp.browsing import Browser, browser
from tests.webapp.conftest import World
from webapp.access import TABLE, Outcome, Thing, as_table

Enter = Callable[[Person | None], Browser]

ABSENT = {name: uuid.uuid4() for name in ("document_id", "finding_id", "plan_id", "milestone_id", "person_id")}
ABSENT |= {"action_id": uuid.uuid4()}
ABSENT |= {"import_id": uuid.uuid4()}
ABSENT |= {name: uuid.uuid4() for name in ("submission_id", "evidence_id", "asked_id")}
ABSENT |= {name: uuid.uuid4() for name in ("campaign_id", "issuing_id", "mail_id", "bulk_id", "asking_id", "sample_id")}
ABSENT |= {name: uuid.uuid4() for name in ("questionnaire_id", "training_id")}
ABSENT |= {name: uuid.uuid4() for name in ("supplier_id", "token_id", "hook_id", "delivery_id", "classifier_id")}
NAMES = {"section": "company", "question": "activity", "token": "nobody-has-this"}

OF_A_BUYER = frozenset({Thing.FINDING, Thing.BULK, Thing.SAMPLE, Thing.PERSON, Thing.TOKEN, Thing.HOOK, Thing.DELIVERY})
OF_A_BUYER |= {Thing.CLASSIFIER, Thing.ISSUING}
"""Things that a supplier never owns."""


def routes(app: Flask) -> list[tuple[Route, str]]:
    """Every route of a page with each of its methods. Those of the second door are driven with tokens elsewhere."""
    found = []
    for route in app.url_map.iter_rules():
        if route.endpoint.startswith("api."):
            continue
        found += [(route, method) for method in sorted((route.methods or set()) - {"HEAD", "OPTIONS"})]
    return sorted(found, key=lambda pair: (pair[0].endpoint, pair[1]))


def address(app: Flask, route: Route, ids: dict[str, object]) -> str:
    values = {
        name: ids.get(name, {"filename": "salient.css", "word": "csv", "number": 1, **NAMES}.get(name))
        for name in route.arguments
    }
    with app.test_request_context():
        from flask import url_for

        return url_for(route.endpoint, **values)  # type: ignore[arg-type]


def outcome(answer: TestResponse) -> Outcome:
    if answer.status_code == 401 and "log-in" not in answer.request.path:
        return Outcome.LOG_IN
    if answer.status_code == 303 and answer.location == "/log-in" and answer.request.path != "/log-out":
        return Outcome.LOG_IN
    if answer.status_code == 403 and "Your role does not allow this" not in answer.text:
        return Outcome.OPEN  # A rule about this very thing, such as: only who decided may take it back.
    return {403: Outcome.FORBIDDEN, 404: Outcome.ABSENT}.get(answer.status_code, Outcome.OPEN)


def plain(answer: TestResponse) -> str:
    """The body without what differs at every request by its nature: the token of the forms."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text)


def test_the_table_names_every_endpoint_and_no_other(app: Flask) -> None:
    assert {route.endpoint for route in app.url_map.iter_rules()} == set(TABLE)


def test_every_address_that_names_a_thing_says_so_in_the_table(app: Flask) -> None:
    parts = {
        "document_id": Thing.DOCUMENT,
        "finding_id": Thing.FINDING,
        "plan_id": Thing.PLAN,
        "person_id": Thing.PERSON,
        "import_id": Thing.IMPORT,
        "submission_id": Thing.SUBMISSION,
        "campaign_id": Thing.CAMPAIGN,
        "issuing_id": Thing.ISSUING,
        "mail_id": Thing.MAIL,
        "bulk_id": Thing.BULK,
        "asking_id": Thing.ASKING,
        "sample_id": Thing.SAMPLE,
        "supplier_id": Thing.SUPPLIER,
        "token_id": Thing.TOKEN,
        "hook_id": Thing.HOOK,
        "delivery_id": Thing.DELIVERY,
        "questionnaire_id": Thing.QUESTIONNAIRE,
        "training_id": Thing.TRAINING,
        "classifier_id": Thing.CLASSIFIER,
    }
    parts |= {"number": Thing.PAGE, "milestone_id": Thing.MILESTONE, "action_id": Thing.ACTION}
    for route in app.url_map.iter_rules():
        named = {parts[name] for name in route.arguments if name in parts}
        named -= {Thing.DOCUMENT} if Thing.PAGE in named else set()
        named -= {Thing.PLAN} if named & {Thing.MILESTONE, Thing.ACTION} else set()
        assert named == ({TABLE[route.endpoint].thing} - {None}), route.endpoint


def test_every_page_answers_every_person_as_the_table_says(
    app: Flask, database: Database, world: World, count: Count
) -> None:
    own = world.own
    actors: list[tuple[Person | None, Role | None]] = [
        (None, None),
        (world.disabled, None),
        (own.sender, Role.SUPPLIER_USER),
        (own.reviewer, Role.REVIEWER),
        (own.compliance, Role.COMPLIANCE),
        (own.admin, Role.ADMIN),
    ]
    cells, wrong = 0, []
    open_browsers: dict[Person | None, Browser] = {}
    for route, method in routes(app):
        rule = TABLE[route.endpoint]
        for actor, role in actors:
            for owner, ids, is_own in owners(world, rule.thing, role):
                visitor = open_browsers.pop(actor, None) or browser(app, database, actor)
                answer = visitor.send(method, address(app, route, ids))
                if route.endpoint not in ("auth.log_out", "auth.enter", "account.change_password"):
                    open_browsers[actor] = visitor
                expected = rule.expected(role, own=is_own)
                cells += 1
                if outcome(answer) is not expected or answer.status_code in (400, 405, 500):
                    wrong.append(
                        f"{method} {route.endpoint} as {role} on {owner}: {answer.status_code}, not {expected}"
                    )
    count(f"{len(TABLE)} endpoints, {cells} cells, {len(wrong)} wrong")
    assert wrong == []


def owners(world: World, thing: Thing | None, role: Role | None) -> list[tuple[str, dict[str, object], bool]]:
    """Whose thing the address names, and whether that is the actor's to see."""
    if thing is None:
        return [("nothing", {}, True)]
    is_supplier = role is Role.SUPPLIER_USER
    return [
        ("own", world.own.ids, not (is_supplier and thing in OF_A_BUYER)),
        ("sibling", world.sibling.ids, not is_supplier),
        ("foreign", world.foreign.ids, False),
        ("absent", dict(ABSENT), False),
    ]


@pytest.mark.parametrize("who", ["sender", "reviewer", "compliance", "admin"])
def test_what_is_somebody_elses_looks_exactly_like_what_does_not_exist(
    app: Flask, database: Database, world: World, who: str
) -> None:
    person: Person = getattr(world.own, who)
    visitor = browser(app, database, person)
    for route, method in routes(app):
        rule = TABLE[route.endpoint]
        if rule.thing is None or rule.roles is None or person.role not in rule.roles:
            continue
        foreign = visitor.send(method, address(app, route, world.foreign.ids))
        absent = visitor.send(method, address(app, route, dict(ABSENT)))
        assert (foreign.status_code, plain(foreign)) == (404, plain(absent)), route.endpoint


def test_a_step_of_somebody_elses_plan_cannot_be_reached_through_ones_own(enter: Enter, world: World) -> None:
    address = f"/plans/{world.own.plan.id}/milestones/{world.foreign.milestone_id}/done"
    assert enter(world.own.sender).post(address).status_code == 404


def test_a_supplier_does_not_see_a_draft_of_its_own_plan(enter: Enter, world: World, database: Database) -> None:
    with database.transaction() as session:
        finding = make_finding(session, document=session.get_one(Document, world.own.document.id))
        draft = make_plan(session, finding=finding, by=session.get_one(Person, world.own.reviewer.id))
    for page in ("", "/edit", "/history", "/plan.xlsx"):
        assert enter(world.own.sender).get(f"/plans/{draft.id}{page}").status_code == 404
        assert enter(world.own.reviewer).get(f"/plans/{draft.id}{page}").status_code == 200


def test_the_state_of_documents_is_told_of_ones_own_only(enter: Enter, world: World) -> None:
    ids = "&".join(f"id={side.document.id}" for side in (world.own, world.sibling, world.foreign))
    told = enter(world.own.sender).get(f"/documents/status?{ids}&id=nonsense").json
    assert told is not None
    assert [row["id"] for row in told] == [str(world.own.document.id)]


@pytest.mark.parametrize("who", ["reviewer", "compliance", "admin"])
def test_filters_exports_and_counts_leak_nothing_of_another_buyer(enter: Enter, world: World, who: str) -> None:
    visitor, foreign = enter(getattr(world.own, who)), world.foreign
    for address in (
        "/queue",
        "/documents",
        "/compliance/findings",
        "/exports/findings.jsonl",
        "/exports/documents.csv",
    ):
        page = visitor.get(f"{address}?supplier={foreign.supplier.id}")
        assert foreign.supplier.name not in page.text
        assert str(foreign.finding.id) not in page.text
        assert str(foreign.document.id) not in page.text


def test_a_document_cannot_be_sent_for_a_supplier_of_somebody_else(enter: Enter, world: World) -> None:
    import io

    data = {"supplier": str(world.foreign.supplier.id), "file": (io.BytesIO(b"%PDF-1.4 x"), "a.pdf")}
    for person in (world.own.sender, world.own.compliance):
        answer = enter(person).post("/upload", {**data, "file": (io.BytesIO(b"%PDF-1.4 x"), "a.pdf")})
        assert answer.status_code == 404


def test_fields_that_no_form_has_change_nothing(enter: Enter, world: World, database: Database) -> None:
    extra = {
        "verdict": "confirmed",
        "state": "closed",
        "buyer_id": str(world.foreign.supplier.buyer_id),
        "role": "admin",
    }
    enter(world.own.sender).post(f"/plans/{world.own.plan.id}/messages", {"text": "Hello", **extra})
    enter(world.own.reviewer).post(f"/findings/{world.own.finding.id}/reject", {"reason": "policy", **extra})
    with database.reading() as session:
        plan = session.get_one(type(world.own.plan), world.own.plan.id)
        finding = session.get_one(type(world.own.finding), world.own.finding.id)
        person = session.get_one(Person, world.own.reviewer.id)
        assert (plan.state.value, finding.verdict, finding.buyer_id) == (
            "agreed",
            "rejected",
            world.own.supplier.buyer_id,
        )
        assert person.role is Role.REVIEWER


def test_a_log_in_without_a_row_is_nobodys(app: Flask, database: Database, world: World) -> None:
    visitor = browser(app, database, world.own.admin)
    with database.transaction() as session:
        secret = visitor.client.get_cookie("salient")
        assert secret is not None
        session.delete(session.get_one(LogIn, token_hash(secret.value)))
    assert outcome(visitor.get("/people")) is Outcome.LOG_IN


def test_the_documentation_of_the_roles_has_a_row_for_every_endpoint() -> None:
    table = as_table()
    assert [line.split("`")[1] for line in table.splitlines()[2:]] == list(TABLE)
    assert "| `findings.confirm` |  | own | own | own |  |" in table
    assert "| `auth.log_in` | yes | yes | yes | yes | yes |" in table
