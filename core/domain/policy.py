"""What the team has promised itself: how soon each kind of word is due, now and at any time before."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any

from core.domain.calendar import Calendar
from core.domain.facts import Rhythm
from core.domain.order import END, Order
from core.domain.rhythms import USUAL, rhythm_key, rhythm_of

NOTHING: Mapping[str, int] = MappingProxyType({})
HOURS = ("outcome", "amends")
FROM_ZERO = (*HOURS, "check_in", "check_in_early", "consent_before")
MOST_RHYTHMS = 12


@dataclass(frozen=True, slots=True)
class Policy:
    """Defaults and units: shared/promises.md, section 4. Working days, unless said otherwise."""

    reply: int = 1
    update: int = 3
    update_on_hold: int = 10
    delay: int = 1
    client_answer: int = 3
    debrief: int = 2
    feedback: int = 2
    thanks: int = 2
    introduce: int = 5
    catch_up: int = 5
    outcome: float = 1
    """Working hours."""
    amends: float = 4
    """Working hours."""
    check_in: tuple[int, ...] = (0, 7, 30, 90, 180, 365)
    """Calendar days after the start."""
    check_in_early: int = 2
    """Calendar days."""
    consent_before: int = 30
    """Calendar days."""
    retention_months: int = 24
    """Months that people are kept after their own last act."""
    stages: Mapping[str, int] = field(default_factory=lambda: NOTHING)
    """Cadence of a stage, by its name, where it differs from `update`."""
    clients: Mapping[str, int] = field(default_factory=lambda: NOTHING)
    """Answer time of a client, by name, where it differs from `client_answer`."""
    rhythms: tuple[Rhythm, ...] = USUAL
    """How often to keep in touch, as it is offered wherever a rhythm is set."""
    working_time: Calendar | None = None
    """The team's zone, hours and days; None where it has put none on record: then those of the settings."""

    def changed(self, values: Mapping[str, Any]) -> "Policy":
        """This policy with some values replaced; raises ValueError for what is no value of a policy."""
        known = {f.name for f in fields(self)}
        for name in values:
            if name not in known:
                raise ValueError(f"There is no “{name}” in the policy.")
        return replace(self, **{name: _clean(name, value) for name, value in values.items()})

    def as_values(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {f.name: _plain(getattr(self, f.name)) for f in fields(self)}

    def cadence(self, stage: str | None) -> int:
        return self.stages.get(stage, self.update) if stage else self.update

    def answer_time(self, client: str | None) -> int:
        return self.clients.get(client, self.client_answer) if client else self.client_answer


@dataclass(frozen=True, slots=True)
class Policies:
    """Every policy the team has had. The first was always in force before its first change."""

    first: Policy = Policy()
    changes: tuple[tuple[Order, Policy], ...] = ()

    def at(self, moment: Order) -> Policy:
        """The policy in force just before this place in the order of facts."""
        if not self.changes or moment <= self.changes[0][0]:
            return self.first
        return self.changes[bisect_left(self.changes, moment, key=lambda change: change[0]) - 1][1]

    @property
    def now(self) -> Policy:
        return self.at(END)

    @property
    def ever(self) -> tuple[Policy, ...]:
        return (self.first, *(policy for _, policy in self.changes))


def _clean(name: str, value: Any) -> Any:
    """The value as a policy holds it, of that or of what `as_values` made of it."""
    if name == "working_time":
        return value if value is None or isinstance(value, Calendar) else Calendar.of(value)
    if name == "rhythms":
        return _rhythms(value)
    _refuse_nonsense(name, value)
    return tuple(sorted(set(value))) if name == "check_in" else value


def _rhythms(value: Any) -> tuple[Rhythm, ...]:
    if not isinstance(value, list | tuple) or not 0 < len(value) <= MOST_RHYTHMS:
        raise ValueError(f"There have to be one to {MOST_RHYTHMS} rhythms to choose from.")
    rhythms = [one if isinstance(one, Rhythm) else rhythm_of(str(one)) for one in value]
    if any(one is None or one.count < 1 for one in rhythms):
        raise ValueError("A rhythm is so many weeks or months, such as 3-months.")
    return tuple(dict.fromkeys(one for one in rhythms if one is not None))


def _plain(value: Any) -> Any:
    if isinstance(value, Calendar):
        return value.as_values()
    if isinstance(value, tuple):
        return [rhythm_key(one) if isinstance(one, Rhythm) else one for one in value]
    return dict(value) if isinstance(value, Mapping) else value


def _refuse_nonsense(name: str, value: Any) -> None:
    if name in ("stages", "clients"):
        if not isinstance(value, Mapping):
            raise ValueError(f"“{name}” is a list of names with working days.")
        numbers = list(value.values())
    elif name == "check_in":
        if not isinstance(value, list | tuple):
            raise ValueError("“check_in” is a list of days.")
        numbers = list(value)
    else:
        numbers = [value]
    for number in numbers:
        if isinstance(number, bool) or not isinstance(number, int | float) or number > 3660:
            raise ValueError(f"“{name}” takes numbers up to 3660.")
        if number < (0 if name in FROM_ZERO else 1):
            raise ValueError(f"“{name}” can't be less than {0 if name in FROM_ZERO else 1}.")
        if isinstance(number, float) and name not in HOURS:
            raise ValueError(f"“{name}” takes whole numbers.")
