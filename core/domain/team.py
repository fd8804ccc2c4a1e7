"""What is true of the whole team, for every candidate alike: its policies, and who has left."""

from dataclasses import dataclass

from core.domain.calendar import Calendar
from core.domain.order import Order
from core.domain.policy import Policies


@dataclass(frozen=True, slots=True)
class Departure:
    """A member left, and who takes what is theirs from then on."""

    order: Order
    member: int
    cover: int


@dataclass(frozen=True, slots=True)
class Team:
    """What is true of the whole team, for every candidate alike."""

    policies: Policies = Policies()
    departures: tuple[Departure, ...] = ()

    def calendar(self, usual: Calendar) -> Calendar:
        """Working time now; the usual one where the team has put none on record."""
        return self.policies.now.working_time or usual

    def stands_in(self, member: int | None, moment: Order) -> int | None:
        """The member, or the cover of one who has left by then."""
        if not self.departures or member is None:
            return member
        covers = {d.member: d.cover for d in self.departures if d.order < moment}
        seen: set[int] = set()
        while member in covers and member not in seen:
            seen.add(member)
            member = covers[member]
        return member
