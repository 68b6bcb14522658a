"""The review desk over plain forms: decisions, their way back, filters that travel along, and what they cost."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from models.db import Database
from models.findings import Finding, Severity
from models.people import Person
from screening.engine import language
from tests.factories import make_finding
from tests.webapp.browsing import Browser
from tests.webapp.conftest import World
from webapp import desk_filters

Enter = Callable[[Person | None], Browser]
SCRIPT = {"X-Salient-Script": "1"}


@pytest.fixture
def more(world: World, database: Database) -> list[Finding]:
    """Three more findings in the document of one's own, less grave than the first."""
    with database.transaction() as session:
        document = session.merge(world.own.document)
        return [
            make_finding(session, document=document, severity=Severity.LOW, score=score, quote=f"Score {score}.")
            for score in (0.5, 0.9, 0.7)
        ]


def stored(database: Database, finding: Finding) -> Finding:
    with database.reading() as session:
        found = session.get_one(Finding, finding.id)
        session.expunge_all()
        return found


def test_the_queue_shows_the_gravest_first(enter: Enter, world: World, more: list[Finding]) -> None:
    page = enter(world.own.reviewer).get("/queue").text
    places = [page.index(str(finding.id)) for finding in (world.own.finding, more[0], more[2], more[1])]
    assert places == sorted(places)


def test_confirming_opens_a_draft_plan_and_leads_to_the_next(
    enter: Enter, world: World, database: Database, more: list[Finding]
) -> None:
    visitor = enter(world.own.reviewer)
    answer = visitor.post(f"/findings/{more[0].id}/confirm", {"remark": "Seen in the photographs."})
    assert answer.location == f"/findings/{more[2].id}"
    kept = stored(database, more[0])
    assert (kept.verdict, kept.remark, kept.judged_by_id) == (
        "confirmed", "Seen in the photographs.", world.own.reviewer.id,
    )  # fmt: skip
    assert "Drafts to finish and send" in visitor.get("/").text


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"reason": "policy"}, 303),
        ({"reason": "other", "remark": "The safe is theirs."}, 303),
        ({"reason": "other"}, 422),
        ({"reason": "nonsense"}, 422),
        ({}, 422),
    ],
)
def test_a_rejection_needs_its_reason(
    enter: Enter, world: World, database: Database, form: dict[str, str], status: int
) -> None:
    answer = enter(world.own.reviewer).post(f"/findings/{world.own.finding.id}/reject", form)
    assert answer.status_code == status
    assert (stored(database, world.own.finding).verdict is not None) == (status == 303)
    if status == 422:
        assert world.own.finding.quote in answer.text


def test_the_second_reviewer_is_told_instead_of_overwriting_the_first(
    enter: Enter, world: World, database: Database
) -> None:
    where = f"/findings/{world.own.finding.id}"
    assert enter(world.own.reviewer).post(f"{where}/confirm").status_code == 303
    answer = enter(world.own.colleague).post(f"{where}/reject", {"reason": "policy"})
    assert answer.status_code == 409
    assert "already confirmed by someone else" in answer.text
    assert stored(database, world.own.finding).verdict == "confirmed"


def test_the_last_decision_can_be_undone_from_the_next_page(enter: Enter, world: World, database: Database) -> None:
    visitor = enter(world.own.reviewer)
    onward = visitor.post(f"/findings/{world.own.finding.id}/confirm").location
    assert f'action="/findings/{world.own.finding.id}/take-back"' in visitor.get(onward or "").text
    assert visitor.post(f"/findings/{world.own.finding.id}/take-back").location == f"/findings/{world.own.finding.id}"
    assert stored(database, world.own.finding).verdict is None


def test_a_script_is_told_where_to_go_and_how_to_come_back(enter: Enter, world: World, more: list[Finding]) -> None:
    answer = enter(world.own.reviewer).post(f"/findings/{more[0].id}/confirm?severity=low", headers=SCRIPT).json
    assert answer is not None
    assert answer["next"] == f"/findings/{more[2].id}?severity=low"
    assert answer["undo"] == f"/findings/{more[0].id}/take-back?severity=low"
    assert answer["plan"].startswith("/plans/")
    assert (answer["said"], answer["left"]) == ("Confirmed. A draft plan was opened.", "2 wait")


def test_a_script_is_told_the_sentence_alone_when_it_fails(enter: Enter, world: World) -> None:
    answer = enter(world.own.reviewer).post(f"/findings/{world.own.finding.id}/reject", {"reason": "x"}, headers=SCRIPT)
    assert (answer.status_code, answer.text) == (422, "Choose why this is not a finding.")


def test_the_filter_travels_along_from_finding_to_finding(enter: Enter, world: World, more: list[Finding]) -> None:
    visitor = enter(world.own.reviewer)
    query = f"supplier={world.own.supplier.id}&severity=low"
    assert (
        visitor.get(f"/queue/start?{query}").location
        == f"/findings/{more[0].id}?severity=low&supplier={world.own.supplier.id}"
    )
    assert visitor.get(f"/findings/{more[1].id}/next?{query}").location == (
        f"/findings/{more[0].id}?severity=low&supplier={world.own.supplier.id}"
    )


def test_when_nothing_is_left_the_queue_says_so(enter: Enter, world: World) -> None:
    visitor = enter(world.own.reviewer)
    assert visitor.get("/queue/start?severity=low").location == "/queue?severity=low"
    assert "Nothing waits here" in visitor.get("/queue?severity=low").text


@pytest.mark.parametrize(
    ("query", "shown"),
    [("signal=FL", True), ("signal=FL.DOC", True), ("signal=CL", False), ("language=en", True), ("language=nl", False),
     ("assertion=finding_confirmed", True), ("assertion=finding_alleged", False), ("severity=critical", True)],
)  # fmt: skip
def test_each_filter_narrows_the_queue(enter: Enter, world: World, query: str, shown: bool) -> None:
    assert (str(world.own.finding.id) in enter(world.own.reviewer).get(f"/queue?{query}").text) == shown


def test_a_long_queue_goes_on_behind_its_last_row(enter: Enter, world: World, database: Database) -> None:
    with database.transaction() as session:
        document = session.merge(world.own.document)
        ids = {str(make_finding(session, document=document, severity=Severity.LOW).id) for _ in range(40)}
    visitor = enter(world.own.reviewer)
    first = visitor.get("/queue?severity=low").text
    seen = {one for one in ids if one in first}
    last = max(seen, key=first.rindex)
    second = visitor.get(f"/queue?severity=low&after={last}").text
    assert len(seen) == 25
    assert {one for one in ids if f"/findings/{one}" in second} == ids - seen


def test_quotes_are_shown_as_words_and_never_run(enter: Enter, world: World, database: Database) -> None:
    with database.transaction() as session:
        found = make_finding(
            session, document=session.merge(world.own.document), quote="<script>alert(1)</script>{{7*7}}"
        )
    page = enter(world.own.reviewer).get(f"/findings/{found.id}").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in page


def test_the_passage_is_marked_on_the_page_in_points(enter: Enter, world: World) -> None:
    page = enter(world.own.reviewer).get(f"/findings/{world.own.finding.id}").text
    assert 'viewBox="0 0 595.0 842.0"' in page
    assert 'x="70.0" y="98.0" width="332.0" height="16.0"' in page


def test_a_queue_can_be_narrowed_by_each_language_that_the_engine_has_learned() -> None:
    assert set(desk_filters.LANGUAGES_SHOWN) == set(language.SUPPORTED)


def test_the_address_of_the_next_page_carries_nothing_but_filters(enter: Enter, world: World) -> None:
    page = enter(world.own.reviewer).get("/queue?severity=critical&_scheme=javascript&_external=1&x=1").text
    links = re.findall(r'href="([^"]+)"', page)
    assert [link for link in links if "javascript" in link or "external" in link or "x=1" in link] == []


@pytest.mark.parametrize("name", ["signal", "severity", "state", "name", "supplier", "after", "language", "assertion"])
def test_no_filter_breaks_a_list(enter: Enter, world: World, name: str) -> None:
    visitor = enter(world.own.compliance)
    for value in ("' OR 1=1 --", "%", "{{7*7}}", "\x00", "a\x00b", "(a+)+$" * 20, "../../etc/passwd", "-1", "\ud83d"):
        for where in ("/queue", "/documents", "/plans", "/compliance/findings", "/exports/findings.csv"):
            answer = visitor.get(where, query_string={name: value.encode("utf-8", "surrogatepass")})
            assert answer.status_code in (200, 422), (where, value, answer.status_code)
            assert "49" not in re.findall(r"<h1>(.*?)</h1>", answer.text)


def test_words_with_a_nul_are_kept_without_it(enter: Enter, world: World, database: Database) -> None:
    form = {"reason": "other", "remark": "not\x00 so"}
    assert enter(world.own.reviewer).post(f"/findings/{world.own.finding.id}/reject", form).status_code == 303
    assert stored(database, world.own.finding).remark == "not so"
    assert enter(None).post("/log-in", {"email": "a\x00@example.org", "password": "x\x00"}).status_code == 401
    answer = enter(world.own.admin).post(
        "/people", {"name": "A\x00", "email": "new\x00@example.org", "role": "reviewer"}
    )
    assert answer.status_code == 200


def test_a_page_without_a_picture_shows_its_text_with_the_passage_marked(
    enter: Enter, world: World, database: Database
) -> None:
    with database.transaction() as session:
        finding = session.get_one(Finding, world.own.finding.id)
        assert finding.page is not None
        finding.page.width = finding.page.height = 0.0
        finding.page.text = "From: a@example.org\n\nBefore it. " + finding.quote + " <b>After</b> it."
        finding.start = finding.page.text.index(finding.quote)
        finding.end = finding.start + len(finding.quote)
    page = enter(world.own.reviewer).get(f"/findings/{world.own.finding.id}").text
    assert f'Before it. <mark id="passage">{finding.quote}</mark> &lt;b&gt;After&lt;/b&gt; it.' in page
    assert "data-picture" not in page
