"""Who is looking, or acting."""

from dataclasses import dataclass

from core.domain.access import PAGES, Least
from core.persistence.tables.team import Role


@dataclass(frozen=True, slots=True)
class Viewer:
    """The team member looking, or acting."""

    id: int | None
    name: str
    role: Role

    @property
    def may_edit(self) -> bool:
        return self.may(Least.RECRUITER)

    @property
    def is_admin(self) -> bool:
        return self.may(Least.ADMIN)

    def may(self, least: Least) -> bool:
        return Least[self.role.name] >= least

    def may_open(self, page: str) -> bool:
        """The page at this address."""
        return self.may(PAGES.get(page, Least.NOBODY))


THE_PROGRAM = Viewer(None, "Perennial", Role.ADMIN)
"""Acts where no member does: first start, command line, replay."""
