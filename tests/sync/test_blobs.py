"""Attachments between desks: cut anywhere and taken up again, mangled and asked for again, never deleted by absence."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from central_server import devices, exchange
from central_server.blobs import Blobs
from desktop_app.attachments import actions, keeping, queries
from desktop_app.attachments.model import Attachment
from desktop_app.attachments.rules import Where
from desktop_app.cli import main
from desktop_app.shared.errors import AppError, CancelledError, NetworkError
from desktop_app.store import content as content_module
from desktop_app.store.content import Content
from desktop_app.sync import blobs, engine, enrol, erasing
from desktop_app.sync.client import Answer
from sync_protocol import blobs as wire
from sync_protocol import signing
from sync_protocol.digests import body_hash
from tests.attachments.pictures import jpeg
from tests.sync.desks import Desk, lost
from tests.sync.test_http import serving

BIG = jpeg(3000, 2200)


@pytest.fixture(autouse=True)
def _folder(server, tmp_path) -> None:
    """The server keeps contents in a folder."""
    server.central.blobs = Blobs(tmp_path / "server blobs")


def attach(desk: Desk, data: bytes = BIG, title: str = "走访") -> Attachment:
    person = desk.db.scalar("SELECT id FROM person") or desk.add("王小明")
    return actions.attach(desk.db, desk.app.actor, "person", person, data, title)


def move(desk: Desk, **options) -> blobs.BlobReport:
    return blobs.exchange(desk.db, desk.app.secrets, transport=desk.line, **options)


def rounds(*desks: Desk) -> None:
    """Everybody exchanges records, then contents."""
    for desk in desks:
        desk.sync()
        move(desk)


def where(desk: Desk) -> Where:
    (one,) = queries.recent(desk.db)
    return one.where


def mangled(answer: Answer, body: bytes) -> Answer:
    """An answer with another body, as a server would sign it."""
    return Answer(answer.status, {signing.HEADER_HASH: body_hash(body)}, body)


def test_a_photo_reaches_the_other_desk_whole(first, second):
    made = attach(first)
    first.sync()
    assert where(first) is Where.LOCAL
    report = move(first)
    assert (report.sent, report.bytes_sent) == (1, made.size)
    assert where(first) is Where.BOTH
    second.sync()
    (there,) = queries.recent(second.db)
    assert there.attachment.thumb == made.thumb  # the small picture came with the record
    assert there.where is Where.SERVER
    assert actions.content(second.db, there.attachment) is None
    assert move(second).fetched == 1
    assert actions.content(second.db, there.attachment) == actions.content(first.db, made)
    assert move(first) == move(second) == blobs.BlobReport()


@pytest.mark.parametrize("cut", [1, 2, 3, 5])
def test_an_upload_cut_at_any_request_goes_on_where_it_was(first, second, cut):
    made = attach(first)
    first.sync()
    seen = []

    def broken(path: str, answer: Answer) -> Answer:
        seen.append(path)
        if len(seen) == cut:
            lost()
        return answer

    first.line.after = broken
    with pytest.raises(NetworkError):
        move(first, rate_kib_s=256, pause=lambda _s: None)
    first.line.heal()
    report = move(first, rate_kib_s=256, pause=lambda _s: None)
    assert report.sent == (0 if report.bytes_sent == 0 else 1)
    assert report.bytes_sent <= made.size - max(0, cut - 2) * 256 * 1024
    rounds(second)
    assert len(actions.content(second.db, queries.recent(second.db)[0].attachment)) == made.size


@pytest.mark.parametrize("kept", [0, 1, 65_535, 65_536, 65_537, 200_000, 10**9])
def test_a_download_cut_at_any_byte_goes_on_where_it_was(first, second, kept):
    """A desk that dies while it writes leaves some bytes; what is whole of them counts, the rest comes again."""
    made = attach(first)
    rounds(first)
    second.sync()
    with pytest.raises(CancelledError):
        move(second, rate_kib_s=256, pause=lambda _s: None, cancelled=stop_after(4))
    content = Content(second.db)
    partial = content._partial(content.path(made.sha256))
    whole = partial.stat().st_size
    with partial.open("r+b") as file:
        file.truncate(min(kept, whole))
    good = content.fetched(made.sha256)
    report = move(second)
    assert report.fetched == 1
    assert report.bytes_fetched == made.size - good
    assert actions.content(second.db, made) == actions.content(first.db, made)


def stop_after(times: int):
    asked = iter(range(times))
    return lambda: next(asked, None) is None


def test_mangled_bytes_on_the_way_are_noticed_at_once(first, second):
    attach(first)
    rounds(first)
    second.sync()
    second.line.after = lambda _path, answer: Answer(answer.status, answer.headers, answer.body[:-1] + b"?")
    with pytest.raises(NetworkError):
        move(second)
    second.line.heal()
    assert move(second).fetched == 1


def test_a_content_that_is_wrong_three_times_is_set_aside_with_words_and_may_be_tried_again(first, second):
    """A server whose disk is bad signs what it reads; only the hash of the whole can tell."""
    made = attach(first)
    rounds(first)
    second.sync()

    def bad(path: str, answer: Answer) -> Answer:
        return mangled(answer, answer.body[:-1] + b"?") if path == "/v1/blob/get" else answer

    second.line.after = bad
    report = move(second)
    assert report.problems == [blobs.GIVEN_UP]
    assert report.bytes_fetched == 3 * made.size
    assert where(second) is Where.PROBLEM
    assert queries.queue(second.db).set_aside == 1
    second.line.heal()
    assert move(second).fetched == 0
    actions.want(second.db, queries.recent(second.db)[0].attachment)
    assert move(second).fetched == 1
    assert where(second) is Where.BOTH


def test_wrong_bytes_on_the_way_up_are_sent_again_from_the_start(first, second, server, monkeypatch):
    attach(first)
    first.sync()
    real, harmed = server.central.blobs.take, []

    def take(given, device, part, body):
        if part.offset and not harmed:
            harmed.append(part.offset)
            body = bytes(len(body))
        return real(given, device, part, body)

    monkeypatch.setattr(server.central.blobs, "take", take)
    assert move(first).sent == 1
    assert harmed
    rounds(second)
    assert where(second) is Where.BOTH


def test_a_content_the_server_lacks_stays_wanted_and_is_asked_for_again(first, second, clock):
    made = attach(first)
    first.sync()  # the record, not the content
    second.sync()
    assert move(second).absent == 1
    assert where(second) is Where.WAITING
    rounds(first)
    assert move(second).fetched == 0  # not before an hour has passed
    second.clock.move(hours=1, seconds=1)
    assert move(second).fetched == 1
    assert actions.content(second.db, made)


def test_two_desks_with_the_same_photo_send_it_once(first, second):
    attach(first, title="一")
    second.sync()
    attach(second, title="二")
    first.sync()
    second.sync()
    assert move(first).bytes_sent > 0
    report = move(second)
    assert (report.bytes_sent, report.bytes_fetched) == (0, 0)
    assert {one.where for one in queries.recent(second.db)} == {Where.BOTH}


def test_a_revoked_desk_is_told_so_and_keeps_everything(first, server):
    made = attach(first)
    first.sync()
    with server.storage.writing() as session:
        devices.revoke(session, first.state().scope, first.state().device, server.clock.ms())
    with pytest.raises(AppError, match="停用"):
        move(first)
    assert actions.content(first.db, made)


def test_a_desk_without_a_server_is_told_so(make_desk):
    desk = make_desk("三号机", enrolled=False)
    attach(desk)
    with pytest.raises(AppError, match="还没有接入服务器"):
        move(desk)


def test_an_older_server_without_contents_costs_nothing(first, server):
    server.central.blobs = None
    made = attach(first)
    first.sync()
    report = blobs.exchange_quietly(first.db, first.app.secrets, seconds=10, transport=first.line)
    assert "没有传完" in report.problems[0]
    assert where(first) is Where.LOCAL
    assert actions.content(first.db, made)


def test_a_server_that_is_full_says_so_and_nothing_is_lost(first, server):
    server.central.blobs.quota = 1000
    made = attach(first)
    first.sync()
    assert move(first).problems == [blobs.NO_SPACE]
    assert where(first) is Where.LOCAL
    server.central.blobs.quota = 10**9
    assert move(first).sent == 1
    assert actions.content(first.db, made)


@pytest.fixture
def small(monkeypatch):
    """A server that takes less than others; the returned call changes how much, and desks hear of it next day."""

    def say(desk: Desk, most: int, part: int = wire.PART) -> None:
        monkeypatch.setattr(exchange, "blob_limits", SimpleNamespace(MAX_SIZE=most, PART=part))
        desk.clock.move(days=2)
        desk.sync()

    return say


def test_a_file_bigger_than_the_server_takes_is_not_even_attached(first, small):
    small(first, 100_000)
    with pytest.raises(AppError, match=r"超过 0.1 MB，没有添加"):
        attach(first)
    assert queries.recent(first.db) == []


def test_what_became_too_big_for_the_server_is_said_once_and_goes_up_when_it_takes_more(first, server, small):
    made = attach(first)
    small(first, made.size - 1)
    asked = []
    first.line.before = lambda path, _: asked.append(path)
    (told,) = move(first).problems
    assert "没有丢失" in told
    assert (where(first), queries.recent(first.db)[0].words) == (Where.PROBLEM, told)
    assert move(first).problems == []
    assert asked == []  # nothing is sent, nothing is tried again
    first.line.heal()
    small(first, made.size)
    assert move(first).sent == 1
    assert where(first) is Where.BOTH


def test_parts_are_no_bigger_than_the_server_wants(first, small):
    small(first, wire.MAX_SIZE, wire.CELL)
    made = attach(first)
    first.sync()
    sizes = []
    first.line.before = lambda path, body: sizes.append(len(body) if path == "/v1/blob/put" else 0)
    assert move(first).sent == 1
    assert sum(map(bool, sizes)) == -(-made.size // wire.CELL) > 1
    assert max(sizes) < wire.CELL + 500


def test_a_disk_that_is_full_while_fetching_keeps_what_came_and_goes_on_later(first, second, monkeypatch):
    made = attach(first)
    rounds(first)
    second.sync()

    def full(_file):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(content_module, "_settle", full)
        with pytest.raises(AppError, match="磁盘满了"):
            move(second)
    report = move(second)
    assert report.fetched == 1
    assert report.bytes_fetched < wire.PART
    assert actions.content(second.db, made) == actions.content(first.db, made)


def test_a_desk_killed_between_file_and_record_loses_nothing_and_sweeps_the_file_later(first, monkeypatch, tmp_path):
    class Killed(BaseException):
        pass

    real = content_module.Content.put

    def put_and_die(self, sha256, data):
        real(self, sha256, data)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(content_module.Content, "put", put_and_die)
        with pytest.raises(Killed):
            attach(first)
    first.reopen()
    folder = first.home / "attachments"
    assert len(list(folder.glob("*/*"))) == 1
    rounds(first)
    assert len(list(folder.glob("*/*"))) == 1
    made = attach(first)  # the same photo again finds its file
    rounds(first)
    assert actions.content(first.db, made)


def test_a_stranger_among_the_files_is_left_for_thirty_days(first):
    attach(first)
    rounds(first)
    stranger = first.home / "attachments" / "ab" / ("ab" * 32)
    stranger.parent.mkdir(exist_ok=True)
    stranger.write_bytes(b"x")
    made = stranger.stat().st_mtime * 1000
    content = Content(first.db)
    first.clock.move(milliseconds=made + keeping.KEPT_MS - 1000 - first.clock.ms())
    keeping.sweep(first.db, content)
    assert stranger.exists()
    first.clock.move(seconds=2)
    keeping.sweep(first.db, content)
    assert not stranger.exists()
    assert queries.recent(first.db)


def test_a_removed_attachment_keeps_its_content_for_thirty_days_and_until_the_server_knows(first, second):
    made = attach(first)
    rounds(first, second)
    actions.detach(first.db, first.app.actor, made.id)
    content = Content(first.db)
    keeping.sweep(first.db, content)
    first.clock.move(days=31)
    keeping.sweep(first.db, content)
    assert content.has(made.sha256)  # the server has not heard of it
    first.sync()
    keeping.sweep(first.db, content)
    assert not content.has(made.sha256)
    second.sync()
    keeping.sweep(second.db, Content(second.db))
    assert Content(second.db).has(made.sha256)
    second.clock.move(days=31)
    keeping.sweep(second.db, Content(second.db))
    assert not Content(second.db).has(made.sha256)


def test_a_content_two_attachments_name_stays_while_one_of_them_does(first):
    one = attach(first, title="一")
    other = actions.attach(first.db, first.app.actor, "person", first.add("李芳"), BIG, "二")
    rounds(first)
    actions.detach(first.db, first.app.actor, one.id)
    first.sync()
    content = Content(first.db)
    for _ in range(2):
        keeping.sweep(first.db, content)
        first.clock.move(days=40)
    assert actions.content(first.db, other)


def test_what_was_erased_goes_at_once(first, second):
    made = attach(first)
    rounds(first, second)
    with second.db.applying(purge=True) as tx:
        tx.execute("UPDATE attachment SET sha256='',thumb=NULL,title='',sync_del=1 WHERE id=?", (made.id,))
    keeping.sweep(second.db, Content(second.db))
    assert not Content(second.db).has(made.sha256)


def test_nothing_is_deleted_because_the_server_lost_everything(first, second, server, tmp_path):
    """A server whose folder of contents is gone gets them back from the desks once its life has changed."""
    made = attach(first)
    rounds(first, second)
    server.central.blobs = Blobs(tmp_path / "empty")
    with server.storage.writing() as session:
        session.run("update scope_head set epoch='another life'")
    with first.db.applying() as tx:
        tx.execute("UPDATE sync_state SET epoch='another life'")
    assert move(first).sent == 1
    assert actions.content(first.db, made)
    assert actions.content(second.db, made)


def test_a_file_lost_on_one_desk_comes_back_from_the_server(first):
    made = attach(first)
    rounds(first)
    Content(first.db).path(made.sha256).unlink()
    assert actions.content(first.db, made) is None
    assert move(first).fetched == 1
    assert actions.content(first.db, made)


def test_records_go_first_and_never_wait_for_contents(first, second):
    """While a content is under way, records are exchanged as if nothing were."""
    attach(first)
    first.sync()
    person = []

    def meanwhile(seconds: float) -> None:
        if not person:
            person.append(first.add("李静"))
            assert first.sync().pushed == 1

    report = move(first, rate_kib_s=128, pause=meanwhile)
    assert report.sent == 1
    second.sync()
    assert second.person(person[0])


def test_a_budget_of_bytes_ends_a_run_and_the_next_goes_on(first):
    made = attach(first)
    first.sync()
    moved, runs = 0, 0
    while where(first) is not Where.BOTH:
        report = move(first, budget_bytes=300_000)
        assert report.bytes_sent <= 300_000 + wire.CELL
        moved, runs = moved + report.bytes_sent, runs + 1
    assert moved == made.size
    assert runs > 3


def test_a_run_without_time_moves_nothing(first):
    attach(first)
    first.sync()
    assert move(first, budget_s=0).bytes_sent == 0


def test_the_rate_is_kept_on_average(first):
    made = attach(first)
    first.sync()
    pauses = []
    move(first, rate_kib_s=100, pause=pauses.append)
    assert sum(pauses) == pytest.approx(made.size / 102_400, rel=0.3, abs=1.5)


def test_progress_says_how_much_of_how_much(first):
    made = attach(first)
    first.sync()
    told = []
    move(first, rate_kib_s=256, pause=lambda _s: None, progress=told.append)
    assert told[0].waiting == made.size
    assert [one.moved for one in told] == sorted(one.moved for one in told)


def test_one_run_at_a_time(first):
    attach(first)
    first.sync()

    def again(_seconds: float) -> None:
        with pytest.raises(AppError, match="正在传附件"):
            move(first)

    assert move(first, rate_kib_s=512, pause=again).sent == 1


@pytest.mark.parametrize(("setting", "wanted"), [(None, False), ("recent", False), ("all", True), ("asked", False)])
def test_old_contents_wait_until_somebody_asks(first, second, setting, wanted):
    made = attach(first)
    rounds(first)
    second.clock.move(days=100)
    with second.db.transaction(second.app.actor, "设置") as tx:
        tx.set_setting(keeping.FETCH, setting)
    rounds(second)
    assert (where(second) is Where.BOTH) == wanted
    if not wanted:
        actions.want(second.db, queries.recent(second.db)[0].attachment)
        assert move(second).fetched == 1
    assert actions.content(second.db, made)


@pytest.mark.parametrize(
    "fields",
    [
        {"sha256": "../../etc/passwd"},
        {"sha256": "A" * 64},
        {"size": 0},
        {"size": 10**12},
        {"mime": "application/x-msdownload"},
    ],
)
def test_a_strange_record_of_another_desk_does_no_harm(first, second, fields):
    made = attach(first)
    with first.db.transaction(first.app.actor, "x") as tx:
        tx.change(Attachment, made.id, **fields)
    first.sync()
    rounds(second)
    assert second.db.scalar("SELECT count(*) FROM blob") == 0
    (there,) = queries.recent(second.db)
    assert actions.content(second.db, there.attachment) is None


def test_an_attachment_made_and_removed_before_the_first_sync_is_never_sent(first):
    made = attach(first)
    actions.detach(first.db, first.app.actor, made.id)
    first.sync()
    assert move(first).bytes_sent == 0


def test_backups_hold_the_contents_and_restoring_brings_them_back(first, tmp_path):
    from desktop_app import app as desktop

    made = attach(first)
    kept = actions.content(first.db, made)
    backup = first.app.backup(tmp_path / "U 盘")
    first.app.restore(backup.path, tmp_path / "新")
    with desktop.open_app(tmp_path / "新", clock=first.clock) as restored:
        assert actions.content(restored.db, made) == kept


def test_contents_pass_over_real_sockets(make_desk, server):
    with serving(server) as url:
        desks: list[Desk] = [make_desk(name, enrolled=False) for name in ("一号机", "二号机")]
        for desk in desks:
            enrol.enrol(desk.db, desk.app.secrets, server_url=url, code=server.code(), name=desk.home.name)
        made = attach(desks[0])
        for desk in desks:
            engine.sync_now(desk.db, desk.app.secrets)
            blobs.exchange(desk.db, desk.app.secrets)
    assert len(actions.content(desks[1].db, queries.recent(desks[1].db)[0].attachment)) == made.size


def test_once_a_week_a_server_that_lost_files_by_itself_gets_them_back(first, server, tmp_path):
    made = attach(first)
    rounds(first)
    server.central.blobs = Blobs(tmp_path / "empty")
    assert move(first).bytes_sent == 0
    first.clock.move(days=8)
    assert move(first).sent == 1
    assert actions.content(first.db, made)


def test_whoever_asks_now_does_not_wait_for_the_hour_in_which_the_server_is_asked_again(first, second):
    attach(first)
    first.sync()
    second.sync()
    assert move(second).absent == 1
    assert where(second) is Where.WAITING
    move(first)
    assert move(second).fetched == 0
    actions.ask_again(second.db)
    assert move(second).fetched == 1


def test_an_idle_queue_asks_the_server_nothing(first):
    attach(first)
    rounds(first)
    asked = len(first.line.sent)
    move(first)
    assert len(first.line.sent) == asked


def test_the_command_exchanges_records_and_then_contents(make_desk, server, capsys):
    def linli(desk: Desk, *words: str):
        capsys.readouterr()
        code = main([*words, "--home", str(desk.home), "--json"])
        return code, json.loads(capsys.readouterr().out)

    with serving(server) as url:
        desks: list[Desk] = [make_desk(name, enrolled=False) for name in ("一号机", "二号机")]
        for desk in desks:
            enrol.enrol(desk.db, desk.app.secrets, server_url=url, code=server.code(), name=desk.home.name)
        attach(desks[0], jpeg())
        code, report = linli(desks[0], "sync")
        assert (code, report["attachments"]["sent"]) == (0, 1)
        assert linli(desks[1], "sync", "--attachments", "0")[1]["attachments"]["fetched"] == 0
        (there,) = linli(desks[1], "attachments")[1]["attachments"]
        assert there["where"] == "server"
        code, saved = linli(desks[1], "attachments", "--save", there["id"], "--to", str(desks[1].home))
        assert code == 0
        assert Path(saved["path"]).read_bytes().startswith(b"\xff\xd8")


@pytest.mark.parametrize("enrolled", [True, False])
def test_erasing_a_resident_takes_the_photos_along_at_once_on_every_desk(make_desk, server, enrolled):
    one, other = make_desk("三号机", enrolled=enrolled), make_desk("四号机")
    made = attach(one)
    person = made.owner_id
    if enrolled:
        rounds(one, other)
        assert Content(other.db).has(made.sha256)
    erasing.erase(one.db, one.app.actor, person, "本人书面申请")
    if enrolled:
        rounds(one, other)
        assert not list(server.central.blobs.folder.glob("*/??/*"))
    for desk in (one, other):
        assert not Content(desk.db).has(made.sha256)
        assert desk.db.scalar("SELECT count(*) FROM blob") == 0


def test_what_is_still_on_its_way_up_is_asked_for_again_within_a_minute_or_two(first, second):
    attach(first)
    first.sync()
    second.sync()
    assert move(second).absent == 1
    move(first)
    assert move(second).fetched == 0
    second.clock.move(minutes=2)
    assert move(second).fetched == 1


def test_what_has_been_missing_for_long_is_asked_for_once_an_hour(first, second):
    attach(first)
    first.sync()
    second.clock.move(days=3)
    second.sync()
    assert move(second).absent == 1
    second.clock.move(minutes=50)
    assert move(second).absent == 0
    second.clock.move(minutes=11)
    assert move(second).absent == 1


def test_a_content_that_a_disk_of_the_server_spoilt_comes_again_from_whoever_has_it(first, second, server):
    made = attach(first)
    rounds(first)
    (file,) = server.central.blobs.folder.glob("*/??/*")
    spoilt = bytearray(file.read_bytes())
    spoilt[1000] ^= 1
    file.write_bytes(spoilt)
    second.sync()
    report = move(second)
    assert (report.fetched, report.absent, report.problems) == (0, 1, [])
    first.clock.move(days=8)
    assert move(first).sent == 1
    second.clock.move(hours=2)
    assert move(second).fetched == 1
    assert actions.content(second.db, made) == actions.content(first.db, made)
