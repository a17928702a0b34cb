"""The tree of units as one transaction sees it: who stands above whom, who may be named, who went where."""

from central_server.storage import Session
from central_server.units import COMMUNITY, Unit
from sync_protocol import enrolment

DEPARTMENT = "department"
HIGHEST = 20
"""More levels than any organisation has; a circle in the table must not hold a request up."""
_COLUMNS = "id,name,kind,parent,successor,opened_at,closed_at"


class Tree:
    """Reads units as they are asked for, each once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[int, Unit | None] = {}

    def unit(self, number: int | None) -> Unit | None:
        """A unit, open or closed."""
        if number is None or not 0 < number < 1 << 63:
            return None
        if number not in self._known:
            found = self._session.row(f"select {_COLUMNS} from unit where id=?", number)
            self._known[number] = Unit(*found) if found else None
        return self._known[number]

    def living(self, number: int | None) -> Unit | None:
        """A unit, or the one it was merged into in the end; None if there is none that is open."""
        unit = self.unit(number)
        for _ in range(HIGHEST):
            if unit is None or unit.successor is None:
                break
            unit = self.unit(unit.successor)
        return None if unit is None or unit.gone or unit.successor is not None else unit

    def line(self, number: int) -> tuple[int, ...]:
        """A unit, then the one it was merged into, and so on: where identities that came from its desks may be."""
        found, unit = [number], self.unit(number)
        while unit is not None and unit.successor is not None and unit.successor not in found:
            found.append(unit.successor)
            unit = self.unit(unit.successor)
        return tuple(found)

    def above(self, number: int) -> tuple[int, ...]:
        """The open units over one, nearest first."""
        found: list[int] = []
        unit = self.unit(number)
        for _ in range(HIGHEST):
            unit = self.living(unit.parent) if unit else None
            if unit is None or unit.id in found:
                break
            found.append(unit.id)
        return tuple(found)

    def may_be_named(self, named: int, home: int, speaker: int) -> bool:
        """Whether a desk of `speaker` may share a record of `home` with a unit.

        The units above its home, and the departments that belong to one of them or to the home itself, may always be
        named.  Whoever stands above the home, or is it, may also name what stands below itself: thus communities of one
        street hear of each other's records through the street alone.
        """
        unit = self.living(named)
        if unit is None:
            return False
        over = (home, *self.above(home))
        if unit.id in over or self._office_of(unit) in over:
            return True
        return speaker in over and speaker in self.above(unit.id)

    def _office_of(self, unit: Unit) -> int | None:
        """The unit whose department it is; None for what is no department."""
        if unit.kind != DEPARTMENT:
            return None
        return next((over for over in self.above(unit.id) if not self._is_department(over)), None)

    def _is_department(self, number: int) -> bool:
        unit = self.unit(number)
        return unit is not None and unit.kind == DEPARTMENT

    def is_open_community(self, number: int) -> bool:
        """Whether records can move to a unit."""
        unit = self.unit(number)
        return unit is not None and unit.kind == COMMUNITY and not unit.gone and unit.successor is None

    def nameable(self, scope: int) -> tuple[enrolment.Unit, ...]:
        """The units a desk may share its own records with: above it, their departments, and what stands below it."""
        own = self.unit(scope)
        if own is None:
            return ()
        over = (scope, *self.above(scope))
        found = {number: self.unit(number) for number in over[1:]}
        found |= {unit.id: unit for unit in self._below(over, departments=True)}
        if own.kind not in {COMMUNITY, DEPARTMENT}:
            found |= {unit.id: unit for unit in self._below((scope,), departments=False)}
        found.pop(scope, None)
        return tuple(enrolment.Unit(unit.id, unit.name, unit.kind) for _, unit in sorted(found.items()) if unit)

    def _below(self, roots: tuple[int, ...], *, departments: bool) -> list[Unit]:
        """The open units under some, all of them or departments alone."""
        found: dict[int, Unit] = {}
        ahead = list(roots)
        while ahead:
            sql = f"select {_COLUMNS} from unit where parent = any(?) and closed_at is null and successor is null"
            rows = self._session.rows(f"{sql} and kind=?" if departments else sql, *_given(ahead, departments))
            units = [Unit(*row) for row in rows]
            ahead = [unit.id for unit in units if unit.id not in found]
            found |= {unit.id: unit for unit in units}
        return list(found.values())


def _given(parents: list[int], departments: bool) -> list[object]:
    return [parents, DEPARTMENT] if departments else [parents]
