"""Notes taken while people speak: every author at every desk has lines of their own; no desk overwrites another.

A line is a record.  What is typed goes to the store within a second; only the lines that changed are written, so that
the journal of a long meeting stays short.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Final, NamedTuple

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.meetings.model import AgendaItem, Meeting, MeetingNote
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database, Transaction

_STEP: Final = 1024
"""Between two lines, so that others find room between them."""


@dataclass(frozen=True, slots=True)
class Noted:
    """One line in the view of all; `mine` says whether it was written here by whoever looks."""

    author: str
    desk: int
    at: int
    text: str
    mine: bool = False


def plain(text: str) -> str:
    """A text without control characters, which no font can show and no form may hold; line ends and tabs stay."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return "".join(char for char in unified if char in "\n\t" or (char >= " " and not "\x7f" <= char <= "\x9f"))


def desk_of(source: Database | Transaction) -> int:
    """The number of this desk, 0 where it stands alone."""
    return int(source.scalar("SELECT ordinal FROM sync_state") or 0)


def own_text(db: Database, actor: Actor, meeting_id: str, agenda_id: str | None) -> str:
    """What the actor noted on an item at this desk, as it stands in the box."""
    return "\n".join(note.text for note in _own(db, actor.id, meeting_id, agenda_id))


def merged(notes: Iterable[MeetingNote], agenda_id: str | None, mine: tuple[str, int] = ("", -1)) -> list[Noted]:
    """The lines of all on an item in the order they were begun; `mine` is the author and the desk that looks."""
    wanted = [note for note in notes if note.agenda_id == agenda_id and note.text.strip()]
    wanted.sort(key=lambda note: (note.at, note.author_id, note.desk, note.seq, note.id))
    return [Noted(note.author, note.desk, note.at, note.text, (note.author_id, note.desk) == mine) for note in wanted]


def in_words(lines: Sequence[Noted], discussion: str = "") -> str:
    """A discussion for the record: what was written up, then what was noted; who noted it only where several did."""
    several = len({(line.author, line.desk) for line in lines}) > 1
    parts = [discussion.rstrip()] if discussion.strip() else []
    for (author, _), group in groupby(lines, key=lambda line: (line.author, line.desk)):
        texts = [line.text.rstrip() for line in group]
        if several:
            texts[-1] += f"（{author}记）"
        parts += texts
    return "\n".join(parts)


@needs("meetings.change")
def keep(db: Database, actor: Actor, meeting_id: str, agenda_id: str | None, text: str) -> int:
    """Keeps what stands in somebody's box; lines that did not change are left alone.  Returns how many were written."""
    lines = [line for line in plain(text).split("\n") if line.strip()]
    with db.transaction(actor, "会议随记") as tx:
        meeting = tx.need(Meeting, meeting_id)
        if meeting.signed_at is not None:
            raise AppError(
                f"“{meeting.title}”的记录已经签字，刚写的内容没有存进记录，还在框里。",
                next_step="请复制出来，用“添加更正”补上。",
            )
        if agenda_id is not None and tx.get(AgendaItem, agenda_id) is None:
            # another desk took the item off the agenda meanwhile: the words are kept with those of no item
            standing = [note.text for note in _own(tx, actor.id, meeting_id, None)]
            agenda_id, lines = None, [*standing, *(line for line in lines if line not in standing)]
        return _write(tx, meeting_id, agenda_id, lines)


class _Stored(NamedTuple):
    """A line as far as an edit needs it: a box of many lines is read in one go, within the pause between two keys."""

    id: str
    seq: int
    text: str


def _own(source: Database | Transaction, author_id: str, meeting_id: str, agenda_id: str | None) -> list[_Stored]:
    rows = source.rows(
        "SELECT id,seq,text FROM meeting_note WHERE meeting_id=? AND coalesce(agenda_id,'')=? AND author_id=? "
        "AND desk=? AND sync_del=0 ORDER BY seq,id",
        (meeting_id, agenda_id or "", author_id, desk_of(source)),
    )
    return [_Stored(*row) for row in rows]


def _write(tx: Transaction, meeting_id: str, agenda_id: str | None, lines: list[str]) -> int:
    stored = _own(tx, tx.actor.id, meeting_id, agenda_id)
    written = 0
    matcher = SequenceMatcher(None, [note.text for note in stored], lines, autojunk=False)
    for tag, first, last, begin, end in matcher.get_opcodes():
        if tag == "equal":
            continue
        old, new = stored[first:last], lines[begin:end]
        for note, text in zip(old, new, strict=False):
            tx.change(MeetingNote, note.id, text=text)
        for note in old[len(new) :]:
            tx.bury(MeetingNote, note.id)
        before = stored[last - 1].seq if last else 0
        after = stored[last].seq if last < len(stored) else None
        added = new[len(old) :]
        places = zip(_between(before, after, len(added)), added, strict=True)
        tx.add_all([_line(tx, meeting_id, agenda_id, seq, text) for seq, text in places])
        written += max(len(old), len(new))
    return written


def _between(before: int, after: int | None, many: int) -> Iterator[int]:
    """Places for new lines; where there is no room left between two, several share one and the identifier decides."""
    step = _STEP if after is None else max((after - before) // (many + 1), 0)
    for at in range(1, many + 1):
        yield before + step * at


def _line(tx: Transaction, meeting_id: str, agenda_id: str | None, seq: int, text: str) -> MeetingNote:
    return MeetingNote(
        meeting_id=meeting_id,
        agenda_id=agenda_id,
        author_id=tx.actor.id,
        author=tx.actor.name,
        desk=desk_of(tx),
        seq=seq,
        at=tx.db.clock.ms(),
        text=text,
    )
