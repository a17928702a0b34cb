"""The parts of `make bench-sync` that count and judge, without starting anybody."""

import importlib
from pathlib import Path
from types import ModuleType

import pytest

ROOM = Path(__file__).resolve().parent.parent.parent / "benchmarks"


@pytest.fixture
def harness(monkeypatch: pytest.MonkeyPatch):
    for folder in (ROOM, ROOM / "sync", ROOM / "sync" / "scoreboard"):
        monkeypatch.syspath_prepend(str(folder))

    def module(name: str) -> ModuleType:
        return importlib.import_module(name)

    return module


def test_a_finding_is_a_hit_at_its_limit_and_a_miss_beyond(harness) -> None:
    finding = harness("goals").Finding
    assert finding("G1", "", 0.6, 0.6).hit
    assert finding("G1", "", 0.61, 0.6).hit is False
    assert finding("G3", "", 1.0, 1.0, at_least=True).hit
    assert finding("G3", "", 0.99, 1.0, at_least=True).hit is False


def test_what_was_not_measured_is_neither_hit_nor_missed(harness) -> None:
    goals = harness("goals")
    nothing = goals.Finding("G18", "", None, 12)
    assert nothing.hit is None
    assert goals.missed([nothing]) == []
    assert "not measured" in nothing.line()


def test_a_peer_that_is_not_there_leaves_its_goals_unmeasured(harness) -> None:
    goals = harness("goals")
    phase = goals.Phase(10, 1.0, 1000, 1.0, requests=1)
    mine = dict.fromkeys(("push new", "pull new", "push changed", "pull changed", "idle"), phase)
    found = goals.held_against({"ours": mine}, "ours")
    assert all(one.value is None for one in found if "/" in one.what)
    assert any(one.value is not None for one in found)


def test_the_best_round_counts_but_the_highest_memory(harness) -> None:
    phase = harness("goals").Phase
    best = phase(10, 2.0, 900, 1.0, server_mb=50).best(phase(10, 1.0, 1000, 2.0, server_mb=60))
    assert (best.wall, best.wire, best.cpu, best.server_mb) == (1.0, 900, 1.0, 60)


def test_a_row_has_the_size_the_goals_speak_of(harness) -> None:
    dataset = harness("dataset")
    assert dataset.json_bytes(dataset.rows(1000, seed=2)) == pytest.approx(dataset.ROW_BYTES, rel=0.02)


def test_edits_name_rows_that_are_there_and_two_of_their_fields(harness) -> None:
    dataset = harness("dataset")
    rows = dataset.rows(20, seed=1)
    edits = dataset.edits(rows, 5, seed=1)
    assert {row["id"] for row in edits} <= {row["id"] for row in rows}
    assert all(set(row) == {"id", *dataset.EDITED} for row in edits)


def test_with_slots_nobody_of_the_herd_is_refused_twice(harness) -> None:
    herd = harness("herd")
    course = herd.model(herd.Morning(desks=3000, cores=2, wait_s=0.0))
    assert course.refusals > 0
    assert course.most_refusals == 1


def test_the_herd_cannot_be_served_faster_than_its_work_takes(harness) -> None:
    herd = harness("herd")
    morning = herd.Morning(desks=3000, cores=2, wait_s=0.0)
    work = morning.desks * (morning.push_ms + morning.pull_ms) / 1000 / morning.cores
    assert herd.model(morning).drained_s >= work


def test_a_verdict_is_clean_without_a_silent_loss_and_without_a_human_step(harness) -> None:
    verdict = harness("trial").Verdict
    assert verdict(loss=False, human=False, why="").clean
    assert not verdict(loss=True, human=False, why="").clean
    assert not verdict(loss=False, human=True, why="").clean
