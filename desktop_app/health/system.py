"""The machine and the store as a whole: the file, the disk, backups, the recovery sheet, sync, the clock."""

import shutil
from typing import Final

from desktop_app.accounts import queries
from desktop_app.app import BACKUPS, App
from desktop_app.attachments.model import blob
from desktop_app.health.finding import Finding
from desktop_app.shared.clock import local_text
from desktop_app.store import audit_check, copies, recovery
from desktop_app.store.content import Content
from desktop_app.sync import state
from desktop_app.sync.status import CLOCK_AHEAD
from desktop_app.sync.wording import table_name

_LOW_DISK: Final = 500_000_000
_OLD_BACKUP_DAYS: Final = 7
_OLD_PROOF_DAYS: Final = 90
DAY_MS: Final = 24 * 3600 * 1000
_LATE_DAYS: Final = 3
_WRONG_CLOCK_MS: Final = 2 * 60 * 1000
_HUGE_CLOCK_MS: Final = 10 * 60 * 1000


def file(app: App) -> Finding:
    """Whether every page of the database is whole and was written with its key."""
    faults = [str(row[0]) for row in app.db.rows("PRAGMA quick_check") if row[0] != "ok"]
    faults += [str(row[0]) for row in app.db.rows("PRAGMA cipher_integrity_check")]
    if faults:
        advice = "请停止录入，从最近的备份恢复（设置 → 备份，或 linli restore）。"
        return Finding("file", "问题", "数据库文件有损坏", len(faults), advice=advice)
    return Finding("file", "好", "数据库文件完好")


def trail(app: App) -> Finding:
    """Whether the chain of the audit trail holds."""
    verdict = audit_check.verify(app.db)
    if not verdict.sound:
        advice = "请保护现场，不要再录入，报告负责人（linli audit verify 有详情）。"
        return Finding("audit", "问题", "审计记录被改动过", len(verdict.faults), advice=advice)
    return Finding("audit", "好", f"审计记录完整，共 {verdict.lines} 行")


def backup(app: App) -> Finding:
    """How old the last copy is, and when one was last proved to open."""
    kept = copies.listed(app.db, app.home / BACKUPS, app.mark)
    if not kept:
        return Finding("backup", "提醒", "还没有备份", advice="请在设置页点“现在备份”，或运行“linli backup”。")
    now = app.clock.now().replace(tzinfo=None)
    made, days = kept[0].copy.at, (now - kept[0].copy.at).days
    proved = max(one.proved_at for one in kept)
    words = f"最近一次备份：{made:%Y-%m-%d %H:%M}，共 {len(kept)} 份，{local_text(proved)} 验证可以恢复"
    if days > _OLD_BACKUP_DAYS:
        return Finding("backup", "提醒", f"{words}（{days} 天前）", advice="请再备份一次。")
    if app.clock.ms() - proved > _OLD_PROOF_DAYS * DAY_MS:
        return Finding("backup", "提醒", words, advice="很久没有验证了，请在设置页点“验证”。")
    return Finding("backup", "好", words)


def administrators(app: App) -> Finding | None:
    """Whether the three administrators are apart; nothing to say where nobody signs in."""
    left = queries.handing_over(app.db)
    return Finding("administrators", "提醒", "管理权还没有交接", advice="".join(left)) if left else None


def recovery_sheet(app: App) -> Finding:
    """Whether anybody could open a backup on another machine."""
    made = recovery.made_on(app.home)
    if made is None:
        advice = "请在设置页点“制作恢复单”，打印后锁进保险柜。电脑坏了，没有它备份打不开。"
        return Finding("recovery", "提醒", "还没有恢复单", advice=advice)
    return Finding("recovery", "好", f"恢复单：{made} 制作")


def disk(app: App) -> Finding:
    """A backup needs as much room as the store."""
    free, needed = shutil.disk_usage(app.home).free, app.db.path.stat().st_size
    words = f"磁盘剩余 {free / 1e9:.1f} GB"
    if free < max(_LOW_DISK, needed):
        return Finding("disk", "问题", words, advice="请清出一些空间，否则很快会保存不了，也备份不了。")
    if free < 4 * max(_LOW_DISK, needed):
        return Finding("disk", "提醒", words, advice="放不下几份备份了，请清出一些空间。")
    return Finding("disk", "好", words)


def unsynced(app: App) -> Finding:
    """How many records wait for the server, and since when."""
    waiting, oldest = app.db.rows("SELECT count(*),min(ts)>>16 FROM sync_dirty WHERE txn>=0")[0]
    if not state.read(app.db).enrolled:
        return Finding("sync", "好", f"本机未登记到服务器，{waiting} 条记录只在本机", waiting)
    days = (app.clock.ms() - oldest) // DAY_MS if waiting else 0
    if days >= _LATE_DAYS:
        words = f"{waiting} 条记录没有上报，最早的已等了 {days} 天"
        return Finding("sync", "提醒", words, waiting, advice="请检查网络后同步一次。")
    return Finding("sync", "好", f"待上报 {waiting} 条", waiting)


def kept_aside(app: App) -> Finding | None:
    """Versions of records that came and could not be stored; None where there are none.

    Of a newer program, or with content their columns do not take (`desktop_app/sync/cells.py`).
    """
    found = app.db.rows("SELECT tbl,count(*) FROM sync_parked GROUP BY tbl ORDER BY tbl")
    if not found:
        return None
    count = sum(number for _, number in found)
    zh = "、".join(dict.fromkeys(table_name(table) for table, _ in found))
    advice = (
        "没有丢失，留在本机等着。先升级程序；升级后仍有，是别的电脑写了这一栏不能填的内容："
        "请在“审计”里看谁最近改过，打开那条记录重新填写，同步后各台一致。"
    )
    return Finding("kept_aside", "提醒", f"收到了，但本机暂时存不进去的记录（{zh}）", count, advice=advice)


def clock(app: App) -> Finding | None:
    """This machine's clock against the server's, as of the last exchange; None where there was none."""
    told = app.db.setting(CLOCK_AHEAD)
    if told is None:
        return None
    ahead = int(told)
    minutes = abs(ahead) / 60_000
    words = f"本机的钟比服务器{'快' if ahead > 0 else '慢'} {minutes:.0f} 分钟"
    advice = "请在系统设置里打开自动校时。时间不准，谁先改、谁后改会判错。"
    if abs(ahead) > _HUGE_CLOCK_MS:
        return Finding("clock", "问题", words, advice=advice)
    if abs(ahead) > _WRONG_CLOCK_MS:
        return Finding("clock", "提醒", words, advice=advice)
    return Finding("clock", "好", "本机的钟与服务器一致")


def attachment_files(app: App) -> Finding | None:
    """Contents that should lie beside the database and do not."""
    content = Content(app.db)
    kept = app.db.rows(f"SELECT sha256 FROM {blob.name} WHERE here=1 AND unnamed_at IS NULL")
    missing = sum(not content.has(sha256) for (sha256,) in kept)
    if not missing:
        return None
    advice = "接入了服务器的会自动重新下载；没有的请从备份文件夹里的 attachments 找回。"
    return Finding("attachment_missing", "问题", "附件的文件不见了", missing, advice=advice)
