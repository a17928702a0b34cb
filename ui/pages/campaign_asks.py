"""Correct what was said of a campaign when it began."""

from PySide6.QtWidgets import QWidget

from desktop_app.visits import knocking
from desktop_app.visits.model import Campaign
from ui.pages.place_verbs import EditDialog
from ui.shell.desk import Desk
from ui.widgets.dialog import FormDialog
from ui.widgets.inputs import tidy_date
from ui.widgets.record_form import Field

_NAMES = ("name", "purpose", "goods", "from_on", "to_on", "note")
_DAYS = ("from_on", "to_on")


def edit_campaign(desk: Desk, campaign: Campaign, parent: QWidget | None = None) -> FormDialog:
    """Name, purpose, goods and days of a campaign."""
    tr = desk.tr
    fields = (
        Field("name", tr("名称"), required=True),
        Field("purpose", tr("事由")),
        Field("goods", tr("发放物品")),
        Field("from_on", tr("开始"), "date"),
        Field("to_on", tr("结束"), "date"),
        Field("note", tr("备注")),
    )

    def save(changes: dict[str, str]) -> None:
        told = {name: (tidy_date(value) if name in _DAYS else value) or None for name, value in changes.items()}
        knocking.change(desk.app.db, desk.app.actor, campaign.id, **told)

    values = {name: getattr(campaign, name) or "" for name in _NAMES}
    return EditDialog(desk, tr("修改敲门行动"), fields, values, save, parent, record=f"campaign/{campaign.id}")
