"""A desk was set up by copying the disk of another; both are used, also on the same resident."""

from pathlib import Path

from contestants import Contestant
from trial import Trial, Verdict

TITLE = "cloned disk image"


def play(kind: type[Contestant], folder: Path) -> Verdict:
    with kind(folder) as one:
        trial = Trial(one)
        first = trial.desk("first")
        old = trial.add(first, 20)
        trial.quiet(first)
        one.close_desk("first")
        one.clone("first", "twin")
        first, twin = trial.desk("first"), trial.desk("twin")
        for desk, phone in ((first, "13900000001"), (twin, "13900000002")):
            trial.add(desk, 5)
            trial.edit(desk, old[0], "phones", phone)
        trial.edit(first, old[1], "phones", "13900000003")
        trial.edit(twin, old[1], "note", "另一项")
        return trial.judge(first, twin)
