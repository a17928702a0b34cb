"""What one may do with meetings: each function is one transaction, and takes only what changed.

Once signed, the meeting, its agenda, its attendance and the text of its resolutions stand as they are; what turns out
to be wrong is put right by a correction that is added.  How far a resolution has come may always be said.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from desktop_app.accounts.model import Actor
from desktop_app.meetings import rules
from desktop_app.meetings.model import AgendaItem, Attendance, Meeting, MeetingCorrection, Resolution
from desktop_app.meetings.queries import file_within, missing_elements
from desktop_app.meetings.rules import RosterLine
from desktop_app.profiles.desk import desk_codes, take_number
from desktop_app.profiles.queries import codes
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database, Transaction

_NUMBERS = ("meeting", "no")
_SIGNATURE = frozenset({"signed_at", "signed_by", "signed_hash"})


@contextmanager
def _open(
    db: Database, actor: Actor, what: str, meeting_id: str, why: str = ""
) -> Iterator[tuple[Transaction, Meeting]]:
    """A transaction on a meeting that is not signed yet."""
    with db.transaction(actor, what, why) as tx:
        meeting = tx.need(Meeting, meeting_id)
        if meeting.signed_at is not None:
            raise AppError(
                f"“{meeting.title}”的记录已经签字，没有改动。", next_step="确有错误时请“添加更正”，原记录保持不变。"
            )
        yield tx, meeting


def _meeting_of(db: Database, cls: type[AgendaItem | Attendance | Resolution], row_id: str) -> str:
    found = db.get(cls, row_id)
    if found is None:
        raise AppError(f"这条{cls.__zh__}已经不在了，没有改动。", next_step="请刷新后再试。")
    return found.meeting_id


def _next_seq(tx: Transaction, table: str, meeting_id: str) -> int:
    return int(
        tx.scalar(f"SELECT coalesce(max(seq),0)+1 FROM {table} WHERE meeting_id=? AND sync_del=0", (meeting_id,))
    )


def _filled(value: str | None, field: str, zh: str) -> str:
    text = (value or "").strip()
    if not text:
        raise AppError(f"{zh}没有填，没有保存。", field=field, next_step=f"请填写{zh}。")
    return text


# ---------------------------------------------------------------------------------------------------------- the meeting


def call_meeting(db: Database, actor: Actor, meeting: Meeting, roster: Sequence[RosterLine] = ()) -> Meeting:
    """Calls a meeting of a type (code or name) with the people of its roster; it gets its number at once.

    Without a title it is called as its type; the chair's post comes from the type as well.
    """
    kind = desk_codes(db, "meeting_types").get(meeting.kind)
    meeting.kind = _filled(kind.code, "kind", "会议类型")
    meeting.title = meeting.title.strip() or kind.name
    rules.check_times(meeting.starts_at, meeting.ends_at)
    with db.transaction(actor, f"召集会议：{meeting.title}") as tx:
        meeting.no = meeting.no or take_number(tx, "meeting", _NUMBERS)
        tx.add(meeting)
        _seat_all(tx, meeting.id, roster)
        return meeting


def change_meeting(db: Database, actor: Actor, meeting_id: str, **changes: Any) -> Meeting:
    """Changes the named fields of a meeting; after it was signed, only the 期号 of its minutes."""
    if _SIGNATURE & changes.keys():
        raise AppError("签字信息不能直接修改，没有保存。", next_step="请使用“签字”。")
    if set(changes) == {"issue_no"}:
        with db.transaction(actor, "编纪要期号") as tx:
            return tx.change(Meeting, meeting_id, **changes)
    with _open(db, actor, "修改会议", meeting_id) as (tx, meeting):
        if "title" in changes:
            changes["title"] = _filled(changes["title"], "title", "会议名称")
        if "kind" in changes:
            changes["kind"] = desk_codes(db, "meeting_types").code(changes["kind"])
        starts, ends = changes.get("starts_at", meeting.starts_at), changes.get("ends_at", meeting.ends_at)
        rules.check_times(starts, ends)
        return tx.change(Meeting, meeting_id, **changes)


def cancel_meeting(db: Database, actor: Actor, meeting_id: str, why: str) -> None:
    """Takes back a meeting that was called by mistake and is not signed; the reason stays in the journal."""
    with _open(db, actor, "撤销会议", meeting_id, _filled(why, "why", "撤销理由")) as (tx, _):
        for cls in (AgendaItem, Attendance, Resolution):
            rows = tx.rows(f"SELECT id FROM {cls.__tablename__} WHERE meeting_id=? AND sync_del=0", (meeting_id,))
            for (key,) in rows:
                tx.bury(cls, key)
        tx.bury(Meeting, meeting_id)


# ----------------------------------------------------------------------------------------------------------- the agenda


def add_agenda_item(
    db: Database, actor: Actor, meeting_id: str, title: str, *, proposer: str | None = None
) -> AgendaItem:
    """Adds an item at the end of the agenda."""
    title = _filled(title, "title", "议题")
    with _open(db, actor, f"新增议题：{title}", meeting_id) as (tx, _):
        seq = _next_seq(tx, "agenda_item", meeting_id)
        return tx.add(AgendaItem(meeting_id=meeting_id, seq=seq, title=title, proposer=proposer))


_COUNTS = ("votes_for", "votes_against", "votes_abstain")


def change_agenda_item(db: Database, actor: Actor, item_id: str, **changes: Any) -> AgendaItem:
    """Changes the named fields of an item; votes are checked as in `record_vote`."""
    with _open(db, actor, "修改议题", _meeting_of(db, AgendaItem, item_id)) as (tx, meeting):
        if "title" in changes:
            changes["title"] = _filled(changes["title"], "title", "议题")
        item = tx.change(AgendaItem, item_id, **changes)
        if changes.keys() & set(_COUNTS):
            _check_votes(tx, meeting, item)
        return item


def order_agenda(db: Database, actor: Actor, meeting_id: str, item_ids: Sequence[str]) -> None:
    """Puts the items of an agenda in this order; those left out follow behind."""
    with _open(db, actor, "调整议题顺序", meeting_id) as (tx, meeting):
        standing = [item.id for item in file_within(tx, meeting).agenda]
        wanted = [key for key in dict.fromkeys(item_ids) if key in standing]
        for seq, key in enumerate([*wanted, *(key for key in standing if key not in wanted)], 1):
            tx.change(AgendaItem, key, seq=seq)


def remove_agenda_item(db: Database, actor: Actor, item_id: str) -> None:
    """Takes an item off the agenda; its resolutions stay, without an item."""
    meeting_id = _meeting_of(db, AgendaItem, item_id)
    with _open(db, actor, "删去议题", meeting_id) as (tx, _):
        for (key,) in tx.rows("SELECT id FROM resolution WHERE agenda_id=? AND sync_del=0", (item_id,)):
            tx.change(Resolution, key, agenda_id=None)
        tx.bury(AgendaItem, item_id)


def record_discussion(db: Database, actor: Actor, item_id: str, text: str) -> AgendaItem:
    """Keeps what was said on an item; speakers first, lines as typed."""
    with _open(db, actor, "记录发言", _meeting_of(db, AgendaItem, item_id)) as (tx, _):
        return tx.change(AgendaItem, item_id, discussion=text.rstrip())


def record_vote(
    db: Database, actor: Actor, item_id: str, in_favour: int, against: int, abstained: int, how: str = "举手"
) -> AgendaItem:
    """Keeps the votes on an item; more votes than people with a vote who are there is an AppError with its field."""
    with _open(db, actor, "记录表决", _meeting_of(db, AgendaItem, item_id)) as (tx, meeting):
        counts = {"votes_for": in_favour, "votes_against": against, "votes_abstain": abstained}
        item = tx.change(AgendaItem, item_id, vote_how=codes("vote_methods").name(how) or None, **counts)
        _check_votes(tx, meeting, item)
        return item


def clear_vote(db: Database, actor: Actor, item_id: str) -> AgendaItem:
    """Takes back the votes of an item on which nobody voted after all."""
    with _open(db, actor, "撤销表决", _meeting_of(db, AgendaItem, item_id)) as (tx, _):
        return tx.change(AgendaItem, item_id, vote_how=None, votes_for=None, votes_against=None, votes_abstain=None)


def _check_votes(tx: Transaction, meeting: Meeting, item: AgendaItem) -> None:
    """Where areas or written ballots count, those who vote need not be there: then all who may vote are the limit."""
    votes = rules.votes_of(item)
    if votes is None:
        return
    found = file_within(tx, meeting).count
    written = item.vote_how == codes("vote_methods").name("书面征求意见")
    rules.check_votes(votes, found.voting if written else found.voting_present)


# ------------------------------------------------------------------------------------------------------- who was there


def set_attendance(db: Database, actor: Actor, meeting_id: str, roster: Sequence[RosterLine]) -> list[Attendance]:
    """Adds to the attendance list those of a roster who are not on it yet; nobody already marked is touched."""
    with _open(db, actor, "编到会名单", meeting_id) as (tx, _):
        return _seat_all(tx, meeting_id, roster)


def _seat_all(tx: Transaction, meeting_id: str, roster: Sequence[RosterLine]) -> list[Attendance]:
    known = set(
        tx.rows("SELECT coalesce(person_id,''),name FROM attendance WHERE meeting_id=? AND sync_del=0", (meeting_id,))
    )
    seq = _next_seq(tx, "attendance", meeting_id)
    added: list[Attendance] = []
    for line in roster:
        key = (line.person_id or "", _filled(line.name, "name", "姓名"))
        if key not in known:
            known.add(key)
            added.append(_place(meeting_id, seq + len(added), line))
    tx.add_all(added)
    return added


def _place(meeting_id: str, seq: int, line: RosterLine) -> Attendance:
    invited = _one_of(line.capacity, rules.CAPACITIES, "capacity") == "列席"
    return Attendance(
        meeting_id=meeting_id,
        seq=seq,
        person_id=line.person_id,
        name=line.name.strip(),
        unit=line.unit,
        post=line.post,
        capacity=line.capacity,
        status="缺席",
        voting=line.voting and not invited,
    )


def _one_of(word: str, words: Sequence[str], field: str) -> str:
    if word not in words:
        raise AppError(f"没有“{word}”这一项，没有保存。", field=field, next_step=f"请从{'、'.join(words)}中选择。")
    return word


def mark(db: Database, actor: Actor, attendance_id: str, status: str, reason: str | None = None) -> Attendance:
    """Notes whether somebody is there (出席, 请假, 缺席, 列席, 委托) and, if not, why."""
    _one_of(status, rules.STATUSES, "status")
    with _open(db, actor, "登记到会", _meeting_of(db, Attendance, attendance_id)) as (tx, meeting):
        changes: dict[str, Any] = {"status": status, "reason": reason}
        if status == "列席":
            changes |= {"capacity": "列席", "voting": False}
        row = tx.change(Attendance, attendance_id, **changes)
        _votes_still_fit(tx, meeting)
        return row


def mark_all(db: Database, actor: Actor, meeting_id: str, status: str = "出席") -> int:
    """Marks at once everybody who should be there and is still noted as absent without a reason; returns how many."""
    _one_of(status, rules.STATUSES, "status")
    with _open(db, actor, "批量登记到会", meeting_id) as (tx, meeting):
        rows = [row for row in file_within(tx, meeting).attendance if row.status == "缺席" and not row.reason]
        for row in rows:
            tx.change(Attendance, row.id, status="列席" if row.capacity == "列席" else status)
        return len(rows)


def change_attendance(db: Database, actor: Actor, attendance_id: str, **changes: Any) -> Attendance:
    """Changes the named fields of a line: name, unit, post, capacity, right to vote, order."""
    with _open(db, actor, "修改到会名单", _meeting_of(db, Attendance, attendance_id)) as (tx, meeting):
        if "capacity" in changes:
            _one_of(changes["capacity"], rules.CAPACITIES, "capacity")
        row = tx.change(Attendance, attendance_id, **changes)
        _votes_still_fit(tx, meeting)
        return row


def remove_attendance(db: Database, actor: Actor, attendance_id: str) -> None:
    """Takes somebody off the list who was put there by mistake."""
    with _open(db, actor, "移出到会名单", _meeting_of(db, Attendance, attendance_id)) as (tx, meeting):
        tx.bury(Attendance, attendance_id)
        _votes_still_fit(tx, meeting)


def _votes_still_fit(tx: Transaction, meeting: Meeting) -> None:
    for item in file_within(tx, meeting).agenda:
        _check_votes(tx, meeting, item)


# --------------------------------------------------------------------------------------------------------- resolutions


def add_resolution(
    db: Database,
    actor: Actor,
    meeting_id: str,
    text: str,
    *,
    agenda_id: str | None = None,
    owner: str | None = None,
    helpers: str | None = None,
    due_on: str | None = None,
) -> Resolution:
    """Keeps something the meeting decided, who does it and by when."""
    text = _filled(text, "text", "议定事项")
    with _open(db, actor, "新增议定事项", meeting_id) as (tx, _):
        if agenda_id is not None and tx.need(AgendaItem, agenda_id).meeting_id != meeting_id:
            raise AppError("这个议题不属于这次会议，没有保存。", field="agenda_id", next_step="请重新选择议题。")
        return tx.add(
            Resolution(
                meeting_id=meeting_id,
                agenda_id=agenda_id,
                seq=_next_seq(tx, "resolution", meeting_id),
                text=text,
                owner=owner,
                helpers=helpers,
                due_on=due_on,
            )
        )


def change_resolution(db: Database, actor: Actor, resolution_id: str, **changes: Any) -> Resolution:
    """Changes the named fields; after the record was signed only `state`."""
    if "state" in changes:
        _one_of(changes["state"], rules.STATES, "state")
    if set(changes) == {"state"}:
        with db.transaction(actor, f"议定事项{changes['state']}") as tx:
            return tx.change(Resolution, resolution_id, **changes)
    with _open(db, actor, "修改议定事项", _meeting_of(db, Resolution, resolution_id)) as (tx, _):
        if "text" in changes:
            changes["text"] = _filled(changes["text"], "text", "议定事项")
        return tx.change(Resolution, resolution_id, **changes)


def finish_resolution(db: Database, actor: Actor, resolution_id: str) -> Resolution:
    """Notes that a resolution has been carried out."""
    return change_resolution(db, actor, resolution_id, state="完成")


def remove_resolution(db: Database, actor: Actor, resolution_id: str) -> None:
    """Takes back a resolution that was entered by mistake, while the record is not signed."""
    with _open(db, actor, "删去议定事项", _meeting_of(db, Resolution, resolution_id)) as (tx, _):
        tx.bury(Resolution, resolution_id)


# ------------------------------------------------------------------------------------------------------------ signature


def sign(db: Database, actor: Actor, meeting_id: str, signed_by: str) -> Meeting:
    """Locks the record as signed by chair and recorder; an AppError lists the elements that are missing.

    The fingerprint of what was signed is kept, so that a later change can be shown (档案法实施条例 art. 39).
    """
    signed_by = _filled(signed_by, "signed_by", "签字人")
    with _open(db, actor, "会议记录签字", meeting_id) as (tx, meeting):
        file = file_within(tx, meeting)
        if lacking := missing_elements(file, db.path.parent):
            raise AppError(
                f"会议记录还缺：{'、'.join(lacking)}，没有签字。", next_step="请补齐后再签字；暂时不齐可先打印草稿。"
            )
        return tx.change(
            Meeting, meeting_id, signed_at=db.clock.ms(), signed_by=signed_by, signed_hash=rules.fingerprint(file)
        )


def add_correction(db: Database, actor: Actor, meeting_id: str, text: str) -> MeetingCorrection:
    """Adds to a signed record what has to be put right; the record itself stands as it was signed."""
    text = _filled(text, "text", "更正内容")
    with db.transaction(actor, "添加更正") as tx:
        meeting = tx.need(Meeting, meeting_id)
        if meeting.signed_at is None:
            raise AppError("记录还没有签字，可以直接修改，没有添加更正。", next_step="请直接改正记录。")
        correction = MeetingCorrection(meeting_id=meeting_id, at=db.clock.ms(), by_name=actor.name, text=text)
        return tx.add(correction)
