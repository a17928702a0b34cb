"""doctor: what is wrong with this desk, what to do, and the repairs that are safe."""

from dataclasses import asdict

from desktop_app.accounts.rights import demand
from desktop_app.cli.session import Session
from desktop_app.health import cases, examine, fixes

_MARKS = {"好": "✓", "提醒": "!", "问题": "✗"}
_SHOWN, _ALL = 5, 1_000_000


def doctor(session: Session) -> None:
    """`linli doctor [--cases CODE] [--fix CODE]`: exit code 1 when there is a problem, 0 at most for reminders."""
    if session.arguments.fix:
        _fix(session, session.arguments.fix)
    elif session.arguments.cases:
        _cases(session, session.arguments.cases)
    else:
        _examine(session)


def _examine(session: Session) -> None:
    with session.app() as app:
        findings = examine(app, session.out.progress)
    lines: list[str] = []
    for finding in findings:
        count = f"：{finding.count}" if finding.count and finding.code != "sync" else ""
        lines.append(f"{_MARKS[finding.level]} {finding.words}{count}")
        if finding.advice:
            lines.append(f"    {finding.advice}")
        lines += [f"    · {case.words}" for case in finding.cases[:_SHOWN]]
        if finding.count > _SHOWN and finding.cases:
            lines.append(f"    列出全部：linli doctor --cases {finding.code}")
        if fixes.fix(finding.code):
            lines.append(f"    可以修复：linli doctor --fix {finding.code}")
    session.out.result([asdict(finding) for finding in findings], lines)
    session.code = int(any(finding.level == "问题" for finding in findings))


def _cases(session: Session, code: str) -> None:
    with session.app() as app:
        found = cases(app, code, size=_ALL)
    words = [f"{case.words}　（{case.kind} {case.id}）" for case in found] or ["这一项没有发现记录。"]
    session.out.result([asdict(case) for case in found], words)


def _fix(session: Session, code: str) -> None:
    with session.app() as app:
        demand(app.db, app.actor, "store.check")
        steps = fixes.preview(app, code)
        for step in steps:
            session.out.say(f"· {step.words}")
        done = 0
        if steps:
            session.confirm(f"将修复以上 {len(steps)} 条，可以用 linli undo 撤销。")
            done = fixes.apply(app, app.actor, code, [step.case_id for step in steps])
    words = f"已修复 {done} 条；不合适可用 linli undo 撤销。" if done else "这一项没有要修复的。"
    session.out.result({"code": code, "fixed": done, "steps": [step.words for step in steps]}, words)
