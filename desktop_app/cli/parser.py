"""The words of the command line."""

import argparse
from collections.abc import Callable
from typing import Any

from desktop_app.cli.session import Session
from desktop_app.cli.speaking import Parser, at_least_one, reason

Run = Callable[[Session], None]
_KINDS = "resident、household、room、building、estate、meeting、centre"


def later(module: str, name: str) -> Run:
    """A command whose module is imported when it runs: `linli find` need not load the printing of cards."""

    def run(session: Session) -> None:
        from importlib import import_module

        command: Run = getattr(import_module(f"desktop_app.cli.{module}"), name)
        command(session)

    return run


def build() -> argparse.ArgumentParser:
    """The parser of all commands."""
    parser = Parser(prog="linli", description="邻里工作站命令行：离线可用，不需要图形界面。")
    commands = parser.add_subparsers(title="命令", required=True, metavar="命令")
    for add in (
        _store,
        _backups,
        _reading,
        _writing,
        _duplicates,
        _import,
        _papers,
        _attachments,
        _visits,
        _campaigns,
        _appeals,
        _exchange,
        _units,
        _safety,
    ):
        add(commands)
    return parser


def _command(commands: Any, name: str, run: Run, words: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words)
    made.add_argument("--home", metavar="文件夹", help="数据所在的文件夹（默认 LINLI_HOME 或用户数据目录）")
    made.add_argument("--json", action="store_true", help="结果用 JSON 输出")
    made.add_argument("--json-progress", action="store_true", help=argparse.SUPPRESS)
    made.add_argument("--quiet", action="store_true", help="不显示进度")
    made.set_defaults(run=run)
    return made


def _store(commands: Any) -> None:
    init = _command(commands, "init", later("writing", "init"), "新建一份数据")
    init.add_argument("--community", metavar="名称", help="社区名称，如 红旗桥社区")
    init.add_argument("--code", metavar="代码", help="12 位统计区划代码")
    init.add_argument("--from-starter", metavar="文件", help="从服务器写的启动文件新建（没有网络的电脑），不用写社区")
    init.add_argument("--staff", required=True, metavar="姓名", help="在这台电脑上工作的社工")
    init.add_argument(
        "--profile", default="general", metavar="城市", help="城市做法（general、huangshi、shishou、qiaokou）"
    )
    _command(commands, "demo", later("demonstration", "demo"), "用演示社区走一遍：导入、打印、两台电脑同步")
    doctor = _command(commands, "doctor", later("checking", "doctor"), "检查数据有没有问题，修复可以放心修的")
    doctor.add_argument("--cases", metavar="代号", help="列出某一项的全部记录")
    doctor.add_argument("--fix", metavar="代号", help="修复某一项：先列出要做什么，确认后才做，可以撤销")
    doctor.add_argument("--yes", action="store_true", help="不再询问，直接修复")


def _backups(commands: Any) -> None:
    backup = _command(commands, "backup", later("backups", "make_backup"), "备份并验证可以恢复")
    backup.add_argument("--to", metavar="文件夹")
    backup.add_argument(
        "--if-due", choices=("daily", "exit"), help="有改动、又到了时候才备份（daily 每天，exit 退出时）"
    )
    listed = _command(commands, "backups", later("backups", "listed"), "列出备份，或验证一份")
    listed.add_argument("--verify", metavar="备份文件", help="打开这一份，逐页核对")
    restore = _command(commands, "restore", later("backups", "restore"), "把备份恢复到一个新文件夹")
    restore.add_argument("file", metavar="备份文件")
    restore.add_argument("--into", required=True, metavar="文件夹")
    restore.add_argument("--code", metavar="恢复码", help="恢复单上的恢复码：在另一台电脑上恢复时用")
    sheet = _command(commands, "recovery-sheet", later("backups", "recovery_sheet"), "制作数据恢复单（只显示这一次）")
    sheet.add_argument("-o", "--output", metavar="文件.pdf")
    sheet.add_argument("--printer", metavar="打印机")
    sheet.add_argument("--yes", action="store_true", help="已有恢复单时不再询问，直接换新")


def _duplicates(commands: Any) -> None:
    _command(commands, "duplicates", later("merging", "listed"), "列出可能重复登记的居民")
    merge = _command(commands, "merge", later("merging", "merge"), "把两条重复的居民记录合并为一条（可撤销）")
    merge.add_argument("one", metavar="居民", help="编号或姓名等")
    merge.add_argument("other", metavar="居民", help="编号或姓名等")
    merge.add_argument("--live", choices=("stays", "goes"), help="住处不同时以哪一条为准：保留的、并入的")
    merge.add_argument("--set", action="append", metavar="字段=值", help="某一项取什么值；可写 stays 或 goes")
    merge.add_argument("--two", action="store_true", help="不是同一人：记下来，以后不再提示")
    merge.add_argument("--why", default="", metavar="原因")
    merge.add_argument("--yes", action="store_true", help="不再询问，直接合并")


def _reading(commands: Any) -> None:
    find = _command(commands, "find", later("reading", "find"), "找人：姓名、拼音、首字母、证件尾号、电话、房号、地址")
    find.add_argument("text", nargs="+", metavar="文字")
    find.add_argument("--limit", type=at_least_one, default=50, help="最多列出几个")
    show = _command(commands, "show", later("reading", "show"), "查看一条记录")
    show.add_argument("kind", metavar="类别", help=_KINDS)
    show.add_argument("id", metavar="编号", help="居民也可以写姓名等")
    show.add_argument("--unmask", type=reason, metavar="用途", help="显示完整号码并记录用途")
    history = _command(commands, "history", later("reading", "show_history"), "一条记录的修改历史")
    history.add_argument("kind", metavar="类别", help=_KINDS)
    history.add_argument("id", metavar="编号", help="居民也可以写姓名等")
    export = _command(commands, "export", later("exporting", "export"), "导出居民名单（默认遮盖号码）")
    export.add_argument("what", choices=["residents"], metavar="类别", help="residents（居民）")
    export.add_argument("-o", "--output", required=True, metavar="文件", help=".xlsx、.csv 或 .pdf（打印用）")
    export.add_argument("--state", default="在册", choices=("在册", "已迁出", "已去世", "全部"))
    export.add_argument("--numbers", action="store_true", help=argparse.SUPPRESS)
    export.add_argument("--tag", action="append", help="只要有这个标签的人，可写多次")
    export.add_argument("--unmask", type=reason, metavar="用途", help="导出完整号码并记录用途")


def _writing(commands: Any) -> None:
    set_ = _command(commands, "set", later("writing", "set_fields"), "修改一条记录的字段")
    set_.add_argument("kind", metavar="类别", help=_KINDS)
    set_.add_argument("id", metavar="编号", help="居民也可以写姓名等")
    set_.add_argument("fields", nargs="+", metavar="字段=值")
    set_.add_argument("--why", default="", metavar="原因")
    undo = _command(commands, "undo", later("writing", "undo"), "撤销上一步，或指定的一步")
    undo.add_argument("action", nargs="?", type=int, metavar="步骤号")


def _import(commands: Any) -> None:
    made = _command(commands, "import", later("importing", "import_file"), "导入表格：先检查，确认后才写入")
    kinds = ["residents", "buildings", "centres"]
    made.add_argument(
        "what", choices=kinds, metavar="类别", help="residents、buildings、centres（居民、楼栋、党员中心户）"
    )
    made.add_argument("file", metavar="文件")
    made.add_argument("--sheet", metavar="工作表")
    made.add_argument("--map", metavar="文件", help="JSON：表头 → 字段")
    made.add_argument("--errors", metavar="文件.xlsx", help="把有问题的行另存为表格")
    made.add_argument("--dry-run", action="store_true", help="只检查，不写入")
    made.add_argument("--yes", action="store_true", help="不再询问，直接写入")


def _papers(commands: Any) -> None:
    made = _command(commands, "print", later("papers", "print_papers"), "打印：联系卡、牌、会议材料、楼栋图")
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
    _command(commands, "printers", later("papers", "printers"), "列出打印机")


def _attachments(commands: Any) -> None:
    made = _command(commands, "attach", later("attachments", "attach"), "给一条记录添加照片、扫描件或文件")
    made.add_argument("kind", metavar="类别", help=_KINDS)
    made.add_argument("id", metavar="编号", help="居民也可以写姓名等")
    made.add_argument("files", nargs="+", metavar="文件", help="jpg、png、tiff、pdf、docx、xlsx，每个不超过 20 MB")
    made.add_argument("--title", default="", metavar="名称", help="默认用文件名")
    made.add_argument("--type", choices=["photo", "scan", "file"], help="photo（照片）、scan（扫描件）、file（文件）")
    listed = _command(commands, "attachments", later("attachments", "attachments"), "列出、另存、移除、传送附件")
    listed.add_argument("kind", nargs="?", metavar="类别", help=f"{_KINDS}；不写则列出最近的")
    listed.add_argument("id", nargs="?", metavar="编号", help="居民也可以写姓名等")
    verbs = listed.add_mutually_exclusive_group()
    verbs.add_argument("--save", metavar="附件编号", help="另存到 --to 的文件夹，不在本机的先下载")
    verbs.add_argument("--remove", metavar="附件编号", help="从记录上移除（可撤销）")
    verbs.add_argument("--sync", action="store_true", help="只传附件，不同步记录")
    listed.add_argument("--to", metavar="文件夹")
    listed.add_argument("--rate", type=at_least_one, metavar="KiB/s", help="最快每秒多少 KiB")


def _appeals(commands: Any) -> None:
    made = commands.add_parser("appeal", help="诉求：登记、办理、查询、统计、导出", description="诉求")
    verbs = made.add_subparsers(title="动作", required=True, metavar="动作")
    add = _command(verbs, "add", later("appeals", "add"), "登记一件诉求")
    add.add_argument("title", metavar="事由")
    for name, words in _APPEAL_FIELDS.items():
        add.add_argument(f"--{name}", default="", metavar=words)
    add.add_argument("--anonymous", action="store_true", help="匿名：不留姓名和电话")
    add.add_argument("--accept", action="store_true", help="当即受理")
    listed = _command(verbs, "list", later("appeals", "listed"), "列出诉求")
    _appeal_filter(listed)
    listed.add_argument("--limit", type=at_least_one, default=50, help="最多列出几件")
    show = _command(verbs, "show", later("appeals", "show"), "一件诉求的经过、期限和下一步")
    show.add_argument("appeal", metavar="诉求", help="编号")
    act = _command(verbs, "act", later("appeals", "act"), "办一步：受理、派办、上报、回复、办结、评价……")
    act.add_argument("appeal", metavar="诉求", help="编号")
    act.add_argument("deed", metavar="动作")
    for name, words in _DEED_FIELDS.items():
        act.add_argument(f"--{name}", default="", metavar=words)
    told = _command(verbs, "sentence", later("appeals", "sentence"), "一段时间的诉求办理情况，写成一句话")
    for name in ("since", "until", "as-of"):
        told.add_argument(f"--{name}", default="", metavar="日期")
    export = _command(verbs, "export", later("appeals", "export"), "导出诉求台账（遮盖电话）")
    _appeal_filter(export)
    export.add_argument("-o", "--output", required=True, metavar="文件.xlsx")


_APPEAL_FIELDS = {
    "text": "内容", "person": "居民", "name": "反映人", "phone": "电话", "place": "地点", "channel": "渠道",
    "kind": "类型", "class": "事项分类", "urgency": "紧急程度", "received": "接到日期", "promised": "承诺办结日期",
    "ladder": "处置阶梯",
}  # fmt: skip
_DEED_FIELDS = {
    "text": "内容", "to": "交给（告知）谁", "on": "日期", "by": "经办人", "outcome": "办理结果",
    "satisfaction": "评价", "why-none": "没有评价的原因", "how": "解释的方式", "unit": "上级单位",
}  # fmt: skip


def _appeal_filter(command: argparse.ArgumentParser) -> None:
    command.add_argument("--text", default="", metavar="文字", help="编号、事由、内容、地点、姓名里的一段")
    command.add_argument("--phase", default="", metavar="状态", help="在办、待受理、办理中、待评价、已结案……")
    command.add_argument("--due", default="", choices=("", "逾期", "将到期"))
    command.add_argument("--class", dest="klass", default="", metavar="事项分类")
    command.add_argument("--since", default="", metavar="日期")
    command.add_argument("--until", default="", metavar="日期")


def _visits(commands: Any) -> None:
    made = commands.add_parser("visit", help="走访：登记、该走访的、列出、路线单、导入", description="走访")
    verbs = made.add_subparsers(title="动作", required=True, metavar="动作")
    kept = _command(verbs, "record", later("visiting", "record"), "登记一次走访")
    kept.add_argument(
        "kind", choices=["resident", "household", "room"], metavar="类别", help="resident、household、room"
    )
    kept.add_argument("id", metavar="编号", help="居民也可以写姓名等")
    for name, words in _VISIT_FIELDS.items():
        kept.add_argument(f"--{name}", default=_VISIT_DEFAULTS.get(name, ""), metavar=words)
    kept.add_argument("--opinion", action="append", metavar="意见", help="一条意见，可写多次")
    due = _command(verbs, "due", later("visiting", "due_list"), "该走访的户，等得最久的在前")
    due.add_argument("--days", type=int, default=0, metavar="天数", help="连同以后几天到期的")
    due.add_argument("--general", action="store_true", help="连同一般户")
    due.add_argument("-o", "--output", metavar="文件.xlsx")
    listed = _command(verbs, "list", later("visiting", "list_visits"), "列出一个月的走访和月度数字")
    listed.add_argument("--month", metavar="年-月", help="默认本月")
    listed.add_argument("--worker", default="", metavar="走访人")
    listed.add_argument("-o", "--output", metavar="文件.xlsx")
    way = _command(verbs, "route", later("visiting", "route"), "走访路线单：不写编号就是该走访的户")
    way.add_argument("subjects", nargs="*", metavar="编号", help="敲门行动、楼栋、户、房屋的编号，或居民姓名")
    way.add_argument("-o", "--output", required=True, metavar="文件.pdf")
    for one in (due, listed, way):
        one.add_argument("--limit", type=at_least_one, default=500, help="最多几条")
    read = _command(verbs, "import", later("visiting", "import_visits"), "读入走访表格：先检查，确认后才登记")
    read.add_argument("file", metavar="文件")
    read.add_argument("--dry-run", action="store_true", help="只检查，不登记")
    read.add_argument("--yes", action="store_true", help="不再询问，直接登记")


_VISIT_FIELDS = {
    "on": "日期", "mode": "方式", "result": "结果", "workers": "走访人", "purpose": "事由", "findings": "情况",
    "goods": "物品", "next": "下次日期",
}  # fmt: skip
_VISIT_DEFAULTS = {"mode": "入户", "result": "见面"}


def _campaigns(commands: Any) -> None:
    made = commands.add_parser("campaign", help="敲门行动：建立、列出、登记结果、进度", description="敲门行动")
    verbs = made.add_subparsers(title="动作", required=True, metavar="动作")
    new = _command(verbs, "make", later("campaigning", "make"), "建立一次敲门行动")
    new.add_argument("name", metavar="名称")
    new.add_argument("--tag", action="append", metavar="标签", help="有这个标签的人家，可写多次（都要有）")
    new.add_argument("--building", action="append", metavar="楼栋编号", help="整栋，可写多次")
    new.add_argument("--all", action="store_true", help="全部人家")
    new.add_argument("--empty-rooms", action="store_true", help="连同没有登记人的房屋（按楼栋时）")
    new.add_argument("--team", action="append", metavar="小组", help="可写多次，按路线均分")
    for name, words in {"purpose": "事由", "goods": "物品", "from-on": "开始日期", "to-on": "结束日期"}.items():
        new.add_argument(f"--{name}", default="", metavar=words)
    _command(verbs, "list", later("campaigning", "list_campaigns"), "列出敲门行动")
    told = _command(verbs, "result", later("campaigning", "enter"), "登记结果：可以一次很多户")
    told.add_argument("campaign", metavar="行动", help="编号或名称")
    told.add_argument("results", nargs="*", metavar="房号=结果", help="如 3-2-501=见面")
    told.add_argument("--file", metavar="文件.xlsx", help="填好的名单")
    told.add_argument("--on", default="", metavar="日期", help="默认今天")
    told.add_argument("--next-round", action="store_true", help="接着为没有见到的再开一轮")
    report = _command(verbs, "report", later("campaigning", "report"), "进度、覆盖率和名单")
    report.add_argument("campaign", metavar="行动", help="编号或名称")
    report.add_argument("--round", type=at_least_one, metavar="轮次", help="默认现在这一轮")
    report.add_argument("-o", "--output", metavar="文件.xlsx", help="名单，填好可以读回")


def _exchange(commands: Any) -> None:
    enrol = _command(commands, "enrol", later("exchange", "enrol"), "用登记码把这台电脑登记到服务器")
    enrol.add_argument("server", metavar="网址")
    enrol.add_argument("code", metavar="登记码")
    enrol.add_argument("--name", default="", metavar="名称", help="这台电脑的名称，如 前台1")
    _certificate(enrol)
    enrol.add_argument("--insecure-http", action="store_true", help="允许不加密的 http:// 地址（只限专网）")
    trust = _command(commands, "trust", later("exchange", "trust"), "查看或登记服务器的证书（换证书以后用）")
    _certificate(trust)
    trust.add_argument("--system", action="store_true", help="只信任系统里的证书")
    sync = _command(commands, "sync", later("exchange", "sync"), "同步一次")
    sync.add_argument("--attachments", type=float, default=20.0, metavar="秒", help="之后最多传多久附件（默认 20）")
    sync.add_argument("--watch", action="store_true", help="一直等候，有变化就同步（Ctrl+C 停止）")
    sync.add_argument("--accept-deletions", action="store_true", help="接受这一次的大量删除")
    sync.add_argument("--recount", action="store_true", help="重新核对全部记录的版本")
    sync.add_argument("--deep", action="store_true", help="重新核对全部记录的内容")
    sync.add_argument("--new-key", action="store_true", help="同步后换一把新密钥")
    stick = _command(commands, "bundle", later("sticks", "bundle"), "没有网络时用U盘交换：导出、带到服务器、带回导入")
    stick.add_argument("verb", choices=["export", "import"], metavar="动作", help="export（导出）、import（导入）")
    stick.add_argument("file", metavar="文件")
    stick.add_argument("--accept-deletions", action="store_true", help="接受这一次的大量删除")
    _command(commands, "conflicts", later("exchange", "conflicts"), "列出待确认的冲突")
    _command(commands, "refused", later("exchange", "refused"), "列出服务器没有接受的修改和原因")


def _certificate(command: argparse.ArgumentParser) -> None:
    pin = command.add_mutually_exclusive_group()
    pin.add_argument("--ca", metavar="文件", help="只信任这份证书（.pem、.crt）签发的服务器")
    pin.add_argument("--fingerprint", default="", metavar="指纹", help="只信任这个指纹（SHA-256）的服务器证书")


def _units(commands: Any) -> None:
    _command(commands, "units", later("sharing", "units"), "列出可以共享、转出的单位")
    move = _command(commands, "move-out", later("sharing", "move_out"), "居民转到另一个社区")
    move.add_argument("person", metavar="居民", help="编号或姓名等")
    move.add_argument("unit", metavar="社区", help="转入社区的 12 位区划代码（或已知单位的名称）")
    move.add_argument("--unit-name", default="", metavar="名称", help="转入社区的名称")
    move.add_argument("--on", default="", metavar="日期", help="默认今天")
    move.add_argument("--why", default="", metavar="原因")
    share = _command(commands, "share", later("sharing", "share"), "把一次会议共享给其他单位，或收回")
    share.add_argument("meeting", metavar="会议编号")
    share.add_argument("units", nargs="*", metavar="单位", help="名称或代码，可写多个")
    share.add_argument("--withdraw", action="store_true", help="收回；不写单位则全部收回")
    erase = _command(commands, "erase", later("sharing", "erase"), "按本人要求清除一位居民的资料（不能恢复）")
    erase.add_argument("person", metavar="居民", help="编号或姓名等")
    erase.add_argument("--why", required=True, type=reason, metavar="依据", help="如 本人书面申请（不要写姓名）")
    erase.add_argument("--yes", action="store_true", help="不再询问，直接清除")


def _safety(commands: Any) -> None:
    audit = _command(commands, "audit", later("auditing", "audit"), "审计记录：核对有没有被改动、列出、导出")
    audit.add_argument(
        "verb",
        choices=["verify", "list", "export"],
        metavar="做什么",
        help="verify（核对）、list（列出）、export（导出）",
    )
    audit.add_argument("file", nargs="?", metavar="文件.xlsx", help="导出到哪里")
    audit.add_argument("--since", metavar="日期", help="从这一天起，如 2026-01-01")
    audit.add_argument("--until", metavar="日期", help="到这一天为止（含）")
    audit.add_argument("--who", default="", metavar="姓名")
    audit.add_argument("--what", default="", metavar="文字", help="事项或原因里有的文字")
    audit.add_argument("--limit", type=at_least_one, default=50, help="最多列出几行")
    key = _command(commands, "key", later("keying", "key"), "数据的密钥：改口令、换密钥、换存放处、用恢复单找回")
    key.add_argument(
        "verb",
        choices=["change-passphrase", "rekey", "move", "recover"],
        metavar="做什么",
        help="change-passphrase（改口令）、rekey（换密钥）、move（换存放处）、recover（用恢复单找回）",
    )
    key.add_argument(
        "--to", choices=["keyring", "passphrase"], metavar="存放处", help="keyring（系统钥匙串）、passphrase（口令）"
    )
    key.add_argument("--code", default="", metavar="恢复码", help="恢复单上的恢复码")
    repair = _command(commands, "repair", later("repairing", "repair"), "数据库损坏时：取出能读的，用备份和服务器补齐")
    repair.add_argument("--force", action="store_true", help="检查没有发现损坏也重建")
