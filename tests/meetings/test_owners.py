"""The owners' vote of 民法典 art. 278, by people and by area; each row of a table names its article."""

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.meetings import actions, balloting, owners, queries
from desktop_app.meetings.model import AgendaItem, Meeting
from desktop_app.meetings.owners import Side
from desktop_app.places.actions import add_building, add_estate
from desktop_app.places.model import Building, Estate, Room
from desktop_app.places.rules import BuildingPlan
from desktop_app.profiles.queries import quorum_rules_of
from desktop_app.residents.model import Person
from desktop_app.shared.actor import Actor
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database

RULES = {rule.item: rule for rule in quorum_rules_of("owners_assembly", date(2026, 11, 22))}
ORDINARY, GRAVE = RULES["民法典278(1)-(5)(9)"], RULES["民法典278(6)-(8)"]


@dataclass
class Ballot:
    room_id: str
    area: int | None
    choice: str | None
    owner_id: str | None = None


def ballots(yes: int, no: int, blank: int, out: int, area: int = 10_000) -> list[Ballot]:
    """So many rooms of 100 m², each of another owner."""
    words = ["同意"] * yes + ["反对"] * no + ["弃权"] * blank + [None] * out
    return [Ballot(f"r{at}", area, word, f"p{at}") for at, word in enumerate(words)]


@pytest.mark.parametrize(
    ("article", "rule", "counts", "passed"),
    [
        ("278 II: two thirds take part, both measures: 66 of 99", ORDINARY, (34, 32, 0, 33), True),
        ("278 II: 65 of 99 are fewer than two thirds", ORDINARY, (65, 0, 0, 34), None),
        ("278 II: more than half of those taking part: 33 of 66 is half", ORDINARY, (33, 33, 0, 33), False),
        ("278 II: whoever abstains takes part", ORDINARY, (33, 0, 33, 33), False),
        ("278 II (6)-(8): three quarters include the number: 75 of 100", GRAVE, (75, 25, 0, 0), True),
        ("278 II (6)-(8): 74 of 100", GRAVE, (74, 26, 0, 0), False),
        ("278 II (6)-(8): three quarters of those taking part", GRAVE, (54, 18, 0, 27), True),
        ("278 II (6)-(8): nobody took part", GRAVE, (0, 0, 0, 99), None),
    ],
)
def test_the_vote_comes_to_what_its_article_says(article: str, rule, counts, passed) -> None:
    verdict = owners.judge_owners(owners.count(ballots(*counts)), [rule])
    assert verdict.passed is passed, article
    assert verdict.printed == {True: "表决通过", False: "表决未通过", None: ""}[passed]
    assert (verdict.why == "") == (passed is not None)


def test_area_and_people_have_to_agree_both() -> None:
    """278 II: one owner of a hall outweighs nobody, since both measures are needed."""
    many = [*ballots(6, 3, 0, 0), Ballot("hall", 500_000, "反对", "hall")]
    verdict = owners.judge_owners(owners.count(many), [ORDINARY])
    assert verdict.passed is False
    assert verdict.lines == (
        "业主人数：参与 10 / 10 · 需要 7 · 达到",
        "专有部分面积：参与 5900.00 / 5900.00 · 需要 3933.34 · 达到",
        "业主人数：同意 6 / 10 · 需要 6 · 达到",
        "专有部分面积：同意 600.00 / 5900.00 · 需要 2950.01 · 未达到",
    )


def test_an_owner_of_several_rooms_counts_once_and_the_area_of_all_of_them() -> None:
    """法释〔2020〕17号 art. 9."""
    mine = [Ballot("a", 10_000, "同意", "p"), Ballot("b", 9_000, "同意", "p"), Ballot("c", 8_000, "反对", "q")]
    tally = owners.count(mine)
    assert (tally.all, tally.in_favour, tally.against) == (Side(2, 27_000), Side(1, 19_000), Side(1, 8_000))


def test_an_owner_of_two_minds_and_void_ballots_keep_the_verdict_back_only_where_they_could_turn_it() -> None:
    rows = [*ballots(2, 2, 0, 0), Ballot("x", 10_000, "同意", "t"), Ballot("y", 1_000, "反对", "t")]
    verdict = owners.judge_owners(owners.count(rows), [ORDINARY])
    assert verdict.passed is None
    assert "1 位业主的几套房屋意见不同" in verdict.why
    clear = [*ballots(20, 2, 0, 0), *rows[-2:]]
    assert owners.judge_owners(owners.count(clear), [ORDINARY]).passed is True
    void = [*ballots(6, 4, 0, 0), Ballot("v", 10_000, "废票", "v"), Ballot("w", 10_000, "废票", "w")]
    assert owners.judge_owners(owners.count(void), [ORDINARY]).passed is None


@pytest.mark.parametrize(
    ("rows", "rules", "why"),
    [
        ([], [ORDINARY], "还没有业主名册"),
        (ballots(3, 0, 0, 0, area=0), [ORDINARY], "3 套房屋没有面积"),
        (ballots(3, 0, 0, 0), [ORDINARY, GRAVE], "请先选定适用民法典第二百七十八条的哪一款事项"),
        (ballots(3, 0, 0, 0), [], "请先选定适用"),
    ],
)
def test_without_roll_area_or_rule_nothing_is_said_but_why(rows, rules, why: str) -> None:
    verdict = owners.judge_owners(owners.count(rows), rules)
    assert verdict.printed == ""
    assert why in verdict.why


_ROWS = st.lists(
    st.builds(
        Ballot,
        st.integers(0, 30).map(str),
        st.one_of(st.none(), st.integers(1, 50_000)),
        st.sampled_from([None, *owners.CHOICES]),
        st.one_of(st.none(), st.sampled_from("pqrst")),
    ),
    max_size=40,
)


@given(_ROWS)
def test_sides_never_come_to_more_than_there_are_and_a_room_counts_once(rows: list[Ballot]) -> None:
    tally = owners.count(rows)
    assert tally.rooms == len({row.room_id for row in rows})
    sides = (tally.in_favour, tally.against, tally.abstained)
    assert sum(side.owners for side in sides) + tally.torn == tally.part.owners <= tally.all.owners
    assert sum(side.area for side in sides) == tally.part.area <= tally.all.area
    assert (
        owners.judge_owners(tally, [GRAVE]).passed is not True or owners.judge_owners(tally, [ORDINARY]).passed is True
    )


# ---------------------------------------------------------------------------------------------------- in a store


@pytest.fixture
def vote(db: Database, actor: Actor) -> AgendaItem:
    """桂花苑3栋, twelve rooms of 88.50 m², and a vote on the lift."""
    estate = add_estate(db, actor, Estate(name="桂花苑"))
    building, _ = add_building(
        db, actor, Building(estate_id=estate.id, no="3"), BuildingPlan(units=1, floors=6, per_floor=2)
    )
    with db.transaction(actor, "准备") as tx:
        for (room,) in tx.rows("SELECT id FROM room WHERE building_id=?", (building.id,)):
            tx.change(Room, room, area_m2=88.5)
    meeting = actions.call_meeting(db, actor, Meeting(kind="业主大会", title="", starts_at="2026-11-22 15:00"))
    item = actions.add_agenda_item(db, actor, meeting.id, "加装电梯")
    assert balloting.make_roll(db, actor, item.id, [building.id]) == 12
    return item


def verdict_of(db: Database, item: AgendaItem):
    file = queries.meeting_file(db, item.meeting_id)
    assert file is not None
    return queries.verdicts(db, file)[item.id]


def test_the_roll_is_made_once_and_keeps_the_area_of_its_day(db: Database, actor: Actor, vote: AgendaItem) -> None:
    building = db.scalar("SELECT id FROM building")
    assert balloting.make_roll(db, actor, vote.id, [building]) == 0
    with db.transaction(actor, "改面积") as tx:
        tx.change(Room, db.scalar("SELECT id FROM room"), area_m2=200.0)
    assert set(db.rows("SELECT area FROM owner_ballot")) == {(8850,)}


def test_ballots_are_entered_by_the_number_of_the_room(db: Database, actor: Actor, vote: AgendaItem) -> None:
    entered = balloting.enter_words(
        db,
        actor,
        vote.id,
        ["3-101,3-102，3-201=同意", "3-202＝反", "3-999=同意", "3-301=也许", "3-302=同意", "3-302=反对"],
    )
    assert entered.written == 4
    assert [words.partition("：")[0] for words in entered.problems] == ["“3-999”", "“3-301=也许”", "“3-302”"]
    file = queries.meeting_file(db, vote.meeting_id)
    assert file is not None
    tally = owners.count(file.ballots)
    assert (tally.in_favour.owners, tally.against.area, tally.out) == (3, 8850, 8)


def test_the_whole_vote_says_passed_once_the_clause_is_chosen(db: Database, actor: Actor, vote: AgendaItem) -> None:
    rooms = [row[0] for row in db.rows("SELECT room_id FROM owner_ballot ORDER BY seq")]
    balloting.enter(db, actor, vote.id, {room: "同意" if at < 9 else "反对" for at, room in enumerate(rooms)})
    assert verdict_of(db, vote).printed == ""
    actions.change_agenda_item(db, actor, vote.id, vote_rule="民法典278(6)-(8)")
    assert (
        verdict_of(db, vote).words
        == "同意 9 人 796.50 平方米，反对 3 人 265.50 平方米，弃权 0 人 0.00 平方米，表决通过"
    )
    balloting.enter(db, actor, vote.id, {rooms[0]: None})
    assert verdict_of(db, vote).passed is False


def test_a_ballot_entered_twice_counts_once(db: Database, actor: Actor, vote: AgendaItem) -> None:
    room = db.scalar("SELECT room_id FROM owner_ballot")
    for choice in ("同意", "同意", "反对"):
        balloting.enter(db, actor, vote.id, {room: choice})
    assert db.rows("SELECT choice FROM owner_ballot WHERE choice IS NOT NULL") == [("反对",)]
    with pytest.raises(AppError) as refused:
        balloting.enter(db, actor, vote.id, {room: "赞成"})
    assert refused.value.field == "choice"


def test_a_signed_vote_is_not_entered_any_more(db: Database, actor: Actor, vote: AgendaItem) -> None:
    with db.transaction(actor, "签字") as tx:
        tx.change(Meeting, vote.meeting_id, signed_at=1, signed_by="王东", signed_hash="x")
    with pytest.raises(AppError, match="已经签字"):
        balloting.enter_words(db, actor, vote.id, ["3-101=同意"])


def test_an_owner_who_is_erased_leaves_the_ballot_without_a_name(db: Database, actor: Actor, vote: AgendaItem) -> None:
    from desktop_app.sync.erasing import erase

    with db.transaction(actor, "登记居民") as tx:
        person = tx.add(Person(name="王小明"))
        tx.execute("UPDATE owner_ballot SET owner='王小明',owner_id=? WHERE seq=1", (person.id,))
    erase(db, actor, person.id, "本人书面申请")
    assert db.row("SELECT owner FROM owner_ballot WHERE seq=1") == (None,)
