"""What was signed: a fingerprint of every part, and what no longer agrees with it (档案法实施条例 art. 39)."""

import hashlib
import json
from typing import Final

from desktop_app.meetings.rules import MeetingFile
from desktop_app.store.base import SYNC_COLUMNS, Record

NOT_SIGNED: Final = frozenset(
    {
        *SYNC_COLUMNS, "audience", "issue_no", "signed_at", "signed_by", "signed_hash", "signed_parts", "state",
        "result", "done_on", "publicity_from", "publicity_to", "publicity_how",
    }
)  # fmt: skip
"""What is no part of what is signed: who reads it, its number as 纪要, the signature itself, what happened later."""
_LATER: Final = frozenset(
    {"node_id", "vote_rule", "ballots_issued", "ballots_returned", "ballots_invalid", "scrutineer", "teller", "proxy"}
)
"""Columns that came after the first signatures: left out while empty, so that old fingerprints still agree."""
PARTS: Final = {
    "meeting": "会议信息",
    "agenda": "议题与表决",
    "attendance": "到会名单",
    "resolutions": "议定事项",
    "notes": "随记",
    "ballots": "业主表决票",
}


def fingerprint(file: MeetingFile) -> str:
    """SHA-256 over the canonical JSON of the record: keys sorted, no white space, UTF-8."""
    return _hash({name: part for name, part in _content(file).items() if part or name not in ("notes", "ballots")})


def part_prints(file: MeetingFile) -> str:
    """The fingerprint of each part, as JSON, to tell later which of them changed."""
    return json.dumps({name: _hash(part)[:16] for name, part in _content(file).items()}, sort_keys=True)


def changed_since(file: MeetingFile) -> tuple[str, ...]:
    """What of a signed record is not as it was signed, in Chinese; () where all is, or nobody signed.

    That happens where another desk, while apart, wrote into a meeting that was being signed here.
    """
    meeting = file.meeting
    if meeting.signed_at is None or not meeting.signed_hash or fingerprint(file) == meeting.signed_hash:
        return ()
    then, now = _read(meeting.signed_parts), _read(part_prints(file))
    found = tuple(words for name, words in PARTS.items() if name in then and then[name] != now[name])
    return found or ("记录内容",)


def _content(file: MeetingFile) -> dict[str, object]:
    return {
        "meeting": _plain(file.meeting),
        "agenda": [_plain(row) for row in file.agenda],
        "attendance": [_plain(row) for row in file.attendance],
        "resolutions": [_plain(row) for row in file.resolutions],
        "notes": [_plain(row) for row in sorted(file.notes, key=lambda row: row.id)],
        "ballots": [_plain(row) for row in sorted(file.ballots, key=lambda row: row.id)],
    }


def _plain(record: Record) -> dict[str, object]:
    names = [column.name for column in type(record).__table__.columns if column.name not in NOT_SIGNED]
    told = {name: getattr(record, name) for name in names}
    return {"id": record.id} | {name: value for name, value in told.items() if value is not None or name not in _LATER}


def _hash(content: object) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _read(text: str | None) -> dict[str, str]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
