"""The words of commands that change residents: fields, merges, imports."""

from typing import Any

from desktop_app.cli.words.command import KINDS, command, later


def add_writing(commands: Any) -> None:
    """Setting fields and undoing."""
    set_ = command(commands, "set", later("writing", "set_fields"), "修改一条记录的字段")
    set_.add_argument("kind", metavar="类别", help=KINDS)
    set_.add_argument("id", metavar="编号", help="居民也可以写姓名等")
    set_.add_argument("fields", nargs="+", metavar="字段=值")
    set_.add_argument("--why", default="", metavar="原因")
    undo = command(commands, "undo", later("writing", "undo"), "撤销上一步，或指定的一步")
    undo.add_argument("action", nargs="?", type=int, metavar="步骤号")
    undo.add_argument("--why", default="", metavar="原因", help="不在本人网格时要写")


def add_duplicates(commands: Any) -> None:
    """Duplicates and merges."""
    command(commands, "duplicates", later("merging", "listed"), "列出可能重复登记的居民")
    merge = command(commands, "merge", later("merging", "merge"), "把两条重复的居民记录合并为一条（可撤销）")
    merge.add_argument("one", metavar="居民", help="编号或姓名等")
    merge.add_argument("other", metavar="居民", help="编号或姓名等")
    merge.add_argument("--live", choices=("stays", "goes"), help="住处不同时以哪一条为准：保留的、并入的")
    merge.add_argument("--set", action="append", metavar="字段=值", help="某一项取什么值；可写 stays 或 goes")
    merge.add_argument("--two", action="store_true", help="不是同一人：记下来，以后不再提示")
    merge.add_argument("--why", default="", metavar="原因")
    merge.add_argument("--yes", action="store_true", help="不再询问，直接合并")


def add_import(commands: Any) -> None:
    """Importing a workbook."""
    made = command(commands, "import", later("importing", "import_file"), "导入表格：先检查，确认后才写入")
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
