"""A store of an older program is copied, then brought up to date, all or nothing; one of a newer program is refused."""

import shutil

import pytest

from desktop_app import app as desk
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError, NeedsUpgradeError
from desktop_app.store import backup, upgrade

NEXT = """
from alembic import op

revision = "2999_01_01_next"
down_revision = "{below}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('ALTER TABLE person ADD COLUMN nickname VARCHAR')
    op.execute('CREATE TABLE hobby (name VARCHAR)')
    {more}
"""


@pytest.fixture
def next_program(tmp_path, monkeypatch):
    """Makes this program one release newer: a column and a table are added by a migration of its own."""
    folder = tmp_path / "migrations"
    shutil.copytree(upgrade.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    below = upgrade.revisions()[1]

    def make(more: str = "pass") -> None:
        (folder / "versions" / "2999_01_01_next.py").write_text(NEXT.format(below=below, more=more), "utf-8")
        monkeypatch.setattr(upgrade, "MIGRATIONS", folder)
        upgrade.revisions.cache_clear()

    yield make
    monkeypatch.undo()
    upgrade.revisions.cache_clear()


@pytest.fixture
def older_home(home, clock):
    """A desk of the present program with one resident."""
    with desk.open_app(home, clock=clock) as opened, opened.db.transaction(opened.actor, "登记居民") as tx:
        tx.add(Person(name="王小明", phones="13900000001"))
    return home


def tables(app):
    return {row[0] for row in app.db.rows("SELECT name FROM sqlite_master WHERE type='table'")}


def test_an_older_store_is_copied_first_and_then_upgraded(older_home, next_program, clock):
    next_program()
    with desk.open_app(older_home, clock=clock) as opened:
        assert "hobby" in tables(opened)
        assert opened.db.row("SELECT name,nickname FROM person") == ("王小明", None)
        (copy,) = (older_home / "backups").glob("*-upgrade.db")
        assert opened.verify(copy)["person"] == 1
        key = opened.secrets.get("store")
    backup.restore(copy, key, older_home / "restored.db")
    with desk.Database(older_home / "restored.db", key, clock) as restored:
        assert restored.scalar("SELECT version_num FROM alembic_version") != "2999_01_01_next"


def test_the_journal_sees_a_column_that_an_upgrade_added(older_home, next_program, clock):
    next_program()
    with desk.open_app(older_home, clock=clock) as opened:
        with opened.db.transaction(opened.actor, "补昵称") as tx:
            tx.execute("UPDATE person SET nickname='明明'")
        assert opened.db.scalar("SELECT before FROM journal_change ORDER BY no DESC") == '{"nickname":null}'
        assert opened.db.tables["person"].columns[-1] == "nickname"


def test_an_upgraded_store_is_not_copied_again(older_home, next_program, clock):
    next_program()
    desk.open_app(older_home, clock=clock).close()
    clock.move(days=1)
    desk.open_app(older_home, clock=clock).close()
    assert len(list((older_home / "backups").glob("*-upgrade.db"))) == 1


def test_a_migration_that_fails_leaves_the_store_as_it_was(older_home, next_program, clock, monkeypatch):
    next_program(more="raise RuntimeError('half way')")
    with pytest.raises(RuntimeError, match="half way"):
        desk.open_app(older_home, clock=clock)
    monkeypatch.undo()
    monkeypatch.setenv("LINLI_PASSPHRASE", "测试 口令")
    upgrade.revisions.cache_clear()
    with desk.open_app(older_home, clock=clock) as opened:
        assert "hobby" not in tables(opened)
        assert "nickname" not in opened.db.tables["person"].columns
        assert opened.db.scalar("SELECT name FROM person") == "王小明"


def test_without_a_copy_there_is_no_upgrade(older_home, next_program, clock):
    (older_home / "backups").write_text("not a folder")
    next_program()
    with pytest.raises((AppError, OSError)):
        desk.open_app(older_home, clock=clock)
    (older_home / "backups").unlink()
    with desk.open_app(older_home, clock=clock) as opened:
        assert "hobby" in tables(opened)


def test_a_store_of_a_newer_program_is_refused_and_left_alone(app, home, clock):
    with app.db.transaction(app.actor, "升级") as tx:
        tx.execute("UPDATE alembic_version SET version_num='2999_01_01_next'")
    app.close()
    before = (home / "linli.db").read_bytes()
    with pytest.raises(NeedsUpgradeError, match="更新版本") as refused:
        desk.open_app(home, clock=clock)
    assert "升级本程序" in refused.value.next_step
    assert (home / "linli.db").read_bytes() == before


def test_a_newer_program_gives_its_search_index_to_an_older_store(older_home, clock, monkeypatch):
    monkeypatch.setattr("desktop_app.store.search.VERSION", "next")
    with desk.open_app(older_home, clock=clock) as opened:
        assert opened.db.setting("search") == "next"
        assert opened.db.scalar("SELECT count(*) FROM search_key WHERE key='王小明'") == 1
