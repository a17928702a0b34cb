"""The papers the program prints, one file each."""

from typing import Any

from desktop_app.printing.form import Form
from desktop_app.printing.forms.agreement import AgreementForm
from desktop_app.printing.forms.appeal_closing import AppealClosing
from desktop_app.printing.forms.appeal_ledger import AppealLedger
from desktop_app.printing.forms.appeal_receipt import AppealReceipt
from desktop_app.printing.forms.appeal_referral import AppealReferral
from desktop_app.printing.forms.care_roll import CareRoll
from desktop_app.printing.forms.centre_plaque import CentrePlaque
from desktop_app.printing.forms.chart import ChartForm
from desktop_app.printing.forms.door_card import DoorCard
from desktop_app.printing.forms.duty_log import DutyLog
from desktop_app.printing.forms.duty_roster import DutyRoster
from desktop_app.printing.forms.four_two import FourTwo
from desktop_app.printing.forms.goods_receipt import GoodsReceipt
from desktop_app.printing.forms.letter import Letter
from desktop_app.printing.forms.matter_assignment import MatterAssignment
from desktop_app.printing.forms.matter_notice import MatterNotice
from desktop_app.printing.forms.matter_sheet import MatterSheet
from desktop_app.printing.forms.meeting_notice import MeetingNotice
from desktop_app.printing.forms.meeting_record import MeetingRecord
from desktop_app.printing.forms.member_record import MemberRecord
from desktop_app.printing.forms.member_roll import MemberRoll
from desktop_app.printing.forms.minutes import Minutes
from desktop_app.printing.forms.missed_note import MissedNote
from desktop_app.printing.forms.order_card import OrderCard
from desktop_app.printing.forms.org_chart import OrgChart
from desktop_app.printing.forms.partner_lists import PartnerLists
from desktop_app.printing.forms.personal_file import PersonalFile
from desktop_app.printing.forms.pledge import Pledge
from desktop_app.printing.forms.points_board import PointsBoard
from desktop_app.printing.forms.points_passbook import PointsPassbook
from desktop_app.printing.forms.points_voucher import PointsVoucher
from desktop_app.printing.forms.privacy_notice import PrivacyNotice
from desktop_app.printing.forms.quarter_sheet import QuarterSheet
from desktop_app.printing.forms.registration_card import RegistrationCard
from desktop_app.printing.forms.registration_form import RegistrationForm
from desktop_app.printing.forms.request_answer import RequestAnswer
from desktop_app.printing.forms.room_chart import RoomChart
from desktop_app.printing.forms.service_booklet import ServiceBooklet
from desktop_app.printing.forms.service_card import ServiceCard
from desktop_app.printing.forms.sign_in_sheet import SignInSheet
from desktop_app.printing.forms.table import TableForm
from desktop_app.printing.forms.team_board import TeamBoardForm
from desktop_app.printing.forms.unit_review import UnitReviewForm
from desktop_app.printing.forms.visit_route import VisitRoute
from desktop_app.printing.forms.visit_sheet import VisitSheet
from desktop_app.printing.forms.vote_slip import VoteSlip
from desktop_app.printing.forms.vote_tally import VoteTally
from desktop_app.printing.forms.wish_card import WishCard
from desktop_app.printing.forms.wish_list import WishList

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
    DoorCard(),
    CareRoll(),
    AppealReceipt(),
    AppealReferral(),
    AppealClosing(),
    AppealLedger(),
    OrderCard(),
    WishCard(),
    WishList(),
    RegistrationForm(),
    RegistrationCard(),
    DutyRoster(),
    DutyLog(),
    ServiceBooklet(),
    PointsPassbook(),
    PointsVoucher(),
    PointsBoard(),
    OrgChart(),
    TeamBoardForm(),
    AgreementForm(),
    Pledge(),
    PartnerLists(),
    UnitReviewForm(),
    Letter(),
    MemberRoll(),
    MemberRecord(),
    FourTwo(),
    MatterAssignment(),
    MatterNotice(),
    MatterSheet(),
    MeetingNotice(),
    QuarterSheet(),
    VoteSlip(),
    VoteTally(),
    RequestAnswer(),
    PersonalFile(),
    PrivacyNotice(),
    TableForm(),
    ChartForm(),
)


def form(name: str) -> Form[Any]:
    """The form of this code; KeyError for one that does not exist."""
    return {one.name: one for one in FORMS}[name]
