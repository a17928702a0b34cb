"""The words of commands about personal data: exports, approvals, requests, what is under seal, what has expired."""

from typing import Any

from desktop_app.cli.speaking import at_least_one, reason
from desktop_app.cli.words.command import command, later, verbs


def add_privacy(commands: Any) -> None:
    """The export register, approvals, retention."""
    exports = command(commands, "exports", later("protecting", "exports"), "导出登记：谁把什么给了谁，可筛选、导出")
    exports.add_argument("--since", default="", metavar="日期", help="从这一天起")
    exports.add_argument("--until", default="", metavar="日期", help="到这一天为止（含）")
    exports.add_argument("--text", default="", metavar="文字", help="内容、接收方、用途、经手人里有的文字")
    exports.add_argument("--full", action="store_true", help="只列含完整号码的")
    exports.add_argument("--limit", type=at_least_one, default=100, help="最多列出几条")
    exports.add_argument("-o", "--output", metavar="文件.xlsx", help="存成表格")
    made = verbs(commands, "approval", "审批：申请、同意、不同意（看未成年人、导出完整信息、到期处理）", "审批")
    asked = command(made, "ask", later("protecting", "ask_approval"), "申请审批")
    asked.add_argument("kind", metavar="事项", help="查看未成年人信息、导出完整信息、启用限制类人员")
    asked.add_argument("--person", default="", metavar="居民", help="编号或姓名等")
    asked.add_argument("--why", required=True, type=reason, metavar="理由", help="不要写姓名")
    listed = command(made, "list", later("protecting", "list_approvals"), "列出审批，未办的在前")
    listed.add_argument("--open", action="store_true", help="只列未办的")
    for verb, words in (("allow", "同意"), ("refuse", "不同意")):
        one = command(made, verb, later("protecting", verb), words)
        one.add_argument("id", metavar="编号")
        one.add_argument("--why", default="", metavar="意见")
        one.add_argument("--until", default="", metavar="日期", help="有效期至（含）")
    kept = verbs(commands, "retention", "到期审查：列出、申请、执行清除或封存", "保存期限")
    command(kept, "list", later("protecting", "list_expired"), "列出到期的")
    for verb, words in (("ask", "申请到期处理"), ("run", "审批后执行")):
        one = command(kept, verb, later("protecting", f"{verb}_expired"), words)
        one.add_argument("klass", metavar="类别", help="moved、deceased、visit、appeal")
        one.add_argument("--yes", action="store_true", help="不再询问，直接执行")


def add_requests(commands: Any) -> None:
    """`linli request`."""
    made = verbs(commands, "request", "个人信息申请：查阅、复制、更正、删除、解释", "个人信息申请")
    new = command(made, "add", later("requesting", "add"), "登记一件申请")
    new.add_argument("kind", metavar="类型", help="查阅、复制、更正、删除、解释")
    new.add_argument("person", metavar="居民", help="编号或姓名等")
    new.add_argument("--applicant", default="", metavar="姓名", help="默认本人")
    for name, words in {"relation": "与本人关系", "phone": "联系电话", "text": "申请内容", "received": "收到日期",
                        "channel": "提出方式"}.items():  # fmt: skip
        new.add_argument(f"--{name}", default={"relation": "本人", "channel": "当面"}.get(name, ""), metavar=words)
    listed = command(made, "list", later("requesting", "listed"), "列出申请，快到期的在前")
    listed.add_argument("--open", action="store_true", help="只列未答复的")
    show = command(made, "show", later("requesting", "show"), "一件申请办到哪一步")
    show.add_argument("request", metavar="申请", help="编号")
    checked = command(made, "check", later("requesting", "check"), "登记申请人身份怎样核验的")
    checked.add_argument("request", metavar="申请", help="编号")
    checked.add_argument("--how", required=True, type=reason, metavar="方式", help="如 当面核对居民身份证")
    decided = command(made, "decide", later("requesting", "decide"), "作出决定")
    decided.add_argument("request", metavar="申请", help="编号")
    decided.add_argument("decision", metavar="决定", help="同意、部分同意、不同意")
    decided.add_argument("--why", default="", metavar="理由", help="不同意、部分同意必须写")
    answered = command(made, "answer", later("requesting", "answer"), "登记已经答复")
    answered.add_argument("request", metavar="申请", help="编号")
    answered.add_argument("--how", default="当面", metavar="方式", help="当面、书面、邮寄、网络")


def add_sealed(commands: Any) -> None:
    """`linli sealed`, `linli restricted`."""
    made = verbs(commands, "sealed", "密封记录：口令、解锁、封存、查找、打开和解封", "密封记录")
    command(made, "set-passphrase", later("sealed", "set_passphrase"), "设定本社区的密封口令（一次）")
    command(made, "change-passphrase", later("sealed", "change_passphrase"), "更换密封口令（在已解锁的电脑上）")
    command(made, "unlock", later("sealed", "unlock"), "用口令把密钥取到这台电脑")
    put = command(made, "person", later("sealed", "seal"), "封存一位居民的资料（档案规定不能删除的）")
    put.add_argument("person", metavar="居民", help="编号或姓名等")
    put.add_argument("--yes", action="store_true", help="不再询问，直接封存")
    found = command(made, "find", later("sealed", "find"), "按姓名查找封存的资料")
    found.add_argument("name", metavar="姓名")
    opened = command(made, "open", later("sealed", "open_one"), "打开一份封存的资料")
    opened.add_argument("id", metavar="编号")
    lifted = command(made, "lift", later("sealed", "lift"), "解除封存，放回居民名册")
    lifted.add_argument("id", metavar="编号")
    for one in (put, found, opened, lifted):
        one.add_argument("--why", required=True, type=reason, metavar="理由")
    classes = verbs(commands, "restricted", "限制类人员（默认不启用）：启用、登记、查看", "限制类人员")
    for verb, words in (("on", "启用（安全管理员申请、书记审批后）"), ("off", "停用")):
        command(classes, verb, later("sealed", f"restricted_{verb}"), words).add_argument(
            "--why", required=True, type=reason, metavar="理由"
        )
    entered = command(classes, "enter", later("sealed", "enter"), "登记一位居民属于某一类")
    entered.add_argument("person", metavar="居民", help="编号或姓名等")
    entered.add_argument("klass", metavar="类别")
    entered.add_argument("--from", dest="from_on", default="", metavar="日期", help="默认今天")
    entered.add_argument("--note", default="", metavar="说明")
    look = command(classes, "look", later("sealed", "look"), "查看一位居民的类别，记录用途")
    look.add_argument("person", metavar="居民", help="编号或姓名等")
    ended = command(classes, "end", later("sealed", "end"), "结束一条")
    ended.add_argument("id", metavar="编号")
    ended.add_argument("--on", default="", metavar="日期", help="默认今天")
    for one in (entered, look, ended):
        one.add_argument("--why", required=True, type=reason, metavar="理由")
