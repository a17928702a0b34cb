"""会议纪要 in the 纪要 format of GB/T 9704-2012, 10.3: red mark, issue, lead, numbered decisions, who was there."""

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from desktop_app.printing.fonts import Role
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject
from desktop_app.printing.meeting import (
    ABSENT,
    LEAVE,
    OBSERVER,
    PRESENT,
    PROXY,
    Attendee,
    MinutesPaper,
    Topic,
    names,
    of_status,
)
from desktop_app.printing.meeting_file import minutes_paper
from desktop_app.printing.page import Flow, Imprint, draw_mark, grid, mark_height, rules
from desktop_app.printing.sheet import RED, Sheet, Type
from desktop_app.printing.words import spoken_date
from desktop_app.shared.errors import AppError

_TOLD = 4
"""Missing elements named in the head of a draft, which is one line."""


class Minutes:
    """The form."""

    name: ClassVar[str] = "minutes"
    title: ClassVar[str] = "会议纪要"
    sizes: ClassVar[tuple[str, ...]] = ("A4",)
    subject: ClassVar[Subject] = "meeting"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[MinutesPaper]:
        """The minutes of each meeting."""
        return [minutes_paper(desk, subject) for subject in subjects]

    def draw(self, papers: Sequence[MinutesPaper], choice: Choice = DEFAULT) -> bytes:
        """The minutes one after another, each counting its own pages.  A final print lacks nothing."""
        title = papers[0].mark if papers else self.title
        sheet = Sheet(title, author=papers[0].issuer if papers else "", allow_missing=choice.allow_missing)
        for paper in papers:
            draft = draft_words(minutes_gaps(paper), choice, "纪要")
            build(paper, draft).draw(sheet, partial(_draw_head, paper))
        return sheet.finish()


def minutes_gaps(paper: MinutesPaper) -> tuple[str, ...]:
    """What a final print still lacks."""
    needed = (
        ("纪要名称", paper.mark),
        ("导语", paper.lead),
        ("议定事项", any(t.decisions for t in paper.topics)),
        ("出席人员", paper.by_ballot or of_status(paper.attendees, PRESENT)),
    )
    return tuple(dict.fromkeys([*(word for word, value in needed if not value), *paper.gaps]))


def draft_words(gaps: Sequence[str], choice: Choice, what: str) -> str:
    """What stands in the head of a draft; AppError for a final print with gaps."""
    if choice.draft:
        more = f"等 {len(gaps)} 项" if len(gaps) > _TOLD else ""
        return "草稿" + (f"（缺：{'、'.join(gaps[:_TOLD])}{more}）" if gaps else "")
    if gaps:
        raise AppError(
            f"会议{what}还缺：{'、'.join(gaps)}。没有打印正式件，资料没有变动。",
            next_step="请补全后再打印，或先打印草稿。",
        )
    return ""


def build(paper: MinutesPaper, draft: str = "") -> Flow:
    """The text below the head, on the grid."""
    flow = Flow(start=_head_height(paper), draft=draft, imprint=_imprint(paper))
    if paper.title:
        flow.title(paper.title)
    for part in filter(None, paper.lead.split("\n")):
        flow.paragraph(part)
    for number, topic in enumerate(paper.topics, start=1):
        _add_topic(flow, number, topic)
    _add_attendance(flow, paper.attendees)
    if paper.parties:
        flow.blank(2)
        flow.seals(paper.parties)
    return flow


def _add_topic(flow: Flow, number: int, topic: Topic) -> None:
    """“一、…”: a title with its decisions under it, or the one decision itself."""
    if not topic.title:
        for step, decision in enumerate(topic.decisions):
            flow.numbered(1, number + step, decision.words())
        return
    flow.heading(1, number, topic.title)
    for part in filter(None, topic.discussion.split("\n")):
        flow.paragraph(part)
    if topic.vote:
        flow.paragraph(topic.vote.words())
    if len(topic.decisions) == 1:
        flow.paragraph(f"会议议定：{topic.decisions[0].words()}")
    for step, decision in enumerate(topic.decisions if len(topic.decisions) > 1 else (), start=1):
        flow.numbered(3, step, decision.words())


def _add_attendance(flow: Flow, people: Sequence[Attendee]) -> None:
    lists = (("出席：", (PRESENT, PROXY)), ("请假：", (LEAVE, ABSENT)), ("列席：", (OBSERVER,)))
    first = True
    for label, states in lists:
        if named := of_status(people, *states):
            if first:
                flow.blank()
            first = False
            flow.labelled(label, names(named))


def _imprint(paper: MinutesPaper) -> Imprint:
    return Imprint(paper.copies, paper.issuer, spoken_date(paper.issued_on)) if paper.copies else Imprint()


def _head_height(paper: MinutesPaper) -> float:
    """How much of the first block belongs to mark, issue, issuer and rule, in mm."""
    mark = rules("official_page")["mark"]
    height = mark["top"] + mark_height(paper.mark, mark["size"])
    height += mark["issue_gap"] if paper.issue else 0.0
    height += mark["issuer_gap"] if paper.issuer or paper.issued_on else 0.0
    return float(height + mark["rule_gap"] + mark["rest"])


def _draw_head(paper: MinutesPaper, sheet: Sheet) -> None:
    """The red mark 35 mm under the block's top, then 第×期, issuer and date, and the red rule."""
    page, mark = grid(), rules("official_page")["mark"]
    kind = Type(Role.FANG, page.size)
    y = draw_mark(sheet, paper.mark, page.top + mark["top"], RED, mark["size"])
    if paper.issue:
        y += mark["issue_gap"]
        sheet.text(page.left + page.block_width / 2, y, paper.issue, kind, "centre")
    if paper.issuer or paper.issued_on:
        y += mark["issuer_gap"]
        sheet.text(page.left + kind.em, y, paper.issuer, kind)
        sheet.text(page.right - kind.em, y, spoken_date(paper.issued_on), kind, "right")
    y += mark["rule_gap"]
    sheet.line(page.left, y, page.right, y, mark["rule"], RED)
