"""The papers the program prints, one file each."""

from typing import Any

from desktop_app.printing.form import Form
from desktop_app.printing.forms.appeal_closing import AppealClosing
from desktop_app.printing.forms.appeal_ledger import AppealLedger
from desktop_app.printing.forms.appeal_receipt import AppealReceipt
from desktop_app.printing.forms.appeal_referral import AppealReferral
from desktop_app.printing.forms.centre_plaque import CentrePlaque
from desktop_app.printing.forms.goods_receipt import GoodsReceipt
from desktop_app.printing.forms.meeting_record import MeetingRecord
from desktop_app.printing.forms.minutes import Minutes
from desktop_app.printing.forms.missed_note import MissedNote
from desktop_app.printing.forms.room_chart import RoomChart
from desktop_app.printing.forms.service_card import ServiceCard
from desktop_app.printing.forms.sign_in_sheet import SignInSheet
from desktop_app.printing.forms.table import TableForm
from desktop_app.printing.forms.visit_route import VisitRoute
from desktop_app.printing.forms.visit_sheet import VisitSheet

FORMS: tuple[Form[Any], ...] = (
    ServiceCard(),
    CentrePlaque(),
    MeetingRecord(),
    SignInSheet(),
    Minutes(),
    RoomChart(),
    VisitSheet(),
    VisitRoute(),
    GoodsReceipt(),
    MissedNote(),
    AppealReceipt(),
    AppealReferral(),
    AppealClosing(),
    AppealLedger(),
    TableForm(),
)


def form(name: str) -> Form[Any]:
    """The form of this code; KeyError for one that does not exist."""
    return {one.name: one for one in FORMS}[name]
