"""Reporting in: who, what they claim, what may not be asked of them, how it is counted."""

import pytest

from desktop_app.orders import reporting, reporting_lists, reporting_rules
from desktop_app.orders.model import Post, Registration, RegistrationClaim
from desktop_app.residents.queries import household_of
from desktop_app.shared.errors import AppError

DAY = "2026-11-22"


@pytest.fixture
def report(db, actor):
    def made(name="赵明", kind="在职党员", *, helps=False, **fields):
        return reporting.report_in(db, actor, Registration(name=name, kind=kind, on=DAY, **fields), helps=helps)

    return made


@pytest.fixture
def claim(db, actor):
    return lambda who, kind, **more: reporting.claim(
        db, actor, RegistrationClaim(registration_id=who.id, kind=kind, on=DAY, **more)
    )


def test_three_claims_and_one_striving_are_counted_in_the_sentence_of_the_article(
    db, actor, street, report, claim
) -> None:
    post = reporting.add_post(db, actor, Post(name="楼道巡查员", capacity=2))
    kin = household_of(db, street.person("王桂英", "1", "101").id)
    one, two = report(unit="市审计局"), report("钱芳", "快递员", unit="顺风网点", role="政策法规宣传员")
    assert one.no == "B2026-0001"
    claim(one, "认岗位", post_id=post.id)
    claim(one, "认事", text="教老人用手机")
    claim(one, "认亲戚", household_id=kin.id)
    done = claim(two, "创先锋", text="文明骑行示范岗")
    reporting.finish_claim(db, actor, done.id)
    counts = reporting_lists.registration_counts(db)
    assert (counts.persons, counts.units, counts.claimed) == (2, 2, 4)
    assert counts.claims == (("认岗位", 1, 0), ("认事项", 1, 0), ("认亲戚", 1, 0), ("创先锋", 1, 1))
    assert counts.roles == (("政策法规宣传员", 1),)
    words = reporting_lists.counts_sentence(counts)
    assert words == (
        "2个单位（网点）2名人员到社区报到，认领服务4人次，认岗位1人次、认事项1人次、认亲戚1人次、创先锋1人次。"
    )
    assert reporting_lists.claims(db, one.id)[0].home == "桂花苑1栋101室"
    assert reporting_lists.registration_counts(db, until="2026-01-01").persons == 0


@pytest.mark.parametrize("text", ["上门收物业费", "参加夜间执法", "帮社区填表报数"])
def test_what_stands_on_the_negative_list_is_neither_a_post_nor_a_claim(db, actor, report, claim, text) -> None:
    with pytest.raises(AppError, match="负面清单"):
        reporting.add_post(db, actor, Post(name="某岗", duty=text))
    with pytest.raises(AppError, match="负面清单"):
        claim(report(), "认事项", text=text)


def test_the_negative_list_is_that_of_the_town(db, actor) -> None:
    everywhere = [item.name for item in reporting.negative_list(db)]
    with db.transaction(actor, "换做法") as tx:
        tx.set_setting("profile", "shishou")
    there = [item.name for item in reporting.negative_list(db)]
    assert set(everywhere) < set(there)


def test_a_post_has_room_for_as_many_as_it_says_and_is_free_again_when_somebody_leaves(
    db, actor, report, claim
) -> None:
    post = reporting.add_post(db, actor, Post(name="楼道巡查员", capacity=1))
    one, two = report(), report("钱芳")
    held = claim(one, "认岗位", post_id=post.id)
    with pytest.raises(AppError, match="已经认领过"):
        claim(one, "认岗位", post_id=post.id)
    with pytest.raises(AppError, match="已经满了"):
        claim(two, "认岗位", post_id=post.id)
    with pytest.raises(AppError, match="退出的原因"):
        reporting.give_up_claim(db, actor, held.id, " ")
    reporting.end_registration(db, actor, one.id, DAY, "调离")
    claim(two, "认岗位", post_id=post.id)
    assert reporting_lists.posts(db)[0].holders == "钱芳"
    with pytest.raises(AppError, match="报到已于"):
        claim(one, "认事项", text="送报纸")
    reporting.close_post(db, actor, post.id)
    with pytest.raises(AppError, match="撤销"):
        claim(report("孙立"), "认岗位", post_id=post.id)


def test_who_reports_in_and_helps_stands_among_the_helpers_once(db, actor, street, report) -> None:
    person = street.person("赵明", "1", "101", phones="13900000003")
    one = report("", person_id=person.id, colours="红 蓝", helps=True)
    assert db.rows("SELECT id,name,kind,colours FROM helper") == [(one.helper_id, "赵明", "党员志愿者", "1 6")]
    with pytest.raises(AppError, match="已经报到"):
        report("", person_id=person.id)
    with pytest.raises(AppError, match="七色专长"):
        report("周五", helps=True)
    assert report("周五", "外卖骑手", colours="青", helps=True).kind == "外卖配送员"
    assert db.scalar("SELECT kind FROM helper WHERE name='周五'") == "流动网格员"


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"role": "书记"}, "role"), ({"kind": "游客"}, "kind"), ({"phone": "1"}, "phone"), ({"name": " "}, "name")],
)
def test_what_no_registration_can_have_is_refused_at_its_field(db, report, fields, field) -> None:
    with pytest.raises(AppError) as refused:
        report(**fields)
    assert refused.value.field == field
    assert reporting_lists.registrations(db) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14:00-17:00、8:00-11:00", (("08:00", "11:00"), ("14:00", "17:00"))),
        ("8：00至11：00", (("08:00", "11:00"),)),
        ("08:00-11:00、10:00-12:00", None),
        ("上午", None),
        ("11:00-08:00", None),
        ("22:00-6:00、8:00-11:00", (("08:00", "11:00"), ("22:00", "06:00"))),
        ("22:00-06:00、05:00-09:00", None),
        ("22:00-06:00、23:00-02:00", None),
        ("20:00-23:00、22:00-06:00", None),
        ("08:00-08:00", None),
        ("", ()),
    ],
)
def test_shifts_of_a_day_are_read_in_order_and_never_overlap(text, expected) -> None:
    assert reporting_rules.slots_of(text) == expected


def test_a_place_of_duty_needs_shifts(db, actor) -> None:
    with pytest.raises(AppError, match="班次"):
        reporting.add_post(db, actor, Post(kind="值守岗亭", name="东门"))
    with pytest.raises(AppError, match="需要人数"):
        reporting.add_post(db, actor, Post(name="某岗", capacity=0))


def test_a_post_is_put_right_by_the_rules_it_was_set_up_by(db, actor) -> None:
    post = reporting.add_post(db, actor, Post(kind="值守岗亭", name="东门岗亭", slots="08:00-11:00"))
    kept = reporting.change_post(db, actor, post.id, name=" 西门岗亭 ", slots="14:00-17:00,8:00-11:00", capacity=2)
    assert (kept.name, kept.slots, kept.capacity) == ("西门岗亭", "08:00-11:00、14:00-17:00", 2)
    for field, value in (("name", " "), ("slots", ""), ("slots", "上午"), ("capacity", 0), ("duty", "代收物业费")):
        with pytest.raises(AppError) as told:
            reporting.change_post(db, actor, post.id, **{field: value})
        assert told.value.field == field
    assert db.get(Post, post.id).slots == "08:00-11:00、14:00-17:00"
