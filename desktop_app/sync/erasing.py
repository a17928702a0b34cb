"""A resident asks to be erased (PIPL art. 47): whatever is about the person vanishes, here and on every other desk.

What belongs to the organisation stays: a seat once held, a meeting that was attended, a post on a card, under the name
as it was written there, an appeal without reporter and words.  Those are records of the community, kept by other rules,
and are put right where they stand (KEPT).
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from desktop_app.accounts.model import Actor
from desktop_app.accounts.rights import needs
from desktop_app.attachments.rules import ERASED, PERSONAL
from desktop_app.attachments.rules import SEALED as SEALED_TABLE
from desktop_app.points import forgetting as points
from desktop_app.privacy import sealing
from desktop_app.residents.actions import end_living
from desktop_app.residents.merging import MERGED, entries
from desktop_app.residents.model import Person
from desktop_app.shared.actor import SYSTEM
from desktop_app.shared.errors import AppError
from desktop_app.shared.ids import named_id, new_id
from desktop_app.store.base import record_classes
from desktop_app.store.database import Database, Transaction
from desktop_app.store.keys import SecretStore
from desktop_app.store.requests import Erasure
from desktop_app.sync import blanking, state
from desktop_app.sync.retelling import CLEARED, ONCE, clear, forget_earlier
from sync_protocol.behaviours import rules_of
from sync_protocol.messages import Gone

OWN: Final = (
    ("person_tag", "person_id"),
    ("person_event", "person_id"),
    ("household_member", "person_id"),
    ("residence", "person_id"),
    ("party_member", "person_id"),
    ("visit", "person_id"),
    ("door_bell", "person_id"),
    ("care_pair", "person_id"),
    ("helper", "person_id"),
    ("wish", "person_id"),
    ("registration", "person_id"),
    ("print_job", "subject_id"),
    ("attachment", "owner_id"),
)
"""Records that are about nobody else, by the field that says whose they are."""
KEPT: Final = {
    ("household", "head_id"): "户是房屋的记录；户主换人或空缺，这里只剩一个没有内容的编号",
    ("room", "owner_person_id"): "房屋的记录；只剩编号",
    ("duplicate_verdict", "a_id"): "合并过的记录要能一起清除；只有编号",
    ("duplicate_verdict", "b_id"): "同上",
    ("seat", "person_id"): "任职是组织的记录，按档案规定保存；姓名到原处改正",
    ("party_centre_household", "host_id"): "党员中心户是组织的记录；姓名、电话到原处改正",
    ("contact_assignment", "person_id"): "包联责任是组织的记录",
    ("care_pair", "helper_id"): "别人的结对记录；结对人的姓名、单位、电话清除（retelling.CLEARED）",
    ("part_time_member", "person_id"): "任职是组织的记录，按档案规定保存；姓名、电话到原处改正",
    ("sign_in", "person_id"): "活动人次和分钟要统计；姓名清除（retelling.CLEARED）",
    ("attendance", "person_id"): "会议记录签名后不改（档案）",
    ("appeal", "person_id"): "诉求的类别、日期、结果要统计；文字、地点、反映人都清除（retelling.CLEARED）",
    ("service_order", "person_id"): "服务的类别、日期、分钟、评价要统计；事项、地点、点单人都清除（retelling.CLEARED）",
    ("points_account", "person_id"): "积分总账要平，转给别人的要留；户名、备注、服务事项都清除（retelling.CLEARED）",
    ("matter", "proposer_id"): "议题是社区的记录；提出人的姓名、电话清除（retelling.CLEARED）",
    ("owner_ballot", "owner_id"): "表决结果要能核对；姓名清除（retelling.CLEARED），只剩编号",
    ("approval", "person_id"): "谁批准看过，须留存备查；事由里不写姓名，只有编号",
    ("subject_request", "person_id"): "依申请办理的凭据，保存三年；申请人、电话、内容清除（retelling.CLEARED）",
}
"""References to a person that outlast an erasure, and why: each is in OWN or here, which a test proves."""


_OF: Final = (
    "SELECT 1 FROM erasure e CROSS JOIN {0} a ON a.person_id=e.row_id CROSS JOIN {1} v ON {2} WHERE e.tbl='person'"
)
"""From the few who were erased: SQLite would go through all events, after every save of one."""
LATE_WORDS: Final = {
    "appeal_event": _OF.format("appeal", "appeal_event", "v.appeal_id=a.id"),
    "order_event": _OF.format("service_order", "order_event", "v.order_id=a.id"),
    "points_entry": _OF.format("points_account", "points_entry", "(v.from_account_id=a.id OR v.to_account_id=a.id)"),
}
"""SQL: events of what stays of people who were erased; another desk may still send words in one."""
LATE: Final = "随本人一并清除"
SEALED: Final = "封存"
"""Kind of a sealed record: a person who is kept out of sight."""
UNDER_WAY: Final = "erasing"
"""Setting: records were asked to go whose content may still be here; it goes when the store is opened next."""


@dataclass(frozen=True, slots=True)
class Erased:
    """How many records go; `at_once` on a desk without a server, else by the next sync."""

    records: int
    at_once: bool

    @property
    def words(self) -> str:
        """What happens now, in a sentence; it names nobody."""
        when = "内容已从本机清除" if self.at_once else "内容已从本机清除，下次同步后从服务器和其他电脑上清除"
        return f"已登记清除 1 人的 {self.records} 条记录。{when}；以前的备份到期自动删除。"


@needs("residents.erase")
def erase(db: Database, actor: Actor, person_id: str, reason: str, *, sealed: Sequence[str] = ()) -> Erased:
    """Erases everything that is about a resident here at once, elsewhere with the next sync; cannot be taken back.

    `reason` is on what ground; it must not name the person.  `sealed`: sealed records about the person, which only a
    desk with their key can tell (`privacy.sealing`).
    """
    if not reason.strip():
        raise AppError("清除的依据没有填，没有改动。", field="reason", next_step="请写明依据，如“本人书面申请”。")
    with db.transaction(actor, "清除居民资料") as tx:
        person = may_go(tx, person_id, reason)
        chosen = ask_for(tx, person, reason.strip(), more=[("sealed_record", one) for one in sealed])
    vanish(db, chosen)
    return Erased(len(chosen), at_once=not state.read(db).enrolled)


def may_go(tx: Transaction, person_id: str, reason: str) -> Person:
    """The person; AppError for one of another unit, and for a ground that names whom it is about."""
    person = tx.need(Person, person_id)
    if person.name in reason:
        raise AppError("依据里写了本人的姓名，没有改动。", field="reason", next_step="依据会留下来，请不要写姓名。")
    if person.scope:
        raise AppError("这是别的单位的记录，没有改动。", next_step="请由那个单位办理清除。")
    return person


def ask_for(
    tx: Transaction, person: Person, reason: str, *, more: Sequence[tuple[str, str]] = (), sealed_on: str | None = None
) -> list[tuple[str, str]]:
    """Hides whatever is about a person and asks for it to go; `vanish` takes the content after the commit."""
    end_living(tx, person.id, tx.db.clock.today().isoformat())
    people = entries(tx.rows, person.id)
    chosen = [*wholly(tx, people), *clear(tx, people, _names(person)), *hanging(tx, owners(tx, people))]
    named = [] if sealed_on else points.unname(tx, people, _names(person))
    chosen += [*named, *hanging(tx, named), *more, *hanging(tx, more), *(_told_of_sealed(tx) if sealed_on else ())]
    chosen = list(dict.fromkeys(chosen))
    ask(tx, chosen, reason, sealed_on)
    return chosen


@needs("privacy.erase", "residents.erase")
def erase_records(db: Database, actor: Actor, what: str, records: Sequence[tuple[str, str]], reason: str) -> Erased:
    """Erases some records by (table, id), whatever they are about: their time is over.  Called over an approval."""
    with db.transaction(actor, what, reason) as tx:
        chosen = list(dict.fromkeys([*records, *_parts(tx, records)]))
        chosen = list(dict.fromkeys([*chosen, *hanging(tx, chosen)]))
        ask(tx, chosen, reason)
    vanish(db, chosen)
    return Erased(len(chosen), at_once=not state.read(db).enrolled)


def _names(person: Person) -> tuple[str, ...]:
    return tuple(word for word in (person.name, person.used_name or "") if word)


def wholly(tx: Transaction, people: Sequence[str]) -> list[tuple[str, str]]:
    """These entries and everything that is about them alone: what an erasure erases and a seal has to keep."""
    own = [one for who in people for one in (("person", who), *_own(tx, who))]
    return list(dict.fromkeys([*own, *hanging(tx, own)]))


def owners(tx: Transaction, people: Sequence[str], *, open_too: bool = False) -> list[tuple[str, str]]:
    """Records of the community whose files are these people's; with `open_too`, those that lose nothing yet as well."""
    return [
        (table, str(record_id))
        for table, column in PERSONAL.items()
        for (record_id,) in tx.rows(
            f'SELECT id FROM "{table}" WHERE "{column}" IN (SELECT value FROM json_each(?)) AND sync_del<2 '
            f"AND {'1' if open_too else ONCE.get(table, '1')}",
            (json.dumps(list(people)),),
        )
    ]


def hanging(tx: Transaction, records: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """What names one of these as its owner: files, and conflict records with both values of what two desks wrote."""
    ids: dict[str, list[str]] = {}
    for table, record_id in records:
        ids.setdefault(table, []).append(record_id)
    naming = [(name, one) for name in record_classes() if (one := rules_of(name).follows) and one.named_in]
    return [
        (name, str(found))
        for name, follows in naming
        for table, some in ids.items()
        for (found,) in tx.rows(
            f'SELECT id FROM "{name}" WHERE "{follows.named_in}"=? AND sync_del<2 '
            f'AND "{follows.field}" IN (SELECT value FROM json_each(?))',
            (table, json.dumps(some)),
        )
    ]


def _told_of_sealed(source: state.Reader) -> list[tuple[str, str]]:
    """Conflict records about files under seal: they say what a file was called, and what it hung on."""
    sql = (
        "SELECT c.id FROM conflict c JOIN attachment a ON c.tbl='attachment' AND c.row_id=a.id "
        "WHERE a.owner_table=? AND c.sync_del=0"
    )
    return [("conflict", str(one)) for (one,) in source.rows(sql, (SEALED_TABLE,))]


def _own(tx: Transaction, person_id: str) -> list[tuple[str, str]]:
    """Everything that is about the person alone, earlier deletions included: their content is still in the file."""
    found = [
        (table, record_id)
        for table, field in OWN
        if table in record_classes()
        for (record_id,) in tx.rows(f'SELECT id FROM "{table}" WHERE "{field}"=? AND sync_del<2', (person_id,))
    ]
    return found + _parts(tx, found)


def _parts(tx: Transaction, records: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """What belongs to such records and goes with them: alarms of a bell, the line of a wish, what somebody claimed."""
    return [
        (name, str(part))
        for table, record_id in records
        for name in record_classes()
        if (follows := rules_of(name).follows) and follows.table == table
        for (part,) in tx.rows(f'SELECT id FROM "{name}" WHERE "{follows.field}"=? AND sync_del<2', (record_id,))
    ]


def ask(tx: Transaction, chosen: Sequence[tuple[str, str]], reason: str, sealed_on: str | None = None) -> None:
    """Hides records and says that their content has to go, once however often it is said; `vanish` comes behind it."""
    tx.set_setting(UNDER_WAY, "1")
    for table, record_id in chosen:
        request = named_id("erasure", table, record_id)
        if not tx.scalar("SELECT 1 FROM erasure WHERE tbl=? AND row_id=? AND sync_del=0", (table, record_id)):
            taken = tx.scalar("SELECT 1 FROM erasure WHERE id=?", (request,))  # withdrawn, or by who wants none of it
            name = new_id() if taken else request
            tx.add(Erasure(id=name, tbl=table, row_id=record_id, reason=reason, sealed_on=sealed_on or ""))
        tx.execute(f'UPDATE "{table}" SET sync_del=1 WHERE id=? AND sync_del=0', (record_id,))


def vanish(db: Database, chosen: Sequence[tuple[str, str]]) -> None:
    """The content leaves this desk at once; the server and the other desks follow with the next sync."""
    gone = int(Gone.DELETED if state.read(db).enrolled else Gone.ERASED)
    with db.applying("清除") as tx:
        for table, record_id in chosen:
            number = tx.scalar(f'SELECT local_no FROM "{table}" WHERE id=? AND sync_del<2', (record_id,))
            if number is not None:
                blanking.blank(tx, tx.db.tables[table], [number], erased=True)
                tx.execute(f'UPDATE "{table}" SET sync_del=? WHERE local_no=?', (gone, number))
        tx.set_setting(UNDER_WAY, None)
    forget_earlier(db)
    blanking.wipe_log(db)


def finish(db: Database) -> None:
    """When a store is opened: what was asked to go and is still here, since the program ended in between, goes now."""
    if db.setting(UNDER_WAY):
        asked = [(str(table), str(one)) for table, one in db.rows("SELECT tbl,row_id FROM erasure WHERE sync_del=0")]
        vanish(db, [one for one in asked if one[0] in db.tables])
    elif db.setting(blanking.WIPE):
        blanking.wipe_log(db)


# ------------------------------------------------------------------------------------------------ what came too late


def follow_up(db: Database, tables: frozenset[str]) -> None:
    """After any commit: what another desk added about a person who was erased meanwhile is erased too."""
    words = tables & {*CLEARED, *LATE_WORDS, "erasure", "attachment", "conflict"}
    watched = [(table, field) for table, field in OWN if table in tables or "erasure" in tables]
    if not (words or watched) or db.scalar("SELECT 1 FROM erasure LIMIT 1") is None or state.waits_for_rest(db):
        return
    if words:
        _take_late_words(db)
    clashes = _late_clashes(db) if tables & {"conflict", "erasure"} else []
    if found := [*_late(db, watched), *_told_of_sealed(db), *clashes]:
        with db.transaction(SYSTEM, "清除后补到的资料一并清除") as tx:
            ask(tx, found, LATE)
        vanish(db, found)


def _take_late_words(db: Database) -> None:
    """What stays of somebody who was erased loses its words and files again, and this desk's memory of them."""
    if _speaks_of_erased(db):
        with db.transaction(SYSTEM, "清除后补到的资料一并清除") as tx:
            people = [str(who) for (who,) in tx.rows("SELECT row_id FROM erasure WHERE tbl='person'")]
            gone = clear(tx, people, ())
            erased = tx.rows(f"SELECT row_id FROM erasure e WHERE tbl='person' AND {ERASED}")
            gone += hanging(tx, owners(tx, [str(who) for (who,) in erased]))
            ask(tx, gone, LATE)
        vanish(db, gone)
    forget_earlier(db)


def _late_clashes(db: Database) -> list[tuple[str, str]]:
    """Conflict records about words that were taken out of what stays, while another desk wrote them or others."""
    asked = " UNION ".join(
        f'SELECT c.id FROM conflict c JOIN "{table}" t ON t.id=c.row_id AND t.scope=0 AND {ONCE.get(table, "1")} '
        f"JOIN erasure e ON e.tbl='person' AND e.row_id=t.\"{column}\" "
        f"WHERE c.tbl='{table}' AND c.sync_del=0 AND c.field IN ({','.join(repr(name) for name in blanks)})"
        for table, (column, blanks) in CLEARED.items()
    )
    return [("conflict", str(one)) for (one,) in db.rows(asked)]


def _late(db: Database, watched: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [
        (table, str(record_id))
        for table, field in watched
        for (record_id,) in db.rows(
            f'SELECT t.id FROM erasure e JOIN "{table}" t ON t."{field}"=e.row_id WHERE e.tbl=\'person\' '
            f"AND t.sync_del=0 AND t.scope=0 AND {ERASED if table == 'attachment' else '1'}"
        )
    ]


def _speaks_of_erased(db: Database) -> bool:
    """Whether something that stays of somebody who was erased has words again, or still."""
    for said in LATE_WORDS.values():
        if db.scalar(f"{said} AND a.sync_del=0 AND a.scope=0 AND v.sync_del=0 AND v.text<>'' LIMIT 1"):
            return True
    if points.astray(db):
        return True
    return any(_has_words(db, table) for table in CLEARED) or any(_has_files(db, table) for table in PERSONAL)


def _has_files(db: Database, table: str) -> bool:
    """Not of those under seal: theirs are put away with them by a desk that has the key (`sealed_files`)."""
    sql = (
        f'SELECT 1 FROM erasure e JOIN "{table}" t ON t."{PERSONAL[table]}"=e.row_id '
        "JOIN attachment a ON a.owner_table=? AND a.owner_id=t.id AND a.sync_del=0 "
        f"WHERE e.tbl='person' AND t.scope=0 AND {ERASED} AND {ONCE.get(table, '1')} LIMIT 1"
    )
    return db.scalar(sql, (table,)) is not None


def _has_words(db: Database, table: str) -> bool:
    column, blanks = CLEARED[table]
    differ = " OR ".join(f't."{name}" IS NOT :{name}' for name in blanks)
    sql = f'SELECT 1 FROM erasure e JOIN "{table}" t ON t."{column}"=e.row_id WHERE e.tbl=\'person\' AND t.sync_del=0 '
    return db.scalar(f"{sql}AND t.scope=0 AND {ONCE.get(table, '1')} AND ({differ}) LIMIT 1", blanks) is not None


# ------------------------------------------------------------------------------------------------------- under seal


_GONE_FOR_GOOD: Final = (
    "WITH RECURSIVE up(went,stayed) AS "
    "(SELECT row_id,row_id FROM erasure WHERE tbl='person' AND coalesce(sealed_on,'')='' "
    "UNION SELECT up.went,v.a_id FROM up JOIN duplicate_verdict v ON v.b_id=up.stayed AND v.verdict=:merged "
    "AND v.sync_del=0) SELECT went FROM up GROUP BY went "
    "HAVING NOT max(EXISTS(SELECT 1 FROM person p WHERE p.id=up.stayed AND p.sync_del=0) "
    "OR EXISTS(SELECT 1 FROM erasure e WHERE e.tbl='person' AND e.row_id=up.stayed AND e.sealed_on>''))"
)
"""Those who were erased; not an entry of somebody who is in the register again, or under seal."""


def follow_up_sealed(secrets: SecretStore, db: Database, tables: frozenset[str]) -> None:
    """After any commit, at a desk with the key: restricted classes of people who were erased anywhere are erased.

    Not of those who were put under seal themselves: they left the register like an erasure and are kept.
    """
    if not tables & {"erasure", "sealed_record"} or state.waits_for_rest(db):
        return
    told = [sealing.about(db, secrets, str(who)) for (who,) in db.rows(_GONE_FOR_GOOD, {"merged": MERGED})]
    erased = [records for records in told if all(one.kind != SEALED for one in records)]
    found = list(dict.fromkeys(("sealed_record", one.id) for records in erased for one in records))
    if found:
        with db.transaction(SYSTEM, "清除后补到的资料一并清除") as tx:
            found += hanging(tx, found)
            ask(tx, found, LATE)
        vanish(db, found)
