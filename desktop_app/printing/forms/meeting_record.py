"""会议记录: the raw record of a meeting, to be signed by chair and recorder; corrections follow the signed text."""

from collections.abc import Sequence
from typing import ClassVar

from desktop_app.printing.fonts import Role
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject
from desktop_app.printing.forms.minutes import draft_words
from desktop_app.printing.meeting import (
    ABSENT,
    LEAVE,
    OBSERVER,
    PRESENT,
    PROXY,
    Correction,
    RecordPaper,
    Topic,
    counts,
    names,
    of_status,
)
from desktop_app.printing.meeting_file import record_paper
from desktop_app.printing.page import Flow
from desktop_app.printing.sheet import Sheet
from desktop_app.printing.words import spoken_date, spoken_span, spoken_time


class MeetingRecord:
    """The form."""

    name: ClassVar[str] = "meeting_record"
    title: ClassVar[str] = "会议记录"
    sizes: ClassVar[tuple[str, ...]] = ("A4",)
    subject: ClassVar[Subject] = "meeting"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[RecordPaper]:
        """The record of each meeting."""
        return [record_paper(desk, subject) for subject in subjects]

    def draw(self, papers: Sequence[RecordPaper], choice: Choice = DEFAULT) -> bytes:
        """The records one after another, each counting its own pages.  A final print lacks nothing required."""
        title = papers[0].title if papers else self.title
        sheet = Sheet(title, author=papers[0].organ if papers else "", allow_missing=choice.allow_missing)
        for paper in papers:
            build(paper, draft_words(record_gaps(paper), choice, "记录")).draw(sheet)
        return sheet.finish()


def record_gaps(paper: RecordPaper) -> tuple[str, ...]:
    """Elements every record must have (forms.md 4.1) that are missing, and those of the meeting's type."""
    needed = (
        ("会议名称", paper.title),
        ("开始时间", paper.starts),
        ("散会时间", paper.ends),
        ("地点", paper.place),
        ("主持人", paper.chair),
        ("记录人", paper.recorder),
        ("应到、实到人员", paper.by_ballot or of_status(paper.attendees, PRESENT)),
        ("议题", paper.topics),
    )
    own = [word for word, value in needed if not value]
    if not all(person.reason for person in of_status(paper.attendees, LEAVE, ABSENT)):
        own.append("请假、缺席事由")
    return tuple(dict.fromkeys([*own, *paper.gaps]))


def build(paper: RecordPaper, draft: str = "") -> Flow:
    """The whole record on the grid; its number of pages is printed in it, so it is laid out until that stands still."""
    pages = 1
    for _ in range(3):
        flow = _signed_part(paper, draft, pages)
        if (found := len(flow.pages())) == pages:
            break
        pages = found
    _add_corrections(flow, paper.corrections)
    return flow


def _signed_part(paper: RecordPaper, draft: str, pages: int) -> Flow:
    flow = Flow(draft=draft)
    flow.title(_headline(paper))
    for label, words in _facts(paper):
        if words:
            flow.labelled(label, words, indent=0)
    for number, topic in enumerate(paper.topics, start=1):
        _add_topic(flow, number, topic)
    if paper.decisions:
        flow.heading(1, len(paper.topics) + 1, "议定事项")
        for number, decision in enumerate(paper.decisions, start=1):
            flow.numbered(3, number, decision.words())
    flow.paragraph(f"{spoken_time(paper.ends)}散会。" if paper.ends else "散会时间：")
    flow.paragraph(f"（本记录共{pages}页）")
    flow.blank()
    flow.signatures(
        ["主持人（签字）：", "记录人（签字）：", *(f"{signer}（签字）：" for signer in paper.signers)], indent=0
    )
    return flow


def _headline(paper: RecordPaper) -> str:
    """What its type calls the record, behind what the meeting's own name says before the type."""
    title, ending = paper.title, _kind_in(paper)
    if title.endswith("记录"):
        return title
    if paper.record_title:
        return f"{title.removesuffix(ending)}{paper.record_title}" if ending else paper.record_title
    return f"{title.removesuffix('会议')}会议记录"


def _kind_in(paper: RecordPaper) -> str:
    """The name of the type the meeting's own name ends with; "" where it is called otherwise."""
    kinds = (paper.record_title.removesuffix("记录"), *paper.kinds)
    return next((word for word in kinds if word and paper.title.endswith(word)), "")


def _own_name(paper: RecordPaper) -> str:
    """What the headline leaves out: the name of a meeting that is not called after its type."""
    return "" if _headline(paper) != paper.record_title or paper.title in paper.kinds else paper.title


def _facts(paper: RecordPaper) -> tuple[tuple[str, str], ...]:
    people = paper.attendees
    post = f"（{paper.chair_post}）" if paper.chair_post else ""
    return (
        ("编　号：", paper.number),
        ("名　称：", _own_name(paper)),
        ("时　间：", spoken_span(paper.starts, paper.ends)),
        ("地　点：", paper.place),
        ("召集人：", paper.convenor),
        ("主持人：", paper.chair + post),
        ("记录人：", paper.recorder),
        ("通　知：", paper.notice),
        ("人　数：", counts(people) if people else ""),
        ("出　席：", names(of_status(people, PRESENT))),
        ("委　托：", names(of_status(people, PROXY), reasons=True)),
        ("请　假：", names(of_status(people, LEAVE), reasons=True)),
        ("缺　席：", names(of_status(people, ABSENT), reasons=True)),
        ("列　席：", names(of_status(people, OBSERVER))),
    )


def _add_topic(flow: Flow, number: int, topic: Topic) -> None:
    proposer = f"（提出：{topic.proposer}）" if topic.proposer else ""
    flow.heading(1, number, topic.title + proposer)
    for speech in filter(None, topic.discussion.split("\n")):
        flow.paragraph(speech)
    if topic.vote:
        flow.paragraph(topic.vote.words(), lead="表决：")
    if len(topic.decisions) == 1:
        flow.paragraph(topic.decisions[0].words(), lead="决议：")
    for step, decision in enumerate(topic.decisions if len(topic.decisions) > 1 else (), start=1):
        flow.paragraph(decision.words(), lead=f"决议{step}：")


def _add_corrections(flow: Flow, corrections: Sequence[Correction]) -> None:
    if not corrections:
        return
    flow.blank()
    flow.paragraph("更正记录", Role.HEI)
    for entry in corrections:
        flow.paragraph(f"{spoken_date(entry.on)}{entry.by}更正：{entry.text}")
