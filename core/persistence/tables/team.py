"""The members, and how they sign in."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.persistence.tables.base import PERSONAL, Moment, Table, one_of


class Role(StrEnum):
    ADMIN = "admin"
    RECRUITER = "recruiter"
    VIEWER = "viewer"


class Member(Table):
    __tablename__ = "member"
    __table_args__ = (CheckConstraint("username = lower(username)", name="username_is_lower_case"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120), info=PERSONAL)
    role: Mapped[Role] = mapped_column(one_of(Role, "role"))
    password_hash: Mapped[str | None] = mapped_column(String(120), info=PERSONAL)
    """None: has no way to sign in."""
    token_version: Mapped[int] = mapped_column(default=0)
    """Raised by a new password or role, or on leaving: every session begun before it is void."""
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Moment)


class WebSession(Table):
    """A signed-in browser, or the one-time ticket that is about to make one. Only hashes are stored."""

    __tablename__ = "web_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    token_version: Mapped[int]
    ticket_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    session_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)


class LoginAttempt(Table):
    """A sign-in that failed: counted for the account and for the address it came from."""

    __tablename__ = "login_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(100), index=True)
    """Hash of the user name, or of the address."""
    at: Mapped[datetime] = mapped_column(Moment, index=True)


class PasswordLink(Table):
    """The one link by which a member may choose a password, until they have or it expires. Only its hash is stored."""

    __tablename__ = "password_link"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)


class SetupLink(Table):
    """The one-time link of a first start without members. Only its hash is stored."""

    __tablename__ = "setup_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
