"""Who is looking, or acting."""

from dataclasses import dataclass

from core.persistence.tables.team import Role


@dataclass(frozen=True, slots=True)
class Viewer:
    """The team member looking, or acting."""

    id: int | None
    name: str
    role: Role

    @property
    def may_edit(self) -> bool:
        return self.role in (Role.ADMIN, Role.RECRUITER)

    @property
    def is_admin(self) -> bool:
        return self.role is Role.ADMIN


THE_PROGRAM = Viewer(None, "Perennial", Role.ADMIN)
"""Acts where no member does: first start, command line, replay."""
