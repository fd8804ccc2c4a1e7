"""Signing in: one password check that tells nothing, a one-time ticket, and a session that the database can end.

The browser holds a random session token in a cookie no script can read; the database holds its hash. Whoever is
looking is asked of the database at every touch, so that somebody who left is out at once.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

import bcrypt
from sqlalchemy import Connection, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from core.commands import own_page
from core.commands.members import add_member, hashed, put_password
from core.commands.policy import ensure_first_policy
from core.domain.passwords import LONGEST
from core.domain.refusal import Refused
from core.domain.tokens import hash_of, new_token
from core.persistence.own_page import link_of
from core.persistence.store import Store
from core.persistence.tables import LoginAttempt, Member, PasswordLink, SetupLink, WebSession
from core.persistence.tables.team import Role
from core.persistence.team import LATEST_TERMS, policy_of
from core.persistence.viewer import THE_PROGRAM, Viewer
from core.persistence.work import Work

TICKET_LIFE = timedelta(seconds=60)

ACCOUNT_TRIES, ACCOUNT_WINDOW = 10, timedelta(minutes=15)
ADDRESS_TRIES, ADDRESS_WINDOW = 20, timedelta(hours=1)
FREE_TRIES = 3
"""So many wrong guesses cost no wait; after each further one it doubles."""

WRONG = "The user name or the password is wrong."
"""Whichever of the two it was."""


class Cookie(StrEnum):
    """What a browser holds of ours, out of the reach of scripts."""

    SESSION = "session"
    SETUP = "setup"
    LINK = "password"
    """To choose one by."""
    OWN_PAGE = "own_page"


def cookie_name(of: Cookie = Cookie.SESSION, *, secure: bool) -> str:
    """With the prefix no other host and no plain connection can set the cookie."""
    return f"{'__Host-' if secure else ''}perennial_{of}"


# signing in


def sign_in(store: Store, username: str, password: str, address: str | None = None) -> str:
    """The one-time ticket for a session, for the right password.

    Raises Refused: with one sentence for an unknown name, a wrong password and somebody who left, or with how long
    to wait. Every try counts before it is checked, so that many at once gain nothing.
    """
    with _tried(store, username, password, address) as (work, member):
        ticket = issue_ticket(work, member)
        work.record("signed in", member)
    return ticket


def change_password(store: Store, viewer: Viewer, old: str, new: str, address: str | None = None) -> str:
    """The ticket for a session in place of all there were. Whoever sits at an open window still has to know the old."""
    with store.reading() as session:
        member = session.get_one(Member, viewer.id)
    new_hash = hashed(new, username=member.username, name=member.name)
    if old == new:
        raise Refused("That is the password you have. Take another one.")
    try:
        with _tried(store, member.username, old, address) as (work, member):
            put_password(work, member, new_hash)
            ticket = issue_ticket(work, member)
    except Refused as refused:
        raise (Refused("That is not your password.") if str(refused) == WRONG else refused) from refused
    return ticket


@contextmanager
def _tried(store: Store, username: str, password: str, address: str | None) -> Iterator[tuple[Work, Member]]:
    """The unit of work in which the right password is made use of; a wrong one is on record, and raises Refused."""
    username = username.replace("\0", "").strip().lower()  # PostgreSQL can't even be asked for a NUL
    subjects = hash_of(f"account {username}"), _tries_from(address, "address")
    with store.working(THE_PROGRAM) as work:
        _refuse_impatient(work, *subjects)
        attempts = [_count(work, subject) for subject in subjects]
        found = work.session.scalar(select(Member).where(Member.username == username, Member.is_active))
    is_right = _matches(password, found.password_hash if found else None)  # takes 0.2 s: nobody waits for it
    with store.working(THE_PROGRAM) as work:
        member = work.session.get(Member, found.id) if found else None
        if is_right and found and member and member.is_active and member.password_hash == found.password_hash:
            _books(work).execute(
                delete(LoginAttempt).where((LoginAttempt.subject == subjects[0]) | LoginAttempt.id.in_(attempts))
            )
            work.actor = Viewer(member.id, member.name, member.role)  # who they are is known from here on
            yield work, member
            return
        work.record("sign-in failed", member or work.session.get_one(LoginAttempt, attempts[0]))
    raise Refused(WRONG)


def issue_ticket(work: Work, member: Member) -> str:
    """Good for one session, begun within a minute."""
    ticket = new_token()
    _books(work).execute(delete(WebSession).where(WebSession.expires_at <= work.now))
    _books(work).execute(
        insert(WebSession).values(
            member_id=member.id,
            token_version=member.token_version,
            ticket_hash=hash_of(ticket),
            created_at=work.now,
            expires_at=work.now + TICKET_LIFE,
        )
    )
    return ticket


def redeem(store: Store, ticket: str, life: timedelta) -> str | None:
    """The token of a new session; None for a ticket that is used, old or made up."""
    token = new_token()
    with store.working(THE_PROGRAM) as work:
        begun = _books(work).execute(
            update(WebSession)
            .where(WebSession.ticket_hash == hash_of(ticket), WebSession.expires_at > work.now)
            .values(session_hash=hash_of(token), ticket_hash=None, created_at=work.now, expires_at=work.now + life)
        )
        return token if begun.rowcount == 1 else None


_MEMBER, _SESSION = Member.__table__.c, WebSession.__table__.c
_WHOSE_SESSION = (
    select(_MEMBER.id, _MEMBER.name, _MEMBER.role, LATEST_TERMS.scalar_subquery())
    .join_from(WebSession.__table__, Member.__table__, _SESSION.member_id == _MEMBER.id)
    .where(
        _SESSION.session_hash == bindparam("hash"),
        _SESSION.expires_at > bindparam("now"),
        _SESSION.token_version == _MEMBER.token_version,
        _MEMBER.is_active,
    )
)
"""Made once: it is asked at every touch. With it come the terms of the policy, whose working time another process may
have changed."""


def lookup(store: Store, token: str | None) -> Viewer | None:
    """Who is looking; None for a session that has ended, and for a member who left or whose password or role is new."""
    if not token:
        return None
    with store.reading() as session:
        found = session.execute(_WHOSE_SESSION, {"hash": hash_of(token), "now": store.now()}).one_or_none()
    if found is None:
        return None
    *member, terms = found
    store.take_in(policy_of(terms))
    return Viewer(*member)


def sign_out(store: Store, token: str | None) -> None:
    """End the session, in every window that uses it, for good."""
    viewer = lookup(store, token)
    if viewer is None or token is None:
        return
    with store.working(viewer) as work:
        _books(work).execute(delete(WebSession).where(WebSession.session_hash == hash_of(token)))
        work.record("signed out", work.session.get_one(Member, viewer.id))


def end_other_sessions(store: Store, token: str | None) -> None:
    """Whoever asks stays signed in where they ask."""
    viewer = lookup(store, token)
    if viewer is None or token is None:
        return
    with store.working(viewer) as work:
        theirs = (WebSession.member_id == viewer.id, WebSession.session_hash.is_distinct_from(hash_of(token)))
        _books(work).execute(delete(WebSession).where(*theirs))
        work.record("other sessions ended", work.session.get_one(Member, viewer.id))


# a link to choose a password by


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom a link to choose a password by was made for."""

    member_id: int
    name: str
    username: str


def invited(store: Store, secret: str | None, address: str | None = None) -> Invited | None:
    """Whose link it is; None, whether it is made up, used, expired or replaced, or too many were tried from there.

    Looking at it does not use it up: programs look at the links in a message before its reader does. Choosing does.
    """
    if not secret:
        return None
    subject = _tries_from(address, "links")
    with store.working(THE_PROGRAM) as work:
        try:
            _refuse_too_many(work, subject, ADDRESS_TRIES, ADDRESS_WINDOW)
        except Refused:
            return None
        found = _invited(work, secret)
        if found is None:
            _count(work, subject)
        return found


def choose_password(store: Store, secret: str | None, password: str, address: str | None = None) -> str:
    """Use the link up: from now on the password is this one. The ticket that signs the member in."""
    asked = invited(store, secret, address)
    if asked is None or secret is None:
        raise Refused(NO_LINK)
    password_hash = hashed(password, username=asked.username, name=asked.name)
    with store.working(THE_PROGRAM) as work:
        used = _books(work).execute(
            delete(PasswordLink).where(PasswordLink.token_hash == hash_of(f"password {secret}"))
        )
        member = work.session.get_one(Member, asked.member_id)
        if used.rowcount != 1 or not member.is_active:
            raise Refused(NO_LINK)
        put_password(work, member, password_hash)
        return issue_ticket(work, member)


NO_LINK = (
    "This link does not work, or does not any more: each is good once, and for three days, and a newer one replaces it."
)


def _invited(work: Work, secret: str) -> Invited | None:
    link = (
        PasswordLink.token_hash == hash_of(f"password {secret}"),
        PasswordLink.expires_at > work.now,
        Member.is_active,
    )
    query = select(Member.id, Member.name, Member.username).join(PasswordLink, PasswordLink.member_id == Member.id)
    found = work.session.execute(query.where(*link)).one_or_none()
    return Invited(*found) if found else None


# the first start


def has_members(session: Session) -> bool:
    return session.scalar(select(Member.id).limit(1)) is not None


def offer_setup(store: Store) -> str | None:
    """The secret of a one-time link to set Perennial up with; None where somebody did so already."""
    with store.working(THE_PROGRAM) as work:
        if has_members(work.session):
            return None
        secret = new_token()
        _books(work).execute(insert(SetupLink).values(token_hash=hash_of(secret), created_at=work.now))
        return secret


def open_setup(store: Store, secret: str) -> str | None:
    """Use the link up; the browser that did so goes on with the key answered here. None for a link used before."""
    key = new_token()
    with store.working(THE_PROGRAM) as work:
        if has_members(work.session):
            return None
        opened = _books(work).execute(
            update(SetupLink)
            .where(SetupLink.token_hash == hash_of(secret))
            .values(token_hash=hash_of(f"key {key}"), created_at=work.now)
        )
        return key if opened.rowcount == 1 else None


def may_set_up(session: Session, key: str | None) -> bool:
    """Whether this browser came by the link, and nobody was faster."""
    if not key or has_members(session):
        return False
    return session.scalar(select(SetupLink.id).where(SetupLink.token_hash == hash_of(f"key {key}"))) is not None


def set_up_own_team(work: Work, key: str | None, *, username: str, name: str, password: str) -> str:
    """The first admin, and the ticket that signs them in."""
    close_setup(work, key)
    ensure_first_policy(work)
    member_id = add_member(work, username=username, name=name, role=Role.ADMIN, password=password)
    return issue_ticket(work, work.session.get_one(Member, member_id))


def close_setup(work: Work, key: str | None) -> None:
    """Setting up happens once: every link is void from here on."""
    _one_at_a_time(work.session, "setup")
    if not may_set_up(work.session, key):
        raise Refused("Somebody has set Perennial up already. Load this page again to sign in.")
    _books(work).execute(delete(SetupLink))


# the candidate's own page


def open_own_page(store: Store, token: str, address: str | None, *, by_member: bool = False) -> bool:
    """Whether the link opens a page. A member who looks at what a candidate sees leaves it as not used.

    Raises Refused where too many links from this address opened none. One that opens a page does so even then: many
    share an address, and 256 bits are not guessed.
    """
    try:
        with store.working(THE_PROGRAM) as work:
            if not by_member:
                own_page.open_own_page(work, token)
            elif link_of(work.session, token, now=work.now) is None:
                raise own_page.Shut
            return True
    except own_page.Shut:
        pass
    subject = _tries_from(address, "own page")
    with store.working(THE_PROGRAM) as work:
        _refuse_too_many(work, subject, ADDRESS_TRIES, ADDRESS_WINDOW)
        work.record("own page refused", work.session.get_one(LoginAttempt, _count(work, subject)))
    return False


def link_in_force(store: Store, token: str) -> int | None:
    """Which link to a candidate's own page it is, where it opens one."""
    with store.reading() as session:
        found = link_of(session, token, now=store.now())
        return found[0].id if found else None


# counting tries


def _tries_from(address: str | None, at: str) -> str:
    """Under which the tries at one kind of door are counted, of all who stand at an address."""
    return hash_of(f"{at} {address or 'this machine'}")


def _refuse_impatient(work: Work, account: str, address: str) -> None:
    tries, last = _refuse_too_many(work, account, ACCOUNT_TRIES, ACCOUNT_WINDOW)
    if tries > FREE_TRIES and last is not None:
        ready_at = last + timedelta(seconds=2 ** (tries - FREE_TRIES))
        if work.now < ready_at:
            raise Refused(_wait(ready_at - work.now))
    _refuse_too_many(work, address, ADDRESS_TRIES, ADDRESS_WINDOW)


def _refuse_too_many(work: Work, subject: str, allowed: int, window: timedelta) -> tuple[int, datetime | None]:
    """How many tries there were in that time, and when the last."""
    _one_at_a_time(work.session, subject)
    _books(work).execute(delete(LoginAttempt).where(LoginAttempt.at <= work.now - ADDRESS_WINDOW))
    tries, first, last = work.session.execute(
        select(func.count(), func.min(LoginAttempt.at), func.max(LoginAttempt.at)).where(
            LoginAttempt.subject == subject, LoginAttempt.at > work.now - window
        )
    ).one()
    if tries >= allowed:
        raise Refused(_wait(first + window - work.now))
    return tries, last


def _count(work: Work, subject: str) -> int:
    made = (
        _books(work)
        .execute(insert(LoginAttempt).values(subject=subject, at=work.now).returning(LoginAttempt.id))
        .scalar_one()
    )
    return int(made)


def _wait(left: timedelta) -> str:
    seconds = max(1, round(left.total_seconds()))
    how_long = f"{seconds} seconds" if seconds < 90 else f"{-(-seconds // 60)} minutes"
    return f"Too many attempts. Try again in {how_long.replace('1 seconds', 'a second')}."


def _one_at_a_time(session: Session, subject: str) -> None:
    """SQLite has one writer anyway; PostgreSQL is asked to count the tries of one account one after another."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(subject, 0))))


def _books(work: Work) -> Connection:
    """Tries, tickets and links are bookkeeping and no action of a member's: they leave no record of their own."""
    return work.session.connection()


# hashes


def _matches(password: str, password_hash: str | None) -> bool:
    """Always one check, so that the time it takes says nothing about who is a member."""
    fits = len(password.encode()) <= LONGEST
    is_right = bcrypt.checkpw(password.encode()[:LONGEST], (password_hash or _nobodys_hash()).encode())
    return is_right and fits and password_hash is not None


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return bcrypt.hashpw(secrets.token_bytes(16), bcrypt.gensalt(12)).decode()
