"""What the forms about points ask, each with the action behind it; `whole` numbers are refused at their field."""

from collections.abc import Callable, Sequence

from desktop_app.points import actions, elsewhere, opening, queries, rules, several
from desktop_app.points.actions import Deposit
from desktop_app.points.book import rules_on
from desktop_app.points.due import DueLine
from desktop_app.points.model import PointsAccount, PointsEntry
from desktop_app.points.queries import AccountFilter, AccountLine, PassbookLine
from desktop_app.points.rules import PointsRule
from desktop_app.points.several import NotDeposited
from desktop_app.residents.queries import household_of
from desktop_app.shared.errors import AppError
from desktop_app.store.database import Database
from ui.pages.asks import Asks
from ui.widgets.inline_form import Answer, Ask
from ui.widgets.inputs import tidy_date
from ui.widgets.record_form import Field

RIGHT = "points.change"
_DIGITS = 9


def amount_of(text: str, field: str = "amount") -> int:
    """A whole number above 0 that was typed.  AppError, at the field, for anything else."""
    plain = text.strip()
    if not plain.isdecimal() or len(plain) > _DIGITS or not int(plain):
        raise AppError(f"“{plain}”不是数量，没有保存。", field=field, next_step="请填大于 0 的整数。")
    return int(plain)


def rule_words(rule: PointsRule) -> str:
    """参加主题党日：每次 2 分，每年最多 8 分."""
    return rule.words.partition("（第")[0]


def entry_words(line: PassbookLine) -> str:
    """2026-11-20 存入 120　陪同就医."""
    return f"{line.on} {line.kind} {line.came or line.went}　{line.text}"


def can_be_reversed(line: PassbookLine) -> bool:
    """Whether it counts, is no reversal itself and was not taken back."""
    return not (line.void or line.reversed_by or line.kind == rules.REVERSAL)


def taker_of(db: Database, giver: AccountLine, name: str, person_id: str) -> str:
    """The account that is meant by a resident or by the name of an account.  AppError where it is none or several."""
    if person_id:
        home = household_of(db, person_id)
        found = queries.accounts(db, AccountFilter(person_id=person_id))
        found += queries.accounts(db, AccountFilter(household_id=home.id)) if home is not None else []
    else:
        plain = " ".join(name.split())
        found = [one for one in queries.accounts(db, AccountFilter(text=plain)) if one.name == plain] if plain else []
    alike = [one for one in found if one.unit == giver.unit and one.id != giver.id]
    best = [one for one in alike if one.kind == giver.kind] or alike
    if len(best) == 1:
        return best[0].id
    if not best:
        raise AppError(
            "没有找到要转入的账户，没有转赠。",
            field="to_account",
            next_step=f"请选居民或写户名；对方还没有按{giver.unit}记的账户时，先给他开户。",
        )
    raise AppError(
        f"叫“{best[0].name}”的账户有 {len(best)} 个，没有转赠。", field="to_account", next_step="请在最上面选居民。"
    )


class PointsAsks(Asks):
    """Forms beside the list of accounts, and beside what could be deposited."""

    def open(self, go: Callable[[str], object], kind: str = "") -> Ask:
        """A new account; `go` is told its identifier."""
        fields = (
            Field("kind", self.tr("类别"), "choice", tuple((one, one) for one in rules.OWNED), required=True),
            Field("name", self.tr("户名"), hint=self.tr("空着用姓名；家庭积分用住址")),
            Field("opened_on", self.tr("开户日期"), "date", required=True),
            Field("note", self.tr("备注"), "long"),
        )

        def work(answer: Answer) -> PointsAccount:
            owner = self._owner(answer["kind"], answer.person_id or "")
            name = answer["name"] if "name" in answer.changes else ""
            on = tidy_date(answer["opened_on"])
            return opening.open_account(
                self._app.db, self._app.actor, answer["kind"], name=name, on=on, note=answer["note"], **owner
            )

        return Ask(
            self.tr("开户"),
            self.tr("开户"),
            fields,
            work,
            lambda made: self.tr("已给{name}开户").format(name=made.name),
            done=lambda made: go(made.id),
            values={"kind": kind or rules.TIME, "opened_on": self._today},
            person=True,
            words=self.tr("选一位居民。家庭积分开给他现在的这一户；一个人、一户，一类只有一个账户。"),
            fresh=True,
        )

    def _owner(self, kind: str, person_id: str) -> dict[str, str]:
        if not person_id:
            raise AppError(
                "没有选是谁的账户，没有开户。", field="person_id", next_step="请在最上面找到这位居民，选中再保存。"
            )
        if kind != rules.FAMILY:
            return {"person_id": person_id}
        home = household_of(self._app.db, person_id)
        if home is None:
            raise AppError(
                "这位居民还没有登记在哪一户，没有开户。",
                field="person_id",
                next_step="请先在居民页登记住处，再给这一户开户。",
            )
        return {"household_id": home.id}

    def change(self, line: AccountLine) -> Ask:
        """What the account is called, and what is noted about it."""
        return Ask(
            self.tr("修改：{name}").format(name=line.name),
            self.tr("保存"),
            (Field("name", self.tr("户名"), required=True), Field("note", self.tr("备注"), "long")),
            lambda answer: opening.change_account(self._app.db, self._app.actor, line.id, **answer.told("name")),
            lambda _made: self.tr("已保存"),
            values={"name": line.name, "note": line.note},
        )

    def deposit(self, line: AccountLine) -> Ask:
        """Something is deposited, or taken away, by a rule of the book."""
        offered = rules_on(self._app.db, line.kind)
        counted = self.tr("分钟数") if line.unit == rules.MINUTES else self.tr("次数或分值")
        fields = (
            Field(
                "rule", self.tr("规则"), "choice", tuple((one.code, rule_words(one)) for one in offered), required=True
            ),
            Field("amount", counted, "number", hint=self.tr("空着是一次") if line.unit == rules.POINTS else ""),
            Field("text", self.tr("事项"), hint=self.tr("印在存折上，不写别人的姓名")),
            Field("attest1", self.tr("审核人一")),
            Field("attest2", self.tr("审核人二")),
            Field("on", self.tr("日期"), "date", required=True),
        )

        def work(answer: Answer) -> PointsEntry:
            told = Deposit(
                answer["rule"],
                amount_of(answer["amount"]) if answer["amount"] else None,
                text=answer["text"],
                on=tidy_date(answer["on"]),
                attest1=answer["attest1"],
                attest2=answer["attest2"],
            )
            return actions.deposit(self._app.db, self._app.actor, line.id, told)

        return Ask(
            self.tr("存入：{name}").format(name=line.name),
            self.tr("存入"),
            fields,
            work,
            lambda made: f"{made.kind} {rules.spoken(made.amount, line.unit)}",
            for_good=True,
            values={"on": self._today, "rule": offered[0].code if offered and line.unit == rules.MINUTES else ""},
            words=self._now(line),
        )

    def spend(self, line: AccountLine) -> Ask:
        """Points are exchanged for something."""
        fields = (
            Field("amount", self._counted(line), "number", required=True),
            Field("text", self.tr("换了什么"), required=True, hint=self.tr("洗衣液两瓶、理发一次")),
            Field("on", self.tr("日期"), "date", required=True),
        )
        return Ask(
            self.tr("支出：{name}").format(name=line.name),
            self.tr("支出"),
            fields,
            lambda answer: actions.spend(
                self._app.db,
                self._app.actor,
                line.id,
                amount_of(answer["amount"]),
                answer["text"],
                on=tidy_date(answer["on"]),
            ),
            lambda made: self.tr("已支出，凭证 {no}").format(no=made.voucher_no or ""),
            for_good=True,
            values={"on": self._today},
            words=self._now(line),
        )

    def transfer(self, line: AccountLine) -> Ask:
        """Points are given to somebody else."""
        fields = (
            Field("to_account", self.tr("转给谁"), hint=self.tr("户名；选了居民可以空着")),
            Field("amount", self._counted(line), "number", required=True),
            Field("text", self.tr("说明")),
            Field("on", self.tr("日期"), "date", required=True),
        )

        def work(answer: Answer) -> PointsEntry:
            amount = amount_of(answer["amount"])
            taker = taker_of(self._app.db, line, answer["to_account"], answer.person_id or "")
            return actions.transfer(
                self._app.db, self._app.actor, line.id, taker, amount, text=answer["text"], on=tidy_date(answer["on"])
            )

        return Ask(
            self.tr("转赠：{name}").format(name=line.name),
            self.tr("转赠"),
            fields,
            work,
            lambda made: self.tr("已转赠，凭证 {no}").format(no=made.voucher_no or ""),
            for_good=True,
            values={"on": self._today},
            words=self._now(line),
            person=True,
        )

    def send(self, line: AccountLine) -> Ask:
        """Points leave for another community, mostly since their owner moves there."""
        fields = (
            Field("to", self.tr("转到哪个社区"), required=True),
            Field("amount", self._counted(line), "number", required=True),
            Field("on", self.tr("日期"), "date", required=True),
            Field("close", self.tr("全部转出后"), "choice", (("1", self.tr("销户")), ("0", self.tr("账户留着")))),
        )
        return Ask(
            self.tr("转出：{name}").format(name=line.name),
            self.tr("转出"),
            fields,
            lambda answer: elsewhere.send(
                self._app.db,
                self._app.actor,
                line.id,
                answer["to"],
                amount_of(answer["amount"]),
                on=tidy_date(answer["on"]),
                close=answer["close"] == "1",
            ),
            lambda made: self.tr("已转出，凭证 {no}，请打印交给本人").format(no=made.voucher_no or ""),
            for_good=True,
            values={
                "to": elsewhere.moved_to(self._app.db, line.person_id),
                "amount": str(max(line.balance, 0)),
                "on": self._today,
                "close": "1",
            },
            words=self._now(line) + self.tr("迁到其他社区的，积分凭凭证转入那边的账户。"),
        )

    def take_in(self, line: AccountLine) -> Ask:
        """What a voucher of another community says; one that came along with the resident is proposed."""
        came = elsewhere.brought(self._app.db, line.person_id) if line.person_id else []
        one = next((one for one in came if one.kind == line.kind), None)
        fields = (
            Field("source", self.tr("哪个社区开的"), required=True),
            Field("voucher_no", self.tr("凭证编号"), required=True),
            Field("amount", self._counted(line), "number", required=True),
            Field("on", self.tr("日期"), "date", required=True),
        )
        known = {"source": one.source, "voucher_no": one.voucher_no, "amount": str(one.amount)} if one else {}
        return Ask(
            self.tr("转入：{name}").format(name=line.name),
            self.tr("转入"),
            fields,
            lambda answer: elsewhere.take_in(
                self._app.db,
                self._app.actor,
                line.id,
                amount_of(answer["amount"]),
                answer["source"],
                answer["voucher_no"],
                on=tidy_date(answer["on"]),
            ),
            lambda made: self.tr("已转入 {amount}").format(amount=rules.spoken(made.amount, line.unit)),
            for_good=True,
            values={"on": self._today, **known},
            words=self._now(line) + self.tr("一张凭证只能转入一次；转入后请收下凭证。"),
        )

    def reverse(self, line: AccountLine, lines: Sequence[PassbookLine], at: PassbookLine | None) -> Ask | None:
        """One entry is taken back; None, with a word in the status bar, where there is none that can be."""
        offered = [one for one in reversed(lines) if can_be_reversed(one)]
        if not offered:
            self._desk.say(self.tr("这本存折上没有可以冲正的流水。"))
            return None
        chosen = at if at in offered else offered[0]
        entries = tuple((one.id, entry_words(one)) for one in offered)
        return Ask(
            self.tr("冲正：{name}").format(name=line.name),
            self.tr("冲正"),
            (
                Field("entry", self.tr("哪一笔"), "choice", entries, required=True),
                Field("why", self.tr("原因"), "long", required=True),
            ),
            lambda answer: actions.reverse(self._app.db, self._app.actor, answer["entry"], answer["why"]),
            lambda _made: self.tr("已冲正，原来的一笔也留着"),
            for_good=True,
            values={"entry": chosen.id if chosen is not None else ""},
            words=self.tr("原来的一笔不动，反着再记一笔。"),
            tone="danger",
        )

    def close(self, line: AccountLine) -> Ask:
        """The account is closed; what is in it has to be spent or given away before."""
        return Ask(
            self.tr("销户：{name}").format(name=line.name),
            self.tr("销户"),
            (Field("closed_on", self.tr("销户日期"), "date", required=True), Field("why", self.tr("原因"))),
            lambda answer: opening.close_account(
                self._app.db, self._app.actor, line.id, tidy_date(answer["closed_on"]), answer["why"]
            ),
            lambda _made: self.tr("已销户，流水都留着"),
            values={"closed_on": self._today},
            words=self._now(line),
            tone="danger",
        )

    def _counted(self, line: AccountLine) -> str:
        return self.tr("数量（{unit}）").format(unit=line.unit)

    def _now(self, line: AccountLine) -> str:
        return self.tr("{kind}，现在结余 {left}。").format(kind=line.kind, left=rules.spoken(line.balance, line.unit))


class DueAsks(Asks):
    """The form beside what could be deposited."""

    def deposit(self, lines: Sequence[DueLine], tell: Callable[[Sequence[NotDeposited]], object]) -> Ask:
        """Everything that is chosen goes in; `tell` hears what could not."""
        offered = [one for one in rules_on(self._app.db) if one.of in {rules.TIME, rules.MEMBER} and not one.veto]
        usual = next((one for one in offered if one.of == rules.TIME and one.per == rules.BY_MINUTE), None)
        fields = (
            Field(
                "rule", self.tr("规则"), "choice", tuple((one.code, rule_words(one)) for one in offered), required=True
            ),
            Field("attest1", self.tr("审核人一"), hint=self.tr("不能是本人")),
            Field("attest2", self.tr("审核人二")),
        )
        owed = [one.owed for one in lines]
        total = rules.spoken(sum(one.minutes for one in owed), rules.MINUTES)
        names = "、".join(dict.fromkeys(one.name for one in lines))

        def work(answer: Answer) -> tuple[list[PointsEntry], list[NotDeposited]]:
            reviewers = {"attest1": answer["attest1"], "attest2": answer["attest2"]}
            made, left = several.deposit_due(self._app.db, self._app.actor, owed, answer["rule"], **reviewers)
            if left and not made:  # whatever it is, the form is still needed
                raise AppError(left[0].why, field=left[0].field or None, next_step=left[0].next_step or None)
            return made, left

        return Ask(
            self.tr("存入"),
            self.tr("存入"),
            fields,
            work,
            self._said,
            for_good=True,
            done=lambda both: tell(both[1]),
            values={"rule": usual.code if usual else ""},
            words=self.tr("{n} 件，共 {total}：{names}。没有账户的一起开户。").format(
                n=len(lines), total=total, names=names
            ),
        )

    def _said(self, both: tuple[list[PointsEntry], list[NotDeposited]]) -> str:
        """How many went in; of those that did not, how many and why."""
        made, left = both
        done = self.tr("已存入 {n} 笔").format(n=len(made))
        if not left:
            return done
        more = self.tr("；{m} 笔没有存入，原因在右边：{why}").format(m=len(left), why=left[0].words)
        return done + more
