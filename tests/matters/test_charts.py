"""How far matters are: the overdue first, each with its step and its per cent."""

from desktop_app.matters import charts

TODAY = "2026-11-22"


def to_doing(act, matter, due):
    for kind, more in (
        ("推进", {}), ("商议", {"text": "都同意"}), ("推进", {}), ("决定", {"outcome": "通过", "text": "修"}),
        ("推进", {}), ("交办", {"to_whom": "物业", "due_on": due}),
    ):  # fmt: skip
        act(matter, kind, **more)


def test_the_overdue_stand_first_and_say_so(db, propose, act):
    calm, late = propose("装长椅"), propose("修路灯")
    to_doing(act, calm, "2026-12-30")
    to_doing(act, late, "2026-11-22")
    act(late, "进展", text="买了灯", progress=40)
    db.clock.move(days=1)
    bars = charts.progress(db, "2026-11-23").bars
    assert [bar.opens for bar in bars] == [late.id, calm.id]
    assert bars[0].end == "民事民办　40%　2026-11-22 到期，已过期"
    assert bars[1].words == "未办 % 100"


def test_the_steps_count_what_stands_in_them(db, propose, act):
    propose("装长椅")
    act(propose("修路灯"), "推进")
    told = {bar.name: bar.end for bar in charts.stages(db, TODAY).bars}
    assert (told["提"], told["议"], told["决"]) == ("1 件", "1 件", "0 件")
