"""The team: who belongs to it, what each of them carries, and the way to hand it over."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial

import streamlit as st

from core import settings
from core.charts.bars import Bar, bars_chart, bars_frame
from core.commands.members import (
    change_role,
    deactivate_member,
    end_sessions,
    invite_member,
    rename_member,
    reset_password,
)
from core.commands.undo import undo_fact
from core.domain.refusal import Refused
from core.persistence.settling import settle_left_behind
from core.persistence.store import AlreadyDone, Unavailable
from core.persistence.tables.team import Role
from core.queries.members import Colleague, Team
from pages.parts import actions, charts, questions, reads, runtime, state, team_tabs, unsaved, wording
from pages.parts.choosing import choose_one
from pages.parts.layout import badge, head_places, people_done, quiet, write_head
from pages.parts.questions import answer, asked_no_more
from pages.parts.wording import md

HAND_OVER, ROLE, LEAVES = "Hand over…", "Change the role…", "Leaves the team…"
RENAME, RESET, LINK, SIGN_OUT = "Rename…", "Reset the password…", "Make a link to sign in…", "Sign out everywhere…"
ADD, SHOW_LINK = "Add a member", "Link made"
MAY = {
    Role.ADMIN: "Recruits, and runs the team: its members, its policy, its backups",
    Role.RECRUITER: "Recruits: sees everything, changes all but the team itself",
    Role.VIEWER: "Sees everything, changes nothing",
}
ROLES = {Role.ADMIN: "admin", Role.RECRUITER: "recruiter", Role.VIEWER: "may look"}

viewer = runtime.require_viewer()
store = runtime.store()
now, calendar = store.now(), store.calendar


# what is said


def title_of(team: Team) -> str:
    if not team.overdue:
        return "Nothing is overdue in the team"
    return f"{wording.spelled(team.overdue, 'word is', 'words are').capitalize()} overdue in the team"


def line_of(team: Team) -> str:
    there = [member for member in team.members if member.is_active]
    people = sum(member.load.people for member in team.members) + team.with_nobody
    return f"{wording.plural(len(there), 'member')} · {wording.plural(people, 'person', 'people')} known"


def load_of(member: Colleague) -> str:
    load = member.load
    if member.role is Role.VIEWER and not load.people:
        return "looks on, and carries nobody"
    words = wording.plural(load.open, "word owed", "words owed")
    parts = [
        wording.plural(load.people, "person", "people"),
        f"{load.in_process:,} in process" if load.in_process else "",
        words if load.open else "",
        wording.plural(load.meetings, "meeting in seven days", "meetings in seven days") if load.meetings else "",
    ]
    return " · ".join(filter(None, parts))


def seen(member: Colleague) -> str:
    if member.link_until is not None:
        return f"has a link to choose a password, good until {wording.moment(member.link_until, now, calendar)}"
    if not member.can_sign_in:
        return "has no way to sign in"
    return f"signed in {wording.moment(member.seen_at, now, calendar)}" if member.seen_at is not None else ""


# the rows


def draw_member(member: Colleague) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        badges = [badge(ROLES[member.role])]
        if member.load.overdue:
            badges.insert(0, badge(f"{member.load.overdue:,} overdue", "red"))
        about = quiet(md(" · ".join(filter(None, (member.username, seen(member))))))
        st.markdown(f"**{md(member.name)}** {' '.join(badges)}  \n{md(load_of(member))}  \n{about}", width="stretch")
        draw_ways(member)


def draw_gone(member: Colleague) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
        cover = f"{md(member.cover)} stands in" if member.cover else "nobody stands in"
        waiting = wording.plural(member.waiting, "person waits", "people wait") if member.waiting else "nobody waits"
        words = f"{cover} · {waiting} to be taken over"
        st.markdown(f"**{md(member.name)}** {badge('has left')}  \n{words}", width="stretch")
        with st.container(horizontal=True, width="content", wrap=False, gap="small"):
            draw_ways_back(member)


def draw_ways_back(member: Colleague) -> None:
    may = viewer.is_admin or member.cover_id == viewer.id
    if viewer.may_edit and may and st.button("Hand over", key=f"hand-over-{member.id}"):
        hand_over(member.id)
    if viewer.is_admin and member.departure_id and st.button("Take back", type="tertiary", key=f"back-{member.id}"):
        done = f"{member.name} is back in the team"
        actions.act(undo_fact, member.departure_id, done=done, before_rerun=settle_in_turns)


def draw_ways(member: Colleague) -> None:
    ways = [HAND_OVER] if viewer.may_edit and (viewer.is_admin or member.id == viewer.id) else []
    if viewer.is_admin:
        others = [RESET if member.can_sign_in else LINK] if member.id != viewer.id else []
        ways += [RENAME, ROLE, *others, *([SIGN_OUT] if member.sessions else []), LEAVES]
    if not ways:
        return
    picked = st.menu_button("More", ways, type="tertiary", key=f"more-{member.id}")
    if picked == HAND_OVER:
        hand_over(member.id)
    elif picked:
        questions.ask(picked, member.id)


def hand_over(member_id: int) -> None:
    st.switch_page("handover.py", query_params={"member": str(member_id)})


def draw_loads(members: list[Colleague]) -> None:
    """People with each, the most first."""
    carrying = sorted((m for m in members if m.role is not Role.VIEWER), key=lambda m: (-m.load.people, m.name))
    bars = [
        Bar(str(m.id), m.name, m.load.people, wording.plural(m.load.people, "person", "people"), "kept")
        for m in carrying[:MOST_BARS]
    ]
    if not any(bar.number for bar in bars):
        return
    st.subheader("With whom people are", anchor=False)
    frame = bars_frame(bars)
    first = carrying[0]
    st.vega_lite_chart(
        frame,
        charts.spec_of(bars_chart, frame, len(bars)),
        theme=None,
        key="loads",
        alt=f"{first.name} has the most: {wording.plural(first.load.people, 'person', 'people')}",
    )


MOST_BARS = 20


# what is left behind


def draw_nobodys(team: Team) -> None:
    if not team.with_nobody:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        people = wording.plural(team.with_nobody, "person is", "people are")
        st.markdown(f"{people} with nobody: no word falls due with anybody.", width="stretch")
        if viewer.may_edit and st.button("Find them somebody", key="nobodys"):
            hand_over(0)


def draw_unsettled() -> None:
    """A departure with many people was broken off."""
    if not (number := reads.number_left_behind()):
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        people = wording.plural(number, "person is", "people are")
        st.markdown(f"{people} still on the way from one who left to the cover.", width="stretch")
        if viewer.is_admin and st.button("Go on", key="go-on"):
            settle_in_turns()
            st.rerun()


def settle_in_turns() -> None:
    if not reads.number_left_behind():
        return
    with suppress(Unavailable):  # who is left is said on the page
        settle_left_behind(store, people_done(st.progress(0.0)))


# what is asked


@st.dialog("Leaves the team", on_dismiss=asked_no_more)
def ask_leaves(member: Colleague) -> None:
    others = {id_: name for id_, name in reads.colleagues() if id_ != member.id}
    people, in_process, words, meetings = reads.what_is_left(member.id)
    left = [
        wording.plural(people, "person", "people"),
        f"{in_process:,} in process",
        wording.plural(words, "open word"),
        wording.plural(meetings, "meeting to come", "meetings to come"),
    ]
    if any((people, in_process, words, meetings)):
        st.markdown(f"With **{md(member.name)}** now: {md(', '.join(left))}.")
        st.markdown(
            quiet(
                "Hand them over first, so that each is told who comes next. Or name a cover: what is theirs is the"
                " cover’s from then on, and can be handed over later."
            )
        )
    else:
        st.markdown(f"Nothing is with **{md(member.name)}**. A cover is named all the same: words may still come.")
    if (people or meetings) and st.button("Hand over first", key="first-hand-over"):
        asked_no_more()
        hand_over(member.id)
    cover = choose_one("Cover", others, key="cover", placeholder="A colleague")
    if meetings:
        st.markdown(quiet("Meetings keep their host until another is named: on the page where people are handed over."))
    if st.button("They leave", type="primary", key="leave", disabled=cover is None) and cover is not None:
        done = f"{member.name} has left; {others[cover]} stands in"
        act_and_settle(member.id, cover, done)


def act_and_settle(member_id: int, cover_id: int, done: str) -> None:
    """Of many people the rest is settled in turns before the page is drawn anew."""

    def settled() -> None:
        settle_in_turns()
        asked_no_more()

    actions.act(
        deactivate_member,
        member_id,
        cover_id,
        done=done,
        operation=actions.operation(f"leave-{member_id}"),
        undo_by=undo_fact,
        before_rerun=settled,
    )


@st.dialog("Role", on_dismiss=asked_no_more)
def ask_role(member: Colleague) -> None:
    st.markdown(f"What may **{md(member.name)}** do? {quiet('They sign in anew.')}")
    role = st.radio(
        "Role", list(ROLES), index=list(ROLES).index(member.role), format_func=lambda one: ROLES[one], key="role"
    )
    if st.button("Change the role", type="primary", key="change-role"):
        back = partial(change_role, role=member.role)
        answer(change_role, member.id, role, done=f"{member.name}: {ROLES[role]}", undo_by=back)


@st.dialog("Rename", on_dismiss=asked_no_more)
def ask_name(member: Colleague) -> None:
    kept = unsaved.kept(
        f"name-{questions.operation_of(rename_member, member.id)}", f"Name of {member.name}", member.name
    )
    name = st.text_input("Name", member.name, max_chars=120, **kept)
    if st.button("Rename", type="primary", key="rename"):
        back = partial(rename_member, name=member.name)
        answer(rename_member, member.id, name, done=f"{member.name} is called {name} now", undo_by=back)


@st.dialog("Sign out everywhere", on_dismiss=asked_no_more)
def ask_sign_out(member: Colleague) -> None:
    browsers = wording.plural(member.sessions, "browser")
    st.markdown(f"**{md(member.name)}** is signed in in {browsers}. What is half written there is lost.")
    if st.button("Sign them out", type="primary", key="end-sessions"):
        answer(end_sessions, member.id, done=f"{member.name} is signed out everywhere", undo_by=None)


# links to choose a password by


@st.dialog(ADD, on_dismiss=asked_no_more)
def ask_new() -> None:
    operation = actions.operation("add-member")
    name = st.text_input("Name", max_chars=120, **unsaved.kept(f"new-name-{operation}", "Name of a new member"))
    kept = unsaved.kept(f"new-username-{operation}", "User name of a new member")
    username = st.text_input("User name", max_chars=80, **kept)
    role = st.radio(
        "Role",
        list(ROLES),
        index=list(ROLES).index(Role.RECRUITER),
        format_func=lambda one: ROLES[one],
        captions=[MAY[one] for one in ROLES],
        **unsaved.kept(f"new-role-{operation}", begun=Role.RECRUITER),
    )
    st.markdown(quiet("They choose their own password, by a link that is made now."))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        is_pressed = st.button("Add and make the link", type="primary", key="add-member")
        actions.draw_start_anew(operation)
    if is_pressed:
        show_link(name, operation, invite_member, username=username, name=name, role=role)


@st.dialog("A new password", on_dismiss=asked_no_more)
def ask_link(member: Colleague) -> None:
    if member.can_sign_in:
        st.markdown(
            f"**{md(member.name)}** chooses a new password, by a link that is made now. The one they have is void at"
            " once, and they are signed out everywhere."
        )
    else:
        st.markdown(f"**{md(member.name)}** chooses a password, by a link that is made now. An earlier link is void.")
    if st.button("Make the link", type="primary", key="make-link"):
        show_link(member.name, actions.operation(f"link-{member.id}"), reset_password, member.id)


def show_link(whose: str, operation: str, command: Callable[..., str], *args: object, **plain: object) -> None:
    """Do what makes a link; it goes to the next dialog and nowhere else."""
    try:
        with store.working(runtime.require_viewer(), operation) as work:
            secret = command(work, *args, **plain)
    except AlreadyDone:
        actions.forget_operation(operation)
        st.error("That was done already. If the link was not copied, make a new one.")
    except (Refused, Unavailable) as refused:
        st.error(md(refused))
    else:
        actions.forget_operation(operation)
        st.session_state[state.LINK_MADE] = (whose, f"{settings.current().origin}/password/{secret}")
        questions.ask(SHOW_LINK, 0)
        st.rerun()


def link_seen() -> None:
    st.session_state.pop(state.LINK_MADE, None)
    asked_no_more()


@st.dialog("The link", on_dismiss=link_seen)
def tell_link() -> None:
    name, link = st.session_state[state.LINK_MADE]
    st.markdown(f"Give this to **{md(name)}**, and to nobody else: whoever has it chooses their password.")
    st.code(link, language=None, wrap_lines=True)
    st.markdown(quiet("It works once, for three days, and is shown only now. If it gets lost, make another."))
    if st.button("Done", type="primary", key="link-seen"):
        link_seen()
        st.rerun()


# the page

team = reads.team()
there = [member for member in team.members if member.is_active]
gone = [member for member in team.members if not member.is_active]
team_tabs.draw(viewer)
words, controls = head_places()
write_head(words, title_of(team), line_of(team))
with words:
    actions.show_notice(undo_in=controls)
if viewer.may_edit and controls.button("Hand over your people", key="hand-over-mine"):
    hand_over(viewer.id or 0)
if viewer.is_admin and controls.button(ADD, type="primary", key="add"):
    questions.ask(ADD, 0)
left, right = st.columns((1.75, 1), gap="large")
with left:
    draw_unsettled()
    draw_nobodys(team)
    for member in there:
        draw_member(member)
    if gone:
        st.subheader(f"Have left · {len(gone)}", anchor=False)
        for member in gone:
            draw_gone(member)
with right:
    draw_loads(there)
dialogs: dict[tuple[str, int], Callable[[], None]] = {}
if viewer.is_admin:
    dialogs[ADD, 0] = ask_new
    if state.LINK_MADE in st.session_state:
        dialogs[SHOW_LINK, 0] = tell_link
    for member in there:
        dialogs[LEAVES, member.id] = partial(ask_leaves, member)
        dialogs[ROLE, member.id] = partial(ask_role, member)
        dialogs[RENAME, member.id] = partial(ask_name, member)
        dialogs[RESET, member.id] = dialogs[LINK, member.id] = partial(ask_link, member)
        dialogs[SIGN_OUT, member.id] = partial(ask_sign_out, member)
questions.draw(dialogs)
