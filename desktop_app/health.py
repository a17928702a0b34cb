"""What is wrong with the data, counted, with the records behind each count; nothing is repaired here."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from desktop_app.app import BACKUPS, App
from desktop_app.store.base import record_classes
from desktop_app.store.database import Database

SHOWN = 20
"""Records listed with a finding."""
_LOW_DISK = 500_000_000
_OLD_BACKUP_DAYS = 7
_LATE_SYNC_MS = 3 * 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Case:
    """A record behind a finding: kind of record (table), identifier, and words to know it by."""

    kind: str
    id: str
    words: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: `level` 好, 提醒 or 问题; `advice` says what to do."""

    code: str
    level: str
    words: str
    count: int = 0
    cases: tuple[Case, ...] = ()
    advice: str = ""


_CHECKS: tuple[tuple[str, str, str, str, str], ...] = (
    (
        "head_missing", "问题", "户没有户主",
        "SELECT 'household',h.id,coalesce(h.household_no,h.id) FROM household h WHERE h.sync_del=0 AND h.to_on IS NULL "
        "AND NOT EXISTS(SELECT 1 FROM household_member m WHERE m.household_id=h.id AND m.person_id=h.head_id "
        "AND m.sync_del=0 AND m.to_on IS NULL)",
        "请打开这一户，指定一位成员为户主。",
    ),
    (
        "same_id", "问题", "不同居民的证件号相同",
        "SELECT 'person',p.id,p.name FROM person p WHERE p.sync_del=0 AND p.id_no IN (SELECT id_no FROM person "
        "WHERE sync_del=0 AND id_no IS NOT NULL GROUP BY id_no HAVING count(*)>1) ORDER BY p.id_no",
        "请核对是不是同一个人登记了两次。",
    ),
    (
        "two_homes", "问题", "居民同时住在两处",
        "SELECT 'person',p.id,p.name FROM person p WHERE p.sync_del=0 AND (SELECT count(*) FROM residence s "
        "WHERE s.person_id=p.id AND s.sync_del=0 AND s.to_on IS NULL)>1",
        "请结束其中一处居住。",
    ),
    (
        "birth_odd", "提醒", "出生日期在将来或早于1900年",
        "SELECT 'person',id,name FROM person WHERE sync_del=0 AND (birth>date('now') OR birth<'1900')",
        "请核对证件。",
    ),
    (
        "dead_in_post", "问题", "任职的人已去世或迁出",
        "SELECT 'seat',s.id,s.role||' '||s.name FROM seat s JOIN person p ON p.id=s.person_id WHERE s.sync_del=0 "
        "AND s.to_on IS NULL AND (p.deceased_on IS NOT NULL OR p.left_on IS NOT NULL)",
        "请在组织页卸任。",
    ),
    (
        "no_coordinates", "提醒", "楼栋没有坐标",
        "SELECT 'building',b.id,e.name||b.no||'栋' FROM building b JOIN estate e ON e.id=b.estate_id "
        "WHERE b.sync_del=0 AND b.to_on IS NULL AND (b.lon IS NULL OR b.lat IS NULL)",
        "可在楼栋页补填，或导入楼栋表。",
    ),
)  # fmt: skip


def examine(app: App) -> list[Finding]:
    """Everything there is to say about this desk's data, the worst first."""
    found = [_file(app), *_records(app.db), *_orphans(app.db), _backup(app), _disk(app.home), _unsynced(app)]
    return sorted(found, key=lambda finding: ("问题", "提醒", "好").index(finding.level))


def _file(app: App) -> Finding:
    faults = [str(row[0]) for row in app.db.rows("PRAGMA quick_check") if row[0] != "ok"]
    faults += [str(row[0]) for row in app.db.rows("PRAGMA cipher_integrity_check")]
    if faults:
        advice = "请停止录入，从最近的备份恢复（linli restore）。"
        return Finding("file", "问题", "数据库文件有损坏", len(faults), advice=advice)
    return Finding("file", "好", "数据库文件完好")


def _records(db: Database) -> list[Finding]:
    found: list[Finding] = []
    for code, level, words, sql, advice in _CHECKS:
        count = db.scalar(f"SELECT count(*) FROM ({sql})")
        cases = tuple(Case(*row) for row in db.rows(f"{sql} LIMIT {SHOWN}")) if count else ()
        if count:
            found.append(Finding(code, level, words, count, cases, advice))
    return found


def _orphans(db: Database) -> list[Finding]:
    """References that lead nowhere; a pull may be under way, so they are a hint until sync is done."""
    found: list[Finding] = []
    for name, cls in record_classes().items():
        for column in cls.__table__.columns:
            target = column.info.get("ref")
            if not target:
                continue
            sql = (
                f"SELECT '{name}',t.id,t.id FROM {name} t WHERE t.sync_del=0 AND t.{column.name} IS NOT NULL "
                f"AND NOT EXISTS(SELECT 1 FROM {target} o WHERE o.id=t.{column.name} AND o.sync_del=0)"
            )
            if count := db.scalar(f"SELECT count(*) FROM ({sql})"):
                cases = tuple(Case(*row) for row in db.rows(f"{sql} LIMIT {SHOWN}"))
                words = f"{cls.__zh__}的“{column.info['zh']}”指向不存在的记录"
                found.append(Finding("orphan", "提醒", words, count, cases, "请先同步一次；仍有时请补登或改正。"))
    return found


def _backup(app: App) -> Finding:
    copies = sorted((app.home / BACKUPS).glob("linli-*.db"), key=lambda path: path.stat().st_mtime)
    if not copies:
        return Finding("backup", "提醒", "还没有备份", advice="请运行“linli backup”，或在设置页点“立即备份”。")
    made = datetime.fromtimestamp(copies[-1].stat().st_mtime).astimezone()
    days = (app.clock.now() - made).days
    words = f"最近一次备份：{made:%Y-%m-%d %H:%M}"
    if days > _OLD_BACKUP_DAYS:
        return Finding("backup", "提醒", f"{words}（{days} 天前）", advice="请再备份一次。")
    return Finding("backup", "好", words)


def _disk(home: Path) -> Finding:
    free = shutil.disk_usage(home).free
    words = f"磁盘剩余 {free / 1e9:.1f} GB"
    if free < _LOW_DISK:
        return Finding("disk", "问题", words, advice="请清出一些空间，否则很快会保存不了。")
    return Finding("disk", "好", words)


def _unsynced(app: App) -> Finding:
    waiting, oldest = app.db.rows("SELECT count(*),min(ts)>>16 FROM sync_dirty")[0]
    if not app.db.scalar("SELECT device FROM sync_state"):
        return Finding("sync", "好", f"本机未登记到服务器，{waiting} 条记录只在本机", waiting)
    if waiting and app.clock.ms() - oldest > _LATE_SYNC_MS:
        return Finding("sync", "提醒", f"{waiting} 条记录超过三天没有上报", waiting, advice="请检查网络后同步一次。")
    return Finding("sync", "好", f"待上报 {waiting} 条", waiting)
