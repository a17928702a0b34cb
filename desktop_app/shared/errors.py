"""The two kinds of error: an AppError is for a person, everything else is a bug."""


class AppError(Exception):
    """Something a person can understand and act on, in Chinese.

    `message` says what happened and whether anything was lost; `next_step` says what to do; `field` names the input it
    belongs to, so that a form can show it there.  `code` is the exit code a script gets (see `ExitCode`).
    """

    code = 1

    def __init__(self, message: str, *, field: str | None = None, next_step: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}" if self.next_step else self.message


class UsageError(AppError):
    """The command was called with words it does not know."""

    code = 2


class ReasonWantedError(AppError):
    """It may be done, but somebody has to say why first (`Database.because`); at field `why`."""


class LockedError(AppError):
    """The store is in use or its key is not to be had right now."""

    code = 3


class NetworkError(AppError):
    """The server could not be reached, or what answered was not our server; nothing local is lost."""

    code = 4


class CorruptError(AppError):
    """A file is damaged or is not what its name says."""

    code = 5


class NeedsUpgradeError(AppError):
    """The store was written by a newer version of the program."""

    code = 6


class FuseError(AppError):
    """So many deletions at once that a person must confirm them first; nothing was deleted.

    `table_zh` says of what, `count` of `total` records would go; `direction` is "pull" or "push".
    """

    code = 7

    def __init__(self, table_zh: str, count: int, total: int, direction: str) -> None:
        whence = "服务器要求本机" if direction == "pull" else "本机将在服务器上"
        super().__init__(
            f"{whence}删除 {count} 条{table_zh}记录（共 {total} 条），多得不寻常。同步已停下，什么也没有删除。",
            next_step="请先核对是不是误操作；确实要删除，请在“同步”里点“接受”，或运行 linli sync --accept-deletions。",
        )
        self.table_zh, self.count, self.total, self.direction = table_zh, count, total, direction


class CancelledError(AppError):
    """The person stopped a long job; nothing of it was kept."""

    code = 130

    def __init__(self, message: str = "已取消，没有改动任何数据。") -> None:
        super().__init__(message)
