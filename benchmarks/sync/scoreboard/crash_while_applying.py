"""The power fails while a desk stores what it received and has things of its own to send: killed at several moments."""

import time
from pathlib import Path

from contestants import Contestant
from trial import Trial, Verdict

TITLE = "crash in the middle of applying"
MOMENTS = (0.1, 0.3, 0.5, 0.7, 0.9)
ROWS = 3000


def play(kind: type[Contestant], folder: Path) -> Verdict:
    with kind(folder) as one:
        trial = Trial(one)
        desk, other = trial.desk("desk"), trial.desk("other")
        trial.add(other, 20)
        trial.quiet(other, desk)
        trial.add(other, ROWS)
        trial.sync(other)
        started = time.monotonic()
        trial.sync(desk)
        usual = time.monotonic() - started
        for moment in MOMENTS:
            trial.add(other, ROWS)
            trial.add(desk, 50)
            trial.sync(other)
            desk.say(do="sync")
            time.sleep(usual * moment)
            desk.kill()
            desk = trial.desk("desk")
        verdict = trial.judge(desk, other)
        left = desk.ask("count")["count"] - other.ask("count")["count"]
        return Verdict(verdict.loss or left != 0, verdict.human, verdict.why)
