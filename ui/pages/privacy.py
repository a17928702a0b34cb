"""个人信息: what people asked about their data, who allowed what, what was given out, what has expired."""

from collections.abc import Mapping
from typing import ClassVar

from ui.pages.page_of_faces import PageOfFaces
from ui.pages.privacy_approvals import ApprovalsPane
from ui.pages.privacy_register import RegisterPane
from ui.pages.privacy_requests import RequestsPane
from ui.pages.privacy_retention import RetentionPane
from ui.shell.desk import Desk


class PrivacyPage(PageOfFaces):
    """Four faces."""

    tables: ClassVar[frozenset[str]] = frozenset(
        {"subject_request", "approval", "export_record", "person", "visit", "appeal", "sealed_record"}
    )
    opens: ClassVar[Mapping[str, int]] = {"request": 0, "approval": 1, "0": 0, "1": 1, "2": 2, "3": 3}

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.requests = RequestsPane(self)
        self.approvals = ApprovalsPane(self)
        self.register = RegisterPane(self)
        self.retention = RetentionPane(self)
        words = (self.tr("申请"), self.tr("审批"), self.tr("导出登记"), self.tr("到期审查"))
        self.arrange(words, self.requests, self.approvals, self.register, self.retention)

    def title(self) -> str:
        return self.tr("个人信息")

    def icon(self) -> str:
        return "lock"
