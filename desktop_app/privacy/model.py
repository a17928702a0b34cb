"""What the law wants kept about personal data: who got it, who allowed it, what people asked, what is under seal."""

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.base import Record
from desktop_app.store.base import note as n


class ExportRecord(Record):
    """导出登记 (append-only): personal data left the program, noted before the file was given out.

    `at` in UTC ms; `fields` are labels separated by 、; `count` people or lines; `masked` a key of `rules.NUMBERS`;
    `sha256` and `size` (bytes) of the file, `target` its name alone.  Kept three years (网络数据安全管理条例 art. 12).
    """

    __tablename__ = "export_record"
    __table_no__ = 40
    __zh__ = "导出登记"
    __append_only__ = True
    __log__ = True
    __table_args__ = (Index("ix_export_record_at", "at"), Index("ix_export_record_sha256", "sha256"))

    at: Mapped[int] = mapped_column(BigInteger, info=n("时间"))
    what: Mapped[str] = mapped_column(info=n("内容"))
    recipient: Mapped[str] = mapped_column(info=n("接收方"))
    purpose: Mapped[str] = mapped_column(info=n("用途"))
    fields: Mapped[str] = mapped_column(info=n("字段"))
    count: Mapped[int] = mapped_column(info=n("条数"))
    masked: Mapped[int] = mapped_column(default=1, info=n("已遮盖"))
    by_name: Mapped[str] = mapped_column(default="", info=n("经手人"))
    sha256: Mapped[str] = mapped_column(String(64), info=n("文件指纹"))
    size: Mapped[int] = mapped_column(BigInteger, default=0, info=n("文件大小"))
    target: Mapped[str] = mapped_column(default="", info=n("文件名"))
    approval_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("审批", ref="approval"))


class Approval(Record):
    """审批: somebody asks to do what one person alone may not, another allows or refuses it, in writing.

    `kind` is a key of `rules.APPROVALS`; `reason` and `why` name nobody.  `valid_until` is the last day it holds.
    """

    __tablename__ = "approval"
    __table_no__ = 41
    __zh__ = "审批"
    __final__ = ("verdict",)
    __table_args__ = (Index("ix_approval_person", "person_id"), Index("ix_approval_asked_at", "asked_at"))

    kind: Mapped[str] = mapped_column(info=n("事项"))
    person_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("居民", ref="person"))
    reason: Mapped[str] = mapped_column(info=n("申请理由"))
    asked_by: Mapped[str | None] = mapped_column(String(32), default=None, info=n("申请人", ref="staff"))
    asked_name: Mapped[str] = mapped_column(default="", info=n("申请人姓名"))
    asked_at: Mapped[int] = mapped_column(BigInteger, default=0, info=n("申请时间"))
    verdict: Mapped[str | None] = mapped_column(default=None, info=n("审批结论"))
    why: Mapped[str | None] = mapped_column(default=None, info=n("审批意见"))
    decided_by: Mapped[str | None] = mapped_column(String(32), default=None, info=n("审批人", ref="staff"))
    decided_name: Mapped[str] = mapped_column(default="", info=n("审批人姓名"))
    decided_at: Mapped[int | None] = mapped_column(BigInteger, default=None, info=n("审批时间"))
    valid_until: Mapped[str | None] = mapped_column(default=None, info=n("有效期至"))


class SubjectRequest(Record):
    """个人信息申请 (PIPL art. 44–50): somebody wants to see, have, correct, erase or understand what is held.

    `kind` is a name of `rules.KINDS`, `relation` of the applicant to the person, `decision` one of `rules.DECISIONS`.
    """

    __tablename__ = "subject_request"
    __table_no__ = 42
    __zh__ = "个人信息申请"
    __final__ = ("answered_on",)
    __table_args__ = (
        Index("ix_subject_request_person", "person_id"),
        Index("ix_subject_request_received", "received_on"),
        Index("ix_subject_request_no", "no"),
    )

    no: Mapped[str | None] = mapped_column(default=None, info=n("编号"))
    kind: Mapped[str] = mapped_column(info=n("类型"))
    person_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("居民", ref="person"))
    applicant: Mapped[str] = mapped_column(info=n("申请人"))
    relation: Mapped[str] = mapped_column(default="本人", info=n("与本人关系"))
    phone: Mapped[str | None] = mapped_column(default=None, info=n("联系电话", mask="phone"))
    text: Mapped[str] = mapped_column(default="", info=n("申请内容"))
    received_on: Mapped[str] = mapped_column(info=n("收到日期"))
    channel: Mapped[str] = mapped_column(default="当面", info=n("提出方式"))
    identity_how: Mapped[str | None] = mapped_column(default=None, info=n("身份核验方式"))
    identity_on: Mapped[str | None] = mapped_column(default=None, info=n("核验日期"))
    due_on: Mapped[str | None] = mapped_column(default=None, info=n("答复期限"))
    decision: Mapped[str | None] = mapped_column(default=None, info=n("处理决定"))
    why: Mapped[str | None] = mapped_column(default=None, info=n("理由"))
    decided_on: Mapped[str | None] = mapped_column(default=None, info=n("决定日期"))
    decided_name: Mapped[str | None] = mapped_column(default=None, info=n("决定人"))
    answered_on: Mapped[str | None] = mapped_column(default=None, info=n("答复日期"))
    answered_how: Mapped[str | None] = mapped_column(default=None, info=n("答复方式"))


class SealKey(Record):
    """密封口令: the key of sealed records, wrapped with a passphrase (Argon2id, AES-256-GCM); never in the clear.

    Whoever knows the passphrase gets the key at any desk of the community; the server has only what stands here.
    """

    __tablename__ = "seal_key"
    __table_no__ = 43
    __zh__ = "密封口令"
    __for_good__ = "1"  # an older wrapping opens with a passphrase that was replaced
    __instead__ = "口令请再更换一次；限制类请用“启用或停用限制类”。"

    kdf: Mapped[str] = mapped_column(Text, info=n("派生参数"))
    wrapped: Mapped[str] = mapped_column(Text, info=n("密封的密钥"))
    made_at: Mapped[int] = mapped_column(BigInteger, info=n("设定时间"))
    made_name: Mapped[str] = mapped_column(default="", info=n("设定人"))
    approval_id: Mapped[str | None] = mapped_column(String(32), default=None, info=n("审批", ref="approval"))
    off_on: Mapped[str | None] = mapped_column(default=None, info=n("停用日期"))


class SealedRecord(Record):
    """密封记录: what nobody may read in passing: a restricted class of a person, or a person whose data are 封存.

    `content` is ciphertext (base64); `subject` is an HMAC of whom it is about, so that not even that can be read.
    """

    __tablename__ = "sealed_record"
    __table_no__ = 44
    __zh__ = "密封记录"
    __for_good__ = "r.kind<>'限制类'"
    __instead__ = "请用反过来的操作：封存的请解除封存，解封的请再封存。"
    __table_args__ = (Index("ix_sealed_record_subject", "subject"),)

    kind: Mapped[str] = mapped_column(info=n("种类"))
    subject: Mapped[str] = mapped_column(String(64), info=n("对象标记"))
    key_id: Mapped[str] = mapped_column(String(32), info=n("密封口令", ref="seal_key"))
    content: Mapped[str] = mapped_column(Text, info=n("密文"))
    at: Mapped[int] = mapped_column(BigInteger, info=n("时间"))
    by_name: Mapped[str] = mapped_column(default="", info=n("经手人"))
    keep_until: Mapped[str | None] = mapped_column(default=None, info=n("保存至"))
