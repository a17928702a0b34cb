"""demo: the main job from end to end on invented data."""

import sys
from pathlib import Path

from desktop_app import app as composition
from desktop_app.cli.session import Session
from desktop_app.cli.signing import PASSWORD, USER
from desktop_app.demo.rehearsal import DESKS, PASSPHRASE, Rehearsal, rehearse
from desktop_app.store.keys import PASSPHRASE_VARIABLE


def demo(session: Session) -> None:
    """`linli demo [--home DIR]`."""
    done = rehearse(place(session.arguments.home), session.out.progress)
    session.out.result(done.value(), _words(done))


def place(told: str | None) -> Path:
    """Never in the folder of real data: without a folder, beside it."""
    return Path(told).expanduser() if told else composition.default_home().with_name("linli-demo")


def _words(done: Rehearsal) -> list[str]:
    counts, imports = done.counts, done.community.imports
    one, two = (f"{name}（{staff}）" for name, staff in DESKS.values())
    papers = "、".join(f"{paper.title} {paper.pages} 页" for paper in done.papers)
    first, second = done.first_sync.values()
    clash, kept = done.clash, done.both_kept
    people = "、".join(f"{one.login}（{one.name}，{'兼'.join(one.roles)}）" for one in done.accounts)
    opening = f"{PASSPHRASE_VARIABLE}={PASSPHRASE} {USER}={done.accounts[0].login} {PASSWORD}={done.password}"
    return [
        f"演示社区的人和事都是虚构的；两台电脑的口令都是 {PASSPHRASE}，登录密码都是 {done.password}，只为演示。",
        f"{one}导入三张表：楼栋 {counts['building']} 栋、房屋 {counts['room']} 间，居民 {counts['person']} 人、"
        f"{counts['household']} 户，党员中心户 {imports['centre_households'].added} 户；"
        f"{done.community.to_look_at} 处要核对。",
        f"登记了双线五级组织 {counts['org_node']} 个、任职 {counts['seat']} 个、会议 {counts['meeting']} 次。",
        f"单据已存成 PDF：{papers}。",
        f"两台电脑接入本机的中心服务器（SQLite）：一号机上报 {first.pushed} 条，{two}收到 {second.pulled} 条。",
        f"登录名：{people}。",
        f"停掉服务器，两台都照常修改；这时同步：{done.refused_offline}",
        f"恢复后同步。{kept['name']}：一号机改电话、二号机改职业，两处都保留。",
        f"{clash['name']}：两台都改了电话，以后改的 {clash['stands']} 为准，"
        f"另一个值 {clash['kept']} 在两台的“待确认”里都留着。",
        f"逐字段核对 {done.comparison.tables} 张表、{done.comparison.records} 条记录：两台完全一致。"
        f"用时 {done.seconds:.0f} 秒。",
        f"数据：{done.home / 'desk-1'} 和 {done.home / 'desk-2'}；单据：{done.home / 'papers'}；"
        f"服务器：{done.home / 'server'}。",
        f"试试：{opening} {_command()} find --home {done.home / 'desk-1'} 解红梅",
    ]


def _command() -> str:
    """How this program was called, for a hint that can be copied."""
    called = Path(sys.argv[0])
    return str(called) if called.stem == "linli" else "linli"
