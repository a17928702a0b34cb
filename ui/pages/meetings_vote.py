"""What more is asked of a vote: its rule, slips of paper, who watched, where it is made public."""

from desktop_app.meetings import actions, queries
from desktop_app.meetings.model import AgendaItem
from desktop_app.meetings.rules import MeetingFile
from ui.pages.asks import Asks
from ui.widgets.inline_form import Answer, Ask
from ui.widgets.inputs import tidy_date
from ui.widgets.record_form import Field

_NUMBERS = ("ballots_issued", "ballots_returned", "ballots_invalid")
_DAYS = ("publicity_from", "publicity_to")


class VoteAsks(Asks):
    """Forms for one item of an agenda."""

    def more(self, file: MeetingFile, item: AgendaItem) -> Ask:
        """Rule, slips, watchers, publicity; of a signed record the publicity alone."""
        app = self._app
        rules = tuple((rule.item, rule.item) for rule in queries.rules_of(app.db, file.meeting))
        fields = (
            Field("vote_rule", self.tr("适用规则"), "choice", rules),
            Field("ballots_issued", self.tr("发出票数"), "number"),
            Field("ballots_returned", self.tr("收回票数"), "number"),
            Field("ballots_invalid", self.tr("废票"), "number"),
            Field("scrutineer", self.tr("监票人")),
            Field("teller", self.tr("计票人")),
            Field("publicity_how", self.tr("公开方式"), hint=self.tr("公告栏、微信群")),
            Field("publicity_from", self.tr("公开起"), "date"),
            Field("publicity_to", self.tr("公开止"), "date"),
        )
        open_fields = tuple(field for field in fields if not file.signed or field.name.startswith("publicity"))
        values = {field.name: _text(getattr(item, field.name)) for field in open_fields}

        def work(answer: Answer) -> AgendaItem:
            changes = answer.told()
            for name in changes.keys() & set(_NUMBERS):
                changes[name] = int(answer[name]) if answer[name].strip().isdecimal() else None
            for name in changes.keys() & set(_DAYS):
                changes[name] = tidy_date(answer[name]) or None
            return actions.change_agenda_item(app.db, app.actor, item.id, **changes) if changes else item

        return Ask(
            self.tr("表决和公开：{title}").format(title=item.title),
            self.tr("保存"),
            open_fields,
            work,
            lambda _item: self.tr("已保存"),
            values=values,
            columns=2,
            words=self.tr("规则只决定能不能印“表决通过”，从不影响保存。"),
        )


def _text(value: object) -> str | None:
    return None if value is None else str(value)
