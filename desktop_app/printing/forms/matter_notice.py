"""公示: what was decided on a matter and what comes of it, in large type for the notice board; names are masked."""

from collections.abc import Sequence
from typing import ClassVar

from desktop_app.printing.fonts import Role
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, draw_each, size_of
from desktop_app.printing.lines import break_lines, visible
from desktop_app.printing.matter import MatterPaper, matter_paper
from desktop_app.printing.page import rules
from desktop_app.printing.sheet import A3, A4, Sheet, Type
from desktop_app.shared.errors import AppError


class MatterNotice:
    """The form."""

    name: ClassVar[str] = "matter_notice"
    title: ClassVar[str] = "议题公示"
    sizes: ClassVar[tuple[str, ...]] = ("A4", "A3")
    subject: ClassVar[Subject] = "matter"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[MatterPaper]:
        """Each matter as it stands.  AppError for one of which nothing was decided and nothing done."""
        papers = [matter_paper(desk, subject) for subject in subjects]
        for paper in papers:
            if not (paper.decision or paper.result):
                raise AppError(
                    f"“{paper.title}”还没有决定，也没有办理结果，没有打印公示。", next_step="请先记下决定，再打印公示。"
                )
        return papers

    def draw(self, papers: Sequence[MatterPaper], choice: Choice = DEFAULT) -> bytes:
        """One sheet or more for each."""
        size = A3 if size_of(self.sizes, choice) == "A3" else A4
        return draw_each(self.title, papers, choice, lambda sheet, paper: _draw(sheet, paper, size))


def _draw(sheet: Sheet, paper: MatterPaper, size: tuple[float, float]) -> None:
    data = rules("matter")["notice"]["A3" if size == A3 else "A4"]
    margin, pitch, body = data["margin"], data["pitch"], Type(Role.FANG, data["body"])
    width, foot = size[0] - 2 * margin, size[1] - margin
    lines = [line for part in _paragraphs(paper) for line in _lines(part, width, body)]
    tail = [paper.community, paper.done or paper.publicity[0]]
    y = foot
    for at, line in enumerate([*lines, "", *tail]):
        if y + pitch > foot:
            sheet.page(size)
            y = margin
            if at == 0:
                y += data["title"] * 0.3528
                title = Type(Role.TITLE, data["title"])
                sheet.text(size[0] / 2, y, "公　示" if paper.result == "" else "办理结果公示", title, "centre")
                y += pitch * 1.2
        y += pitch
        if at > len(lines):
            sheet.text(size[0] - margin - 2 * body.em, y, line, body, "right")
        else:
            sheet.text(margin, y, line, body)


def _lines(text: str, width: float, kind: Type) -> list[str]:
    broken = break_lines(text, width - 2 * kind.em, width, kind.width)
    return [("　　" if at == 0 else "") + visible(line) for at, line in enumerate(broken)]


def _paragraphs(paper: MatterPaper) -> list[str]:
    begins, ends = paper.publicity
    told = [
        f"现将“{paper.title}”有关情况公示如下：",
        f"一、议题：{paper.title}（{paper.proposed}由{paper.source}提出，编号 {paper.no}）。",
        f"二、决定：{paper.outcome}。{paper.decision.rstrip('。')}。" if paper.decision else "",
        f"三、办理：由{paper.lead}牵头" + (f"，{paper.helpers}协办" if paper.helpers else "") + f"，{paper.due}前完成。"
        if paper.lead
        else "",
        f"四、结果：{paper.done}完成。{paper.result.rstrip('。')}。" if paper.result else "",
        f"所需资金：{paper.money}。" if paper.money else "",
        f"公示时间：{begins}至{ends}。" if begins and ends and not paper.result else "",
        "对以上事项有意见的，请向社区反映。",
    ]
    return [part for part in told if part]
