"""One record the server cannot take, 9 MB of text, among many it can: do the others go on by themselves?

Whoever typed it has to be told; the others must not wait for it.  Anki's server takes 100 MB unless told
otherwise; its limit is set to 1 MB here, so that the record stays small enough to play with.
"""

from pathlib import Path

from contestants import Anki, Contestant
from trial import Trial, Verdict, noise

TITLE = "poison row"
LENGTH = 3_000_000


def play(kind: type[Contestant], folder: Path) -> Verdict:
    with kind(folder) as one:
        if isinstance(one, Anki):
            one.stop()
            one.limits = {"MAX_SYNC_PAYLOAD_MEGS": "1"}
            one.start()
        trial = Trial(one)
        desk, other = trial.desk("desk"), trial.desk("other")
        old = trial.add(desk, 20)
        trial.quiet(desk, other)
        trial.add(desk, 5)
        trial.edit(desk, old[0], "note", noise(LENGTH))
        trial.add(desk, 5)
        trial.add(other, 5)
        trial.sync(desk)
        words = f"whoever typed it is told: {trial.told[0]}" if trial.told else ""
        poison = frozenset({(old[0]["id"], "note")}) if trial.told or trial.asked else frozenset()
        return trial.judge(desk, other, but=poison, words=words)
