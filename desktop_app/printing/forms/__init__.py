"""The papers the program prints, one file each."""

from typing import Any

from desktop_app.printing.form import Form
from desktop_app.printing.forms.centre_plaque import CentrePlaque
from desktop_app.printing.forms.meeting_record import MeetingRecord
from desktop_app.printing.forms.minutes import Minutes
from desktop_app.printing.forms.room_chart import RoomChart
from desktop_app.printing.forms.service_card import ServiceCard
from desktop_app.printing.forms.sign_in_sheet import SignInSheet
from desktop_app.printing.forms.table import TableForm

FORMS: tuple[Form[Any], ...] = (
    ServiceCard(),
    CentrePlaque(),
    MeetingRecord(),
    SignInSheet(),
    Minutes(),
    RoomChart(),
    TableForm(),
)


def form(name: str) -> Form[Any]:
    """The form of this code; KeyError for one that does not exist."""
    return {one.name: one for one in FORMS}[name]
