"""The clash under the cursor: what happened, both values, what was there before, and everything that can be chosen."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.store.base import record_classes
from desktop_app.sync import conflicts, settling
from ui.pages.person_form import person_fields
from ui.pages.syncing_reading import Clash, Value
from ui.pages.syncing_values import ValueCard
from ui.shell.desk import Desk
from ui.shell.parts import button, label, row
from ui.widgets.elided import ElidedButton
from ui.widgets.flow import Beside
from ui.widgets.inline_form import Ask, InlineForm
from ui.widgets.record_form import Field
from ui.widgets.secret import Secret


class ClashDetail(QWidget):
    """Says `chosen(how)` for 1 (keep), 2 (swap), 3 (both); 4 opens a line to type a third value in."""

    chosen = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._clash: Clash | None = None
        self._words = label("", wrap=True)
        self.first = ValueCard(1, desk, self, lambda: self.chosen.emit(conflicts.KEEP))
        self.second = ValueCard(2, desk, self, lambda: self.chosen.emit(conflicts.SWAP))
        self.base = label("", "muted", wrap=True)
        self.base_secret = Secret(self.tr("原来的号码"), desk.theme, self)
        self.both = ElidedButton("", self._join, self, tone="")
        self.own = button(self.tr("自己填（4）"), self.ask_own)
        self.open_button = button(self.tr("看这条记录（O）"), self.open_record, tone="link")
        self.form = InlineForm(desk, self)
        self.form.keeps = False
        for secret in (self.first.secret, self.second.secret, self.base_secret):
            secret.revealed.connect(self._note_look)
        self._arrange()

    def _arrange(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        top = row(self._words, self.open_button)
        top.setStretch(0, 1)
        layout.addLayout(top)
        layout.addWidget(Beside(self.first, self.second))
        more = QWidget(self)
        below = QVBoxLayout(more)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(6)
        below.addLayout(row(self.base, self.base_secret, 1))
        merged = row(self.both, self.own, 1)
        merged.setStretch(0, 100)  # as wide as its words, where there is room
        below.addLayout(merged)
        layout.addWidget(more)
        layout.addWidget(self.form)
        self.form.opened.connect(more.hide)  # one thing at a time, where room is scarce
        self.form.closed.connect(more.show)

    @property
    def clash(self) -> Clash | None:
        """What is shown."""
        return self._clash

    def show_clash(self, clash: Clash | None) -> None:
        """Show a clash with what can be chosen, or nothing."""
        if self.form.is_open and (clash is None or self._clash is None or clash.id != self._clash.id):
            self.form.close_form()
        self._clash = clash
        self.setVisible(clash is not None)
        if clash is None:
            return
        self._words.setText(clash.words)
        self.open_button.setVisible(clash.opens is not None)
        meaning, can = clash.meaning, clash.choices
        open_ = not clash.chosen
        keep = self.tr("{verb}（1）").format(verb=meaning.keep) if open_ else ""
        swap = self.tr("{verb}（2）").format(verb=meaning.swap) if open_ and can.swap else ""
        self.first.show_value(clash, clash.ours, clash.theirs, meaning.sides[0], keep)
        self.second.show_value(clash, clash.theirs, clash.ours, meaning.sides[1], swap)
        self._show_base(clash.base)
        self.both.setVisible(open_ and can.joined is not None)
        self.own.setVisible(open_ and can.merge)
        self.both.show_words(self.tr("都保留（3）：{value}").format(value=self._joined_words(clash)), self._join)
        self.both.setMaximumWidth(self.both.sizeHint().width())

    def _join(self) -> None:
        self.chosen.emit(conflicts.JOIN)

    def _joined_words(self, clash: Clash) -> str:
        """What both would become, masked like the two."""
        if clash.ours.is_masked:
            return f"{clash.ours.shown} {clash.theirs.shown}"
        words = (clash.choices.joined or "").replace("\n", " ")
        return words if len(words) <= 40 else words[:39] + "…"  # noqa: PLR2004 a button is one line

    def _show_base(self, base: Value | None) -> None:
        masked = base is not None and base.is_masked
        self.base.setVisible(base is not None)
        self.base_secret.setVisible(masked)
        if base is not None:
            self.base.setText(self.tr("原来的值：{value}").format(value="" if masked else base.shown))
            self.base_secret.show_secret(base.shown, lambda: base.whole)

    def _note_look(self) -> None:
        clash = self._clash
        cls = record_classes().get(clash.table) if clash else None
        if clash is not None and cls is not None:
            self._desk.note_look(cls, clash.record_id, clash.field_zh)

    def open_record(self) -> None:
        """The record, or what it belongs to, in its own tab."""
        if self._clash is not None and self._clash.opens is not None:
            kind, record_id = self._clash.opens
            if kind.startswith("page:"):
                self._desk.open_page(kind.removeprefix("page:"), record_id)
            else:
                self._desk.open_record(kind, record_id)

    # ------------------------------------------------------------------------------------------ a third value

    def ask_own(self) -> None:
        """A line to type a third value in; it starts with both, where they can be joined."""
        clash = self._clash
        if clash is None or clash.chosen or not clash.choices.merge:
            return
        if clash.ours.is_masked:
            self._note_look()  # the line has to show the whole numbers it is to merge
        both = clash.choices.joined
        field = _field_of(self, self._desk, clash)
        value = both if both is not None else _stored(clash.ours)
        self.form.begin(self._ask(clash, field, value))

    def _ask(self, clash: Clash, field: Field, value: str) -> Ask:
        app = self._desk.app
        return Ask(
            self.tr("{field}填成").format(field=clash.field_zh),
            self.tr("采用"),
            (field,),
            lambda answer: conflicts.merge(app.db, app.actor, clash.id, answer[clash.field]),
            lambda _done: self.tr("{field}已合并成一个值").format(field=clash.field_zh),
            values={clash.field: value},
        )


def _stored(value: Value) -> str:
    return "" if value.shown == "（空着）" else value.whole


def _field_of(widget: QWidget, desk: Desk, clash: Clash) -> Field:
    """The field as the record's form has it; a plain one where there is no such form."""
    if clash.table == "person":
        found = next((one for one in person_fields(widget, desk) if one.name == clash.field), None)
        if found is not None:
            return Field(found.name, found.label, found.kind, found.choices, required=found.required, hint=found.hint)
    kind = "long" if clash.field in settling.LONG else ("date" if clash.field.endswith("_on") else "text")
    return Field(clash.field, clash.field_zh, kind)
