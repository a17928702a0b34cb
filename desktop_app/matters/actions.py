"""What one may do with matters: propose one, act on it step by step, put it on an agenda."""

from dataclasses import dataclass
from typing import Any, Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs, reads
from desktop_app.appeals import actions as appeals
from desktop_app.appeals.deeds import Deed as AppealDeed
from desktop_app.appeals.model import Appeal
from desktop_app.matters import rules
from desktop_app.matters.model import Matter, MatterEvent
from desktop_app.matters.queries import Templates, facts_of
from desktop_app.matters.rules import State
from desktop_app.meetings import actions as meetings
from desktop_app.meetings import queries as meeting_queries
from desktop_app.meetings.model import AgendaItem, Meeting
from desktop_app.meetings.noting import plain
from desktop_app.profiles.desk import desk_codes, next_number
from desktop_app.residents.model import Person
from desktop_app.shared import deeds
from desktop_app.shared.dates import must_be_date
from desktop_app.shared.errors import AppError
from desktop_app.shared.fields import must_be_past
from desktop_app.store.database import Database, Transaction

SOURCES: Final = ("居民", "党支部", "居委会", "业委会", "物业", "驻区单位", "网格员")
_LONGEST_TITLE: Final = 60
_OURS: Final = ("no", "template", "audience", "appeal_id")
"""Fields nobody edits: numbers are taken, the steps were chosen, sharing has a verb of its own."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody says was done.  `on` is the day, today if blank; `by_name` who did it, whoever sits here if blank.

    `to_step`: for 退回 and 重开, where to; `expects` is the last event the person saw, None for whatever is there now.
    """

    kind: str
    text: str = ""
    to_whom: str = ""
    helpers: str = ""
    due_on: str = ""
    progress: int | None = None
    how: str = ""
    on: str = ""
    by_name: str = ""
    outcome: str = ""
    satisfaction: str = ""
    why_none: str = ""
    until_on: str = ""
    to_step: int = 0
    meeting_id: str = ""
    agenda_id: str = ""
    expects: str | None = None


# ----------------------------------------------------------------------------------------------------------- proposing


def blank(db: Database, **fields: Any) -> Matter:
    """A new matter proposed today, with what is told; codes may be given by name.  Not stored yet."""
    told: dict[str, Any] = {
        "proposed_on": db.clock.today().isoformat(),
        "kind": "其他",
        "template": Templates(db).offered[0].code,
    }
    return Matter(**(told | {name: value for name, value in fields.items() if value not in (None, "")}))


@needs("matters.change")
def propose(db: Database, actor: Actor, matter: Matter) -> Matter:
    """Takes a proposal in and gives it a number; a proposal names who makes it."""
    _complete(db, matter)
    with db.transaction(actor, f"提出议题：{matter.title}") as tx:
        if matter.proposer_id and not matter.proposer:
            matter.proposer = tx.need(Person, matter.proposer_id).name
        if not (matter.proposer or "").strip():
            raise AppError("提出人没有填，没有保存。", field="proposer", next_step="请写明是谁提出的。")
        matter.no = next_number(tx, "matter", ("matter", "no"))
        tx.add(matter)
        tx.add(_event(tx, matter, State(), Deed("提出", on=matter.proposed_on)))
        return matter


@needs("matters.change")
def from_appeal(db: Database, actor: Actor, appeal_id: str, **fields: Any) -> Matter:
    """Makes a matter of an appeal, and notes so in the appeal; the one there is already is given back."""
    appeal = db.get(Appeal, appeal_id)
    if appeal is None:
        raise AppError("这件诉求已经不在了，没有转成议题。", next_step="请刷新后再试。")
    known = db.scalar("SELECT id FROM matter WHERE appeal_id=? AND sync_del=0", (appeal_id,))
    if (found := db.get(Matter, known)) is not None:
        return found
    told: dict[str, Any] = {
        "title": appeal.title,
        "text": appeal.text,
        "kind": appeal.klass,
        "proposer": "匿名居民" if appeal.anonymous else appeal.reporter_name or "居民",
        "proposer_id": None if appeal.anonymous else appeal.person_id,
        "proposer_phone": None if appeal.anonymous else appeal.reporter_phone,
        "appeal_id": appeal.id,
    }
    matter = propose(db, actor, blank(db, **(told | fields)))
    appeals.act(db, actor, appeal_id, AppealDeed("补充", text=f"已转为议事事项 {matter.no or matter.title}"))
    return matter


def _complete(db: Database, matter: Matter) -> None:
    matter.title = _title(matter.title)
    matter.text = plain(matter.text).strip()
    matter.kind = desk_codes(db, "appeal_classes").code(matter.kind)
    template = Templates(db)[matter.template]
    if template is None:
        raise AppError(
            f"没有“{matter.template}”这种议事步骤，没有保存。", field="template", next_step="请从列出的步骤里选。"
        )
    matter.template = template.code
    must_be_past(db.clock.today(), matter.proposed_on, "提出日期", "proposed_on")
    for name, zh in (("households", "附议户数"), ("cost", "所需资金")):
        if (getattr(matter, name) or 0) < 0:
            raise AppError(f"{zh}不能是负数，没有保存。", field=name, next_step="请核对数字。")


def _title(text: str) -> str:
    title = " ".join(plain(text).split())
    if not title:
        raise AppError("议题没有填，没有保存。", field="title", next_step="请用一句话写明要议什么。")
    if len(title) > _LONGEST_TITLE:
        raise AppError(
            f"议题有 {len(title)} 个字，没有保存。",
            field="title",
            next_step=f"请缩到 {_LONGEST_TITLE} 个字以内，详细情况写在内容里。",
        )
    return title


# -------------------------------------------------------------------------------------------------------- acting on it


@needs("matters.change")
def act(db: Database, actor: Actor, matter_id: str, deed: Deed) -> State:
    """Adds an event to the line of a matter and returns where it stands then.

    AppError where something is missing, where the steps forbid it, or where somebody else has moved it on since
    `expects`; nothing is written then.
    """
    with db.transaction(actor, f"议题{deed.kind}") as tx:
        matter = tx.need(Matter, matter_id)
        return _act(tx, matter, deed)


def _act(tx: Transaction, matter: Matter, deed: Deed) -> State:
    template = Templates(tx.db).on(matter.template, matter.proposed_on)
    events: list[rules.Event] = list(facts_of(tx, [matter.id]).get(matter.id, ()))
    _check(tx.db, matter, deed)
    before = rules.fold(events, template)
    written = _event(tx, matter, before, deed)
    after = rules.fold([*events, written], template)
    if written.expects != (before.last_id or None) and any(one.event_id == written.id for one in after.stale):
        raise AppError("这个议题刚由别人往下办了一步，没有保存。", next_step="请刷新，看过经过后再办。")
    deeds.must_count(rules.refusal(before, written, rules.stages_of(template)), rules.allowed(before, template))
    tx.add(written)
    return after


_NAMES: Final = {
    "to_whom": "牵头（告知）谁", "text": "内容", "how": "方式", "outcome": "决定", "due_on": "完成时限",
    "meeting_id": "会议",
}  # fmt: skip


def _check(db: Database, matter: Matter, deed: Deed) -> None:
    """AppError, at its field, for what a deed lacks or cannot be."""
    deeds.check_rating(deed, deeds.check(deed, rules.MOVES, _NAMES), rules.SATISFACTIONS)
    if deed.progress is not None and not 0 <= deed.progress <= 100:  # noqa: PLR2004 per cent
        raise AppError("进度要在 0 到 100 之间，没有保存。", field="progress", next_step="请写百分数。")
    _check_days(db, matter, deed)


def _check_days(db: Database, matter: Matter, deed: Deed) -> None:
    for name, zh in (("on", "日期"), ("due_on", "完成时限"), ("until_on", "公示结束日期")):
        if value := getattr(deed, name):
            must_be_date(value, zh, name)
    if deed.on and deed.kind != "公示" and deed.on > db.clock.today().isoformat():
        raise AppError("日期在今天之后，没有保存。", field="on", next_step="请核对日期。")
    if deed.on and deed.on < matter.proposed_on:
        raise AppError(f"日期早于提出议题的 {matter.proposed_on}，没有保存。", field="on", next_step="请核对日期。")
    begins = deed.on or db.clock.today().isoformat()
    if deed.until_on and deed.until_on < begins:
        raise AppError("公示结束早于开始，没有保存。", field="until_on", next_step="请核对两个日期。")


def _event(tx: Transaction, matter: Matter, state: State, deed: Deed) -> MatterEvent:
    to_step = {"推进": state.step + 1, "退回": deed.to_step or state.step - 1, "重开": deed.to_step or state.step}
    return MatterEvent(
        matter_id=matter.id,
        kind=deed.kind,
        at=tx.db.clock.ms(),
        on=deed.on or tx.db.clock.today().isoformat(),
        by_name=deed.by_name.strip() or tx.actor.name,
        from_step=state.step,
        to_step=to_step.get(deed.kind, state.step),
        to_whom=deed.to_whom.strip() or None,
        helpers=deed.helpers.strip() or None,
        due_on=deed.due_on or None,
        progress=deed.progress,
        text=plain(deed.text).strip() or None,
        how=deed.how.strip() or None,
        outcome=deed.outcome or None,
        satisfaction=deed.satisfaction or None,
        why_none=deed.why_none.strip() or None,
        until_on=deed.until_on or None,
        meeting_id=deed.meeting_id or None,
        agenda_id=deed.agenda_id or None,
        expects=(deed.expects if deed.expects is not None else state.last_id) or None,
    )


# ------------------------------------------------------------------------------------------------------------ meetings


@needs("matters.change")
def put_on_agenda(db: Database, actor: Actor, matter_id: str, meeting_id: str) -> AgendaItem:
    """Puts a matter on the agenda of a meeting that is not signed; a matter stands on an agenda once."""
    matter = db.get(Matter, matter_id)
    if matter is None:
        raise AppError("这个议题已经不在了，没有改动。", next_step="请刷新后再试。")
    known = db.scalar(
        "SELECT a.id FROM matter_event e JOIN agenda_item a ON a.id=e.agenda_id AND a.sync_del=0 "
        "WHERE e.matter_id=? AND e.meeting_id=? AND e.sync_del=0",
        (matter_id, meeting_id),
    )
    if (found := db.get(AgendaItem, known)) is not None:
        return found
    item = meetings.add_agenda_item(db, actor, meeting_id, matter.title, proposer=matter.proposer or matter.source)
    act(db, actor, matter_id, Deed("上会", meeting_id=meeting_id, agenda_id=item.id))
    return item


@dataclass(frozen=True, slots=True)
class FromMeeting:
    """What a meeting says of a matter, as proposed words for its events; `outcome` "" where no rule decides."""

    agenda_id: str
    meeting_id: str
    text: str
    outcome: str
    why: str


@reads("matters.read")
def said_in_meeting(db: Database, agenda_id: str) -> FromMeeting | None:
    """What was decided on an item of an agenda, in words for 商议 or 决定."""
    item = db.get(AgendaItem, agenda_id)
    meeting = db.get(Meeting, item.meeting_id) if item else None
    file = meeting_queries.meeting_file(db, meeting.id) if meeting else None
    if item is None or meeting is None or file is None:
        return None
    verdict = meeting_queries.verdicts(db, file).get(item.id)
    decided = "；".join(row.text.rstrip("。") for row in file.resolutions if row.agenda_id == item.id)
    day = (meeting.starts_at or "")[:10]
    words = "，".join(part for part in (f"{day}{meeting.title}", verdict.words if verdict else "", decided) if part)
    outcome = "" if verdict is None or verdict.passed is None else rules.CARRIED if verdict.passed else rules.LOST
    return FromMeeting(item.id, meeting.id, words, outcome, verdict.why if verdict else "")


@reads("matters.read")
def last_said(db: Database, matter_id: str) -> FromMeeting | None:
    """What the meeting said on whose agenda the matter stood last; None where it stood on none."""
    agenda = db.scalar(
        "SELECT agenda_id FROM matter_event WHERE matter_id=? AND kind='上会' AND sync_del=0 ORDER BY at DESC,id DESC",
        (matter_id,),
    )
    return None if agenda is None else said_in_meeting(db, str(agenda))


# ------------------------------------------------------------------------------------------------------- putting right


@needs("matters.change")
def change(db: Database, actor: Actor, matter_id: str, **changes: Any) -> Matter:
    """Changes the named fields of a proposal; codes may be given by name."""
    if spared := [name for name in _OURS if name in changes]:
        raise AppError(
            "议题的编号、步骤、来源诉求和共享单位不能这样修改，没有保存。",
            field=spared[0],
            next_step="请用相应的操作。",
        )
    with db.transaction(actor, "修改议题") as tx:
        matter = tx.need(Matter, matter_id)
        if "title" in changes:
            changes["title"] = _title(changes["title"])
        if "kind" in changes:
            changes["kind"] = desk_codes(db, "appeal_classes").code(changes["kind"])
        if changes.get("proposed_on"):
            must_be_date(changes["proposed_on"], "提出日期", "proposed_on")
        if "proposer" in changes and not (changes["proposer"] or "").strip():
            raise AppError("提出人没有填，没有保存。", field="proposer", next_step="请写明是谁提出的。")
        return tx.change(Matter, matter.id, **changes)


@needs("matters.change")
def cancel(db: Database, actor: Actor, matter_id: str, why: str) -> None:
    """Takes back a matter entered by mistake, as long as nothing was done about it; the reason stays in the journal."""
    if not why.strip():
        raise AppError("撤销理由还没有填写，没有撤销。", field="why", next_step="请写明为什么撤销。")
    with db.transaction(actor, "撤销议题", why.strip()) as tx:
        matter = tx.need(Matter, matter_id)
        events = [event for event in facts_of(tx, [matter_id]).get(matter_id, ()) if not event.sync_del]
        if any(event.kind not in ("提出", "上会", "补充") for event in events):
            raise AppError(
                f"“{matter.title}”已经在议，不能撤销，什么也没有改。", next_step="不再往下办的，请用“终止”并写明原因。"
            )
        for event in events:
            tx.bury(MatterEvent, event.id)
        tx.bury(Matter, matter_id)
