#!/usr/bin/env python3
"""Checks the includes of host/src: rooms include only what stands below them, and no files include each other in a
circle. A header and the source file of the same name count as one.

    host_includes.py SOURCE_FOLDER     checks the folder
    host_includes.py --self-test       checks that the check finds what is wrong, in small made-up trees
"""
import pathlib
import re
import sys
import tempfile

# Each folder and the folders that it may include, lowest first. "." is host/src itself. docs/architecture.md describes
# them.
ROOMS = {
    "state": [],
    "abi": ["state"],
    "guest": ["abi"],
    "wire": ["abi"],
    "calls": ["state", "abi", "wire"],
    "http": ["state", "abi", "wire", "calls"],
    "tcp": ["state", "abi"],
    ".": ["state", "abi", "guest", "wire", "calls", "http", "tcp"],
    "testing": [],
}
# Quoted includes from outside host/src, by prefix, and the folders that may have them; None: all.
OUTSIDE = {
    "sluice/host/": None,
    "sluice/testing": ["testing"],
    "sluice/abi.h": None,
    "sluice/native_export.h": ["guest"],
    "wabt/": ["guest"],
}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


def outside_error(room, included):
    """The fault of an include from outside host/src, or None."""
    for start, rooms in OUTSIDE.items():
        if included.startswith(start):
            return None if rooms is None or room in rooms else f"{start}* is for {', '.join(rooms)}"
    return "there is no such file in host/src"


def find_cycle(edges):
    """A list of units that include each other in a cycle, the first one repeated at the end; empty if there is none."""
    done = set()
    path = []

    def visit(unit):
        if unit in path:
            return path[path.index(unit):] + [unit]
        if unit in done:
            return []
        path.append(unit)
        for target in sorted(edges.get(unit, ())):
            if cycle := visit(target):
                return cycle
        path.pop()
        done.add(unit)
        return []

    for unit in sorted(edges):
        if cycle := visit(unit):
            return cycle
    return []


def check(root):
    """All faults of the includes below `root`, one text each."""
    problems = []
    edges = {}
    files = sorted(p for p in root.rglob("*") if p.suffix in (".h", ".cc"))
    if not files:
        return [f"{root}: no source files"]
    for file in files:
        name = file.relative_to(root)
        room = name.parent.as_posix()
        if room not in ROOMS:
            problems.append(f"{name}: the room {room}/ is not in the table of {pathlib.Path(__file__).name}")
            continue
        unit = name.with_suffix("").as_posix()
        for included in INCLUDE.findall(file.read_text()):
            if not (root / included).is_file():
                if error := outside_error(room, included):
                    problems.append(f"{name} includes {included}: {error}")
                continue
            target = pathlib.PurePosixPath(included)
            target_room = target.parent.as_posix()
            if target_room != room and target_room not in ROOMS[room]:
                problems.append(f"{name} includes {included}: {room}/ may include {ROOMS[room] or 'no other room'}")
            if target.with_suffix("").as_posix() != unit:
                edges.setdefault(unit, set()).add(target.with_suffix("").as_posix())
    if cycle := find_cycle(edges):
        problems.append("include cycle: " + " -> ".join(cycle))
    return problems


def problems_of(files):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return check(pathlib.Path(folder))


def self_test():
    clean = {
        "state/clock.h": "#include <map>\n",
        "state/clock.cc": '#include "state/clock.h"\n',
        "abi/context.h": '#include "sluice/abi.h"\n#include "state/clock.h"\n',
        "guest/engine.cc": '#include "abi/context.h"\n#include "wabt/interp.h"\n',
        "vm.cc": '#include "abi/context.h"\n#include "sluice/host/host.h"\n',
    }
    # The files added to the clean tree, and the text that the check must print.
    seeded = [
        ({"state/clock.cc": '#include "abi/context.h"\n'}, "state/ may include"),
        ({"abi/context.cc": '#include "vm.h"\n', "vm.h": ""}, "abi/ may include"),
        ({"tcp/a.h": '#include "http/b.h"\n', "http/b.h": ""}, "tcp/ may include"),
        ({"http/a.h": '#include "http/b.h"\n', "http/b.h": '#include "http/a.h"\n'}, "include cycle"),
        # A cycle through source files: neither header includes the other.
        ({"http/a.h": "", "http/a.cc": '#include "http/b.h"\n', "http/b.h": "", "http/b.cc": '#include "http/a.h"\n'},
         "include cycle: http/a -> http/b -> http/a"),
        ({"http/a.cc": '#include "wabt/interp.h"\n'}, "wabt/* is for guest"),
        ({"http/a.cc": '#include "sluice/internal/arena.h"\n'}, "no such file"),
        ({"attic/a.cc": ""}, "not in the table"),
    ]
    if problems := problems_of(clean):
        return [f"the clean tree: {problem}" for problem in problems]
    failures = []
    for added, expected in seeded:
        problems = problems_of({**clean, **added})
        if not any(expected in problem for problem in problems):
            failures.append(f"{added}: expected \"{expected}\", got {problems}")
    return failures


def main():
    problems = self_test() if sys.argv[1:] == ["--self-test"] else check(pathlib.Path(sys.argv[1]))
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
