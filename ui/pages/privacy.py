"""个人信息: what people asked about their data, who allowed what, what was given out, has expired, is under seal."""

from collections.abc import Mapping
from typing import ClassVar

from ui.pages.page_of_faces import Face, PageOfFaces
from ui.pages.privacy_approvals import ApprovalsPane
from ui.pages.privacy_register import RegisterPane
from ui.pages.privacy_requests import RequestsPane
from ui.pages.privacy_retention import RetentionPane
from ui.pages.privacy_sealed import SealedPane


class PrivacyPage(PageOfFaces):
    """Five faces."""

    requests = Face(RequestsPane)
    approvals = Face(ApprovalsPane)
    register = Face(RegisterPane)
    retention = Face(RetentionPane)
    sealed = Face(SealedPane)
    tables: ClassVar[frozenset[str]] = frozenset(
        {"subject_request", "approval", "export_record", "person", "visit", "appeal", "sealed_record", "seal_key"}
    )
    opens: ClassVar[Mapping[str, int]] = {
        "request": 0,
        "approval": 1,
        "0": 0,
        "1": 1,
        "2": 2,
        "3": 3,
        "4": 4,
        "sealed": 4,
    }

    def words(self) -> tuple[str, ...]:
        return (self.tr("申请"), self.tr("审批"), self.tr("导出登记"), self.tr("到期审查"), self.tr("密封"))

    def title(self) -> str:
        return self.tr("个人信息")

    def icon(self) -> str:
        return "lock"
