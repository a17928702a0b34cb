"""A change has a date: what was begun before it keeps the rules of its day."""

import tomllib

import pytest

from desktop_app.appeals import intake
from desktop_app.appeals import queries as appeal_queries
from desktop_app.matters import actions as matters
from desktop_app.matters import queries as matter_queries
from desktop_app.meetings import actions as meetings
from desktop_app.meetings import queries as meeting_queries
from desktop_app.meetings.model import Meeting
from desktop_app.meetings.rules import RosterLine
from desktop_app.practice import actions, queries
from desktop_app.profiles.desk import town_of
from desktop_app.profiles.queries import forget

TODAY = "2026-11-22"


@pytest.fixture
def change(db, actor):
    """Changes a file of rules from today on: `change(name, work)`, work changes the content in place."""
    db.changed.append(lambda tables: actions.follow_up(db, tables))

    def changed(name, work):
        content = tomllib.loads(queries.text_of(db, name, TODAY))
        work(content)
        actions.adopt_content(db, actor, name, content, from_on=TODAY, why="街道通知")

    yield changed
    forget()


@pytest.fixture
def council(db, actor):
    """A residents' council of ten, seven of them there, and a vote of five: held on a day."""

    def held(day):
        people = [RosterLine(f"居民{at}") for at in range(10)]
        meeting = meetings.call_meeting(
            db, actor, Meeting(kind="居民议事会", title="", starts_at=f"{day} 09:00"), people
        )
        for (key,) in db.rows("SELECT id FROM attendance WHERE meeting_id=? ORDER BY seq LIMIT 7", (meeting.id,)):
            meetings.mark(db, actor, key, "出席")
        item = meetings.add_agenda_item(db, actor, meeting.id, "修单车棚")
        meetings.record_vote(db, actor, item.id, 6, 1, 0)
        file = meeting_queries.meeting_file(db, meeting.id)
        (verdict,) = meeting_queries.verdicts(db, file).values()
        return file, verdict.lines[1]

    return held


def test_a_meeting_before_the_change_keeps_its_rule_and_one_after_it_has_the_new_one(db, change, council):
    before, told = council("2026-11-20")
    assert told == "同意 6 · 需要 6 · 达到"

    def stricter(content):
        rule = next(one for one in content["rule"] if one["item"] == "居民议事会")
        rule["pass"] = {"base": "all", "p": 4, "q": 5, "cmp": "at_least"}

    change("codes/meeting_rules", stricter)
    assert council("2026-11-25")[1] == "同意 6 · 需要 8 · 未达到"
    (still,) = meeting_queries.verdicts(db, meeting_queries.meeting_file(db, before.meeting.id)).values()
    assert still.lines[1] == told


def test_what_a_record_must_have_is_what_was_asked_for_on_its_day(db, change, council):
    before, _ = council("2026-11-20")
    lacking = meeting_queries.missing_elements(before, db.path.parent)

    def more(content):
        kind = next(one for one in content["entries"] if one["code"] == "residents_council")
        kind["required"] = [*kind["required"], "convenor"]

    change("codes/meeting_types", more)
    assert meeting_queries.missing_elements(before, db.path.parent) == lacking
    assert "召集人" in meeting_queries.missing_elements(council("2026-11-25")[0], db.path.parent)


def test_a_matter_keeps_the_steps_it_was_proposed_under(db, actor, change):
    def propose(on):
        made = matters.blank(db, title="装长椅", proposer="王小明", proposed_on=on)
        return matters.propose(db, actor, made).id

    old = propose("2026-11-20")

    def renamed(content):
        content["meeting_templates"][0]["steps"][0]["name"] = "居民提案"

    change(f"profiles/{town_of(db).code}", renamed)
    names = [line.step_name for line in matter_queries.lines(db, [old, propose(TODAY)])]
    assert names == ["民事民提", "居民提案"]
    assert matter_queries.detail(db, old).template.steps[0].name == "民事民提"


def test_an_appeal_keeps_the_days_of_its_ladder(db, actor, change):
    def receive(on):
        return intake.register(db, actor, intake.blank(db, title="路灯不亮", text="三栋门口", received_on=on)).id

    old = receive("2026-11-20")
    due = appeal_queries.detail(db, old).clocks

    def slower(content):
        content["ladders"][0]["clocks"]["contact"] = 9
        content["ladders"][0]["steps"][0]["name"] = "小区先办"

    change(f"profiles/{town_of(db).code}", slower)
    new = receive(TODAY)
    assert appeal_queries.detail(db, old).clocks == due
    assert appeal_queries.detail(db, old).step_name != "小区先办"
    assert appeal_queries.detail(db, new).step_name == "小区先办"
