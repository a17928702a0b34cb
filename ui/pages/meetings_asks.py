"""What the forms of one meeting ask: its facts, the signature, a correction."""

from collections.abc import Sequence

from desktop_app.meetings import actions, queries
from desktop_app.meetings.model import Meeting
from desktop_app.meetings.rules import MeetingFile
from desktop_app.printing.words import spoken_date
from ui.pages.asks import Asks
from ui.pages.meetings_new import moment
from ui.widgets.inline_form import Answer, Ask
from ui.widgets.record_form import Field

_PLAIN = (
    "title",
    "place",
    "convenor",
    "chair",
    "chair_post",
    "recorder",
    "notice_on",
    "notice_how",
    "issue_no",
    "lead",
)


class MeetingAsks(Asks):
    """Forms for one meeting."""

    def _fields(self) -> tuple[Field, ...]:
        return (
            Field("title", self.tr("会议名称"), required=True),
            Field("place", self.tr("地点")),
            Field("day", self.tr("日期"), "date"),
            Field("convenor", self.tr("召集人")),
            Field("begins", self.tr("开始"), "number", hint=self.tr("如 1500")),
            Field("ends", self.tr("散会"), "number", hint=self.tr("如 1630")),
            Field("chair", self.tr("主持人")),
            Field("chair_post", self.tr("主持人职务")),
            Field("recorder", self.tr("记录人")),
            Field("issue_no", self.tr("纪要期号")),
            Field("notice_on", self.tr("通知日期"), "date"),
            Field("notice_how", self.tr("通知方式"), hint=self.tr("微信群、张贴、上门")),
            Field("lead", self.tr("纪要导语"), "long", wide=True, hint=self.tr("纪要开头的一段话")),
        )

    def edit(self, file: MeetingFile) -> Ask:
        """The facts of a meeting; of a signed one only the 期号."""
        meeting = file.meeting
        values = {name: getattr(meeting, name) for name in _PLAIN}
        values |= {
            "day": (meeting.starts_at or "")[:10],
            "begins": (meeting.starts_at or "")[11:],
            "ends": (meeting.ends_at or "")[11:],
            "issue_no": meeting.issue_no or queries.suggested_issue(self._app.db, meeting),
            "lead": meeting.lead or self.lead(file),
        }
        fields = self._fields()
        if file.signed:
            fields = tuple(field for field in fields if field.name == "issue_no")

        def work(answer: Answer) -> Meeting:
            changes: dict[str, str | None] = {
                name: answer.get(name)
                for name in _PLAIN
                if name in answer.values and answer.get(name) != getattr(meeting, name)
            }
            if not file.signed and {"day", "begins", "ends"} & answer.changes.keys():
                changes["starts_at"] = moment(answer["day"], answer["begins"])
                changes["ends_at"] = moment(answer["day"], answer["ends"]) if answer["ends"] else None
            if not changes:
                return meeting
            return actions.change_meeting(self._app.db, self._app.actor, meeting.id, **changes)

        return Ask(
            self.tr("会议信息"),
            self.tr("保存"),
            fields,
            work,
            lambda _meeting: self.tr("已保存"),
            values=values,
            columns=2,
        )

    def end(self, file: MeetingFile, now: str) -> Meeting:
        """The end of a meeting, and what its minutes need besides; for the writer thread."""
        meeting = file.meeting
        changes = {
            "ends_at": now,
            "lead": meeting.lead or self.lead(file),
            "issue_no": meeting.issue_no or queries.suggested_issue(self._app.db, meeting),
        }
        return actions.change_meeting(self._app.db, self._app.actor, meeting.id, **changes)

    def lead(self, file: MeetingFile) -> str:
        """The usual opening of the minutes, for the person to change."""
        meeting = file.meeting
        if not meeting.starts_at or not meeting.chair:
            return ""
        where = self.tr("在{place}").format(place=meeting.place) if meeting.place else ""
        return self.tr("{day}，{chair}{where}主持召开{title}。现将会议议定事项纪要如下：").format(
            day=spoken_date(meeting.starts_at[:10]),
            chair=f"{meeting.chair_post or ''}{meeting.chair}",
            where=where,
            title=meeting.title,
        )

    def sign(self, file: MeetingFile, missing: Sequence[str]) -> Ask:
        """The signature that locks the record."""
        meeting = file.meeting
        words = (
            self.tr("还缺：{things}。补齐以后才能签字。").format(things="、".join(missing))
            if missing
            else self.tr("签字以后记录锁定，不能再改；发现错误时添加更正。")
        )
        return Ask(
            self.tr("会议记录签字"),
            self.tr("签字锁定"),
            (Field("who", self.tr("签字人"), required=True),),
            lambda answer: actions.sign(self._app.db, self._app.actor, meeting.id, answer["who"]),
            lambda _meeting: self.tr("记录已签字锁定"),
            values={"who": meeting.chair or self._app.actor.name},
            words=words,
        )

    def cancel(self, file: MeetingFile) -> Ask:
        """Take back a meeting that was called by mistake."""
        return Ask(
            self.tr("撤销这次会议"),
            self.tr("撤销会议"),
            (Field("why", self.tr("理由"), required=True, hint=self.tr("建错了、改期另建")),),
            lambda answer: actions.cancel_meeting(self._app.db, self._app.actor, file.meeting.id, answer["why"]),
            lambda _none: self.tr("“{title}”已撤销").format(title=file.meeting.title),
            words=self.tr("会议连同议题、名单一起撤销；在状态栏点“撤销”可以找回。"),
            tone="danger",
        )

    def correct(self, file: MeetingFile) -> Ask:
        """What has to be put right after the signature."""
        return Ask(
            self.tr("添加更正"),
            self.tr("添加更正"),
            (Field("text", self.tr("更正内容"), "long", required=True, wide=True),),
            lambda answer: actions.add_correction(self._app.db, self._app.actor, file.meeting.id, answer["text"]),
            lambda _correction: self.tr("更正已添加"),
            words=self.tr("原记录不动，更正附在后面，打印时一起印出。"),
        )
