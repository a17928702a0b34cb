"""The words of commands about the community's own rules."""

from typing import Any

from desktop_app.cli.words.command import command, later, verbs


def add_practice(commands: Any) -> None:
    """`linli practice`."""
    made = verbs(commands, "practice", "地方做法：城市做法、代码表、会议规则的本社区写法", "地方做法")
    listed = command(made, "list", later("practising", "listed"), "列出各份规则，本社区改过的在前")
    listed.add_argument("text", nargs="?", default="", metavar="文字")
    shown = command(made, "show", later("practising", "show"), "显示一份规则今天的内容")
    shown.add_argument("name", metavar="名称", help="如 profiles/qiaokou、codes/meeting_rules")
    adopted = command(made, "adopt", later("practising", "adopt"), "从某天起改用一份新的内容")
    adopted.add_argument("name", metavar="名称")
    adopted.add_argument("file", metavar="文件.toml")
    back = command(made, "reset", later("practising", "reset"), "从某天起改回随程序提供的内容")
    back.add_argument("name", metavar="名称")
    command(made, "towns", later("practising", "towns"), "列出城市做法，本社区用的是哪一种")
    follow = command(made, "follow", later("practising", "follow"), "从某天起改用另一种城市做法：先列出会变什么")
    follow.add_argument("town", metavar="代号", help="见 linli practice towns")
    follow.add_argument("--from-on", default="", metavar="日期", help="生效日期，默认今天，不能早于今天")
    follow.add_argument("--why", default="", metavar="依据", help="文件、会议或通知")
    follow.add_argument("--dry-run", action="store_true", help="只看会变什么")
    follow.add_argument("--yes", action="store_true", help="不再询问")
    for one in (adopted, back):
        one.add_argument("--from-on", default="", metavar="日期", help="生效日期，默认今天，不能早于今天")
        one.add_argument("--why", required=True, metavar="依据", help="文件、会议或通知")
