"""Contents of attachments on a stick: with the records, as many as fit, taken up again with the next file."""

import pytest

from central_server.blobs import Blobs
from desktop_app.attachments import actions, queries
from desktop_app.attachments.rules import Where
from desktop_app.store.content import Content
from desktop_app.sync import carried_contents
from sync_protocol import blobs, bundle
from tests.attachments.pictures import jpeg
from tests.sync.desks import Desk
from tests.sync.sticks import Stick
from tests.sync.test_blobs import attach, move, where

BIG = jpeg(4200, 3200)
"""More than one part."""


@pytest.fixture(autouse=True)
def _folder(server, tmp_path) -> None:
    server.central.blobs = Blobs(tmp_path / "server blobs")


@pytest.fixture
def stick(tmp_path, server) -> Stick:
    return Stick(tmp_path / "stick", server)


def content(desk: Desk) -> bytes | None:
    (one,) = queries.recent(desk.db)
    return actions.content(desk.db, one.attachment)


def small_files(monkeypatch, parts: int) -> None:
    """So many parts go into one file, each way."""
    monkeypatch.setattr(bundle, "MOST_CONTENTS", parts * blobs.PART)
    plain = carried_contents.requests
    most = parts * blobs.PART
    monkeypatch.setattr(carried_contents, "requests", lambda *args: plain(*args, most))


def test_a_photo_travels_with_its_record_in_one_file_and_is_read_by_a_desk_without_a_network(first, second, stick):
    made = attach(first, BIG)
    assert made.size > blobs.PART
    report = stick.carry(first)
    assert where(first) is Where.BOTH
    assert report.contents == ["附件：上传 1 个。"]
    stick.carry(second)
    assert content(second) is None, "it hears of the record first"
    report = stick.carry(second)
    assert report.contents == ["附件：下载 1 个。"]
    assert content(second) == content(first)
    assert stick.carry(first).contents == []


def test_a_content_that_does_not_fit_goes_on_with_the_next_file(first, second, stick, monkeypatch):
    small_files(monkeypatch, 1)
    made, rounds = attach(first, BIG), 0
    while where(first) is not Where.BOTH:
        stick.carry(first)
        rounds += 1
    assert rounds == -(-made.size // blobs.PART)
    stick.carry(second)
    for _ in range(rounds):
        assert content(second) is None
        stick.carry(second)
    assert content(second) == content(first)


def test_files_that_are_lost_or_come_twice_or_late_do_no_harm(first, second, stick, monkeypatch):
    small_files(monkeypatch, 1)
    attach(first, BIG)
    early = stick.export(first)
    stick.carry(first)
    late = stick.answer(early)  # the server had it from the second file already
    stick.carry(first)
    stick.import_(first, late)
    stick.import_(first, late)
    stick.export(first)  # lost
    for _ in range(4):
        stick.carry(first)
    assert where(first) is Where.BOTH
    stick.carry(second)
    once = stick.answer(stick.export(second))
    for _ in range(2):
        stick.import_(second, once)
    for _ in range(4):
        stick.carry(second)
    stick.import_(second, once)
    assert content(second) == content(first)


def test_what_the_network_brought_meanwhile_is_not_carried_again(first, second, stick):
    attach(first, BIG)
    up = stick.export(first)
    first.sync()
    move(first)
    answered = stick.answer(up)
    assert stick.import_(first, answered).contents == []
    second.sync()
    asked = stick.export(second)
    move(second)
    assert stick.import_(second, stick.answer(asked)).contents == []
    assert content(second) == content(first)


def test_a_content_damaged_at_the_server_is_asked_for_again_and_never_shown(first, second, stick, tmp_path):
    made = attach(first, BIG)
    stick.carry(first)
    (file,) = (tmp_path / "server blobs").glob(f"*/*/{made.sha256}")
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    stick.carry(second)
    stick.carry(second)
    assert content(second) is None
    assert not Content(second.db).has(made.sha256)
    file.write_bytes(whole)
    stick.carry(second)
    assert content(second) == content(first)


def test_a_server_that_keeps_no_contents_takes_the_records_all_the_same(first, second, stick, server):
    server.central.blobs = None
    attach(first, BIG)
    stick.carry(first)
    stick.carry(second)
    assert len(queries.recent(second.db)) == 1
    assert where(first) is Where.LOCAL


def test_nobody_gets_a_content_by_a_stick_that_the_network_would_not_give(first, second, stick, server):
    """The record decides when the file is answered, not when it was made."""
    made = attach(first, BIG)
    stick.carry(first)
    stick.carry(second)
    asked = stick.export(second)
    with server.storage.writing() as session:
        session.run("update record set sync_del=1,fields='{}' where tbl='attachment'")
    report = stick.import_(second, stick.answer(asked))
    assert report.contents == ["附件：1 个等另一台电脑上传，还有 1 个下次再传。"]
    assert not Content(second.db).has(made.sha256)
