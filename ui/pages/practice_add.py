"""A new record of a file of rules: its fields in a window of their own, what was typed and not added comes back."""

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout

from desktop_app.practice import editing
from desktop_app.practice.shapes import Shape
from ui.shell.parts import button, row
from ui.widgets.record_form import Field, RecordForm, scrolled

if TYPE_CHECKING:
    from ui.pages.practice_editor import BookEditor

_NEW = "new"
_YES_NO = (("是", "是"), ("否", "否"))
_KINDS = {"number": "number", "day": "date", "choice": "choice", "code": "choice", "yes": "choice"}


def field_of(shape: Shape) -> Field:
    """A field of a form."""
    kind = _KINDS.get(shape.kind, "text")
    choices = _YES_NO if shape.kind == "yes" else shape.of if kind == "choice" else ()
    return Field(shape.key, shape.label, kind, choices, shape.needed, shape.hint, wide=True)


class AddDialog(QDialog):
    """A new record: every field of it, and which record it belongs to."""

    def __init__(self, editor: "BookEditor", upper: int) -> None:
        super().__init__(editor)
        self._editor = editor
        self.setWindowTitle(self.tr("新增：{title}").format(title=editor.part.title))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        nested = editing.owners(editor.content, editor.part)
        owner = [Field(_NEW, self.tr("属于"), "choice", tuple((str(at), name) for at, name in nested), required=True)]
        shown = [field_of(one) for one in editing.fields(editor.content, editor.part)]
        self.form = RecordForm((*(owner if len(nested) > 1 else ()), *shown), self, columns=1)
        self.form.show_values({_NEW: str(upper)})
        self.form.take_draft(json.dumps(editor.unfinished.get(editor.part.path, {})))
        self.form.draft.connect(lambda _draft: self._keep())
        self.form.save_asked.connect(lambda _next: self.save())
        self.verb = button(self.tr("加上"), self.save, tone="primary")
        layout = QVBoxLayout(self)
        layout.addWidget(scrolled(self.form), 1)
        layout.addLayout(row(1, button(self.tr("先关上"), self.reject), self.verb))
        factor = editor._desk.theme.font_px / 14  # noqa: SLF001 the dialog is a part of its editor
        self.resize(round(520 * factor), round(520 * factor))

    def _keep(self) -> None:
        """What was typed and not added stands here again."""
        self._editor.keep_unfinished(self.form.changes())

    def reject(self) -> None:
        """Closed; what was typed is kept."""
        self._keep()
        super().reject()

    def save(self) -> None:
        """Add it, or say at its field what is wrong."""
        typed = self.form.values()
        upper = int(typed.pop(_NEW, "") or 0)
        self.form.clear_faults()
        wrong = self._editor.put_new(typed, upper)
        for at, (key, words) in enumerate(wrong.items()):
            self.form.show_fault(key, words, focus=at == 0)
        if not wrong:
            self._editor.keep_unfinished({})
            self.accept()
