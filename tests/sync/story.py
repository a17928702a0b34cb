"""What happened in a simulated world, in words: told when a seed fails, about the record at fault alone."""

from collections.abc import Iterable

LONGEST = 60


class Story:
    """Lines in order; each knows which records it is about."""

    def __init__(self) -> None:
        self.lines: list[tuple[int, str, frozenset[str], bool]] = []

    def tell(self, now: int, words: str, records: Iterable[str] = (), *, aside: bool = False) -> None:
        """`aside`: of interest only beside what is."""
        self.lines.append((now, words, frozenset(records), aside))

    def about(self, records: Iterable[str], start: int) -> str:
        """What was done to some records, and what concerned everybody."""
        wanted = set(records)
        matters = [bool(about & wanted) for _, _, about, _ in self.lines]
        told = [
            (at, words)
            for place, (at, words, about, aside) in enumerate(self.lines)
            if matters[place] or (not about and (not aside or any(matters[max(0, place - 1) : place + 3])))
        ]
        left = len(told) - LONGEST * 2
        lines = [f"  {(at - start) / 60_000:+10.1f} min  {words}" for at, words in told]
        if left > 0:
            lines[LONGEST:-LONGEST] = [f"  … {left} more …"]
        return "\n".join(lines)
