"""What the papers about personal data say, read from the store."""

from dataclasses import dataclass
from typing import Any

from desktop_app.printing.form import Desk
from desktop_app.printing.page import rules as layout
from desktop_app.printing.words import spoken_date
from desktop_app.privacy import requesting, rules
from desktop_app.privacy.dossier import Part, dossier
from desktop_app.privacy.model import SubjectRequest
from desktop_app.privacy.policy import policy_of
from desktop_app.shared.errors import AppError


@dataclass(frozen=True, slots=True)
class AnswerPaper:
    """The answer to a request: `lines` are its paragraphs, `wanting` what it lacks for a final print."""

    title: str
    community: str
    to: str
    lines: tuple[str, ...]
    day: str
    wanting: str = ""


@dataclass(frozen=True, slots=True)
class FilePaper:
    """个人信息档案 for one request."""

    community: str
    no: str
    applicant: str
    relation: str
    day: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class NoticePaper:
    """告知书 in one version."""

    title: str
    version: str
    community: str
    opening: str
    items: tuple[tuple[str, str], ...]
    closing: str
    day: str


def request_of(desk: Desk, request_id: str) -> SubjectRequest:
    """The request.  AppError when it is gone."""
    found = desk.db.get(SubjectRequest, request_id)
    if found is None:
        raise AppError("这件个人信息申请已经不在了，没有打印。", next_step="请刷新列表后再试。")
    return found


def answer_paper(desk: Desk, request_id: str) -> AnswerPaper:
    """The answer as it was decided."""
    found, words = request_of(desk, request_id), layout("privacy")["words"]
    kind: dict[str, str] = layout("privacy")["answer"][found.kind]
    told = {
        "received": spoken_date(found.received_on),
        "channel": "" if found.channel == "其他" else f"以{found.channel}方式",
        "kind": found.kind,
        "no": found.no or "",
        "identity": found.identity_how or "",
    }
    opening = words["opening" if found.identity_on else "opening_unchecked"].format(**told)
    return AnswerPaper(
        title=kind["title"],
        community=desk.community.name,
        to=found.applicant,
        lines=(opening, *_decided(found, kind["granted"]), words["remedy"]),
        day=spoken_date(found.answered_on or found.decided_on or desk.clock.today().isoformat()),
        wanting="" if found.decision else "处理决定",
    )


def _decided(found: SubjectRequest, granted: str) -> list[str]:
    words = layout("privacy")["words"]
    third = [words["third"]] if found.kind in (rules.SEE, rules.COPY) else []
    if found.decision == rules.YES:
        return [granted, *third]
    refused = words["refused"].format(decision=found.decision or "（未决定）", why=_sentence(found.why or ""))
    if found.decision == rules.NO or not found.decision:
        return [refused]
    return [refused, f"对同意的部分，{granted}", *third]


def _sentence(words: str) -> str:
    return words if words.endswith(("。", "！", "？")) else f"{words}。"


def file_paper(desk: Desk, request_id: str) -> FilePaper:
    """Everything that is held about the person, for whoever was granted it."""
    found = request_of(desk, request_id)
    person = requesting.may_see_copy(desk.db, desk.actor, found)
    return FilePaper(
        community=desk.community.name,
        no=found.no or "",
        applicant=found.applicant,
        relation=found.relation,
        day=spoken_date(desk.clock.today().isoformat()),
        parts=tuple(dossier(desk.db, person)),
    )


def notice_paper(desk: Desk) -> NoticePaper:
    """The notice in the version in force today."""
    today = desk.clock.today()
    text: dict[str, Any] = next(one for one in layout("privacy")["notice"] if one["valid_from"] <= today)
    told = {
        "community": desk.community.name,
        "address": desk.community.address or "　　　　　　　　",
        "phone": desk.community.phone or "　　　　　　　　",
        "days": policy_of(desk.db).due_workdays,
    }
    return NoticePaper(
        title=text["title"],
        version=text["version"],
        community=desk.community.name,
        opening=text["opening"],
        items=tuple((head, body.format(**told)) for head, body in text["items"]),
        closing=text["closing"],
        day=spoken_date(today.isoformat()),
    )
