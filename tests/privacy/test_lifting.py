"""What a seal keeps and a lift puts back: nothing that an erasure takes may be lost on the way."""

import pytest

from desktop_app.attachments import actions as attachments
from desktop_app.attachments import queries
from desktop_app.care.model import DoorBell, DoorBellEvent
from desktop_app.orders.model import Registration, RegistrationClaim, Wish, WishEvent
from desktop_app.points import actions as points
from desktop_app.points import opening
from desktop_app.points import queries as saved
from desktop_app.points.actions import Deposit
from desktop_app.privacy import exporting, restricted, sealing
from desktop_app.residents import actions as people
from desktop_app.residents.merging import merge
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError
from desktop_app.store import history
from desktop_app.sync import erasing, lifting, retiring
from tests.attachments.pictures import png
from tests.privacy.conftest import SEAL_PASSPHRASE

KEEP, BACK = "档案规定保存", "档案部门同意恢复"
LOOKED = "近亲属申请"


def sealed(office, person_id=""):
    return retiring.seal_person(office.db, office.boss, office.secrets, person_id or office.old.id, KEEP)


def lifted(office, made):
    return lifting.lift(office.db, office.boss, office.secrets, made.id, BACK).person_id


def classes_of(office, person_id):
    return [one.klass for one in restricted.look(office.db, office.boss, office.secrets, person_id, "核对")]


def enter(office):
    return restricted.enter(
        office.db, office.boss, office.secrets, office.old.id, "社区矫正", "公安机关通报", from_on="2026-01-05"
    )


# ------------------------------------------------------------------------------------------- what is sealed besides


def test_a_restricted_class_outlives_a_seal_and_its_lifting(switched_on):
    enter(switched_on)
    back = lifted(switched_on, sealed(switched_on))
    assert classes_of(switched_on, back) == ["社区矫正"]


def test_what_was_lifted_first_outlives_a_second_seal_and_its_lifting(keyed):
    first = sealed(keyed)
    again = sealed(keyed, lifted(keyed, first))
    lifted(keyed, again)
    for one in (first, again):
        assert retiring.open_sealed(keyed.db, keyed.boss, keyed.secrets, one.id, LOOKED)["person"]


def test_an_erasure_after_lifting_takes_the_restricted_class_along(switched_on):
    enter(switched_on)
    back = lifted(switched_on, sealed(switched_on))
    erasing.erase(switched_on.db, switched_on.boss, back, "本人书面申请")
    assert set(switched_on.db.rows("SELECT content FROM sealed_record")) == {("",)}


# ------------------------------------------------------------------------------------------------- what goes under it


@pytest.fixture
def lively(keyed):
    """With a bell that rang, a wish that was taken and given back, a claim, a tag deleted and a double merged in."""
    with keyed.db.transaction(keyed.boss, "造数") as tx:
        bell = tx.add(DoorBell(person_id=keyed.old.id, kind="按钮", place="床头"))
        tx.add(DoorBellEvent(bell_id=bell.id, kind="报警", at="2026-03-01T08:00", by_name="社工乙", text="摔倒"))
        wish = tx.add(
            Wish(
                person_id=keyed.old.id, alias="单大爷", kind="物品", text="收音机", cost_cap_fen=9900,
                received_at=1, received_on="2026-03-01",
            )
        )  # fmt: skip
        kept = {"wish_id": wish.id, "on": "2026-03-02", "by_name": "社工乙"}
        taken = tx.add(WishEvent(kind="认领", at=2, taker="单位甲", **kept))
        tx.add(WishEvent(kind="放弃", at=3, expects=taken.id, **kept))
        came = tx.add(Registration(person_id=keyed.old.id, on="2026-03-01", kind="党员", name="单守诚"))
        tx.add(RegistrationClaim(registration_id=came.id, kind="认事项", on="2026-03-01", text="教书法"))
        double = tx.add(Person(name="单守成", birth="1950-03-05", note="录了两遍"))
    people.tag(keyed.db, keyed.boss, [keyed.old.id], "独居老人")
    history.undo(keyed.db, keyed.boss, keyed.db.scalar("SELECT max(action) FROM journal_change"))
    merge(keyed.db, keyed.boss, keyed.old.id, double.id)
    return keyed


def test_whatever_a_seal_erases_is_under_it(lively):
    made = sealed(lively)
    erased = set(lively.db.rows("SELECT tbl,row_id FROM erasure"))
    under = retiring.open_sealed(lively.db, lively.boss, lively.secrets, made.id, LOOKED)
    assert {table for table, _ in erased} >= {"door_bell_event", "wish_event", "registration_claim", "person_tag"}
    assert erased <= {(table, one["id"]) for table, rows in under.items() for one in rows}
    assert [one["name"] for one in under["person"]] == ["单守诚", "单守成"]


def test_what_belongs_to_a_bell_a_wish_and_a_registration_comes_back_with_them(lively):
    done = lifting.lift(lively.db, lively.boss, lively.secrets, sealed(lively).id, BACK)
    assert done.left == 0
    living = "WHERE t.sync_del=0 AND p.sync_del=0"
    asked = (
        f"SELECT t.text FROM door_bell_event t JOIN door_bell p ON p.id=t.bell_id {living} AND p.person_id=?",
        f"SELECT t.text FROM registration_claim t JOIN registration p ON p.id=t.registration_id {living} "
        "AND p.person_id=?",
        f"SELECT e.kind FROM wish_event t JOIN wish p ON p.id=t.wish_id JOIN wish_event e ON e.expects=t.id {living} "
        "AND p.person_id=?",
    )
    found = [lively.db.rows(sql, (done.person_id,)) for sql in asked]
    assert found == [[("摔倒",)], [("教书法",)], [("放弃",)]]


def test_whose_points_they_are_is_said_again_and_what_is_in_the_account_never_changed(keyed):
    account = opening.open_account(keyed.db, keyed.boss, "党员积分", person_id=keyed.old.id)
    points.deposit(keyed.db, keyed.boss, account.id, Deposit("基本分", text="单守诚的基本分"))
    seal = sealed(keyed)
    assert [(one.name, one.balance) for one in saved.accounts(keyed.db)] == [("（已清除）", 60)]
    back = lifted(keyed, seal)
    assert [(one.name, one.balance, one.person_id) for one in saved.accounts(keyed.db)] == [("单守诚", 60, back)]
    content = retiring.open_sealed(keyed.db, keyed.boss, keyed.secrets, seal.id, LOOKED)
    assert [one["text"] for one in content["points_entry"]] == ["单守诚的基本分"]


def test_neither_a_double_nor_what_was_deleted_comes_back(lively):
    lifted(lively, sealed(lively))
    assert lively.db.rows("SELECT name FROM person WHERE sync_del=0 AND name LIKE '单守%'") == [("单守诚",)]
    assert lively.db.rows("SELECT 1 FROM person_tag WHERE sync_del=0") == []


def test_a_restricted_class_does_not_open_as_a_sealed_person(switched_on):
    made = enter(switched_on)
    with pytest.raises(AppError, match="不是封存的居民资料"):
        retiring.open_sealed(switched_on.db, switched_on.boss, switched_on.secrets, made.id, LOOKED)
    assert "打开封存的个人信息" not in switched_on.trail()


# ------------------------------------------------------------------------------------------------- files under a seal


@pytest.fixture
def filed(keyed):
    """A file of the old man, who was put under seal since; with the object of a page that was opened before."""
    made = attachments.attach(keyed.db, keyed.boss, "person", keyed.old.id, png(), "残疾证")
    return keyed, made, sealed(keyed)


def test_a_sealed_file_is_in_no_list(filed):
    office, made, seal = filed
    assert queries.recent(office.db) == []
    assert [one.id for one in queries.of(office.db, "sealed_record", seal.id)] == [made.id]


def test_a_sealed_file_opens_and_leaves_for_a_reason_alone(filed, tmp_path):
    office, made, _ = filed
    target = tmp_path / "残疾证.png"
    with office.db.viewing(office.boss):
        for deed in (
            lambda: attachments.content(office.db, made),
            lambda: attachments.want(office.db, made),
            lambda: exporting.give_attachment(office.db, office.boss, made, target),
            lambda: attachments.rename(office.db, office.boss, made.id, "别的"),
            lambda: attachments.detach(office.db, office.boss, made.id),
        ):
            with pytest.raises(AppError, match="理由没有填"):
                deed()
        assert not target.exists()
        exporting.give_attachment(office.db, office.boss, made, target, LOOKED)
    assert target.read_bytes()
    assert office.db.rows("SELECT what,why FROM journal_action WHERE what='打开封存的附件'") == [
        ("打开封存的附件", LOOKED)
    ]


def test_after_lifting_a_file_opens_as_any_other(filed):
    office, made, seal = filed
    back = lifted(office, seal)
    (again,) = queries.of(office.db, "person", back)
    assert again.title == "残疾证"
    assert attachments.content(office.db, again)
    assert [one.attachment.id for one in queries.recent(office.db)] == [made.id]


# ------------------------------------------------------------------------------------------------------- the passphrase


def test_a_replaced_passphrase_does_not_come_back_by_undo(switched_on):
    sealing.change_passphrase(switched_on.db, switched_on.boss, switched_on.secrets, SEAL_PASSPHRASE + "二")
    restricted.switch_off(switched_on.db, switched_on.boss, "职责调整")
    for what in ("更换密封口令", "停用限制类人员登记"):
        action = switched_on.db.scalar("SELECT max(no) FROM journal_action WHERE what=?", (what,))
        with pytest.raises(AppError, match="密封口令不能撤销") as refused:
            history.undo(switched_on.db, switched_on.boss, action)
        assert "口令请再更换一次" in refused.value.next_step
    assert not restricted.is_on(switched_on.db)
