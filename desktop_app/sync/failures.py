"""Words for a conversation with the server that did not come about, broke, or was refused."""

from typing import Final

from desktop_app.shared.errors import AppError, NetworkError
from desktop_app.sync.trust import Trust
from sync_protocol.refusals import KEPT, Refused

PASSING: Final = ("BUSY", "SERVER_ERROR", "DAMAGED", "STALE")
"""Refusals that have to do with the moment, not with this desk."""


class DroppedError(NetworkError):
    """A connection that was kept had been closed by the other end: the same may be said again on a new one.

    Under another counter: the request may have arrived all the same, and then the old one has been seen.
    """


class NotOursError(NetworkError):
    """An answer that is not from our server."""


def unreachable(error: Exception, trust: Trust = Trust()) -> NetworkError:  # noqa: B008 - it cannot be changed
    """Words for a connection that did not come about or broke."""
    words = f"{type(error).__name__} {error}"
    if trust.pinned and ("CERTIFICATE_VERIFY_FAILED" in words or "ingerprint" in words):
        return NetworkError(
            f"服务器出示的证书不是接入时约定的那一张，可能有人冒充服务器，没有上报。{KEPT}",
            next_step="请向管理员核对：确实换了证书，在“同步”页核对并登记新的（命令行 linli trust）；否则不要继续。",
        )
    if "CertificateError" in words or "CERTIFICATE_VERIFY_FAILED" in words or "SSLError" in words:
        return NetworkError(
            f"服务器的安全证书不受信任，为防泄露没有上报。{KEPT}",
            next_step="请检查电脑的日期和时间；单位自己签发的证书，向管理员要指纹，核对一致后用 --fingerprint 指纹"
            "（或 --ca 证书文件）接入，或在“同步”页里核对。",
        )
    if "NameResolutionError" in words:
        return NetworkError(f"找不到服务器（地址无法解析）。{KEPT}", next_step="请检查网络和服务器地址。")
    if "Timeout" in words:
        return NetworkError(f"服务器没有及时回应。{KEPT}", next_step="可以照常工作，请稍后再同步。")
    return NetworkError(f"连不上服务器。{KEPT}", next_step="可以照常登记和打印，请检查网络后再同步。")


def not_ours() -> NotOursError:
    """Words for an answer that is not from our server."""
    return NotOursError(
        f"回应的不是邻里工作站的服务器（可能是上网认证页面，或地址填错）。{KEPT}",
        next_step="请先在浏览器里登录网络，或核对服务器地址，然后再同步。",
    )


def spoken(refusal: Refused) -> AppError:
    """A refusal as an error for the person; what has to do with the moment only is a matter of the network."""
    wait = f"约 {refusal.retry_after} 秒后再试。" if refusal.retry_after else None
    if refusal.code in PASSING:
        return NetworkError(refusal.message, next_step=wait)
    return AppError(refusal.message, field="code" if refusal.code == "BAD_CODE" else None, next_step=wait)
