"""The members: a password is chosen by a link that works once, and the team is never without an admin."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import bcrypt
import pytest
from sqlalchemy import select

from core import auth
from core.commands.members import (
    LINK_LIFE,
    add_member,
    change_role,
    deactivate_member,
    end_sessions,
    invite_member,
    rename_member,
    reset_password,
    set_password,
)
from core.domain.refusal import Refused
from core.persistence.tables import AuditEntry, Member, PasswordLink
from core.persistence.tables.team import Role
from core.queries.members import sessions_of, team
from tests.make import a_member, viewer_of

PASSWORD, ANOTHER = "four quiet green herons", "seven loud brown otters"
LIFE = timedelta(hours=12)


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch):
    """Real ones take 0.2 s each."""
    salted = bcrypt.gensalt
    monkeypatch.setattr(bcrypt, "gensalt", lambda rounds=12: salted(4))


def act(store, who, command, *args, **plain):
    with store.working(who) as work:
        return command(work, *args, **plain)


@pytest.fixture
def link(store, ana):
    """Of Dan, who is new."""
    return act(store, ana, invite_member, username="Dan", name=" Dan  Nowak ", role=Role.RECRUITER)


def signed_in(store, username="dan", password=PASSWORD):
    return auth.redeem(store, auth.sign_in(store, username, password), LIFE)


def opens_nothing(store, link):
    assert auth.invited(store, link) is None
    with pytest.raises(Refused) as refusal:
        auth.choose_password(store, link, ANOTHER)
    assert str(refusal.value) == auth.NO_LINK
    return True


def test_who_is_new_chooses_a_password_by_the_link_and_is_signed_in(store, link):
    asked = auth.invited(store, link)
    assert (asked.name, asked.username) == ("Dan Nowak", "dan")
    ticket = auth.choose_password(store, link, PASSWORD)
    assert auth.lookup(store, auth.redeem(store, ticket, LIFE)).name == "Dan Nowak"
    assert signed_in(store)


def test_looking_at_a_link_does_not_use_it_up_and_choosing_does(store, link):
    assert auth.invited(store, link) == auth.invited(store, link)
    auth.choose_password(store, link, PASSWORD)
    assert opens_nothing(store, link)


def test_a_weak_password_is_refused_and_the_link_stays_good(store, link):
    for weak in ("short", "dannowak1234", "correcthorsebatterystaple"):
        with pytest.raises(Refused, match="password"):
            auth.choose_password(store, link, weak)
    assert auth.choose_password(store, link, PASSWORD)


def test_a_link_is_good_for_three_days(store, link, clock):
    clock.forward(seconds=LINK_LIFE.total_seconds() - 1)
    assert auth.invited(store, link)
    clock.forward(seconds=1)
    assert opens_nothing(store, link)


@pytest.mark.parametrize(
    "revoke",
    [
        lambda work, dan, ana: reset_password(work, dan),
        lambda work, dan, ana: set_password(work, dan, ANOTHER),
        deactivate_member,
    ],
    ids=["another link", "a new password", "leaving"],
)
def test_a_link_is_revoked_by(store, ana, link, revoke):
    dan = auth.invited(store, link).member_id
    act(store, ana, revoke, dan, ana.id)
    assert opens_nothing(store, link)


def test_a_reset_ends_the_password_and_every_session(store, ana, link):
    dan = auth.invited(store, link).member_id
    auth.choose_password(store, link, PASSWORD)
    token = signed_in(store)
    again = act(store, ana, reset_password, dan)
    assert auth.lookup(store, token) is None
    with pytest.raises(Refused, match=auth.WRONG):
        auth.sign_in(store, "dan", PASSWORD)
    auth.choose_password(store, again, ANOTHER)
    assert signed_in(store, password=ANOTHER)


def test_nobody_resets_their_own(store, ana):
    with pytest.raises(Refused, match="behind your name"):
        act(store, ana, reset_password, ana.id)


def test_only_the_hash_is_stored_and_no_secret_is_in_the_trail(store, link):
    auth.invited(store, link)
    with store.reading() as session:
        stored = session.scalar(select(PasswordLink.token_hash))
        trail = [f"{entry.action} {entry.changes}" for entry in session.scalars(select(AuditEntry))]
    assert link not in stored
    assert any("password link made" in line for line in trail)
    assert not any(link in line or stored in line for line in trail)


@pytest.mark.parametrize("made_up", [None, "", "x", "ł" * 100, "' OR 1=1 --", "\0"])
def test_a_made_up_link_opens_nothing(store, link, made_up):
    assert opens_nothing(store, made_up)


def test_tries_of_one_address_are_limited_and_those_of_another_are_not(store, link):
    for number in range(auth.ADDRESS_TRIES):
        assert auth.invited(store, f"guess {number}", "10.0.0.1") is None
    assert auth.invited(store, link, "10.0.0.1") is None
    assert auth.invited(store, link, "10.0.0.2")


# one's own


def test_a_new_password_of_ones_own_asks_for_the_old_and_ends_every_other_session(store, link):
    auth.choose_password(store, link, PASSWORD)
    here, there = signed_in(store), signed_in(store)
    dan = auth.lookup(store, here)
    with pytest.raises(Refused, match="not your password"):
        auth.change_password(store, dan, "not the old one", ANOTHER)
    with pytest.raises(Refused, match="too short"):
        auth.change_password(store, dan, PASSWORD, "short")
    assert auth.lookup(store, there)
    ticket = auth.change_password(store, dan, PASSWORD, ANOTHER)
    assert auth.lookup(store, here) is auth.lookup(store, there) is None
    assert auth.lookup(store, auth.redeem(store, ticket, LIFE)) == dan
    assert signed_in(store, password=ANOTHER)


def test_guessing_the_old_one_at_an_open_window_has_to_wait_as_at_the_door(store, link):
    auth.choose_password(store, link, PASSWORD)
    dan = auth.lookup(store, signed_in(store))
    said = set()
    for _ in range(6):
        with pytest.raises(Refused) as refusal:
            auth.change_password(store, dan, "not the old one", ANOTHER)
        said.add(str(refusal.value)[:17])
    assert "Too many attempts" in said


def test_sessions_are_counted_and_the_others_ended(store, link, clock):
    auth.choose_password(store, link, PASSWORD)
    here, there = signed_in(store), signed_in(store)
    dan = auth.lookup(store, here)
    with store.reading() as session:
        assert sessions_of(session, dan.id, now=store.now()) == 2
    auth.end_other_sessions(store, here)
    assert auth.lookup(store, here)
    assert auth.lookup(store, there) is None
    clock.forward(hours=13)
    with store.reading() as session:
        assert sessions_of(session, dan.id, now=store.now()) == 0


def test_an_admin_signs_somebody_out_everywhere_and_nobody_else_does(store, ana, ben, link):
    auth.choose_password(store, link, PASSWORD)
    token = signed_in(store)
    dan = auth.lookup(store, token)
    with pytest.raises(Refused, match="Only an admin"):
        act(store, ben, end_sessions, dan.id)
    assert auth.lookup(store, token)
    act(store, ana, end_sessions, dan.id)
    assert auth.lookup(store, token) is None
    assert signed_in(store)


# who they are


def test_the_team_says_who_still_has_a_link(store, ana, link):
    with store.reading() as session:
        (dan,) = [one for one in team(session, now=store.now(), calendar=store.calendar).members if one.name != "Ana"]
    assert dan.link_until == store.now() + LINK_LIFE
    assert not dan.can_sign_in


def test_a_member_is_renamed(store, ana, ben):
    act(store, ana, rename_member, ben.id, "  Ben   Kowal ")
    with store.reading() as session:
        assert session.get_one(Member, ben.id).name == "Ben Kowal"
    for name in ("", "  ", "x" * 121, "Ben\u202e"):
        with pytest.raises(Refused, match="name"):
            act(store, ana, rename_member, ben.id, name)


@pytest.mark.parametrize("username", ["", "  ", "two words", "x" * 81, "a\0b"])
def test_a_user_name_that_nobody_could_type_is_refused(store, ana, username):
    with pytest.raises(Refused, match="user name"):
        act(store, ana, add_member, username=username, name="Dan", role=Role.VIEWER)


def test_the_last_admin_stays_one(store, ana):
    ina = viewer_of(store, a_member("Ina", Role.ADMIN))
    act(store, ana, change_role, ina.id, Role.VIEWER)
    for command in (
        lambda work: change_role(work, ana.id, Role.RECRUITER),
        lambda work: deactivate_member(work, ana.id, ina.id),
    ):
        with pytest.raises(Refused, match="last admin"):
            act(store, ana, command)


def test_two_admins_who_part_with_each_other_at_one_moment_leave_one(store, ana):
    ina = viewer_of(store, a_member("Ina", Role.ADMIN))

    def part(pair):
        who, with_whom = pair
        try:
            act(store, who, change_role, with_whom.id, Role.RECRUITER)
        except Refused as refused:
            return str(refused)
        return "done"

    with ThreadPoolExecutor(2) as both:
        said = sorted(both.map(part, ((ana, ina), (ina, ana))))
    assert said[1] == "done"
    assert said[0] in ("They are the last admin. Make somebody else an admin first.", "Only an admin may do that.")
