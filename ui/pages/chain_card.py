"""谁负责这里: the whole chain of a door, scheme by scheme, with a way to where somebody is named for a gap."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.organisation.chains import Chain
from ui.pages.wording import contact_words
from ui.shell.desk import Desk
from ui.shell.parts import button, clear, label, row
from ui.widgets.facts import Facts


class ChainCard(QWidget):
    """Names and phones of everybody who answers for a door; a scheme nobody has filled in yet is one line."""

    def __init__(self, desk: Desk, parent: QWidget | None = None, *, columns: int = 1, titles: bool = True) -> None:
        super().__init__(parent)
        self._desk, self._columns, self._titles = desk, columns, titles
        self._body = QVBoxLayout(self)
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.setSpacing(6)

    def show_chains(self, chains: Sequence[Chain], building_id: str = "") -> None:
        """Show other chains; `building_id` is where a gap can be filled."""
        clear(self._body)
        for one in chains:
            held = [line for line in one.lines if line.name]
            if not held:
                words = self.tr("{scheme}：还没有指定人").format(scheme=one.title)
                self._body.addWidget(label(words, "muted", wrap=True))
                continue
            self._body.addWidget(label(one.title, "section"))
            facts = Facts(self, columns=self._columns)
            facts.show_facts([(line.slot_title, contact_words(line, title=self._titles)) for line in one.lines])
            self._body.addWidget(facts)
        if building_id and any(one.gaps for one in chains):
            go = button(
                self.tr("有空缺，去指定"), lambda: self._desk.open_page("organisation", building_id), tone="link"
            )
            self._desk.offer("organisation.change", go)
            self._body.addLayout(row(go, 1))
