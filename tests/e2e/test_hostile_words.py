"""Words that try to be code, wherever people or documents write words, seen by every role in a real browser."""

from __future__ import annotations

import io

import pytest
from playwright.sync_api import Browser

from models.documents import DocumentState
from models.operations import plan_working
from models.people import OrganisationKind, Person, Role
from models.plans import PlanState
from tests.e2e.conftest import PASSWORD, Installation
from tests.e2e.playing import audit, enter
from tests.factories import NOON, make_document, make_finding, make_organisation, make_person, make_plan, make_supplier
from webapp.passwords import hashed
from webapp.runtime import runtime

pytestmark = pytest.mark.browser

ATTACKS = (
    "<script>window.hit=1</script>",
    "\"><img src=x onerror='window.hit=1'>",
    "<svg onload=window.hit=1>",
    "javascript:window.hit=1//",
    "</textarea><script>window.hit=1</script>",
    "{{constructor.constructor('window.hit=1')()}}",
    '<a href="data:text/html,<script>window.hit=1</script>">x</a>',
    "<base href=//elsewhere.example><form action=//elsewhere.example><input name=csrf_token>",
    "\u202eabc\u2066<iframe src=javascript:window.hit=1>",
)
WORDS = " ".join(ATTACKS)


def test_no_words_of_a_document_or_a_person_are_ever_run(chromium: Browser, installation: Installation) -> None:
    with runtime(installation.settings) as opened, opened.database.transaction() as session:
        admin = session.query(Person).filter_by(email=installation.people["admin"]).one()
        organisation = make_organisation(session, kind=OrganisationKind.SUPPLIER, name=WORDS[:200])
        supplier = make_supplier(session, buyer=admin.organisation, organisation=organisation)
        sender = make_person(
            session, role=Role.SUPPLIER_USER, organisation=organisation, email="hostile@example.org",
            password_hash=hashed(PASSWORD),
        )  # fmt: skip
        sender.name = WORDS[:200]
        document = make_document(session, supplier=supplier, by=sender, state=DocumentState.SCREENED, name=WORDS[:255])
        document.sha256 = opened.vault.put(io.BytesIO(audit("hostile")), limit=10**6).sha256
        document.supplier_name = document.scheme = WORDS[:40]
        finding = make_finding(session, document=document, quote=WORDS)
        finding.before = WORDS
        finding.explanation = {"rules": list(ATTACKS), "words": [[word, 1.0] for word in ATTACKS], "assertion": WORDS,
                               "note": WORDS}  # fmt: skip
        settled = make_finding(session, document=document, quote=WORDS)
        plan = make_plan(
            session, finding=settled, by=make_person(session, organisation=admin.organisation), state=PlanState.SENT,
            steps=((WORDS[:300], NOON.date()),),
        )  # fmt: skip
        plan.root_cause = plan.actions[0].text = plan.milestones[0].evidence = WORDS
        plan.responsible = WORDS[:200]
        session.flush()
        plan_working.say(session, plan.id, text=WORDS, by=sender, now=NOON)
        ids = {"finding": finding.id, "plan": plan.id, "document": document.id}
    people = {**installation.people, "hostile": "hostile@example.org"}
    house = Installation(installation.address, installation.settings, people)
    visited = 0
    for who in ("admin", "reviewer", "hostile"):
        player = enter(chromium, house, who, size="desk", language="en")
        for path in ("", "queue", "documents", "plans", "compliance", "compliance/findings", "people", "journal",
                     "upload", "findings/{finding}", "plans/{plan}", "documents/{document}"):  # fmt: skip
            answer = player.page.goto(f"{house.address}/{path.format(**ids)}")
            assert answer is not None
            if answer.status == 403:
                continue
            assert player.page.evaluate("window.hit") is None, path
            assert player.page.url.startswith(house.address)
            visited += 1
        refused = [one for one in player.complaints if "403" not in one]
        assert refused == [], who
        player.context.close()
    assert visited == 25
