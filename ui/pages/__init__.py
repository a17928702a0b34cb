"""The pages, in the order of the navigation, and the kinds of record that open in a tab of their own.

Both are explicit tuples; `tests/ui/test_pages.py` proves that every page module is listed and can be built. A page's
module is imported when the page is first opened, so that the window is there before the libraries are.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from ui.pages.page import Page
from ui.shell.desk import Desk


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A place in the navigation."""

    key: str
    title: str
    icon: str
    build: Callable[[Desk], Page]
    party: bool = False  # party work: the one place for 党建红
    homes: bool = False  # residents and their homes: the work of a community, not of a street or a department
    aside: bool = False  # reached from other pages and the palette, not from the navigation
    right: str = ""  # what one must be allowed to do for this place to be offered; several: any of them


@dataclass(frozen=True, slots=True)
class RecordEntry:
    """A kind of record and the page that shows one."""

    kind: str
    title: str
    icon: str
    build: Callable[[Desk, str], Page]
    remembered: bool = True  # stands among the records opened last
    right: str = ""  # as for a page


def _home(desk: Desk) -> Page:
    from ui.pages.home import HomePage

    return HomePage(desk)


def _residents(desk: Desk) -> Page:
    from ui.pages.residents import ResidentsPage

    return ResidentsPage(desk)


def _person(desk: Desk, record_id: str) -> Page:
    from ui.pages.person import PersonPage

    return PersonPage(desk, record_id)


def _person_form(desk: Desk, record_id: str) -> Page:
    from ui.pages.person_form import PersonFormPage

    return PersonFormPage(desk, record_id)


def _buildings(desk: Desk) -> Page:
    from ui.pages.buildings import BuildingsPage

    return BuildingsPage(desk)


def _building(desk: Desk, record_id: str) -> Page:
    from ui.pages.buildings import BuildingsPage

    return BuildingsPage(desk, only=record_id)


def _room(desk: Desk, record_id: str) -> Page:
    from ui.pages.room_pane import RoomPage

    return RoomPage(desk, record_id)


def _care(desk: Desk) -> Page:
    from ui.pages.care import CarePage

    return CarePage(desk)


def _household(desk: Desk, record_id: str) -> Page:
    from ui.pages.household import HouseholdPage

    return HouseholdPage(desk, record_id)


def _visits(desk: Desk) -> Page:
    from ui.pages.visits import VisitsPage

    return VisitsPage(desk)


def _appeals(desk: Desk) -> Page:
    from ui.pages.appeals import AppealsPage

    return AppealsPage(desk)


def _appeal(desk: Desk, appeal_id: str) -> Page:
    from ui.pages.appeal import AppealPage

    return AppealPage(desk, appeal_id)


def _appeal_form(desk: Desk, key: str) -> Page:
    from ui.pages.appeal_form import AppealFormPage

    return AppealFormPage(desk, key)


def _visit_form(desk: Desk, key: str) -> Page:
    from ui.pages.visit_form import VisitFormPage

    return VisitFormPage(desk, key)


def _campaign(desk: Desk, campaign_id: str) -> Page:
    from ui.pages.campaign import CampaignPage

    return CampaignPage(desk, campaign_id)


def _organisation(desk: Desk) -> Page:
    from ui.pages.organisation import OrganisationPage

    return OrganisationPage(desk)


def _orders(desk: Desk) -> Page:
    from ui.pages.orders import OrdersPage

    return OrdersPage(desk)


def _order(desk: Desk, order_id: str) -> Page:
    from ui.pages.orders_record import OrderPage

    return OrderPage(desk, order_id)


def _points(desk: Desk) -> Page:
    from ui.pages.points import PointsPage

    return PointsPage(desk)


def _partners(desk: Desk) -> Page:
    from ui.pages.partners import PartnersPage

    return PartnersPage(desk)


def _practice(desk: Desk) -> Page:
    from ui.pages.practice import PracticePage

    return PracticePage(desk)


def _meetings(desk: Desk) -> Page:
    from ui.pages.meetings import MeetingsPage

    return MeetingsPage(desk)


def _importing(desk: Desk) -> Page:
    from ui.pages.importing import ImportingPage

    return ImportingPage(desk)


def _printing(desk: Desk) -> Page:
    from ui.pages.printing import PrintingPage

    return PrintingPage(desk)


def _syncing(desk: Desk) -> Page:
    from ui.pages.syncing import SyncingPage

    return SyncingPage(desk)


def _health(desk: Desk) -> Page:
    from ui.pages.health import HealthPage

    return HealthPage(desk)


def _duplicates(desk: Desk) -> Page:
    from ui.pages.duplicates import DuplicatesPage

    return DuplicatesPage(desk)


def _settings(desk: Desk) -> Page:
    from ui.pages.settings import SettingsPage

    return SettingsPage(desk)


def _audit(desk: Desk) -> Page:
    from ui.pages.audit import AuditPage

    return AuditPage(desk)


def _accounts(desk: Desk) -> Page:
    from ui.pages.accounts import AccountsPage

    return AccountsPage(desk)


def _privacy(desk: Desk) -> Page:
    from ui.pages.privacy import PrivacyPage

    return PrivacyPage(desk)


def _matters(desk: Desk) -> Page:
    from ui.pages.matters import MattersPage

    return MattersPage(desk)


def _matter(desk: Desk, matter_id: str) -> Page:
    from ui.pages.matter import MatterPage

    return MatterPage(desk, matter_id)


def _meeting(desk: Desk, meeting_id: str) -> Page:
    from ui.pages.meetings_record import MeetingPage

    return MeetingPage(desk, meeting_id)


def _title(words: object) -> str:
    return str(words)


PAGES: tuple[PageEntry, ...] = (
    PageEntry("home", _title(QT_TRANSLATE_NOOP("Pages", "工作台")), "home", _home, right="overview.read"),
    PageEntry(
        "residents",
        _title(QT_TRANSLATE_NOOP("Pages", "居民")),
        "people",
        _residents,
        homes=True,
        right="residents.read",
    ),
    PageEntry(
        "buildings",
        _title(QT_TRANSLATE_NOOP("Pages", "楼栋")),
        "building",
        _buildings,
        homes=True,
        right="residents.read",
    ),
    PageEntry("visits", _title(QT_TRANSLATE_NOOP("Pages", "走访")), "pin", _visits, homes=True, right="visits.read"),
    PageEntry("care", _title(QT_TRANSLATE_NOOP("Pages", "关爱")), "bell", _care, homes=True, right="care.read"),
    PageEntry("appeals", _title(QT_TRANSLATE_NOOP("Pages", "诉求")), "phone", _appeals, right="appeals.read"),
    PageEntry("orders", _title(QT_TRANSLATE_NOOP("Pages", "点单")), "check", _orders, right="orders.read"),
    PageEntry(
        "points",
        _title(QT_TRANSLATE_NOOP("Pages", "积分")),
        "coins",
        _points,
        homes=True,
        right="points.read",
    ),
    PageEntry(
        "organisation",
        _title(QT_TRANSLATE_NOOP("Pages", "党建组织")),
        "flag",
        _organisation,
        party=True,
        right="organisation.read",
    ),
    PageEntry("meetings", _title(QT_TRANSLATE_NOOP("Pages", "会议")), "meeting", _meetings, right="meetings.read"),
    PageEntry("matters", _title(QT_TRANSLATE_NOOP("Pages", "议事")), "people", _matters, right="matters.read"),
    PageEntry("partners", _title(QT_TRANSLATE_NOOP("Pages", "共建")), "star", _partners, right="partners.read"),
    PageEntry(
        "importing",
        _title(QT_TRANSLATE_NOOP("Pages", "导入")),
        "import",
        _importing,
        homes=True,
        right="residents.import",
    ),
    PageEntry(
        "printing", _title(QT_TRANSLATE_NOOP("Pages", "打印")), "printer", _printing, right="papers.read papers.change"
    ),
    PageEntry(
        "syncing",
        _title(QT_TRANSLATE_NOOP("Pages", "同步")),
        "sync",
        _syncing,
        right="sync.run sync.settle sync.accept sync.enrol",
    ),
    PageEntry("health", _title(QT_TRANSLATE_NOOP("Pages", "体检")), "health", _health, right="store.check"),
    PageEntry("audit", _title(QT_TRANSLATE_NOOP("Pages", "审计")), "eye", _audit, right="audit.read"),
    PageEntry("privacy", _title(QT_TRANSLATE_NOOP("Pages", "个人信息")), "lock", _privacy, right="privacy.read"),
    PageEntry("settings", _title(QT_TRANSLATE_NOOP("Pages", "设置")), "settings", _settings),
    PageEntry(
        "accounts", _title(QT_TRANSLATE_NOOP("Pages", "账号")), "people", _accounts, aside=True, right="accounts.read"
    ),
    PageEntry(
        "practice",
        _title(QT_TRANSLATE_NOOP("Pages", "地方做法")),
        "columns",
        _practice,
        aside=True,
        right="practice.read practice.change",
    ),
    PageEntry(
        "duplicates",
        _title(QT_TRANSLATE_NOOP("Pages", "重复")),
        "merge",
        _duplicates,
        homes=True,
        aside=True,
        right="residents.merge",
    ),
)

RECORDS: tuple[RecordEntry, ...] = (
    RecordEntry("person", _title(QT_TRANSLATE_NOOP("Pages", "居民")), "person", _person, right="residents.read"),
    RecordEntry(
        "person-form",
        _title(QT_TRANSLATE_NOOP("Pages", "登记居民")),
        "edit",
        _person_form,
        remembered=False,
        right="residents.change",
    ),
    RecordEntry("room", _title(QT_TRANSLATE_NOOP("Pages", "房屋")), "house", _room, right="residents.read"),
    RecordEntry("household", _title(QT_TRANSLATE_NOOP("Pages", "户")), "house", _household, right="residents.read"),
    RecordEntry("building", _title(QT_TRANSLATE_NOOP("Pages", "楼栋")), "building", _building, right="residents.read"),
    RecordEntry(
        "visit-form",
        _title(QT_TRANSLATE_NOOP("Pages", "登记走访")),
        "pin",
        _visit_form,
        remembered=False,
        right="visits.change",
    ),
    RecordEntry("campaign", _title(QT_TRANSLATE_NOOP("Pages", "敲门行动")), "pin", _campaign, right="visits.read"),
    RecordEntry("order", _title(QT_TRANSLATE_NOOP("Pages", "服务单")), "check", _order, right="orders.read"),
    RecordEntry("appeal", _title(QT_TRANSLATE_NOOP("Pages", "诉求")), "phone", _appeal, right="appeals.read"),
    RecordEntry(
        "appeal-form",
        _title(QT_TRANSLATE_NOOP("Pages", "登记诉求")),
        "edit",
        _appeal_form,
        remembered=False,
        right="appeals.change",
    ),
    RecordEntry("matter", _title(QT_TRANSLATE_NOOP("Pages", "议题")), "people", _matter, right="matters.read"),
    RecordEntry("meeting", _title(QT_TRANSLATE_NOOP("Pages", "会议")), "meeting", _meeting, right="meetings.read"),
)


def page_entry(key: str) -> PageEntry | None:
    return next((entry for entry in PAGES if entry.key == key), None)


def record_entry(kind: str) -> RecordEntry | None:
    return next((entry for entry in RECORDS if entry.kind == kind), None)


def words(title: str) -> str:
    """The title of an entry in the language of the window."""
    return QCoreApplication.translate("Pages", title)
