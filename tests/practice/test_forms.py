"""Files of rules as forms: what is read is written back, mistakes are told at their field, changes in words."""

import tomllib

import pytest

from desktop_app.practice import actions, editing, queries, rules, writing
from desktop_app.practice.shapes import shapes
from desktop_app.shared.errors import AppError

TODAY = "2026-11-22"
TOWN, TYPES, VOTES = "profiles/general", "codes/meeting_types", "codes/meeting_rules"
UNSHOWN = frozenset({"source_note", "version", "checked_on", "basis", "valid_from", "title", "name", "source"})


def content(name):
    return tomllib.loads(queries.shipped(name))


def part(name, path):
    return next(one for one in shapes(name) if one.path == path)


def row(name, path, called, of=None):
    found = content(name) if of is None else of
    return next(one for one in editing.rows(found, part(name, path)) if one.name == called)


def changed(name, path, called, of=None, **typed):
    """The content after a record was given these values, as they are typed."""
    here, one = content(name) if of is None else of, row(name, path, called, of)
    told = {**editing.values(part(name, path), one.record), **{k.replace("__", "."): v for k, v in typed.items()}}
    assert not editing.faults(here, part(name, path), told, one.place)
    return editing.put(here, part(name, path), told, one.place)


@pytest.mark.parametrize("name", rules.BOOKS)
def test_a_file_written_anew_says_what_it_said(name):
    assert tomllib.loads(writing.dumps(content(name), writing.comments(queries.shipped(name)))) == content(name)


@pytest.mark.parametrize("name", rules.BOOKS)
def test_every_record_is_shown_without_a_fault_and_taken_back_unchanged(name):
    before = content(name)
    assert editing.parts(name, before)
    for one in editing.parts(name, before):
        for found in editing.rows(before, one):
            told = editing.values(one, found.record)
            assert not editing.faults(before, one, told, found.place)
            assert editing.put(before, one, told, found.place) == before


@pytest.mark.parametrize("name", [*(f"profiles/{town}" for town in rules.TOWNS), TYPES, VOTES])
def test_whatever_a_community_changes_has_a_chinese_field(name):
    """A key that nobody can change in a form would have to be changed as text."""
    for one in editing.parts(name, content(name)):
        known = {shape.key.partition(".")[0] for shape in one.fields}
        inside = {other.list_key for other in shapes(name) if other.inside == one.path}
        for found in editing.rows(content(name), one) if one.path else ():
            assert set(found.record) <= known | inside | UNSHOWN, (one.title, found.name)


@pytest.mark.parametrize(
    ("path", "called", "typed", "key", "words"),
    [
        ("rule", "居民议事会", {"item": " "}, "item", "要填写"),
        ("rule", "居民议事会", {"hold.p": "3", "hold.q": "2"}, "hold.p", "分子不能大于分母"),
        ("rule", "居民议事会", {"hold.cmp": ""}, "hold.cmp", "要填就填全"),
        ("rule", "居民议事会", {"notice_days": "七"}, "notice_days", "整数"),
        ("rule", "居民议事会", {"notice_days": "99"}, "notice_days", "不能大于 60"),
        ("rule", "居民议事会", {"valid_to": "2026-02-30"}, "valid_to", "日历上有的日子"),
        ("rule", "居民议事会", {"valid_to": "1999-01-01"}, "valid_to", "早于开始"),
        ("rule", "听证会", {"hold.measures": "人头"}, "hold.measures", "没有“人头”"),
    ],
)
def test_a_mistake_is_told_at_its_field(path, called, typed, key, words):
    one = row(VOTES, path, called)
    told = {**editing.values(part(VOTES, path), one.record), **typed}
    assert words in editing.faults(content(VOTES), part(VOTES, path), told, one.place)[key]


@pytest.mark.parametrize("pattern", ["{year}", "{seq", "{nr}-{seq}", "第三期"])
def test_a_number_without_a_running_figure_or_with_unknown_parts_is_refused(pattern):
    one = row(TOWN, "numbers", "会议编号")
    told = {**editing.values(part(TOWN, "numbers"), one.record), "pattern": pattern}
    assert editing.faults(content(TOWN), part(TOWN, "numbers"), told, one.place).keys() == {"pattern"}


def test_what_changes_is_told_in_words():
    after = changed(VOTES, "rule", "居民议事会", hold__p="1", hold__q="2", hold__cmp="more_than")
    after = changed(VOTES, "rule", "听证会", of=after, notice_days="7")
    assert [one.words for one in editing.differences(VOTES, content(VOTES), after)] == [
        "人数和表决规则　居民议事会　开会：怎样算够：以上（含本数） → 过（不含本数）",
        "人数和表决规则　居民议事会　开会：分子：2 → 1",
        "人数和表决规则　居民议事会　开会：分母：3 → 2",
        "人数和表决规则　听证会　提前几天通知：10 → 7",
    ]


def test_elements_of_a_type_are_chosen_by_their_names():
    after = changed(TYPES, "entries", "听证会", required="通知日期与方式；议定事项；评分表与汇总")
    assert row(TYPES, "entries", "听证会", after).record["required"] == ["notice", "resolutions", "scores"]


def test_steps_are_added_moved_and_taken_out_within_their_ladder():
    steps = part(TOWN, "ladders.steps")
    after = editing.put(content(TOWN), steps, {"name": "区级协调", "days": "10", "above": "是"}, None, 0)
    names = [one.name for one in editing.rows(after, steps) if one.place[1] == 0]
    assert names[-1] == "区级协调"
    after, place = editing.moved(after, steps, (len(names) - 1, 0), -1)
    assert editing.rows(after, steps)[place[0]].record == {"name": "区级协调", "days": 10, "above": True}
    assert any(one.what == "整条" and one.after == "新增" for one in editing.differences(TOWN, content(TOWN), after))
    assert editing.taken_out(after, steps, place) == content(TOWN)


def test_a_new_code_must_not_be_one_there_is():
    kinds = part(TYPES, "entries")
    told = {"code": "hearing", "name": "恳谈会", "group": "居民", "frequency": "需要时", "per_year": "0"}
    assert editing.faults(content(TYPES), kinds, told, None).keys() == {"code"}
    assert not editing.faults(content(TYPES), kinds, {**told, "code": "talk"}, None)


def test_another_towns_profile_is_copied_and_what_old_records_name_stays(db, actor):
    here, there = content(TOWN), content("profiles/huangshi")
    after = editing.copied(here, there)
    made = actions.adopt_content(db, actor, TOWN, after, from_on=TODAY, why="学黄石")
    assert made.by_name == actor.name
    read = tomllib.loads(queries.text_of(db, TOWN, TODAY))
    assert {one["kind"] for one in read["levels"]} == {one["kind"] for one in there["levels"]}
    codes = {one["code"] for one in read["ladders"]}
    assert codes == {one["code"] for one in [*here["ladders"], *there["ladders"]]}


def test_nothing_changed_is_nothing_saved(db, actor):
    with pytest.raises(AppError, match="没有改动"):
        actions.adopt_content(db, actor, TOWN, content(TOWN), from_on=TODAY, why="街道通知")
    assert not queries.versions(db, TOWN)


def test_the_first_comments_of_a_file_stay(db, actor):
    actions.adopt_content(
        db, actor, VOTES, changed(VOTES, "rule", "听证会", notice_days="7"), from_on=TODAY, why="街道通知"
    )
    assert queries.text_of(db, VOTES, TODAY).startswith("# When a meeting may be held")
