"""The team's own wording of a draft."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.commands.locks import last_saved
from core.domain.refusal import Refused, Stale
from core.domain.templates import LANGUAGES, OCCASIONS, check, template_of
from core.persistence.tables import MessageTemplate
from core.persistence.work import Work


def save_template(work: Work, occasion: str, language: str, text: str, *, version: int) -> int:
    """`version`: of the wording it was drawn from, 0 for the one that came with Perennial. Returns the new one."""
    work.require_editor()
    text = text.strip("\n").rstrip()
    if occasion not in OCCASIONS or language not in LANGUAGES:
        raise Refused("There is no such draft.")
    check(occasion, text)
    own = _as_drawn(work, occasion, language, version)
    if own is None:
        own = MessageTemplate(occasion=occasion, language=language)
    own.text, own.changed_at, own.changed_by_id = text, work.now, work.actor.id
    try:
        with work.session.begin_nested():
            work.session.add(own)
            work.session.flush()
    except IntegrityError:  # somebody else was the first to save one, at this moment
        _as_drawn(work, occasion, language, version)
        raise
    work.record("draft saved", own, occasion=occasion, language=language)
    return own.version


def reset_template(work: Work, occasion: str, language: str, *, version: int) -> int:
    """Back to the one that came with Perennial. Returns 0, its version."""
    work.require_editor()
    own = _as_drawn(work, occasion, language, version)
    if own is not None:
        work.record("draft reset", own, occasion=occasion, language=language)
        work.session.delete(own)
        work.session.flush()
    return 0


def undo_template(work: Work, version: int, *, occasion: str, language: str, was: str | None) -> None:
    """As it was before, unless somebody has changed it since; `was` None: as it came."""
    if was is None:
        reset_template(work, occasion, language, version=version)
    else:
        save_template(work, occasion, language, was, version=version)


def _as_drawn(work: Work, occasion: str, language: str, version: int) -> MessageTemplate | None:
    own = work.session.scalar(
        select(MessageTemplate)
        .where(MessageTemplate.occasion == occasion, MessageTemplate.language == language)
        .with_for_update()
    )
    if (stored := own.version if own else 0) != version:
        theirs = {"text": own.text if own else template_of(occasion, language, {})}
        sentence = "Somebody changed this draft while you were writing. Nothing was overwritten."
        raise Stale(sentence, theirs, stored, last_saved(work, own) if own else None)
    return own
