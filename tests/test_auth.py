"""Signing in: what it tells, what it counts, and when a session ends."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import bcrypt
import pytest
from sqlalchemy import select

from core import auth
from core.commands.members import change_role, deactivate_member, set_password
from core.commands.policy import change_policy, ensure_first_policy
from core.commands.undo import undo_fact
from core.domain.passwords import refuse_weak
from core.domain.refusal import Refused
from core.persistence.store import Store
from core.persistence.tables import AuditEntry, LoginAttempt, Member, SetupLink, WebSession
from core.persistence.tables.team import Role
from core.persistence.viewer import THE_PROGRAM
from tests.make import a_member, act, viewer_of

PASSWORD = "four quiet green herons"
HASH = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()  # quick; real ones are not
LIFE = timedelta(hours=12)


@pytest.fixture(autouse=True)
def quick_dummy(monkeypatch):
    """The hash that nobody has is as quick here as those that somebody has."""
    monkeypatch.setattr(auth, "_nobodys_hash", lambda: HASH)


@pytest.fixture
def ben(store):
    return viewer_of(store, a_member("Ben", password_hash=HASH))


@pytest.fixture
def ana(store):
    return viewer_of(store, a_member("Ana", Role.ADMIN, password_hash=HASH))


@pytest.fixture
def token(store, ben):
    """Ben, signed in."""
    return auth.redeem(store, auth.sign_in(store, "ben", PASSWORD), LIFE)


def refused(store, username="ben", password="some wrong password", address=None):
    with pytest.raises(Refused) as refusal:
        auth.sign_in(store, username, password, address)
    return str(refusal.value)


# a session


def test_the_right_password_makes_a_ticket_and_the_ticket_a_session(store, ben):
    ticket = auth.sign_in(store, " Ben ", PASSWORD)
    token = auth.redeem(store, ticket, LIFE)
    assert auth.lookup(store, token) == ben


def test_a_ticket_is_good_once(store, ben):
    ticket = auth.sign_in(store, "ben", PASSWORD)
    assert auth.redeem(store, ticket, LIFE)
    assert auth.redeem(store, ticket, LIFE) is None


def test_a_ticket_is_good_for_a_minute(store, ben, clock):
    ticket = auth.sign_in(store, "ben", PASSWORD)
    clock.forward(seconds=60)
    assert auth.redeem(store, ticket, LIFE) is None


@pytest.mark.parametrize("made_up", [None, "", "x", "ł" * 100, "' OR 1=1 --", "\0"])
def test_a_made_up_token_or_ticket_is_nobodys(store, ben, token, made_up):
    assert auth.lookup(store, made_up) is None
    assert auth.redeem(store, made_up or "", LIFE) is None


def test_a_ticket_is_no_token(store, ben):
    assert auth.lookup(store, auth.sign_in(store, "ben", PASSWORD)) is None


def test_a_session_ends_after_its_time_however_busy_it_was(store, token, clock):
    clock.forward(hours=11, minutes=59)
    assert auth.lookup(store, token)
    clock.forward(minutes=1)
    assert auth.lookup(store, token) is None


def test_signing_out_ends_this_session_for_good_and_no_other(store, ben, token):
    other = auth.redeem(store, auth.sign_in(store, "ben", PASSWORD), LIFE)
    auth.sign_out(store, token)
    auth.sign_out(store, token)
    assert auth.lookup(store, token) is None
    assert auth.lookup(store, other) == ben


def test_who_leaves_is_out_at_the_next_touch(store, ana, ben, token):
    with store.working(ana) as work:
        deactivate_member(work, ben.id, ana.id)
    assert auth.lookup(store, token) is None
    assert refused(store, password=PASSWORD) == auth.WRONG


@pytest.mark.parametrize(
    "change",
    [
        lambda work, ben: set_password(work, ben.id, "another fine long one"),
        lambda work, ben: change_role(work, ben.id, Role.VIEWER),
    ],
    ids=["password", "role"],
)
def test_a_new_password_or_role_ends_every_session_and_ticket_begun_before(store, ana, ben, token, change):
    ticket = auth.sign_in(store, "ben", PASSWORD)
    with store.working(ana) as work:
        change(work, ben)
    assert auth.lookup(store, token) is None
    assert auth.lookup(store, auth.redeem(store, ticket, LIFE)) is None


def test_only_hashes_are_stored(store, ben):
    ticket = auth.sign_in(store, "ben", PASSWORD)
    token = auth.redeem(store, ticket, LIFE)
    with store.reading() as session:
        (row,) = session.scalars(select(WebSession))
    assert token not in str(vars(row))
    assert ticket not in str(vars(row))
    assert len(row.session_hash) == 64


def test_whoever_looks_brings_the_working_time_that_another_process_has_put_in_force(store, ana, token):
    here = Store(store.engine, store.calendar, store.clock)
    auth.lookup(here, token)
    before = here.calendar
    longer = {**before.as_values(), "opens": "08:00"}
    with store.working(ana) as work:
        ensure_first_policy(work)
    auth.lookup(here, token)
    change = act(store, ana, change_policy, {"working_time": longer})
    assert here.calendar == before
    auth.lookup(here, token)
    assert here.calendar.as_values() == longer
    act(store, ana, undo_fact, change)
    auth.lookup(here, token)
    assert here.calendar == before


# guessing


def test_a_wrong_password_and_an_unknown_name_and_somebody_without_one_sound_alike(store, ben):
    viewer_of(store, a_member("Noor", password_hash=None))
    assert refused(store, "ben") == refused(store, "nobody") == refused(store, "noor") == auth.WRONG


@pytest.mark.parametrize("username", ["ben", "nobody", "noor"])
def test_every_try_costs_one_check_whoever_it_is(store, ben, username, monkeypatch):
    viewer_of(store, a_member("Noor", password_hash=None))
    checks = []
    check = bcrypt.checkpw
    monkeypatch.setattr(bcrypt, "checkpw", lambda *pair: checks.append(pair) or check(*pair))
    refused(store, username)
    assert len(checks) == 1


def test_a_password_of_more_bytes_than_bcrypt_reads_is_wrong_and_no_error(store, ben):
    assert refused(store, password=PASSWORD + "x" * 100) == auth.WRONG
    assert refused(store, password="ż" * 60) == auth.WRONG
    assert refused(store, password="\0") == auth.WRONG
    assert refused(store, "somebody\0") == auth.WRONG


def test_wrong_guesses_slow_down_then_lock_for_a_quarter_of_an_hour(store, ben, clock):
    for _ in range(4):
        assert refused(store) == auth.WRONG
    waits = []
    for wait in (2, 4, 8, 16, 32, 64):
        assert refused(store, password=PASSWORD).startswith("Too many attempts.")
        clock.forward(seconds=wait - 1)
        waits.append(refused(store, password=PASSWORD))
        clock.forward(seconds=1)
        assert refused(store) == auth.WRONG
    assert set(waits) == {"Too many attempts. Try again in a second."}
    assert refused(store, password=PASSWORD) == "Too many attempts. Try again in 13 minutes."
    clock.forward(minutes=13)
    assert auth.sign_in(store, "ben", PASSWORD)


def test_an_unknown_name_slows_down_and_locks_as_a_known_one_does(store, ben):
    said = [[refused(store, name) for _ in range(6)] for name in ("ben", "nobody")]
    assert said[0] == said[1]
    assert said[0][:4] == [auth.WRONG] * 4
    assert said[0][4] == "Too many attempts. Try again in 2 seconds."


def test_an_address_may_fail_twenty_times_an_hour_whatever_the_names(store, ben, clock):
    for number in range(20):
        assert refused(store, f"name{number}", address="203.0.113.9") == auth.WRONG
    said = refused(store, "ben", PASSWORD, address="203.0.113.9")
    assert said == "Too many attempts. Try again in 60 minutes."
    assert auth.sign_in(store, "ben", PASSWORD, "203.0.113.10")
    clock.forward(hours=1)
    assert auth.sign_in(store, "ben", PASSWORD, "203.0.113.9")


def test_the_right_password_forgives_the_slips_before_it(store, ben):
    for _ in range(3):
        refused(store)
    auth.sign_in(store, "ben", PASSWORD)
    for _ in range(4):
        assert refused(store) == auth.WRONG


def test_a_success_does_not_wash_an_address_clean(store, ben):
    for number in range(20):
        assert refused(store, f"name{number}", address="203.0.113.9") == auth.WRONG
        if number < 19:
            auth.sign_in(store, "ben", PASSWORD, "203.0.113.9")
    assert refused(store, "ben", PASSWORD, "203.0.113.9").startswith("Too many attempts.")


def test_twenty_guesses_at_once_are_counted_as_twenty(store, ben):
    def guess(number):
        try:
            return bool(auth.sign_in(store, "ben", PASSWORD if number == 19 else f"wrong password {number}"))
        except Refused as refusal:
            return str(refusal)

    with ThreadPoolExecutor(10) as pool:
        said = list(pool.map(guess, range(20)))
    assert said.count(auth.WRONG) <= 4
    assert sum("Too many" in str(one) for one in said) >= 15


def test_the_trail_knows_who_signed_in_and_that_somebody_failed_but_never_what_was_typed(store, ben):
    auth.sign_out(store, auth.redeem(store, auth.sign_in(store, "ben", PASSWORD), LIFE))
    refused(store, "ben", "my-secret-typo")
    refused(store, "my-password-typed-as-name")
    with store.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action != "made").order_by(AuditEntry.id)).all()
        attempts = session.scalars(select(LoginAttempt)).all()
    assert [(entry.action, entry.subject_kind, entry.actor_id) for entry in entries] == [
        ("signed in", "member", ben.id),
        ("signed out", "member", ben.id),
        ("sign-in failed", "member", None),
        ("sign-in failed", "login_attempt", None),
    ]
    written = str([vars(row) for row in (*entries, *attempts)])
    assert "typo" not in written
    assert "typed" not in written


# the first start


def test_the_link_of_the_first_start_works_once(store):
    secret = auth.offer_setup(store)
    key = auth.open_setup(store, secret)
    assert key
    assert auth.open_setup(store, secret) is None
    assert auth.open_setup(store, key) is None
    with store.reading() as session:
        assert auth.may_set_up(session, key)
        assert not auth.may_set_up(session, secret)
        assert not auth.may_set_up(session, None)


def test_setting_up_makes_the_first_admin_signs_them_in_and_ends_every_link(store):
    secrets = auth.offer_setup(store), auth.offer_setup(store)
    mine, theirs = (auth.open_setup(store, secret) for secret in secrets)
    with store.working(THE_PROGRAM) as work:
        ticket = auth.set_up_own_team(work, mine, username="Ana", name="Ana Nowak", password=PASSWORD)
    viewer = auth.lookup(store, auth.redeem(store, ticket, LIFE))
    assert viewer.is_admin
    assert auth.offer_setup(store) is None
    with pytest.raises(Refused, match="already"), store.working(THE_PROGRAM) as work:
        auth.set_up_own_team(work, theirs, username="eve", name="Eve", password=PASSWORD)
    with store.reading() as session:
        assert session.scalars(select(SetupLink)).all() == []
        assert session.scalars(select(Member.username)).all() == ["ana"]


def test_without_the_link_nobody_sets_anything_up(store):
    auth.offer_setup(store)
    with pytest.raises(Refused), store.working(THE_PROGRAM) as work:
        auth.set_up_own_team(work, "made up", username="eve", name="Eve", password=PASSWORD)
    with store.reading() as session:
        assert not auth.has_members(session)


def test_a_weak_password_leaves_the_link_as_it_was(store):
    key = auth.open_setup(store, auth.offer_setup(store))
    with pytest.raises(Refused, match="too short"), store.working(THE_PROGRAM) as work:
        auth.set_up_own_team(work, key, username="ana", name="Ana", password="short")
    with store.reading() as session:
        assert auth.may_set_up(session, key)


def test_two_people_who_set_up_at_once_make_one_admin(store):
    with store.working(THE_PROGRAM) as work:
        ensure_first_policy(work)
    keys = [auth.open_setup(store, auth.offer_setup(store)) for _ in range(4)]

    def set_up(number):
        try:
            with store.working(THE_PROGRAM) as work:
                auth.set_up_own_team(work, keys[number], username=f"m{number}", name="Mo", password=PASSWORD)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(set_up, range(4))) == 1


# passwords


@pytest.mark.parametrize("password", ["four quiet green herons", "ąęśćńół", "x7#kQ!m2p$Lw", "ż" * 30 + "abcdef"])
def test_a_long_enough_password_will_do_whatever_is_in_it(password):
    refuse_weak(password, username="ben", name="Ben Kowalski")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "too short"),
        ("elevenchars", "too short"),
        ("x" * 73, "too long"),
        ("ż" * 37, "too long"),
        ("password1234", "one of the first"),
        ("PASSWORD1234", "one of the first"),
        ("aaaaaaaaaaaaaaaa", "one of the first"),
        ("abcabcabcabcabc", "one of the first"),
        ("0123456789012", "one of the first"),
        ("benkowalski1", "one of the first"),
        ("perennial2026", "one of the first"),
    ],
)
def test_a_password_too_short_too_long_or_guessed_first_is_refused(password, why):
    with pytest.raises(Refused, match=why):
        refuse_weak(password, username="ben", name="Ben Kowalski")
