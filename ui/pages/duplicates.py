"""重复: residents who may have been entered twice, pair by pair: merge, say that they are two, or leave it for now."""

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.residents import duplicates, merging
from desktop_app.residents.duplicates import Pair
from desktop_app.residents.search import Hit
from ui.pages.duplicates_detail import PairDetail
from ui.pages.duplicates_reading import PairFacts, pair_facts, pair_id, pair_of, still_open
from ui.pages.page import Page
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.shell.doing import do
from ui.shell.parts import button, row
from ui.widgets.empty_state import EmptyState
from ui.widgets.filter_bar import Chosen, Filter, FilterBar
from ui.widgets.job_bar import JobBar
from ui.widgets.line_table import LineTable
from ui.widgets.record_model import Column

LATER = "later"
REASONS = (duplicates.SAME_NUMBER, duplicates.SAME_BIRTH, duplicates.SAME_HOME, duplicates.SAME_PHONE)


class DuplicatesPage(Page):
    """The search runs in a child process; the next pair comes up by itself."""

    tables: ClassVar[frozenset[str]] = frozenset({"person", "duplicate_verdict"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._pairs: list[Pair] = []
        self._open: list[Pair] = []
        self._later: set[str] = set()
        self._searched = self._fresh = False
        self.running = JobBar(desk, self.tr("查找的进度"), self)
        self.running.ended.connect(self._found)
        self.running.stopped.connect(self._stopped)
        self.running.over.connect(self._over)
        self.search_button = button(self.tr("重新查找（R）"), self.search, icon=desk.theme.icon("sync", "accent_text"))
        reasons = (*((one, one) for one in REASONS), (LATER, self.tr("先不管的")))
        self.bar = FilterBar((Filter("reason", self.tr("理由"), reasons),), self.tr("姓名、地址"), desk.theme, self)
        self.bar.changed.connect(lambda _chosen: self._show_found())
        self.table = self._make_table()
        self.detail = PairDetail(desk, self)
        self.empty = EmptyState(self)
        self._work = QWidget(self)
        self._arrange()

    def _make_table(self) -> LineTable:
        table = LineTable(
            (
                Column("who", self.tr("两条记录"), 150, _who),
                Column("why", self.tr("理由"), 150, lambda pair: "；".join(pair.reasons)),
                Column("sure", self.tr("把握"), 56, lambda pair: self.tr("很大") if pair.sure else self.tr("可能")),
            ),
            self.tr("可能重复的居民"),
            self,
            key=pair_id,
            stretch="who",
        )
        table.chosen.connect(self._pointed)
        table.asked.connect(lambda _pair: self.detail.table.setFocus())
        return table

    def _arrange(self) -> None:
        below = QHBoxLayout(self._work)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(10)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.bar)
        left.addWidget(self.table, 1)
        left.addLayout(row(self.search_button, 1))
        below.addLayout(left, 4)
        below.addWidget(self._side(), 6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(8)
        layout.addWidget(self.running)
        layout.addWidget(self._work, 1)
        layout.addWidget(self.empty, 1)
        self._work.hide()

    def _side(self) -> QFrame:
        """The pair under the cursor, and what can be done about it."""
        icon = self.desk.theme.icon
        side = QFrame(self)
        right = QVBoxLayout(side)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(8)
        right.addWidget(self.detail, 1)
        right.addLayout(
            row(
                button(self.tr("合并（M）"), self.merge, tone="primary", icon=icon("merge", "on_accent")),
                button(self.tr("不是同一人（D）"), self.are_two),
                button(self.tr("先不管（S）"), self.later),
                1,
                button(self.tr("打开先登记的"), partial(self.open_one, 0), tone="link"),
                button(self.tr("打开后登记的"), partial(self.open_one, 1), tone="link"),
            )
        )
        return side

    # --------------------------------------------------------------------------------------------------------- page

    def title(self) -> str:
        return self.tr("重复")

    def icon(self) -> str:
        return "merge"

    def first_focus(self) -> QWidget:
        return self.table if self._open else self.empty.place

    def commands(self) -> tuple[Command, ...]:
        here = self.tr("重复的居民")
        return (
            Command(self.tr("合并这两条"), self.merge, "M", "merge", here, "residents.merge"),
            Command(self.tr("不是同一人，以后不再提示"), self.are_two, "D", "check", here, "residents.merge"),
            Command(self.tr("先不管，看下一对"), self.later, "S", "forward", here),
            Command(self.tr("换一处住址"), self.detail.next_home, "H", "house", here),
            Command(self.tr("看完整号码"), self.detail.reveal, "V", "eye", here),
            Command(self.tr("重新查找"), self.search, "R", "sync", here),
            Command(self.tr("筛选"), self.bar.search.setFocus, "Ctrl+F", "filter", here),
        )

    def refresh(self, _changed: frozenset[str], /) -> None:
        if not self._searched and not self.running.busy:
            self.search()
        elif self._searched:
            self._look_again()

    # ---------------------------------------------------------------------------------------------------- searching

    def search(self) -> None:
        """Look through everybody; nothing is changed by it."""
        if self.running.busy:
            return
        self.running.start(self.tr("查找重复的居民"), ["duplicates"])
        if self.search_button.hasFocus():
            self.table.setFocus()
        self.search_button.setEnabled(False)
        if not self._open:
            self.empty.show_words(self.tr("正在逐个比对姓名读音、证件、出生日期、住处和电话……"))

    def _found(self, told: list[dict[str, Any]]) -> None:
        self._searched = True
        self._pairs = [pair_of(one) for one in told]
        self._fresh = True
        self._look_again()

    def _stopped(self) -> None:
        if not self._open:
            self.empty.show_words(self.tr("还没有查找。"), self.tr("查找"), "R", self.search)

    def _over(self) -> None:
        self.search_button.setEnabled(True)
        if self.hasFocus() or self.empty.hasFocus():
            self.first_focus().setFocus()

    # --------------------------------------------------------------------------------------------------------- show

    def _look_again(self) -> None:
        """After a merge, an undo or a sync: which pairs still stand."""
        db, pairs = self.desk.app.db, self._pairs
        self.read(lambda: still_open(db, pairs), self._show_open, key="open")

    def _show_open(self, pairs: list[Pair]) -> None:
        self._open = pairs
        self._show_found()
        if self._fresh and pairs:
            self.take_keys(self.table)
        self._fresh = False

    def _show_found(self) -> None:
        at, now = self.table.currentIndex().row(), self.table.current
        lines = found(self._open, self.bar.chosen, self._later)
        stays = any(now is not None and pair_id(one) == pair_id(now) for one in lines)
        point = "" if stays or not lines else pair_id(lines[min(max(at, 0), len(lines) - 1)])
        self._work.setVisible(bool(self._open))
        self.empty.setVisible(not self._open)
        self.empty.show_words(self.tr("没有发现可能重复登记的居民。"))
        self.table.set_row_height(self.desk.theme.row_height)
        self.table.show_lines(lines, point=point)
        self.bar.show_count(self.tr("{n} 对").format(n=len(lines)))

    def _pointed(self, pair: Pair | None) -> None:
        self.detail.setVisible(pair is not None)
        if pair is not None:
            db = self.desk.app.db
            self.read(lambda: pair_facts(db, pair), partial(self._show_pair, pair), key="pair")

    def _show_pair(self, pair: Pair, facts: PairFacts) -> None:
        self.detail.show_facts(facts, self.tr("{why}").format(why="；".join(pair.reasons)))

    # -------------------------------------------------------------------------------------------------------- verbs

    def merge(self) -> None:
        """Make one of the two, as chosen."""
        pair, app, detail = self.table.current, self.desk.app, self.detail
        if pair is None or detail.lacks_home:
            return
        values, home = detail.values, detail.home
        words = self.tr("已合并：{name}")
        do(
            self.desk,
            self,
            lambda: merging.merge(app.db, app.actor, pair.a.id, pair.b.id, values=values, home=home),
            lambda person: words.format(name=person.name),
            failed=detail.strip.show_problem,
        )

    def are_two(self) -> None:
        """Two people: no desk asks again."""
        pair, app = self.table.current, self.desk.app
        if pair is not None:
            words = self.tr("已记下：{who}不是同一人").format(who=_who(pair))
            do(
                self.desk,
                self,
                lambda: duplicates.are_two(app.db, app.actor, pair.a.id, pair.b.id),
                lambda _none: words,
                failed=self.detail.strip.show_problem,
            )

    def later(self) -> None:
        """Not now; it is asked about again the next time."""
        pair = self.table.current
        if pair is not None:
            self._later ^= {pair_id(pair)}
            self._show_found()

    def open_one(self, at: int) -> None:
        """One of the two in its own tab."""
        pair = self.table.current
        if pair is not None:
            self.desk.open_record("person", sorted((pair.a.id, pair.b.id))[at])


def found(pairs: Sequence[Pair], chosen: Chosen, later: set[str]) -> list[Pair]:
    """The pairs a filter lets through; those left for later only where they are asked for."""
    reasons = [one for one in chosen.of("reason") if one != LATER]
    put_off = LATER in chosen.of("reason")
    words = chosen.text.lower().split()
    return [
        pair
        for pair in pairs
        if (pair_id(pair) in later) == put_off
        and (not reasons or any(one in pair.reasons for one in reasons))
        and all(word in f"{_known_by(pair.a)} {_known_by(pair.b)}".lower() for word in words)
    ]


def _known_by(hit: Hit) -> str:
    return f"{hit.name} {hit.birth or ''} {hit.estate or ''}{hit.address}"


def _who(pair: Pair) -> str:
    names = pair.a.name if pair.a.name == pair.b.name else f"{pair.a.name} / {pair.b.name}"
    where = " / ".join(dict.fromkeys(hit.address for hit in (pair.a, pair.b) if hit.address))
    return f"{names}　{where}" if where else names
