"""The words of commands about the audit trail, the keys and repairs."""

from typing import Any

from desktop_app.cli.speaking import at_least_one
from desktop_app.cli.words.command import command, later


def add_safety(commands: Any) -> None:
    """Audit, keys, repair."""
    audit = command(commands, "audit", later("auditing", "audit"), "审计记录：核对有没有被改动、列出、导出")
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
    key = command(commands, "key", later("keying", "key"), "数据的密钥：改口令、换密钥、换存放处、用恢复单找回")
    key.add_argument(
        "verb",
        choices=["change-passphrase", "rekey", "move", "recover"],
        metavar="做什么",
        help="change-passphrase（改口令）、rekey（换密钥）、move（换存放处）、recover（用恢复单找回）",
    )
    key.add_argument(
        "--to", choices=["keyring", "passphrase"], metavar="存放处", help="keyring（系统钥匙串）、passphrase（口令）"
    )
    key.add_argument(
        "--code",
        nargs="?",
        const="-",
        default="",
        metavar="恢复码",
        help="恢复单上的恢复码；不写在命令里会询问，或取环境变量",
    )
    repair = command(commands, "repair", later("repairing", "repair"), "数据库损坏时：取出能读的，用备份和服务器补齐")
    repair.add_argument("--force", action="store_true", help="检查没有发现损坏也重建")
