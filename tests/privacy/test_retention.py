"""Nothing goes before its time, nothing without an approval; then it is gone, or under seal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.appeals import actions as appeals
from desktop_app.appeals import intake
from desktop_app.appeals.deeds import Deed
from desktop_app.privacy import actions, queries, retaining, rules, sealing
from desktop_app.privacy.policy import retention
from desktop_app.residents.model import Person
from desktop_app.shared.errors import AppError
from desktop_app.store.requests import Erasure
from desktop_app.sync import retelling, retiring
from desktop_app.visits.model import Visit
from tests.privacy.conftest import SEAL_PASSPHRASE


def expired(office, code):
    return next(one for one in retaining.review(office.db) if one.code == code)


def allow(office, code):
    asked = retaining.ask(office.db, office.worker, code)
    actions.decide(office.db, office.boss, asked.id, allow=True)


@pytest.mark.parametrize(
    ("left", "over"), [("2023-11-21", True), ("2023-11-22", False), ("2023", False), ("2022", True)]
)
def test_somebody_who_moved_away_expires_after_three_years(office, left, over):
    with office.db.transaction(office.worker, "迁出") as tx:
        tx.change(Person, office.moved.id, left_on=left)
    assert [line.id for line in expired(office, "moved").lines] == ([office.moved.id] if over else [])


def test_names_are_masked_in_the_review(office):
    assert [line.who for line in expired(office, "moved").lines] == ["欧阳**"]


def test_nothing_goes_without_an_approval(office):
    with pytest.raises(AppError, match="还没有审批"):
        retiring.carry_out(office.db, office.boss, office.secrets, "moved")
    retaining.ask(office.db, office.worker, "moved")
    assert expired(office, "moved").asked
    with pytest.raises(AppError, match="还没有审批"):
        retiring.carry_out(office.db, office.boss, office.secrets, "moved")
    assert office.db.get(Person, office.moved.id)


def test_what_was_allowed_is_erased_and_nobody_else(office):
    allow(office, "moved")
    done = retiring.carry_out(office.db, office.boss, office.secrets, "moved")
    assert (done.count, done.sealed) == (1, False)
    assert office.db.get(Person, office.moved.id) is None
    assert office.db.get(Person, office.old.id)
    assert expired(office, "moved").lines == ()
    reasons = " ".join(reason for (reason,) in office.db.rows("SELECT reason FROM erasure"))
    assert "保存期限已满" in reasons
    assert "欧阳" not in reasons


def test_the_dead_are_sealed_not_erased(office):
    sealing.set_passphrase(office.db, office.boss, office.secrets, SEAL_PASSPHRASE)
    with office.db.transaction(office.worker, "去世") as tx:
        tx.change(Person, office.old.id, deceased_on="2019-01-01")
    allow(office, "deceased")
    assert retiring.carry_out(office.db, office.boss, office.secrets, "deceased").sealed
    assert office.db.get(Person, office.old.id) is None
    ((record, _),) = retiring.find_sealed(office.db, office.boss, office.secrets, "单守诚", "近亲属申请")
    assert record.kind == "封存"


def test_old_visits_go_and_new_ones_stay(office):
    with office.db.transaction(office.worker, "走访") as tx:
        old = tx.add(Visit(on="2020-01-01", person_id=office.old.id, findings="旧事"))
        new = tx.add(Visit(on="2026-01-01", person_id=office.old.id, findings="新事"))
    allow(office, "visit")
    retiring.carry_out(office.db, office.boss, office.secrets, "visit")
    assert office.db.get(Visit, old.id) is None
    assert office.db.get(Visit, new.id)
    assert not office.db.rows("SELECT 1 FROM visit WHERE findings='旧事'")


@pytest.fixture
def closed(office, monkeypatch) -> str:
    """An appeal with words in its line, whose time is over; its clearing is allowed."""
    blank = intake.blank(office.db, title="修路灯", person_id=office.old.id, text="秘密的话")
    appeal = intake.register(office.db, office.worker, blank).id
    appeals.act(office.db, office.worker, appeal, Deed("受理", text="秘密的经过"))
    monkeypatch.setitem(retaining._SQL, "appeal", "SELECT id,'','2009-01-01' FROM appeal")
    allow(office, "appeal")
    return appeal


def words_of(office) -> str:
    return str(office.db.rows("SELECT title,text FROM appeal") + office.db.rows("SELECT text FROM appeal_event"))


def kinds_of(office, appeal: str) -> list[str]:
    sql = "SELECT kind FROM appeal_event WHERE appeal_id=? AND sync_del=0 ORDER BY at"
    return [kind for (kind,) in office.db.rows(sql, (appeal,))]


def test_an_appeal_loses_all_of_its_words_or_none(office, closed, monkeypatch):
    """The program ends between the two: words in old events beside those told again would never be found again."""
    before = words_of(office)
    with monkeypatch.context() as cut:
        cut.setattr(Erasure, "__init__", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            retiring.carry_out(office.db, office.boss, office.secrets, "appeal")
    assert words_of(office) == before
    retiring.carry_out(office.db, office.boss, office.secrets, "appeal")
    assert "秘密" not in words_of(office)
    assert kinds_of(office, closed) == ["登记", "受理"]


def test_what_is_told_again_already_is_not_told_twice(office, closed):
    with office.db.transaction(office.boss, "清除") as tx:
        retelling.clear_records(tx, "appeal", [closed], ())
    retiring.carry_out(office.db, office.boss, office.secrets, "appeal")
    assert "秘密" not in words_of(office)
    assert kinds_of(office, closed) == ["登记", "受理"]


def test_an_approval_that_is_over_allows_nothing(office, clock):
    allow(office, "moved")
    clock.move(days=40)
    with pytest.raises(AppError, match="还没有审批"):
        retiring.carry_out(office.db, office.boss, office.secrets, "moved")


def test_an_approval_is_for_one_class(office):
    with office.db.transaction(office.worker, "走访") as tx:
        tx.add(Visit(on="2020-01-01", person_id=office.old.id))
    allow(office, "moved")
    with pytest.raises(AppError, match="走访记录的到期处理还没有审批"):
        retiring.carry_out(office.db, office.boss, office.secrets, "visit")


def test_what_is_only_kept_is_never_offered(office):
    with pytest.raises(AppError, match="没有“export”这一类"):
        retaining.ask(office.db, office.worker, "export")
    assert queries.approvals(office.db) == []


def test_every_class_has_a_source_and_a_basis():
    assert all(one.source and one.basis in {"law", "secondary", "unverified", "choice"} for one in retention())


@given(day=st.dates(), years=st.integers(0, 30))
def test_years_later_is_the_same_day_or_the_first_of_march(day, years):
    if day.year + years <= 9999:
        later = rules.years_after(day.isoformat(), years)
        assert later[5:] == day.isoformat()[5:] or (day.month, day.day, later[5:]) == (2, 29, "03-01")
