"""The team: who belongs to it, what they may do, and who takes over when they leave."""

from datetime import datetime

import bcrypt
from sqlalchemy import case, func, or_, select, update

from core.commands.locks import active_member
from core.domain.passwords import refuse_weak
from core.domain.refusal import Refused
from core.persistence.ledger import settle
from core.persistence.settling import FEW
from core.persistence.tables import Candidate, Departure, Member, OfferedPerson, OfferState, Process, Promise
from core.persistence.tables.team import Role
from core.persistence.work import Work


def add_member(work: Work, *, username: str, name: str, role: Role, password: str | None) -> int:
    """Without a password they own and do things, but can't sign in."""
    work.require_admin()
    username, name = username.strip().lower(), name.strip()
    if not username or not name:
        raise Refused("A member needs a name and a user name.")
    if work.session.scalar(select(Member.id).where(Member.username == username)):
        raise Refused(f"There is a member “{username}” already.")
    member = Member(
        username=username,
        name=name,
        role=role,
        password_hash=hashed(password, username=username, name=name) if password is not None else None,
        created_at=work.now,
    )
    work.session.add(member)
    work.record("member added", member, role=role.value)
    return member.id


def set_password(work: Work, member_id: int, password: str) -> None:
    """Ends every session begun with the old one. Members set their own; admins anybody's."""
    if work.actor.id != member_id:
        work.require_admin()
    member = active_member(work, member_id)
    member.password_hash = hashed(password, username=member.username, name=member.name)
    member.token_version += 1
    work.record("password set", member)


def change_role(work: Work, member_id: int, role: Role) -> int:
    """Ends every session begun with the old one. Returns the member, for whom undoing it is another change."""
    work.require_admin()
    member = active_member(work, member_id)
    if member.role is Role.ADMIN and role is not Role.ADMIN:
        _refuse_without_admin(work, member)
    if role is Role.VIEWER:
        _withdraw_offers_to(work, member)
    member.role = role
    member.token_version += 1
    work.record("role changed", member)
    return member.id


def deactivate_member(work: Work, member_id: int, cover_id: int, *, at: datetime | None = None) -> int:
    """They are out at the next touch; whatever is theirs is their cover's from then on. Returns the fact's id.

    Of more than FEW people the first are settled here, and `settling.settle_left_behind` settles the rest.
    """
    work.require_admin()
    member, cover = active_member(work, member_id), active_member(work, cover_id)
    if member.id == cover.id:
        raise Refused("Somebody else has to take over what is theirs.")
    _refuse_without_admin(work, member)
    departure = work.enter(Departure(member_id=member.id, cover_id=cover.id), happened_at=at)
    member.is_active = False
    member.token_version += 1
    _withdraw_offers_to(work, member)
    work.refresh_team()
    settle(work, *_with_them(work, member.id))
    work.record("member left", member, cover=cover.id, fact=departure.id)
    return departure.id


def undo_departure(work: Work, departure: Departure) -> None:
    """They are back, with whatever is theirs; of many people as in `deactivate_member`."""
    work.require_admin()
    work.session.get_one(Member, departure.member_id).is_active = True
    work.refresh_team()
    settle(work, *_with_them(work, departure.cover_id), *_with_them(work, departure.member_id))


def hashed(password: str, *, username: str = "", name: str = "") -> str:
    """Refuses what can't be a password: too short, too long, or the first to be guessed."""
    refuse_weak(password, username=username, name=name)
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(12)).decode()


def _withdraw_offers_to(work: Work, member: Member) -> None:
    """Nobody waits for the yes of one who can't say it."""
    offered = (OfferedPerson.to_id == member.id, OfferedPerson.state == OfferState.OPEN)
    withdrawn = {"state": OfferState.WITHDRAWN, "answered_at": work.now}
    work.session.execute(update(OfferedPerson).where(*offered).values(**withdrawn))


def _refuse_without_admin(work: Work, member: Member) -> None:
    others = select(Member.id).where(Member.role == Role.ADMIN, Member.is_active, Member.id != member.id)
    if member.role is Role.ADMIN and work.session.scalar(others.limit(1)) is None:
        raise Refused("They are the last admin. Make somebody else an admin first.")


def _with_them(work: Work, member_id: int) -> list[int]:
    """Whoever else has a promise or a process with this member, and of their own people the first FEW.

    Those who wait with the cover of the member come first.
    """
    own = or_(Candidate.owner_id == member_id, Candidate.covered_for_id == member_id)
    covered_first = case((Candidate.covered_for_id == member_id, 0), else_=1)
    people = select(Candidate.id).where(own).order_by(covered_first, Candidate.id).limit(FEW)
    others = (
        select(Promise.candidate_id)
        .where(Promise.owner_id == member_id, Promise.settled_at.is_(None))
        .union(
            select(Process.candidate_id).where(or_(Process.owner_id == member_id, Process.first_owner_id == member_id))
        )
        .subquery()
    )
    elsewhere = (
        select(Candidate.id).join(others, others.c.candidate_id == Candidate.id).where(~func.coalesce(own, False))
    )
    return sorted({*work.session.scalars(people), *work.session.scalars(elsewhere)})
