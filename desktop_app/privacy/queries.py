"""What one may ask about exports, approvals and requests."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import reads
from desktop_app.privacy import rules
from desktop_app.privacy.model import Approval, SubjectRequest
from desktop_app.privacy.policy import policy_of
from desktop_app.residents.model import Person
from desktop_app.shared.text import mask
from desktop_app.store.database import Database

_NUMBERS = frozenset({"证件号码", "号码"})


def reason_wanted(db: Database, person: Person, what: str) -> bool:
    """Whether showing this of a person needs a reason: numbers by policy, anything of the young and of the sick."""
    policy = policy_of(db)
    if what in _NUMBERS and "id_no" in policy.reasons:
        return True
    if "minor" in policy.reasons and rules.is_minor(person.birth, db.clock.today(), policy):
        return True
    return "health" in policy.reasons and rules.is_sensitive(open_tags(db, person.id), policy)


@reads("residents.read")
def open_tags(db: Database, person_id: str) -> list[str]:
    """The tags a person has now."""
    sql = "SELECT tag FROM person_tag WHERE person_id=? AND to_on IS NULL AND sync_del=0"
    return [str(tag) for (tag,) in db.rows(sql, (person_id,))]


def under_age(db: Database, numbers: Sequence[int]) -> int:
    """How many of these residents (local numbers) are under age today."""
    policy, today = policy_of(db), db.clock.today()
    chosen = json.dumps(list(numbers))
    found = db.rows("SELECT birth FROM person WHERE local_no IN (SELECT value FROM json_each(?))", (chosen,))
    return sum(rules.is_minor(birth, today, policy) for (birth,) in found)


# ------------------------------------------------------------------------------------------------------------ approvals


def in_force(db: Database, actor: Actor, kind: str, person_id: str | None) -> Approval | None:
    """An approval that holds today for what this actor asked."""
    found = db.select(
        select(Approval).where(
            Approval.kind == kind,
            Approval.person_id.is_(None) if person_id is None else Approval.person_id == person_id,
            Approval.asked_by == (actor.id or None),
            Approval.verdict == rules.YES,
            Approval.valid_until >= db.clock.today().isoformat(),
            Approval.sync_del == 0,
        )
    )
    return found[-1] if found else None


@dataclass(frozen=True, slots=True)
class ApprovalLine:
    """One line of the list of approvals; `about` is the masked name of whom it is about."""

    id: str
    kind: str
    about: str
    reason: str
    asked_name: str
    asked_at: int
    verdict: str
    why: str
    decided_name: str
    valid_until: str
    person_id: str | None

    @property
    def open(self) -> bool:
        """Whether nobody has decided yet."""
        return not self.verdict


@reads("privacy.read")
def approvals(db: Database, *, open_only: bool = False, most: int = 500) -> list[ApprovalLine]:
    """Approvals, those nobody decided first, then the newest."""
    found = db.rows(
        "SELECT a.id,a.kind,coalesce(p.name,''),a.reason,a.asked_name,a.asked_at,coalesce(a.verdict,''),"
        "coalesce(a.why,''),a.decided_name,coalesce(a.valid_until,''),a.person_id FROM approval a "
        "LEFT JOIN person p ON p.id=a.person_id AND p.sync_del=0 WHERE a.sync_del=0 "
        f"{'AND a.verdict IS NULL ' if open_only else ''}ORDER BY a.verdict IS NOT NULL,a.asked_at DESC LIMIT ?",
        (most,),
    )
    return [ApprovalLine(id_, kind, mask("name", name), *rest) for id_, kind, name, *rest in found]


# -------------------------------------------------------------------------------------------------------------- exports


@dataclass(frozen=True, slots=True)
class ExportFilter:
    """Which exports: `since` and `until` in UTC ms (until excluded), words in what, who, whither or why."""

    since: int | None = None
    until: int | None = None
    words: str = ""
    full_only: bool = False


@dataclass(frozen=True, slots=True)
class ExportLine:
    """One line of the register; `at` in UTC ms."""

    id: str
    at: int
    what: str
    recipient: str
    purpose: str
    fields: str
    count: int
    masked: int
    by_name: str
    sha256: str
    target: str
    approved_by: str

    @property
    def numbers(self) -> str:
        """Whether numbers were hidden, in a word."""
        return rules.NUMBERS.get(self.masked, "")


def given_out(db: Database, actor: Actor, days: int) -> int:
    """Whole numbers of how many people this actor gave out without an approval, today and the days before.

    At any computer, as far as this one knows; whoever gives out the same list twice is counted twice.  A line that was
    not pushed yet has only the name of who made it.
    """
    midnight = db.clock.now().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days - 1)
    found = db.scalar(
        "SELECT sum(count) FROM export_record WHERE sync_del=0 AND masked=:whole AND approval_id IS NULL "
        "AND at>=:since AND (sync_by=:staff OR (sync_by IS NULL AND by_name=:name))",
        {
            "whole": rules.WHOLE,
            "since": int(midnight.timestamp() * 1000),
            "staff": actor.id or None,
            "name": actor.name,
        },
    )
    return int(found or 0)


@reads("privacy.read")
def exports(db: Database, chosen: ExportFilter = ExportFilter(), most: int = 500) -> list[ExportLine]:
    """The register, the newest first."""
    words = "instr(e.what||' '||e.recipient||' '||e.purpose||' '||e.by_name||' '||e.target,:words)"
    found = db.rows(
        "SELECT e.id,e.at,e.what,e.recipient,e.purpose,e.fields,e.count,e.masked,e.by_name,e.sha256,e.target,"
        "coalesce(a.decided_name,'') FROM export_record e LEFT JOIN approval a ON a.id=e.approval_id "
        f"WHERE e.sync_del=0 AND e.at>=coalesce(:since,e.at) AND e.at<coalesce(:until,e.at+1) AND {words} "
        "AND (:full=0 OR e.masked=0) ORDER BY e.at DESC,e.local_no DESC LIMIT :most",
        {
            "since": chosen.since,
            "until": chosen.until,
            "words": chosen.words,
            "full": int(chosen.full_only),
            "most": most,
        },
    )
    return [ExportLine(*row) for row in found]


# ------------------------------------------------------------------------------------------------------------- requests


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One request as a list shows it; names are masked."""

    id: str
    no: str
    kind: str
    applicant: str
    relation: str
    about: str
    received_on: str
    due_on: str
    state: str
    decision: str
    answered_on: str
    overdue: bool


@reads("privacy.read")
def requests(db: Database, *, open_only: bool = False, most: int = 500) -> list[RequestLine]:
    """Requests, those to be answered first and of them the most urgent."""
    statement = select(SubjectRequest).where(SubjectRequest.sync_del == 0)
    if open_only:
        statement = statement.where(SubjectRequest.answered_on.is_(None))
    statement = statement.order_by(
        SubjectRequest.answered_on.is_not(None), SubjectRequest.due_on, SubjectRequest.local_no.desc()
    )
    found = db.select(statement.limit(most))
    names: dict[str, str] = dict(_names(db, [one.person_id for one in found]))
    today = db.clock.today().isoformat()
    return [_request_line(one, names.get(one.person_id or "", ""), today) for one in found]


def _request_line(one: SubjectRequest, name: str, today: str) -> RequestLine:
    return RequestLine(
        one.id,
        one.no or "",
        one.kind,
        mask("name", one.applicant),
        one.relation,
        mask("name", name),
        one.received_on,
        one.due_on or "",
        rules.state_of(one),
        one.decision or "",
        one.answered_on or "",
        overdue=bool(one.due_on and not one.answered_on and one.due_on < today),
    )


def _names(db: Database, ids: "list[str | None]") -> list[tuple[Any, ...]]:
    known = [id_ for id_ in ids if id_]
    return db.rows(f"SELECT id,name FROM person WHERE sync_del=0 AND id IN ({','.join('?' * len(known))})", known)
