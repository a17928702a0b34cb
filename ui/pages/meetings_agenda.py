"""The agenda: a card for each item, a field for the next one, corrections below; forms open above the cards."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop_app.meetings import actions
from desktop_app.meetings.model import AgendaItem
from desktop_app.meetings.noting import merged
from desktop_app.meetings.rules import MeetingFile
from desktop_app.meetings.voting import Verdict
from desktop_app.shared.clock import local_text
from ui.pages.meetings_item import ItemCard, Shown
from ui.pages.meetings_settled import NewLine
from ui.shell.doing import do
from ui.shell.parts import clear, label
from ui.widgets.inline_form import InlineForm
from ui.widgets.record_form import scrolled

if TYPE_CHECKING:
    from ui.pages.meetings_record import MeetingPage

_LOOSE = ""
OWNERS: Final = "owners_assembly"
"""The type whose votes are counted by rooms and areas."""


class AgendaPane(QWidget):
    """Cards are kept by the identifier of their item, so that a refresh never takes away what is being typed."""

    def __init__(self, page: "MeetingPage") -> None:
        super().__init__(page)
        self.page = page
        self.cards: dict[str, ItemCard] = {}
        self.form = InlineForm(page.desk, self)
        self._form_box = QFrame(self)
        self._form_box.setObjectName("card")
        box = QVBoxLayout(self._form_box)
        box.setContentsMargins(14, 10, 12, 12)
        box.addWidget(self.form)
        self._form_box.hide()
        self.form.opened.connect(self._form_box.show)
        self.form.closed.connect(self._form_box.hide)
        self.new = NewLine(self.tr("＋ 议题，回车添加"), self)
        self.new.entered.connect(self.add)
        self._hint = label("", "muted", wrap=True)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(8)
        self._corrections = QVBoxLayout()
        self._corrections.setSpacing(4)
        self._correction_title = label(self.tr("更正"), "section")
        content = QWidget(self)
        inner = QVBoxLayout(content)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(8)
        inner.addWidget(self._form_box)
        inner.addWidget(self._hint)
        inner.addLayout(self._cards)
        inner.addWidget(self.new)
        inner.addWidget(self._correction_title)
        inner.addLayout(self._corrections)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(content))

    def show_file(self, file: MeetingFile, verdicts: Mapping[str, Verdict], mine: tuple[str, int]) -> Iterator[None]:
        """What the store says, item by item; `mine` are the author and the desk whose notes are typed here."""
        locked = file.signed
        wanted: list[AgendaItem | None] = [*file.agenda, None]
        known = {item.id for item in file.agenda}
        for key in [key for key in self.cards if key != _LOOSE and key not in known]:
            gone = self.cards.pop(key)
            gone.hide()
            gone.deleteLater()
        for at, item in enumerate(wanted):
            key = item.id if item else _LOOSE
            if key not in self.cards:
                yield
                self.cards[key] = ItemCard(self.page, item, self)
            card = self.cards[key]
            if self._cards.indexOf(card) != at:
                self._cards.insertWidget(at, card)
            settled = [
                one for one in file.resolutions if (one.agenda_id if one.agenda_id in known else None) == (key or None)
            ]
            card.show_item(item, self._shown(file, item, at + 1, verdicts.get(key), mine), settled)
        self.new.setVisible(not locked)
        self._hint.setText("" if file.agenda else self.tr("还没有议题。写上第一个议题，就可以边开会边记。"))
        self._hint.setVisible(not file.agenda)
        self._show_corrections(file)

    def _shown(
        self, file: MeetingFile, item: AgendaItem | None, number: int, verdict: Verdict | None, mine: tuple[str, int]
    ) -> Shown:
        if item is None:
            return Shown(number, file.signed)
        own = [note for note in file.notes if (note.author_id, note.desk) == mine and note.agenda_id == item.id]
        own.sort(key=lambda note: (note.seq, note.id))
        others = [line for line in merged(file.notes, item.id, mine) if not line.mine]
        by_owners = file.meeting.kind == OWNERS or any(ballot.agenda_id == item.id for ballot in file.ballots)
        day = (file.meeting.starts_at or "")[:10]
        same = all(local_text(line.at, "%Y-%m-%d") == day for line in others)
        return Shown(number, file.signed, verdict, own, others, by_owners, "%H:%M" if same else "%m-%d %H:%M")

    @property
    def is_writing(self) -> bool:
        """Whether the cursor stands in one of the boxes for notes."""
        return any(card.id and card.talk.hasFocus() for card in self.cards.values())

    def _show_corrections(self, file: MeetingFile) -> None:
        clear(self._corrections)
        self._correction_title.setVisible(bool(file.corrections))
        for one in file.corrections:
            self._corrections.addWidget(label(f"{local_text(one.at)}　{one.by_name}：{one.text}", wrap=True))

    @property
    def is_unsaved(self) -> bool:
        return any(card.is_unsaved for card in self.cards.values())

    def flush(self) -> None:
        """Save now what is not saved."""
        for card in self.cards.values():
            card.flush()

    def only_to_copy(self) -> str:
        """The meeting is gone: nothing saves itself any more.  Words about what was typed and not saved, if any was."""
        typed = self.new.text().strip() or any(card.is_typed for card in self.cards.values())
        for card in self.cards.values():
            card.hold()
        return self.form.only_to_copy(also=bool(typed))

    def focus_new(self) -> None:
        """To the field for the next item."""
        self.new.setFocus()

    def add(self) -> None:
        """Return in the field: another item."""
        if self.page.facts is None:  # the meeting is gone: the words stay to be copied
            return
        text, app, page = self.new.take(), self.page.desk.app, self.page
        if text:
            page.desk.background.write(
                lambda: actions.add_agenda_item(app.db, app.actor, page.meeting_id, text),
                self._added,
                owner=self,
                failed=page.show_problem,
            )

    def _added(self, item: AgendaItem) -> None:
        self.page.saved(item)

    # ------------------------------------------------------------------------------------------ order

    def move_up(self) -> None:
        """The item somebody stands in goes one place towards the front."""
        self._move_focused(-1)

    def move_down(self) -> None:
        """The item somebody stands in goes one place towards the end."""
        self._move_focused(1)

    def _move_focused(self, by: int) -> None:
        inside = (key for key, card in self.cards.items() if key and card.isAncestorOf(self.focusWidget() or card))
        if key := next(inside, ""):
            self.move_item(key, by)
        else:
            self.page.desk.say(self.tr("请先把光标放在要移动的议题里。"))

    def move_item(self, item_id: str, by: int) -> None:
        """Put an item one place further; the first stays first and the last stays last."""
        facts, app, page = self.page.facts, self.page.desk.app, self.page
        if facts is None or facts.file.signed:
            return
        order = [item.id for item in facts.file.agenda]
        at = order.index(item_id) if item_id in order else -1
        if at < 0 or not 0 <= at + by < len(order):
            return
        page.flush()
        order.insert(at + by, order.pop(at))
        do(
            page.desk,
            page,
            lambda: actions.order_agenda(app.db, app.actor, page.meeting_id, order),
            lambda _none: self.tr("议题移到第 {n} 项").format(n=at + by + 1),
            failed=page.show_problem,
        )
