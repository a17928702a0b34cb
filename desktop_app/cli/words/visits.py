"""The words of commands about visits and campaigns."""

from typing import Any

from desktop_app.cli.speaking import at_least_one
from desktop_app.cli.words.command import command, given_to, later, verbs


def add_visits(commands: Any) -> None:
    """`linli visit`."""
    made = verbs(commands, "visit", "走访：登记、修改、撤销、该走访的、列出、路线单、导入", "走访")
    kept = command(made, "record", later("visiting", "record"), "登记一次走访")
    kept.add_argument(
        "kind", choices=["resident", "household", "room"], metavar="类别", help="resident、household、room"
    )
    kept.add_argument("id", metavar="编号", help="居民也可以写姓名等")
    for name, words in _VISIT_FIELDS.items():
        kept.add_argument(f"--{name}", default=_VISIT_DEFAULTS.get(name, ""), metavar=words)
    kept.add_argument("--opinion", action="append", metavar="意见", help="一条意见，可写多次")
    _add_mending(made)
    due = command(made, "due", later("visiting", "due_list"), "该走访的户，等得最久的在前")
    due.add_argument("--days", type=int, default=0, metavar="天数", help="连同以后几天到期的")
    due.add_argument("--general", action="store_true", help="连同一般户")
    due.add_argument("-o", "--output", metavar="文件.xlsx")
    listed = command(made, "list", later("visiting", "list_visits"), "列出一个月的走访和月度数字")
    listed.add_argument("--month", metavar="年-月", help="默认本月")
    listed.add_argument("--worker", default="", metavar="走访人")
    listed.add_argument("-o", "--output", metavar="文件.xlsx")
    way = command(made, "route", later("visiting", "route"), "走访路线单：不写编号就是该走访的户")
    way.add_argument("subjects", nargs="*", metavar="编号", help="敲门行动、楼栋、户、房屋的编号，或居民姓名")
    way.add_argument("-o", "--output", required=True, metavar="文件.pdf")
    for one in (due, listed):
        given_to(one)
    for one in (due, listed, way):
        one.add_argument("--limit", type=at_least_one, default=500, help="最多几条")
    read = command(made, "import", later("visiting", "import_visits"), "读入走访表格：先检查，确认后才登记")
    read.add_argument("file", metavar="文件")
    read.add_argument("--dry-run", action="store_true", help="只检查，不登记")
    read.add_argument("--yes", action="store_true", help="不再询问，直接登记")


def _add_mending(made: Any) -> None:
    """What was recorded is put right, or taken back."""
    mended = command(made, "correct", later("visiting", "correct"), '修改一次走访：只改写出来的，写空（""）就清空')
    mended.add_argument("id", metavar="编号", help="linli visit list 会列出")
    for name, words in _VISIT_FIELDS.items():
        mended.add_argument(f"--{name}", metavar=words)
    mended.add_argument("--opinion", action="append", metavar="意见", help="一条意见，可写多次，代替原来的全部意见")
    mended.add_argument("--why", default="", metavar="原因", help="不在本人网格时要写")
    gone = command(made, "withdraw", later("visiting", "withdraw"), "撤销一次登记错了的走访，照片和附件一起")
    gone.add_argument("id", metavar="编号", help="linli visit list 会列出")
    gone.add_argument("--why", required=True, metavar="理由", help="如：登记重复")


_VISIT_FIELDS = {
    "on": "日期", "mode": "方式", "result": "结果", "workers": "走访人", "purpose": "事由", "findings": "情况",
    "goods": "物品", "next": "下次日期",
}  # fmt: skip
_VISIT_DEFAULTS = {"mode": "入户", "result": "见面"}


def add_campaigns(commands: Any) -> None:
    """`linli campaign`."""
    made = verbs(commands, "campaign", "敲门行动：建立、列出、登记结果、进度", "敲门行动")
    new = command(made, "make", later("campaigning", "make"), "建立一次敲门行动")
    new.add_argument("name", metavar="名称")
    new.add_argument("--tag", action="append", metavar="标签", help="有这个标签的人家，可写多次（都要有）")
    new.add_argument("--building", action="append", metavar="楼栋编号", help="整栋，可写多次")
    new.add_argument("--all", action="store_true", help="全部人家")
    new.add_argument("--empty-rooms", action="store_true", help="连同没有登记人的房屋（按楼栋时）")
    new.add_argument("--team", action="append", metavar="小组", help="可写多次，按路线均分")
    for name, words in {"purpose": "事由", "goods": "物品", "from-on": "开始日期", "to-on": "结束日期"}.items():
        new.add_argument(f"--{name}", default="", metavar=words)
    command(made, "list", later("campaigning", "list_campaigns"), "列出敲门行动")
    told = command(made, "result", later("campaigning", "enter"), "登记结果：可以一次很多户")
    told.add_argument("campaign", metavar="行动", help="编号或名称")
    told.add_argument("results", nargs="*", metavar="房号=结果", help="如 3-2-501=见面")
    told.add_argument("--file", metavar="文件.xlsx", help="填好的名单")
    told.add_argument("--on", default="", metavar="日期", help="默认今天")
    told.add_argument("--next-round", action="store_true", help="接着为没有见到的再开一轮")
    report = command(made, "report", later("campaigning", "report"), "进度、覆盖率和名单")
    report.add_argument("campaign", metavar="行动", help="编号或名称")
    report.add_argument("--round", type=at_least_one, metavar="轮次", help="默认现在这一轮")
    report.add_argument("-o", "--output", metavar="文件.xlsx", help="名单，填好可以读回")
    given_to(report)
