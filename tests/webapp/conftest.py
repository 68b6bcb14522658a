"""The real application on a real database, with two buyers and their suppliers in it."""

from __future__ import annotations

import copy
import io
import pickle
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from flask import Config, Flask
from sqlalchemy.orm import Session

from models.campaigns import Invitation
from models.db import Database
from models.documents import Document, DocumentState
from models.findings import Finding, Severity
from models.imports import ImportKind
from models.operations import importing
from models.operations.importing import Place
from models.people import Person, Role
from models.plans import Plan, PlanState
from models.submissions import Submission
from models.supplychain import Supplier
from models.vault import FolderVault
from questionnaires import helping, issuing, standing
from tests.door_things import make_door_things
from tests.factories import (
    NOON,
    TODAY,
    make_classifier,
    make_desk_things,
    make_document,
    make_finding,
    make_invitation,
    make_issuing,
    make_person,
    make_plan,
    make_submission,
    make_supplier,
    make_training,
)
from tests.webapp.browsing import Browser, browser
from webapp.doors import EXTENSION, House
from webapp.factory import create_app
from webapp.limits import Throttle
from webapp.queues import Doorbell
from webapp.runtime import Runtime
from webapp.settings import Settings

PNG = b"\x89PNG\r\n\x1a\n"


OWN_QUESTIONS = """id: own
version: "1"
title: Our own questions
sections:
  - id: one
    title: One
    questions:
      - {id: name, kind: text, label: "What is your name?"}
"""


@dataclass(frozen=True, slots=True)
class Side:
    """One purchasing relation with everything in it."""

    supplier: Supplier
    sender: Person
    reviewer: Person
    compliance: Person
    admin: Person
    colleague: Person
    document: Document
    finding: Finding
    plan: Plan
    milestone_id: uuid.UUID
    action_id: uuid.UUID
    import_id: uuid.UUID
    submission: Submission
    evidence_id: uuid.UUID
    asked_id: uuid.UUID
    issuing_id: uuid.UUID
    invitation: Invitation
    mail_id: uuid.UUID
    bulk_id: uuid.UUID
    asking_id: uuid.UUID
    sample_id: uuid.UUID
    questionnaire_id: uuid.UUID
    training_id: uuid.UUID
    token_id: uuid.UUID
    hook_id: uuid.UUID
    delivery_id: uuid.UUID
    classifier_id: uuid.UUID

    @property
    def ids(self) -> dict[str, object]:
        """What an address may name, by the name of the part of the address."""
        return {
            "document_id": self.document.id,
            "number": 1,
            "finding_id": self.finding.id,
            "plan_id": self.plan.id,
            "milestone_id": self.milestone_id,
            "action_id": self.action_id,
            "import_id": self.import_id,
            "person_id": self.colleague.id,
            "submission_id": self.submission.id,
            "section": "company",
            "question": "activity",
            "evidence_id": self.evidence_id,
            "asked_id": self.asked_id,
            "issuing_id": self.issuing_id,
            "campaign_id": self.invitation.campaign_id,
            "mail_id": self.mail_id,
            "bulk_id": self.bulk_id,
            "asking_id": self.asking_id,
            "sample_id": self.sample_id,
            "supplier_id": self.supplier.id,
            "token_id": self.token_id,
            "hook_id": self.hook_id,
            "delivery_id": self.delivery_id,
            "classifier_id": self.classifier_id,
            "questionnaire_id": self.questionnaire_id,
            "training_id": self.training_id,
        }


@dataclass(frozen=True, slots=True)
class World:
    own: Side
    sibling: Side
    """Another supplier of the same buyer."""
    foreign: Side
    """Another buyer with another supplier."""
    disabled: Person


@pytest.fixture
def clock() -> list[datetime]:
    """The hour at which the application believes to live: tests let it pass by changing the only element."""
    return [NOON]


@pytest.fixture
def runtime(database: Database, vault: FolderVault, tmp_path: Path) -> Runtime:
    settings = Settings(
        data=tmp_path / "data", upload_megabytes=1, two_for_critical=False, second_look_percent=0, exploration_percent=0
    )
    return Runtime(settings, database, vault, Doorbell(settings.queue))


@pytest.fixture(scope="session")
def put_together(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application with all its addresses and templates, made once; nobody asks it anything."""
    folder = tmp_path_factory.mktemp("application")
    return create_app(Settings(data=folder, database_url=f"sqlite:///{folder}/never-opened.db"))


@pytest.fixture
def app(put_together: Flask, runtime: Runtime, clock: list[datetime]) -> Flask:
    """The application on this test's database. Its addresses are everybody's: whoever adds one makes its own."""
    application = copy.copy(put_together)
    application.view_functions = dict(put_together.view_functions)
    application.config = Config(put_together.root_path, put_together.config)
    house = House(
        runtime, Throttle.at(runtime.settings.rate_limit_storage), lambda: clock[0], aside=lambda act: act() and None
    )
    application.extensions = {**put_together.extensions, EXTENSION: house}
    return application


@dataclass(frozen=True, slots=True)
class Furnished:
    """A world that was made once: every test gets its files and its rows as they were on the first day."""

    folder: Path
    rows: bytes
    """The world, pickled: no test can change what another one reads."""
    rung: list[tuple[str, dict[str, str]]]

    @property
    def database(self) -> Path:
        return self.folder / "salient.db"


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Furnished:
    folder = tmp_path_factory.mktemp("furnished")
    rung: list[tuple[str, dict[str, str]]] = []
    shutil.copy(sqlite_template, folder / "salient.db")
    database = Database.open(f"sqlite:///{folder}/salient.db", ring=lambda job, ids: rung.append((job, ids)))
    rows = pickle.dumps(_furnish(database, FolderVault(folder / "vault")))
    database.close()  # The last to leave folds the write-ahead log into the file.
    return Furnished(folder, rows, rung)


@pytest.fixture
def sqlite_source(request: pytest.FixtureRequest, sqlite_template: Path) -> Path:
    if "world" not in request.fixturenames:
        return sqlite_template
    found: Furnished = request.getfixturevalue("furnished")
    return found.database


@pytest.fixture
def world(
    database: Database,
    vault: FolderVault,
    tmp_path: Path,
    rung: list[tuple[str, dict[str, str]]],
    request: pytest.FixtureRequest,
) -> World:
    """Two buyers and their suppliers. On SQLite the database came with them in it."""
    if database.engine.dialect.name != "sqlite":
        return _furnish(database, vault)
    found: Furnished = request.getfixturevalue("furnished")
    shutil.copytree(found.folder / "vault", tmp_path / "vault", dirs_exist_ok=True)
    rung[:0] = found.rung
    made: World = pickle.loads(found.rows)
    return made


def _furnish(database: Database, vault: FolderVault) -> World:
    with database.transaction() as session:
        own = _side(session, vault)
        sibling = _side(session, vault, own)
        disabled = make_person(session, organisation=own.supplier.buyer, disabled_at=NOON)
        return World(own, sibling, _side(session, vault), disabled)


@pytest.fixture
def enter(app: Flask, database: Database) -> Callable[[Person | None], Browser]:
    """Opens a browser in which a person is logged in."""
    return lambda person: browser(app, database, person)


def _side(session: Session, vault: FolderVault, beside: Side | None = None) -> Side:
    supplier = make_supplier(session, buyer=beside.supplier.buyer if beside else None)
    sender = make_person(session, role=Role.SUPPLIER_USER, organisation=supplier.organisation)
    people = {
        role: getattr(beside, role.value) if beside else make_person(session, role=role, organisation=supplier.buyer)
        for role in (Role.REVIEWER, Role.COMPLIANCE, Role.ADMIN)
    }
    colleague = beside.colleague if beside else make_person(session, organisation=supplier.buyer)
    document = make_document(session, supplier=supplier, by=sender, state=DocumentState.SCREENED)
    document.sha256 = vault.put(io.BytesIO(b"%PDF-1.4 " + document.id.bytes), limit=100).sha256
    session.flush()
    document.page_list[0].picture_sha256 = vault.put(io.BytesIO(PNG + document.id.bytes), limit=100).sha256
    finding = make_finding(session, document=document, severity=Severity.CRITICAL)
    settled = make_finding(session, document=document)
    plan = make_plan(
        session, finding=settled, by=people[Role.REVIEWER], state=PlanState.AGREED, supplier_person=sender,
        steps=(("Lockers", TODAY),),
    )  # fmt: skip
    session.flush()
    submission = make_submission(session, supplier=supplier, by=people[Role.COMPLIANCE])
    made = importing.begin(
        session, Place(ImportKind.FOLDER, "/nowhere", "old"), (), by=people[Role.COMPLIANCE], now=NOON
    )
    invitation, mail = make_invitation(session, submission, by=people[Role.COMPLIANCE], to=sender)
    return Side(
        supplier, sender, people[Role.REVIEWER], people[Role.COMPLIANCE], people[Role.ADMIN], colleague, document,
        finding, plan, plan.milestones[0].id, plan.actions[0].id, made.id, submission,
        helping.evidence(session, submission)["activity"][0].id, standing.asked_back(session, submission)[0].id,
        make_issuing(session, submission, by=people[Role.COMPLIANCE]).id,
        invitation, mail.id, *make_desk_things(session, settled, by=people[Role.REVIEWER]),
        issuing.publish(session, OWN_QUESTIONS, {}, by=people[Role.COMPLIANCE], now=NOON).id,
        make_training(session, plan, by=people[Role.REVIEWER]).id,
        *make_door_things(session, by=people[Role.ADMIN]),
        make_classifier(session, by=people[Role.COMPLIANCE]).id,
    )  # fmt: skip
