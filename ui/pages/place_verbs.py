"""Verbs that correct what stands already: a building, a room, a household, how a member is related to its head.

Each opens a small form and hands over only what was changed.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from desktop_app.places import actions as places
from desktop_app.places.model import Building, Room
from desktop_app.places.queries import grid_of, grids
from desktop_app.residents import actions as residents
from desktop_app.residents.model import Household
from desktop_app.shared.errors import AppError
from desktop_app.store.base import Record
from ui.pages.wording import choices
from ui.shell.desk import Desk
from ui.widgets.dialog import FormDialog
from ui.widgets.inputs import tidy_date
from ui.widgets.kept_dialog import KeptDialog
from ui.widgets.record_form import Field, RecordForm

Save = Callable[[dict[str, str]], None]
EDITING: Final = "修改"
"""What the draft of a correction is called, after the record."""


class EditDialog(KeptDialog):
    """A form over what is shown; `save_changes` gets the fields that were changed, on the writer thread.

    `record` is `kind/identifier` of what is corrected: what was typed and not saved is kept by it.
    """

    def __init__(
        self,
        desk: Desk,
        title: str,
        fields: Sequence[Field],
        values: Mapping[str, str],
        save_changes: Save,
        parent: QWidget | None = None,
        *,
        record: str = "",
    ) -> None:
        super().__init__(desk, f"{record}#{EDITING}" if record else "", title, desk.tr("保存"), parent)
        self._values, self._save_changes = values, save_changes
        self.form = RecordForm(tuple(fields), self, columns=1)
        self.form.show_values(values)
        self.form.save_asked.connect(self.press)
        self.body.addWidget(self.form)
        self.resize(520, 420)
        self.go_on()

    def typed(self) -> Mapping[str, Any]:
        return self.form.changes()

    def take_up(self, kept: Mapping[str, Any]) -> None:
        self.form.take_draft(json.dumps(kept))

    def begin_anew(self) -> None:
        self.form.show_values(self._values)

    def save(self) -> None:
        if self.form.missing():
            return
        changes = self.form.changes()
        if not changes:
            self.finish()
            return
        self.verb.setEnabled(False)
        self._desk.background.write(
            lambda: self._save_changes(changes), self._saved, owner=self, failed=self.fail(self.form)
        )

    def _saved(self, _done: object) -> None:
        self._desk.say(self.tr("已保存"), self._desk.undo_last)
        self.finish()


def typed(cls: type[Record], texts: Mapping[str, str]) -> dict[str, Any]:
    """What was typed as the columns keep it; an AppError names the field where a number should be."""
    values: dict[str, Any] = {}
    for name, text in texts.items():
        column = cls.__table__.columns[name]
        try:
            values[name] = column.type.python_type(text.strip()) if text.strip() else None
        except ValueError as error:
            raise AppError(f"{column.info['zh']}要填数字。", field=name, next_step="请改正后再保存。") from error
    return values


def _texts(record: Record, names: Sequence[str]) -> dict[str, str]:
    return {name: "" if (value := getattr(record, name)) is None else str(value) for name in names}


def edit_building(desk: Desk, building_id: str, parent: QWidget | None = None) -> FormDialog | None:
    """Number, floors, year, coordinates and grid of a building; a day in 停用日期 takes it and its rooms out of use."""
    db, tr = desk.app.db, desk.tr
    building = db.get(Building, building_id)
    if building is None:
        return None
    names = ("no", "address", "floors_up", "built_year", "elevators", "lon", "lat", "to_on")
    today = desk.app.clock.today().isoformat()
    fields = (
        Field("no", tr("楼栋号"), required=True),
        Field("grid", tr("所属网格"), "choice", tuple(grids(db))),
        Field("address", tr("标准地址")),
        Field("floors_up", tr("地上层数"), "number"),
        Field("built_year", tr("建成年份"), "number"),
        Field("elevators", tr("电梯数"), "number"),
        Field("lon", tr("经度"), "number", hint=tr("如 115.031738")),
        Field("lat", tr("纬度"), "number", hint=tr("如 30.198002")),
        Field("to_on", tr("停用日期"), "date", hint=tr("拆除、腾空时才填；有人住时不能停用")),
    )
    values = {**_texts(building, names), "grid": grid_of(db, building_id, today) or ""}

    def save(changes: dict[str, str]) -> None:
        grid, ended = changes.pop("grid", ""), tidy_date(changes.pop("to_on", ""))
        if ended:
            places.retire_building(db, desk.app.actor, building_id, ended)
        if changes:
            places.change_building(db, desk.app.actor, building_id, **typed(Building, changes))
        if grid:
            places.assign_grid(db, desk.app.actor, building_id, grid, today)

    return EditDialog(desk, tr("修改楼栋"), fields, values, save, parent, record=f"building/{building_id}")


def edit_room(desk: Desk, room_id: str, parent: QWidget | None = None) -> FormDialog | None:
    """Use, kind, area and note of a room; a day in 停用日期 takes it out of use."""
    db, tr = desk.app.db, desk.tr
    room = db.get(Room, room_id)
    if room is None:
        return None
    names = ("kind", "use", "area_m2", "hazard", "note", "to_on")
    fields = (
        Field("kind", tr("房屋类别"), "choice", choices(desk, "room_kinds")),
        Field("use", tr("使用状况"), "choice", choices(desk, "room_uses")),
        Field("area_m2", tr("面积（㎡）"), "number"),
        Field("hazard", tr("隐患类型"), "choice", choices(desk, "hazards")),
        Field("note", tr("备注")),
        Field("to_on", tr("停用日期"), "date", hint=tr("拆除、合并时才填；有人住时不能停用")),
    )

    def save(changes: dict[str, str]) -> None:
        ended = tidy_date(changes.pop("to_on", ""))
        if changes:
            places.change_room(db, desk.app.actor, room_id, **typed(Room, changes))
        if ended:
            places.retire_room(db, desk.app.actor, room_id, ended)

    title, values = tr("修改房屋 {no}").format(no=room.no), _texts(room, names)
    return EditDialog(desk, title, fields, values, save, parent, record=f"room/{room_id}")


def edit_household(desk: Desk, household: Household, parent: QWidget | None = None) -> FormDialog:
    """Numbers, kind, status and note of a household."""
    tr = desk.tr
    names = ("household_no", "hukou_no", "kind", "status", "note")
    fields = (
        Field("household_no", tr("户编号")),
        Field("hukou_no", tr("户口簿号"), "number"),
        Field("kind", tr("户类型"), "choice", choices(desk, "household_kinds")),
        Field("status", tr("状态"), "choice", choices(desk, "household_status")),
        Field("note", tr("备注")),
    )

    def save(changes: dict[str, str]) -> None:
        app = desk.app
        residents.change_household(app.db, app.actor, household.id, **typed(Household, changes))

    values = _texts(household, names)
    return EditDialog(desk, tr("修改这一户"), fields, values, save, parent, record=f"household/{household.id}")


def edit_relation(
    desk: Desk, household_id: str, person_id: str, relation: str, parent: QWidget | None = None
) -> FormDialog:
    """How a member is related to the head."""
    fields = (Field("relation", desk.tr("与户主关系"), "choice", choices(desk, "relation"), required=True),)

    def save(changes: dict[str, str]) -> None:
        app = desk.app
        residents.change_relation(app.db, app.actor, household_id, person_id, changes["relation"])

    return EditDialog(desk, desk.tr("与户主关系"), fields, {"relation": relation}, save, parent)
