"""What the three papers of a meeting share: who was there, how a vote went, what was decided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from desktop_app.printing.lines import glued
from desktop_app.printing.words import spoken_date

PRESENT, PROXY, LEAVE, ABSENT, OBSERVER = "出席", "委托", "请假", "缺席", "列席"


@dataclass(frozen=True, slots=True)
class Attendee:
    """One person of the attendance list; `capacity` 应到 or 列席, `status` as in `meetings.model.Attendance`."""

    name: str
    unit: str = ""
    post: str = ""
    capacity: str = "应到"
    status: str = PRESENT
    reason: str = ""
    phone: str = ""
    voting: bool = True


@dataclass(frozen=True, slots=True)
class Vote:
    """Counts of a vote; `verdict` is printed only where the caller gives it: that a vote carried is the rules' word.

    `told`: the counts in words, where they are not of heads alone.
    """

    how: str = ""
    agree: int = 0
    against: int = 0
    abstain: int = 0
    verdict: str = ""
    told: str = ""

    def words(self) -> str:
        """“举手表决，同意12票，反对1票，弃权0票。”"""
        how = self.how if self.how.endswith(("表决", "投票", "通过", "意见")) else f"{self.how}表决"
        how = f"{how}，" if self.how else ""
        counts = self.told or f"同意{self.agree}票，反对{self.against}票，弃权{self.abstain}票"
        return f"{how}{counts}，{self.verdict}。" if self.verdict else f"{how}{counts}。"


@dataclass(frozen=True, slots=True)
class Decision:
    """A 议定事项 with who does it until when; `due` as ISO date."""

    text: str
    owner: str = ""
    helpers: str = ""
    due: str = ""

    def words(self) -> str:
        """The text with owner and deadline in brackets."""
        parts = (("责任人：", self.owner), ("协办：", self.helpers), ("完成时限：", spoken_date(self.due)))
        told = "；".join(label + words for label, words in parts if words)
        body = self.text.rstrip("。；;")
        return f"{body}（{told}）。" if told else f"{body}。"


@dataclass(frozen=True, slots=True)
class Topic:
    """One 议题: who brought it, what was said (a line per speech), how the vote went, what was decided."""

    title: str
    proposer: str = ""
    discussion: str = ""
    vote: Vote | None = None
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True)
class MinutesPaper:
    """What stands in the minutes.  `mark` is the whole red line “××纪要”; dates are ISO text."""

    mark: str
    lead: str
    topics: tuple[Topic, ...]
    attendees: tuple[Attendee, ...] = ()
    issue: str = ""
    issuer: str = ""
    issued_on: str = ""
    title: str = ""
    copies: str = ""
    gaps: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    """Those who put their seals under it, where the type of meeting has parties."""
    by_ballot: bool = False
    """A written vote of owners: there is a roll of rooms and no list of people."""


@dataclass(frozen=True, slots=True)
class Correction:
    """更正: what was put right after the signature; `on` as ISO date."""

    on: str
    text: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class RecordPaper:
    """What stands in the record.  Times are local `YYYY-MM-DD HH:MM`; `gaps` are required elements still missing."""

    title: str
    starts: str = ""
    ends: str = ""
    place: str = ""
    convenor: str = ""
    chair: str = ""
    chair_post: str = ""
    recorder: str = ""
    notice: str = ""
    attendees: tuple[Attendee, ...] = ()
    topics: tuple[Topic, ...] = ()
    decisions: tuple[Decision, ...] = ()
    signers: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    number: str = ""
    organ: str = ""
    gaps: tuple[str, ...] = ()
    by_ballot: bool = False
    record_title: str = ""
    """what the type of meeting calls its record"""
    kinds: tuple[str, ...] = ()
    """the names of the type, the longest first"""


@dataclass(frozen=True, slots=True)
class NoticePaper:
    """What stands in the notice; times are local `YYYY-MM-DD HH:MM`, days ISO dates."""

    title: str
    starts: str
    place: str
    chair: str
    topics: tuple[str, ...]
    attendees: tuple[Attendee, ...]
    attends: tuple[str, ...]
    organ: str
    on: str
    kind: str = ""
    """the type of meeting, before whose name a long title is parted"""


@dataclass(frozen=True, slots=True)
class SignInPaper:
    """What stands on the sheet; `starts` is local `YYYY-MM-DD HH:MM`."""

    meeting: str
    starts: str = ""
    place: str = ""
    chair: str = ""
    attendees: tuple[Attendee, ...] = ()


def names(people: Iterable[Attendee], *, reasons: bool = False, posts: bool = False) -> str:
    """“社区党委张某、李某，某物业公司王某”: people of one unit together, names never parted at a line's end."""
    groups: dict[str, list[str]] = {}
    for person in people:
        words = glued(person.name) + (f"（{person.reason}）" if reasons and person.reason else "")
        unit = person.unit + (person.post if posts else "")
        groups.setdefault(unit, []).append(words)
    return "，".join(unit + "、".join(group) for unit, group in groups.items())


def of_status(people: Sequence[Attendee], *status: str) -> list[Attendee]:
    """Those with one of these states, in order; whoever attends without being called counts as 列席."""
    return [person for person in people if state(person) in status]


def state(person: Attendee) -> str:
    """The state under which a person is listed."""
    if person.capacity == OBSERVER and person.status == PRESENT:
        return OBSERVER
    return person.status


def counts(people: Sequence[Attendee]) -> str:
    """“应到18人，实到15人，委托1人，请假2人，列席3人”: what is nobody's is left out, but for the first two."""
    due = [person for person in people if person.capacity != OBSERVER]
    told = [f"应到{len(due)}人", f"实到{len(of_status(due, PRESENT))}人"]
    told += [f"{word}{n}人" for word in (PROXY, LEAVE, ABSENT) if (n := len(of_status(due, word)))]
    if observers := len(of_status(people, OBSERVER)):
        told.append(f"列席{observers}人")
    voting = sum(person.voting for person in due)
    if due and voting != len(due):
        told.append(f"有表决权{voting}人")
    return "，".join(told)
