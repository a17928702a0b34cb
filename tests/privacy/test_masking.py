"""Wherever masking is the rule, nobody's whole number comes out: every list query, every workbook, every paper.

One person with telltale numbers is put into everything that can hold a person.  What shows whole numbers on purpose is
named with its reason.
"""

import inspect
import pkgutil
from importlib import import_module

import pypdfium2
import pytest

import desktop_app
from desktop_app.appeals import actions as appeals
from desktop_app.appeals import intake
from desktop_app.appeals.deeds import Deed
from desktop_app.organisation.model import ContactAssignment, PartyCentreHousehold
from desktop_app.places import actions as places
from desktop_app.places.model import Building, Estate
from desktop_app.places.rules import BuildingPlan
from desktop_app.printing.forms import FORMS
from desktop_app.residents import actions as residents
from desktop_app.residents import queries
from desktop_app.residents.actions import Home
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError
from desktop_app.shared.text import mask
from desktop_app.store.database import Database
from desktop_app.visits.model import Visit

ID_NO, PHONE = "420299195003051213", "13800000731"
WHOLE_IN_PAPERS = {
    "service_card": "居民要打的是楼栋长、网格员的公开电话",
    "personal_file": "本人申请的本人资料",
    "appeal_referral": "接办单位要联系反映人",
    "appeal_closing": "回访要打电话",
    "visit_sheet": "入户登记表，走访时当面核对电话",
}
WHOLE_IN_QUERIES = {
    "desktop_app.store": "the journal and the record itself; showing them is masked by store.history and the pages",
    "desktop_app.organisation.contacts": "包联责任人、楼栋长的电话是公开的服务电话",
    "desktop_app.organisation.queries": "党员中心户、任职的公开电话，窗口里遮盖显示",
    "desktop_app.residents.duplicates": "compares whole values; its hits are masked",
}


@pytest.fixture
def telltale(app):
    """单守诚 lives at 3-1-101, was visited, complained, hosts a centre household, answers for the building."""
    db, actor = app.db, app.actor
    estate = places.add_estate(db, actor, Estate(name="桂花苑"))
    building, _ = places.add_building(
        db, actor, Building(estate_id=estate.id, no="3"), BuildingPlan(units=1, floors=1, per_floor=1)
    )
    room = str(db.scalar("SELECT id FROM room WHERE building_id=?", (building.id,)))
    person = residents.register(db, actor, Person(name="单守诚", id_no=ID_NO, phones=PHONE), Home(room), card_seen=True)
    residents.tag(db, actor, [person.id], "独居老人")
    appeal = intake.register(db, actor, intake.blank(db, title="灯不亮", person_id=person.id), accept=True)
    appeals.act(db, actor, appeal.id, Deed("上报", to_whom="街道", text="请协调"))
    with db.transaction(actor, "造数") as tx:
        tx.add(Visit(on="2026-01-05", person_id=person.id, findings="好"))
        tx.add(PartyCentreHousehold(host_id=person.id, host_name="单守诚", estate_id=estate.id, phones=PHONE))
        tx.add(
            ContactAssignment(
                scheme="general", slot="1", target_kind="building", target_id=building.id, name="单守诚", phone=PHONE
            )
        )
    return {"person": person.id, "building": building.id, "appeal": appeal.id}


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
    """What a list says; "" where it has nothing to say in so small a store."""
    try:
        found = QUERIES[name](app.db)
        return repr(list(found) if inspect.isgenerator(found) else found)
    except AppError:
        return ""


def test_no_list_has_a_whole_number(app, telltale):
    told = {name: asked(app, name) for name in QUERIES if not any(map(name.startswith, WHOLE_IN_QUERIES))}
    told["find"] = repr(queries.find(app.db, "单守诚"))
    told["lines"] = repr(queries.lines(app.db, queries.ids(app.db, queries.ResidentFilter())))
    assert "单守诚" in told["lines"]
    assert not [name for name, words in told.items() if ID_NO in words or PHONE in words]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_a_paper_is_masked_unless_its_purpose_needs_the_number(app, telltale, form):
    subject = telltale.get(form.subject)
    if subject is None:
        pytest.skip("nobody of the register is on it")
    try:
        pdf = form.draw(form.collect(app, [subject]))
    except AppError:
        return
    with pypdfium2.PdfDocument(pdf) as opened:
        text = "".join(page.get_textpage().get_text_bounded() for page in opened)
    text = "".join(text.split())
    if form.name not in WHOLE_IN_PAPERS:
        assert ID_NO not in text
        assert PHONE not in text


def test_a_mask_hides_what_it_is_for():
    assert mask("id_no", ID_NO) == "420299********1213"
    assert mask("phone", PHONE) == "138****0731"
    assert mask("name", "单守诚") == "单*诚"
    assert mask("什么也不是", PHONE) == "****"


def test_no_line_of_the_trail_has_a_whole_number(app, telltale):
    """Entries, visits, appeals, prints: what was done is said without numbers."""
    told = " ".join(f"{what} {why}" for what, why in app.db.rows("SELECT what,why FROM journal_action"))
    assert ID_NO not in told
    assert PHONE not in told
