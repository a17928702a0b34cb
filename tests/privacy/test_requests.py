"""A request goes through its steps once and in order, in its term; what is held is shown whole to the person alone."""

import pytest

from desktop_app.accounts.model import Staff
from desktop_app.printing.forms import form
from desktop_app.privacy import actions, queries, requesting, rules
from desktop_app.privacy.dossier import dossier
from desktop_app.privacy.model import SubjectRequest
from desktop_app.residents.model import Household, HouseholdMember, Person
from desktop_app.shared.errors import AppError
from desktop_app.visits.model import Visit
from tests.privacy.conftest import OLD_NO


def take(office, kind="查阅", person=None, **more):
    fields = {"applicant": "单守诚", "received_on": "2026-11-20"} | more
    request = SubjectRequest(kind=kind, person_id=(person or office.old).id, **fields)
    return requesting.receive(office.db, office.worker, request)


def grant(office, **more):
    made = take(office, **more)
    requesting.check_identity(office.db, office.worker, made.id, "当面核对居民身份证")
    return requesting.decide(office.db, office.boss, made.id, "同意")


def test_a_request_gets_a_number_and_fifteen_working_days(office):
    made = take(office)
    assert made.no == "信申2026-001"
    assert made.due_on == "2026-12-11"
    assert take(office).no == "信申2026-002"


def test_the_steps_come_in_their_order(office):
    made = take(office)
    with pytest.raises(AppError, match="身份还没有核验"):
        requesting.decide(office.db, office.boss, made.id, "同意")
    with pytest.raises(AppError, match="现在是“待核身份”"):
        requesting.answer(office.db, office.worker, made.id, "当面")
    requesting.check_identity(office.db, office.worker, made.id, "当面核对居民身份证")
    requesting.decide(office.db, office.boss, made.id, "同意")
    requesting.answer(office.db, office.worker, made.id, "当面")
    assert [line.state for line in queries.requests(office.db)] == [rules.ANSWERED]
    with pytest.raises(AppError, match="现在是“已答复”"):
        requesting.answer(office.db, office.worker, made.id, "当面")


def test_a_refusal_needs_a_reason_and_no_identity(office):
    made = take(office)
    with pytest.raises(AppError, match="不同意的理由没有填"):
        requesting.decide(office.db, office.boss, made.id, "不同意")
    requesting.decide(office.db, office.boss, made.id, "不同意", "无法核实申请人身份")
    assert queries.requests(office.db)[0].state == rules.DECIDED


@pytest.mark.parametrize(("relation", "words"), [("近亲属", "已去世居民"), ("监护人", "已成年"), ("本人", "")])
def test_who_may_ask_about_a_living_grown_up(office, relation, words):
    if words:
        with pytest.raises(AppError, match=words):
            take(office, relation=relation)
    else:
        take(office, relation=relation)


def test_relatives_may_ask_about_the_dead_and_guardians_about_children(office):
    with office.db.transaction(office.worker, "去世") as tx:
        tx.change(Person, office.old.id, deceased_on="2026-01-01")
    take(office, relation="近亲属", applicant="单小苗的母亲")
    take(office, person=office.child, relation="监护人", applicant="单小苗的母亲")
    with pytest.raises(AppError, match="不能由本人申请"):
        take(office)


def test_an_overdue_request_stands_first(office, clock):
    take(office, received_on="2026-11-20")
    late = take(office, received_on="2026-10-08")
    (first, second) = queries.requests(office.db)
    assert (first.id, first.overdue, second.overdue) == (late.id, True, False)
    assert first.applicant == "单*诚"


@pytest.mark.parametrize(
    "wrong", [{"kind": "偷看"}, {"applicant": " "}, {"received_on": "2026-12-01"}, {"phone": "12"}]
)
def test_what_makes_no_sense_is_refused(office, wrong):
    with pytest.raises(AppError):
        take(office, **wrong)
    assert queries.requests(office.db) == []


def test_the_file_has_everything_whole_for_the_person_and_others_masked(office):
    with office.db.transaction(office.worker, "造数") as tx:
        home = tx.add(Household(head_id=office.child.id))
        tx.add(HouseholdMember(household_id=home.id, person_id=office.old.id, relation="祖父"))
        tx.add(Visit(on="2026-05-01", person_id=office.old.id, workers="社工乙", findings="身体好"))
    actions.look(office.db, office.worker, Person, office.old.id, "证件号码", "核对医保")
    parts = {part.title: str(part.records) for part in dossier(office.db, office.old)}
    assert OLD_NO in parts["居民"]
    assert "10000000007" in parts["居民"]
    assert "身体好" in parts["走访"]
    assert "社工乙" not in parts["走访"]
    assert "核对医保" in parts["查看记录"]
    assert "单小苗" not in str(parts)


def test_the_file_is_printed_only_for_who_was_granted_it(office):
    chosen, desk = form("personal_file"), office.app
    made = take(office)
    with pytest.raises(AppError, match="只有同意了"):
        chosen.collect(desk, [made.id])
    granted = grant(office)
    assert chosen.draw(chosen.collect(desk, [granted.id]))
    corrected = grant(office, kind="更正")
    with pytest.raises(AppError, match="只有同意了"):
        chosen.collect(desk, [corrected.id])


def test_the_answer_says_what_was_decided_why_and_where_to_complain(office):
    chosen, made = form("request_answer"), take(office, kind="删除")
    with pytest.raises(AppError, match="还没有处理决定"):
        chosen.draw(chosen.collect(office.app, [made.id]))
    requesting.decide(office.db, office.boss, made.id, "不同意", "法律规定的保存期限未满")
    (paper,) = chosen.collect(office.app, [made.id])
    text = "".join(paper.lines)
    assert paper.title == "个人信息删除答复书"
    assert "不同意。理由：法律规定的保存期限未满。" in text
    assert "向人民法院提起诉讼" in text
    assert chosen.draw([paper])


@pytest.mark.parametrize("kind", rules.KINDS)
def test_every_kind_of_request_has_an_answer(office, kind):
    chosen = form("request_answer")
    assert chosen.draw(chosen.collect(office.app, [grant(office, kind=kind).id]))


def test_the_notice_says_in_which_version_it_was_given(office):
    chosen = form("privacy_notice")
    (paper,) = chosen.collect(office.app, [""])
    assert paper.version == "2026-1"
    assert len(paper.items) == 8
    assert chosen.draw([paper])


def test_printing_the_file_stands_in_the_register_as_whole(office):
    from desktop_app.papers import actions as papers

    papers.record_print(
        office.db, office.worker, "personal_file", "request", None, "个人信息档案", pdf_bytes=b"x", target="档案.pdf"
    )
    (line,) = queries.exports(office.db)
    assert (line.what, line.masked, line.target) == ("个人信息档案", 0, "档案.pdf")


def test_somebody_who_left_the_office_stays_on_the_record(office):
    made = take(office)
    requesting.check_identity(office.db, office.worker, made.id, "核对户口簿")
    requesting.decide(office.db, office.boss, made.id, "同意")
    with office.db.transaction(office.worker, "离岗") as tx:
        tx.change(Staff, office.boss.id, to_on="2026-11-22")
    assert office.db.get(SubjectRequest, made.id).decided_name == "书记甲"
