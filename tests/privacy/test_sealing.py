"""What is under seal: nobody reads it with SQL, no desk without the passphrase, nobody without a reason."""

import pytest

from desktop_app.appeals import intake
from desktop_app.appeals.model import Appeal
from desktop_app.privacy import actions, restricted, rules, sealing
from desktop_app.privacy.model import SealedRecord
from desktop_app.residents import actions as people
from desktop_app.residents import queries as residents
from desktop_app.residents.model import Household, HouseholdMember
from desktop_app.residents.search import find
from desktop_app.shared.errors import AppError, CorruptError, LockedError
from desktop_app.store import history
from desktop_app.store.keys import PassphraseSecrets
from desktop_app.sync import lifting, retiring
from tests.privacy.conftest import OLD_NO, SEAL_PASSPHRASE

DIAGNOSIS = "严重精神障碍"


def everything_written(db):
    tables = [name for (name,) in db.rows("SELECT name FROM sqlite_master WHERE type='table'")]
    return " ".join(str(row) for name in tables for row in db.rows(f'SELECT * FROM "{name}"'))


def enter(office, klass=DIAGNOSIS):
    return restricted.enter(
        office.db, office.boss, office.secrets, office.old.id, klass, "公安机关通报", from_on="2026-01-05", note="服药"
    )


# ------------------------------------------------------------------------------------------------------------- the key


def test_the_key_is_set_once_and_a_short_passphrase_is_refused(office):
    with pytest.raises(AppError, match="至少要 12 个字"):
        sealing.set_passphrase(office.db, office.boss, office.secrets, "太短")
    sealing.set_passphrase(office.db, office.boss, office.secrets, SEAL_PASSPHRASE)
    with pytest.raises(AppError, match="已经设过"):
        sealing.set_passphrase(office.db, office.boss, office.secrets, SEAL_PASSPHRASE)


def test_another_desk_gets_the_key_with_the_passphrase_alone(keyed, tmp_path):
    elsewhere = PassphraseSecrets(tmp_path / "keys.json", "别的电脑")
    assert not sealing.is_unlocked(keyed.db, elsewhere)
    with pytest.raises(LockedError, match="密封口令不对"):
        sealing.unlock(keyed.db, keyed.boss, elsewhere, SEAL_PASSPHRASE + "错")
    sealing.unlock(keyed.db, keyed.boss, elsewhere, SEAL_PASSPHRASE)
    assert sealing.is_unlocked(keyed.db, elsewhere)
    key = sealing.current(keyed.db).id
    assert sealing.key_of(elsewhere, key) == sealing.key_of(keyed.secrets, key)


def test_the_key_stands_nowhere_in_the_store(keyed):
    key = sealing.key_of(keyed.secrets, sealing.current(keyed.db).id)
    written = everything_written(keyed.db)
    assert key.hex() not in written
    assert SEAL_PASSPHRASE not in written


def test_another_passphrase_takes_the_place_of_the_first_and_what_is_sealed_opens_as_before(switched_on, tmp_path):
    one = enter(switched_on)
    sealing.change_passphrase(switched_on.db, switched_on.boss, switched_on.secrets, "另一个够长的密封口令-2027")
    elsewhere = PassphraseSecrets(tmp_path / "keys.json", "别的电脑")
    with pytest.raises(LockedError, match="密封口令不对"):
        sealing.unlock(switched_on.db, switched_on.boss, elsewhere, SEAL_PASSPHRASE)
    sealing.unlock(switched_on.db, switched_on.boss, elsewhere, "另一个够长的密封口令-2027")
    record = switched_on.db.get(SealedRecord, one.id)
    assert sealing.unseal(elsewhere, record) == sealing.unseal(switched_on.secrets, record)


def test_a_desk_without_the_key_cannot_change_the_passphrase(keyed, tmp_path):
    elsewhere = PassphraseSecrets(tmp_path / "keys.json", "别的电脑")
    with pytest.raises(LockedError, match="没有密封记录的密钥"):
        sealing.change_passphrase(keyed.db, keyed.boss, elsewhere, "另一个够长的密封口令-2027")
    with pytest.raises(AppError, match="至少要 12 个字"):
        sealing.change_passphrase(keyed.db, keyed.boss, keyed.secrets, "太短")


# --------------------------------------------------------------------------------------------------- restricted classes


def test_restricted_classes_are_off_by_default(keyed):
    assert not restricted.is_on(keyed.db)
    with pytest.raises(AppError, match="没有启用"):
        enter(keyed)


def test_it_takes_two_to_switch_them_on(keyed):
    with pytest.raises(AppError, match="由安全管理员申请、书记审批"):
        restricted.switch_on(keyed.db, keyed.worker, "综治工作职责")
    asked = actions.ask(keyed.db, keyed.worker, rules.RESTRICTED_ON, "综治工作职责")
    with pytest.raises(AppError, match="不能审批自己的申请"):
        actions.decide(keyed.db, keyed.worker, asked.id, allow=True)
    actions.decide(keyed.db, keyed.boss, asked.id, allow=True)
    restricted.switch_on(keyed.db, keyed.worker, "综治工作职责")
    assert restricted.is_on(keyed.db)
    assert "启用限制类人员登记" in keyed.trail()
    restricted.switch_off(keyed.db, keyed.worker, "职责调整")
    assert not restricted.is_on(keyed.db)


def test_a_class_cannot_be_read_with_sql_nor_whose_it_is(switched_on):
    enter(switched_on)
    (sealed,) = switched_on.db.rows("SELECT * FROM sealed_record")
    assert switched_on.old.id not in " ".join(map(str, sealed))
    written = everything_written(switched_on.db)
    assert DIAGNOSIS not in written
    assert "R4" not in sealed
    assert "服药" not in written


def test_each_look_needs_a_reason_and_leaves_a_line_that_names_nobody(switched_on):
    enter(switched_on)
    with pytest.raises(AppError, match="查看用途没有填"):
        restricted.look(switched_on.db, switched_on.boss, switched_on.secrets, switched_on.old.id, " ")
    (found,) = restricted.look(switched_on.db, switched_on.boss, switched_on.secrets, switched_on.old.id, "联合走访")
    assert (found.klass, found.from_on, found.to_on, found.note) == (DIAGNOSIS, "2026-01-05", "", "服药")
    last = switched_on.trail()[-1]
    assert last.startswith("查看限制类人员（对象标记 ")
    assert "单守诚" not in last


def test_a_desk_without_the_key_sees_nothing(switched_on, tmp_path):
    enter(switched_on)
    with pytest.raises(LockedError, match="没有密封记录的密钥"):
        restricted.look(
            switched_on.db, switched_on.boss, PassphraseSecrets(tmp_path / "k.json", "别人"), switched_on.old.id, "看"
        )


def test_an_entry_is_ended_and_stays_under_seal(switched_on):
    made = enter(switched_on)
    restricted.end(switched_on.db, switched_on.boss, switched_on.secrets, made.id, "2026-06-01", "已解除")
    (found,) = restricted.look(switched_on.db, switched_on.boss, switched_on.secrets, switched_on.old.id, "核对")
    assert found.to_on == "2026-06-01"


def test_no_ciphertext_can_stand_in_for_another(switched_on):
    one, other = enter(switched_on), enter(switched_on, "吸毒")
    with switched_on.db.transaction(switched_on.boss, "调换") as tx:
        tx.change(SealedRecord, one.id, content=other.content)
    with pytest.raises(CorruptError, match="被改动过"):
        sealing.unseal(switched_on.secrets, switched_on.db.get(SealedRecord, one.id))


def test_nothing_but_this_slice_and_its_store_knows_the_table(root):
    """Never exported, never searched, never printed: no sheet, query or form reads it."""
    users = {
        path.relative_to(root).as_posix()
        for package in ("desktop_app", "ui")
        for path in (root / package).rglob("*.py")
        if "sealed_record" in path.read_text("utf-8") or "SealedRecord" in path.read_text("utf-8")
    }
    assert users == {
        "desktop_app/accounts/undoing.py",  # which right taking an entry back needs
        "desktop_app/attachments/rules.py",  # files under a seal stay out of sight
        "desktop_app/privacy/model.py",
        "desktop_app/privacy/restricted.py",
        "desktop_app/privacy/sealing.py",
        "desktop_app/sync/erasing.py",
        "desktop_app/sync/lifting.py",
        "desktop_app/sync/retiring.py",
        "desktop_app/sync/sealed_files.py",
        "ui/pages/privacy.py",
        "ui/pages/privacy_retention.py",
        "ui/pages/privacy_sealed.py",  # from outside: kind and day
    }


# ---------------------------------------------------------------------------------------------------------------- 封存


def test_a_sealed_person_is_in_no_list_no_search_and_no_query(keyed):
    retiring.seal_person(keyed.db, keyed.boss, keyed.secrets, keyed.old.id, "档案规定保存")
    written = everything_written(keyed.db)
    assert "单守诚" not in written
    assert OLD_NO not in written
    assert find(keyed.db, "单守诚") == []
    assert residents.detail(keyed.db, keyed.old.id) is None


def test_what_was_sealed_opens_whole_for_a_reason(keyed):
    made = retiring.seal_person(keyed.db, keyed.boss, keyed.secrets, keyed.old.id, "档案规定保存")
    with pytest.raises(AppError, match="打开用途没有填"):
        retiring.open_sealed(keyed.db, keyed.boss, keyed.secrets, made.id, "")
    found = retiring.open_sealed(keyed.db, keyed.boss, keyed.secrets, made.id, "近亲属申请")
    assert found["person"][0]["id_no"] == OLD_NO
    assert keyed.trail()[-1] == "打开封存的个人信息"
    ((record, _),) = retiring.find_sealed(keyed.db, keyed.boss, keyed.secrets, "单守诚", "近亲属申请")
    assert record.id == made.id
    assert retiring.find_sealed(keyed.db, keyed.boss, keyed.secrets, "单小苗", "近亲属申请") == []


def test_a_lifted_seal_puts_the_person_back_with_everything_that_was_sealed(keyed):
    """Tags, appeals with their words, files; under a new identifier, since the old one was erased."""
    db, boss = keyed.db, keyed.boss
    people.tag(db, boss, [keyed.old.id], "独居老人")
    appeal = intake.register(db, boss, intake.blank(db, title="灯不亮", person_id=keyed.old.id), accept=True)
    made = retiring.seal_person(db, boss, keyed.secrets, keyed.old.id, "档案规定保存")
    assert db.scalar("SELECT title FROM appeal WHERE id=?", (appeal.id,)) != "灯不亮"
    with pytest.raises(AppError, match="依据没有填"):
        lifting.lift(db, boss, keyed.secrets, made.id, " ")
    done = lifting.lift(db, boss, keyed.secrets, made.id, "档案部门同意恢复")
    assert keyed.trail()[-1] == "解除封存"
    back = residents.detail(db, done.person_id)
    assert (back.person.name, back.person.id_no, [one.tag for one in back.tags]) == ("单守诚", OLD_NO, ["独居老人"])
    assert [one.id for one in find(db, "单守诚")] == [done.person_id] != [keyed.old.id]
    again = db.get(Appeal, appeal.id)
    assert (again.title, again.person_id) == ("灯不亮", done.person_id)
    with pytest.raises(AppError, match="不是封存着的居民"):
        lifting.lift(db, boss, keyed.secrets, made.id, "再来一次")


def test_who_was_lifted_and_is_erased_later_leaves_nothing_under_the_seal(keyed):
    from desktop_app.sync.erasing import erase

    made = retiring.seal_person(keyed.db, keyed.boss, keyed.secrets, keyed.old.id, "档案规定保存")
    done = lifting.lift(keyed.db, keyed.boss, keyed.secrets, made.id, "档案部门同意恢复")
    about = [one.id for one in sealing.about(keyed.db, keyed.secrets, done.person_id)]
    assert about == [made.id]
    erase(keyed.db, keyed.boss, done.person_id, "本人书面申请", sealed=about)
    assert keyed.db.rows("SELECT content FROM sealed_record") == [("",)]


def test_neither_sealing_nor_lifting_is_undone_since_each_has_the_only_copy(keyed):
    made = retiring.seal_person(keyed.db, keyed.boss, keyed.secrets, keyed.old.id, "档案规定保存")
    lifting.lift(keyed.db, keyed.boss, keyed.secrets, made.id, "档案部门同意恢复")
    for what in ("封存个人信息", "解除封存"):
        action = keyed.db.scalar("SELECT no FROM journal_action WHERE what=?", (what,))
        with pytest.raises(AppError, match="不能撤销"):
            history.undo(keyed.db, keyed.boss, action)
    assert keyed.db.scalar("SELECT count(*) FROM person WHERE name='单守诚' AND sync_del=0") == 1


def test_a_restricted_class_entered_by_mistake_is_undone(switched_on):
    made = enter(switched_on)
    action = switched_on.db.scalar("SELECT no FROM journal_action WHERE what='登记限制类人员'")
    history.undo(switched_on.db, switched_on.boss, action)
    assert switched_on.db.get(SealedRecord, made.id) is None


def test_a_home_that_is_gone_meanwhile_is_not_put_back(keyed):
    with keyed.db.transaction(keyed.boss, "造数") as tx:
        household = tx.add(Household(kind="家庭户", status="在册"))
        tx.add(HouseholdMember(household_id=household.id, person_id=keyed.old.id, relation="户主"))
    made = retiring.seal_person(keyed.db, keyed.boss, keyed.secrets, keyed.old.id, "档案规定保存")
    with keyed.db.transaction(keyed.boss, "造数") as tx:
        tx.change(Household, household.id, sync_del=1)
    done = lifting.lift(keyed.db, keyed.boss, keyed.secrets, made.id, "档案部门同意恢复")
    assert (done.back, done.left) == (0, 1)
    assert "没有放回" in done.words


def test_without_a_key_nothing_is_sealed_and_nothing_is_lost(office):
    with pytest.raises(LockedError):
        retiring.seal_person(office.db, office.boss, office.secrets, office.old.id, "档案规定保存")
    assert residents.detail(office.db, office.old.id) is not None


def test_an_erasure_takes_the_restricted_classes_along(switched_on):
    from desktop_app.sync.erasing import erase

    made = enter(switched_on)
    about = [one.id for one in sealing.about(switched_on.db, switched_on.secrets, switched_on.old.id)]
    assert about == [made.id]
    erase(switched_on.db, switched_on.boss, switched_on.old.id, "本人书面申请", sealed=about)
    assert switched_on.db.rows("SELECT content FROM sealed_record") == [("",)]
