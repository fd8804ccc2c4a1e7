"""What the made-up people are called and what they say: `data/demo`, read once."""

import tomllib
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

FOLDER = Path(__file__).parents[2] / "data" / "demo"


@cache
def people() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "people.toml").read_text(encoding="utf-8"))


@cache
def _words() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((FOLDER / "words.toml").read_text(encoding="utf-8"))


def said(rng: Random, style: str, language: str = "en", **names: str) -> str:
    """One way to say it; in English where the language has none."""
    words = _words()
    ways = words.get(language, {}).get(style) or words["en"][style]
    return rng.choice(ways).format_map(names)
