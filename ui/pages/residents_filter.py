"""Between the filter bar and `ResidentFilter`: which chips there are, what they mean, and back again."""

from PySide6.QtCore import QObject

from desktop_app.residents.queries import STATES, ResidentFilter
from ui.pages.wording import choices
from ui.shell.desk import Desk
from ui.widgets.filter_bar import Chosen, Filter

_AGES: dict[str, tuple[int | None, int | None]] = {
    "0-6": (None, 6),
    "7-17": (7, 17),
    "18-59": (18, 59),
    "60": (60, None),
    "80": (80, None),
}


def filters(page: QObject, desk: Desk) -> tuple[Filter, ...]:
    """The chips, in order; lists that depend on the store are filled by the page."""
    ages = (
        ("0-6", page.tr("6岁以下")),
        ("7-17", page.tr("7到17岁")),
        ("18-59", page.tr("18到59岁")),
        ("60", page.tr("60岁以上")),
        ("80", page.tr("80岁以上")),
    )
    more = (
        ("男", page.tr("男")),
        ("女", page.tr("女")),
        ("alone", page.tr("一个人住")),
        ("homeless", page.tr("没有登记住处")),
    )
    return (
        Filter("building", page.tr("楼栋"), several=False),
        Filter("tag", page.tr("标签")),
        Filter("age", page.tr("年龄"), ages, several=False),
        Filter("political", page.tr("政治面貌"), choices(desk, "political")),
        Filter("state", page.tr("状态"), tuple((state, state) for state in STATES), several=False),
        Filter("more", page.tr("更多"), more),
    )


def resident_filter(chosen: Chosen) -> ResidentFilter:
    """What the store is asked; the typed words are not part of it."""
    low, high = _AGES.get(chosen.one("age"), (None, None))
    more = chosen.of("more")
    sexes = [word for word in more if word in ("男", "女")]
    return ResidentFilter(
        state=chosen.one("state") or STATES[0],
        building_id=chosen.one("building") or None,
        sex=sexes[0] if len(sexes) == 1 else None,
        min_age=low,
        max_age=high,
        tags=chosen.of("tag"),
        political=chosen.of("political"),
        living_alone="alone" in more,
        without_room="homeless" in more,
    )


def chosen_from(wanted: ResidentFilter) -> Chosen:
    """The chips that say the same; what no chip can say is left out."""
    age = next((key for key, ages in _AGES.items() if ages == (wanted.min_age, wanted.max_age)), "")
    more = [key for key, on in (("alone", wanted.living_alone), ("homeless", wanted.without_room)) if on]
    codes = {
        "building": (wanted.building_id,) if wanted.building_id else (),
        "tag": wanted.tags,
        "age": (age,) if age else (),
        "political": wanted.political,
        "state": (wanted.state,) if wanted.state != STATES[0] else (),
        "more": (*((wanted.sex,) if wanted.sex else ()), *more),
    }
    return Chosen(codes={key: found for key, found in codes.items() if found})
