"""The words of commands about door bells, pairs, and who answers for a door."""

from typing import Any

from desktop_app.cli.speaking import at_least_one
from desktop_app.cli.words.command import command, given_to, later, verbs

_DOOR = "resident（居民）、household（户）、room（房屋）"
_EVENTS = "报警、到场、测试、故障、修复"


def add_care(commands: Any) -> None:
    """`linli care` and `linli chain`."""
    made = verbs(commands, "care", "关爱：门铃、报警、响应人、结对、名册", "关爱")
    _bells(made)
    _pairs(made)
    _chain(commands)


def _bells(made: Any) -> None:
    hung = command(made, "bell", later("caring", "hang"), "登记一个爱心门铃")
    hung.add_argument("kind", choices=["resident", "household", "room"], metavar="类别", help=_DOOR)
    hung.add_argument("id", metavar="编号", help="居民也可以写姓名等")
    for name, words in {"type": "门铃类型", "place": "安装位置", "device": "设备编号", "on": "安装日期"}.items():
        hung.add_argument(f"--{name}", default="门口按键" if name == "type" else "", metavar=words)
    hung.add_argument("--why", default="", metavar="原因", help="给别的网格办时写明")
    hung.add_argument("--radius", type=int, metavar="米", help="响应半径，默认按社区的规定")
    listed = command(made, "bells", later("caring", "list_bells"), "列出门铃和试铃情况")
    listed.add_argument("--due", action="store_true", help="只要该办的：报警未记到场、故障、该试铃")
    listed.add_argument("--ended", action="store_true", help="连同已拆除的")
    listed.add_argument("-o", "--output", metavar="文件.xlsx")
    given_to(listed)
    noted = command(made, "event", later("caring", "note"), "记一次报警、到场、测试、故障或修复")
    noted.add_argument("bell", metavar="门铃", help="门铃编号，或使用人姓名")
    noted.add_argument("event", choices=_EVENTS.split("、"), metavar="类型", help=_EVENTS)
    for name, words in {
        "at": "时间，默认现在", "who": "到场人", "came": "到场时间", "cause": "原因", "text": "情况",
    }.items():  # fmt: skip
        noted.add_argument(f"--{name}", default="", metavar=words)
    noted.add_argument("--why", default="", metavar="原因", help="给别的网格办时写明")
    down = command(made, "take-down", later("caring", "take_down"), "登记门铃拆除")
    down.add_argument("bell", metavar="门铃", help="门铃编号，或使用人姓名")
    down.add_argument("--on", default="", metavar="日期", help="默认今天")
    down.add_argument("--why", default="", metavar="原因")
    called = command(
        made, "responders", later("caring", "list_responders"), "周边谁能马上上门：党员中心户在前，由近到远"
    )
    called.add_argument("kind", choices=["resident", "household", "room"], metavar="类别", help=_DOOR)
    called.add_argument("id", metavar="编号", help="居民也可以写姓名等")
    called.add_argument("--radius", type=int, metavar="米", help="默认按门铃或社区的规定")
    called.add_argument("--limit", type=at_least_one, metavar="人数", help="最多列几位")


def _pairs(made: Any) -> None:
    paired = command(made, "pair", later("caring", "pair"), "结对：谁包保谁，多久去一次")
    paired.add_argument("kind", choices=["resident", "household"], metavar="类别", help="resident、household")
    paired.add_argument("id", metavar="编号", help="居民也可以写姓名等")
    paired.add_argument("helper", metavar="结对人", help="居民的编号或姓名；不在册的用 --outside")
    paired.add_argument("--outside", action="store_true", help="结对人不是本社区居民，只记姓名")
    for name, words in {
        "unit": "单位", "phone": "电话", "class": "关爱类别", "from-on": "结对日期", "evidence": "依据",
    }.items():  # fmt: skip
        paired.add_argument(f"--{name}", default="", metavar=words)
    paired.add_argument("--why", default="", metavar="原因", help="给别的网格办时写明")
    paired.add_argument("--every", type=int, metavar="天", help="走访间隔，默认按类别")
    listed = command(made, "pairs", later("caring", "list_pairs"), "列出结对，最该去的在前")
    listed.add_argument("--overdue", action="store_true", help="只要逾期的")
    listed.add_argument("--helper", default="", metavar="结对人")
    listed.add_argument("--class", default="", metavar="类别")
    listed.add_argument("-o", "--output", metavar="文件.xlsx")
    given_to(listed)
    over = command(made, "unpair", later("caring", "end_pair"), "结束一对结对")
    over.add_argument("pair", metavar="编号", help="linli care pairs --json 会列出")
    over.add_argument("--on", default="", metavar="日期", help="默认今天")
    over.add_argument("--why", default="", metavar="原因")
    who = command(made, "list", later("caring", "list_cared"), "列出关爱对象：类别、依据、结对人、门铃")
    who.add_argument("--class", default="", metavar="类别")
    who.add_argument("--unpaired", action="store_true", help="只要还没有人结对的")
    who.add_argument("-o", "--output", metavar="文件.xlsx", help="三张表：关爱对象、结对、门铃")
    given_to(who)


def _chain(commands: Any) -> None:
    chain = command(commands, "chain", later("chaining", "chain"), "包联：一处的整条责任链，或全部空缺")
    chain.add_argument("kind", nargs="?", metavar="类别", help="resident、household、room、building；不写则列出空缺")
    chain.add_argument("id", nargs="?", metavar="编号", help="居民也可以写姓名等")
    chain.add_argument("--scheme", default="", metavar="机制", help="四级包联、五个一包保……，默认全部")
    chain.add_argument("-o", "--output", metavar="文件.xlsx", help="空缺表存成表格")
