"""会议通知: in the 公文 layout, what, when, where, about what, who is asked to come; A4."""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject
from desktop_app.printing.meeting import OBSERVER, NoticePaper, names
from desktop_app.printing.meeting_file import notice_paper
from desktop_app.printing.page import Flow
from desktop_app.printing.sheet import Sheet
from desktop_app.printing.words import spoken_date, spoken_time
from desktop_app.shared.errors import AppError

_WHOLE_DAY = 10


class MeetingNotice:
    """The form."""

    name: ClassVar[str] = "meeting_notice"
    title: ClassVar[str] = "会议通知"
    sizes: ClassVar[tuple[str, ...]] = ("A4",)
    subject: ClassVar[Subject] = "meeting"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[NoticePaper]:
        """The notice of each meeting."""
        return [notice_paper(desk, subject) for subject in subjects]

    def draw(self, papers: Sequence[NoticePaper], choice: Choice = DEFAULT) -> bytes:
        """The notices one after another.  AppError for a meeting without a time or a place."""
        sheet = Sheet(self.title, author=papers[0].organ if papers else "", allow_missing=choice.allow_missing)
        for paper in papers:
            lacking = [word for word, value in (("开始时间", paper.starts), ("地点", paper.place)) if not value]
            if lacking and not choice.draft:
                raise AppError(
                    f"会议通知还缺：{'、'.join(lacking)}。没有打印正式件，资料没有变动。",
                    next_step="请在“会议信息”里补全，或先打印草稿。",
                )
            _shortest(paper, "草稿" if choice.draft else "").draw(sheet)
        return sheet.finish()


def _shortest(paper: NoticePaper, draft: str) -> Flow:
    """Two blank lines before the issuer, as a rule; one where that saves a page for the signature alone."""
    usual, tight = (build(paper, draft, gap) for gap in (2, 1))
    return tight if len(tight.pages()) < len(usual.pages()) else usual


def build(paper: NoticePaper, draft: str = "", gap: int = 2) -> Flow:
    """The text, on the grid."""
    flow = Flow(draft=draft)
    flow.blank(2)
    flow.title(f"关于召开{paper.title}的通知", paper.kind)
    flow.paragraph("有关单位和人员：", indent=0)
    flow.paragraph(f"兹定于{spoken_time(paper.starts) or '　　年　月　日'}召开{paper.title}，现将有关事项通知如下：")
    number = 0
    for words, text in (("会议时间", spoken_time(paper.starts)), ("会议地点", paper.place), ("主持人", paper.chair)):
        if text:
            number += 1
            flow.numbered(1, number, f"{words}：{text}")
    number += 1
    _add_topics(flow, number, paper.topics)
    _add_people(flow, number + 1, paper)
    flow.numbered(1, number + 2, "请准时参加。因故不能到会的，请提前向社区请假并说明事由。")
    flow.blank(gap, keep=True)
    flow.right(paper.organ)
    flow.lines[-1] = replace(flow.lines[-1], keep=True)
    flow.right(spoken_date(paper.on[:_WHOLE_DAY]))
    return flow


def _add_topics(flow: Flow, number: int, topics: Sequence[str]) -> None:
    if not topics:
        flow.numbered(1, number, "会议议题：到会宣布。")
        return
    flow.heading(1, number, "会议议题")
    for at, topic in enumerate(topics, 1):
        flow.numbered(3, at, topic)


def _add_people(flow: Flow, number: int, paper: NoticePaper) -> None:
    due = [person for person in paper.attendees if person.capacity != OBSERVER]
    guests = [person for person in paper.attendees if person.capacity == OBSERVER]
    if not due:
        flow.numbered(1, number, f"参会人员：{'、'.join(paper.attends)}。")
        return
    flow.numbered(1, number, f"参会人员：{names(due)}。")
    if guests:
        flow.paragraph(f"列席：{names(guests)}。")
