"""Files of somebody who is erased or sealed, between two desks and a server: gone everywhere, or whole everywhere."""

from contextlib import suppress

import pytest

from central_server.blobs import Blobs
from desktop_app.attachments import actions as attachments
from desktop_app.attachments import keeping
from desktop_app.attachments.model import Attachment
from desktop_app.privacy import sealing
from desktop_app.shared.errors import AppError, NetworkError
from desktop_app.sync import blobs, erasing, lifting, outbox, retiring
from desktop_app.sync.wire import CODEC
from desktop_app.visits.model import Visit
from sync_protocol import codec
from tests.attachments.pictures import jpeg
from tests.sync.belongings import here, hung, with_files
from tests.sync.desks import lost
from tests.sync.test_erasing import everything_written

PASSPHRASE = "密封口令要有十二个字才行"
KEEP, BACK, ASKED = "档案规定保存", "档案部门同意恢复", "本人书面申请"


@pytest.fixture(autouse=True)
def _folder(server, tmp_path) -> None:
    """The server keeps contents in a folder."""
    server.central.blobs = Blobs(tmp_path / "server blobs")


def rounds(*desks, times=2):
    for _ in range(times):
        for desk in desks:
            desk.sync()
            blobs.exchange(desk.db, desk.app.secrets, transport=desk.line)


def on_server(server):
    return {path.name for path in server.central.blobs.folder.glob("*/??/*")}


def here_of(desk, contents):
    return {contents[table] for table in here(desk.db, contents)}


@pytest.fixture
def filed(first, second, server):
    """陈秀兰 with a file on everything that is hers, at both desks and on the server."""
    person = first.add("陈秀兰")
    contents = with_files(first.db, first.app.actor, person)
    with second.db.transaction(second.app.actor, "附件设置") as tx:
        tx.set_setting(keeping.FETCH, "all")
    rounds(first, second)
    assert on_server(server) == set(contents.values())
    assert here(second.db, contents) == set(contents)
    return person, contents


def seal(desk, person):
    if sealing.current(desk.db) is None:
        sealing.set_passphrase(desk.db, desk.app.actor, desk.app.secrets, PASSPHRASE)
    return retiring.seal_person(desk.db, desk.app.actor, desk.app.secrets, person, KEEP)


def test_an_erasure_takes_every_file_from_both_desks_and_the_server(first, second, server, filed):
    person, contents = filed
    second.app.backup()
    erasing.erase(first.db, first.app.actor, person, ASKED)
    assert here(first.db, contents) == set()
    rounds(first, second)
    assert here(second.db, contents) == set()
    assert on_server(server) == set()
    assert first.replica() == second.replica()
    fields = "".join(fields for (fields,) in server.rows("select fields from record"))
    assert "的照片" not in fields


def test_a_seal_takes_no_content_from_anywhere_and_lifting_at_the_other_desk_brings_all_back(
    first, second, server, filed
):
    person, contents = filed
    before = hung(first.db)
    made = seal(first, person)
    rounds(first, second)
    for desk in (first, second):
        assert here(desk.db, contents) == set(contents)
        assert set(hung(desk.db).values()) == {"sealed_record"}
        words = desk.db.rows("SELECT what FROM journal_action") + desk.db.rows("SELECT before FROM journal_change")
        assert not [one for (one,) in words if one and "的照片" in one]
    assert on_server(server) == set(contents.values())
    assert "的照片" not in "".join(fields for (fields,) in server.rows("select fields from record"))
    sealing.unlock(second.db, second.app.actor, second.app.secrets, PASSPHRASE)
    lifting.lift(second.db, second.app.actor, second.app.secrets, made.id, BACK)
    rounds(second, first)
    for desk in (first, second):
        assert hung(desk.db) == before
        assert here(desk.db, contents) == set(contents)
    assert first.replica() == second.replica()


@pytest.mark.parametrize("cut", [1, 2, 4])
def test_a_sync_that_is_cut_anywhere_while_a_seal_goes_out_loses_no_file(first, second, server, filed, cut):
    person, contents = filed
    before = hung(first.db)
    made = seal(first, person)
    seen = []

    def broken(path, answer):
        seen.append(path)
        if len(seen) == cut:
            lost()
        return answer

    first.line.after = broken
    with suppress(NetworkError):
        first.sync(batch_rows=7)
    first.line.heal()
    first.reopen()
    rounds(first, second)
    assert on_server(server) == set(contents.values())
    lifting.lift(first.db, first.app.actor, first.app.secrets, made.id, BACK)
    rounds(first, second)
    assert hung(first.db) == hung(second.db) == before


def lifted(first, made):
    lifting.lift(first.db, first.app.actor, first.app.secrets, made.id, BACK)


def renamed(first, _made):
    file = first.db.scalar("SELECT id FROM attachment ORDER BY local_no LIMIT 1")
    attachments.rename(first.db, first.app.actor, file, "第一份", "整理档案")


@pytest.mark.parametrize("rows", [3, 8])
@pytest.mark.parametrize("later", [lifted, renamed])
def test_a_desk_that_hears_of_a_seal_page_by_page_takes_nothing_of_what_happened_since(
    first, second, server, filed, later, rows
):
    """What it has of the person between two pages is old: nothing follows from it until the last page is here."""
    person, contents = filed
    before = hung(first.db)
    made = seal(first, person)
    first.sync()
    later(first, made)
    first.sync()
    for clock in (server.clock, first.clock, second.clock):
        clock.move(days=30)
    second.sync(page_rows=rows)
    rounds(second, first)
    if later is renamed:
        lifted(first, made)
        rounds(first, second)
    assert on_server(server) == here_of(first, contents) == here_of(second, contents) == set(contents.values())
    assert len(hung(first.db)) == len(before)
    assert [title for (title,) in second.db.rows("SELECT title FROM appeal")] == ["修路灯"]


def test_what_another_desk_added_about_somebody_erased_goes_once_the_last_page_is_here(first, second, server, filed):
    person, _ = filed
    erasing.erase(first.db, first.app.actor, person, ASKED)
    second.add("李四")
    with second.db.transaction(second.app.actor, "走访") as tx:
        tx.add(Visit(on="2026-03-02", person_id=person, mode="入户"))
    first.sync()
    second.sync(page_rows=3)
    assert second.db.rows("SELECT 1 FROM visit WHERE sync_del=0") == []


def test_a_file_another_desk_hung_meanwhile_on_an_appeal_of_somebody_under_seal_is_put_away(
    first, second, server, filed
):
    person, _ = filed
    appeal = first.db.scalar("SELECT id FROM appeal")
    made = seal(first, person)
    late = attachments.attach(second.db, second.app.actor, "appeal", appeal, jpeg(seed=77), "补的回执")
    rounds(second, first)
    for desk in (first, second):
        assert desk.db.get(Attachment, late.id).owner_id == made.id
    assert late.sha256 in on_server(server)
    lifting.lift(first.db, first.app.actor, first.app.secrets, made.id, BACK)
    rounds(first, second)
    assert hung(second.db)["补的回执"] == "appeal"


def test_a_file_that_has_not_left_a_desk_with_the_key_when_it_hears_of_the_seal_is_put_away_and_comes_back(
    first, second, server, filed
):
    """What left before is the server's to judge: nothing comes to life beneath somebody who is gone."""
    person, contents = filed
    sealing.set_passphrase(first.db, first.app.actor, first.app.secrets, PASSPHRASE)
    rounds(first, second)
    sealing.unlock(second.db, second.app.actor, second.app.secrets, PASSPHRASE)
    made = seal(first, person)
    second.add("李四")
    late = attachments.attach(second.db, second.app.actor, "person", person, jpeg(seed=77), "身份证照片")
    first.sync()
    second.sync(batch_rows=1)
    rounds(second, first)
    assert first.db.get(Attachment, late.id).owner_id == made.id
    assert on_server(server) == {*contents.values(), late.sha256}
    lifting.lift(first.db, first.app.actor, first.app.secrets, made.id, BACK)
    rounds(first, second)
    assert hung(second.db)["身份证照片"] == "person"


def written(server):
    return "".join(fields for (fields,) in server.rows("select fields from record"))


def retitled(desk, file, title):
    with desk.db.transaction(desk.app.actor, "改名") as tx:
        tx.change(Attachment, file, title=title, taken_on="2026-02-01")


def test_conflict_records_about_a_file_go_under_the_seal_with_its_titles(first, second, server, filed):
    person, _ = filed
    file = first.db.scalar("SELECT id FROM attachment WHERE owner_table='visit'")
    retitled(first, file, "陈秀兰的病历甲")
    retitled(second, file, "陈秀兰的病历乙")
    rounds(first, second)
    assert "陈秀兰的病历" in written(server)
    seal(first, person)
    rounds(first, second)
    for desk in (first, second):
        assert desk.db.rows("SELECT 1 FROM conflict WHERE sync_del=0") == []
        assert "陈秀兰的病历" not in everything_written(desk.db)
    assert "陈秀兰的病历" not in written(server)


@pytest.mark.parametrize("later", [0, 60])
def test_a_title_another_desk_gave_meanwhile_to_a_file_under_seal_goes_under_it_too(
    first, second, server, filed, later
):
    person, _ = filed
    file = first.db.scalar("SELECT id FROM attachment WHERE owner_table='visit'")
    made = seal(first, person)
    second.clock.move(minutes=later)
    retitled(second, file, "陈秀兰的病历")
    first.sync()
    rounds(second, first)
    for desk in (first, second):
        assert desk.db.get(Attachment, file).title == "封存的附件"
        assert "陈秀兰的病历" not in everything_written(desk.db)
    assert "陈秀兰的病历" not in written(server)
    lifting.lift(first.db, first.app.actor, first.app.secrets, made.id, BACK)
    assert hung(first.db)["陈秀兰的病历"] == "visit"
    assert first.db.scalar("SELECT taken_on FROM attachment WHERE id=?", (file,)) == "2026-02-01"


def test_lifting_one_of_two_seals_of_a_person_brings_everything_back(first, second, server, filed):
    """Two desks put her under seal while they were apart; what only one of them knew comes back as well."""
    person, contents = filed
    before = hung(first.db)
    sealing.set_passphrase(first.db, first.app.actor, first.app.secrets, PASSPHRASE)
    rounds(first, second)
    sealing.unlock(second.db, second.app.actor, second.app.secrets, PASSPHRASE)
    with second.db.transaction(second.app.actor, "走访") as tx:
        tx.add(Visit(on="2026-03-02", person_id=person, mode="电话"))
    made = seal(first, person)
    second.clock.move(minutes=5)
    other = seal(second, person)
    rounds(first, second)
    done = lifting.lift(first.db, first.app.actor, first.app.secrets, made.id, BACK)
    rounds(first, second)
    assert hung(first.db) == hung(second.db) == before
    assert on_server(server) == set(contents.values())
    visits = first.db.rows("SELECT mode FROM visit WHERE person_id=? AND sync_del=0", (done.person_id,))
    assert sorted(visits) == sorted([("入户",), ("电话",)])
    with pytest.raises(AppError, match="不是封存着的居民"):
        lifting.lift(first.db, first.app.actor, first.app.secrets, other.id, BACK)


def test_a_seal_of_an_earlier_program_which_does_not_say_so_keeps_its_files(first, second, server, filed):
    """Its erasures look like any other: where anybody is under seal, no file is taken for them."""
    person, contents = filed
    appeal = first.db.scalar("SELECT id FROM appeal")
    made = seal(first, person)
    rounds(first, second)
    for desk in (first, second):  # that program left the files of appeals where they hung
        with desk.db.applying() as tx:
            tx.execute("UPDATE erasure SET sealed_on=NULL")
            sql = "UPDATE attachment SET owner_table='appeal',owner_id=?,title='回执' WHERE sha256=?"
            tx.execute(sql, (appeal, contents["appeal"]))
    attachments.attach(second.db, second.app.actor, "person", second.add("李四"), jpeg(seed=99), "别人的")
    assert here(second.db, contents) == set(contents)
    assert hung(second.db)["回执"] == "appeal"
    attachments.attach(first.db, first.app.actor, "person", first.add("张三"), jpeg(seed=98), "也是别人的")
    assert hung(first.db).get("回执") is None
    rounds(first, second)
    assert set(contents.values()) <= on_server(server)
    lifting.lift(first.db, first.app.actor, first.app.secrets, made.id, BACK)
    assert hung(first.db)["回执"] == "appeal"


def test_a_file_another_desk_hung_meanwhile_on_an_appeal_of_somebody_erased_goes(first, second, server, filed):
    person, _ = filed
    appeal = first.db.scalar("SELECT id FROM appeal")
    erasing.erase(first.db, first.app.actor, person, ASKED)
    late = attachments.attach(second.db, second.app.actor, "appeal", appeal, jpeg(seed=77), "补的回执")
    rounds(second, first)
    rounds(second, first)
    assert here(second.db, {"late": late.sha256}) == here(first.db, {"late": late.sha256}) == set()
    assert on_server(server) == set()


def test_what_asks_for_an_erasure_waits_for_files_that_a_stick_has_on_the_way(first, filed):
    """Else the server would take them along with what they still hang on."""
    person, _ = filed
    visit = first.db.scalar("SELECT id FROM visit")
    attachments.attach(first.db, first.app.actor, "visit", visit, jpeg(seed=78), "又一张")
    with first.db.applying() as tx:
        outbox.freeze(tx)
    seal(first, person)
    with first.db.applying() as tx:
        behind = outbox.freeze_next(tx)
        sent = {group["t"] for group in CODEC.unpack(behind.body, codec.PAGE_CAP)["groups"]}
    assert "sealed_record" in sent
    assert "erasure" not in sent
    assert first.db.scalar("SELECT count(*) FROM sync_dirty WHERE tbl=27 AND txn>=0")
    before = set(first.db.rows("SELECT sha256 FROM attachment WHERE sync_del=0"))
    for _ in range(2):
        first.sync()
    assert set(first.db.rows("SELECT sha256 FROM attachment WHERE sync_del=0")) == before
    assert not first.db.scalar("SELECT count(*) FROM sync_dirty")
