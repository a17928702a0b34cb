"""Seeded worlds full of faults in which half of the exchanges go by USB stick."""

import pytest

from tests.sync import carried_world

SEEDS = 30
GROUP = 10


@pytest.mark.parametrize("first", range(0, SEEDS, GROUP))
def test_sticks_and_network_together_leave_all_replicas_equal_and_lose_nothing(first: int):
    """Files that are lost, forgotten and found again, given twice, and batches that also come over the network."""
    for seed in range(first, first + GROUP):
        carried_world.play(seed)
