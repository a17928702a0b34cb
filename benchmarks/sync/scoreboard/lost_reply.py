"""The server has done its work, and the answer is lost on the way: at several places of a sync, again and again."""

from pathlib import Path

from broken_line import BrokenLine
from contestants import Contestant
from trial import Trial, Verdict

TITLE = "lost reply"
PLACES = (0.02, 0.2, 0.4, 0.6, 0.8, 0.98)


def play(kind: type[Contestant], folder: Path) -> Verdict:
    with kind(folder) as one:
        trial = Trial(one)
        line = BrokenLine(one.port)
        desk, other = trial.desk("desk", line.url), trial.desk("other")
        old = trial.add(desk, 50)
        trial.quiet(desk, other)
        _work(trial, desk, other, old, 0)
        trial.sync(other)
        line.heal()
        trial.sync(desk)
        usual = line.down
        for at, place in enumerate(PLACES, 1):
            _work(trial, desk, other, old, at)
            trial.sync(other)
            line.heal()
            line.cut_down = int(usual * place)
            trial.sync(desk)
            line.heal()
            trial.sync(desk)
        verdict = trial.judge(desk, other)
        line.close()
        return verdict


def _work(trial: Trial, desk, other, old, at: int) -> None:  # noqa: ANN001 - programs and rows
    """Something to push and something to pull."""
    trial.add(desk, 10)
    trial.edit(desk, old[2 * at], "note", f"本机第 {at} 次")
    trial.add(other, 10)
    trial.edit(other, old[2 * at + 1], "note", f"别处第 {at} 次")
