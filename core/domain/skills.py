"""Skills under one name each: k8s is Kubernetes, JS is JavaScript, whoever wrote the list."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from core.domain.names import folded

FILE = Path(__file__).resolve().parents[2] / "data" / "skills.toml"
_LONGEST = 100

_JOINTS = re.compile(r"[\s.\-‐‑–_/]+")
_IN_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]$")
_VERSION = re.compile(r"(?<=[^\s\d])(?:\s+v?|\s*v)\d+(?:\.(?:\d+|x))*\+?$", re.IGNORECASE)


@lru_cache(maxsize=65536)
def known_skill(text: str) -> str:
    """The name a skill goes by; of one we don't know, the text itself, trimmed.

    A version or a bracket after the name makes no other skill: `Java 17`, `AWS (certified)`.
    """
    text = " ".join(text.split())
    if len(text) > _LONGEST:
        return text
    bare = _IN_BRACKETS.sub("", text)
    for written in (text, bare, _VERSION.sub("", bare)):
        if known := _names().get(_key(written)):
            return known
    return text


@cache
def _names() -> Mapping[str, str]:
    """Every way to write each skill that we know, by its key."""
    names: dict[str, str] = {}
    for skills in tomllib.loads(FILE.read_text("utf-8")).values():
        for name, others in skills.items():
            names.update((_key(written), name) for written in (name, *others))
    return names


def _key(text: str) -> str:
    """`Vue.js`, `vue js` and `VueJS` are one; `C`, `C++` and `C#` are three."""
    return _JOINTS.sub("", folded(text))
