"""Units promise, offer, take on and do; nothing of it is lost or counted twice."""

import pytest

from desktop_app.partners import actions, doings, lists, queries, together
from desktop_app.partners.model import (
    Activity,
    Agreement,
    AgreementItem,
    Booking,
    Claim,
    ListItem,
    PartnerUnit,
    PartTimeMember,
    SignIn,
    Venue,
)
from desktop_app.shared.errors import AppError
from tests.partners.conftest import DAY


def promise(text, **more):
    return AgreementItem(agreement_id="", seq=0, text=text, **more)


def agreement_of(neighbours, *items, **more):
    drawn = Agreement(unit_id=neighbours.hospital.id, year=2026, from_on="2026-01-01", expires_on="2026-12-31", **more)
    return actions.draw_agreement(neighbours.db, neighbours.actor, drawn, items)


class TestUnits:
    def test_a_unit_is_found_by_its_party_organisation(self, neighbours):
        (found,) = queries.units(neighbours.db, "机关党支部")
        assert (found.name, found.phone) == ("第四医院", "13800000001")

    def test_a_second_unit_of_the_same_name_is_refused(self, neighbours):
        with pytest.raises(AppError, match="名称相同"):
            actions.add_unit(neighbours.db, neighbours.actor, PartnerUnit(name=" 第四医院 "))

    def test_a_wrong_credit_code_is_told_at_its_field(self, neighbours):
        with pytest.raises(AppError) as told:
            actions.change_unit(neighbours.db, neighbours.actor, neighbours.buses.id, uscc="91350100M000100Y4Z")
        assert told.value.field == "uscc"

    def test_an_ended_unit_leaves_the_list_and_its_agreement_ends(self, neighbours):
        drawn = agreement_of(neighbours, promise("每季度义诊一次"))
        actions.sign_agreement(neighbours.db, neighbours.actor, drawn.id, "2026-01-05")
        actions.end_unit(neighbours.db, neighbours.actor, neighbours.hospital.id, "2026-06-01", "迁往外区")
        assert [one.name for one in queries.units(neighbours.db)] == ["公交集团"]
        assert [one.state for one in queries.agreements(neighbours.db)] == ["终止"]


class TestAgreements:
    def test_an_agreement_without_items_cannot_be_signed(self, neighbours):
        drawn = agreement_of(neighbours)
        with pytest.raises(AppError, match="还没有事项"):
            actions.sign_agreement(neighbours.db, neighbours.actor, drawn.id, DAY)

    def test_an_item_of_four_times_is_done_with_the_fourth(self, neighbours):
        drawn = agreement_of(neighbours, promise("每季度义诊一次", times=2))
        (item_id,) = neighbours.db.row("SELECT id FROM agreement_item WHERE agreement_id=?", (drawn.id,))
        first = actions.keep_promise(neighbours.db, neighbours.actor, item_id, "2026-03-01", "义诊40人")
        second = actions.keep_promise(neighbours.db, neighbours.actor, item_id, "2026-06-01", "义诊35人")
        assert (first.done_on, second.done_on) == (None, "2026-06-01")
        assert second.result == "2026-03-01 义诊40人；2026-06-01 义诊35人"
        with pytest.raises(AppError, match="已经完成"):
            actions.keep_promise(neighbours.db, neighbours.actor, item_id, "2026-07-01")

    def test_a_renewed_agreement_follows_on_the_old_one(self, neighbours):
        drawn = agreement_of(neighbours, promise("义诊", times=4), goals="共建健康社区")
        fresh = actions.renew_agreement(neighbours.db, neighbours.actor, drawn.id)
        assert (fresh.year, fresh.from_on, fresh.expires_on) == (2027, "2027-01-01", "2027-12-31")
        texts = neighbours.db.rows("SELECT text,times,done_times FROM agreement_item WHERE agreement_id=?", (fresh.id,))
        assert (fresh.goals, texts) == ("共建健康社区", [("义诊", 4, 0)])

    def test_an_item_is_added_behind_the_others_until_the_agreement_ends_and_it_ends_once(self, neighbours):
        drawn = agreement_of(neighbours, promise("义诊"))
        actions.sign_agreement(neighbours.db, neighbours.actor, drawn.id, "2026-01-05")
        more = AgreementItem(agreement_id=drawn.id, seq=0, side="社区", text="提供场地")
        assert actions.add_promise(neighbours.db, neighbours.actor, more).seq == 2
        with pytest.raises(AppError, match="终止日期早于协议起"):
            actions.end_agreement(neighbours.db, neighbours.actor, drawn.id, "2025-12-31", "迁址")
        actions.end_agreement(neighbours.db, neighbours.actor, drawn.id, "2026-06-01", "迁址")
        with pytest.raises(AppError, match="已于2026-06-01终止"):
            actions.end_agreement(neighbours.db, neighbours.actor, drawn.id, "2026-07-01", "迁址")
        with pytest.raises(AppError, match="已经终止，没有增加"):
            actions.add_promise(
                neighbours.db, neighbours.actor, AgreementItem(agreement_id=drawn.id, seq=0, text="讲座")
            )

    def test_what_is_promised_and_late_is_due(self, neighbours, clock):
        drawn = agreement_of(neighbours, promise("义诊", due_on="2026-03-01"))
        actions.sign_agreement(neighbours.db, neighbours.actor, drawn.id, "2026-01-05")
        assert "协议事项到期" in [one.what for one in doings.due(neighbours.db, clock.today())]


class TestLists:
    def test_an_item_taken_whole_is_offered_no_more(self, neighbours):
        item = neighbours.publish("为独居老人体检")
        neighbours.claim(item, neighbours.hospital)
        (line,) = lists.items(neighbours.db)
        assert (line.state, line.left, line.takers) == ("认领", 0, "第四医院")
        with pytest.raises(AppError, match="只剩 0 份"):
            neighbours.claim(item, neighbours.buses)

    def test_nobody_takes_on_what_it_offers_itself(self, neighbours):
        with pytest.raises(AppError, match="自己发布"):
            neighbours.claim(neighbours.publish("体检车", "resource", neighbours.hospital), neighbours.hospital)

    def test_a_claim_given_back_frees_the_item_and_keeps_its_reason(self, neighbours):
        item = neighbours.publish("修路灯")
        taken = neighbours.claim(item, neighbours.buses)
        with pytest.raises(AppError, match="退回的原因"):
            actions.act_on_claim(neighbours.db, neighbours.actor, taken.id, "退回", DAY)
        actions.act_on_claim(neighbours.db, neighbours.actor, taken.id, "退回", DAY, text="没有电工")
        assert [one.state for one in lists.items(neighbours.db)] == ["发布"]
        assert neighbours.db.scalar("SELECT text FROM claim_event") == "没有电工"

    def test_a_part_time_member_claims_for_the_own_unit_and_for_no_other(self, neighbours):
        member = actions.appoint_member(
            neighbours.db, neighbours.actor,
            PartTimeMember(name="周建国", unit_id=neighbours.hospital.id, from_on="2026-01-01"),
        )  # fmt: skip
        item = neighbours.publish("义诊", quantity=2)
        taken = Claim(item_id=item.id, member_id=member.id, taker="周建国", on=DAY)
        assert actions.claim(neighbours.db, neighbours.actor, taken).unit_id == neighbours.hospital.id
        wrong = Claim(item_id=item.id, member_id=member.id, unit_id=neighbours.buses.id, taker="周建国", on=DAY)
        with pytest.raises(AppError, match="周建国不是这个单位的") as told:
            actions.claim(neighbours.db, neighbours.actor, wrong)
        assert told.value.field == "member_id"
        assert len(lists.claims(neighbours.db)) == 1

    def test_a_claim_cannot_be_judged_before_it_is_done(self, neighbours):
        taken = neighbours.claim(neighbours.publish("修路灯"), neighbours.buses)
        with pytest.raises(AppError, match="现在是“认领”，不能评价"):
            actions.act_on_claim(neighbours.db, neighbours.actor, taken.id, "评价", DAY, satisfaction="满意")

    def test_an_item_somebody_is_at_work_on_is_not_withdrawn(self, neighbours):
        item = neighbours.publish("修路灯")
        neighbours.claim(item, neighbours.buses)
        with pytest.raises(AppError, match="公交集团正在办"):
            actions.withdraw_item(neighbours.db, neighbours.actor, item.id, DAY, "不需要了")

    def test_what_could_meet_a_need_is_suggested_with_the_reason(self, neighbours):
        need = neighbours.publish("独居老人上门体检", colour="关爱老人")
        fitting = neighbours.publish("体检车上门体检", "resource", neighbours.hospital, colour="红")
        neighbours.publish("货车搬运", "resource", neighbours.buses)
        (found,) = lists.suggestions(neighbours.db, need.id)
        assert (found.item.id, found.why) == (fitting.id, "同属关爱老人、内容相近")

    def test_a_list_the_town_does_not_keep_is_refused(self, neighbours):
        with pytest.raises(AppError, match="没有“wish”这种清单"):
            neighbours.publish("许愿", "wish")

    def test_less_than_nothing_cannot_be_offered(self, neighbours):
        with pytest.raises(AppError, match="不能小于 0"):
            neighbours.publish("车位", quantity=-1)
        assert not neighbours.db.scalar(f"SELECT count(*) FROM {ListItem.__tablename__}")


class TestMembers:
    def test_a_part_time_member_gets_a_letter_with_a_number(self, neighbours):
        member = PartTimeMember(name="周建国", unit_id=neighbours.hospital.id, from_on="2026-01-01", to_on="2026-12-31")
        appointed = actions.appoint_member(neighbours.db, neighbours.actor, member)
        assert appointed.letter_no == "2026-001"
        with pytest.raises(AppError, match="没有重复聘任"):
            actions.appoint_member(
                neighbours.db, neighbours.actor,
                PartTimeMember(name="周建国", unit_id=neighbours.hospital.id, from_on="2026-02-01"),
            )  # fmt: skip

    def test_the_record_of_a_member_counts_claims_and_activities(self, neighbours):
        member = actions.appoint_member(
            neighbours.db, neighbours.actor,
            PartTimeMember(name="周建国", unit_id=neighbours.hospital.id, from_on="2026-01-01"),
        )  # fmt: skip
        neighbours.claim(neighbours.publish("义诊"), neighbours.hospital, member_id=member.id)
        held = together.plan_activity(neighbours.db, neighbours.actor, Activity(title="义诊进社区", on=DAY))
        together.sign_in(
            neighbours.db,
            neighbours.actor,
            held.id,
            [SignIn(activity_id="", name="周建国", unit_id=neighbours.hospital.id)],
        )
        (line,) = queries.members(neighbours.db, 2026)
        assert (line.claims, line.done, line.activities) == (1, 0, 1)


def booking(venue, start, end, **more):
    return Booking(
        venue_id=venue.id,
        starts_at=f"{DAY} {start}",
        ends_at=f"{DAY} {end}",
        made_at=1,
        by_name="刘敏",
        purpose="议事会",
        **more,
    )


class TestVenues:
    @pytest.fixture
    def hall(self, neighbours):
        return together.add_venue(neighbours.db, neighbours.actor, Venue(name="议事厅", seats=20))

    def test_a_booked_time_is_refused_and_its_holder_named(self, neighbours, hall):
        together.book(neighbours.db, neighbours.actor, booking(hall, "14:00", "16:00"))
        with pytest.raises(AppError, match="已由刘敏预约"):
            together.book(neighbours.db, neighbours.actor, booking(hall, "15:00", "17:00"))
        together.book(neighbours.db, neighbours.actor, booking(hall, "16:00", "17:00"))

    def test_a_cancelled_time_is_free_again(self, neighbours, hall):
        first = together.book(neighbours.db, neighbours.actor, booking(hall, "14:00", "16:00"))
        together.cancel_booking(neighbours.db, neighbours.actor, first.id, "改期")
        together.book(neighbours.db, neighbours.actor, booking(hall, "14:00", "16:00"))

    @pytest.mark.parametrize(("start", "end"), [("16:00", "15:00"), ("14:00", "14:00"), ("25:00", "26:00")])
    def test_a_time_that_cannot_be_is_refused(self, neighbours, hall, start, end):
        with pytest.raises(AppError, match="没有预约"):
            together.book(neighbours.db, neighbours.actor, booking(hall, start, end))

    def test_more_people_than_seats_are_refused(self, neighbours, hall):
        with pytest.raises(AppError, match="最多容纳 20 人"):
            together.book(neighbours.db, neighbours.actor, booking(hall, "14:00", "16:00", persons=21))

    def test_a_venue_is_put_right_and_closed_only_when_nobody_has_booked_it(self, neighbours, hall):
        other = together.add_venue(neighbours.db, neighbours.actor, Venue(name="书画室"))
        kept = together.change_venue(neighbours.db, neighbours.actor, hall.id, name=" 大议事厅 ", seats=30)
        assert (kept.name, kept.seats) == ("大议事厅", 30)
        for field, value in (("name", "书画室"), ("name", " "), ("seats", 0)):
            with pytest.raises(AppError) as told:
                together.change_venue(neighbours.db, neighbours.actor, hall.id, **{field: value})
            assert told.value.field == field
        booked = together.book(neighbours.db, neighbours.actor, booking(hall, "14:00", "16:00"))
        with pytest.raises(AppError, match="还有刘敏的预约"):
            together.change_venue(neighbours.db, neighbours.actor, hall.id, to_on=DAY)
        together.cancel_booking(neighbours.db, neighbours.actor, booked.id, "改期")
        together.change_venue(neighbours.db, neighbours.actor, hall.id, to_on=DAY)
        assert [one.id for one in doings.venues(neighbours.db)] == [other.id]

    def test_two_desks_that_booked_one_time_offline_are_told_who_was_later(self, neighbours, hall):
        first = together.book(neighbours.db, neighbours.actor, booking(hall, "14:00", "16:00"))
        with neighbours.db.transaction(neighbours.actor, "同步") as tx:  # as a pull brings it
            tx.add(
                Booking(
                    venue_id=hall.id,
                    starts_at=f"{DAY} 15:00",
                    ends_at=f"{DAY} 17:00",
                    made_at=2,
                    by_name="王芳",
                    purpose="培训",
                )
            )
        told = {one["by_name"]: one["clash"] for one in doings.bookings(neighbours.db, DAY, DAY)}
        assert told == {first.by_name: False, "王芳": True}


class TestReview:
    def test_a_review_rests_on_what_is_on_record_and_keeps_it(self, neighbours):
        drawn = agreement_of(neighbours, promise("义诊", due_on="2026-03-01"), promise("讲座", due_on="2026-03-01"))
        actions.sign_agreement(neighbours.db, neighbours.actor, drawn.id, "2026-01-05")
        item_id = neighbours.db.scalar("SELECT id FROM agreement_item ORDER BY seq")
        actions.keep_promise(neighbours.db, neighbours.actor, item_id, "2026-02-01")
        kept = together.review(neighbours.db, neighbours.actor, neighbours.hospital.id, 2026, meetings=(3, 4))
        assert together.facts_kept(kept).items == (1, 2)
        assert together.facts_kept(kept).meetings == (3, 4)

    def test_a_second_review_of_a_year_takes_the_place_of_the_first(self, neighbours):
        for opinion in ("初评", "复评"):
            together.review(neighbours.db, neighbours.actor, neighbours.hospital.id, 2026, opinion=opinion)
        assert neighbours.db.rows("SELECT opinion FROM unit_review") == [("复评",)]

    def test_a_year_to_come_cannot_be_reviewed(self, neighbours):
        with pytest.raises(AppError, match="还没有到"):
            together.review(neighbours.db, neighbours.actor, neighbours.hospital.id, 2099)
