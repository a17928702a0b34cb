"""What may be wrong with people, where they live and the households they form."""

from typing import Final

from desktop_app.health.finding import Check
from desktop_app.residents.rules import HEAD_RELATIONS

PERSON: Final = "p.name||coalesce('　'||p.birth||' 出生','')"
GONE: Final = "coalesce(p.deceased_on,p.left_on)"
"""Since when a person is not on the register any more."""
_KNOWN: Final = f"min(length({GONE}),length(p.birth))"
"""How much of two dates can be compared: 1950 and 1950-03-05 agree."""
_ROOM: Final = (
    "(SELECT e.name||b.no||'栋'||coalesce(r.unit||'-','')||r.no FROM room r JOIN building b ON b.id=r.building_id "
    "JOIN estate e ON e.id=b.estate_id WHERE r.id={room})"
)
_MEMBERS: Final = (
    "(SELECT group_concat(q.name,'、') FROM household_member n JOIN person q ON q.id=n.person_id "
    "WHERE n.household_id={household} AND n.sync_del=0 AND n.to_on IS NULL AND q.sync_del=0)"
)
_HEADS: Final = ",".join(f"'{word}'" for word in HEAD_RELATIONS)


def room_words(room: str) -> str:
    """SQL for the address of the room with this identifier (SQL)."""
    return f"coalesce({_ROOM.format(room=room)},'没有登记房屋')"


def household_words(household: str = "t.id", room: str = "t.room_id") -> str:
    """SQL for a household: where, and who belongs to it."""
    return f"{room_words(room)}||coalesce('　'||{_MEMBERS.format(household=household)},'')"


_PERSONS: Final = (
    Check(
        "same_id", "问题", "不同居民的证件号相同", "person",
        f"{PERSON}||'　证件尾号 '||substr(p.id_no,-4)",
        "FROM person p WHERE p.sync_del=0 AND p.id_no IN (SELECT id_no FROM person "
        "WHERE sync_del=0 AND id_no IS NOT NULL GROUP BY id_no HAVING count(*)>1)",
        "请到“重复”页核对是不是同一个人登记了两次。", "p.id", order="p.id_no,p.local_no",
    ),
    Check(
        "birth_future", "问题", "出生日期在今天之后", "person", PERSON,
        "FROM person p WHERE p.sync_del=0 AND p.birth>:today", "请核对证件，改正出生日期。", "p.id", order="p.local_no",
    ),
    Check(
        "birth_odd", "提醒", "出生日期早于1900年", "person", PERSON,
        "FROM person p WHERE p.sync_del=0 AND p.birth<'1900'", "请核对证件。", "p.id", order="p.local_no",
    ),
    Check(
        "birth_number", "提醒", "出生日期与身份证号不一致", "person",
        f"{PERSON}||'　证件上 '||substr(p.id_no,7,4)||'-'||substr(p.id_no,11,2)||'-'||substr(p.id_no,13,2)",
        "FROM person p WHERE p.sync_del=0 AND p.id_type IN (SELECT value FROM json_each(:card)) AND length(p.id_no)=18 "
        "AND replace(p.birth,'-','')<>substr(p.id_no,7,length(replace(p.birth,'-','')))",
        "请照证件核对，改正其中一项。", "p.id", order="p.local_no",
    ),
    Check(
        "death_first", "问题", "去世或迁出日期早于出生日期", "person", f"{PERSON}||'　'||{GONE}",
        "FROM person p WHERE p.sync_del=0 AND p.birth IS NOT NULL "
        f"AND substr({GONE},1,{_KNOWN})<substr(p.birth,1,{_KNOWN})",
        "请核对这两个日期。", "p.id", order="p.local_no",
    ),
    Check(
        "death_future", "问题", "去世日期在今天之后", "person", f"{PERSON}||'　'||p.deceased_on||' 去世'",
        "FROM person p WHERE p.sync_del=0 AND p.deceased_on>:today", "请核对去世日期。", "p.id", order="p.local_no",
    ),
)  # fmt: skip

_LIVING: Final = (
    Check(
        "gone_living", "问题", "已去世或迁出的人还登记住着", "person",
        f"{PERSON}||'　'||{GONE}||CASE WHEN p.deceased_on IS NULL THEN ' 迁出' ELSE ' 去世' END",
        "FROM person p WHERE p.sync_del=0 AND (p.deceased_on IS NOT NULL OR p.left_on IS NOT NULL) AND (EXISTS("
        "SELECT 1 FROM residence s WHERE s.person_id=p.id AND s.sync_del=0 AND s.to_on IS NULL) OR EXISTS("
        "SELECT 1 FROM household_member m WHERE m.person_id=p.id AND m.sync_del=0 AND m.to_on IS NULL))",
        "住处和户成员应在那一天结束。", "p.id", order="p.local_no",
    ),
    Check(
        "moved_in_after", "问题", "去世之后还有入住记录", "person",
        f"{PERSON}||'　'||p.deceased_on||' 去世，'||t.from_on||' 入住'",
        "FROM residence t JOIN person p ON p.id=t.person_id WHERE t.sync_del=0 AND p.sync_del=0 "
        "AND substr(t.from_on,1,length(p.deceased_on))>p.deceased_on",
        "请核对入住日期和去世日期。", "p.id",
    ),
    Check(
        "two_homes", "问题", "居民同时住在两处", "person", PERSON,
        "FROM (SELECT person_id FROM residence WHERE sync_del=0 AND to_on IS NULL GROUP BY person_id "
        "HAVING count(*)>1) d JOIN person p ON p.id=d.person_id WHERE p.sync_del=0",
        "请打开居民，用“迁移”确定住在哪一处。", "p.id", order="p.local_no",
    ),
    Check(
        "two_households", "问题", "居民同时属于两户", "person", PERSON,
        "FROM (SELECT person_id FROM household_member WHERE sync_del=0 AND to_on IS NULL GROUP BY person_id "
        "HAVING count(*)>1) d JOIN person p ON p.id=d.person_id WHERE p.sync_del=0",
        "请打开居民，用“迁移”确定属于哪一户。", "p.id", order="p.local_no",
    ),
    Check(
        "room_closed", "问题", "停用的房屋里还住着人", "person",
        f"{PERSON}||'　'||{room_words('r.id')}||'　'||r.to_on||' 停用'",
        "FROM room r JOIN residence s ON s.room_id=r.id AND s.sync_del=0 AND s.to_on IS NULL "
        "JOIN person p ON p.id=s.person_id AND p.sync_del=0 WHERE r.sync_del=0 AND r.to_on IS NOT NULL",
        "请把人迁到别的房屋，或恢复这间房。", "p.id", "'room',r.id", "r.local_no,p.local_no",
    ),
    Check(
        "dead_tag", "提醒", "已去世的人还有没结束的标签", "person_tag",
        f"{PERSON}||'　'||t.tag||'　'||p.deceased_on||' 去世'",
        "FROM person_tag t JOIN person p ON p.id=t.person_id WHERE t.sync_del=0 AND t.to_on IS NULL "
        "AND p.sync_del=0 AND p.deceased_on IS NOT NULL",
        "标签应在去世那一天结束。", place="'person',p.id",
    ),
)  # fmt: skip

_HOUSEHOLDS: Final = (
    Check(
        "head_missing", "问题", "户没有户主", "household", household_words(),
        "FROM household t WHERE t.sync_del=0 AND t.to_on IS NULL AND NOT EXISTS(SELECT 1 FROM household_member m "
        "JOIN person p ON p.id=m.person_id WHERE m.household_id=t.id AND m.person_id=t.head_id AND m.sync_del=0 "
        "AND m.to_on IS NULL AND p.sync_del=0) AND EXISTS(SELECT 1 FROM household_member m "
        "JOIN person p ON p.id=m.person_id AND p.sync_del=0 WHERE m.household_id=t.id AND m.sync_del=0 "
        "AND m.to_on IS NULL)",
        "请打开这一户，指定一位成员为户主。", place="'room',t.room_id",
    ),
    Check(
        "head_double", "问题", "户主与成员关系对不上（不止一位户主，或户主没有标明）", "household", household_words(),
        "FROM household t JOIN (SELECT m.household_id,group_concat(m.person_id) AS heads,count(*) AS n "
        f"FROM household_member m JOIN person p ON p.id=m.person_id AND p.sync_del=0 WHERE m.relation IN ({_HEADS}) "
        "AND m.sync_del=0 AND m.to_on IS NULL GROUP BY m.household_id) d ON d.household_id=t.id "
        "WHERE t.sync_del=0 AND t.to_on IS NULL AND t.head_id IS NOT NULL AND (d.n>1 OR d.heads<>t.head_id)",
        "户主以户里登记的那一位为准，其余人的关系要重新问。", place="'room',t.room_id",
    ),
    Check(
        "household_empty", "提醒", "户里已经没有人，还没有结束", "household", household_words(),
        "FROM household t WHERE t.sync_del=0 AND t.to_on IS NULL AND NOT EXISTS(SELECT 1 FROM household_member m "
        "JOIN person p ON p.id=m.person_id AND p.sync_del=0 WHERE m.household_id=t.id AND m.sync_del=0 "
        "AND m.to_on IS NULL)",
        "人都不在了的户应当结束；登记漏了的请补登。", place="'room',t.room_id",
    ),
    Check(
        "member_orphan", "问题", "户成员指向已删除的居民", "household_member",
        household_words("t.household_id", "(SELECT room_id FROM household WHERE id=t.household_id)"),
        "FROM household_member t JOIN person p ON p.id=t.person_id WHERE t.sync_del=0 AND t.to_on IS NULL "
        "AND p.sync_del=1",
        "这些成员关系应当结束。", place="'room',(SELECT room_id FROM household WHERE id=t.household_id)",
    ),
    Check(
        "residence_orphan", "问题", "居住记录指向已删除的居民", "residence", room_words("t.room_id"),
        "FROM residence t JOIN person p ON p.id=t.person_id WHERE t.sync_del=0 AND t.to_on IS NULL AND p.sync_del=1",
        "这些居住记录应当结束。", place="'room',t.room_id",
    ),
)  # fmt: skip


def _ends_first(table: str, zh: str, told: str, joined: str) -> Check:
    """Records of a table that end before they begin."""
    return Check(
        f"{table}_dates", "提醒", f"{zh}的结束早于开始", table, f"{told}||'　'||t.from_on||' 至 '||t.to_on",
        f"FROM {table} t JOIN person p ON p.id=t.person_id {joined} WHERE t.sync_del=0 "
        "AND substr(t.from_on,1,length(t.to_on))>t.to_on",
        "多半是两个日期写反了。", place="'person',p.id",
    )  # fmt: skip


_DATES: Final = (
    _ends_first("person_tag", "标签", f"{PERSON}||'　'||t.tag", ""),
    _ends_first("residence", "居住", f"{PERSON}||'　'||{room_words('t.room_id')}", ""),
    _ends_first("household_member", "户成员", PERSON, ""),
)
CHECKS: Final = (*_PERSONS, *_LIVING, *_HOUSEHOLDS, *_DATES)
