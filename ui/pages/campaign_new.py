"""A new campaign 敲门行动: its name and teams, and whose doors: buildings, tags, or the list another page sends."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtWidgets import QCheckBox, QWidget

from desktop_app.places.queries import buildings
from desktop_app.residents.queries import ResidentFilter, tags_in_use
from desktop_app.store.database import Database
from desktop_app.visits import campaigns, knocking
from desktop_app.visits.campaigns import Home
from desktop_app.visits.model import Campaign
from desktop_app.visits.rules import names_of
from ui.shell.desk import Desk
from ui.shell.parts import label, row
from ui.widgets.filter_bar import Filter, FilterChip
from ui.widgets.inputs import tidy_date
from ui.widgets.kept_dialog import KeptDialog
from ui.widgets.record_form import Field, RecordForm

_WIDTH, _HEIGHT = 620, 470
DRAFT: Final = "visits#敲门行动"
"""Under which name what was typed and not saved is kept."""
_Lists = tuple[list[tuple[str, str]], list[tuple[str, str]]]


def homes_for(
    db: Database, in_buildings: Sequence[str], tags: Sequence[str], numbers: Sequence[int], *, empty: bool
) -> list[Home]:
    """The homes of buildings, of whoever has all the tags, or of the residents of a list; runs on the reader thread.

    Buildings and tags together mean those with the tags in these buildings.
    """
    if numbers:
        return campaigns.homes_of_numbers(db, numbers)
    if not tags:
        return campaigns.homes_in(db, in_buildings, empty_rooms=empty)
    found = [
        campaigns.homes_of_residents(db, ResidentFilter(building_id=one, tags=tuple(tags)))
        for one in (*in_buildings,) or (None,)
    ]
    return campaigns.in_order(db, list(dict.fromkeys(home for homes in found for home in homes)))


class CampaignDialog(KeptDialog):
    """Says how many homes there will be before it is made; with `numbers` they are those of a list of residents."""

    def __init__(self, desk: Desk, parent: QWidget | None = None, *, numbers: Sequence[int] = ()) -> None:
        super().__init__(desk, DRAFT, desk.tr("新的敲门行动"), desk.tr("建立　Ctrl+S"), parent)
        self._numbers = list(numbers)
        self._kept: Mapping[str, Any] = {}
        self.form = RecordForm(
            (
                Field("name", self.tr("名称"), required=True, wide=True, hint=self.tr("如 冬季送温暖敲门行动")),
                Field("purpose", self.tr("事由"), wide=True, hint=self.tr("印在路线单和留言卡上")),
                Field("goods", self.tr("发放物品"), hint=self.tr("如 健康爱心包")),
                Field("teams", self.tr("小组"), hint=self.tr("第一组、第二组：按路线均分")),
                Field("from_on", self.tr("开始"), "date"),
                Field("to_on", self.tr("结束"), "date"),
            ),
            self,
        )
        self.form.show_values({"from_on": desk.app.clock.today().isoformat()})
        self.form.save_asked.connect(self.press)
        self.building = FilterChip(Filter("building", self.tr("楼栋")), desk.theme, self)
        self.tag = FilterChip(Filter("tag", self.tr("标签")), desk.theme, self)
        self.empty = QCheckBox(self.tr("连同没有登记人的住房"), self)
        self.count = label("", "section")
        self._arrange()
        for chip in (self.building, self.tag):
            chip.changed.connect(self.ask)
        self.empty.toggled.connect(lambda _on: self.ask())
        self.go_on()
        self.ask()

    # ---------------------------------------------------------------------------------------------------------- drafts

    def typed(self) -> Mapping[str, Any]:
        return {"form": self.form.changes(), "building": self.building.codes, "tag": self.tag.codes}

    def take_up(self, kept: Mapping[str, Any]) -> None:
        """Of a list of residents the list is the new one; buildings and tags are chosen when their lists are there."""
        self._kept = kept
        self.form.take_draft(json.dumps(kept["form"]))

    def begin_anew(self) -> None:
        self.form.show_values({"from_on": self._desk.app.clock.today().isoformat()})
        for chip in (self.building, self.tag):
            chip.choose(())
        self.ask()

    def _arrange(self) -> None:
        self.body.addWidget(self.form)
        if self._numbers:
            words = self.tr("敲列表里选中的 {n} 位居民的门。").format(n=f"{len(self._numbers):,}")
            self.body.addWidget(label(words, "muted", wrap=True))
            for part in (self.building, self.tag, self.empty):
                part.hide()
        else:
            words = self.tr("敲哪些门：选楼栋，或选标签（几个标签都要有），或两样一起。")
            self.body.addWidget(label(words, "muted", wrap=True))
            self.body.addLayout(row(self.building, self.tag, self.empty, 1))
            self._desk.background.read(self._lists, self._show_lists, owner=self)
        self.body.addWidget(self.count)
        factor = self._desk.theme.font_px / 14
        self.resize(round(_WIDTH * factor), min(round(_HEIGHT * factor), self.maximumHeight()))

    def _lists(self) -> _Lists:
        db = self._desk.app.db
        return (
            [(line.id, f"{line.label}　{line.households} 户") for line in buildings(db)],
            [(tag, f"{tag}　{count}") for tag, count in tags_in_use(db)],
        )

    def _show_lists(self, lists: _Lists) -> None:
        self.building.set_choices(lists[0])
        self.tag.set_choices(lists[1])
        self.building.choose(self._kept.get("building", ()))
        self.tag.choose(self._kept.get("tag", ()))
        self.ask()

    def ask(self) -> None:
        """How many doors there will be."""
        db, chosen, tags = self._desk.app.db, self.building.codes, self.tag.codes
        numbers, empty = self._numbers, self.empty.isChecked()
        self._desk.background.read(
            lambda: homes_for(db, chosen, tags, numbers, empty=empty), self._count, owner=self, key="homes"
        )

    def _count(self, homes: list[Home]) -> None:
        words = self.tr("共 {n} 户").format(n=f"{len(homes):,}")
        self.count.setText(words if homes else self.tr("还没有选中住户"))

    def save(self) -> None:
        if self.form.missing():
            return
        told, app = self.form.values(), self._desk.app
        chosen, tags, empty = self.building.codes, self.tag.codes, self.empty.isChecked()
        campaign = Campaign(
            name=told["name"],
            purpose=told["purpose"] or None,
            goods=told["goods"] or None,
            from_on=tidy_date(told["from_on"]) or None,
            to_on=tidy_date(told["to_on"]) or None,
        )
        self.verb.setEnabled(False)

        def make() -> int:
            homes = homes_for(app.db, chosen, tags, self._numbers, empty=empty)  # as chosen now, whatever was counted
            return knocking.make(app.db, app.actor, campaign, homes, names_of(told["teams"]))

        self._desk.background.write(
            make,
            lambda count: self._made(campaign, count),
            owner=self,
            failed=self.fail(self.form),
        )

    def _made(self, campaign: Campaign, count: int) -> None:
        words = self.tr("已建立“{name}”，{n} 户").format(name=campaign.name, n=count)
        self._desk.say(words, self._desk.undo_last)
        self.finish()
        self._desk.open_record("campaign", campaign.id)
