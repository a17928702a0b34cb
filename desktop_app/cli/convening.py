"""meeting: call one, note who is there, what is said and decided, end it, sign it; all of it without a screen."""

from desktop_app.cli.meetings import file_of
from desktop_app.cli.naming import one_of
from desktop_app.cli.session import Session
from desktop_app.cli.speaking import typed_day
from desktop_app.meetings import actions, noting, queries, rosters
from desktop_app.meetings.model import Attendance, Meeting
from desktop_app.meetings.rules import MeetingFile, RosterLine
from desktop_app.profiles.desk import desk_codes
from desktop_app.shared.errors import AppError

_CHANGES = ("title", "starts_at", "ends_at", "place", "chair", "chair_post", "recorder", "notice_on", "notice_how",
            "lead")  # fmt: skip


def call(session: Session) -> None:
    """`linli meeting call KIND`: the people of its type stand on the list already."""
    told = session.arguments
    with session.app() as app:
        kind, on = desk_codes(app.db, "meeting_types").get(told.kind), app.clock.today().isoformat()
        if not kind.known:
            raise AppError(f"没有“{told.kind}”这种会议，没有建会议。", field="kind", next_step="请用会议类型的名称。")
        node = app.db.scalar("SELECT id FROM org_node WHERE sync_del=0 AND name=?", (told.branch,))
        meeting = Meeting(
            kind=kind.code, title=told.title, starts_at=told.starts or None, place=told.place or None,
            chair=told.chair or None, recorder=app.actor.name, node_id=node,
        )  # fmt: skip
        made = actions.call_meeting(app.db, app.actor, meeting, rosters.suggested(app.db, kind.code, on, node))
        for title in told.item:
            actions.add_agenda_item(app.db, app.actor, made.id, title)
        file = file_of(app, made.id)
        said = queries.remarks(app.db, file.meeting)
    words = f"已建会议 {made.no}：{made.title}，名单上 {len(file.attendance)} 人，议题 {len(file.agenda)} 项。"
    session.out.result({"id": made.id, "no": made.no, "people": len(file.attendance)}, [words, *said])


def attend(session: Session) -> None:
    """`linli meeting attend MEETING NAME STATUS`: somebody new is put on the list; `--remove` takes off it."""
    told = session.arguments
    with session.app() as app:
        file = file_of(app, one_of(app, Meeting, told.meeting).id)
        row = next((one for one in file.attendance if one.name == told.name), None)
        if told.remove:
            actions.remove_attendance(app.db, app.actor, _there(row, told.name).id)
        else:
            if row is None:
                (row,) = actions.set_attendance(app.db, app.actor, file.meeting.id, [RosterLine(told.name)]) or (None,)
            actions.mark(app.db, app.actor, _there(row, told.name).id, told.status, told.reason or None, told.proxy)
        after = file_of(app, file.meeting.id)
    session.out.result({"count": after.count.words}, after.count.words)


def _there(row: Attendance | None, name: str) -> Attendance:
    if row is None:
        raise AppError(f"名单上没有“{name}”，没有改动。", field="name", next_step="请核对姓名。")
    return row


def note(session: Session) -> None:
    """`linli meeting note MEETING TEXT`: a further line of one's own, on an item or on none."""
    told = session.arguments
    with session.app() as app:
        file = file_of(app, one_of(app, Meeting, told.meeting).id)
        item = _item(file, told.item)
        before = noting.own_text(app.db, app.actor, file.meeting.id, item)
        text = f"{before}\n{told.text}".strip("\n")
        written = noting.keep(app.db, app.actor, file.meeting.id, item, text)
    session.out.result({"written": written}, f"已记下 {written} 行。")


def decide(session: Session) -> None:
    """`linli meeting decide MEETING TEXT`: something the meeting settled, who does it, by when."""
    told = session.arguments
    with session.app() as app:
        file = file_of(app, one_of(app, Meeting, told.meeting).id)
        item = _item(file, told.item)
        made = actions.add_resolution(
            app.db, app.actor, file.meeting.id, told.text, agenda_id=item, owner=told.owner or None,
            due_on=typed_day(told.due) or None,
        )  # fmt: skip
    session.out.result({"id": made.id}, f"已记下第 {made.seq} 项议定事项。")


def order(session: Session) -> None:
    """`linli meeting order MEETING 3 1 2`: the agenda in another order; items left out follow behind."""
    told = session.arguments
    with session.app() as app:
        file = file_of(app, one_of(app, Meeting, told.meeting).id)
        wanted = [_item(file, number) or "" for number in told.items]
        actions.order_agenda(app.db, app.actor, file.meeting.id, wanted)
        agenda = file_of(app, file.meeting.id).agenda
    words = [f"{at}. {item.title}" for at, item in enumerate(agenda, 1)]
    session.out.result([item.title for item in agenda], words)


def change(session: Session) -> None:
    """`linli meeting change MEETING …`: only what is told."""
    told = vars(session.arguments)
    with session.app() as app:
        meeting = one_of(app, Meeting, session.arguments.meeting)
        changes = {name: told[name] or None for name in _CHANGES if told[name] is not None}
        actions.change_meeting(app.db, app.actor, meeting.id, **changes)
        file = file_of(app, meeting.id)
        lacking = queries.missing_elements(file, app.db.path.parent)
        said = queries.remarks(app.db, file.meeting)
    words = f"签字前还要补：{'、'.join(lacking)}" if lacking else "要素齐了，可以签字。"
    session.out.result({"missing": lacking, "remarks": said}, ["已保存。", words, *said])


def sign(session: Session) -> None:
    """`linli meeting sign MEETING WHO`: locks the record."""
    with session.app() as app:
        made = actions.sign(
            app.db, app.actor, one_of(app, Meeting, session.arguments.meeting).id, session.arguments.who
        )
    session.out.result({"id": made.id, "hash": made.signed_hash}, f"“{made.title}”的记录已由{made.signed_by}签字锁定。")


def _item(file: MeetingFile, number: int | None) -> str | None:
    if number is None:
        return None
    if number > len(file.agenda):
        raise AppError(f"这次会议只有 {len(file.agenda)} 项议题，没有第 {number} 项。", next_step="请核对后再试。")
    return file.agenda[number - 1].id
