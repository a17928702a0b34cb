"""四议两公开登记表: one sheet for each of the six steps (forms.md 4.3), with who was there and room for all to sign."""

from collections.abc import Sequence
from typing import ClassVar

from desktop_app.matters.rules import DECIDE, DISCUSS, PUBLISH, REPORT
from desktop_app.printing.boxed import SEAL, SIGNATURE, draw_boxes
from desktop_app.printing.fields import Field
from desktop_app.printing.form import DEFAULT, Choice, Desk, Subject, sheet_of
from desktop_app.printing.matter import MatterPaper, StepPaper, matter_paper
from desktop_app.printing.page import chinese


class FourTwo:
    """The form; for a matter of any template, one sheet for each of its steps."""

    name: ClassVar[str] = "four_two"
    title: ClassVar[str] = "四议两公开登记表"
    sizes: ClassVar[tuple[str, ...]] = ("A4",)
    subject: ClassVar[Subject] = "matter"

    def collect(self, desk: Desk, subjects: Sequence[str]) -> list[MatterPaper]:
        """Each matter as it stands; steps not taken yet are left blank, to be filled in by hand."""
        return [matter_paper(desk, subject) for subject in subjects]

    def draw(self, papers: Sequence[MatterPaper], choice: Choice = DEFAULT) -> bytes:
        """The sheets of one matter after those of the other."""
        sheet = sheet_of(self.title, papers, choice)
        for paper in papers:
            for at, step in enumerate(paper.steps, 1):
                title = f"{paper.template}登记表（{chinese(at)}）"
                draw_boxes(sheet, title, paper.community, paper.no, _rows(paper, step), choice.footer)
        return sheet.finish()


def _rows(paper: MatterPaper, step: StepPaper) -> list[list[Field]]:
    rows = [
        [Field("步　　骤", step.name)],
        [Field("事　　项", paper.title)],
        [Field("时　　间", step.on), Field("地　　点", "")],
    ]
    if step.stage in (PUBLISH, REPORT):
        return [
            *rows,
            [Field("公开方式", paper.publicity_how), Field("公开起止", "至".join(filter(None, paper.publicity)))],
            [Field("公开内容", paper.result if step.stage == REPORT else paper.decision, 8)],
            [Field("群众意见", "", 5)],
            [Field("监督意见", "", 6, foot=f"居务监督委员会{SIGNATURE}")],
            [Field("备　　注", step.words, 4)],
        ]
    held = [Field("应　　到", "　　　人"), Field("实　　到", "　　　人　占　　　％")]
    talk = [[Field("形　　式", step.meeting)], held] if step.stage in (DISCUSS, DECIDE) else []
    rows += [*talk, [Field("内　　容", paper.text if step is paper.steps[0] else step.words, 12)]]
    if step.stage == DECIDE:
        rows.append([Field("表　　决", "同意　　　票　反对　　　票　弃权　　　票"), Field("结　　果", step.outcome)])
    rows.append([Field("参加人签名", "", 8)])
    return [*rows, [Field("意　　见", "", 3, foot=SEAL)]]
