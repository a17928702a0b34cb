"""Records that were erased, withdrawn or moved away: their content leaves the desk, unsent work in them does not."""

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from desktop_app.residents.model import Person, PersonTag
from desktop_app.residents.search import find
from desktop_app.shared.actor import SYSTEM
from desktop_app.store import drafts, history, recent
from desktop_app.sync import refused
from desktop_app.sync.status import status
from sync_protocol.messages import Gone
from tests.sync.scripted import NEIGHBOUR, STREET

CONTENT = "红旗桥第九号秘密"
KINDS = [Gone.ERASED, Gone.WITHDRAWN, Gone.MOVED]


def somebody(told, **values):
    told.script.tell("person", "p1", name="王小明", phones="13900000001", source="手工", note=CONTENT, **values)
    told.sync()


def everything_written(db):
    """Every text in every table of the file."""
    tables = [row[0] for row in db.rows("SELECT name FROM sqlite_master WHERE type='table' AND sql NOT LIKE '%fts5%'")]
    return "\n".join(repr(row) for table in tables for row in db.rows(f'SELECT * FROM "{table}"'))


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_its_content_is_left_anywhere_in_the_file(told, kind):
    somebody(told)
    told.edit("p1", note=f"{CONTENT}，改过", occupation="木工")
    told.sync()
    drafts.keep(told.db, told.app.actor, "person:p1", '{"id":"p1","note":"打了一半"}', "王小明")
    recent.keep(told.db, told.app.actor, ["person:p1:王小明", "person:p9:别人"])
    told.script.tell("person", "p1", kind, NEIGHBOUR)
    told.sync()
    left = everything_written(told.db)
    for word in (CONTENT, "王小明", "13900000001", "木工", "打了一半", "本人来说"):
        assert word not in left, word
    assert told.value("SELECT sync_del FROM person WHERE id='p1'") == kind
    assert recent.opened(told.db, told.app.actor) == ["person:p9:别人"]
    assert find(told.db, "王小明") == []


def bytes_on_disk(db):
    """Every page of the file and of its write-ahead log as it stands there, free space included, but deciphered."""
    page, reserved = 4096, 48  # SQLCipher: an IV of 16 bytes and an HMAC-SHA256 at the end of each page
    file, log = db.path.read_bytes(), db.path.with_name(f"{db.path.name}-wal").read_bytes()
    pages = [file[at : at + page] for at in range(0, len(file), page)]
    pages += [log[at + 24 : at + 24 + page] for at in range(32, len(log), page + 24)]
    plain = []
    for number, one in enumerate(pages):
        start = 16 if not number else 0  # the salt
        iv = one[page - reserved : page - reserved + 16]
        decryptor = Cipher(algorithms.AES(db._key), modes.CBC(iv)).decryptor()
        plain.append(decryptor.update(one[start : page - reserved]))
    return b"".join(plain)


@pytest.mark.parametrize("kind", KINDS)
def test_its_bytes_are_wiped_from_the_file_and_from_the_log(told, kind):
    somebody(told)
    told.edit("p1", note=CONTENT * 3)
    told.sync()
    assert CONTENT.encode() in bytes_on_disk(told.db)
    told.script.tell("person", "p1", kind, NEIGHBOUR)
    told.sync()
    left = bytes_on_disk(told.db)
    assert CONTENT.encode() not in left
    assert "王小明".encode() not in left
    assert told.db.setting("sync_wipe") is None


@pytest.mark.parametrize("kind", KINDS)
def test_neither_history_nor_undo_brings_it_back(told, kind):
    somebody(told)
    told.edit("p1", note="新")
    action, _ = history.last_action(told.db, told.app.actor)
    told.sync()
    told.script.tell("person", "p1", kind, NEIGHBOUR)
    told.sync()
    assert history.history(told.db, Person, "p1", unmasked=True) == []
    assert history.last_action(told.db, told.app.actor)[0] < action
    with pytest.raises(Exception, match="没有改动数据"):
        history.undo(told.db, told.app.actor, action)
    assert told.value("SELECT name FROM person WHERE id='p1'") == ""


def test_what_was_written_in_a_record_that_moved_is_pushed_with_what_its_writer_had_seen(told):
    somebody(told)
    seen = told.script.head
    told.edit("p1", note="迁走之后才写的")
    told.script.tell("person", "p1", Gone.MOVED, NEIGHBOUR)
    with told.db.applying() as tx:  # the page arrives before the batch is frozen, as it does when somebody types on
        from desktop_app.sync import merge

        merge.apply(tx, [row for row in told.script.rows if row.gone], 0)
    assert told.value("SELECT note FROM person WHERE id='p1'") == "迁走之后才写的"
    assert told.value("SELECT name FROM person WHERE id='p1'") == ""
    told.sync()
    (change,) = told.script.changes
    assert change.values == {"note": "迁走之后才写的"}
    assert change.bases == {"note": seen}
    assert told.value("SELECT note FROM person WHERE id='p1'") is None
    assert status(told.db).waiting == 0


@pytest.mark.parametrize(("kind", "kept"), [(Gone.WITHDRAWN, True), (Gone.ERASED, False)])
def test_what_was_written_in_a_record_that_was_withdrawn_can_still_be_read_of_an_erased_one_nothing(told, kind, kept):
    somebody(told)
    told.edit("p1", note="没来得及上报")
    told.script.tell("person", "p1", kind)
    with told.db.applying() as tx:
        from desktop_app.sync import merge

        merge.apply(tx, [row for row in told.script.rows if row.gone], 0)
    told.sync()
    found = [(one.record_id, one.values) for one in refused.listed(told.db)]
    assert found == ([("p1", {"note": "没来得及上报"})] if kept else [])
    assert told.script.changes == []
    assert status(told.db).waiting == 0
    refused.dismiss(told.db, SYSTEM, "person", "p1")
    assert refused.listed(told.db) == []
    assert "没来得及上报" not in everything_written(told.db)


def test_a_record_that_moves_to_where_it_already_is_does_not_flicker(told):
    """A street's desk may hear that a record left one community after it heard that it arrived in the other."""
    told.script.tell("area", "a1", home=NEIGHBOUR, code="1", name="一网格", level="网格")
    told.sync()
    assert told.value("SELECT scope FROM area WHERE id='a1'") == NEIGHBOUR
    told.script.tell("area", "a1", Gone.MOVED, NEIGHBOUR)
    told.sync()
    assert told.db.rows("SELECT name,sync_del,sync_seq FROM area WHERE id='a1'") == [("一网格", 0, told.script.head)]


def test_a_record_that_comes_back_is_whole_again(told):
    somebody(told)
    told.script.tell("person", "p1", Gone.MOVED, NEIGHBOUR)
    told.sync()
    somebody(told)
    assert told.value("SELECT note FROM person WHERE id='p1' AND sync_del=0 AND scope=0") == CONTENT
    assert [hit.id for hit in find(told.db, "王小明")] == ["p1"]


def test_a_record_of_another_unit_knows_its_home(told):
    told.script.tell("meeting", "m1", home=STREET, title="联席会", kind="议事会")
    told.sync()
    assert told.value("SELECT scope FROM meeting WHERE id='m1'") == STREET


@pytest.mark.parametrize(("code", "words"), [("NOT_YOURS", "不能改"), ("ELSEWHERE", "别的单位")])
def test_a_change_that_can_never_be_taken_gives_way_and_stays_readable(told, code, words):
    somebody(told)
    told.script.judge = lambda _change: code
    told.edit("p1", note="我写的")
    report = told.sync()
    assert told.value("SELECT note FROM person WHERE id='p1'") == CONTENT, "the server's version stands"
    (one,) = refused.listed(told.db)
    assert one.values == {"note": "我写的"}
    assert words in one.words
    assert words in report.problems[0]
    assert refused.reason(told.db, "person", "p1") == one.words
    assert status(told.db).waiting == status(told.db).set_aside == 0


def test_a_change_that_can_be_put_right_is_set_aside_with_its_reason_until_it_is(told):
    somebody(told)
    told.script.judge = lambda change: "AUDIENCE" if change.values["note"] == "错" else ""
    told.edit("p1", note="错")
    told.sync()
    assert status(told.db).set_aside == 1
    assert "共享" in refused.reason(told.db, "person", "p1")
    told.edit("p1", note="对")
    told.sync()
    assert status(told.db).set_aside == 0
    assert refused.reason(told.db, "person", "p1") == ""


def test_a_change_of_something_that_was_erased_takes_the_content_with_it(told):
    somebody(told)
    told.script.judge = lambda _change: "ERASED"
    told.script.rows.clear()
    told.edit("p1", note="还在写")
    told.sync()
    assert CONTENT not in everything_written(told.db)
    assert refused.listed(told.db) == []
    assert told.value("SELECT sync_del FROM person WHERE id='p1'") == Gone.ERASED


def test_tombstones_that_the_server_forgot_are_forgotten_here_too_and_their_numbers_inherit_no_history(told):
    told.script.people("p1", "p2")
    told.sync()
    told.edit("p2", note="旧")
    told.sync()
    told.script.tell("person", "p2", Gone.DELETED)
    told.sync()
    digest = told.value("SELECT digest FROM sync_state")
    told.script.more["purged"] = told.script.head
    told.script.tell("person", "p3", name="新人", phones="", source="")
    told.sync()
    assert told.db.rows("SELECT id FROM person WHERE id IN ('p1','p2','p3') ORDER BY id") == [("p1",), ("p3",)]
    assert history.history(told.db, Person, "p3") == []
    assert told.value("SELECT purged FROM sync_state") == told.script.more["purged"]
    told.sync(recount=True)
    assert told.value("SELECT digest FROM sync_state") != digest


def test_what_was_deleted_about_somebody_goes_with_an_erasure_that_comes_when_their_own_tombstone_is_forgotten(told):
    """The server never had it, so it cannot say that it is erased; and of whoever it was about nothing is left here."""
    told.script.people("p1")
    told.sync()
    told.script.judge = lambda change: "TOO_LARGE" if change.table == "person_tag" else ""
    with told.db.transaction(told.app.actor, "打标签") as tx:
        tag = tx.add(PersonTag(person_id="p1", tag=CONTENT)).id
    told.sync()
    told.script.tell("person", "p1", Gone.DELETED)
    told.sync()
    told.script.more["purged"] = told.script.head
    told.script.tell("person", "p2", name="新人", phones="", source="")
    told.sync()
    assert told.value("SELECT count(*) FROM person WHERE id='p1'") == 0
    with told.db.transaction(told.app.actor, "删标签") as tx:
        tx.bury(PersonTag, tag)
    assert CONTENT in everything_written(told.db)
    told.script.tell("person", "p1", Gone.ERASED)
    told.sync()
    assert CONTENT not in everything_written(told.db)


def test_a_desk_that_is_still_reading_keeps_tombstones_until_it_has_come_that_far(told):
    told.script.people("p1")
    told.script.more["purged"] = 99
    told.sync()
    assert told.value("SELECT purged FROM sync_state") == 0
