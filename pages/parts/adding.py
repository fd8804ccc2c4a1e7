"""Adding a person by hand: what is typed is checked, and who may be known already is shown first."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from core import settings
from core.commands.candidates import add_candidate, set_rhythm
from core.commands.duplicates import say_not_the_same
from core.domain.facts import Rhythm
from core.domain.handles import Found, Handle, HandleKind, email, github, linkedin, phone
from core.domain.row_reasons import why
from core.domain.skills import all_names
from core.persistence.work import Viewer, Work
from core.queries.candidates import Person
from pages.parts import actions, coming_in, reads, rhythms, state, unsaved
from pages.parts.choosing import choose_one
from pages.parts.layout import open_person, quiet
from pages.parts.wording import md

WRONG: dict[str, str] = {
    "email": "This is no e-mail address: {}",
    "noreply_email": "Nobody reads what is sent to {}",
    "phone": "This is no phone number: {}",
    "damaged_phone": "A spreadsheet has rounded this number: {}",
    "linkedin": "This is no LinkedIn profile: {}",
    "github": "This is no GitHub profile: {}",
}


def begin() -> None:
    st.session_state[state.ADDING] = True
    st.session_state.pop(state.LOOKED_AT, None)


def no_more() -> None:
    for key in (state.ADDING, state.LOOKED_AT):
        st.session_state.pop(key, None)


def draw(viewer: Viewer) -> None:
    """The dialog, as long as somebody is being added."""
    if st.session_state.get(state.ADDING):
        ask_whom(viewer)


@st.dialog("Add a person", on_dismiss=no_more)
def ask_whom(viewer: Viewer) -> None:
    operation = actions.operation("add-person")

    def kept(name: str, called: str = "", begun: Any = "") -> dict[str, Any]:
        return unsaved.kept(f"new-{name}-{operation}", f"{called} of a new person" if called else "", begun)

    name = st.text_input("Name", **kept("name", "Name"))
    left, right = st.columns(2)
    mail = left.text_input("E-mail", **kept("mail", "E-mail"))
    number = right.text_input("Phone", **kept("phone", "Phone"))
    page = left.text_input("LinkedIn", placeholder="linkedin.com/in/…", **kept("linkedin", "LinkedIn"))
    code = right.text_input("GitHub", placeholder="github.com/…", **kept("github", "GitHub"))
    title = left.text_input("Title", **kept("title", "Title"))
    company = right.text_input("Company", **kept("company", "Company"))
    owner = choose_one("With", dict(reads.colleagues()), viewer.id, left, **kept("owner", begun=viewer.id))
    offered = rhythms.for_newcomers()
    rhythm = right.selectbox("Rhythm", list(offered), **kept("rhythm", begun=next(iter(offered))))
    skills = st.multiselect(
        "Skills",
        all_names(),
        accept_new_options=True,
        select_all=False,
        placeholder="However they are written",
        **kept("skills", begun=[]),
    )
    wrong, handles = addresses({"email": mail, "phone": number, "linkedin": page, "github": code})
    came_back, is_refused = False, False
    if (on := reads.erased_on(handles)) is not None:
        st.markdown(f"Somebody with this address was erased on **{on:%-d %B %Y}**: add them only if they came back.")
        came_back = st.checkbox("They came to us again themselves", **kept("came-back", begun=False))
        is_refused = not came_back
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        is_pressed = st.button("Add", type="primary", disabled=is_refused, key="add-it")
        actions.draw_start_anew(operation)
    others = known_already(name, company, handles, wrong, draw_alike, is_pressed=is_pressed, none_of="add them")
    if others is not None:
        add(name, owner, title, company, handles, offered[rhythm or rhythms.NONE], others, skills, came_back=came_back)


def draw_alike(person: Person, about: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{md(coming_in.called(person))} {quiet(md(about))}", width="stretch")
        if st.button("Open", type="tertiary", key=f"alike-{person.id}"):
            no_more()
            open_person(person.id)


def known_already(
    name: str,
    company: str,
    handles: Sequence[Handle],
    wrong: str,
    draw_one: Callable[[Person, str], None],
    *,
    is_pressed: bool,
    none_of: str,
) -> list[int] | None:
    """Whoever is to be added may be known already: those who are alike are shown, and asked about, first.

    That it is none of them is said by a button of its own, since “Add” may be pressed twice. Returns the ids of those
    who were shown, once somebody is to be added; until then None.
    """
    if is_pressed and wrong:
        st.error(md(wrong))
        return None
    typed = (name, company, tuple(handles))
    if not is_pressed and st.session_state.get(state.LOOKED_AT) != typed:
        return None
    alike = reads.lookalikes(name, company, handles)
    if not alike:
        return [] if is_pressed else None
    st.session_state[state.LOOKED_AT] = typed
    st.markdown("**Is it one of these?**")
    for person, on in alike:
        draw_one(person, " · ".join(part for part in (coming_in.about(person), why(", ".join(on))) if part))
    is_new = st.button(f"None of these: {none_of}", key="none-of-these")
    return [person.id for person, _ in alike] if is_new else None


def addresses(typed: Mapping[HandleKind, str]) -> tuple[str, list[Handle]]:
    """What is wrong with what was typed, if anything, and the addresses in it; a field may hold several."""
    handles: list[Handle] = []
    for kind, text in typed.items():
        if not text.strip():
            continue
        found = _read(kind, text)
        if found.reason is not None or not found.values:
            return WRONG.get(found.reason or kind, WRONG[kind]).format(text.strip()), []
        handles += [Handle(kind, value) for value in found.values]
    return "", handles


def _read(kind: HandleKind, text: str) -> Found:
    match kind:
        case "email":
            return email(text)
        case "phone":
            return phone(text, settings.current().phone_region)
        case "linkedin":
            return linkedin(text)
        case "github":
            return github(text)


def add(
    name: str,
    owner: int | None,
    title: str,
    company: str,
    handles: list[Handle],
    rhythm: Rhythm | None,
    others: list[int],
    skills: list[str],
    *,
    came_back: bool,
) -> None:
    """`others` were shown as alike, and are not this person."""
    new: list[int] = []

    def add_with_rhythm(work: Work) -> None:
        new.append(
            add_candidate(
                work,
                name=name,
                owner_id=owner,
                title=title,
                company=company,
                source="added",
                handles=handles,
                skills=skills,
                came_back=came_back,
            )
        )
        if rhythm is not None:
            set_rhythm(work, new[0], rhythm)
        for other in others:
            say_not_the_same(work, new[0], other)

    def go_there() -> None:
        no_more()
        open_person(new[0])

    operation = actions.operation("add-person")
    shown = name.strip() or (handles[0].value if handles else "")
    actions.act(add_with_rhythm, done=f"Added: {shown}", operation=operation, before_rerun=go_there)
