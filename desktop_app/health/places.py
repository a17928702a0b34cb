"""What may be wrong with buildings and rooms, posts and contacts, attachments, and what does not reach the server."""

from typing import Final

from desktop_app.health.finding import Check
from desktop_app.health.people import GONE, PERSON, room_words
from desktop_app.store.conflict import waits

TERM_YEARS: Final = 5
"""城市居民委员会组织法 (2018) art. 8; 中国共产党基层组织选举工作条例 (2020) art. 4: villages and communities."""
_POST: Final = "coalesce(n.name||'　','')||t.role||'　'||t.name"
_NODE: Final = "LEFT JOIN org_node n ON n.id=t.node_id"

_PLACES: Final = (
    Check(
        "no_coordinates", "提醒", "楼栋没有坐标", "building", "e.name||t.no||'栋'",
        "FROM building t JOIN estate e ON e.id=t.estate_id WHERE t.sync_del=0 AND t.to_on IS NULL "
        "AND (t.lon IS NULL OR t.lat IS NULL)",
        "可在楼栋页补填，或导入楼栋表。", order="e.name,t.local_no",
    ),
    Check(
        "room_alone", "问题", "房屋所在的楼栋已拆除或不存在", "room", f"{room_words('t.id')}||'　'||t.no",
        "FROM room t LEFT JOIN building b ON b.id=t.building_id WHERE t.sync_del=0 AND t.to_on IS NULL "
        "AND t.scope=0 AND (b.id IS NULL OR b.sync_del=1 OR b.to_on IS NOT NULL)",
        "请先同步一次；仍有时请停用这些房屋，或恢复楼栋。",
    ),
)  # fmt: skip

_POSTS: Final = (
    Check(
        "dead_in_post", "问题", "任职的人已去世或迁出", "seat", f"{_POST}||'　'||{GONE}",
        f"FROM seat t JOIN person p ON p.id=t.person_id {_NODE} WHERE t.sync_del=0 AND t.to_on IS NULL "
        "AND p.sync_del=0 AND (p.deceased_on IS NOT NULL OR p.left_on IS NOT NULL)",
        "请在党建组织页卸任。", place="'person',p.id",
    ),
    Check(
        "node_closed", "问题", "任职的组织已经撤销", "seat", f"{_POST}||'　'||n.to_on||' 撤销'",
        "FROM seat t JOIN org_node n ON n.id=t.node_id WHERE t.sync_del=0 AND t.to_on IS NULL AND n.to_on<=:today",
        "任职应随组织一起结束。", place="'org_node',n.id",
    ),
    Check(
        "past_term", "提醒", f"任职已满{TERM_YEARS}年，没有换届记录", "seat", f"{_POST}||'　'||t.from_on||' 起'",
        f"FROM seat t {_NODE} WHERE t.sync_del=0 AND t.to_on IS NULL AND t.from_on<date(:today,'-{TERM_YEARS} years')",
        "社区两委每届五年。已换届的请卸任或重新任命；没有任期的岗位可以不管。", place="'org_node',n.id",
        order="t.from_on,t.local_no",
    ),
    Check(
        "seat_dates", "提醒", "任职的结束早于开始", "seat", f"{_POST}||'　'||t.from_on||' 至 '||t.to_on",
        f"FROM seat t {_NODE} WHERE t.sync_del=0 AND substr(t.from_on,1,length(t.to_on))>t.to_on",
        "多半是两个日期写反了。", place="'org_node',n.id",
    ),
    Check(
        "contact_gone", "问题", "包联责任人已去世或迁出", "contact_assignment",
        f"t.name||coalesce('　'||t.title,'')||'　'||{GONE}",
        "FROM contact_assignment t JOIN person p ON p.id=t.person_id WHERE t.sync_del=0 AND t.to_on IS NULL "
        "AND p.sync_del=0 AND (p.deceased_on IS NOT NULL OR p.left_on IS NOT NULL)",
        "请在党建组织页另定责任人，否则服务卡上还印着他的电话。", place="'person',p.id",
    ),
    Check(
        "host_gone", "提醒", "党员中心户的户主已去世或迁出", "party_centre_household", f"t.host_name||'　'||{GONE}",
        "FROM party_centre_household t JOIN person p ON p.id=t.host_id WHERE t.sync_del=0 AND t.to_on IS NULL "
        "AND p.sync_del=0 AND (p.deceased_on IS NOT NULL OR p.left_on IS NOT NULL)",
        "请在党建组织页换人或摘牌。", place="'person',p.id",
    ),
    Check(
        "party_gone", "提醒", "已去世的人还有党员信息没有结束", "party_member",
        f"{PERSON}||'　'||p.deceased_on||' 去世'",
        "FROM party_member t JOIN person p ON p.id=t.person_id WHERE t.sync_del=0 AND t.to_on IS NULL "
        "AND p.sync_del=0 AND p.deceased_on IS NOT NULL",
        "党员信息应在去世那一天结束。", place="'person',p.id",
    ),
)  # fmt: skip

_REST: Final = (
    Check(
        "attachment_stuck", "提醒", "附件没有传到服务器或没有下载成", "attachment", "t.title",
        "FROM attachment t JOIN blob b ON b.sha256=t.sha256 WHERE t.sync_del=0 AND b.problem IS NOT NULL",
        "请打开这条记录，在附件里看原因，可以再试。", place="t.owner_table,t.owner_id",
    ),
    Check(
        "attachment_ownerless", "提醒", "附件所属的居民已经删除", "attachment", f"t.title||'　'||{PERSON}",
        "FROM attachment t JOIN person p ON p.id=t.owner_id WHERE t.sync_del=0 AND t.owner_table='person' "
        "AND p.sync_del=1",
        "请核对是否要随居民一起清除。",
    ),
    Check(
        "conflict", "提醒", "同一项有两个值，等待确认", "conflict",
        "coalesce((SELECT name FROM person WHERE id=t.row_id),'一条记录')",
        f"FROM conflict t WHERE {waits('t')}",
        "请到同步页的“待确认”选一个。", place="'conflict',t.id",
    ),
    Check(
        "refused", "提醒", "服务器没有接受的修改", "sync_refused",
        "coalesce((SELECT name FROM person WHERE id=t.pk),'一条记录')",
        "FROM sync_refused t", "请到同步页的“未被接受”看原因。", "t.pk", "'sync_refused',t.pk", "t.at DESC",
    ),
)  # fmt: skip
CHECKS: Final = (*_PLACES, *_POSTS, *_REST)
