"""A questionnaire for more suppliers than one request serves: its progress is seen, it is stopped, and it goes on."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import func, select

from models.db import Database
from models.people import Person
from models.submissions import Submission
from models.vault import FolderVault
from questionnaires import inviting, issuing
from screening.jobs import Workbench, at
from tests.factories import NOON
from tests.questionnaires.campaign_house import DUTCH, SMALL, many_suppliers
from tests.webapp.browsing import Browser
from tests.webapp.conftest import World
from webapp.inviting import issue_questionnaires

Enter = Callable[[Person | None], Browser]


@pytest.fixture
def laid(database: Database) -> Callable[[], int]:
    def count() -> int:
        with database.reading() as session:
            return int(
                session.scalar(select(func.count()).select_from(Submission).where(Submission.period == "many")) or 0
            )

    return count


@pytest.fixture
def address(world: World, database: Database, enter: Enter, monkeypatch: pytest.MonkeyPatch) -> str:
    """Of one that was begun for more than a portion: this buyer's two suppliers, and three more."""
    monkeypatch.setattr(inviting, "PORTION", 2)
    with database.transaction() as session:
        many_suppliers(session, world.own.supplier.buyer_id, 3)
        key = issuing.publish(session, SMALL, DUTCH, by=session.merge(world.own.compliance), now=NOON).id
    data = {"questionnaire": str(key), "every": "1", "period": "many"}
    answer = enter(world.own.compliance).post("/questionnaires/new", data)
    assert answer.status_code == 303
    return str(answer.location)


def work(database: Database, vault: FolderVault, address: str) -> None:
    """What a worker does with the job."""

    def not_needed(*_arguments: object) -> object:
        raise AssertionError("issuing opens no document")

    with at(Workbench(database, vault, not_needed, not_needed)):  # type: ignore[arg-type]
        issue_questionnaires(address.rpartition("/")[2])


def test_all_suppliers_at_once_is_begun_in_the_request_and_done_by_the_workers(
    world: World, database: Database, vault: FolderVault, enter: Enter, address: str, laid: Callable[[], int],
    rung: list[tuple[str, dict[str, str]]],
) -> None:  # fmt: skip
    assert laid() == 2
    assert rung[-1] == ("issue_questionnaires", {"issuing_id": str(UUID(address.rpartition("/")[2]))})
    lead = enter(world.own.admin)
    page = lead.get(address).text
    for said in ("Being issued", "of 5 suppliers have it", "Stop issuing", f'data-live="{address}/progress"'):
        assert said in page, said
    assert address in lead.get("/questionnaires").text
    assert "data-wait" in lead.get(f"{address}/progress").text
    assert address not in enter(world.own.reviewer).get("/questionnaires").text
    work(database, vault, address)
    assert laid() == 5
    page = lead.get(address).text
    assert ("Issued to all" in page, "Stop issuing" in page, "data-live" in page) == (True, False, False)
    assert "data-wait" not in lead.get(f"{address}/progress").text
    assert address not in lead.get("/questionnaires").text


def test_it_is_stopped_and_gone_on_with_from_its_page(
    world: World, database: Database, vault: FolderVault, enter: Enter, address: str, laid: Callable[[], int]
) -> None:
    lead = enter(world.own.compliance)
    assert lead.post(f"{address}/stop").status_code == 303
    work(database, vault, address)
    assert laid() == 2
    assert "Issuing is stopped" in lead.get(address).text
    assert "Issuing is stopped" in lead.get("/questionnaires").text
    again = lead.post(f"{address}/stop")
    assert (again.status_code, "nothing to stop" in again.text) == (409, True)
    assert lead.post(f"{address}/go-on").status_code == 303
    work(database, vault, address)
    assert laid() == 5
    acts = enter(world.own.admin).get("/journal").text
    for act in ("began to issue a questionnaire to many", "stopped the issuing", "had the issuing of a questionnaire"):
        assert act in acts, act


def test_an_unfit_day_issues_it_to_nobody(
    world: World, database: Database, enter: Enter, address: str, laid: Callable[[], int]
) -> None:
    with database.reading() as session:
        key = session.scalars(select(Submission.questionnaire_id).where(Submission.period == "many")).first()
    data = {"questionnaire": str(key), "every": "1", "period": "many", "due_on": "2020-01-01"}
    answer = enter(world.own.compliance).post("/questionnaires/new", data)
    assert (answer.status_code, "has passed already" in answer.text) == (422, True)
    assert laid() == 2
