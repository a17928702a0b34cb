"""What one desk allows, gives out or seals is known to the others; what is under seal travels as ciphertext alone."""

import pytest

from desktop_app.privacy import actions, queries, restricted, rules, sealing
from desktop_app.privacy.exporting import Export, give_out
from desktop_app.privacy.model import Approval
from desktop_app.residents.merging import merge
from desktop_app.shared.actor import Actor
from desktop_app.shared.errors import LockedError
from desktop_app.spreadsheets.workbook import SheetOut, write
from desktop_app.store.keys import PassphraseSecrets
from desktop_app.sync import conflicts, erasing, lifting, refused, retiring
from desktop_app.sync.erasing import erase

PASSPHRASE = "密封口令要有十二个字才行"
SECURITY = Actor("s" * 32, "安全管理员")


def together(*desks):
    for _ in range(2):
        for desk in desks:
            desk.sync()


def server_text(server):
    return "".join(str(fields) for (fields,) in server.rows("select fields from record"))


@pytest.fixture
def apart(second, tmp_path):
    """The secrets of the second desk, which is a copy of the first in these tests, as those of another computer."""
    return PassphraseSecrets(tmp_path / "apart.json", "二号机的口令")


def switch_on(desk):
    app = desk.app
    sealing.set_passphrase(app.db, app.actor, app.secrets, PASSPHRASE)
    asked = actions.ask(app.db, SECURITY, rules.RESTRICTED_ON, "综治职责")
    actions.decide(app.db, app.actor, asked.id, allow=True)
    restricted.switch_on(app.db, SECURITY, "综治职责")


def test_the_register_of_exports_is_the_same_at_every_desk(first, second, tmp_path):
    sheet = SheetOut("名单", ("姓名",), [("单*诚",)])
    told = Export("名单", ("姓名",), 1, "街道", "慰问")
    give_out(first.db, first.app.actor, told, tmp_path / "名单.xlsx", lambda draft: write(draft, [sheet]))
    together(first, second)
    assert queries.exports(first.db) == queries.exports(second.db)
    assert len(queries.exports(second.db)) == 1


def test_an_approval_given_at_another_desk_holds_here(first, second):
    child = first.add("单小苗", birth="2016-03-05")
    asked = actions.ask(first.db, first.app.actor, rules.LOOK_MINOR, "入学", person_id=child)
    together(first, second)
    actions.decide(second.db, SECURITY, asked.id, allow=True)
    together(second, first)
    assert queries.in_force(first.db, first.app.actor, rules.LOOK_MINOR, child).id == asked.id


def test_two_answers_to_one_question_are_one_answer_and_a_clash_for_a_person(first, second):
    child = first.add("单小苗", birth="2016-03-05")
    asked = actions.ask(first.db, first.app.actor, rules.LOOK_MINOR, "入学", person_id=child)
    together(first, second)
    actions.decide(first.db, SECURITY, asked.id, allow=True)
    actions.decide(second.db, SECURITY, asked.id, allow=False, why="材料不齐")
    for _ in range(2):
        together(first, second)
    assert first.db.get(Approval, asked.id).verdict == second.db.get(Approval, asked.id).verdict
    assert first.db.rows("SELECT 1 FROM conflict WHERE tbl='approval'")


def test_what_is_under_seal_is_ciphertext_on_the_server_and_opens_where_the_passphrase_is(first, second, server, apart):
    one = first.add("陈秀兰")
    switch_on(first)
    app = first.app
    restricted.enter(app.db, app.actor, app.secrets, one, "社区矫正", "通报", from_on="2026-01-01", note="第三档案室")
    together(first, second)
    assert "第三档案室" not in server_text(server)
    assert PASSPHRASE not in server_text(server)
    assert second.db.scalar("SELECT count(*) FROM sealed_record") == 1
    with pytest.raises(LockedError):
        restricted.look(second.db, second.app.actor, apart, one, "走访前了解")
    sealing.unlock(second.db, second.app.actor, apart, PASSPHRASE)
    (found,) = restricted.look(second.db, second.app.actor, apart, one, "走访前了解")
    assert (found.klass, found.note) == ("社区矫正", "第三档案室")


def test_a_desk_with_the_key_erases_what_a_desk_without_it_could_not_find(first, second, apart):
    one = first.add("陈秀兰")
    switch_on(first)
    app = first.app
    restricted.enter(app.db, app.actor, app.secrets, one, "社区矫正", "通报", from_on="2026-01-01")
    together(first, second)
    erase(second.db, second.app.actor, one, "本人书面申请")
    assert second.db.scalar("SELECT count(*) FROM sealed_record WHERE sync_del=0") == 1
    together(second, first)
    together(first, second)
    for desk in (first, second):
        assert desk.db.rows("SELECT content FROM sealed_record") == [("",)]


def test_who_was_put_under_seal_stays_there(first, second):
    one = first.add("陈秀兰")
    switch_on(first)
    app = first.app
    restricted.enter(app.db, app.actor, app.secrets, one, "社区矫正", "通报", from_on="2026-01-01")
    made = retiring.seal_person(app.db, app.actor, app.secrets, one, "档案规定")
    for _ in range(2):
        together(first, second)
    erasing.follow_up_sealed(app.secrets, app.db, frozenset({"erasure"}))
    assert app.db.scalar("SELECT count(*) FROM sealed_record WHERE sync_del=0") == 2
    assert retiring.open_sealed(app.db, app.actor, app.secrets, made.id, "核对")["person"][0]["name"] == "陈秀兰"
    assert second.db.scalar("SELECT count(*) FROM person WHERE name<>''") == 0


# ------------------------------------------------------------------------------------------------------------ two keys


def put_away(desk, person):
    retiring.seal_person(desk.db, desk.app.actor, desk.app.secrets, person, "档案规定保存")


def erased(desk, person):
    erase(desk.db, desk.app.actor, person, "本人书面申请")


@pytest.mark.parametrize("sealed_first", [True, False])
def test_where_one_desk_seals_whom_another_erases_both_hear_that_somebody_has_to_decide(first, second, sealed_first):
    person = first.add("单守诚")
    sealing.set_passphrase(first.db, first.app.actor, first.app.secrets, PASSPHRASE)
    together(first, second)
    put_away(first, person)
    erased(second, person)
    early, late = (first, second) if sealed_first else (second, first)
    assert early.sync().problems == []
    (said,) = late.sync().problems
    assert "封存" in said
    assert "单守诚" not in said
    together(first, second)
    for desk in (first, second):
        (clash,) = conflicts.open_conflicts(desk.db)
        assert "负责人决定" in clash.words
        assert [bool(clash.shown.value), bool(clash.other.value)] == [sealed_first, not sealed_first]
        assert not conflicts.choices(desk.db, clash).swap
    assert len(refused.listed(late.db)) == 1
    conflicts.keep(late.db, SECURITY, clash.id)
    together(first, second)
    assert conflicts.open_conflicts(first.db) == conflicts.open_conflicts(second.db) == []


@pytest.mark.parametrize("do", [put_away, erased])
def test_two_desks_that_do_the_same_with_somebody_have_nothing_to_decide(first, second, do):
    person = first.add("单守诚")
    sealing.set_passphrase(first.db, first.app.actor, first.app.secrets, PASSPHRASE)
    together(first, second)
    sealing.unlock(second.db, second.app.actor, second.app.secrets, PASSPHRASE)
    do(first, person)
    do(second, person)
    assert first.sync().problems == second.sync().problems == []
    together(first, second)
    for desk in (first, second):
        assert conflicts.open_conflicts(desk.db) == []
        assert refused.listed(desk.db) == []


@pytest.fixture
def two_keys(first, second):
    """Both desks set a passphrase while apart; the second has put somebody in a class under its own.

    Who it is, and an entry of the same person that was made before, which stays when they are merged.
    """
    before = first.add("陈秀蓝")
    switch_on(first)
    one = second.add("陈秀兰")
    switch_on(second)
    restricted.enter(
        second.db, second.app.actor, second.app.secrets, one, "社区矫正", "通报", from_on="2026-01-01", note="二号机"
    )
    together(first, second)
    assert len(sealing.missing(first.db, first.app.secrets)) == len(sealing.missing(second.db, second.app.secrets)) == 1
    return one, before


def looked(desk, person):
    return [one.note for one in restricted.look(desk.db, desk.app.actor, desk.app.secrets, person, "核对")]


def test_a_desk_without_the_second_key_merges_seals_and_lifts_and_carries_what_it_cannot_open(first, second, two_keys):
    app, (one, before) = first.app, two_keys
    stays = merge(app.db, app.actor, one, before).id
    assert stays == before
    together(first, second)
    sealing.unlock(second.db, second.app.actor, second.app.secrets, PASSPHRASE)
    assert looked(second, stays) == ["二号机"]
    made = retiring.seal_person(app.db, app.actor, app.secrets, stays, "档案规定")
    together(first, second, first)
    back = lifting.lift(app.db, app.actor, app.secrets, made.id, "档案部门同意").person_id
    together(first, second, first)
    assert looked(second, back) == ["二号机"]
    erase(app.db, app.actor, back, "本人书面申请")
    together(first, second, first)
    for desk in (first, second):
        assert set(desk.db.rows("SELECT content FROM sealed_record")) == {("",)}


def test_somebody_the_desk_of_the_second_key_cannot_see_under_seal_keeps_the_class_there(first, second, two_keys):
    """Only the erasure itself says that it was a seal: the other desk cannot open the sealed record."""
    made = retiring.seal_person(first.db, first.app.actor, first.app.secrets, two_keys[0], "档案规定")
    together(first, second, first)
    assert second.db.scalar("SELECT count(*) FROM sealed_record WHERE sync_del=0 AND content<>''") == 2
    back = lifting.lift(first.db, first.app.actor, first.app.secrets, made.id, "档案部门同意").person_id
    together(first, second, first)
    sealing.unlock(second.db, second.app.actor, second.app.secrets, PASSPHRASE)
    assert looked(second, back) == ["二号机"]
