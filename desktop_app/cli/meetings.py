"""meeting: what was and has to be met about, votes with their arithmetic, ballots of owners, the four of a quarter."""

from dataclasses import asdict

from desktop_app.app import App
from desktop_app.cli.giving import give
from desktop_app.cli.naming import one_of, there, workbook
from desktop_app.cli.output import table
from desktop_app.cli.session import Session
from desktop_app.cli.speaking import typed_day
from desktop_app.matters.quarter import parse, quarterly
from desktop_app.meetings import actions, balloting, calendar, queries
from desktop_app.meetings.model import AgendaItem, Meeting
from desktop_app.meetings.rules import MeetingFile
from desktop_app.meetings.voting import Verdict
from desktop_app.shared.errors import AppError
from desktop_app.spreadsheets.workbook import SheetOut, write

_SETTLED = (calendar.HELD, calendar.PLANNED)


def listed(session: Session) -> None:
    """`linli meeting list`: the latest first; with `-o` as a workbook."""
    told = session.arguments
    with session.app() as app:
        found = queries.meetings(
            app.db,
            text=told.text,
            kind=told.kind or None,
            from_on=typed_day(told.since) or None,
            to_on=typed_day(told.until) or None,
        )
        headers = ("编号", "时间", "类型", "会议", "到会", "议定", "未完", "状态")
        rows = [
            (
                one.no, one.starts_at, one.kind, one.title, f"{one.present}/{one.due}", one.resolutions, one.open,
                "已签字" if one.signed else "",
            )
            for one in found
        ]  # fmt: skip
        if told.output:
            workbook(told.output)
            out = SheetOut("会议", headers, rows)
            give(session, app, "会议", headers, len(rows), lambda draft: write(draft, [out]))
    if told.output:
        session.out.result({"rows": len(rows), "path": told.output}, f"已导出 {len(rows)} 次会议到 {told.output}")
        return
    words = [*table(headers, rows[: told.limit]), f"共 {len(rows)} 次"] if rows else ["没有这样的会议。"]
    session.out.result([asdict(one) for one in found[: told.limit]], words)


def due(session: Session) -> None:
    """`linli meeting due`: types that have to be met about in this period, and what meetings decided and is open."""
    with session.app() as app:
        on = app.clock.today().isoformat()
        types = [one for one in calendar.due_types(app.db, on) if session.arguments.all or one.state not in _SETTLED]
        left = queries.open_resolutions(app.db, on)
    rows = [
        (one.state, one.name, one.holder, one.frequency, one.period, one.due_on, one.last_on, "、".join(one.missed))
        for one in types
    ]
    headers = ("状态", "类型", "哪里", "多久一次", "本期", "期末", "上次", "今年缺开")
    words = table(headers, rows) if rows else ["本期该开的会都开了或已定了。"]
    if left:
        words += ["", "没办完的议定事项："]
        words += table(("期限", "责任人", "议定事项", "会议"), [(o.due_on, o.owner, o.text, o.meeting) for o in left])
    session.out.result({"types": [asdict(one) for one in types], "open": [asdict(one) for one in left]}, words)


def vote(session: Session) -> None:
    """`linli meeting vote MEETING ITEM …`: keeps a vote and says what it comes to."""
    told = session.arguments
    with session.app() as app:
        item = _item(app, told.meeting, told.item)
        more = {"ballots_issued": told.issued, "ballots_returned": told.returned, "ballots_invalid": told.invalid}
        rule = {"vote_rule": told.rule} if told.rule else {}
        kept = {name: number for name, number in more.items() if number is not None}
        actions.record_vote(
            app.db, app.actor, item.id, told.agree, told.against, told.abstain, told.how, **kept, **rule
        )
        verdict = queries.verdicts(app.db, file_of(app, item.meeting_id))[item.id]
    session.out.result(_told(item, verdict), _in_words(item, verdict))


def ballots(session: Session) -> None:
    """`linli meeting ballots MEETING ITEM [ROOMS=MARK …]`: makes the roll, enters what rooms said."""
    told = session.arguments
    with session.app() as app:
        item = _item(app, told.meeting, told.item)
        new = 0
        if told.building or told.estate:
            new = balloting.make_roll(app.db, app.actor, item.id, told.building, estates=told.estate)
        entered = balloting.enter_words(app.db, app.actor, item.id, told.words)
        verdict = queries.verdicts(app.db, file_of(app, item.meeting_id)).get(item.id)
    words = [f"名册新增 {new} 户，登记 {entered.written} 张票", *entered.problems]
    value = {"new": new, "written": entered.written, "problems": list(entered.problems)}
    if verdict:
        words += _in_words(item, verdict)
        value |= _told(item, verdict)
    session.out.result(value, words)


def tally(session: Session) -> None:
    """`linli meeting tally MEETING`: every vote with its arithmetic."""
    with session.app() as app:
        file = file_of(app, one_of(app, Meeting, session.arguments.meeting).id)
        said = queries.verdicts(app.db, file)
        lines = [one.words for one in queries.quorums(app.db, file)]
        lines += queries.remarks(app.db, file.meeting)
    items = [item for item in file.agenda if item.id in said]
    words = [line for item in items for line in _in_words(item, said[item.id])] or ["这次会议还没有表决。"]
    session.out.result([_told(item, said[item.id]) for item in items], [*lines, *words])


def four(session: Session) -> None:
    """`linli meeting quarter`: the four items of a quarter and what ticks them."""
    name = session.arguments.quarter
    with session.app() as app:
        found = quarterly(app.db, app.clock.today().isoformat(), parse(name) if name else "")
    words = [f"{found.words}（{found.first} 至 {found.last}）"]
    for box in found.boxes:
        words.append(f"{'✓' if box.done else '○'} {box.name}")
        words += [f"    {one.on}  {one.words}" + ("" if one.table else f"  {one.id}") for one in box.found]
    words += [found.warning] if found.warning else []
    session.out.result(asdict(found), words)


def file_of(app: App, meeting_id: str) -> MeetingFile:
    """A meeting with all that belongs to it."""
    return there(queries.meeting_file(app.db, meeting_id), "这次会议")


def _item(app: App, meeting: str, number: int) -> AgendaItem:
    agenda = file_of(app, one_of(app, Meeting, meeting).id).agenda
    if number > len(agenda):
        raise AppError(f"这次会议只有 {len(agenda)} 项议题，没有第 {number} 项。", next_step="请核对后再试。")
    return agenda[number - 1]


def _told(item: AgendaItem, verdict: Verdict) -> dict[str, object]:
    return {"item": item.title, "counts": verdict.counts, "passed": verdict.passed, "why": verdict.why} | {
        "lines": list(verdict.lines)
    }


def _in_words(item: AgendaItem, verdict: Verdict) -> list[str]:
    last = verdict.printed or f"不作判定：{verdict.why}"
    return [item.title, f"  {verdict.counts}", *(f"  {line}" for line in verdict.lines), f"  {last}"]
