#!/usr/bin/env python3
"""Writes docs/reference from the public headers' `///` comments and from the tables of sluice/abi.h.

  docs/make_reference.py           writes the pages
  docs/make_reference.py --check   changes nothing; fails where a public symbol has no `///` comment, where a comment
                                   belongs to nothing, and where a page is out of date

Which symbols need a comment, and how one comment can hold for several, is said in docs/generator/headers.py.
"""
import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

try:
    import clang.cindex  # noqa: F401
except ModuleNotFoundError:
    python = ROOT / ".venv" / "bin" / "python"
    if not python.exists() or sys.prefix == str(ROOT / ".venv"):
        sys.exit("docs/make_reference.py needs libclang's Python package: scripts/setup installs it into .venv")
    os.execv(python, [python, *sys.argv])

from generator import abi, headers, pages  # noqa: E402

OUTPUT = ROOT / "docs" / "reference"
PARTS = [
    ("sdk", "The guest SDK", ["sdk/**/include/sluice/*.h"]),
    ("testing", "The GoogleTest vocabulary", ["host/include/sluice/testing.h", "host/include/sluice/testing/*.h"]),
    ("host", "The mock host", ["host/include/sluice/host/*.h"]),
]


def make_pages():
    """The pages by name, and what is wrong with the headers."""
    parts = [(part, title, [p.relative_to(ROOT).as_posix() for pattern in patterns for p in sorted(ROOT.glob(pattern))])
             for part, title, patterns in PARTS]
    symbols, failures = headers.parse(ROOT, [path for _, _, paths in parts for path in paths])
    if not symbols:
        return {}, failures
    made = {}
    index = ["# Reference", "", pages.GENERATED.replace("the header", "the headers"), "",
             "- [The Proxy-Wasm ABI](abi.md): hostcalls, callbacks and enums, as tables", ""]
    for part, title, paths in parts:
        index += [f"## {title}", ""]
        for path in sorted(paths):
            text = (ROOT / path).read_text()
            name = f"{part}/{pathlib.Path(path).stem}.md"
            made[name] = pages.header_page(path, text, symbols.get(path, []))
            index.append(f"- [`<{pages.include_of(path)}>`]({name}): {pages.opening_of(text)[0]}")
        index.append("")
    tables = next(ROOT / path for path in symbols if path.endswith("/abi.h"))
    made["abi.md"], abi_failures = abi.abi_page(tables.relative_to(ROOT), tables.read_text())
    made["README.md"] = "\n".join(index).rstrip() + "\n"
    return made, failures + abi_failures


def stale(made):
    existing = {p.relative_to(OUTPUT).as_posix() for p in OUTPUT.rglob("*.md")}
    for name in sorted(existing | made.keys()):
        if name not in made:
            yield f"docs/reference/{name}: no header has this page: run docs/make_reference.py"
        elif name not in existing or (OUTPUT / name).read_text() != made[name]:
            yield f"docs/reference/{name}: is out of date: run docs/make_reference.py"


def write(made):
    for old in OUTPUT.rglob("*.md"):
        if old.relative_to(OUTPUT).as_posix() not in made:
            old.unlink()
    for name, text in made.items():
        (OUTPUT / name).parent.mkdir(parents=True, exist_ok=True)
        (OUTPUT / name).write_text(text)


def main():
    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        sys.exit(__doc__)
    made, failures = make_pages()
    if check and made:
        failures += stale(made)
    elif not failures:
        write(made)
    for failure in failures:
        print(failure, file=sys.stderr)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
