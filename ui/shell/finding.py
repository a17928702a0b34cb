"""What the search box finds: commands after `>`, recent records when it is empty, else whatever the finders know.

A finder is a function `(db, text) -> list of (kind, id, title, detail, icon)`; it runs on the reader thread.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject

from desktop_app.store.database import Database
from ui.pages import PAGES, page_entry, record_entry, words
from ui.shell.commands import Command, matching, native
from ui.shell.desk import Desk
from ui.widgets.search_box import Found, SearchBox

MOST = 50
_PAGE = "page:"


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found: `kind` is a key of `ui.pages.RECORDS`, or `page:<key>` for a place in a page.

    In a page `id` is what its `show_this` understands; `word` says what kind of thing it is, where the page does not.
    """

    kind: str
    id: str
    title: str
    detail: str
    word: str = ""


Finder = Callable[[Database, str], list[Hit]]


def found_with(right: str) -> Callable[[Finder], Finder]:
    """Marks a finder of what only those may see who have this right; nobody else is asked to look there."""

    def mark(finder: Finder) -> Finder:
        finder.right = right  # type: ignore[attr-defined]
        return finder

    return mark


class Finding(QObject):
    """Connects the box with the store and with the commands; nothing blocks while a person types."""

    def __init__(
        self, box: SearchBox, desk: Desk, commands: Callable[[], Sequence[Command]], finders: Sequence[Finder]
    ) -> None:
        super().__init__(desk)
        self._box = box
        self._desk = desk
        self._commands = commands
        self._finders = tuple(finders)
        self._recent: list[Found] = []
        box.asked.connect(self.ask)

    def ask(self, text: str) -> None:
        if text.startswith((">", "＞")):
            self._box.show_found([self._command(one) for one in matching(self._commands(), text[1:])])
        elif text:
            self._desk.background.read(lambda: self._search(text), self._show, owner=self, key="find")
        else:
            self._box.show_found(self._recent_items())

    def _search(self, text: str) -> list[Hit]:
        found: list[Hit] = []
        for finder in self._finders:
            if self._desk.may(getattr(finder, "right", "")):
                found += finder(self._desk.app.db, text)
        return found[:MOST]

    def _show(self, hits: list[Hit]) -> None:
        if hits:
            self._box.show_found([self._record(hit) for hit in hits])
        else:
            nothing = Found(
                self.tr("没有找到。换一种写法试试：姓名、拼音首字母、证件或电话后四位、3-2-501、编号或事项里的词"),
                "",
                _nothing,
            )
            self._box.show_found([nothing])

    def _record(self, hit: Hit) -> Found:
        entry = page_entry(hit.kind.removeprefix(_PAGE)) if hit.kind.startswith(_PAGE) else record_entry(hit.kind)
        title = hit.word or (words(entry.title) if entry else "")
        return Found(hit.title, hit.detail, lambda: self._open(hit), title, entry.icon if entry else "file")

    def _open(self, hit: Hit) -> None:
        if hit.kind.startswith(_PAGE):
            self._desk.open_page(hit.kind.removeprefix(_PAGE), hit.id)
        else:
            self._desk.open_record(hit.kind, hit.id)

    def _command(self, command: Command) -> Found:
        return Found(command.text, native(command.keys), command.run, command.group, command.icon or "forward")

    def _recent_items(self) -> list[Found]:
        items = []
        for line in self._desk.recent.lines:
            kind, _, rest = line.partition(":")
            record_id, _, title = rest.partition(":")
            entry = record_entry(kind)
            if entry is not None and self._desk.may(entry.right):
                items.append(self._record(Hit(kind, record_id, title, self.tr("最近打开"))))
        return items or [self._page(at) for at, entry in enumerate(PAGES) if self._desk.may(entry.right)]

    def _page(self, at: int) -> Found:
        entry = PAGES[at]
        return Found(words(entry.title), "", lambda: self._desk.open_page(entry.key), self.tr("页面"), entry.icon)


def _nothing() -> None:
    """Return on the line that says nothing was found."""
