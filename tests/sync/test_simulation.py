"""Seeded worlds full of faults: afterwards every desk equals the server, and no value is gone without trace."""

import pytest

from tests.sync import simulate

SEEDS = 60
GROUP = 10


@pytest.mark.parametrize("first", range(0, SEEDS, GROUP))
def test_after_any_faults_all_replicas_are_equal_and_nothing_is_lost(first: int):
    """Lost, doubled, late and damaged messages, killed processes, wrong clocks, clones, restored disks and servers."""
    for seed in range(first, first + GROUP):
        simulate.run(seed)


def test_the_same_seed_gives_the_same_world():
    """A seed that fails can be run again."""
    assert simulate.run(7) == simulate.run(7)
