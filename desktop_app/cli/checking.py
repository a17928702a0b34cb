"""doctor: what is wrong with this desk, and what to do."""

from dataclasses import asdict

from desktop_app.cli.session import Session
from desktop_app.health import examine

_MARKS = {"好": "✓", "提醒": "!", "问题": "✗"}


def doctor(session: Session) -> None:
    """`linli doctor`: exit code 1 when there is a problem, 0 when there are at most reminders."""
    with session.app() as app:
        findings = examine(app)
    lines: list[str] = []
    for finding in findings:
        count = f"：{finding.count}" if finding.count and finding.code != "sync" else ""
        lines.append(f"{_MARKS[finding.level]} {finding.words}{count}")
        if finding.advice:
            lines.append(f"    {finding.advice}")
        lines += [f"    · {case.words}" for case in finding.cases[:5]]
    session.out.result([asdict(finding) for finding in findings], lines)
    session.code = int(any(finding.level == "问题" for finding in findings))
