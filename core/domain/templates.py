"""Message templates: which occasions have one, what comes with Perennial, and how a text is filled from what is known.

Jinja2 in a sandbox, and of its language only what a letter needs: fields, if, and a list of questions. So a template
can neither reach anything nor run for long. A field that is not known stands in the text as a gap, in [brackets].
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jinja2 import Template, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from core.domain.refusal import Refused

FOLDER = Path(__file__).resolve().parents[2] / "data" / "templates"
LANGUAGES = {"en": "English", "pl": "Polski"}
LONGEST, LONGEST_TEXT = 5_000, 20_000

Own = Mapping[tuple[str, str], str]
"""The team's own wording, by occasion and language, where it has one."""
NONE_OF_ITS_OWN: Own = MappingProxyType({})

PARTS = {
    "greeting": "Greeting",
    "signature": "Signature",
    "for_role": "For which role",
}
"""What other templates are made of, as fields."""
OCCASIONS = {
    **PARTS,
    "subject": "Subject of an e-mail",
    "reply": "Reply",
    "update": "How it stands",
    "delay/client": "Delay: the client is silent",
    "delay/held": "Delay: on hold",
    "delay/held/budget": "Delay: on hold, for its budget",
    "delay/held/freeze": "Delay: on hold, hiring stopped",
    "delay/held/waiting": "Delay: on hold, waiting",
    "chase": "Asking the client",
    "debrief": "After an interview",
    "amends/us": "Amends: we did not come",
    "amends/client": "Amends: the client did not come",
    "feedback": "Feedback",
    "feedback/hired": "Feedback: hired",
    "feedback/rejected": "Feedback: rejected",
    "feedback/rejected/somebody_else": "Feedback: rejected, somebody else",
    "feedback/rejected/skills": "Feedback: rejected, skills",
    "feedback/rejected/experience": "Feedback: rejected, experience",
    "feedback/rejected/language": "Feedback: rejected, language",
    "feedback/rejected/location": "Feedback: rejected, place of work",
    "feedback/rejected/terms": "Feedback: rejected, terms",
    "feedback/rejected/background": "Feedback: rejected, background",
    "feedback/withdrawn": "Feedback: withdrawn",
    "feedback/opening_closed": "Feedback: opening closed",
    "feedback/opening_closed/somebody_else": "Feedback: opening filled",
    "feedback/opening_closed/budget": "Feedback: opening closed, no budget",
    "feedback/opening_closed/role_changed": "Feedback: opening closed, another role",
    "feedback/opening_closed/client_silent": "Feedback: opening closed, client silent",
    "feedback/not_now": "Feedback: not now",
    "follow_up": "Follow-up",
    "keep_in_touch": "Keeping in touch",
    "revisit": "A new look",
    "check_in/first_day": "Check-in: first day",
    "check_in": "Check-in",
    "thanks": "Thanks",
    "thanks/outcome": "Thanks: what came of it",
    "introduce": "Introducing yourself",
    "consent": "Consent",
    "question": "Asking before judging",
}
"""In the order in which they are listed, each as the page names it."""

FIELDS = (
    "first_name",
    "name",
    "client_person",
    "opening",
    "client",
    "stage",
    "me",
    "by",
    "revisit",
    "until",
    "meeting_at",
    "place",
    "is_talk",
    "what",
    "their_words",
    "referred",
    "days",
    "questions",
    "fitting",
    "years",
    "anniversary",
    "workplace",
    "quiet_until",
    "wants",
    "advice",
)

_MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia".split(),
}
_AT = {"en": "at", "pl": "o"}

_ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.If,
    nodes.For,
    nodes.Compare,
    nodes.Operand,
    nodes.Not,
    nodes.And,
    nodes.Or,
    nodes.Filter,
)
_FILTERS = frozenset({"lower", "upper", "capitalize", "trim"})
_COMPARISONS = frozenset({"eq", "ne"})
"""Those that nothing which is known, or not, can make fail."""
MOST_LEVELS = 20
"""So deep may one thing stand in another: deeper ones can't be compiled, or not even read."""


class Gap:
    """A field that is not known: false where a template asks for it, in [brackets] where it says it."""

    def __init__(self, says: str) -> None:
        self.says = says

    def __str__(self) -> str:
        return f"[{self.says}]"

    def __bool__(self) -> bool:
        return False

    def __iter__(self) -> Iterator[str]:
        return iter(())


class NoTemplate(Refused):
    """A template that can't be filled; the sentence names the line."""


def known_occasion(occasion: str) -> str | None:
    """The occasion's own template or that of the next wider one: "feedback/rejected/other" is "feedback/rejected"."""
    while occasion not in OCCASIONS:
        occasion, cut, _ = occasion.rpartition("/")
        if not cut:
            return None
    return occasion


def template_of(occasion: str, language: str, own: Own = NONE_OF_ITS_OWN) -> str:
    return own.get((occasion, language)) or default_of(occasion, language)


def default_of(occasion: str, language: str) -> str:
    return _comes_with(language)[0][occasion]


def filled(occasion: str, known: Mapping[str, Any], language: str, own: Own = NONE_OF_ITS_OWN) -> str:
    """The text of an occasion, with gaps where something is not known; empty where the occasion has no words."""
    if (wanted := known_occasion(occasion)) is None:
        return ""
    fields: dict[str, Any] = {name: _said(name, known.get(name), language) for name in FIELDS}
    for part in PARTS:
        fields[part] = _tidy(_compiled(template_of(part, language, own)), fields)
    return _tidy(_compiled(template_of(wanted, language, own)), fields).strip()


def check(occasion: str, text: str) -> None:
    """Raises NoTemplate, with a sentence and the line, for what would not make a letter."""
    if not text.strip():
        raise NoTemplate("A draft needs words. To go back to the one that came with Perennial, choose that.")
    if len(text) > LONGEST:
        raise NoTemplate(f"That is too long: {len(text):,} characters, {LONGEST:,} fit.")
    template = _compiled(text)
    parts = [name for name in meta.find_undeclared_variables(_ENVIRONMENT.parse(text)) if name in PARTS]
    if parts and occasion in PARTS:
        raise NoTemplate(f"“{parts[0]}” is made of fields alone, and can't be part of this.")
    _tidy(template, {name: Gap(name) for name in (*FIELDS, *PARTS)})


def day_in_words(day: date, language: str) -> str:
    """“5 March 2026”, “5 marca 2026”."""
    return f"{day.day} {_MONTHS[language][day.month - 1]} {day.year}"


@cache
def _comes_with(language: str) -> tuple[dict[str, str], dict[str, str]]:
    """The drafts and the names of gaps that come with Perennial."""
    said = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return {name: text.strip() if name not in PARTS else text.strip("\n") for name, text in said["drafts"].items()}, (
        said["gaps"]
    )


def _said(name: str, value: Any, language: str) -> Any:
    """As the letter says it. What is in brackets in the letter is for the writer, so that facts have none."""
    if name == "is_talk":
        return bool(value)
    if value is None or value in ("", ()):
        return Gap(_comes_with(language)[1][name])
    if isinstance(value, datetime):
        return f"{day_in_words(value.date(), language)} {_AT[language]} {value:%H:%M}"
    if isinstance(value, date):
        return day_in_words(value, language)
    if isinstance(value, str):
        return _plain(value)
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


def _plain(text: str) -> str:
    return text.replace("[", "(").replace("]", ")")


_ENVIRONMENT = ImmutableSandboxedEnvironment(autoescape=False)  # a letter is plain text


@lru_cache(maxsize=512)
def _compiled(text: str) -> Template:
    try:
        tree = _ENVIRONMENT.parse(text)
        _refuse_more_than_a_letter(tree)
        return _ENVIRONMENT.from_string(text)
    except TemplateSyntaxError as wrong:
        raise NoTemplate(
            f"Line {wrong.lineno} can’t be read. Each {{{{ needs its }}}}, each {{% its %}}, each “if” its “endif”;"
            " in between go the fields that stand below the text, and nothing else."
        ) from None
    except RecursionError:
        raise NoTemplate("Too many things stand in one another here.") from None


def _refuse_more_than_a_letter(tree: nodes.Template) -> None:
    """Before it is compiled, since compiling reckons what can be reckoned, however large."""
    _refuse_too_deep(tree, MOST_LEVELS)
    for node in _all_of(tree):
        if not isinstance(node, _ALLOWED):
            raise NoTemplate(f"Line {node.lineno}: a draft can have fields and “if”, and nothing more.")
        if isinstance(node, nodes.Filter) and (node.name not in _FILTERS or node.args or node.kwargs):
            raise NoTemplate(f"Line {node.lineno}: there is no “{node.name}” here.")
        if isinstance(node, nodes.Compare) and any(operand.op not in _COMPARISONS for operand in node.ops):
            raise NoTemplate(f"Line {node.lineno}: things are compared by == or != alone.")
        if isinstance(node, nodes.For) and not (
            isinstance(node.iter, nodes.Name)
            and node.iter.name == "questions"
            and not any(isinstance(inner, nodes.For) for inner in _all_of(*node.body, *node.else_))
        ):
            raise NoTemplate(f"Line {node.lineno}: “for” goes through questions alone, once.")
    if unknown := sorted(meta.find_undeclared_variables(tree) - {*FIELDS, *PARTS}):
        line = min(
            (node.lineno for node in tree.find_all(nodes.Name) if node.name == unknown[0]),
            default=1,
        )
        raise NoTemplate(f"Line {line}: there is no field “{unknown[0]}”. Those there are stand below the text.")


def _refuse_too_deep(node: nodes.Node, levels: int) -> None:
    if not levels:
        raise NoTemplate(f"Line {node.lineno}: too many things stand in one another.")
    for inner in node.iter_child_nodes():
        _refuse_too_deep(inner, levels - 1)


def _all_of(*tops: nodes.Node) -> Iterable[nodes.Node]:
    for top in tops:
        yield top
        for node in top.iter_child_nodes():
            yield from _all_of(node)


def _tidy(template: Template, fields: Mapping[str, Any]) -> str:
    """The letter, of LONGEST_TEXT at most, without the empty lines that a skipped “if” leaves."""
    said, length = [], 0
    for piece in template.generate(fields):
        length += len(piece)
        if length > LONGEST_TEXT:
            raise NoTemplate(f"Filled, it is longer than {LONGEST_TEXT:,} characters.")
        said.append(piece)
    lines = [line.rstrip() for line in "".join(said).splitlines()]
    kept = [line for number, line in enumerate(lines) if line or number == 0 or lines[number - 1]]
    return "\n".join(kept)
