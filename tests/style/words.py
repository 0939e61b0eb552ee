#!/usr/bin/env python3
"""Holds what clang-tidy cannot: how this project spells types.

Usage: words.py [ROOT]. Prints each place that breaks a rule, and exits with 1 where there is one.
"""

import re
import sys
from pathlib import Path

RULES = (
    (re.compile(r"\bstd::(size_t|ptrdiff_t|u?int(ptr|max|8|16|32|64)?_t)\b"), "write it without std::"),
)
FOLDERS = ("sdk", "host", "cli", "examples", "bench", "tests")


def violations(root: Path) -> list[str]:
    found = []
    files = [path for folder in FOLDERS for path in (root / folder).rglob("*") if path.suffix in (".h", ".cc")]
    if not files:
        raise SystemExit(f"there are no sources below {root}")
    for path in sorted(files):
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            for pattern, advice in RULES:
                if match := pattern.search(line):
                    found.append(f"{path.relative_to(root)}:{number}: {match[0]}: {advice}")
    return found


if __name__ == "__main__":
    lines = violations(Path(sys.argv[1] if len(sys.argv) > 1 else "."))
    print("\n".join(lines))
    sys.exit(1 if lines else 0)
