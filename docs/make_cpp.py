#!/usr/bin/env python3
"""Writes docs/cpp.md, "Which C++ a filter may use", from the sweep in tests/cpp.

  docs/make_cpp.py           writes the page
  docs/make_cpp.py --check   changes nothing; fails where the page is out of date, or the sweep has fewer than 60 features

A feature's file begins with `// Group: what is tried`. Those in features/ are built and run by the sweep, those in
missing/ are refused by the compiler, with the message after `// expect: `. other_toolchains.txt says which of features/
compile with the toolchains that CI does not try.
"""
import pathlib
import re
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent
SWEEP = ROOT / "tests" / "cpp"
PAGE = ROOT / "docs" / "cpp.md"
LEAST = 60

BEFORE = """\
# Which C++ a filter may use

Nearly all of C++20 and its standard library: what needs no operating system, no second thread and no exceptions. This page
is made from [a sweep](../tests/cpp) that builds each feature into a module with the default toolchain, runs it in the mock
host, and runs the same source natively; both must give the same. The columns for Zig and Emscripten say whether the
feature compiles, and with Zig whether it links: tried by hand in {tried}. Emscripten's standard library is of 2022. Its
mutexes and condition variables, and Zig's `<pthread.h>`, are their own, and do not notice what would wait for ever.

A filter that uses only the language, containers, strings and algorithms imports the proxy's functions and nothing else.
Features with *WASI* import functions of WASI: clocks, random numbers, the environment, output. Envoy, Istio and the mock
host have those; a host without them refuses the module.
"""

AFTER = """\
## In the native run

The native build of a filter uses this machine's standard library. It is made to behave as the module does: the end of the
process is the end of the VM, the environment is the plugin's, the clock is the host's, there are no files, `printf` and
`puts` are log lines, and waiting for another thread ends the VM. These stay different:

| | as a module | natively |
|---|---|---|
| a write through a null pointer | changes memory at address 0 silently, since that address is valid in WebAssembly | ends the test; the sanitizers say where |
| `std::cout`, `std::cerr` | log lines | the test's own output |
| running out of memory | `sluice: out of memory` ends the VM | the machine's memory, or the sanitizers' limit |
| stack overflow | a trap | ends the test |
| `size_t`, `long`, pointers | 32 bits | 64 bits |
| an exception thrown by a library that was built with them | does not link | ends the test |
"""


class Entry:
    def __init__(self, path):
        self.text = path.read_text()
        first = re.match(r"// ([^:]+): (.+)\n", self.text)
        if not first:
            sys.exit(f"{path}: the first line is not `// Group: what is tried`")
        self.group, self.title = first.groups()
        self.name = path.stem


def entries(folder):
    return [Entry(path) for path in sorted((SWEEP / folder).glob("*.cc"))]


def other_toolchains():
    """Returns when they were tried, their names, and for each feature whether they compile it."""
    tried, header, *lines = (SWEEP / "other_toolchains.txt").read_text().splitlines()
    names = header.split()[1:]
    return tried, names, {line.split()[0]: dict(zip(names, line.split()[1:])) for line in lines}


def table(group, features, names, results):
    lines = [f"## {group}\n", f"| | {' | '.join(['works', *names])} |", "|---" * (len(names) + 2) + "|"]
    for feature in features:
        title = feature.title + (" (*WASI*)" if "// imports WASI\n" in feature.text else "")
        row = [results.get(feature.name, {}).get(name, "untried") for name in names]
        lines.append(f"| {title} | {' | '.join(['yes', *row])} |")
    return "\n".join(lines) + "\n"


def refusals(missing):
    lines = ["## What a filter cannot use\n", "Each is an error of the compiler with the default toolchain:\n"]
    lines += ["| | the compiler says |", "|---|---|"]
    for entry in missing:
        expected = re.search(r"^// expect: (.+)$", entry.text, re.MULTILINE).group(1)
        lines.append(f"| {entry.title} | `{expected}` |")
    return "\n".join(lines) + "\n"


def wrapped(text):
    """The text with its paragraphs at most as wide as a page's prose may be."""
    paragraphs = text.rstrip("\n").split("\n\n")
    prose = [part if part.startswith("|") else textwrap.fill(part, 120, break_on_hyphens=False) for part in paragraphs]
    return "\n\n".join(prose) + "\n"


def page():
    tried, names, results = other_toolchains()
    features, missing = entries("features"), entries("missing")
    if len(features) < LEAST:
        sys.exit(f"the sweep has {len(features)} features; at least {LEAST} are wanted")
    unknown = set(results) - {feature.name for feature in features}
    if unknown:
        sys.exit(f"other_toolchains.txt names what is no feature: {', '.join(sorted(unknown))}")
    groups = sorted({feature.group for feature in features})
    parts = [wrapped(BEFORE.format(tried=tried))]
    for group in groups:
        parts.append(table(group, [feature for feature in features if feature.group == group], names, results))
    return "\n".join([*parts, refusals(missing), wrapped(AFTER)])


def main():
    if sys.argv[1:] == ["--check"]:
        if not PAGE.exists() or PAGE.read_text() != page():
            sys.exit("docs/cpp.md is out of date: run docs/make_cpp.py")
    elif not sys.argv[1:]:
        PAGE.write_text(page())
    else:
        sys.exit(__doc__)


main()
