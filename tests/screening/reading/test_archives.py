"""Archives give back their files within bounds; nothing is written, and nothing leads out of them."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Iterator

import pytest

from screening.engine.reading import Cage, Limits
from screening.engine.reasons import Reason
from screening.engine.results import Reading, Screened, State
from screening.engine.unfolding import Opened, Room, unfold
from tests.golden import make, papers

NOTE = ("folder/note.txt", b"The exits are locked.")


@pytest.fixture(scope="module")
def cage() -> Iterator[Cage]:
    with Cage() as cage:
        yield cage


def opened(cage: Cage, data: bytes, *, room: Room | None = None) -> list[Opened]:
    def screen(body: bytes) -> Screened:
        return Screened(cage.read(body), (), "v")

    def unpack(body: bytes, first: int):  # type: ignore[no-untyped-def]
        return cage.unpack(body, first=first)

    return list(unfold("outer.zip", data, screen=screen, unpack=unpack, room=room or Room.of(cage.limits)))


def reading_of(found: list[Opened]) -> Reading:
    return found[-1].screened.reading


@pytest.mark.parametrize("mode", ["w:", "w:gz", "w:bz2", "w:xz"])
def test_every_kind_of_tar_gives_its_files(cage: Cage, mode: str) -> None:
    found = opened(cage, papers.tar([NOTE, ("two.txt", b"Two.")], mode))
    assert [each.name for each in found] == ["outer.zip!/folder/note.txt", "outer.zip!/two.txt", "outer.zip"]
    assert reading_of(found).state is State.SCREENED


def test_archives_in_archives_and_mails_are_unfolded_with_their_whole_way_as_name(cage: Cage) -> None:
    inner = papers.archive([NOTE])
    found = opened(cage, papers.archive([("mail.eml", papers.mail(("docs.zip", inner)))]))
    assert [each.name for each in found] == [
        "outer.zip!/mail.eml!/docs.zip!/folder/note.txt",
        "outer.zip!/mail.eml!/docs.zip",
        "outer.zip!/mail.eml",
        "outer.zip",
    ]
    assert all(each.screened.reading.state is State.SCREENED for each in found)


def test_what_lies_deeper_than_allowed_is_said_and_not_opened(cage: Cage) -> None:
    data = papers.archive([NOTE])
    for _ in range(5):
        data = papers.archive([("inner.zip", data)])
    found = opened(cage, data)
    deepest = found[0]
    assert deepest.name == "outer.zip" + "!/inner.zip" * 3
    assert (deepest.screened.reading.state, deepest.screened.reading.reason) == (State.OVER_LIMIT, Reason.TOO_DEEP)


@pytest.mark.parametrize("name", ["../evil.txt", "a/../../evil.txt", "..\\evil.txt"])
def test_a_name_that_leads_out_of_the_archive_refuses_the_whole(cage: Cage, name: str) -> None:
    for data in (papers.archive([NOTE, (name, b"evil")]), papers.tar([NOTE, (name, b"evil")])):
        found = opened(cage, data)
        assert len(found) == 1
        assert (reading_of(found).state, reading_of(found).reason) == (State.REJECTED, Reason.UNSAFE_NAME)


def test_a_link_is_no_file_and_leaves_the_others(cage: Cage) -> None:
    found = opened(cage, papers.tar([NOTE], link="/etc/passwd"))
    assert [(each.name, each.screened.reading.reason) for each in found] == [
        ("outer.zip!/folder/note.txt", None),
        ("outer.zip!/link", Reason.NO_FILE),
        ("outer.zip", Reason.SOME_MEMBERS_UNREAD),
    ]
    assert reading_of(found).state is State.SCREENED_IN_PART


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("gb18030", "审核报告.txt"), ("shift_jis", "監査報告書.txt"), ("utf-8", "отчёт.txt"), ("cp1252", "Prüfung.txt")],
)
def test_names_in_any_encoding_are_read(cage: Cage, encoding: str, name: str) -> None:
    (member,) = cage.unpack(papers.named_in(encoding, name, b"The exits are locked.")).members
    assert member.name == name


def test_a_bomb_is_refused_before_it_is_unpacked(cage: Cage) -> None:
    bomb = gzip.compress(b"\0" * (100 << 20))
    assert reading_of(opened(cage, bomb)).state is State.OVER_LIMIT
    many = papers.archive([(f"{number}.txt", b"x") for number in range(30)])
    with Cage(Limits(members=20)) as small:
        reading = small.read(many)
    assert (reading.state, reading.reason) == (State.OVER_LIMIT, Reason.TOO_MANY_MEMBERS)


def test_members_come_in_batches_and_all_of_them_once() -> None:
    bodies = [(f"{number:02}.txt", bytes([65 + number]) * 40_000) for number in range(12)]
    with Cage(Limits(batch_bytes=100_000)) as cage:
        first = cage.unpack(papers.archive(bodies))
        assert 1 < len(first.members) < 12
        assert first.next == len(first.members) + 1
        found = opened(cage, papers.tar(bodies))
    assert [each.data for each in found[:-1]] == [body for _, body in bodies]


def test_what_goes_over_the_room_of_the_whole_is_named_and_left_out(cage: Cage) -> None:
    data = papers.archive([NOTE, ("two.txt", b"Two."), ("three.txt", b"Three.")])
    found = opened(cage, data, room=Room(members=2, bytes=10_000, depth=3))
    assert [each.screened.reading.reason for each in found[:3]] == [None, None, Reason.TOO_MANY_MEMBERS]
    assert reading_of(found).state is State.SCREENED_IN_PART


def test_a_locked_archive_needs_its_password(cage: Cage) -> None:
    data = bytearray(papers.archive([NOTE], packed=False))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    reading = cage.read(bytes(data))
    assert (reading.state, reading.reason) == (State.NEEDS_PASSWORD, Reason.ENCRYPTED)


def test_an_empty_archive_and_a_torn_one_say_so(cage: Cage) -> None:
    assert cage.read(papers.archive([])).reason is Reason.NOTHING_INSIDE
    assert cage.read(papers.archive([NOTE])[:-30]).reason is Reason.BROKEN


def test_hidden_files_of_systems_are_left_out_as_they_are_in_folders(cage: Cage) -> None:
    data = papers.archive([NOTE, ("__MACOSX/._note.txt", b"x"), (".DS_Store", b"x")])
    assert [member.name for member in cage.unpack(data).members] == ["folder/note.txt"]


def test_files_attached_to_a_pdf_are_members(cage: Cage) -> None:
    from fpdf import FPDF

    file = FPDF()
    file.add_page()
    file.set_font("Helvetica", size=12)
    file.cell(text="See the attached table of findings.")
    file.embed_file(bytes=b"Finding;Status\nExits locked;open\n", basename="table.csv", modification_date=None)
    data = bytes(file.output())
    reading = cage.read(data)
    assert (reading.state, reading.members) == (State.SCREENED, 1)
    (member,) = cage.unpack(data).members
    assert (member.name, member.data[:7]) == ("table.csv", b"Finding")


def test_the_first_member_of_an_archive_does_not_make_it_a_pdf(cage: Cage) -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_STORED) as file:
        file.writestr("a.pdf", make.pages([make.text("A page of an audit report.")]))
    found = opened(cage, kept.getvalue())
    assert [each.screened.reading.kind for each in found] == ["pdf", "zip"]
