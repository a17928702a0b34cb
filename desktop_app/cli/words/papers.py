"""The words of commands that print, and that keep files beside records."""

from typing import Any

from desktop_app.cli.speaking import at_least_one
from desktop_app.cli.words.command import KINDS, command, later

OWNERS = f"{KINDS}、visit（走访）、appeal（诉求）、order（服务单）、wish（心愿）、matter（议题）"


def add_papers(commands: Any) -> None:
    """Papers and printers."""
    made = command(commands, "print", later("papers", "print_papers"), "打印：联系卡、牌、会议材料、楼栋图")
    made.add_argument("form", metavar="单据", help="card、plaque、record、sign-in、minutes、chart")
    made.add_argument("ids", nargs="*", metavar="编号或姓名")
    made.add_argument("--all", action="store_true", help="全部（联系卡、楼栋图、党员中心户牌）")
    made.add_argument("-o", "--output", metavar="文件.pdf", help="存成 PDF；- 表示标准输出")
    made.add_argument("--printer", metavar="打印机")
    made.add_argument("--copies", type=at_least_one, default=1, help="份数")
    made.add_argument("--duplex", action="store_true", help="双面，长边翻转")
    made.add_argument("--size", default="", help="纸张规格，默认第一种")
    made.add_argument("--draft", action="store_true", help="缺要素时也打印，注明草稿")
    made.add_argument("--allow-missing", action="store_true", help="字体里没有的字也打印（印作〓）")
    command(commands, "printers", later("papers", "printers"), "列出打印机")


def add_attachments(commands: Any) -> None:
    """Files beside records."""
    made = command(commands, "attach", later("attachments", "attach"), "给一条记录添加照片、扫描件或文件")
    made.add_argument("kind", metavar="类别", help=OWNERS)
    made.add_argument("id", metavar="编号", help="居民也可以写姓名等")
    made.add_argument("files", nargs="+", metavar="文件", help="jpg、png、tiff、pdf、docx、xlsx，每个不超过 20 MB")
    made.add_argument("--title", default="", metavar="名称", help="默认用文件名")
    made.add_argument("--type", choices=["photo", "scan", "file"], help="photo（照片）、scan（扫描件）、file（文件）")
    listed = command(commands, "attachments", later("attachments", "attachments"), "列出、另存、移除、传送附件")
    listed.add_argument("kind", nargs="?", metavar="类别", help=f"{OWNERS}；不写则列出最近的")
    listed.add_argument("id", nargs="?", metavar="编号", help="居民也可以写姓名等")
    verbs = listed.add_mutually_exclusive_group()
    verbs.add_argument("--save", metavar="附件编号", help="另存到 --to 的文件夹，不在本机的先下载")
    verbs.add_argument("--remove", metavar="附件编号", help="从记录上移除（可撤销）")
    verbs.add_argument("--sync", action="store_true", help="只传附件，不同步记录")
    listed.add_argument("--to", metavar="文件夹")
    listed.add_argument("--why", default="", metavar="理由", help="封存的附件必须写；会记入审计记录")
    listed.add_argument("--rate", type=at_least_one, metavar="KiB/s", help="最快每秒多少 KiB")
