"""Drafts: how the words that are owed begin, as the team wants them, and how they read once they are filled."""

from datetime import date, datetime
from functools import partial
from typing import Any

import streamlit as st

from core.commands.templates import reset_template, save_template, undo_template
from core.domain import templates
from core.domain.refusal import Refused
from core.domain.templates import LANGUAGES, OCCASIONS, template_of
from pages.parts import actions, filters, reads, runtime, wording
from pages.parts.clashes import Form
from pages.parts.layout import head, quiet
from pages.parts.wording import md

LANGUAGE, OF = "language", "of"
"""Names in the address."""
USUAL = "reply"
EXAMPLE: dict[str, Any] = {
    "name": "Noor Haddad",
    "first_name": "Noor",
    "client_person": "Marta",
    "opening": "Python developer",
    "client": "Nordbank",
    "stage": "Interview",
    "by": date(2026, 3, 5),
    "revisit": date(2026, 9, 1),
    "until": date(2026, 5, 31),
    "meeting_at": datetime(2026, 3, 3, 10),  # noqa: DTZ001 - an example
    "place": "ul. Długa 5, Gdańsk",
    "what": "the test task",
    "their_words": "Is there any news?",
    "referred": "Jan Zieliński",
    "days": 30,
    "questions": ("What did you work on between 2022 and 2024?",),
    "fitting": "Data engineer",
    "years": 2,
    "anniversary": date(2026, 3, 9),
    "workplace": "Orbis",
    "quiet_until": date(2026, 2, 20),
    "wants": "to lead a team one day",
    "advice": "take on a trainee first",
}

viewer = runtime.require_viewer()
store = runtime.store()
now, calendar = store.now(), store.calendar

actions.show_notice()
with head(
    "Drafts",
    "How the words begin that are owed. Whoever writes fills in what stands in brackets, and may change all of it.",
):
    first, *others = LANGUAGES
    named = {"": LANGUAGES[first], **{code: LANGUAGES[code] for code in others}}
    language = filters.one_of(LANGUAGE, named, "Language", required=True) or first


def read_through(text: str) -> tuple[tuple[str, ...], str]:
    """As it reads with all that can be known, and with nothing known; else what is wrong with it."""
    try:
        templates.check(occasion, text)
        own = {**reads.own_words(), (occasion, language): text}
        both: tuple[dict[str, Any], ...] = ({**EXAMPLE, "me": viewer.name}, {})
        return tuple(templates.filled(occasion, fields, language, own) for fields in both), ""
    except Refused as refused:
        return (), str(refused)


def draw_filled(texts: tuple[str, ...]) -> None:
    tabs = st.tabs(["Filled", "Where nothing is known"])
    for tab, words in zip(tabs, texts, strict=True):
        with tab, st.container(border=True):
            st.text(words)


def save(text: str) -> None:
    was = own.text if own else None
    actions.act(
        save_template,
        occasion,
        language,
        text,
        version=form.seen(drawn),
        done=f"Saved: {OCCASIONS[occasion]}",
        operation=actions.operation(form.key),
        undo_by=partial(undo_template, occasion=occasion, language=language, was=was),
        mine={"text": text},
        form=form,
    )


occasion = filters.chosen(OF, OCCASIONS.__contains__) or USUAL
filters.draw_select(OF, {"" if key == USUAL else key: said for key, said in OCCASIONS.items()}, "Draft", width=420)
filters.to_address(LANGUAGE, OF)
own = reads.own_wording(occasion, language)
of_now = own.version if own else 0
stored = template_of(occasion, language, {(occasion, language): own.text} if own else {})
form = Form(f"draft-{occasion}-{language}", {"text": f"draft-{occasion}-{language}"})
drawn, began_with = form.drawn_from((of_now, stored))
left, right = st.columns(2, gap="large")
with left:
    st.subheader("The draft", anchor=False)
    text = st.text_area(
        "The draft",
        began_with,
        height="content",
        label_visibility="collapsed",
        disabled=not viewer.may_edit,
        **form.kept("text", began_with, f"The draft: {OCCASIONS[occasion]}"),
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        filled, wrong = read_through(text or "")
        is_pressed = viewer.may_edit and st.button("Save the draft", type="primary", key="save-draft") and not wrong
        form.draw_written()
        if own and viewer.may_edit and st.button("Back to the one it came with", type="tertiary", key="reset-draft"):
            actions.act(
                reset_template,
                occasion,
                language,
                version=drawn,
                done=f"As it came: {OCCASIONS[occasion]}",
                before_rerun=form.let_go,
                undo_by=partial(undo_template, occasion=occasion, language=language, was=own.text),
            )
    if form.is_to_save(is_pressed):
        save(text or "")
    if own:
        when = wording.day(calendar.day(own.changed_at), calendar.day(now))
        st.markdown(quiet(f"The team’s own, changed {when}{f' by {md(own.by)}' if own.by else ''}."))
    else:
        st.markdown(quiet("As it came with Perennial."))
    with st.expander("What a draft can say"):
        fields = ", ".join(f"`{{{{ {name} }}}}`" for name in (*templates.FIELDS, *templates.PARTS))
        st.markdown(
            f"{fields}\n\nA field that is not known stands in the text as a gap, in brackets, and the text can’t be"
            " logged while a gap is left. To say something only where it is known:"
            " `{% if client %} at {{ client }}{% endif %}`. What only the writer can know stands in brackets:"
            " `[what is new]`."
        )
with right:
    st.subheader("How it reads", anchor=False)
    if wrong:
        st.error(md(wrong))
    else:
        draw_filled(filled)
