"""Who is proposed for an order: skill, distance, time and load, with the reasons in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.orders import finding, matching, people
from desktop_app.orders.matching import Applicant, Limits, Point, Want
from desktop_app.orders.model import Helper
from desktop_app.residents import merging
from desktop_app.shared.errors import AppError

LIMITS = Limits(1000, 3, 600)
HERE = Point(115.0660, 30.2210)
WANT = Want("红·关爱老人", HERE, "2026-11-23", "14:00", "16:00")


def names(db, order) -> list[tuple[str, bool]]:
    return [(one.name, one.fits) for one in finding.candidates(db, order)]


def test_the_near_and_free_come_first_and_what_speaks_against_somebody_is_said(db, street, place, act) -> None:
    street.helper("近", "1")
    street.helper("邻", "2")
    street.helper("远", "9")
    street.helper("不会", "1", colours="6")
    busy, morning = street.helper("忙", "1"), street.helper("上午", "1", hours="每天 8:00-12:00")
    place("别的", helper_id=busy.id, want_on="2026-11-23", from_time="15:00", to_time="17:00")
    order = place(building_id=street.buildings["1"].id, want_on="2026-11-23", from_time="14:00", to_time="16:00")
    found = finding.candidates(db, order)
    assert [one.name for one in found if one.fits] == ["近", "邻"]
    assert found[0].reasons == ("擅长 红·关爱老人", "距离约 0 米", "当时有空", "手上没有单")
    assert found[1].metres in range(90, 105)
    against = {one.name: one.obstacles for one in found if not one.fits}
    assert against["忙"] == ("当时已有安排",)
    assert against["上午"] == (f"可服务时间是 {morning.hours}",)
    assert against["远"][0].endswith("超过 1000 米")
    assert "不会" not in against


def test_who_has_too_much_in_hand_stands_behind(db, street, place) -> None:
    full = street.helper("满", "1")
    for at in range(3):
        place(f"单{at}", helper_id=full.id)
    one = street.helper("一单", "1")
    place("又一单", helper_id=one.id)
    street.helper("空", "2")
    order = place("新单", building_id=street.buildings["1"].id)
    assert names(db, order) == [("空", True), ("一单", True), ("满", False)]


def test_a_helper_whose_person_moved_out_died_or_ended_is_not_proposed_as_fitting(db, actor, street, place) -> None:
    from desktop_app.residents import actions as residents

    gone = street.person("搬走的", "1", "101")
    people.add_helper(db, actor, Helper(name="", person_id=gone.id, colours="1"))
    ended = street.helper("退出的", "1")
    order = place(building_id=street.buildings["1"].id)
    residents.leave(db, actor, gone.id, "迁出", "2026-11-22")
    people.end_helper(db, actor, ended.id, on="2026-11-22")
    found = finding.candidates(db, order)
    assert [(one.name, one.obstacles) for one in found] == [("搬走的", ("已于2026-11-22迁出",))]


def test_two_entries_of_one_helper_that_were_merged_are_proposed_once(db, actor, street, place) -> None:
    one, two = street.person("李四", "1", "101"), street.person("李四", "1", "102")
    for person in (one, two):
        people.add_helper(db, actor, Helper(name="", person_id=person.id, colours="1"))
    merging.merge(db, actor, one.id, two.id, home="stays")
    order = place(building_id=street.buildings["1"].id)
    assert [one.fits for one in finding.candidates(db, order)] == [True, False]
    assert finding.candidates(db, order)[1].obstacles == ("同一位居民登记了两次",)


def test_without_coordinates_everybody_with_the_skill_is_proposed_at_an_unknown_distance(db, street, place) -> None:
    street.helper("李四", None)
    found = finding.candidates(db, place())
    assert (found[0].metres, found[0].reasons[1]) == (None, "距离不详")


def test_a_resident_is_no_helper_twice_and_hours_nobody_can_read_are_refused(db, actor, street) -> None:
    person = street.person("李四", "1", "101")
    people.add_helper(db, actor, Helper(name="", person_id=person.id, colours="红、黄"))
    assert db.scalar("SELECT colours FROM helper") == "1 3"
    with pytest.raises(AppError, match="已经登记过"):
        people.add_helper(db, actor, Helper(name="", person_id=person.id, colours="1"))
    for fields, field in (
        ({"hours": "有空就来"}, "hours"), ({"colours": ""}, "colours"), ({"price_fen": -1}, "price_fen"),
        ({"colours": "粉"}, "colours"), ({"kind": "神仙"}, "kind"), ({"phone": "12"}, "phone"),
    ):  # fmt: skip
        with pytest.raises(AppError) as refused:
            street.helper("王五", **{"colours": "1", **fields})
        assert refused.value.field == field


@pytest.mark.parametrize(
    ("text", "on", "first", "last", "expected"),
    [
        ("", "2026-11-23", "14:00", "16:00", True),
        ("一三五 14:00-17:00", "2026-11-23", "14:00", "16:00", True),
        ("一三五 14:00-17:00", "2026-11-24", "14:00", "16:00", False),
        ("周一至周五 8:00-12:00；周末", "2026-11-28", "", "", True),
        ("工作日 8:00–18:00", "2026-11-28", "09:00", "10:00", False),
        ("每天 19:00-21:00", "2026-11-23", "20:00", "21:30", False),
        ("8:00-12:00", "2026-11-23", "08:00", "12:00", True),
        ("星期六、日", "2026-11-29", "08:00", "", True),
    ],
)
def test_hours_are_read_as_people_write_them(text, on, first, last, expected) -> None:
    hours = matching.read_hours(text)
    assert hours is not None
    assert matching.is_open(hours, on, first, last) is expected


@pytest.mark.parametrize("text", ["有空就来", "14:00-13:00", "一三五 25:00-26:00", "五至一"])
def test_hours_nobody_can_read_are_none(text) -> None:
    assert matching.read_hours(text) is None


def test_a_degree_is_as_long_as_it_is() -> None:
    assert matching.metres(Point(115.0, 30.0), Point(115.0, 31.0)) == pytest.approx(110_860, rel=0.006)
    assert matching.metres(Point(115.0, 30.0), Point(116.0, 30.0)) == pytest.approx(96_490, rel=0.006)


APPLICANTS = st.builds(
    Applicant,
    id=st.uuids().map(str),
    name=st.just("某"),
    point=st.one_of(st.none(), st.builds(Point, st.floats(115.05, 115.08), st.floats(30.21, 30.23))),
    hours=st.sampled_from(("", "一 14:00-17:00", "周末")),
    open_orders=st.integers(0, 5),
    minutes=st.integers(0, 900),
    busy=st.sampled_from(((), (("15:00", "15:30"),), (("", ""),), (("08:00", "09:00"),))),
    away=st.booleans(),
    gone=st.sampled_from(("", "已于2026-01-01迁出")),
    rating=st.sampled_from((0.0, 1.0, 2.5, 3.0)),
)


@given(st.lists(APPLICANTS, max_size=8, unique_by=lambda one: one.id), st.randoms(use_true_random=False))
def test_the_ranking_does_not_depend_on_the_order_and_who_fits_stands_before_who_does_not(people, chance) -> None:
    ranked = matching.rank(WANT, people, LIMITS)
    shuffled = list(people)
    chance.shuffle(shuffled)
    assert matching.rank(WANT, shuffled, LIMITS) == ranked
    fits = [one.fits for one in ranked]
    assert fits == sorted(fits, reverse=True)
    for one in ranked:
        assert one.reasons
        who = next(each for each in people if each.id == one.id)
        if one.fits:
            assert not who.gone
            assert not who.away
            assert who.open_orders < LIMITS.most_open
            assert one.metres is None or one.metres <= LIMITS.radius_m
