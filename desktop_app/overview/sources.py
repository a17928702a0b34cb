"""Where the time line of a resident, a household and a room comes from: an explicit tuple, and what stays out of it.

Each part is one SELECT by an index: (day or None, instant in UTC ms or 0, title, text, id, table and id of what opens).
`home` is a table of the homes a resident lived in, with the first and the last day there.
"""

from dataclasses import dataclass
from typing import Final, Literal

Subject = Literal["person", "household", "room"]
SUBJECTS: Final[tuple[Subject, ...]] = ("person", "household", "room")


@dataclass(frozen=True, slots=True)
class Part:
    """One SELECT for some subjects: `what` are its seven columns, `source` the tables, by subject."""

    what: str
    source: dict[Subject, str]


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of entry, of one or several tables."""

    kind: str
    right: str
    """Who may not read these has a time line without them."""
    tables: tuple[str, ...]
    parts: tuple[Part, ...]


def _own(table: str, alias: str) -> dict[Subject, str]:
    """Records that name person, household and room by themselves."""
    told = f"{table} {alias} WHERE {alias}."
    return {
        "person": f"{told}person_id=:id AND {alias}.sync_del=0",
        "household": f"{told}household_id=:id AND {alias}.sync_del=0",
        "room": f"{told}room_id=:id AND {alias}.sync_del=0",
    }


def _of_home(table: str, alias: str, day: str) -> dict[Subject, str]:
    """Those of a home that name nobody, for whoever lived in it on that day."""
    return {
        "person": f"home o CROSS JOIN {table} {alias} ON {alias}.household_id=o.id WHERE {alias}.sync_del=0 "
        f"AND {alias}.person_id IS NULL AND {day} BETWEEN o.since AND o.until"
    }


_MEMBERS: Final = "household_member m CROSS JOIN"
_WITHIN: Final = "m.household_id=:id AND m.sync_del=0"


def _of_members(table: str, alias: str, day: str) -> str:
    """Records of whoever belongs or belonged to a household, on a day they did."""
    return (
        f"{_MEMBERS} {table} {alias} ON {alias}.person_id=m.person_id CROSS JOIN person p ON p.id=m.person_id "
        f"WHERE {_WITHIN} AND {alias}.sync_del=0 AND {day}>=coalesce(m.from_on,'') "
        f"AND {day}<=coalesce(m.to_on,'9999')"
    )


# what was visited
_VISIT: Final = (
    "v.\"on\",0,v.mode||CASE WHEN v.result IN ('见面',v.mode) THEN '' ELSE '，'||v.result END||'　'||v.workers,"
    "trim(coalesce('事由：'||v.purpose||'；','')||coalesce('情况：'||v.findings||'；','')"
    "||coalesce('意见：'||replace(v.opinions,char(10),' ')||'；','')||coalesce('物品：'||v.goods,''),'；'),"
    "v.id,'visit',v.id"
)
_KNOCK: Final = (
    "i.visited_on,0,c.name||'：'||i.result,trim(CASE WHEN i.goods_qty>0 THEN '发放'||coalesce(c.goods,'物品')||' '"
    "||i.goods_qty||' 份'||CASE WHEN i.signed THEN '，已签收' ELSE '' END ELSE '' END||'；'||coalesce(i.note,''),'；'),"
    "i.id,'campaign',c.id"
)
_KNOCKED: Final = "CROSS JOIN campaign c ON c.id=i.campaign_id WHERE i.sync_del=0 AND i.result IS NOT NULL AND"

# appeals and services
_APPEAL: Final = "a.received_on,a.received_at,'提出诉求：'||a.title,coalesce(a.no,''),a.id,'appeal',a.id"
_DEED: Final = (
    "v.\"on\",v.at,'诉求'||v.kind||'：'||a.title,trim(coalesce(v.outcome||'　','')||coalesce(v.satisfaction||'　','')"
    "||coalesce(v.text,'')),v.id,'appeal',a.id"
)
_DEEDS: Final = "CROSS JOIN appeal_event v ON v.appeal_id=a.id AND v.sync_del=0 AND v.kind<>'登记'"
_ORDER: Final = "a.received_on,a.received_at,'点单：'||a.title,coalesce(a.no,''),a.id,'order',a.id"
_SERVED: Final = (
    "v.\"on\",v.at,'服务单'||v.kind||'：'||a.title,trim(coalesce(v.to_whom||'　','')||coalesce(v.minutes||' 分钟　','')"
    "||coalesce(v.satisfaction||'　','')||coalesce(v.text,'')),v.id,'order',a.id"
)
_SERVICES: Final = "CROSS JOIN order_event v ON v.order_id=a.id AND v.sync_del=0 AND v.kind<>'登记'"
_WISH: Final = "a.received_on,a.received_at,'微心愿：'||a.text,coalesce(a.no,''),a.id,'wish',a.id"
_GRANTED: Final = (
    "v.\"on\",v.at,'心愿'||v.kind||'：'||a.text,trim(coalesce(v.taker||'　','')||coalesce(v.text,'')),v.id,'wish',a.id"
)
_WISHES: Final = "CROSS JOIN wish_event v ON v.wish_id=a.id AND v.sync_del=0"


# points and time
def _moved(sign: str) -> str:
    return (
        "e.\"on\",e.at,a.kind||e.kind||coalesce('：'||e.text,''),"
        f"'{sign}'||e.amount||' '||a.unit||coalesce('　凭证 '||e.voucher_no,'')"
        "||coalesce('　没有生效：'||v.why,''),e.id,'points_account',a.id"
    )


def _accounts(side: str) -> dict[Subject, str]:
    """What came into or went out of the accounts of a resident or of a household."""
    joined = (
        f"points_account a CROSS JOIN points_entry e ON e.{side}_account_id=a.id AND e.sync_del=0 "
        "LEFT JOIN points_void v ON v.entry_id=e.id WHERE"
    )
    return {
        "person": f"{joined} a.person_id=:id AND a.sync_del=0",
        "household": f"{joined} a.household_id=:id AND a.sync_del=0",
    }


# care
_HUNG: Final = "d.installed_on,0,'装爱心门铃（'||d.kind||'）',coalesce(d.place,''),d.id,'door_bell',d.id"
_REMOVED: Final = "d.to_on,0,'拆除爱心门铃','',d.id,'door_bell',d.id"
_RANG: Final = (
    "v.at,0,'门铃'||v.kind||coalesce('：'||v.cause,''),trim(coalesce(v.who_came||' 到场'||coalesce('（'||v.came_at"
    "||'）','')||'　','')||coalesce(v.text,'')),v.id,'door_bell',d.id"
)
_RINGS: Final = "CROSS JOIN door_bell_event v ON v.bell_id=d.id AND v.sync_del=0"
_PAIRED: Final = (
    "c.from_on,0,'结对：'||c.helper_name||' 包保',trim(coalesce(c.care_class||'　','')||coalesce(c.helper_unit,'')),"
    "c.id,'care_pair',c.id"
)
_PARTED: Final = "c.to_on,0,'结束结对：'||c.helper_name,'',c.id,'care_pair',c.id"


def _bells(more: str = "") -> dict[Subject, str]:
    return {
        "person": f"door_bell d {more} WHERE d.sync_del=0 AND (d.person_id=:id OR (d.person_id IS NULL AND "
        "d.household_id IN (SELECT id FROM home)))",
        "household": f"door_bell d {more} WHERE d.household_id=:id AND d.sync_del=0",
        "room": f"door_bell d {more} WHERE d.room_id=:id AND d.sync_del=0",
    }


_PAIRS: Final[dict[Subject, str]] = {
    "person": "care_pair c WHERE c.sync_del=0 AND (c.person_id=:id OR c.household_id IN (SELECT id FROM home))",
    "household": "care_pair c WHERE c.sync_del=0 AND (c.household_id=:id OR c.person_id IN (SELECT person_id FROM "
    "household_member WHERE household_id=:id AND sync_del=0))",
}


def _alike(table: str, more: str = "") -> dict[Subject, str]:
    """Orders and wishes: whose they are is said by the person alone."""
    return {
        "person": f"{table} a {more} WHERE a.person_id=:id AND a.sync_del=0",
        "household": f"{_MEMBERS} {table} a ON a.person_id=m.person_id {more} WHERE {_WITHIN} AND a.sync_del=0",
    }


# where they lived
_PLACED: Final = "coalesce(e.name,'')||b.no||'-'||coalesce(r.unit||'-','')||r.no,coalesce(s.basis,''),s.id,'room',r.id"
_STAYS: Final[dict[Subject, str]] = {
    "person": "residence s CROSS JOIN room r ON r.id=s.room_id CROSS JOIN building b ON b.id=r.building_id "
    "LEFT JOIN estate e ON e.id=b.estate_id WHERE s.person_id=:id AND s.sync_del=0"
}
_LODGERS: Final[dict[Subject, str]] = {
    "room": "residence s CROSS JOIN person p ON p.id=s.person_id WHERE s.room_id=:id AND s.sync_del=0 AND p.sync_del=0"
}
_JOINED: Final[dict[Subject, str]] = {
    "household": "household_member m CROSS JOIN person p ON p.id=m.person_id WHERE m.household_id=:id AND m.sync_del=0 "
    "AND p.sync_del=0"
}

SOURCES: Final[tuple[Source, ...]] = (
    Source(
        "走访",
        "visits.read",
        ("visit",),
        (
            Part(_VISIT, _own("visit", "v")),
            Part(_VISIT, _of_home("visit", "v", 'v."on"')),
        ),
    ),
    Source(
        "敲门",
        "visits.read",
        ("campaign_item",),
        (
            Part(
                _KNOCK,
                {
                    "person": "home o CROSS JOIN campaign_item i ON i.household_id=o.id "
                    f"{_KNOCKED} i.visited_on BETWEEN o.since AND o.until",
                    "household": f"campaign_item i {_KNOCKED} i.household_id=:id",
                    "room": f"campaign_item i {_KNOCKED} i.room_id=:id",
                },
            ),
        ),
    ),
    Source(
        "诉求",
        "appeals.read",
        ("appeal", "appeal_event"),
        (
            Part(_APPEAL, _own("appeal", "a")),
            Part(_APPEAL, _of_home("appeal", "a", "a.received_on")),
            Part(
                _DEED,
                {
                    "person": f"appeal a {_DEEDS} WHERE a.person_id=:id AND a.sync_del=0",
                    "household": f"appeal a {_DEEDS} WHERE a.household_id=:id AND a.sync_del=0",
                    "room": f"appeal a {_DEEDS} WHERE a.room_id=:id AND a.sync_del=0",
                },
            ),
        ),
    ),
    Source(
        "服务",
        "orders.read",
        ("service_order", "order_event"),
        (Part(_ORDER, _alike("service_order")), Part(_SERVED, _alike("service_order", _SERVICES))),
    ),
    Source(
        "心愿",
        "orders.read",
        ("wish", "wish_event"),
        (Part(_WISH, _alike("wish")), Part(_GRANTED, _alike("wish", _WISHES))),
    ),
    Source(
        "积分",
        "points.read",
        ("points_account", "points_entry"),
        (Part(_moved("＋"), _accounts("to")), Part(_moved("−"), _accounts("from"))),
    ),
    Source(
        "门铃",
        "care.read",
        ("door_bell", "door_bell_event"),
        (Part(_HUNG, _bells()), Part(_REMOVED, _bells()), Part(_RANG, _bells(_RINGS))),
    ),
    Source("结对", "care.read", ("care_pair",), (Part(_PAIRED, _PAIRS), Part(_PARTED, _PAIRS))),
    Source(
        "会议活动",
        "meetings.read",
        ("attendance", "sign_in"),
        (
            Part(
                "e.starts_at,0,'会议：'||e.title,a.status||coalesce('　'||a.post,''),a.id,'meeting',e.id",
                {
                    "person": "attendance a CROSS JOIN meeting e ON e.id=a.meeting_id AND e.sync_del=0 "
                    "WHERE a.person_id=:id AND a.sync_del=0",
                },
            ),
            Part(
                "e.\"on\",0,'活动：'||e.title,CASE WHEN s.minutes>0 THEN s.minutes||' 分钟' ELSE '' END,s.id,"
                "'activity',e.id",
                {
                    "person": "sign_in s CROSS JOIN activity e ON e.id=s.activity_id AND e.sync_del=0 "
                    "WHERE s.person_id=:id AND s.sync_del=0",
                },
            ),
        ),
    ),
    Source(
        "人员变动",
        "residents.read",
        ("person_event",),
        (
            Part(
                "x.\"on\",0,x.kind,coalesce(x.text,''),x.id,'person',x.person_id",
                {"person": "person_event x WHERE x.person_id=:id AND x.sync_del=0 AND x.kind<>'合并'"},
            ),
            Part(
                "x.\"on\",0,p.name||' '||x.kind,coalesce(x.text,''),x.id,'person',x.person_id",
                {
                    "household": _of_members("person_event", "x", 'x."on"') + " AND x.kind<>'合并'",
                    "room": "(SELECT DISTINCT person_id FROM residence WHERE room_id=:id AND sync_del=0) s CROSS JOIN "
                    "person_event x ON x.person_id=s.person_id CROSS JOIN person p ON p.id=x.person_id "
                    "WHERE x.room_id=:id AND x.sync_del=0 AND x.kind<>'合并'",
                },
            ),
        ),
    ),
    Source(
        "合并",
        "residents.read",
        ("person_event",),
        (
            Part(
                "x.\"on\",0,'与重复的登记合并',coalesce(x.text,''),x.id,'person',x.person_id",
                {"person": "person_event x WHERE x.person_id=:id AND x.sync_del=0 AND x.kind='合并'"},
            ),
        ),
    ),
    Source(
        "住处",
        "residents.read",
        ("residence", "household_member"),
        (
            Part("s.from_on,0,'住进 '||" + _PLACED, _STAYS),
            Part("s.to_on,0,'搬出 '||" + _PLACED, _STAYS),
            Part("s.from_on,0,p.name||' 住进',coalesce(s.basis,''),s.id,'person',p.id", _LODGERS),
            Part("s.to_on,0,p.name||' 搬出','',s.id,'person',p.id", _LODGERS),
            Part("m.from_on,0,p.name||' 入户',coalesce(m.relation,''),m.id,'person',p.id", _JOINED),
            Part("m.to_on,0,p.name||' 离户','',m.id,'person',p.id", _JOINED),
        ),
    ),
    Source(
        "关怀标签",
        "residents.read",
        ("person_tag",),
        (
            Part(
                "t.from_on,0,'列为'||t.tag,coalesce(t.evidence,t.detail,''),t.id,'person',t.person_id",
                {"person": "person_tag t WHERE t.person_id=:id AND t.sync_del=0"},
            ),
            Part(
                "t.to_on,0,'不再列为'||t.tag,'',t.id,'person',t.person_id",
                {"person": "person_tag t WHERE t.person_id=:id AND t.sync_del=0"},
            ),
            Part(
                "t.from_on,0,p.name||' 列为'||t.tag,coalesce(t.evidence,t.detail,''),t.id,'person',t.person_id",
                {"household": _of_members("person_tag", "t", "t.from_on")},
            ),
        ),
    ),
    Source(
        "任职",
        "organisation.read",
        ("seat",),
        tuple(
            Part(
                f"s.{day},0,'{verb}：'||s.role,n.name,s.id,'org_node',n.id",
                {
                    "person": "seat s CROSS JOIN org_node n ON n.id=s.node_id WHERE s.person_id=:id AND s.sync_del=0",
                },
            )
            for day, verb in (("from_on", "任职"), ("to_on", "卸任"))
        ),
    ),
    Source(
        "打印",
        "papers.read",
        ("print_job",),
        (
            Part(
                "NULL,j.at,'打印：'||j.title,j.by_name||'　'||j.state,j.id,'print_job',j.id",
                dict.fromkeys(SUBJECTS, "print_job j WHERE j.subject_id=:id AND j.sync_del=0"),
            ),
        ),
    ),
    Source(
        "附件",
        "attachments.read",
        ("attachment",),
        (
            Part(
                "NULL,f.at,'附件：'||f.title,f.by_name,f.id,'attachment',f.owner_id",
                {
                    subject: f"attachment f WHERE f.owner_table='{subject}' AND f.owner_id=:id AND f.sync_del=0"
                    for subject in SUBJECTS
                },
            ),
        ),
    ),
)
"""Every kind of entry, in the order of the filter."""

OUTSIDE: Final[dict[str, str]] = {
    "household": "户是事情的对象，不是一件事；户主和住址的变动在“住处”和修改历史里",
    "room": "房屋是事情的对象；产权人的变动在修改历史里",
    "duplicate_verdict": "合并已由人员变动的“合并”记下；判为不是同一人与这个人无关",
    "party_member": "组织关系看党建组织；入党日期不是社区做的事",
    "party_centre_household": "挂牌看党建组织；同时记为任职",
    "contact_assignment": "谁负责这里看责任链；担任包联的一方不是被服务的人",
    "part_time_member": "单位派来的兼职委员，在共建里看",
    "helper": "能做什么是志愿者名册，不是一件事；服务过的单子在“服务”里",
    "registration": "报到是这个人为社区做的，在报到登记里看",
    "registration_claim": "认领由报到的人负责，户的结对在“结对”里",
    "matter": "议题是为大家提的，在议事里看",
    "owner_ballot": "表决不公开个人的选择",
    "approval": "查看个人信息的审批，按规定只给管理的人看",
    "subject_request": "个人信息申请，按规定只给管理的人看",
    "conflict": "同步冲突有自己的一页",
}
"""Records that refer to a person, household or room and are no source, and why; a test proves that none is left out."""
