"""The reader that counts: what it counts, and that it may be stopped, repeated and rebuilt."""

import random

import orjson
import pytest

from central_server.rollups import reader, refs, report, spans, tables
from central_server.rollups.figures import BY_KEY, FIGURES, SHARES
from central_server.rollups.report import Period
from central_server.rollups.spans import Span
from tests.server import district
from tests.server.district import DISTRICT, EXPLAINED, HONGQI, JIANGSHAN, SOLVED, STREET, Pen

NOW = 1_795_300_000_000
YEAR = Period("2026-01", "2026-11")


@pytest.fixture
def storage(disk):
    opened = disk.open()
    with opened.writing() as session:
        district.open_units(session, NOW)
    yield opened
    opened.close()


def write(storage, scope=HONGQI):
    """A pen whose strokes are seen by the reader at once."""

    def put(table, record_id, gone=0, home=None, **fields):
        with storage.writing() as session:
            Pen(session, scope).put(table, record_id, gone, home, **fields)
        reader.refresh(storage)

    return put


def total(storage, figure, unit=HONGQI, period=YEAR):
    with storage.reading() as session:
        return report.report(session, unit, period).whole.total(figure)


def share(storage, key, unit=HONGQI, period=YEAR):
    (one,) = [one for one in SHARES if one.key == key]
    with storage.reading() as session:
        return report.report(session, unit, period).whole.share(one)


def figures(storage):
    with storage.reading() as session:
        return session.rows("select scope_id,figure,month,part,n from report_figure order by 1,2,3,4")


def test_a_street_has_what_its_communities_have(storage):
    with storage.writing() as session:
        district.write_community(session, HONGQI)
        district.write_community(session, JIANGSHAN, size=2)
    reader.refresh(storage)
    for figure in FIGURES:
        assert total(storage, figure.key, STREET) == sum(total(storage, figure.key, u) for u in (HONGQI, JIANGSHAN))
        assert total(storage, figure.key, STREET) > 0, figure.key
    assert total(storage, "persons", DISTRICT) == 24


def test_the_appeals_add_up_to_the_three_outcomes_and_no_fourth(storage):
    with storage.writing() as session:
        pen = district.Pen(session, HONGQI)
        for number, outcome in enumerate([SOLVED] * 3 + [EXPLAINED] * 2 + ["", "", "what", None]):
            pen.put("appeal", f"a{number}", received_on="2026-05-04")
            if outcome is not None:
                district.write_events(pen, f"a{number}", "2026-05-04", outcome)
    reader.refresh(storage)
    with storage.reading() as session:
        line = report.report(session, HONGQI, YEAR).whole
        words = report.sentence(line, YEAR)
    assert sum(n for (key, _), n in line.sums.items() if key == "appeals") == 9
    assert {part for key, part in line.sums if key == "appeals"} == {"resolved", "progress", "explained"}
    assert "诉求 9 件，已回应解决 3 件，正在跟踪办理 4 件" in words
    assert words.endswith("解释工作 2 件。")


def test_a_deleted_a_moved_and_an_erased_record_no_longer_count(storage):
    put = write(storage)
    for gone in range(5):
        put("person", f"p{gone}")
    for gone in range(1, 5):
        put("person", f"p{gone}", gone=gone)
    assert total(storage, "persons") == 1


def test_a_copy_of_what_belongs_elsewhere_is_not_counted_twice(storage):
    with storage.writing() as session:
        Pen(session, HONGQI).put("meeting", "k1", kind="branch_committee", starts_at="2026-03-03 09:00")
        Pen(session, STREET).put("meeting", "k1", home=HONGQI, kind="branch_committee", starts_at="2026-03-03 09:00")
    reader.refresh(storage)
    assert total(storage, "meetings", STREET) == 1


def test_coverage_counts_a_building_once_and_only_while_both_stand(storage):
    put = write(storage)
    for number in range(4):
        put("building", f"b{number}", to_on="2026-09-15" if number == 1 else None)
    covers = [{"building_id": "b0"}, {"building_id": "b1"}, {"building_id": "gone"}]
    put("party_centre_household", "c0", covers=orjson.dumps(covers).decode(), from_on="2026-03-01")
    put("party_centre_household", "c1", covers=orjson.dumps(covers[:1]).decode(), from_on="2026-05", to_on="2026-06-30")
    assert total(storage, "covered_buildings", period=Period("2026-01", "2026-02")) == 0
    assert total(storage, "covered_buildings", period=Period("2026-01", "2026-08")) == 2
    assert total(storage, "covered_buildings") == 1
    assert share(storage, "building_coverage") == pytest.approx(100 / 3)


def test_a_household_is_covered_through_its_unit_or_its_whole_building(storage):
    put = write(storage)
    covers = [{"building_id": "b0", "units": ["1"]}, {"building_id": "b1", "units": []}]
    put("party_centre_household", "c0", covers=orjson.dumps(covers).decode())
    for number, (building, unit) in enumerate([("b0", "1"), ("b0", "2"), ("b1", None), ("b2", "1")]):
        put("building", building)
        put("room", f"r{number}", building_id=building, unit=unit)
        put("household", f"h{number}", room_id=f"r{number}")
    put("household", "h9")
    assert (total(storage, "covered_households"), total(storage, "households")) == (2, 5)
    put("room", "r3", building_id="b1")
    assert total(storage, "covered_households") == 3


def test_the_eight_seats_of_a_building_team(storage):
    put = write(storage)
    put("building", "b0")
    put("org_node", "n0", building_id="b0")
    put("org_node", "n1")
    for number, role in enumerate(["building_head", "楼栋长", "治安委员", "steward", "building_group_leader"]):
        put("seat", f"s{number}", node_id="n0", role=role)
    put("seat", "s9", node_id="n1", role="building_head")
    put("seat", "s8", node_id="n0", role="health_member", to_on="2026-05-01")
    put("party_centre_household", "c0", covers='[{"building_id":"b0"}]')
    assert total(storage, "team_seats") == 4
    assert share(storage, "team_completeness") == 50.0


def test_a_person_counts_once_however_many_records_say_the_same(storage):
    put = write(storage)
    for number in range(3):
        put(
            "person",
            f"p{number}",
            political="01" if number == 0 else None,
            deceased_on="2026-08-08" if number == 2 else None,
        )
    put("party_member", "m0", person_id="p0", joined_on="1999-07-01")
    put("party_member", "m2", person_id="p2", joined_on="1999-07-01")
    for number, tag in enumerate(["V1", "志愿者", "平安志愿者"]):
        put("person_tag", f"t{number}", person_id="p1", tag=tag)
    put("person_tag", "t9", person_id="p2", tag="V1")
    assert (total(storage, "party_members"), total(storage, "volunteers")) == (1, 1)
    assert total(storage, "volunteers", period=Period("2026-01", "2026-07")) == 2


def test_words_of_a_communitys_own_are_one_class(storage):
    put = write(storage)
    put("person", "p0")
    put("person_tag", "t0", person_id="p0", tag="王大锤的邻居")
    put("person_tag", "t1", person_id="p0", tag="低保户")
    with storage.reading() as session:
        parts = report.report(session, HONGQI, YEAR).whole.parts("tagged")
    assert sorted(parts) == [("低保", 1), ("其他", 1)]


def test_a_flow_counts_in_its_month_and_a_stock_until_the_end(storage):
    put = write(storage)
    put("meeting", "k0", kind="branch_committee", starts_at="2026-03-31 19:00")
    put("visit", "v0", on="2026-04-01", opinions_n=3)
    put("visit", "v1", on="2026-04-02", opinions_n="many")
    put("household", "h0", from_on="2026-04")
    march, april = Period("2026-03", "2026-03"), Period("2026-04", "2026-04")
    assert [total(storage, "meetings", period=one) for one in (march, april)] == [1, 0]
    assert [total(storage, "visits", period=one) for one in (march, april)] == [0, 2]
    assert total(storage, "opinions") == 3
    assert [total(storage, "households", period=one) for one in (march, april, YEAR)] == [0, 1, 1]


def test_nonsense_in_a_field_is_no_reason_to_stop(storage):
    put = write(storage)
    put("party_centre_household", "c0", covers="not json", from_on="soon")
    put("party_centre_household", "c1", covers='{"a":1}', to_on=7)
    put("party_centre_household", "c2", covers='[1,{"units":3}]')
    put("meeting", "k0", starts_at=None)
    put("appeal", "a0", received_at=-5)
    put("appeal", "a1", received_at=1_780_000_000_000)
    put("household", "h0", from_on="2026-13-45", to_on="0000")
    assert total(storage, "appeals") == 1


def test_every_month_of_a_figure_can_be_produced_again(storage):
    put = write(storage)
    put("party_centre_household", "c0", covers="[]", from_on="2026-02-01", to_on="2026-05-01")
    put("party_centre_household", "c1", covers="[]", from_on="2026-04-01")
    with storage.reading() as session:
        months = report.by_month(session, STREET, "centres", "2026-06", 6)
    assert [sum(sums.values()) for _, sums in months] == [0, 1, 1, 2, 1, 1]
    assert [month for month, _ in months] == spans.months("2026-01", "2026-06")


@pytest.mark.parametrize("seed", range(8))
def test_reading_on_gives_what_reading_everything_again_gives(storage, seed):
    chance = random.Random(seed)  # noqa: S311 - the same story every time
    for _ in range(12):
        with storage.writing() as session:
            pen = Pen(session, chance.choice((HONGQI, JIANGSHAN)))
            for _ in range(chance.randrange(1, 15)):
                pen.put(*change(chance), **fields(chance))
        reader.refresh(storage, at_once=chance.choice((1, 3, 7, 2000)))
    present = figures(storage)
    assert reader.refresh(storage) == (0, 0)
    reader.refresh(storage, rebuild=True)
    assert figures(storage) == present


def change(chance):
    return chance.choice(sorted(refs.KEPT)), f"x{chance.randrange(6)}", chance.choice((0, 0, 0, 1, 4))


def fields(chance):
    date = lambda: chance.choice((None, "2026-03-01", "2026-05", "1999"))  # noqa: E731 - four of them below
    return {
        "from_on": date(),
        "to_on": date(),
        "starts_at": date(),
        "on": date(),
        "received_at": date(),
        "person_id": f"x{chance.randrange(6)}",
        "node_id": f"x{chance.randrange(6)}",
        "room_id": f"x{chance.randrange(6)}",
        "building_id": f"x{chance.randrange(6)}",
        "covers": orjson.dumps([{"building_id": f"x{chance.randrange(6)}"}]).decode(),
        "role": chance.choice(("building_head", "health_member")),
        "tag": chance.choice(("V1", "10")),
        "kind": "branch_committee",
        "outcome": chance.choice(("1", "2", None)),
    }


def test_a_unit_that_was_restored_from_a_backup_is_read_from_its_beginning(storage):
    put = write(storage)
    put("person", "p0")
    put("person", "p1")
    with storage.writing() as session:
        session.run("delete from record where id='p1'")
        session.run("update scope_head set next_seq=2,epoch='another' where scope_id=?", HONGQI)
    reader.refresh(storage)
    assert total(storage, "persons") == 1


def test_a_unit_whose_tombstones_were_forgotten_unseen_is_read_from_its_beginning(storage):
    put = write(storage)
    put("person", "p0")
    with storage.writing() as session:
        pen = Pen(session, HONGQI)
        pen.put("person", "p0", gone=1)
        pen.put("person", "p1")
        session.run("delete from record where id='p0'")
        session.run("update scope_head set purged=2 where scope_id=?", HONGQI)
    reader.refresh(storage, at_once=1)
    assert total(storage, "persons") == 1


def test_a_change_of_the_figures_counts_everything_anew(storage, monkeypatch):
    put = write(storage)
    put("person", "p0")
    with storage.writing() as session:
        session.run("delete from report_figure")
    monkeypatch.setattr(tables, "VERSION", tables.VERSION + 1)
    reader.refresh(storage)
    assert total(storage, "persons") == 1


def test_only_what_is_declared_is_kept_of_a_record_and_never_a_name(storage):
    forbidden = {"name", "host_name", "phones", "phone", "id_no", "text", "note", "title", "detail", "address", "birth"}
    assert not forbidden & {field for kept in refs.KEPT.values() for field in kept}
    assert {table for figure in FIGURES for table in figure.tables} == set(refs.KEPT)
    assert set(BY_KEY) >= {one.of for one in SHARES} | {one.whole for one in SHARES}


def test_spans_of_months_are_united_and_cut():
    one, two, three = Span("2026-01", "2026-03"), Span("2026-03", "2026-05"), Span("2026-07", "2026-08")
    assert spans.union([three, two, one, Span("2026-09", "2026-09")]) == [Span("2026-01", "2026-05"), three]
    assert spans.common([Span("2026-02", "2026-09")], [one, three]) == [Span("2026-02", "2026-03"), three]
    assert spans.months("2025-11", "2026-02") == ["2025-11", "2025-12", "2026-01", "2026-02"]
