"""The server's disk broke and yesterday's copy was put back.  Another desk writes before those return who have more."""

from pathlib import Path

from contestants import Contestant
from trial import Trial, Verdict

TITLE = "server restored from an older copy"


def play(kind: type[Contestant], folder: Path) -> Verdict:
    with kind(folder) as one:
        trial = Trial(one)
        first, second, third = (trial.desk(name) for name in ("first", "second", "third"))
        old = trial.add(first, 20)
        trial.quiet(first, second, third)
        one.keep_copy()
        trial.add(first, 5)
        trial.edit(first, old[0], "note", "备份之后写的")
        trial.sync(first)
        trial.sync(second)
        one.restore()
        trial.add(third, 8)  # numbers go past what the others have seen
        trial.sync(third)
        return trial.judge(second, first, third)
