"""Wherever masking is the rule, nobody's whole number comes out: every list query, every workbook, every paper.

The demonstration community, which has something of everything, is dyed: each column that holds a number holds one
telltale number of its own, so that a number that comes out says whence.  What shows whole numbers on purpose is named
with its reason.
"""

import inspect
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module

import pypdfium2
import pytest

import desktop_app
from desktop_app import app as desktop
from desktop_app.app import App
from desktop_app.papers.rules import LISTS as REGISTERED
from desktop_app.papers.rules import WHOLE
from desktop_app.printing.forms import FORMS
from desktop_app.printing.forms.table import TablePaper
from desktop_app.printing.tables import Column
from desktop_app.residents import queries
from desktop_app.shared.clock import FixedClock
from desktop_app.shared.errors import AppError
from desktop_app.shared.text import mask
from desktop_app.store import keys
from desktop_app.store.base import Record, record_classes
from desktop_app.store.database import Database
from tests.conftest import CHEAP_ARGON2, NOON, PASSPHRASE
from tests.journeys.world import make_demo_home
from ui.pages.printing_lists import LISTS

ID_NO, TODAY = "420299195003051213", NOON.date().isoformat()
SERVICE = frozenset({"contact_assignment.phone", "party_centre_household.phones", "seat.phone"})
IN_PAPERS = {
    "service_card": (SERVICE, "居民要打的是楼栋长、网格员、党员中心户公开的服务电话"),
    "centre_plaque": (SERVICE & {"party_centre_household.phones"}, "牌子上的电话就是给居民打的"),
    "team_board": (SERVICE - {"contact_assignment.phone"}, "公示的是楼栋服务队的电话"),
    "door_card": ({"party_centre_household.phones", "person.phones"}, "挂在老人家里，按铃后要打给响应人"),
    "appeal_referral": ({"appeal.reporter_phone"}, "接办单位要联系反映人"),
    "appeal_closing": ({"appeal.reporter_phone"}, "回访要打电话"),
    "order_card": ({"helper.phone", "service_order.requester_phone"}, "接单人和点单人要互相联系"),
    "registration_form": ({"registration.phone"}, "本人填写、本人签名的登记表"),
    "service_booklet": ({"helper.phone"}, "微服务手册，本人同意公开的服务电话"),
    "agreement": ({"partner_unit.phone"}, "单位的联系电话，签约双方各执一份"),
    "personal_file": ({"person.id_no", "person.phones"}, "本人申请的本人资料"),
}
"""Form → the columns whose whole numbers stand on it, and why."""
COUNTS = {"chart": "made of counts and of nothing else"}
"""Papers without people."""
AT_HOME = {
    "service_card": "公开的服务电话",
    "centre_plaque": "公开的服务电话",
    "team_board": "公开的服务电话",
    "agreement": "单位的电话，不是个人的",
    "registration_form": "本人填的，留在社区",
    "appeal_closing": "回访用，留在卷宗里",
}
"""Papers with whole numbers that are not personal data given out, and why."""
WHOLE_IN_QUERIES = {
    "desktop_app.store": "the journal and the record itself; showing them is masked by store.history and the pages",
    "desktop_app.organisation.contacts": "包联责任人、楼栋长的电话是公开的服务电话",
    "desktop_app.organisation.queries": "党员中心户、任职的公开电话，窗口里遮盖显示",
    "desktop_app.residents.duplicates": "compares whole values; its hits are masked",
    "desktop_app.accounts.queries.staff": "the records of the colleagues themselves",
    "desktop_app.partners.queries.units": "单位的联系电话，窗口、命令、表格里遮盖显示",
    "desktop_app.partners.doings.venues": "场地的预约电话",
}


@dataclass
class Dyed:
    """An opened desk; for each telltale number in it the column it stands in; the numbers that stood there before."""

    app: App
    marks: dict[str, str]
    before: frozenset[str]

    def seen(self, words: str) -> set[str]:
        """Whose whole numbers are in these words."""
        return {column for number, column in self.marks.items() if number in words}


@pytest.fixture(scope="module")
def dyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dyed]:
    home = make_demo_home(tmp_path_factory.mktemp("dyed") / "data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(keys.PASSPHRASE_VARIABLE, PASSPHRASE)
        patch.setattr(keys, "ARGON2", CHEAP_ARGON2)
        with desktop.open_app(home, clock=FixedClock(NOON)) as app:
            before = frozenset(str(one) for cls, name, _ in numbered() for one in held(app.db, cls, name))
            yield Dyed(app, dict(dye(app)), before)


def numbered() -> Iterator[tuple[type[Record], str, str]]:
    """Every column that holds a number of somebody, and of which kind."""
    for cls in record_classes().values():
        for column in cls.__table__.columns:
            if column.info.get("mask") in {"phone", "id_no"}:
                yield cls, column.name, column.info["mask"]


def held(db: Database, cls: type[Record], column: str) -> list[str]:
    sql = f'SELECT DISTINCT "{column}" FROM "{cls.__tablename__}" WHERE "{column}"<>\'\' AND sync_del=0'
    return [str(number) for (number,) in db.rows(sql)]


def dye(app: App) -> Iterator[tuple[str, str]]:
    """Gives every column of numbers one of its own; what may not be changed keeps those it has."""
    with app.db.transaction(app.actor, "染色") as tx:
        for at, (cls, column, kind) in enumerate(numbered()):
            told = f"{cls.__tablename__}.{column}"
            numbers = held(app.db, cls, column)
            count = tx.scalar(f'SELECT count(*) FROM "{cls.__tablename__}" WHERE sync_del=0')
            assert count, f"the demonstration has nothing with {told}"
            if not cls.__append_only__:
                numbers = [ID_NO if kind == "id_no" else f"138000{at:03}31"]
                tx.execute(f'UPDATE "{cls.__tablename__}" SET "{column}"=? WHERE sync_del=0', numbers)
            yield from ((number, told) for number in numbers)


def list_queries():
    """Public functions of every slice that need nothing but the store: its lists, counts and reviews."""
    for found in pkgutil.walk_packages(desktop_app.__path__, "desktop_app."):
        parts = found.name.split(".")
        if len(parts) < 3 or parts[1] in {"cli", "demo", "sync", "upkeep", "health", "printing"}:
            continue
        module = import_module(found.name)
        for name, one in inspect.getmembers(module, inspect.isfunction):
            if name.startswith("_") or one.__module__ != found.name:
                continue
            first, *rest = [*inspect.signature(one).parameters.values(), None]
            needed = [p for p in rest if p and p.default is p.empty]
            if first is not None and first.name == "db" and first.annotation in {Database, "Database"} and not needed:
                yield f"{found.name}.{name}", one


QUERIES = dict(list_queries())


def test_there_are_lists_to_walk_through():
    assert len(QUERIES) > 40


def asked(app, name):
    """What a list says; "" where it refuses."""
    try:
        found = QUERIES[name](app.db)
        return repr(list(found) if inspect.isgenerator(found) else found)
    except AppError:
        return ""


def test_every_number_of_the_store_can_be_told_from_every_other(dyed):
    assert {"person.id_no", "person.phones", "appeal.reporter_phone", "helper.phone"} <= set(dyed.marks.values())
    dyed_columns = {f"{cls.__tablename__}.{column}" for cls, column, _ in numbered() if not cls.__append_only__}
    assert dyed_columns <= set(dyed.marks.values())


def test_no_list_has_a_whole_number(dyed):
    app = dyed.app
    told = {name: asked(app, name) for name in QUERIES if not any(map(name.startswith, WHOLE_IN_QUERIES))}
    told["find"] = repr(queries.find(app.db, "解红梅"))
    told["lines"] = repr(queries.lines(app.db, queries.ids(app.db, queries.ResidentFilter())))
    assert "解红梅" in told["find"]
    assert "解红梅" in told["lines"]
    assert sum(map(bool, told.values())) > 40
    assert {name: dyed.seen(words) for name, words in told.items() if dyed.seen(words)} == {}


def papers_of(app, form):
    """One PDF for every subject the demonstration has for a form; a paper that is not due yet is left out."""
    if form.subject == "table":  # the list a page shows
        lines = queries.lines(app.db, queries.ids(app.db, queries.ResidentFilter())[:40])
        rows = tuple((line.name, line.id_no, line.phone) for line in lines)
        yield form.draw([TablePaper("居民", tuple(map(Column, ("姓名", "证件号码", "电话"))), rows, "")])
        return
    for subject, *_ in LISTS[form.subject](app.db, TODAY):
        try:
            yield form.draw(form.collect(app, [subject]))
        except AppError:
            continue


def words_of(pdf):
    with pypdfium2.PdfDocument(pdf) as opened:
        return "".join("".join(page.get_textpage().get_text_bounded() for page in opened).split())


@pytest.mark.parametrize("form", [one for one in FORMS if one.name not in COUNTS], ids=lambda form: form.name)
def test_a_paper_is_masked_unless_its_purpose_needs_the_number(dyed, form):
    """Every paper the demonstration can print; an exception that is no longer needed is not kept."""
    papers = [words_of(pdf) for pdf in papers_of(dyed.app, form)]
    assert papers, "the demonstration has nothing to print on it: give it something"
    allowed, _why = IN_PAPERS.get(form.name, ((), ""))
    assert set().union(*map(dyed.seen, papers)) == set(allowed)


def test_a_paper_with_whole_numbers_stands_in_the_register_or_stays_at_home():
    assert set(IN_PAPERS) == WHOLE | set(AT_HOME)
    assert WHOLE <= REGISTERED
    assert {form.name for form in FORMS} >= REGISTERED


def test_a_mask_hides_what_it_is_for():
    assert mask("id_no", ID_NO) == "420299********1213"
    assert mask("phone", "13800000731") == "138****0731"
    assert mask("name", "单守诚") == "单*诚"
    assert mask("什么也不是", "13800000731") == "****"


def test_no_line_of_the_trail_has_a_whole_number(dyed):
    """A year of entries, visits, appeals, prints: what was done is said without numbers."""
    told = " ".join(f"{what} {why}" for what, why in dyed.app.db.rows("SELECT what,why FROM journal_action"))
    assert len(told) > 10_000
    assert not [number for number in dyed.before if number in told]
