"""What the forms about leave ask: days on which a helper is not put on the roster, and a leave that is over early."""

from desktop_app.orders import duty, people, roster
from desktop_app.orders.roster import ShiftLine
from ui.pages.asks import Asks
from ui.widgets.inline_form import Ask
from ui.widgets.inputs import tidy_date
from ui.widgets.record_form import Field


class LeaveAsks(Asks):
    """Forms for leave."""

    def leave(self, line: ShiftLine | None) -> Ask:
        """Days on which somebody is not to be put on the roster; begins with who stands in the shift `line`."""
        helpers = tuple(people.helpers_for_duty(self._app.db))
        fields = (
            Field("helper", self.tr("谁请假"), "choice", helpers, required=True),
            Field("since", self.tr("从"), "date", required=True),
            Field("until", self.tr("到"), "date"),
            Field("text", self.tr("原因")),
        )
        return Ask(
            self.tr("请假"),
            self.tr("登记请假"),
            fields,
            lambda answer: duty.ask_leave(
                self._app.db,
                self._app.actor,
                answer["helper"],
                tidy_date(answer["since"]),
                tidy_date(answer["until"]),
                answer["text"],
            ),
            lambda _key: self.tr("已登记请假；已经排好的班请改派或换班"),
            values={"helper": line.helper_id, "since": line.on} if line is not None else {},
            fresh=True,
        )

    def end_leave(self, line: ShiftLine | None) -> Ask | None:
        """Somebody is back before the day; None, with a word in the status bar, where nobody is away."""
        away = roster.leave_lines(self._app.db)
        if not away:
            self._desk.say(self.tr("现在没有人请假，不用销假。"))
            return None
        choices = tuple((one.id, f"{one.helper}　{one.from_on}—{one.to_on}　{one.text}".strip()) for one in away)
        who = line.helper_id if line is not None else ""
        return Ask(
            self.tr("销假"),
            self.tr("销假"),
            (Field("leave", self.tr("谁的请假"), "choice", choices, required=True),),
            lambda answer: duty.end_leave(self._app.db, self._app.actor, answer["leave"]),
            lambda _none: self.tr("已销假，从现在起又可以排班"),
            values={"leave": next((one.id for one in away if one.helper_id == who), choices[0][0])},
            words=self.tr("提前回来、登记错了都在这里。"),
            fresh=True,
        )
