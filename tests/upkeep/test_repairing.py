"""Pages of the store are damaged at random: nothing readable is lost, and what is lost is said."""

import random
import re

import pytest

from desktop_app import app as desk
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError, CorruptError
from desktop_app.store import audit_check, history
from desktop_app.upkeep import repairing

PAGE = 4096


def people(app):
    return dict(app.db.rows("SELECT name,note FROM person WHERE sync_del=0"))


@pytest.fixture
def lived_in(home, clock):
    """A desk with a backup of 600 residents; 300 more, and 100 corrections, came since."""
    with desk.open_app(home, clock=clock) as opened:
        for start in range(0, 900, 50):
            if start == 600:
                opened.backup()
            with opened.db.transaction(opened.actor, "登记居民") as tx:
                tx.add_all([Person(name=f"居民{n}", note="很长的备注" * 20) for n in range(start, start + 50)])
        ids = [id_ for (id_,) in opened.db.rows("SELECT id FROM person ORDER BY local_no LIMIT 100")]
        with opened.db.transaction(opened.actor, "修改") as tx:
            for id_ in ids:
                tx.change(Person, id_, note="改过了")
    clock.move(hours=1)
    return home


def damage(home, pages):
    path = home / desk.STORE
    content = bytearray(path.read_bytes())
    for page in pages:
        at = page * PAGE + 100
        content[at : at + 8] = bytes(byte ^ 0xFF for byte in content[at : at + 8])
    path.write_bytes(content)


def test_a_sound_store_is_left_alone(lived_in):
    assert repairing.is_sound(lived_in)


@pytest.mark.parametrize("seed", range(12))
def test_with_pages_damaged_anywhere_the_desk_works_again_and_says_what_is_missing(lived_in, clock, seed):
    chance = random.Random(seed)  # noqa: S311 the places of a test
    pages = (lived_in / desk.STORE).stat().st_size // PAGE
    damage(lived_in, chance.sample(range(1, pages), chance.choice([1, 2, 5, 20])))
    damaged = (lived_in / desk.STORE).read_bytes()
    assert not repairing.is_sound(lived_in)
    done = repairing.repair(lived_in, clock=clock)
    said = "\n".join(done.words())
    assert (done.aside / desk.STORE).read_bytes() == damaged
    with desk.open_app(lived_in, clock=clock) as opened:
        found = people(opened)
        assert opened.db.row("PRAGMA integrity_check") == ("ok",)
        assert {f"居民{n}" for n in range(600)} <= set(found), "the backup had them"
        missing = 900 - len(found)
        if missing:
            assert ("之后的改动没有找回" if done.headless else "居民：读出") in said
        unsent = opened.db.scalar("SELECT count(*) FROM sync_dirty WHERE tbl=7")
        assert unsent == len(found), "none of them was ever sent"
        if "person" not in done.lost and not done.headless:
            assert missing == 0
            assert sum(note == "改过了" for note in found.values()) == 100
        assert audit_check.verify(opened.db).faults == []
        with opened.db.transaction(opened.actor, "登记居民") as tx:
            person = tx.add(Person(name="后来的人"))
        assert history.history(opened.db, Person, person.id)
        assert opened.db.scalar("SELECT count(DISTINCT local_no) FROM search_key WHERE kind=1") == len(found) + 1
        assert audit_check.verify(opened.db).faults == []


def test_only_what_stood_on_the_page_is_lost_not_what_came_after(lived_in, clock):
    """A leaf in the middle of the residents: those before and after it are read."""
    with desk.open_app(lived_in, clock=clock) as opened:
        key = opened.secrets.get("store")
        pages = (
            [
                page
                for (page,) in opened.db.rows(
                    "SELECT pageno FROM dbstat WHERE name='person' AND pagetype='leaf' ORDER BY pageno"
                )
            ]
            if has_dbstat(opened)
            else []
        )
    assert key
    if not pages:
        pytest.skip("this SQLite has no dbstat")
    damage(lived_in, [pages[-2] - 1])
    done = repairing.repair(lived_in, clock=clock)
    assert done.lost == ["person"]
    with desk.open_app(lived_in, clock=clock) as opened:
        assert 870 < len(people(opened)) < 900
        assert "居民899" in people(opened)


def has_dbstat(app):
    try:
        app.db.rows("SELECT 1 FROM dbstat LIMIT 1")
    except Exception:  # noqa: BLE001 whatever it says
        return False
    return True


def test_a_file_whose_head_is_gone_comes_back_as_the_backup_was_and_says_so(lived_in, clock):
    damage(lived_in, [0])
    done = repairing.repair(lived_in, clock=clock)
    assert any("之后的改动没有找回" in line for line in done.words())
    with desk.open_app(lived_in, clock=clock) as opened:
        assert len(people(opened)) == 600


def test_without_a_backup_what_can_be_read_is_kept(lived_in, clock):
    for copy in (lived_in / "backups").iterdir():
        copy.unlink()
    damage(lived_in, [30])
    repairing.repair(lived_in, clock=clock)
    with desk.open_app(lived_in, clock=clock) as opened:
        assert opened.community.name == "江山社区"
        assert len(people(opened)) > 700


def test_a_damaged_backup_is_passed_over(lived_in, clock):
    with desk.open_app(lived_in, clock=clock) as opened:
        newest = opened.backup().path
    content = bytearray(newest.read_bytes())
    content[PAGE * 5 + 50] ^= 1
    newest.write_bytes(content)
    damage(lived_in, [40])
    done = repairing.repair(lived_in, clock=clock)
    assert done.base is not None
    assert done.base != newest


def test_with_neither_head_nor_backup_nothing_is_touched(lived_in, clock):
    for copy in (lived_in / "backups").iterdir():
        copy.unlink()
    damage(lived_in, [0])
    before = (lived_in / desk.STORE).read_bytes()
    with pytest.raises(AppError, match="没有修复"):
        repairing.repair(lived_in, clock=clock)
    assert (lived_in / desk.STORE).read_bytes() == before
    assert not (lived_in / repairing.WORK).exists()


def test_damage_is_noticed_at_the_start_after_an_end_that_was_not_clean(lived_in, clock):
    damage(lived_in, [60])
    (lived_in / f"{desk.STORE}-wal").write_bytes(b"left behind")
    with pytest.raises(CorruptError, match="损坏") as refused:
        desk.open_app(lived_in, clock=clock)
    assert re.search("linli repair", refused.value.next_step)
