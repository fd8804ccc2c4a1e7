"""Whether a locked package is one that is known to be unsafe: `python -m tests.advisories`, a part of `make check`.

No service is asked here, so nothing newer than this file is known, and it says so. Before a release, ask one:
`uvx pip-audit --disable-pip --requirement requirements.lock`.
"""

import re
import sys
from pathlib import Path

from packaging.version import Version

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
SAFE_FROM = {
    "jinja2": ("3.1.6", "CVE-2025-27516: out of the sandbox"),
    "openpyxl": ("2.4.2", "CVE-2017-5992: entities in a workbook"),
    "pyjwt": ("2.4.0", "CVE-2022-29217: forged signatures"),
    "starlette": ("1.3.1", "CVE-2025-54121, CVE-2025-62727, CVE-2026-48710 and others: served to a standstill"),
    "streamlit": ("1.54.0", "CVE-2026-33682, CVE-2022-35918: files and addresses out of reach"),
}
"""The first version without what is known, and what that is. Advisories looked up in August 2026."""


def unsafe(lock: str) -> list[str]:
    """What of a lock is too old, or not held to the bytes that were looked at."""
    found = []
    for pinned in re.split(r"\n(?=\S)", lock.strip()):
        name, _, rest = pinned.partition("==")
        version = re.split(r"[\s;]", rest, maxsplit=1)[0]
        least, why = SAFE_FROM.get(name, ("0", ""))
        if not re.search(r"--hash=sha256:[0-9a-f]{64}", pinned):
            found.append(f"{name} has no hash")
        if Version(version) < Version(least):
            found.append(f"{name} {version} is older than {least} ({why})")
    return found


def main() -> int:
    found = [f"{name}: {what}" for name in LOCKS for what in unsafe((ROOT / name).read_text())]
    if found:
        print("\n".join(found))
        return 1
    print(
        f"Advisories skipped: no advisory service was asked. {len(SAFE_FROM)} known ones do not concern what is locked."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
