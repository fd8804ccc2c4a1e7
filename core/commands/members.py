"""The team: who belongs to it, what they may do, and who takes over when they leave."""

from datetime import datetime, timedelta

import bcrypt
from sqlalchemy import case, delete, func, or_, select, update

from core.commands.locks import active_member
from core.domain.passwords import refuse_weak
from core.domain.refusal import Refused
from core.domain.tokens import hash_of, new_token
from core.persistence.ledger import settle
from core.persistence.settling import FEW
from core.persistence.tables import (
    Candidate,
    Departure,
    Member,
    OfferedPerson,
    OfferState,
    PasswordLink,
    Process,
    Promise,
)
from core.persistence.tables.team import Role
from core.persistence.work import Work

LINK_LIFE = timedelta(days=3)
"""How long a link to choose a password by is good."""


def add_member(work: Work, *, username: str, name: str, role: Role, password: str | None = None) -> int:
    """Without a password they own and do things, but can't sign in."""
    work.require_admin()
    username, name = username.strip().lower(), _name(name)
    if not username:
        raise Refused("A member needs a user name, to sign in with.")
    if len(username) > 80 or not username.isprintable() or any(sign.isspace() for sign in username):
        raise Refused("A user name has no spaces, and 80 characters at most.")
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


def invite_member(work: Work, *, username: str, name: str, role: Role) -> str:
    """Somebody new, who chooses their own password: the secret of the link for it, which is stored nowhere."""
    return _new_link(work, work.session.get_one(Member, add_member(work, username=username, name=name, role=role)))


def reset_password(work: Work, member_id: int) -> str:
    """The secret of a new link. Their password is void, their sessions are over, and so are earlier links."""
    work.require_admin()
    member = active_member(work, member_id)
    if member.id == work.actor.id:
        raise Refused("Change your own password behind your name, at the bottom of the sidebar.")
    member.password_hash = None
    _end_sessions(work, member)
    return _new_link(work, member)


def set_password(work: Work, member_id: int, password: str) -> None:
    """Ends every session begun with the old one, and the link for one. Members set their own, admins anybody's."""
    if work.actor.id != member_id:
        work.require_admin()
    member = active_member(work, member_id)
    put_password(work, member, hashed(password, username=member.username, name=member.name))


def put_password(work: Work, member: Member, password_hash: str) -> None:
    """The same with a hash that was made before, outside of the writer's turn: that takes its time."""
    member.password_hash = password_hash
    _end_sessions(work, member)
    _end_link(work, member)
    work.record("password set", member)


def end_sessions(work: Work, member_id: int) -> None:
    """Sign a member out everywhere, at the next touch of each window."""
    if work.actor.id != member_id:
        work.require_admin()
    member = active_member(work, member_id)
    _end_sessions(work, member)
    work.record("sessions ended", member)


def rename_member(work: Work, member_id: int, name: str) -> int:
    """Returns the member, for whom undoing it is another change."""
    work.require_admin()
    member = active_member(work, member_id)
    member.name = _name(name)
    work.record("member renamed", member)
    return member.id


def change_role(work: Work, member_id: int, role: Role) -> int:
    """Ends every session begun with the old one. Returns the member, for whom undoing it is another change."""
    work.require_admin()
    member = active_member(work, member_id)
    if member.role is Role.ADMIN and role is not Role.ADMIN:
        _refuse_without_admin(work, member)
    if role is Role.VIEWER:
        _withdraw_offers_to(work, member)
    member.role = role
    _end_sessions(work, member)
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
    _end_sessions(work, member)
    _end_link(work, member)
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


def _name(name: str) -> str:
    clean = " ".join(name.split())
    if not clean:
        raise Refused("A member needs a name.")
    if len(clean) > 120 or not clean.isprintable():
        raise Refused("A name has 120 characters at most, and no signs that can't be seen.")
    return clean


def _new_link(work: Work, member: Member) -> str:
    """In place of any there was; 256 random bits, of which only the hash is stored."""
    _end_link(work, member)
    secret = new_token()
    work.session.add(
        PasswordLink(
            member_id=member.id,
            token_hash=hash_of(f"password {secret}"),
            created_at=work.now,
            expires_at=work.now + LINK_LIFE,
        )
    )
    work.record("password link made", member)
    return secret


def _end_link(work: Work, member: Member) -> None:
    work.session.execute(delete(PasswordLink).where(PasswordLink.member_id == member.id))


def _end_sessions(work: Work, member: Member) -> None:
    member.token_version += 1


def _withdraw_offers_to(work: Work, member: Member) -> None:
    """Nobody waits for the yes of one who can't say it."""
    offered = (OfferedPerson.to_id == member.id, OfferedPerson.state == OfferState.OPEN)
    withdrawn = {"state": OfferState.WITHDRAWN, "answered_at": work.now}
    work.session.execute(update(OfferedPerson).where(*offered).values(**withdrawn))


def _refuse_without_admin(work: Work, member: Member) -> None:
    """Two admins who part with each other at one moment are asked one after the other: the rows are locked."""
    admins = select(Member.id).where(Member.role == Role.ADMIN, Member.is_active).order_by(Member.id)
    if member.role is Role.ADMIN and set(work.session.scalars(admins.with_for_update())) <= {member.id}:
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
