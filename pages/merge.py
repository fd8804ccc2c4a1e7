"""Merge: two records of one person side by side; who is kept and with which values is chosen, then they are one."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core.commands.merges import CHOSEN, merge_candidates, undo_merge
from core.queries.duplicates import Side, kept_first
from pages.parts import actions, filters, reads, runtime, side_by_side, state
from pages.parts.clashes import Form
from pages.parts.finding import search_people
from pages.parts.layout import head, open_person, quiet
from pages.parts.wording import COLUMNS, md

FOUND = 8
WIDTH = 860

viewer = runtime.require_viewer()
store = runtime.store()
now, calendar = store.now(), store.calendar


# who the other is


def draw_search(one: Side) -> None:
    with head(f"Who else is {one.called}?", "Pick the other record. Nothing is merged before you say so."):
        st.button("Back", type="tertiary", key="back", on_click=leave_for, args=(one.id,))
    alike = reads.lookalikes_of(one.id)
    text, people = search_people("Search", FOUND + 1, key=f"other-of-{one.id}", label_visibility="collapsed")
    if text:
        found = [(person.id, person.name or person.address, (person.title, person.company)) for person in people]
    else:
        found = [(side.id, side.called, (side.title, side.company)) for side in alike]
    found = [person for person in found if person[0] != one.id][:FOUND]
    if not text and found:
        st.markdown(quiet("These look alike."))
    for id_, name, about in found:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(f"{md(name)} {quiet(md(', '.join(filter(None, about))))}", width="stretch")
            st.button("This one", key=f"other-{id_}", on_click=pick, args=(id_,))
    if text and not found:
        st.markdown(quiet("Nobody found. Fewer words find more."))


def pick(other: int) -> None:
    st.query_params["other"] = str(other)


def leave_for(candidate_id: int) -> None:
    st.session_state[state.LEAVING_MERGE] = candidate_id


# what the one kept has


def draw_choice(one: Side, other: Side) -> None:
    with head(
        f"Are {one.called} and {other.called} one person?", "Merging keeps everything of both; it can be undone."
    ):
        pass
    side_by_side.draw(one, other, now, calendar)
    kept, gone = draw_kept(one, other)
    st.subheader("What they differ in", anchor=False)
    choices = draw_columns(kept, gone)
    draw_what_follows(kept, gone)
    form = Form(
        f"merge-{one.id}-{other.id}",
        forget=partial(st.session_state.pop, state.MERGING, None),
        keep_theirs="Look at both again",
        save_mine="Merge them all the same",
    )
    versions = form.seen(versions_looked_at(one, other))
    with st.container(horizontal=True, vertical_alignment="center"):
        is_pressed = st.button("Merge", type="primary", key="merge")
        st.button("Not the same person", key="two", on_click=say_two, args=(one, other))
        st.button("Back", type="tertiary", key="back", on_click=leave_for, args=(one.id,))
    if form.is_to_save(is_pressed):
        merge(kept, gone, choices, versions, form)


def draw_kept(one: Side, other: Side) -> tuple[Side, Side]:
    """Whose page stays: usually the one with more words, or the longer known."""
    usual, _ = kept_first(one, other)
    by_id = {one.id: one, other.id: other}
    chosen = st.segmented_control(
        "Whose page stays",
        list(by_id),
        default=usual.id,
        required=True,
        format_func=lambda id_: called(by_id[id_], other if id_ == one.id else one),
        key=f"kept-{one.id}-{other.id}",
    )
    kept = by_id[chosen]
    return kept, other if kept is one else one


def called(side: Side, beside: Side) -> str:
    """The name; where both have the same, with what tells them apart."""
    if side.called != beside.called:
        return md(side.called)
    apart = next((address for _, address in side.addresses), side.company or f"No. {side.id}")
    return md(f"{side.called}, {side_by_side.short(apart)}")


def draw_columns(kept: Side, gone: Side) -> dict[str, int]:
    choices: dict[str, int] = {}
    for name in CHOSEN:
        ours, theirs = getattr(kept, name), getattr(gone, name)
        if ours and theirs and ours != theirs:
            choices[name] = draw_column(name, {kept.id: ours, gone.id: theirs})
    if not choices:
        st.markdown(quiet("In nothing that both have."))
    return choices


def draw_column(name: str, values: dict[int, str]) -> int:
    """Whose value is kept; at first that of the person kept."""
    ids = "-".join(map(str, values))
    return st.radio(
        COLUMNS[name],
        list(values),
        format_func=lambda id_: md(values[id_]),
        horizontal=True,
        key=f"choose-{name}-{ids}",
    )


def draw_what_follows(kept: Side, gone: Side) -> None:
    said: list[str] = []
    filled = [COLUMNS[name].lower() for name in CHOSEN if getattr(gone, name) and not getattr(kept, name)]
    if filled:
        said.append(f"Blank with {md(kept.called)}, and filled: {', '.join(filled)}.")
    said.append("Words, promises, processes, addresses, skills, tags and notes of both stay.")
    if kept.do_not_contact or gone.do_not_contact:
        said.append("One of them asked for no contact: that stands.")
    if kept.owner != gone.owner:
        said.append(f"They are with {md(kept.owner) if kept.owner else 'nobody'} then.")
    st.markdown(quiet(" ".join(said)))


def versions_looked_at(one: Side, other: Side) -> dict[int, int]:
    """As they were when this page first showed them: somebody may be at one of them meanwhile."""
    kept: tuple[int, int, dict[int, int]] | None = st.session_state.get(state.MERGING)
    if kept is None or kept[:2] != (one.id, other.id):
        kept = (one.id, other.id, {one.id: one.version, other.id: other.version})
        st.session_state[state.MERGING] = kept
    return kept[2]


def merge(kept: Side, gone: Side, choices: dict[str, int], versions: dict[int, int], form: Form) -> None:
    by_id = {kept.id: kept, gone.id: gone}
    actions.act(
        merge_candidates,
        kept.id,
        gone.id,
        choices=choices,
        versions=versions,
        done=f"Merged: {gone.called} into {kept.called}",
        operation=actions.operation(f"merge-{kept.id}-{gone.id}"),
        undo_by=undo_merge,
        mine={name: getattr(by_id[of], name) for name, of in choices.items()},
        form=form,
        before_rerun=partial(open_person, kept.id),
    )


def say_two(one: Side, other: Side) -> None:
    if side_by_side.say_two(one, other):
        leave_for(0)


# the page


def asked() -> Sequence[int]:
    """Who is meant by the address: two, or one whose other is still to be found; of who was merged, the one kept."""
    ids = [filters.id_in_address(name) for name in ("one", "other")]
    kept = [reads.whereabouts(id_).id for id_ in ids if id_ is not None]
    return list(dict.fromkeys(id_ for id_ in kept if id_ is not None))


if (leaving := st.session_state.pop(state.LEAVING_MERGE, None)) is not None:
    if leaving:
        open_person(leaving)
    st.switch_page("duplicates.py")
actions.show_notice()
ids = asked()
sides = reads.sides(ids)
people = [sides[id_] for id_ in ids if id_ in sides]
with st.container(width=WIDTH):
    if not people or not viewer.may_edit:
        words = (
            "There is nobody to merge here."
            if viewer.may_edit
            else "You may look, not merge: a recruiter or an admin does that."
        )
        st.markdown(words)
        st.page_link("duplicates.py", label="Who may be one person")
    elif len(people) == 1:
        draw_search(people[0])
    else:
        draw_choice(people[0], people[1])
