#!/usr/bin/env python3
"""Checks which headers of this project each part may include.

A rule says: files under one folder, or files of some names, include only headers that match one of its patterns. Only
this project's own headers count: those in quotes, and <sluice/...>.

Usage: includes.py [ROOT]. Prints each include that breaks a rule, and exits with 1 where there is one.
"""

import fnmatch
import re
import sys
from pathlib import Path
from typing import NamedTuple


class Rule(NamedTuple):
    files: str  # A pattern for paths from the root; `*` also stands for `/`.
    may_include: tuple[str, ...]  # Patterns for the text between the quotes.
    why: str


# The host's headers with plain data only: their classes run nothing.
HOST_DATA = tuple(
    f"sluice/host/{name}.h"
    for name in (
        "callout",
        "counts",
        "crossing",
        "grpc_call",
        "log_line",
        "message",
        "metric",
        "plugin_options",
        "received",
        "text",
    )
)

RULES = (
    Rule(
        "cli/scenario/*",
        ("scenario/*", "sluice/abi.h", *HOST_DATA),
        "a scenario says what happens in the host's words, and knows nothing of what plays it",
    ),
    *(
        Rule(f"host/include/{header}", ("sluice/abi.h", *HOST_DATA), "a plain-data header needs nothing that plays")
        for header in HOST_DATA
    ),
)

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<(sluice/[^>]+)>)')


def violations(root: Path, rules=RULES) -> list[str]:
    found = []
    sources = [path for top in ("bench", "cli", "host", "sdk") for path in sorted((root / top).rglob("*"))]
    sources = [path for path in sources if path.suffix in (".h", ".cc")]
    for rule in rules:
        files = [path for path in sources if fnmatch.fnmatch(path.relative_to(root).as_posix(), rule.files)]
        if not files:
            found.append(f"{rule.files}: a rule for files that are not there")
        for path in files:
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                match = INCLUDE.match(line)
                if match is None:
                    continue
                header = match[1] or match[2]
                if not any(fnmatch.fnmatch(header, pattern) for pattern in rule.may_include):
                    place = f"{path.relative_to(root).as_posix()}:{number}"
                    found.append(f"{place}: includes {header}, but {rule.why}")
    return found


if __name__ == "__main__":
    problems = violations(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2])
    print("\n".join(problems))
    sys.exit(1 if problems else 0)
