"""Drafts on a page: in whose language, from whom, and on their way out: copied, or into the mail program."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import streamlit as st

from core import settings
from core.domain import drafts
from core.domain.drafts import Occasion
from core.domain.promises import Kind
from core.domain.templates import LANGUAGES
from core.persistence.work import Viewer
from core.queries.promises import Waiting
from pages.parts import actions, reads, state

SAYS_WHEN_NEXT = frozenset({Kind.UPDATE, Kind.DELAY, Kind.DEBRIEF})
LONGEST_LINK = 2_000
"""Of a mailto: link, in characters: more, and some mail programs open nothing."""
TO_LANGUAGE = {"en": "In English", "pl": "Po polsku"}

_SCRIPT = """
export default async function ({ data, parentElement }) {
  if (!data || window.__perennialOut === data.nonce) return;
  window.__perennialOut = data.nonce;
  if (data.url) {
    const link = document.createElement('a');
    link.href = data.url;
    window.__perennial.isLeaving = true;  // a browser takes a link to a mail program for a way out of the page
    link.click();
    setTimeout(() => { window.__perennial.isLeaving = false; }, 1000);
    return;
  }
  try {
    await navigator.clipboard.writeText(data.words);
  } catch {  // an address without TLS has no clipboard
    const field = document.createElement('textarea');
    field.value = data.words;
    document.body.append(field);
    field.select();
    document.execCommand('copy');
    field.remove();
  }
}
"""
_out = st.components.v2.component("perennial_out", js=_SCRIPT)


def languages_of(of: Occasion) -> list[str]:
    """The one they are written to in first, then the others."""
    first = of.language if of.language in LANGUAGES else settings.current().language
    return [first, *(other for other in LANGUAGES if other != first)]


def written(row: Waiting, viewer: Viewer, language: str) -> str:
    """The draft of a promise; empty where no word to anybody keeps it."""
    of = row.occasion
    if row.kind in SAYS_WHEN_NEXT and row.process_id is not None:
        of = replace(of, by=reads.next_word_by(of.stage, is_on_hold=row.is_on_hold))
    return draft(of, viewer, language)


def draft(of: Occasion, viewer: Viewer, language: str) -> str:
    return drafts.draft(of, me=viewer.name, language=language, own=reads.own_words())


def question(of: Occasion, viewer: Viewer, language: str) -> str:
    return drafts.question_to(of, me=viewer.name, language=language, own=reads.own_words())


# on their way out


def mailto(to: str, subject: str, body: str) -> str:
    """A link that opens the mail program; without the words where they are too long for one."""
    link = f"mailto:{quote(to, safe='@')}?subject={quote(subject, safe='')}"
    whole = f"{link}&body={quote(body.replace(chr(10), chr(13) + chr(10)), safe='')}"
    return whole if len(whole) <= LONGEST_LINK else link


def copy_and_mail(
    of: Occasion, viewer: Viewer, language: str, text: Callable[[], str], *, key: str, shortcut: str | None = None
) -> None:
    """The words as they stand in the field: copied, or opened where an address is known. Nothing is logged by it."""
    st.button(
        "Copy",
        type="tertiary",
        key=f"copy-{key}",
        help="Copies the words. Log it here once they are sent.",
        on_click=_to_clipboard,
        args=(text,),
    )
    if of.email:
        st.button(
            "Open in mail",
            type="tertiary",
            key=key,
            shortcut=shortcut,
            help="Opens your mail program. Log it here once it is sent.",
            on_click=_to_mail,
            args=(of, viewer, language, text),
        )


def hand_to_browser() -> None:
    """Once on a page that has such buttons, at its end."""
    if going := st.session_state.pop(state.GOING_OUT, None):
        _out(key=f"out-{going['nonce']}", data=going)
        if "words" in going:
            st.toast("Copied.")


def _to_clipboard(text: Callable[[], str]) -> None:
    words = text()
    if not words.strip():
        actions.refuse("There is nothing to copy yet.")
        return
    st.session_state[state.GOING_OUT] = {"words": words, "nonce": actions.fresh_key()}


def _to_mail(of: Occasion, viewer: Viewer, language: str, text: Callable[[], str]) -> None:
    subject = drafts.subject(of, me=viewer.name, language=language, own=reads.own_words())
    words = text()
    url = mailto(of.email, subject, words)
    going: dict[str, Any] = {"url": url, "nonce": actions.fresh_key()}
    st.session_state[state.GOING_OUT] = going
    if words.strip() and "&body=" not in url:
        actions.refuse("The text is too long to be handed to the mail program. Copy it from the field.")
