"""One campaign: a page of results entered by keyboard alone, how far it is, the next round, its papers and its list."""

from dataclasses import replace
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from desktop_app.visits import knocking, rules
from desktop_app.visits.model import Campaign
from ui.pages.campaign_asks import edit_campaign
from ui.pages.campaign_doors import (
    CampaignFacts,
    as_draft,
    campaign_facts,
    from_draft,
    knocked,
    met_words,
    result_keys,
    with_pending,
)
from ui.pages.campaign_lists import CampaignLists
from ui.pages.page import Page
from ui.pages.place_verbs import EDITING
from ui.shell.commands import Command
from ui.shell.desk import Desk
from ui.shell.doing import do
from ui.shell.parts import button, label, mark, row
from ui.shell.problems import Problem
from ui.widgets.elided import ElidedLabel
from ui.widgets.inputs import ChoiceBox, DateEdit, LineEdit, NumberEdit, tidy_date
from ui.widgets.knock_table import Door, Given, KnockTable
from ui.widgets.strip import Strip

_IDLE_MS = 1_000
_PAPERS = ("visit_route", "goods_receipt", "missed_note")


class CampaignPage(Page):
    """Letters enter results; Ctrl+S saves the page; nothing typed is lost meanwhile."""

    tables: ClassVar[frozenset[str]] = frozenset({"campaign", "campaign_item", "household"})

    def __init__(self, desk: Desk, campaign_id: str) -> None:
        super().__init__(desk)
        self.campaign_id = campaign_id
        self._facts: CampaignFacts | None = None
        self._keys = result_keys(desk.app.db)
        self._noted: Door | None = None
        self._team, self._gone = "", False
        self._idle = QTimer(self, singleShot=True, interval=_IDLE_MS)
        self._idle.timeout.connect(self.keep_typed)
        self._title, self._state, self._count = label("", "title"), mark(""), ElidedLabel("muted", self)
        self.strip = Strip(desk.theme, self)
        self.round, self.team = ChoiceBox([], self), ChoiceBox([], self)
        self.on, self.goods = DateEdit(self), NumberEdit(self)
        self.signed = QCheckBox(self.tr("见面即签收"), self)
        self.table = KnockTable(desk.theme, self.tr("敲门名单"), self, self._keys, met_words(desk.app.db))
        self.lists = CampaignLists(desk, campaign_id, self.table, self.strip)
        self.note = LineEdit(self)
        icon = desk.theme.icon
        self._save = button(self.tr("保存"), self.save, tone="primary", icon=icon("save", "on_accent"))
        self._again = button("", self.next_round, icon=icon("redo", "accent_text"))
        self._end = button("", self.end, icon=icon("archive", "accent_text"))
        desk.offer("visits.change", self._save, self._again, self._end)
        self._connect()
        self._arrange()

    def _connect(self) -> None:
        self.table.entered.connect(self._entered)
        self.table.note_asked.connect(self._ask_note)
        self.note.entered.connect(self._take_note)
        self.goods.textChanged.connect(lambda _text: self._give())
        self.signed.toggled.connect(lambda _on: self._give())
        for box in (self.round, self.team):
            box.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToContents)
            box.activated.connect(lambda _at: self._look_elsewhere())

    def _arrange(self) -> None:
        for part, name in (
            (self.round, self.tr("轮次")),
            (self.team, self.tr("小组")),
            (self.on, self.tr("上门日期")),
            (self.goods, self.tr("见面时发放几份")),
            (self.note, self.tr("备注")),
        ):
            part.setAccessibleName(name)
        self.on.setText(self.desk.app.clock.today().isoformat())
        self.goods.setText("0")
        self.goods.setFixedWidth(round(48 * self.desk.theme.font_px / 14))
        self.note.setPlaceholderText(self.tr("备注，回车写上，Esc 不写"))
        self.note.hide()
        letters = "　".join(f"{key} {word}" for key, word in self._keys.items() if not key.isdigit())
        hint = self.tr("{letters}　＋－ 物品　S 签收　N 备注　A 登记诉求　退格 取消　↑↓ 移动")
        icon = self.desk.theme.icon
        papers = (self.tr("路线单"), self.tr("签收表"), self.tr("留言卡"))
        made = [
            button(words, partial(self.print_paper, form), icon=icon("printer", "accent_text"))
            for words, form in zip(papers, _PAPERS, strict=True)
        ]
        out = button(self.tr("导出名单"), self.lists.export, icon=icon("export", "accent_text"))
        back = button(self.tr("读入名单"), self.lists.read_back, icon=icon("import", "accent_text"))
        edit = button(self.tr("修改 E"), self.edit, icon=icon("edit", "accent_text"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 12, 18, 12)
        layout.setSpacing(8)
        head = row(self._title, self._state, self._count)
        head.setStretch(2, 1)
        layout.addLayout(head)
        layout.addLayout(row(*made, out, back, 1, edit, self._again, self._end))
        layout.addWidget(self.strip)
        each = label(self.tr("见面时发放"), "muted")
        day = label(self.tr("上门日期"), "muted")
        layout.addLayout(row(self.round, self.team, day, self.on, each, self.goods, self.signed, 1, self._save))
        layout.addWidget(self.table, 1)
        layout.addWidget(self.note)
        layout.addWidget(label(hint.format(letters=letters), "muted", wrap=True))

    # --------------------------------------------------------------------------------------------------------- page

    def title(self) -> str:
        return self._facts.campaign.name if self._facts else self.tr("敲门行动")

    def icon(self) -> str:
        return "pin"

    def first_focus(self) -> QWidget:
        return self.table

    def commands(self) -> tuple[Command, ...]:
        here, right = self.tr("这次行动"), "visits.change"
        return (
            Command(self.tr("保存这一页"), self.save, "Ctrl+S", "save", here, right),
            Command(self.tr("保存这一页（回车）"), self.save, "Ctrl+Return", "save", here, right),
            Command(self.tr("为没见到的再走一轮"), self.next_round, "Alt+N", "redo", here, right),
            Command(self.tr("给这一户登记诉求"), self.raise_appeal, "A", "phone", here, "appeals.change"),
            Command(self.tr("打印路线单"), partial(self.print_paper, _PAPERS[0]), "Ctrl+P", "printer", here),
            Command(self.tr("打印签收表"), partial(self.print_paper, _PAPERS[1]), "Alt+P", "printer", here),
            Command(self.tr("打印未遇留言卡"), partial(self.print_paper, _PAPERS[2]), "Alt+L", "printer", here),
            Command(self.tr("导出名单（Excel）"), self.lists.export, "Ctrl+E", "export", here),
            Command(self.tr("读入填好的名单"), self.lists.read_back, "Ctrl+O", "import", here, right),
            Command(self.tr("修改名称、日期"), self.edit, "E", "edit", here, right),
            Command(self.tr("结束或重新打开"), self.end, "", "archive", here, right),
        )

    def unsaved(self) -> str:
        return self.title() if self.table.pending else ""

    def keep_typed(self) -> None:
        if self._noted is not None and (words := self.note.text().strip()) != self._noted.note:
            self._noted = replace(self._noted, note=words)
            self.table.put_note(self._noted.id, words)
        if pending := self.table.pending:
            self.desk.drafts[self._draft_key] = as_draft(pending)
        elif self._facts is not None:
            self.desk.drafts.pop(self._draft_key, None)

    @property
    def _draft_key(self) -> str:
        return f"campaign/{self.campaign_id}"

    # --------------------------------------------------------------------------------------------------------- show

    def refresh(self, _changed: frozenset[str], /) -> None:
        db, key = self.desk.app.db, self.campaign_id
        round_no, team = int(self.round.code or 0), self.team.code
        self.read(lambda: campaign_facts(db, key, round_no, team), self._show, key="campaign")

    def _look_elsewhere(self) -> None:
        """Another round or team, once this page is saved."""
        if self.table.pending and self._facts is not None:
            self.round.choose(str(self._facts.round))
            self.team.choose(self._team)
            self.strip.show_words(self.tr("这一页还没有保存，请先按 Ctrl+S，再看别的轮次、小组。"), "warn")
            return
        self.table.show_lines([])
        self._facts = None
        self.refresh(frozenset())

    def _show(self, facts: CampaignFacts | None) -> None:
        if facts is None:
            self._gone = True
            self.strip.show_words(self.tr("这次行动已经撤销，名单不在了。"), "warn", stays=True)
            self.table.show_lines([])
            return
        if self._gone:  # taken back, and done again
            self._gone = False
            self.strip.hide()
        first = self._facts is None
        self._team = self.team.code
        self._facts = facts
        doors = with_pending(facts.doors, self.table.pending)
        if first and (draft := self.desk.drafts.get(self._draft_key)):
            doors = from_draft(doors, draft)
        self.table.set_row_height(self.desk.theme.row_height)
        self.table.locked = facts.closed
        waiting = next((door.id for door in doors if not door.result), "") if first else ""
        self.table.show_lines(doors, point=waiting)
        self._show_head(facts)
        self._entered()
        self.title_changed.emit()

    def _show_head(self, facts: CampaignFacts) -> None:
        campaign, told = facts.campaign, facts.coverage
        self._title.setText(campaign.name)
        self._state.setText(self.tr("已结束") if facts.closed else self.tr("第 {n} 轮").format(n=campaign.round))
        percent = "—" if told.percent is None else f"{told.percent}%"
        words = (
            self.tr("覆盖率 {p}").format(p=percent),
            self.tr("共 {n} 户").format(n=told.homes),
            self.tr("见到 {n}").format(n=told.reached),
            self.tr("没见到 {n}").format(n=told.missed),
            self.tr("空置搬离 {n}").format(n=told.nobody),
            self.tr("没上门 {n}").format(n=told.waiting),
            self.tr("发放 {n} 份").format(n=told.goods),
            self.tr("签收 {n} 户").format(n=told.signed),
        )
        self._count.show_words("　".join(words))
        self._fill(self.round, [(str(n), self.tr("第 {n} 轮").format(n=n)) for n in range(campaign.round, 0, -1)])
        self._fill(self.team, [("", self.tr("全部小组")), *((team, team) for team in facts.teams)])
        self.round.choose(str(facts.round))
        self._again.setText(self.tr("再走一轮（{n} 户）").format(n=facts.again))
        self._again.setEnabled(bool(facts.again) and not facts.closed)
        self._end.setText(self.tr("重新打开") if facts.closed else self.tr("结束行动"))

    def _fill(self, box: ChoiceBox, choices: list[tuple[str, str]]) -> None:
        now = box.code
        if [box.itemData(at) for at in range(box.count())] == [code for code, _ in choices]:
            return
        if now and now not in dict(choices):
            return
        box.clear()
        for code, words in choices:
            box.addItem(words, code)
        if now:
            box.choose(now)

    # -------------------------------------------------------------------------------------------------------- entry

    def _give(self) -> None:
        typed = self.goods.text()
        self.table.given = Given(int(typed) if typed.isdecimal() else 0, self.signed.isChecked())

    def _entered(self) -> None:
        count = len(self.table.pending)
        self._save.setText(self.tr("保存 {n} 户　Ctrl+S").format(n=count) if count else self.tr("都已保存"))
        self._save.setEnabled(bool(count))
        self._idle.start()

    def _ask_note(self, door: Door) -> None:
        self._noted = door
        self.note.setText(door.note)
        self.note.show()
        self.note.setFocus()

    def _take_note(self) -> None:
        if self._noted is not None:
            self.table.put_note(self._noted.id, self.note.text().strip())
        self._close_note()

    def _close_note(self) -> None:
        self._noted = None
        self.note.hide()
        self.table.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.note.isVisible():
            self._close_note()
        else:
            super().keyPressEvent(event)

    def save(self) -> None:
        """Keep the whole page in one transaction."""
        pending = self.table.pending
        bare = [door for door in pending if not door.result and not door.stored[0]]
        if bare:
            words = self.tr("{n} 户写了物品或备注，还没有结果，没有保存。请先填结果，如 J 见面。")
            self.strip.show_words(words.format(n=len(bare)), "warn")
        told = [door for door in pending if door not in bare]
        if not told or not self._save.isEnabled():
            return
        app, key, results = self.desk.app, self.campaign_id, knocked(told, tidy_date(self.on.text()))
        cleared = [door.id for door in told if not door.result]
        self._save.setEnabled(False)

        said = self.tr("已保存 {n} 户的结果")
        do(
            self.desk,
            self,
            lambda: knocking.enter(app.db, app.actor, key, results, cleared),
            lambda n: said.format(n=n),
            lambda _n: self._saved(),
            self._failed,
        )

    def _saved(self) -> None:
        self.strip.hide()
        self.refresh(frozenset())

    def _failed(self, problem: Problem) -> None:
        self._save.setEnabled(True)
        self.strip.show_problem(problem)

    # -------------------------------------------------------------------------------------------------------- verbs

    def raise_appeal(self) -> None:
        """What the household under the cursor brings up."""
        door: Door | None = self.table.current
        if door is not None and door.household_id:
            self.desk.open_record("appeal-form", f"household:{door.household_id}@敲门")

    def next_round(self) -> None:
        """List those not met once more."""
        app, key = self.desk.app, self.campaign_id
        if self.table.pending:
            self.strip.show_words(self.tr("这一页还没有保存，请先按 Ctrl+S，再走下一轮。"), "warn")
            return

        def begun(_count: int) -> None:
            self.round.clear()
            self._look_elsewhere()

        words = self.tr("新的一轮有 {n} 户")
        do(
            self.desk,
            self,
            lambda: knocking.next_round(app.db, app.actor, key),
            lambda n: words.format(n=n),
            begun,
            self.strip.show_problem,
        )

    def end(self) -> None:
        """Close the campaign, or open it again."""
        if self._facts is None:
            return
        app, key = self.desk.app, self.campaign_id
        state = rules.OPEN if self._facts.closed else rules.DONE
        words = self.tr("已重新打开") if self._facts.closed else self.tr("已结束这次行动")
        do(self.desk, self, lambda: knocking.change(app.db, app.actor, key, state=state), lambda _one: words)

    def edit(self) -> None:
        """Correct name, purpose, goods and days."""
        campaign = self.desk.app.db.get(Campaign, self.campaign_id)
        if campaign is not None:
            edit_campaign(self.desk, campaign, self).open()

    def go_on_with(self, draft: str) -> None:
        """What was entered at the doors stands in the table by itself."""
        if draft.endswith(f"#{EDITING}"):
            self.edit()

    def print_paper(self, form: str) -> None:
        """Go to the print centre with this campaign."""
        self.desk.print_form(form, [self.campaign_id])
