"""The paper beside the meeting, as it will come out of the printer, drawn again after every change."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QVBoxLayout

from desktop_app.printing.form import Choice
from ui.pages.printing_paper import Drawn, draw, render_of
from ui.shell.parts import label
from ui.shell.problems import Problem
from ui.widgets.pdf_preview import PdfPreview
from ui.widgets.segments import Segments

if TYPE_CHECKING:
    from ui.pages.meetings_record import MeetingPage

_FORMS = ("meeting_record", "minutes", "sign_in_sheet")


class PaperPane(QFrame):
    """Three papers to choose from; a signed meeting shows the final print, an open one the draft."""

    def __init__(self, page: "MeetingPage") -> None:
        super().__init__(page)
        self.setObjectName("card")
        self.page = page
        self.faces = Segments((self.tr("会议记录"), self.tr("纪要"), self.tr("签到表")), self.tr("预览哪一张"), self)
        self.faces.chosen.connect(lambda _at: self.refresh())
        self.preview = PdfPreview(page.desk.theme, page.desk.background, self)
        self._words = label("", "muted", wrap=True)
        self._words.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(6)
        layout.addWidget(self.faces)
        layout.addWidget(self._words)
        layout.addWidget(self.preview, 1)

    def refresh(self) -> None:
        """Draw again, if anybody looks."""
        facts = self.page.facts
        if facts is None or self.isHidden():
            return
        app, subject = self.page.desk.app, self.page.meeting_id
        form, choice = _FORMS[self.faces.current], Choice(draft=not facts.file.signed, allow_missing=True)
        self.page.read(lambda: draw(app, form, [subject], choice), self._show, key="paper", failed=self._failed)

    def _show(self, drawn: Drawn) -> None:
        self._words.hide()
        page = self.preview.page
        self.preview.show_pages(drawn.sizes, render_of(drawn.pdf))
        self.preview.go_to(page)

    def _failed(self, problem: Problem) -> None:
        self.preview.clear()
        self._words.setText(str(problem))
        self._words.show()
