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


@dataclass(frozen=True, slots=True)
class RecordEntry:
    """A kind of record and the page that shows one."""

    kind: str
    title: str
    icon: str
    build: Callable[[Desk, str], Page]
    remembered: bool = True  # stands among the records opened last


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


def _visits(desk: Desk) -> Page:
    from ui.pages.visits import VisitsPage

    return VisitsPage(desk)


def _organisation(desk: Desk) -> Page:
    from ui.pages.organisation import OrganisationPage

    return OrganisationPage(desk)


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


def _meeting(desk: Desk, meeting_id: str) -> Page:
    from ui.pages.meetings_record import MeetingPage

    return MeetingPage(desk, meeting_id)


def _title(words: object) -> str:
    return str(words)


PAGES: tuple[PageEntry, ...] = (
    PageEntry("home", _title(QT_TRANSLATE_NOOP("Pages", "工作台")), "home", _home),
    PageEntry("residents", _title(QT_TRANSLATE_NOOP("Pages", "居民")), "people", _residents, homes=True),
    PageEntry("buildings", _title(QT_TRANSLATE_NOOP("Pages", "楼栋")), "building", _buildings, homes=True),
    PageEntry("visits", _title(QT_TRANSLATE_NOOP("Pages", "走访")), "pin", _visits, homes=True),
    PageEntry("organisation", _title(QT_TRANSLATE_NOOP("Pages", "党建组织")), "flag", _organisation, party=True),
    PageEntry("meetings", _title(QT_TRANSLATE_NOOP("Pages", "会议")), "meeting", _meetings),
    PageEntry("importing", _title(QT_TRANSLATE_NOOP("Pages", "导入")), "import", _importing, homes=True),
    PageEntry("printing", _title(QT_TRANSLATE_NOOP("Pages", "打印")), "printer", _printing),
    PageEntry("syncing", _title(QT_TRANSLATE_NOOP("Pages", "同步")), "sync", _syncing),
    PageEntry("health", _title(QT_TRANSLATE_NOOP("Pages", "体检")), "health", _health),
    PageEntry("settings", _title(QT_TRANSLATE_NOOP("Pages", "设置")), "settings", _settings),
    PageEntry("duplicates", _title(QT_TRANSLATE_NOOP("Pages", "重复")), "merge", _duplicates, homes=True, aside=True),
)

RECORDS: tuple[RecordEntry, ...] = (
    RecordEntry("person", _title(QT_TRANSLATE_NOOP("Pages", "居民")), "person", _person),
    RecordEntry("person-form", _title(QT_TRANSLATE_NOOP("Pages", "登记居民")), "edit", _person_form, remembered=False),
    RecordEntry("room", _title(QT_TRANSLATE_NOOP("Pages", "房屋")), "house", _room),
    RecordEntry("building", _title(QT_TRANSLATE_NOOP("Pages", "楼栋")), "building", _building),
    RecordEntry("meeting", _title(QT_TRANSLATE_NOOP("Pages", "会议")), "meeting", _meeting),
)


def page_entry(key: str) -> PageEntry | None:
    return next((entry for entry in PAGES if entry.key == key), None)


def record_entry(kind: str) -> RecordEntry | None:
    return next((entry for entry in RECORDS if entry.kind == kind), None)


def words(title: str) -> str:
    """The title of an entry in the language of the window."""
    return QCoreApplication.translate("Pages", title)
