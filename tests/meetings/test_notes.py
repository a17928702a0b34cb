"""Notes typed while people speak: every author keeps lines of their own, and all are read together."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.meetings import actions, noting, queries
from desktop_app.meetings.model import AgendaItem, Meeting, MeetingNote
from desktop_app.shared.actor import Actor
from desktop_app.shared.clock import FixedClock
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database

OTHER = Actor("f" * 32, "李静")


@pytest.fixture
def item(db: Database, actor: Actor) -> AgendaItem:
    meeting = actions.call_meeting(db, actor, Meeting(kind="other", title="座谈", starts_at="2026-11-22 15:00"))
    return actions.add_agenda_item(db, actor, meeting.id, "停车")


def notes(db: Database, item: AgendaItem) -> tuple[MeetingNote, ...]:
    file = queries.meeting_file(db, item.meeting_id)
    assert file is not None
    return file.notes


def test_what_is_typed_is_kept_line_by_line_and_only_what_changed_is_written(
    db: Database, actor: Actor, item: AgendaItem
) -> None:
    text = "王东：车多。\n李梅：位少。"
    assert noting.keep(db, actor, item.meeting_id, item.id, text) == 2
    first = [note.id for note in notes(db, item)]
    assert noting.keep(db, actor, item.meeting_id, item.id, text + "\n赵刚：重划。") == 1
    assert [note.id for note in notes(db, item)][:2] == first
    assert noting.own_text(db, actor, item.meeting_id, item.id) == text + "\n赵刚：重划。"
    assert noting.keep(db, actor, item.meeting_id, item.id, text + "\n赵刚：重划。") == 0


def test_lines_of_two_people_stand_in_the_order_they_were_begun(
    db: Database, actor: Actor, item: AgendaItem, clock: FixedClock
) -> None:
    noting.keep(db, actor, item.meeting_id, item.id, "甲一")
    clock.move(seconds=1)
    noting.keep(db, OTHER, item.meeting_id, item.id, "乙一")
    clock.move(seconds=1)
    noting.keep(db, actor, item.meeting_id, item.id, "甲一改过\n甲二")
    lines = noting.merged(notes(db, item), item.id, (actor.id, 0))
    assert [(line.author, line.text, line.mine) for line in lines] == [
        ("张三", "甲一改过", True),
        ("李静", "乙一", False),
        ("张三", "甲二", True),
    ]
    assert noting.in_words(lines, "会前说明。") == "会前说明。\n甲一改过（张三记）\n乙一（李静记）\n甲二（张三记）"
    assert noting.in_words(lines[:1]) == "甲一改过"


def test_notes_are_what_was_said_and_satisfy_the_record(db: Database, actor: Actor, item: AgendaItem) -> None:
    file = queries.meeting_file(db, item.meeting_id)
    assert file is not None
    assert "发言记录" in queries.missing_elements(file)
    noting.keep(db, actor, item.meeting_id, item.id, "王东：车多。")
    file = queries.meeting_file(db, item.meeting_id)
    assert file is not None
    assert "发言记录" not in queries.missing_elements(file)


def test_a_signed_record_takes_no_more_notes_and_says_where_the_words_are(
    db: Database, actor: Actor, item: AgendaItem
) -> None:
    with db.transaction(actor, "签字") as tx:
        tx.change(Meeting, item.meeting_id, signed_at=1, signed_by="王东", signed_hash="x")
    with pytest.raises(AppError, match=r"还在框里.*添加更正"):
        noting.keep(db, actor, item.meeting_id, item.id, "晚了")


def test_an_item_taken_off_the_agenda_leaves_its_notes(db: Database, actor: Actor, item: AgendaItem) -> None:
    noting.keep(db, actor, item.meeting_id, item.id, "王东：车多。")
    actions.remove_agenda_item(db, actor, item.id)
    assert [(note.agenda_id, note.text) for note in notes(db, item)] == [(None, "王东：车多。")]
    noting.keep(db, actor, item.meeting_id, item.id, "王东：还要说。")
    assert {note.text for note in notes(db, item)} == {"王东：车多。", "王东：还要说。"}


def test_control_characters_are_left_out_and_a_line_of_ten_thousand_characters_is_kept(
    db: Database, actor: Actor, item: AgendaItem
) -> None:
    noting.keep(db, actor, item.meeting_id, item.id, "一\x00二\x1b三\u2029四\x85\r\n" + "字" * 10_000)
    assert [note.text for note in sorted(notes(db, item), key=lambda note: note.seq)] == ["一二三", "四", "字" * 10_000]


_texts = st.lists(st.sampled_from(["甲", "乙", "丙", "丁", "", "甲"]), max_size=6).map("\n".join)
_numbers = count()


@given(versions=st.lists(_texts, max_size=5))
def test_the_box_reads_back_as_it_was_left_however_it_was_edited(versions: list[str]) -> None:
    """The lines between which others are put keep their places."""
    stored: list[tuple[int, str]] = []
    for text in versions:
        lines = [line for line in text.split("\n") if line]
        stored = _edited(stored, lines)
        assert [line for _, line in stored] == lines
        assert [seq for seq, _ in stored] == sorted(seq for seq, _ in stored)


def _edited(stored: list[tuple[int, str]], lines: list[str]) -> list[tuple[int, str]]:
    """As `noting._write` does, on plain pairs."""
    from difflib import SequenceMatcher

    found: list[tuple[int, str]] = []
    for tag, first, last, begin, end in SequenceMatcher(
        None, [t for _, t in stored], lines, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            found += stored[first:last]
            continue
        old, new = stored[first:last], lines[begin:end]
        found += [(seq, text) for (seq, _), text in zip(old, new, strict=False)]
        before = stored[last - 1][0] if last else 0
        after = stored[last][0] if last < len(stored) else None
        added = new[len(old) :]
        found += list(zip(noting._between(before, after, len(added)), added, strict=True))
    return found
