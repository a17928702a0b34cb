"""Files of somebody who is erased or sealed, between two desks and a server: gone everywhere, or whole everywhere."""

from contextlib import suppress

import pytest

from central_server.blobs import Blobs
from desktop_app.attachments import actions as attachments
from desktop_app.attachments import keeping
from desktop_app.attachments.model import Attachment
from desktop_app.privacy import sealing
from desktop_app.shared.errors import NetworkError
from desktop_app.sync import blobs, erasing, lifting, outbox, retiring
from desktop_app.sync.wire import CODEC
from sync_protocol import codec
from tests.attachments.pictures import jpeg
from tests.sync.belongings import here, hung, with_files
from tests.sync.desks import lost

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
