"""What one may do with meetings: each function is one transaction, and takes only what changed.

Once signed, the meeting, its agenda, its attendance and the text of its resolutions stand as they are; what turns out
to be wrong is put right by a correction that is added.  How far a resolution has come may always be said.
"""

from collections.abc import Sequence
from typing import Any

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.meetings import rules, signature
from desktop_app.meetings.model import (
    AgendaItem,
    Attendance,
    Meeting,
    MeetingCorrection,
    MeetingNote,
    OwnerBallot,
    Resolution,
)
from desktop_app.meetings.queries import file_within, missing_elements
from desktop_app.meetings.rules import RosterLine
from desktop_app.meetings.unsigned import filled, meeting_of, next_seq, opened, tidied, tidy, tidy_record
from desktop_app.meetings.voting import check_counts
from desktop_app.profiles.desk import desk_codes, take_number
from desktop_app.shared.dates import must_be_date
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database, Transaction

_NUMBERS = ("meeting", "no")
_SIGNATURE = frozenset({"signed_at", "signed_by", "signed_hash", "signed_parts"})
_PUBLICITY = frozenset({"publicity_from", "publicity_to", "publicity_how"})
_PROGRESS = frozenset({"state", "result", "done_on"})
"""What may be said of an item and of a resolution after the record was signed."""


# ---------------------------------------------------------------------------------------------------------- the meeting


@needs("meetings.change")
def call_meeting(db: Database, actor: Actor, meeting: Meeting, roster: Sequence[RosterLine] = ()) -> Meeting:
    """Calls a meeting of a type (code or name) with the people of its roster; it gets its number at once.

    Without a title it is called as its type; the chair's post comes from the type as well.
    """
    kind = desk_codes(db, "meeting_types").get(meeting.kind)
    meeting.kind = filled(kind.code, "kind", "会议类型")
    tidy_record(meeting)
    meeting.title = meeting.title or kind.name
    rules.check_times(meeting.starts_at, meeting.ends_at)
    with db.transaction(actor, f"召集会议：{meeting.title}") as tx:
        meeting.no = meeting.no or take_number(tx, "meeting", _NUMBERS)
        tx.add(meeting)
        _seat_all(tx, meeting.id, roster)
        return meeting


@needs("meetings.change")
def change_meeting(db: Database, actor: Actor, meeting_id: str, **changes: Any) -> Meeting:
    """Changes the named fields of a meeting; after it was signed, only the 期号 of its minutes."""
    if _SIGNATURE & changes.keys():
        raise AppError("签字信息不能直接修改，没有保存。", next_step="请使用“签字”。")
    if set(changes) == {"issue_no"}:
        with db.transaction(actor, "编纪要期号") as tx:
            return tx.change(Meeting, meeting_id, **changes)
    changes = tidied(changes)
    with opened(db, actor, "修改会议", meeting_id) as (tx, meeting):
        if "title" in changes:
            changes["title"] = filled(changes["title"], "title", "会议名称")
        if "kind" in changes:
            changes["kind"] = desk_codes(db, "meeting_types").code(changes["kind"])
        starts, ends = changes.get("starts_at", meeting.starts_at), changes.get("ends_at", meeting.ends_at)
        rules.check_times(starts, ends)
        return tx.change(Meeting, meeting_id, **changes)


@needs("meetings.change")
def cancel_meeting(db: Database, actor: Actor, meeting_id: str, why: str) -> None:
    """Takes back a meeting that was called by mistake and is not signed; the reason stays in the journal."""
    with opened(db, actor, "撤销会议", meeting_id, filled(why, "why", "撤销理由")) as (tx, _):
        for cls in (AgendaItem, Attendance, Resolution, MeetingNote, OwnerBallot):
            rows = tx.rows(f"SELECT id FROM {cls.__tablename__} WHERE meeting_id=? AND sync_del=0", (meeting_id,))
            for (key,) in rows:
                tx.bury(cls, key)
        tx.bury(Meeting, meeting_id)


# ----------------------------------------------------------------------------------------------------------- the agenda


@needs("meetings.change")
def add_agenda_item(
    db: Database, actor: Actor, meeting_id: str, title: str, *, proposer: str | None = None
) -> AgendaItem:
    """Adds an item at the end of the agenda."""
    title = filled(title, "title", "议题")
    with opened(db, actor, f"新增议题：{title}", meeting_id) as (tx, _):
        seq = next_seq(tx, "agenda_item", meeting_id)
        return tx.add(AgendaItem(meeting_id=meeting_id, seq=seq, title=title, proposer=tidy("proposer", proposer)))


@needs("meetings.change")
def change_agenda_item(db: Database, actor: Actor, item_id: str, **changes: Any) -> AgendaItem:
    """Changes the named fields of an item; when and how it is made public may be said after the signature too."""
    for name, zh in (("publicity_from", "公开的开始日期"), ("publicity_to", "公开的结束日期")):
        if changes.get(name):
            must_be_date(changes[name], zh, name)
    if changes.keys() <= _PUBLICITY:
        with db.transaction(actor, "登记公开情况") as tx:
            return tx.change(AgendaItem, item_id, **changes)
    with opened(db, actor, "修改议题", meeting_of(db, AgendaItem, item_id)) as (tx, _):
        if "title" in changes:
            changes["title"] = filled(changes["title"], "title", "议题")
        item = tx.change(AgendaItem, item_id, **tidied(changes))
        check_counts(item)
        return item


@needs("meetings.change")
def order_agenda(db: Database, actor: Actor, meeting_id: str, item_ids: Sequence[str]) -> None:
    """Puts the items of an agenda in this order; those left out follow behind."""
    with opened(db, actor, "调整议题顺序", meeting_id) as (tx, meeting):
        standing = [item.id for item in file_within(tx, meeting).agenda]
        wanted = [key for key in dict.fromkeys(item_ids) if key in standing]
        for seq, key in enumerate([*wanted, *(key for key in standing if key not in wanted)], 1):
            tx.change(AgendaItem, key, seq=seq)


@needs("meetings.change")
def remove_agenda_item(db: Database, actor: Actor, item_id: str) -> None:
    """Takes an item off the agenda; its resolutions and what was noted on it stay, without an item."""
    meeting_id = meeting_of(db, AgendaItem, item_id)
    with opened(db, actor, "删去议题", meeting_id) as (tx, _):
        for (key,) in tx.rows("SELECT id FROM resolution WHERE agenda_id=? AND sync_del=0", (item_id,)):
            tx.change(Resolution, key, agenda_id=None)
        for (key,) in tx.rows("SELECT id FROM meeting_note WHERE agenda_id=? AND sync_del=0", (item_id,)):
            tx.change(MeetingNote, key, agenda_id=None)
        for (key,) in tx.rows("SELECT id FROM owner_ballot WHERE agenda_id=? AND sync_del=0", (item_id,)):
            tx.bury(OwnerBallot, key)
        tx.bury(AgendaItem, item_id)


@needs("meetings.change")
def record_discussion(db: Database, actor: Actor, item_id: str, text: str) -> AgendaItem:
    """Keeps what was said on an item; speakers first, lines as typed."""
    with opened(db, actor, "记录发言", meeting_of(db, AgendaItem, item_id)) as (tx, _):
        return tx.change(AgendaItem, item_id, discussion=tidy("discussion", text))


@needs("meetings.change")
def record_vote(
    db: Database,
    actor: Actor,
    item_id: str,
    in_favour: int,
    against: int,
    abstained: int,
    how: str = "举手",
    **more: Any,
) -> AgendaItem:
    """Keeps the votes on an item, and whatever else is told of it (`vote_rule`, `ballots_issued`, `teller` …).

    Odd counts are kept too: `queries.verdicts` says what is odd, and then nothing is said of the outcome.
    """
    with opened(db, actor, "记录表决", meeting_of(db, AgendaItem, item_id)) as (tx, _):
        counts = {"votes_for": in_favour, "votes_against": against, "votes_abstain": abstained}
        how = desk_codes(db, "vote_methods").name(how)
        item = tx.change(AgendaItem, item_id, vote_how=how or None, **counts, **tidied(more))
        check_counts(item)
        return item


@needs("meetings.change")
def clear_vote(db: Database, actor: Actor, item_id: str) -> AgendaItem:
    """Takes back the votes of an item on which nobody voted after all."""
    blank: dict[str, Any] = dict.fromkeys(
        (
            "vote_how",
            "votes_for",
            "votes_against",
            "votes_abstain",
            "ballots_issued",
            "ballots_returned",
            "ballots_invalid",
        )
    )
    with opened(db, actor, "撤销表决", meeting_of(db, AgendaItem, item_id)) as (tx, _):
        return tx.change(AgendaItem, item_id, **blank)


# ------------------------------------------------------------------------------------------------------- who was there


@needs("meetings.change")
def set_attendance(db: Database, actor: Actor, meeting_id: str, roster: Sequence[RosterLine]) -> list[Attendance]:
    """Adds to the attendance list those of a roster who are not on it yet; nobody already marked is touched."""
    with opened(db, actor, "编到会名单", meeting_id) as (tx, _):
        return _seat_all(tx, meeting_id, roster)


def _seat_all(tx: Transaction, meeting_id: str, roster: Sequence[RosterLine]) -> list[Attendance]:
    known = set(
        tx.rows("SELECT coalesce(person_id,''),name FROM attendance WHERE meeting_id=? AND sync_del=0", (meeting_id,))
    )
    seq = next_seq(tx, "attendance", meeting_id)
    added: list[Attendance] = []
    for line in roster:
        key = (line.person_id or "", filled(line.name, "name", "姓名"))
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
        name=tidy("name", line.name),
        unit=tidy("unit", line.unit),
        post=tidy("post", line.post),
        capacity=line.capacity,
        status="缺席",
        voting=line.voting and not invited,
    )


def _one_of(word: str, words: Sequence[str], field: str) -> str:
    if word not in words:
        raise AppError(f"没有“{word}”这一项，没有保存。", field=field, next_step=f"请从{'、'.join(words)}中选择。")
    return word


@needs("meetings.change")
def mark(
    db: Database, actor: Actor, attendance_id: str, status: str, reason: str | None = None, proxy: str | None = None
) -> Attendance:
    """Notes whether somebody is there (出席, 请假, 缺席, 列席, 委托) and, if not, why; for 委托, to whom.

    AppError at `proxy` for whoever holds a proxy already: nobody votes twice for others.
    """
    _one_of(status, rules.STATUSES, "status")
    with opened(db, actor, "登记到会", meeting_of(db, Attendance, attendance_id)) as (tx, meeting):
        holder = tidy("proxy", proxy or "") if status == "委托" else ""
        changes: dict[str, Any] = {"status": status, "reason": tidy("reason", reason), "proxy": holder or None}
        if status == "列席":
            changes |= {"capacity": "列席", "voting": False}
        if holder:
            _may_hold(file_within(tx, meeting), attendance_id, holder)
        return tx.change(Attendance, attendance_id, **changes)


def _may_hold(file: rules.MeetingFile, attendance_id: str, holder: str) -> None:
    own = next((row.name for row in file.attendance if row.id == attendance_id), "")
    others = [
        row for row in file.attendance if row.id != attendance_id and row.status == "委托" and row.proxy == holder
    ]
    if holder == own:
        raise AppError("不能委托给自己，没有保存。", field="proxy", next_step="请写受托人的姓名；本人到会的记为出席。")
    if file.proxies and len(others) >= file.proxies:
        raise AppError(
            f"{holder}已经受{others[0].name}委托，不能再受{own}委托，没有保存。",
            field="proxy",
            next_step=f"请另写受托人；如果{others[0].name}的委托写错了，请先改正那一份。",
        )


@needs("meetings.change")
def mark_all(db: Database, actor: Actor, meeting_id: str, status: str = "出席") -> int:
    """Marks at once everybody who should be there and is still noted as absent without a reason; returns how many."""
    _one_of(status, rules.STATUSES, "status")
    with opened(db, actor, "批量登记到会", meeting_id) as (tx, meeting):
        rows = [row for row in file_within(tx, meeting).attendance if row.status == "缺席" and not row.reason]
        for row in rows:
            tx.change(Attendance, row.id, status="列席" if row.capacity == "列席" else status)
        return len(rows)


@needs("meetings.change")
def change_attendance(db: Database, actor: Actor, attendance_id: str, **changes: Any) -> Attendance:
    """Changes the named fields of a line: name, unit, post, capacity, right to vote, order."""
    with opened(db, actor, "修改到会名单", meeting_of(db, Attendance, attendance_id)) as (tx, _):
        if "capacity" in changes:
            _one_of(changes["capacity"], rules.CAPACITIES, "capacity")
        return tx.change(Attendance, attendance_id, **tidied(changes))


@needs("meetings.change")
def remove_attendance(db: Database, actor: Actor, attendance_id: str) -> None:
    """Takes somebody off the list who was put there by mistake; where votes no longer fit, the verdict says so."""
    with opened(db, actor, "移出到会名单", meeting_of(db, Attendance, attendance_id)) as (tx, _):
        tx.bury(Attendance, attendance_id)


# --------------------------------------------------------------------------------------------------------- resolutions


@needs("meetings.change")
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
    text = filled(text, "text", "议定事项")
    with opened(db, actor, "新增议定事项", meeting_id) as (tx, _):
        if agenda_id is not None and tx.need(AgendaItem, agenda_id).meeting_id != meeting_id:
            raise AppError("这个议题不属于这次会议，没有保存。", field="agenda_id", next_step="请重新选择议题。")
        return tx.add(
            Resolution(
                meeting_id=meeting_id,
                agenda_id=agenda_id,
                seq=next_seq(tx, "resolution", meeting_id),
                text=text,
                owner=tidy("owner", owner),
                helpers=tidy("helpers", helpers),
                due_on=due_on,
            )
        )


@needs("meetings.change")
def change_resolution(db: Database, actor: Actor, resolution_id: str, **changes: Any) -> Resolution:
    """Changes the named fields; after the record was signed only how far it is, what came of it and when."""
    if "state" in changes:
        _one_of(changes["state"], rules.STATES, "state")
    if changes.get("done_on"):
        must_be_date(changes["done_on"], "办结日期", "done_on")
    if changes.keys() <= _PROGRESS:
        with db.transaction(actor, f"议定事项{changes.get('state', '办理结果')}") as tx:
            return tx.change(Resolution, resolution_id, **changes)
    with opened(db, actor, "修改议定事项", meeting_of(db, Resolution, resolution_id)) as (tx, _):
        if "text" in changes:
            changes["text"] = filled(changes["text"], "text", "议定事项")
        return tx.change(Resolution, resolution_id, **tidied(changes))


@needs("meetings.change")
def finish_resolution(db: Database, actor: Actor, resolution_id: str, result: str = "", on: str = "") -> Resolution:
    """Notes that a resolution has been carried out, with what came of it; today unless told."""
    told = {"result": result.strip()} if result.strip() else {}
    done_on = on or db.clock.today().isoformat()
    return change_resolution(db, actor, resolution_id, state="完成", done_on=done_on, **told)


@needs("meetings.change")
def remove_resolution(db: Database, actor: Actor, resolution_id: str) -> None:
    """Takes back a resolution that was entered by mistake, while the record is not signed."""
    with opened(db, actor, "删去议定事项", meeting_of(db, Resolution, resolution_id)) as (tx, _):
        tx.bury(Resolution, resolution_id)


# ------------------------------------------------------------------------------------------------------------ signature


@needs("meetings.approve")
def sign(db: Database, actor: Actor, meeting_id: str, signed_by: str) -> Meeting:
    """Locks the record as signed by chair and recorder; an AppError lists the elements that are missing.

    The fingerprint of what was signed is kept, so that a later change can be shown (档案法实施条例 art. 39).
    """
    signed_by = filled(signed_by, "signed_by", "签字人")
    with opened(db, actor, "会议记录签字", meeting_id) as (tx, meeting):
        file = file_within(tx, meeting)
        if lacking := missing_elements(file, db.path.parent):
            raise AppError(
                f"会议记录还缺：{'、'.join(lacking)}，没有签字。", next_step="请补齐后再签字；暂时不齐可先打印草稿。"
            )
        return tx.change(
            Meeting,
            meeting_id,
            signed_at=db.clock.ms(),
            signed_by=signed_by,
            signed_hash=signature.fingerprint(file),
            signed_parts=signature.part_prints(file),
        )


@needs("meetings.change")
def add_correction(db: Database, actor: Actor, meeting_id: str, text: str) -> MeetingCorrection:
    """Adds to a signed record what has to be put right; the record itself stands as it was signed."""
    text = filled(text, "text", "更正内容")
    with db.transaction(actor, "添加更正") as tx:
        meeting = tx.need(Meeting, meeting_id)
        if meeting.signed_at is None:
            raise AppError("记录还没有签字，可以直接修改，没有添加更正。", next_step="请直接改正记录。")
        correction = MeetingCorrection(meeting_id=meeting_id, at=db.clock.ms(), by_name=actor.name, text=text)
        return tx.add(correction)
