"""The fields of an appeal, shared by the form that takes one in and the one that corrects it."""

from PySide6.QtCore import QObject

from desktop_app.appeals.states import Ladders
from ui.pages.wording import choices
from ui.shell.desk import Desk
from ui.widgets.record_form import Field


def asked_fields(page: QObject, desk: Desk) -> tuple[Field, ...]:
    """What is asked of a new appeal; the ladder only where there are several."""
    ladders = Ladders(desk.app.db).offered
    choice = tuple((one.code, one.name) for one in ladders)
    chosen = (Field("ladder", page.tr("处置阶梯"), "choice", choice),) if len(ladders) > 1 else ()
    return (
        Field("title", page.tr("事由"), required=True, wide=True, hint=page.tr("一句话：什么事、在哪里")),
        Field("text", page.tr("内容"), "long", wide=True),
        Field("klass", page.tr("分类"), "choice", choices(desk, "appeal_classes"), required=True),
        Field("kind", page.tr("类型"), "choice", choices(desk, "appeal_kinds"), required=True),
        Field("channel", page.tr("渠道"), "choice", choices(desk, "appeal_channels"), required=True),
        Field("urgency", page.tr("紧急程度"), "choice", choices(desk, "appeal_urgency"), required=True),
        Field("promised_on", page.tr("承诺办结"), "date", hint=page.tr("空着按办理期限算")),
        Field("received_on", page.tr("接到日期"), "date", required=True),
        *chosen,
    )


def reporter_fields(page: QObject) -> tuple[Field, ...]:
    """Who brings it up, and where it is where that is no room."""
    return (
        Field("reporter_name", page.tr("反映人")),
        Field("reporter_phone", page.tr("电话"), "number"),
        Field("place", page.tr("地点"), wide=True, hint=page.tr("不在某一户时写，如 东门岗亭旁")),
    )
