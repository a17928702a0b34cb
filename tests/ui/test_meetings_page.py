"""会议: calling one, signing in by initials, writing that saves itself, signature and corrections."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_app.app import App
from desktop_app.meetings import actions, balloting, noting, queries, signature
from desktop_app.meetings.model import Meeting
from desktop_app.meetings.rules import RosterLine
from desktop_app.printing import spooler
from desktop_app.printing.spooler import Printer
from desktop_app.shared.actor import Actor
from tests.ui.conftest import rest, settle
from ui.main_window import MainWindow
from ui.pages.meetings import MeetingsPage
from ui.pages.meetings_giving import export_to
from ui.pages.meetings_new import moment
from ui.pages.meetings_record import MeetingPage
from ui.pages.meetings_signin import matching, names_of
from ui.widgets.inputs import tidy_time

PEOPLE = ("张敏", "王强", "刘洋", "单玉梅")


@pytest.fixture
def meeting(town: App) -> Meeting:
    """邻里议事会 with four people who should come and one item on its agenda."""
    called = actions.call_meeting(
        town.db,
        town.actor,
        Meeting(
            kind="residents_council", title="邻里议事会", starts_at="2026-11-22 15:00", place="党群驿站", chair="张敏"
        ),
        [RosterLine(name) for name in PEOPLE],
    )
    actions.add_agenda_item(town.db, town.actor, called.id, "电梯加装")
    return called


@pytest.fixture
def page(meeting: Meeting, window: MainWindow, qtbot: QtBot) -> MeetingPage:
    window.open_record("meeting", meeting.id)
    settle(qtbot, window.background)
    found = window.tabs.page(f"meeting:{meeting.id}")
    assert isinstance(found, MeetingPage)
    rest(found, qtbot)
    return found


def status(page: MeetingPage) -> dict[str, str]:
    file = queries.meeting_file(page.desk.app.db, page.meeting_id)
    assert file is not None
    return {row.name: row.status for row in file.attendance}


def noted(page: MeetingPage) -> str:
    """What was typed, as it stands in the file."""
    return "\n".join(
        row[0] for row in page.desk.app.db.rows("SELECT text FROM meeting_note WHERE sync_del=0 ORDER BY seq")
    )


def locked(page: MeetingPage) -> None:
    """Signed as it stands, whatever it lacks."""
    db = page.desk.app.db
    file = queries.meeting_file(db, page.meeting_id)
    assert file is not None
    told = {"signed_hash": signature.fingerprint(file), "signed_parts": signature.part_prints(file)}
    with db.transaction(page.desk.app.actor, "签字") as tx:
        tx.change(Meeting, page.meeting_id, signed_at=db.clock.ms(), signed_by="张敏", **told)


@pytest.mark.parametrize(
    ("typed", "clock"), [("1500", "15:00"), ("9:05", "09:05"), ("９点", "09:00"), ("15时30分", "15:30"), ("", "")]
)
def test_a_time_is_read_as_people_type_it(typed: str, clock: str) -> None:
    assert tidy_time(typed) == clock


def test_a_day_without_a_time_begins_at_midnight_and_no_day_is_no_moment() -> None:
    assert moment("20261122", "") == "2026-11-22 00:00"
    assert moment("", "1500") is None


def test_initials_find_people_and_special_surnames(page: MeetingPage) -> None:
    file = queries.meeting_file(page.desk.app.db, page.meeting_id)
    assert file is not None
    names = names_of(file.attendance)
    assert [name.row.name for name in matching(names, "zm")] == ["张敏"]
    assert [name.row.name for name in matching(names, "sym")] == ["单玉梅"]
    assert [name.row.name for name in matching(names, "wangq")] == ["王强"]
    assert [name.row.name for name in matching(names, "洋")] == ["刘洋"]
    assert matching(names, "xyz") == []


def test_initials_and_return_sign_in_one_after_the_other(page: MeetingPage, qtbot: QtBot) -> None:
    for letters in ("zm", "wq", "sym"):
        qtbot.keyClicks(page.sign_in.field, letters)
        qtbot.keyClick(page.sign_in.field, Qt.Key.Key_Return)
        rest(page, qtbot)
    assert status(page) == {"张敏": "出席", "王强": "出席", "刘洋": "缺席", "单玉梅": "出席"}
    assert page.sign_in.field.text() == ""
    assert page.sign_in.counts.text() == "应到 4　实到 3"


def test_a_name_that_is_not_on_the_list_is_said_and_nobody_is_signed_in(page: MeetingPage, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.sign_in.field, "qq")
    qtbot.keyClick(page.sign_in.field, Qt.Key.Key_Return)
    rest(page, qtbot)
    assert "名单里没有“qq”" in page.sign_in._hint.text()
    assert set(status(page).values()) == {"缺席"}


def test_an_excuse_keeps_its_reason(page: MeetingPage, qtbot: QtBot) -> None:
    page.sign_in.table.point_at(2)
    page.sign_in.excuse()
    page.sign_in.form.form.take_draft('{"reason": "出差"}')
    page.sign_in.form.save()
    rest(page, qtbot)
    assert status(page)["刘洋"] == "请假"


def test_what_was_said_saves_itself_on_leaving_the_field(page: MeetingPage, qtbot: QtBot) -> None:
    card = next(iter(page.agenda.cards.values()))
    card.talk.setFocus()
    qtbot.keyClicks(card.talk, "zhangmin: ok")
    assert page.unsaved()
    page.sign_in.field.setFocus()
    rest(page, qtbot)
    assert noted(page) == "zhangmin: ok"
    assert not page.unsaved()


def test_an_item_goes_to_the_front_by_a_key_and_keeps_what_was_typed_in_it(
    page: MeetingPage, town: App, qtbot: QtBot
) -> None:
    added = actions.add_agenda_item(town.db, town.actor, page.meeting_id, "停车位")
    rest(page, qtbot)
    card = page.agenda.cards[added.id]
    card.talk.setFocus()
    qtbot.keyClicks(card.talk, "zhangmin: ok")
    page.agenda.move_up()
    rest(page, qtbot)
    file = queries.meeting_file(town.db, page.meeting_id)
    assert file is not None
    assert [item.title for item in file.agenda] == ["停车位", "电梯加装"]
    assert card._number.text() == "1"
    assert (card.talk.toPlainText(), noted(page)) == ("zhangmin: ok", "zhangmin: ok")
    page.agenda.move_up()  # the first stays first
    page.agenda.move_down()
    rest(page, qtbot)
    assert card._number.text() == "2"


def test_what_was_said_saves_itself_within_a_second_though_somebody_types_on(page: MeetingPage, qtbot: QtBot) -> None:
    card = next(iter(page.agenda.cards.values()))
    assert card.notes._idle.interval() < 1000
    qtbot.keyClicks(card.talk, "hel")
    begun = card.notes._idle.remainingTime()
    qtbot.keyClicks(card.talk, "lo")
    assert card.notes._idle.remainingTime() <= begun
    card.notes._idle.timeout.emit()
    rest(page, qtbot)
    assert noted(page) == "hello"


def test_a_refresh_never_takes_away_what_somebody_is_typing(page: MeetingPage, qtbot: QtBot) -> None:
    card = next(iter(page.agenda.cards.values()))
    qtbot.keyClicks(card.talk, "half a sen")
    page.refresh(frozenset())
    rest(page, qtbot)
    assert card.talk.toPlainText() == "half a sen"


def test_closing_the_tab_keeps_what_was_not_saved_yet(page: MeetingPage, window: MainWindow, qtbot: QtBot) -> None:
    card = next(iter(page.agenda.cards.values()))
    qtbot.keyClicks(card.talk, "last words")
    window.tabs.close_current()
    settle(qtbot, window.background)
    assert noted(page) == "last words"


def test_more_votes_than_people_are_kept_and_said_beside_the_item(page: MeetingPage, qtbot: QtBot) -> None:
    card = next(iter(page.agenda.cards.values()))
    card.counts["votes_for"].setText("9")
    card.votes.flush()
    rest(page, qtbot)
    assert page.desk.app.db.scalar("SELECT votes_for FROM agenda_item") == 9
    assert "多于有表决权的 0 人" in card._why.text()
    assert "通过" not in card._outcome.text()


def test_words_that_were_refused_still_count_as_unsaved(page: MeetingPage, qtbot: QtBot) -> None:
    card = next(iter(page.agenda.cards.values()))
    card.title.setText("")
    card.fields.flush()
    rest(page, qtbot)
    assert "议题没有填" in card.saver.fault.text()
    assert card.fields.changes() == {"title": ""}


def test_words_on_their_way_are_not_replaced_by_an_older_answer(page: MeetingPage, qtbot: QtBot) -> None:
    card = next(iter(page.agenda.cards.values()))
    card.talk.setPlainText("newer words")
    card.notes.flush()
    card.notes.show_values({"notes": "older words"})
    assert card.talk.toPlainText() == "newer words"
    rest(page, qtbot)
    assert noted(page) == "newer words"


def test_a_vote_is_counted_and_said_in_words(page: MeetingPage, qtbot: QtBot) -> None:
    page.sign_in.all_there()
    rest(page, qtbot)
    card = next(iter(page.agenda.cards.values()))
    for name, number in (("votes_for", "3"), ("votes_against", "1"), ("votes_abstain", "0")):
        card.counts[name].setText(number)
    card.votes.flush()
    rest(page, qtbot)
    assert card._outcome.text().startswith("同意 3 票，反对 1 票，弃权 0 票")
    assert card.how.code == "举手"


def test_a_resolution_is_added_with_owner_and_deadline(page: MeetingPage, qtbot: QtBot) -> None:
    card = next(iter(page.agenda.cards.values()))
    card.new.setText("公示图纸")
    qtbot.keyClick(card.new, Qt.Key.Key_Return)
    rest(page, qtbot)
    row = next(iter(card.rows.values()))
    row.owner.setText("李静")
    row.due.setText("20261201")
    row.due.left.emit()
    rest(page, qtbot)
    stored = page.desk.app.db.row("SELECT text,owner,due_on,agenda_id FROM resolution")
    assert stored == ("公示图纸", "李静", "2026-12-01", card.id)


def test_missing_elements_are_listed_in_words_and_forbid_the_signature(page: MeetingPage, qtbot: QtBot) -> None:
    assert page.notice.words.startswith("签字前还要补：")
    page.sign()
    page.agenda.form.save()
    rest(page, qtbot)
    assert "没有签字" in page.agenda.form.notice.words


def test_signed_means_locked_and_a_correction_is_added_below(page: MeetingPage, qtbot: QtBot) -> None:
    db = page.desk.app.db
    locked(page)
    rest(page, qtbot)
    card = next(iter(page.agenda.cards.values()))
    assert card.talk.isReadOnly()
    assert not page.sign_in.field.isEnabled()
    assert "已经锁定" in page.notice.words
    page.correct()
    page.agenda.form.form.take_draft('{"text": "票数应为 3 票"}')
    page.agenda.form.save()
    rest(page, qtbot)
    assert db.scalar("SELECT text FROM meeting_correction") == "票数应为 3 票"


def test_the_paper_beside_the_meeting_is_the_one_that_is_printed(page: MeetingPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.paper.preview.paper.has_picture, timeout=10_000)
    page.paper.faces.choose(2)
    rest(page, qtbot)
    assert page.paper.preview.paper.has_picture


def test_the_list_opens_meetings_and_shows_what_is_due(meeting: Meeting, window: MainWindow, qtbot: QtBot) -> None:
    app = window.desk.app if window.desk else None
    assert app is not None
    actions.add_resolution(app.db, app.actor, meeting.id, "清理楼道", owner="王强", due_on="2026-11-01")
    window.open_page("meetings")
    settle(qtbot, window.background)
    page = window.tabs.page("page:meetings")
    assert isinstance(page, MeetingsPage)
    rest(page, qtbot)
    assert [line.title for line in page.table.lines] == ["邻里议事会"]
    assert page.due.lines[0].late == 21
    page.finish()
    rest(page, qtbot)
    assert page.due.lines == []


def test_a_new_meeting_takes_the_people_of_the_last_one_of_its_type(
    meeting: Meeting, window: MainWindow, qtbot: QtBot
) -> None:
    window.open_page("meetings", "new")
    settle(qtbot, window.background)
    page = window.tabs.page("page:meetings")
    assert isinstance(page, MeetingsPage)
    page.form.form.take_draft('{"kind": "residents_council", "day": "2026-12-20", "clock": "1900"}')
    page.form.save()
    rest(page, qtbot)
    opened = window.tabs.current.page if window.tabs.current else None
    assert isinstance(opened, MeetingPage)
    rest(opened, qtbot)
    assert opened.facts is not None
    assert opened.facts.file.meeting.starts_at == "2026-12-20 19:00"
    assert tuple(row.name for row in opened.facts.file.attendance) == PEOPLE


# ------------------------------------------------------------------------------- notes, votes, papers, types


def card_of(page: MeetingPage):
    return next(iter(page.agenda.cards.values()))


def test_what_somebody_else_notes_stands_above_ones_own_box(page: MeetingPage, qtbot: QtBot) -> None:
    card, app = card_of(page), page.desk.app
    card.talk.setPlainText("张敏：同意。")
    card.notes.flush()
    rest(page, qtbot)
    noting.keep(app.db, Actor("f" * 32, "王强"), page.meeting_id, card.id, "刘洋：不同意。")
    rest(page, qtbot)
    assert card.talk.toPlainText() == "张敏：同意。"
    assert "王强：刘洋：不同意。" in card.others.text()


def test_what_changed_after_the_signature_is_said_part_by_part(page: MeetingPage, qtbot: QtBot) -> None:
    locked(page)
    with page.desk.app.db.transaction(page.desk.app.actor, "另一台电脑") as tx:
        tx.execute("UPDATE attendance SET status='出席' WHERE name='刘洋'")
    rest(page, qtbot)
    assert "签字以后，到会名单又有变动" in page.notice.words


def ready(app: App, meeting: Meeting) -> None:
    """Everything but its end has been written down."""
    db, actor = app.db, app.actor
    actions.change_meeting(db, actor, meeting.id, starts_at="2026-11-22 08:00", chair_post="主任", recorder="李静")
    actions.mark_all(db, actor, meeting.id)
    file = queries.meeting_file(db, meeting.id)
    assert file is not None
    (item,) = file.agenda
    noting.keep(db, actor, meeting.id, item.id, "张敏：同意。")
    shown = {"publicity_how": "公告栏", "publicity_from": "2026-11-23", "proposer": "王强"}
    actions.record_vote(db, actor, item.id, 4, 0, 0, **shown)
    actions.add_resolution(db, actor, meeting.id, "先公示图纸", agenda_id=item.id, owner="李静", due_on="2026-12-01")


def test_from_the_end_of_a_meeting_to_its_printed_minutes_it_takes_three_actions(
    meeting: Meeting, window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """J ends it and prepares the minutes, Alt+P shows them in the print centre, Return prints."""
    sent: list[str] = []
    monkeypatch.setattr(spooler, "printers", lambda: [Printer("HP-1020", default=True)])
    monkeypatch.setattr(spooler, "send", lambda _pdf, printer, title, _ticket: sent.append(f"{printer} {title}") or "1")
    app = window.desk.app
    app.clock.move(hours=3)
    ready(app, meeting)
    window.open_record("meeting", meeting.id)
    settle(qtbot, window.background)
    page = window.tabs.page(f"meeting:{meeting.id}")
    rest(page, qtbot)
    page.sign_in.table.setFocus()
    qtbot.keyClick(page.sign_in.table, Qt.Key.Key_J)
    rest(page, qtbot)
    ended = app.db.row("SELECT ends_at,lead,issue_no FROM meeting")
    assert ended[0] is not None
    assert "主任张敏在党群驿站主持召开邻里议事会" in ended[1]
    assert ended[2] == "第1期"
    qtbot.keyClick(page.sign_in.table, Qt.Key.Key_P, Qt.KeyboardModifier.AltModifier)
    centre = window.tabs.page("page:printing")
    rest(centre, qtbot)
    qtbot.waitUntil(lambda: centre.bar.is_ready, timeout=5000)
    qtbot.keyClick(centre.forms, Qt.Key.Key_Return)
    rest(centre, qtbot)
    assert sent == ["HP-1020 会议纪要：邻里议事会"]


def test_the_rooms_of_an_owners_vote_are_entered_by_one_key_each(town: App, window: MainWindow, qtbot: QtBot) -> None:
    from ui.pages.meetings_ballots import BallotDialog

    db, actor = town.db, town.actor
    meeting = actions.call_meeting(
        db, actor, Meeting(kind="owners_assembly", title="业主大会", starts_at="2026-11-22 08:00")
    )
    item = actions.add_agenda_item(db, actor, meeting.id, "换电梯")
    dialog = BallotDialog(window.desk, item.id, item.title, window)
    dialog.show()
    settle(qtbot, window.background)
    assert "还没有名册" in dialog.count.text()
    dialog.make_roll()
    settle(qtbot, window.background)
    assert len(dialog.table.lines) == 24
    for choice in ("同意", "反对", None):
        dialog.choose(choice)
        settle(qtbot, window.background)
    dialog.typed.setText("3-1-202=同意; 3-9-999=同意")
    dialog.save()
    settle(qtbot, window.background)
    said = dict(db.rows("SELECT choice,count(*) FROM owner_ballot GROUP BY choice"))
    assert said == {"同意": 2, "反对": 1, None: 21}
    assert "3-9-999" in dialog.strip.words
    assert "请先选定适用" in dialog.why.text()
    assert balloting.enter(db, actor, item.id, {}) == 0
    dialog.reject()


def test_types_that_are_due_stand_on_a_face_of_their_own_and_call_a_meeting_by_a_key(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.open_page("meetings")
    settle(qtbot, window.background)
    page = window.tabs.page("page:meetings")
    page.faces.choose(1)
    rest(page, qtbot)
    names = {line.name for line in page.types.table.lines}
    assert {"居民议事会", "三方联席会议"} <= names
    at = next(at for at, line in enumerate(page.types.table.lines) if line.name == "三方联席会议")
    page.types.table.point_at(at)
    page.types.call()
    assert page.form.is_open
    assert page.form.form.value("kind") == "three_party"


def test_the_list_of_meetings_is_sorted_and_given_out(
    meeting: Meeting, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    app = window.desk.app
    actions.call_meeting(app.db, app.actor, Meeting(kind="other", title="安全座谈", starts_at="2026-11-20 09:00"))
    window.open_page("meetings")
    settle(qtbot, window.background)
    page = window.tabs.page("page:meetings")
    rest(page, qtbot)
    assert [line.title for line in page.table.lines] == ["邻里议事会", "安全座谈"]
    page._sort("starts", True)
    assert [line.title for line in page.table.lines] == ["安全座谈", "邻里议事会"]
    for name in ("会议.xlsx", "会议.pdf"):
        export_to(page, tmp_path / name, page.table.lines)
        settle(qtbot, window.background)
        assert (tmp_path / name).stat().st_size > 1000


@pytest.fixture
def withdrawn(page: MeetingPage, qtbot: QtBot):
    """Somebody else takes the meeting back while the page is open."""

    def done() -> MeetingPage:
        with page.desk.app.db.applying("准备") as tx:
            tx.execute("UPDATE meeting SET sync_del=3 WHERE id=?", (page.meeting_id,))
        page.refresh(frozenset())
        rest(page, qtbot)
        return page

    return done


def test_notes_that_are_being_written_when_the_meeting_is_withdrawn_can_still_be_copied(page, withdrawn, qtbot):
    card = next(iter(page.agenda.cards.values()))
    card.talk.setFocus()
    card.talk.setPlainText("刚听到一半")
    withdrawn()
    assert "已经收回" in page.notice.words
    assert "可以复制" in page.notice.words
    assert card.talk.isVisible()
    assert (card.talk.toPlainText(), card.talk.isReadOnly()) == ("刚听到一半", True)
    assert not page._sign.isEnabled()
    card.talk.clearFocus()  # leaving the field tries to save nothing any more
    page.flush()
    settle(qtbot, page.desk.background)
    assert card.talk.toPlainText() == "刚听到一半"
    assert card.saver.fault.isHidden()
    assert "刚写的" in page.unsaved()


def test_a_form_and_a_new_item_that_are_being_written_stay_too(page, withdrawn, qtbot):
    page.edit()
    page.agenda.form.form._write("title", "改到一半的名称")
    page.agenda.new.setText("下一个议题")
    withdrawn()
    assert "可以复制" in page.notice.words
    assert page.agenda.form.isVisible()
    assert page.agenda.form.form.value("title") == "改到一半的名称"
    assert not page.agenda.form.verb.isEnabled()
    qtbot.keyClick(page.agenda.new, Qt.Key.Key_Return)
    assert page.agenda.new.text() == "下一个议题"


def test_where_nothing_was_being_written_only_the_words_are_left(page, withdrawn):
    withdrawn()
    assert "已经收回" in page.notice.words
    assert "可以复制" not in page.notice.words
    assert not page._splitter.isVisible()


def test_a_meeting_that_comes_back_is_written_on(page, withdrawn, qtbot):
    card = next(iter(page.agenda.cards.values()))
    card.talk.setPlainText("刚听到一半")
    withdrawn()
    with page.desk.app.db.applying("准备") as tx:
        tx.execute("UPDATE meeting SET sync_del=0 WHERE id=?", (page.meeting_id,))
    page.refresh(frozenset())
    rest(page, qtbot)
    assert page.sign_in.isVisible()
    assert page._sign.isEnabled()
    assert not card.talk.isReadOnly()
    page.flush()
    settle(qtbot, page.desk.background)
    assert noted(page) == "刚听到一半"
