"""Another passphrase, another key, another place for it: done whole or not at all, whenever the program dies."""

import json
import shutil

import pytest

from desktop_app import app as desk
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError, LockedError
from desktop_app.store import keys, recovery
from desktop_app.upkeep import keyring
from desktop_app.upkeep.elsewhere import restore_elsewhere
from tests.conftest import PASSPHRASE
from tests.upkeep.dying import die_at

NEW = "另一个 够长的口令"


def new(_words):
    return NEW


def either(home, clock):
    """Opens with the one passphrase or the other."""
    try:
        return desk.open_app(home, clock=clock)
    except LockedError:
        return desk.open_app(home, clock=clock, ask=new)


@pytest.fixture
def lived_in(home, clock):
    """A desk with a resident, a recovery sheet and a backup; returns the folder and the code."""
    with desk.open_app(home, clock=clock) as opened:
        with opened.db.transaction(opened.actor, "登记居民") as tx:
            tx.add(Person(name="王小明"))
        opened.secrets.put("sync-key-1-1", b"device key")
        code = opened.new_recovery_code()
        opened.backup()
    return home, code


def names(app):
    return [name for (name,) in app.db.rows("SELECT name FROM person")]


def test_another_passphrase_opens_the_same_data(lived_in, clock):
    home, _ = lived_in
    keyring.change_passphrase(home, keys.ask_environment, new)
    with pytest.raises(LockedError, match="口令不对"):
        desk.open_app(home, clock=clock)
    with desk.open_app(home, clock=clock, ask=new) as opened:
        assert names(opened) == ["王小明"]
        assert opened.secrets.get("sync-key-1-1") == b"device key"


def test_a_wrong_passphrase_changes_none(lived_in, clock):
    home, _ = lived_in
    with pytest.raises(LockedError):
        keyring.change_passphrase(home, lambda _: "猜一猜", new)
    with pytest.raises(AppError, match="至少"):
        keyring.change_passphrase(home, keys.ask_environment, lambda _: "短")
    desk.open_app(home, clock=clock).close()


def test_nothing_is_done_to_a_store_that_is_open(lived_in, clock):
    home, _ = lived_in
    with desk.open_app(home, clock=clock):
        for work in (
            lambda: keyring.change_passphrase(home, keys.ask_environment, new),
            lambda: keyring.rekey(home, keys.ask_environment),
        ):
            with pytest.raises(LockedError, match="另一个窗口"):
                work()


def test_with_another_key_everything_is_there_and_the_old_key_opens_nothing(lived_in, clock):
    home, code = lived_in
    with desk.open_app(home, clock=clock) as opened:
        old = opened.secrets.get("store")
    assert keyring.rekey(home, keys.ask_environment, code)
    with desk.open_app(home, clock=clock) as opened:
        assert names(opened) == ["王小明"]
        assert opened.secrets.get("store") != old
        assert opened.db.row("PRAGMA integrity_check") == ("ok",)
    with pytest.raises(AppError, match="密钥与文件不符"):
        desk.Database(home / desk.STORE, old, clock)


def test_backups_of_before_another_key_are_still_restored_here_and_elsewhere(lived_in, clock, tmp_path):
    home, code = lived_in
    keyring.rekey(home, keys.ask_environment, code)
    keyring.rekey(home, keys.ask_environment, code)
    (copy,) = (home / "backups").glob("linli-*.db")
    with desk.open_app(home, clock=clock) as opened:
        assert opened.verify(copy)["person"] == 1
    assert restore_elsewhere(copy, code, tmp_path / "别处")["person"] == 1
    with desk.open_app(tmp_path / "别处", clock=clock) as restored:
        assert names(restored) == ["王小明"]


def test_the_recovery_sheet_follows_the_key_if_its_code_is_given_and_is_void_if_not(lived_in, clock, tmp_path):
    home, code = lived_in
    assert keyring.rekey(home, keys.ask_environment, code)
    with desk.open_app(home, clock=clock) as opened:
        clock.move(minutes=1)
        copy = opened.backup().path
    restore_elsewhere(copy, code, tmp_path / "别处")
    assert not keyring.rekey(home, keys.ask_environment)
    assert recovery.made_on(home) is None
    with pytest.raises(LockedError, match="恢复码与"):
        restore_elsewhere(copy, recovery.new_code(), tmp_path / "再别处")


@pytest.mark.parametrize("work", ["rekey", "rekey with the sheet", "change-passphrase", "recover"])
def test_killed_at_any_step_the_store_opens_and_the_work_can_be_done_again(lived_in, clock, tmp_path, work):
    home, code = lived_in
    for step in range(200):
        own = shutil.copytree(home, tmp_path / f"{step}")
        done = die_at(
            step,
            {
                "rekey": lambda own=own: keyring.rekey(own, keys.ask_environment),
                "rekey with the sheet": lambda own=own: keyring.rekey(own, keys.ask_environment, code),
                "change-passphrase": lambda own=own: keyring.change_passphrase(own, keys.ask_environment, new),
                "recover": lambda own=own: keyring.recover(own, code, new),
            }[work],
        )
        with either(own, clock) as opened:
            assert names(opened) == ["王小明"]
            clock.move(minutes=1)
            copy = opened.backup().path
            assert opened.secrets.get(desk.switching.NEXT) in {None, b""}
        assert not list(own.glob("*.next"))
        sealed = copy.with_name(f"{copy.stem}.{recovery.FILE}")
        assert not sealed.exists() or desk.backup.last_action(copy, recovery.open_with(sealed, code))
        if "rekey" in work:
            keyring.rekey(own, keys.ask_environment)
            either(own, clock).close()
        shutil.rmtree(own)
        if done:
            assert step > 3
            return
    raise AssertionError("it never came to its end")


def test_a_forgotten_passphrase_is_got_over_with_the_sheet(lived_in, clock):
    home, code = lived_in
    keyring.recover(home, code, new)
    with desk.open_app(home, clock=clock, ask=new) as opened:
        assert names(opened) == ["王小明"]
    with pytest.raises(LockedError, match="不符"):
        keyring.recover(home, recovery.new_code(), new)


class Keyring:
    """The system keyring, as far as it is used."""

    def __init__(self):
        self.kept = {}

    def __call__(self, verb, service, name, *value):
        assert service == keys.SERVICE
        if verb == "set_password":
            self.kept[name] = value[0]
        elif verb == "delete_password":
            del self.kept[name]
        return self.kept.get(name)


@pytest.fixture
def chain(monkeypatch):
    made = Keyring()
    monkeypatch.setattr(keys, "_keyring_call", made)
    return made


def test_the_keys_move_into_the_keyring_and_back_with_all_that_was_kept(lived_in, clock, chain):
    home, _ = lived_in
    keyring.move(home, "keyring", keys.ask_environment, new)
    assert not (home / "keys.json").exists()
    with desk.open_app(home, clock=clock) as opened:
        assert opened.secrets.kind == "keyring"
        assert opened.secrets.get("sync-key-1-1") == b"device key"
    keyring.move(home, "passphrase", keys.ask_environment, new)
    assert chain.kept == {}
    with desk.open_app(home, clock=clock, ask=new) as opened:
        assert opened.secrets.get("sync-key-1-1") == b"device key"
        assert names(opened) == ["王小明"]


def test_another_key_in_the_keyring_is_said_and_the_sheet_is_the_way_out(lived_in, clock, chain):
    home, code = lived_in
    keyring.move(home, "keyring", keys.ask_environment, new)
    (name,) = (name for name in chain.kept if name.endswith(":store"))
    good = chain.kept[name]
    for wrong, words in (("A" * 44, "被改过|密钥与文件不符"), ("不是密钥", "被改过")):
        chain.kept[name] = wrong
        with pytest.raises(AppError, match=words) as refused:
            desk.open_app(home, clock=clock)
        assert "linli key recover" in refused.value.next_step
    del chain.kept[name]
    with pytest.raises(AppError, match="没有这份数据的密钥"):
        desk.open_app(home, clock=clock)
    keyring.recover(home, code, new)
    assert chain.kept[name] == good
    desk.open_app(home, clock=clock).close()


def test_a_backup_of_a_desk_with_a_keyring_is_opened_by_the_sheet_elsewhere(lived_in, clock, chain, tmp_path):
    home, code = lived_in
    keyring.move(home, "keyring", keys.ask_environment, new)
    with desk.open_app(home, clock=clock) as opened:
        clock.move(minutes=1)
        copy = opened.backup().path
    assert not copy.with_name(f"{copy.stem}.keys.json").exists()
    chain.kept.clear()
    restore_elsewhere(copy, code, tmp_path / "别处", ask=lambda _: PASSPHRASE)
    assert json.loads((tmp_path / "别处" / "store.json").read_text("utf-8"))["keys"] == "passphrase"
    with desk.open_app(tmp_path / "别处", clock=clock) as restored:
        assert names(restored) == ["王小明"]
