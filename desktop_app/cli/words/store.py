"""The words of commands about the store as a whole: made, examined, backed up."""

from typing import Any

from desktop_app.cli.words.command import command, later


def add_store(commands: Any) -> None:
    """A new store, the demo, the doctor."""
    init = command(commands, "init", later("writing", "init"), "新建一份数据")
    init.add_argument("--community", metavar="名称", help="社区名称，如 红旗桥社区")
    init.add_argument("--code", metavar="代码", help="12 位统计区划代码")
    init.add_argument("--from-starter", metavar="文件", help="从服务器写的启动文件新建（没有网络的电脑），不用写社区")
    init.add_argument("--staff", required=True, metavar="姓名", help="在这台电脑上工作的社工")
    init.add_argument("--login", default="", metavar="登录名", help="同时设立初始管理员；不写则首次打开时设立")
    init.add_argument(
        "--profile", default="general", metavar="城市", help="城市做法（general、huangshi、shishou、qiaokou）"
    )
    command(commands, "demo", later("demonstration", "demo"), "用演示社区走一遍：导入、打印、两台电脑同步")
    doctor = command(commands, "doctor", later("checking", "doctor"), "检查数据有没有问题，修复可以放心修的")
    doctor.add_argument("--cases", metavar="代号", help="列出某一项的全部记录")
    doctor.add_argument("--fix", metavar="代号", help="修复某一项：先列出要做什么，确认后才做，可以撤销")
    doctor.add_argument("--yes", action="store_true", help="不再询问，直接修复")


def add_backups(commands: Any) -> None:
    """Backups and the recovery sheet."""
    backup = command(commands, "backup", later("backups", "make_backup"), "备份并验证可以恢复")
    backup.add_argument("--to", metavar="文件夹")
    backup.add_argument(
        "--if-due", choices=("daily", "exit"), help="有改动、又到了时候才备份（daily 每天，exit 退出时）"
    )
    listed = command(commands, "backups", later("backups", "listed"), "列出备份，或验证一份")
    listed.add_argument("--verify", metavar="备份文件", help="打开这一份，逐页核对")
    restore = command(commands, "restore", later("backups", "restore"), "把备份恢复到一个新文件夹")
    restore.add_argument("file", metavar="备份文件")
    restore.add_argument("--into", required=True, metavar="文件夹")
    restore.add_argument(
        "--code", nargs="?", const="-", metavar="恢复码", help="在另一台电脑上恢复：恢复单上的码，不写在命令里会询问"
    )
    sheet = command(commands, "recovery-sheet", later("backups", "recovery_sheet"), "制作数据恢复单（只显示这一次）")
    sheet.add_argument("-o", "--output", metavar="文件.pdf")
    sheet.add_argument("--printer", metavar="打印机")
    sheet.add_argument("--yes", action="store_true", help="已有恢复单时不再询问，直接换新")
