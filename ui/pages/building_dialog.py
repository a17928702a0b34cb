"""The generator of a whole building: stairwells × floors × doors, with the numbers that do not exist, and a preview."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from desktop_app.places import actions
from desktop_app.places.model import Building, Estate
from desktop_app.places.queries import BuildingLine, estates
from desktop_app.places.rules import BuildingPlan, PlannedRoom, plan_rooms
from desktop_app.shared.errors import AppError
from ui.shell.desk import Desk
from ui.shell.parts import label
from ui.shell.problems import problem_from
from ui.widgets.dialog import FormDialog
from ui.widgets.record_form import Field, RecordForm

_NUMBERS = ("units", "floors", "per_floor", "first_floor", "shops")
_LABELS = {"units": "单元数", "floors": "层数", "per_floor": "每层户数", "first_floor": "从几层起", "shops": "底层商铺"}
_SHOWN = 4


def whole_number(text: str, field: str, default: int) -> int:
    """A typed whole number; an AppError at the field if it is none."""
    if not text:
        return default
    try:
        return int(text)
    except ValueError as error:
        words = f"{_LABELS[field]}要写数字。"
        raise AppError(words, field=field, next_step="请改正后再生成。") from error


def plan_of(values: dict[str, str], *, runs_on: bool) -> BuildingPlan:
    """What the fields say; an AppError names the field that cannot be."""
    defaults = {"units": 1, "floors": 1, "per_floor": 2, "first_floor": 1, "shops": 0}
    numbers = {name: whole_number(values[name], name, defaults[name]) for name in _NUMBERS}
    return BuildingPlan(
        **numbers,
        skip_floors=_listed(values["skip_floors"]),
        skip_numbers=_listed(values["skip_numbers"]),
        numbers_run_on=runs_on,
    )


def _listed(text: str) -> frozenset[int]:
    """Numbers out of `4 14`, `4、14` or `4,14`."""
    parts = "".join(mark if mark.isdigit() else " " for mark in text).split()
    return frozenset(int(part) for part in parts)


class BuildingDialog(FormDialog):
    """Without a building it makes one; with one it adds the rooms that are missing."""

    made = Signal(str)  # identifier of the building

    def __init__(self, desk: Desk, line: BuildingLine | None, parent: QWidget | None = None) -> None:
        title = desk.tr("补{label}的房号").format(label=line.label) if line else desk.tr("新建楼栋")
        super().__init__(title, desk.tr("生成"), desk.theme, parent)
        self._desk = desk
        self._line = line
        self._estates = {one.name: one.id for one in estates(desk.app.db)}
        self.form = RecordForm(self._fields(), self)
        self.form.show_values({"units": str(line.units if line else 2), "floors": "6", "per_floor": "2"})
        self.form.edited.connect(lambda _name: self._preview())
        self.form.save_asked.connect(self.press)
        self.runs_on = QCheckBox(self.tr("门号各单元连着编（2单元从103起）"), self)
        self.runs_on.toggled.connect(self._preview)
        self.words = label("", "muted", wrap=True)
        for part in (self.form, self.runs_on, self.words):
            self.body.addWidget(part)
        self.resize(640, 430)
        self._preview()

    def _fields(self) -> tuple[Field, ...]:
        which: tuple[Field, ...] = (
            Field("estate", self.tr("小区"), hint=self.tr("没有的会新建"), required=True),
            Field("no", self.tr("楼栋号"), hint=self.tr("如 3、5A"), required=True),
        )
        return (
            *(() if self._line else which),
            Field("units", self.tr("单元数"), "number"),
            Field("floors", self.tr("层数"), "number"),
            Field("per_floor", self.tr("每层户数"), "number", hint=self.tr("一个单元一层几户")),
            Field("first_floor", self.tr("从几层起"), "number", hint=self.tr("默认 1；地下写 -1")),
            Field("skip_floors", self.tr("没有的楼层"), "number", hint=self.tr("如 4 14")),
            Field("skip_numbers", self.tr("没有的门号"), "number", hint=self.tr("如 4")),
            Field("shops", self.tr("底层商铺"), "number", hint=self.tr("每单元几间，没有不填")),
        )

    def _preview(self) -> None:
        """Say what would be made, or what cannot be, while it is typed."""
        self.form.clear_faults()
        try:
            rooms = plan_rooms(plan_of(self.form.values(), runs_on=self.runs_on.isChecked()))
        except AppError as error:
            self.words.setText(str(error))
            return
        self.words.setText(self.tr("会生成 {n} 间：{rooms}").format(n=len(rooms), rooms=_sample(rooms)))

    def save(self) -> None:
        if self.form.missing():
            return
        values = self.form.values()
        try:
            plan = plan_of(values, runs_on=self.runs_on.isChecked())
            plan_rooms(plan)
        except AppError as error:
            self.fail(self.form)(problem_from(error))
            return
        self.verb.setEnabled(False)
        work = (lambda: self._generate(plan)) if self._line else (lambda: self._make(values, plan))
        self._desk.background.write(work, self._saved, owner=self, failed=self.fail(self.form))

    def _make(self, values: dict[str, str], plan: BuildingPlan) -> tuple[str, int]:
        app = self._desk.app
        estate = self._estates.get(values["estate"])
        if estate is None:
            estate = actions.add_estate(app.db, app.actor, Estate(name=values["estate"])).id
        building, count = actions.add_building(app.db, app.actor, Building(estate_id=estate, no=values["no"]), plan)
        return building.id, count

    def _generate(self, plan: BuildingPlan) -> tuple[str, int]:
        app, line = self._desk.app, self._line
        building_id = line.id if line else ""
        return building_id, actions.generate_rooms(app.db, app.actor, building_id, plan)

    def _saved(self, result: tuple[str, int]) -> None:
        building_id, count = result
        self._desk.say(self.tr("已生成 {n} 间房").format(n=count), self._desk.undo_last)
        self.made.emit(building_id)
        self.finish()


def _sample(rooms: list[PlannedRoom]) -> str:
    """The first and the last few room numbers."""
    names = [f"{room.unit}-{room.no}" if room.unit else room.no for room in rooms]
    if len(names) <= 2 * _SHOWN:
        return "、".join(names)
    return "、".join(names[:_SHOWN]) + " … " + "、".join(names[-_SHOWN:])
