"""Every way the server may say no: a code for the program, words for the person.

The body of a refusal is JSON: `{"code", "message", "retry_after"?, "info"?}`.  `message` is Chinese and says what
happened, whether anything was lost, and what to do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Self


@dataclass(frozen=True, slots=True)
class Refusal:
    """One kind of refusal: its HTTP status and its words."""

    status: int
    message: str


KEPT: Final = "本机的数据都在，没有丢失。"

REFUSALS: Final[Mapping[str, Refusal]] = MappingProxyType(
    {
        "BAD_REQUEST": Refusal(400, f"服务器看不懂这次请求。{KEPT}请升级软件后再试；仍不行请联系管理员。"),
        "DAMAGED": Refusal(400, f"请求在传输中损坏，服务器没有接收。{KEPT}请再同步一次；经常出现请检查网线或代理。"),
        "UNKNOWN_DEVICE": Refusal(401, f"服务器不认识这台电脑。{KEPT}请向管理员要一个新的接入码，重新接入。"),
        "BAD_SIGNATURE": Refusal(
            401, f"服务器无法确认是这台电脑发出的请求。{KEPT}请向管理员要一个新的接入码，重新接入。"
        ),
        "STALE": Refusal(401, f"这次请求已经用过了。{KEPT}请再同步一次。"),
        "REVOKED": Refusal(
            403, f"这台电脑已被管理员停用，不能再同步。{KEPT}确实还要用，请向管理员要一个新的接入码，重新接入。"
        ),
        "BAD_CODE": Refusal(403, "接入码不对、已用过或已过期。请核对后重新输入，或请管理员再发一个（15 分钟内有效）。"),
        "OTHER_UNIT": Refusal(
            403, f"这个接入码属于别的单位，没有接入，接入码没有用掉。{KEPT}请向本单位的管理员要接入码。"
        ),
        "NOT_FOUND": Refusal(404, f"服务器没有这个功能。{KEPT}请核对服务器地址，或请管理员升级服务器。"),
        "HISTORY": Refusal(409, f"服务器从备份恢复过，需要重新核对。{KEPT}软件会自动补传，请再同步一次。"),
        "CLONE": Refusal(
            409, f"有另一台电脑在用同一份数据（可能是整机复制）。{KEPT}软件会自动换一个身份，请再同步一次。"
        ),
        "LATE": Refusal(409, f"这一批服务器早已收到，回执已不再保存。{KEPT}请从U盘再导出一次，软件会自动换一个身份。"),
        "TOO_OLD": Refusal(409, f"这台电脑太久没有同步，需要与服务器逐条核对。{KEPT}软件会自动核对，请再同步一次。"),
        "FUSE": Refusal(
            409, f"这次上报要删除的记录异常多，服务器没有接收。{KEPT}请核对是不是误操作；确实要删除，请在“同步”里确认。"
        ),
        "SCOPE_GONE": Refusal(410, f"本社区已并入其他社区。{KEPT}软件会自动转接到新的社区，请再同步一次。"),
        "TOO_LARGE": Refusal(413, f"一次上报的内容太多。{KEPT}请再同步一次；仍不行请联系管理员。"),
        "NO_CONTENT": Refusal(404, f"服务器上还没有这个附件的内容。{KEPT}添加它的电脑上传后会自动下载，请稍等。"),
        "WRONG_CONTENT": Refusal(409, f"附件在传输中出错，服务器没有接收。{KEPT}软件会自动重传，请稍等。"),
        "WRONG_OFFSET": Refusal(409, f"附件要从另一处接着传。{KEPT}软件会自动接着传，请稍等。"),
        "NO_SPACE": Refusal(507, f"服务器上本社区的附件空间已满。{KEPT}请联系管理员。"),
        "UPGRADE": Refusal(426, f"这台电脑与服务器的软件版本相差太多，不能同步。{KEPT}请升级软件后再同步。"),
        "BUSY": Refusal(503, f"服务器正忙。{KEPT}请稍后再同步。"),
        "SERVER_ERROR": Refusal(500, f"服务器内部出错。{KEPT}请稍后再同步；仍不行请联系管理员。"),
    }
)


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error of this program
    """The server says no.  `code` is one of `REFUSALS` (or newer than this build); `info` lets the desk go on."""

    def __init__(
        self, code: str, info: Mapping[str, Any] | None = None, *, message: str = "", retry_after: int | None = None
    ) -> None:
        super().__init__(code)
        self.code = code
        self.info: dict[str, Any] = dict(info or {})
        self.message = message or REFUSALS.get(code, REFUSALS["SERVER_ERROR"]).message
        self.retry_after = retry_after

    @property
    def status(self) -> int:
        """The HTTP status that goes with the code."""
        return REFUSALS.get(self.code, REFUSALS["SERVER_ERROR"]).status

    def body(self) -> dict[str, Any]:
        """The refusal as it travels."""
        body: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.retry_after is not None:
            body["retry_after"] = self.retry_after
        if self.info:
            body["info"] = self.info
        return body

    @classmethod
    def from_body(cls, body: object) -> Self:
        """The refusal in a reply; ValueError if the reply is none of ours."""
        if not isinstance(body, dict) or not isinstance(body.get("code"), str):
            raise ValueError("not a refusal")  # noqa: TRY004 - what came over the wire has a wrong value
        info, words, wait = body.get("info"), body.get("message"), body.get("retry_after")
        return cls(
            body["code"],
            info if isinstance(info, dict) else None,
            message=words if isinstance(words, str) else "",
            retry_after=wait if isinstance(wait, int) else None,
        )
