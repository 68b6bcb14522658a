"""What a supplier's own self-assessment says is offered for open questions, with its page, and accepted one by one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from models.db import Database
from models.documents import DocumentState
from models.extracts import DocumentEntry
from models.people import Person
from models.submissions import AnswerSource
from questionnaires import issuing, standing
from tests.factories import NOON, make_document
from tests.questionnaires.test_workbook import TEXT
from tests.webapp.browsing import Browser
from tests.webapp.conftest import World

Enter = Callable[[Person | None], Browser]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PAGE = """Our self-assessment
How many people work for you in total? 240
Do you use labour agencies or brokers | No | never
Story: We began small and grew.
How many? 7
"""


@pytest.fixture
def address(world: World, database: Database) -> str:
    with database.transaction() as session:
        text = TEXT.replace("How many?", "How many people work for you in total?").replace(
            "Agency?", "Do you use labour agencies or brokers?"
        )
        row = issuing.publish(session, text, {}, by=world.own.compliance, now=NOON)
        for side, kind in ((world.own, "self_assessment"), (world.own, "audit"), (world.sibling, "self_assessment")):
            document = make_document(
                session, supplier=side.supplier, by=side.sender, state=DocumentState.SCREENED, name=f"{kind}.pdf"
            )
            document.document_type = kind
            document.page_list[0].text = PAGE if kind != "audit" else PAGE.replace("240", "999")
        held = make_document(
            session, supplier=world.own.supplier, by=world.own.compliance, state=DocumentState.SCREENED, name="told.pdf"
        )
        held.uploaded_at += timedelta(days=1)
        held.page_list[0].text = PAGE.replace("240", "888")
        laid = issuing.issue(session, row.id, world.own.supplier.id, by=world.own.compliance, now=NOON)
        return f"/questionnaires/{laid.id}/found"


def test_offers_come_from_ones_own_self_assessments_alone(enter: Enter, world: World, address: str) -> None:
    page = enter(world.own.sender).get(address).text
    offers = re.findall(r'<p class="prose">(.*?)</p>', page)
    assert offers == ["240", "No"], "an audit (999), or what a customer holds (888), is no source for the supplier"
    assert len(re.findall(r'name="document" value="([^"]+)"', page)) == 2
    assert len(set(re.findall(r'name="document" value="([^"]+)"', page))) == 1


def test_an_offer_is_taken_over_with_its_source_and_is_gone(
    enter: Enter, world: World, address: str, database: Database
) -> None:
    supplier = enter(world.own.sender)
    form = dict(
        re.findall(r'name="(question|document|key)" value="([^"]+)"', supplier.get(address).text.split("</form>")[1])
    )
    form |= {"question": "workers", "key": "one-key"}
    assert supplier.post(address, form).status_code == 303
    with database.reading() as session:
        found = issuing.submission(session, UUID(address.split("/")[2]), by=world.own.sender)
        row = standing.answers(session, found)["workers"]
        assert (row.value, row.source, str(row.source_document_id)) == ("240", AnswerSource.DOCUMENT, form["document"])
    assert 'value="workers"' not in supplier.get(address).text
    assert supplier.post(address, {**form, "question": "story"}).status_code == 404


def test_another_ones_document_is_no_source(enter: Enter, world: World, address: str) -> None:
    form = {"question": "workers", "document": str(world.sibling.document.id), "key": "k"}
    assert enter(world.own.sender).post(address, form).status_code == 404
    assert enter(world.own.sender).post(address, {"question": "workers"}).status_code == 422


def test_fields_of_a_form_and_ticked_lists_are_offered_with_where_they_stand(
    enter: Enter, world: World, address: str, database: Database
) -> None:
    heads = ["No.", "Question", "Yes", "No"]
    with database.transaction() as session:
        document = make_document(
            session, supplier=world.own.supplier, by=world.own.sender, state=DocumentState.SCREENED
        )
        document.document_type = "self_assessment"
        document.uploaded_at = NOON + timedelta(days=1)
        document.page_list[0].text = ""
        rows = [(None, [], ["form[0].page1[0].workers[0]", "310"]),
                (1, heads, ["1", "Do you use labour agencies or brokers?", "x", ""])]  # fmt: skip
        for number, (page, above, cells) in enumerate(rows):
            session.add(DocumentEntry(document_id=document.id, number=number, page=page, heads=above, cells=cells))
    page = enter(world.own.sender).get(address).text
    offered = [row for row in page.split("<li") if 'name="question"' in row]
    workers = next(row for row in offered if 'value="workers"' in row)
    agency = next(row for row in offered if 'value="agency"' in row)
    assert ("310" in workers, "a field of its form" in workers) == (True, True)
    assert (">Yes<" in agency, "page 1" in agency, str(document.id) in agency) == (True, True, True)
