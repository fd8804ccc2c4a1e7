"""Stages with their cadences, in a grid: of a new opening, and of the templates it may begin with."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from core.commands.openings import add_opening, delete_stage_template, save_stage_template, take_back_opening
from core.domain.policy import Policy
from core.domain.skills import all_names, skills_in
from core.persistence.work import Viewer
from core.queries.openings import Template
from pages.parts import actions, questions, reads, state, unsaved
from pages.parts.choosing import choose_one
from pages.parts.clashes import Form
from pages.parts.layout import open_opening, quiet
from pages.parts.questions import asked_no_more
from pages.parts.wording import md

NEW, TEMPLATES = "New opening", "Stage templates"
MOST_DAYS = 60
FRESH = 0
"""In place of a template's id: a new one."""


def dialogs(viewer: Viewer) -> questions.Dialogs:
    return {(NEW, 0): partial(ask_new, viewer), (TEMPLATES, 0): ask_templates}


# a new opening


@st.dialog(NEW, width="large", on_dismiss=asked_no_more)
def ask_new(viewer: Viewer) -> None:
    templates, policy = reads.stage_templates()
    operation = actions.operation("add-opening")

    def kept(name: str, called: str = "", begun: Any = None) -> dict[str, Any]:
        return unsaved.kept(f"opening-{name}-{operation}", called, begun)

    titled = kept("title", "Title of a new opening", "")
    title = st.text_input("Title", placeholder="Senior Python developer", **titled)
    left, right = st.columns(2)
    client = left.selectbox(
        "Client",
        [name for _, name in reads.clients()],
        index=None,
        accept_new_options=True,
        placeholder="Choose, or type a new one",
        **kept("client"),
    )
    owner = choose_one("With", dict(reads.colleagues()), viewer.id, right, **kept("owner", begun=viewer.id))
    by_id = {template.id: template.name for template in templates}
    first = next(iter(by_id), None)
    begin = choose_one("Stages of", by_id, first, on_change=st.rerun, **kept("template", begun=first))
    of_it = next((template.stages for template in templates if template.id == begin), ())
    grid = f"opening-stages-{begin}-{operation}"
    stages, cadences = edit_stages(of_it, policy, grid, "Stages of a new opening")
    needs = draw_needs((), title or "", kept("needs", begun=[]))
    looked_for = kept("note", "What they look for in a new opening", "")
    note = st.text_area("What they look for", **looked_for)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        is_pressed = st.button("Add the opening", type="primary", key="add-opening")
        actions.draw_start_anew(operation)
    if is_pressed:
        actions.act(
            add_opening,
            title or "",
            new_client=client or "",
            owner_id=owner,
            note=note or "",
            stages=stages,
            cadences=cadences,
            needs=needs,
            done=f"Added: {title}",
            operation=operation,
            undo_by=take_back_opening,
            before_rerun=open_the_new,
        )


def open_the_new() -> None:
    """Unless it was added already, by the first of two clicks: then the list has it."""
    asked_no_more()
    if (opening := st.session_state[state.NOTICE].undo) is not None:
        open_opening(opening)


def draw_needs(needs: Sequence[str], title: str, kept: Mapping[str, Any]) -> list[str]:
    """The skills it needs; what the title names can be taken with one touch."""
    key = kept["key"]
    st.session_state.setdefault(key, list(needs))
    chosen = st.multiselect(
        "Skills it needs",
        list(dict.fromkeys([*all_names(), *needs, *st.session_state[key]])),
        accept_new_options=True,
        select_all=False,
        placeholder="However they are written",
        **kept,
    )
    if named := [name for name in skills_in(title) if name not in chosen]:
        st.button(f"Add {md(' and '.join(named))}", type="tertiary", key="named", on_click=need_also, args=(key, named))
    return list(chosen)


def need_also(key: str, named: Sequence[str]) -> None:
    st.session_state[key] = [*st.session_state[key], *named]


# the grid


def edit_stages(stages: Sequence[str], policy: Policy, key: str, called: str) -> tuple[list[str], dict[str, int]]:
    """The names in order, and the cadences that were changed."""
    begun = [{"place": place, "name": name, "days": policy.cadence(name)} for place, name in enumerate(stages, start=1)]
    rows = unsaved.grid(key, called, begun, said=in_a_line)
    types = {"place": "Int64", "name": "str", "days": "Int64"}.items()
    frame = pd.DataFrame({name: pd.Series([row.get(name) for row in rows], dtype=kind) for name, kind in types})
    edited = st.data_editor(
        frame,
        key=key,
        on_change="ignore",
        hide_index=True,
        num_rows="dynamic",
        alt="Stages, a row each",
        column_config={
            "place": st.column_config.NumberColumn("Order", width=70, step=1),
            "name": st.column_config.TextColumn("Stage", max_chars=100),
            "days": st.column_config.NumberColumn(
                "A word every … working days", min_value=1, max_value=MOST_DAYS, step=1
            ),
        },
    )
    st.markdown(quiet("How often people hear from us holds for every stage of that name, in all openings."))
    return said_in(edited, policy)


def in_a_line(rows: unsaved.Rows) -> str:
    """“Screening, Interview, Offer”."""
    return ", ".join(row["name"] for row in rows if row.get("name"))


def said_in(edited: pd.DataFrame, policy: Policy) -> tuple[list[str], dict[str, int]]:
    rows = [row for row in edited.to_dict("records") if str(value_of(row["name"]) or "").strip()]
    rows.sort(key=lambda row: number_of(row["place"]) or len(rows) + 1)
    names = [" ".join(str(row["name"]).split()) for row in rows]
    days = {name: number_of(row["days"]) for name, row in zip(names, rows, strict=True)}
    return names, {name: wanted for name, wanted in days.items() if wanted and wanted != policy.cadence(name)}


def value_of(cell: Any) -> Any:
    return None if pd.isna(cell) else cell


def number_of(cell: Any) -> int | None:
    return None if pd.isna(cell) else int(cell)


# templates


@st.dialog(TEMPLATES, width="large", on_dismiss=asked_no_more)
def ask_templates() -> None:
    templates, policy = reads.stage_templates()
    names = {**{template.id: template.name for template in templates}, FRESH: "A new template"}
    chosen = st.selectbox(
        "Template", list(names), format_func=lambda id_: names[id_], key="template", on_change=st.rerun
    )
    fields = {"name": f"template-{chosen}-name", "stages": f"template-{chosen}-stages"}
    form = Form(f"template-{chosen}", fields, forget=asked_no_more)
    template = next((one for one in templates if one.id == chosen), None)
    drawn: Template | None = form.drawn_from(template)
    begun = drawn.name if drawn else ""
    name = st.text_input("Name", begun, **form.kept("name", begun, "Name of a template"))
    stages, cadences = edit_stages(
        drawn.stages if drawn else (), policy, form.field("stages"), f"Stages of {begun or 'a new template'}"
    )
    with st.container(horizontal=True):
        is_pressed = st.button("Save the template", type="primary", key="save-template")
        if template and len(templates) > 1 and st.button("Delete it", type="tertiary", key="delete-template"):
            actions.act(
                delete_stage_template_of,
                template.id,
                done=f"Deleted: {template.name}. Openings that began with it keep their stages.",
                undo_by=partial(bring_back, template),
                before_rerun=asked_no_more,
            )
    if form.is_to_save(is_pressed):
        seen = form.seen(drawn.stages) if drawn else None
        save_template(template, name or "", stages, cadences, policy, seen, form)


def save_template(
    template: Template | None,
    name: str,
    stages: list[str],
    cadences: dict[str, int],
    policy: Policy,
    seen: Sequence[str] | None,
    form: Form,
) -> None:
    before = {stage: policy.cadence(stage) for stage in cadences}
    actions.act(
        save_stage_template,
        name,
        stages,
        template_id=template.id if template else None,
        seen=seen,
        cadences=cadences,
        done=f"Saved: {name}",
        mine={"name": name, "stages": ", ".join(stages)},
        form=form,
        operation=actions.operation("save-template"),
        undo_by=partial(as_before, template, before),
    )


# undoing: no facts, but the template as it was


def delete_stage_template_of(work: Any, template_id: int) -> int:
    delete_stage_template(work, template_id)
    return template_id


def bring_back(template: Template, work: Any, _: int) -> None:
    save_stage_template(work, template.name, template.stages)


def as_before(template: Template | None, cadences: dict[str, int], work: Any, template_id: int) -> None:
    if template is None:
        delete_stage_template(work, template_id)
    else:
        save_stage_template(work, template.name, template.stages, template_id=template_id, cadences=cadences)
