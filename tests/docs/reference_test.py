#!/usr/bin/env python3
"""A public symbol that loses its comment fails docs/make_reference.py, by name; so does a comment that belongs to nothing.

  reference_test.py WORK_DIR

Removes the comment of one symbol of each kind in a copy of the headers.
"""
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SDK, HOST = "sdk/include/sluice", "host/include/sluice"

# The header, the beginning of the declaration's line, and the symbol's name.
DOCUMENTED = {
    "class": (f"{SDK}/metric.h", "class Counter ", "Counter"),
    "class template": (f"{SDK}/metric.h", "template <class Kind, size_t kTags>", "Tagged"),
    "struct": (f"{HOST}/host/received.h", "struct Received ", "Received"),
    "enum": (f"{HOST}/host/plugin_options.h", "enum class FailPolicy", "FailPolicy"),
    "enumerator": (f"{HOST}/host/plugin_options.h", "  Open,", "FailPolicy::Open"),
    "field, trailing": (f"{HOST}/host/received.h", "  bool complete = false;", "Received::complete"),
    "constructor": (f"{SDK}/metric.h", "  explicit constexpr Gauge(", "Gauge::Gauge"),
    "method": (f"{SDK}/header_map.h", "  Status remove(", "HeaderMap::remove"),
    "method right below another": (f"{SDK}/metric.h", "  Status record(", "Gauge::record"),
    "protected method": (f"{HOST}/testing.h", "  HttpStream& openStream();", "FilterTest::openStream"),
    "method template": (f"{SDK}/metric.h", "  template <class... Values>", "Tagged::with"),
    "free function": (f"{SDK}/log.h", "bool logEnabled(", "logEnabled"),
    "function template": (f"{SDK}/log.h", "template <class... Parts>", "log"),
    "alias": (f"{HOST}/host/message.h", "using Headers =", "Headers"),
    "constant": (f"{SDK}/metric.h", "inline constexpr size_t kMaxTagValueSize", "kMaxTagValueSize"),
}
MISPLACED = ("the comment belongs to no declaration", f"{SDK}/clock.h", "/// Belongs to nothing.\n\n")
UNENDED = ("begins a group that no", f"{SDK}/tcp_context.h", "  /// @}\n")


def copy(work):
    shutil.rmtree(work, ignore_errors=True)
    for folder in ("docs", "sdk", "host/include"):
        shutil.copytree(ROOT / folder, work / folder)
    for tools in (".venv", ".cache"):
        if (ROOT / tools).exists():
            (work / tools).symlink_to(ROOT / tools)


def check(work):
    done = subprocess.run([sys.executable, work / "docs" / "make_reference.py", "--check"], text=True, capture_output=True)
    return done.returncode, done.stderr.splitlines()


def remove_comment(header, declaration):
    """Removes what is above the line that begins so, or behind it, and returns what is left of the line."""
    lines = header.read_text().split("\n")
    at = next((i for i, line in enumerate(lines) if line.startswith(declaration)), None)
    if at is None:
        sys.exit(f"{header}: no line begins with \"{declaration}\": name another symbol in this test")
    before = len(lines), lines[at]
    lines[at] = re.sub(r"\s*///<.*", "", lines[at])
    while re.match(r"\s*///(?!<)", lines[at - 1]):
        at -= 1
        del lines[at]
    if (len(lines), lines[at]) == before:
        sys.exit(f"{header}: \"{declaration}\" has no comment to remove")
    header.write_text("\n".join(lines))
    return lines[at]


def main():
    work = pathlib.Path(sys.argv[1])
    copy(work)
    status, output = check(work)
    if status:
        sys.exit("the copy, unchanged, fails:\n" + "\n".join(output))

    expected = {}
    for kind, (path, declaration, name) in DOCUMENTED.items():
        text = remove_comment(work / path, declaration)
        expected[kind] = (path, text, f"`{name}` has no `///` comment")
    words, path, text = MISPLACED
    (work / path).write_text((work / path).read_text().replace("namespace sluice {\n", "namespace sluice {\n\n" + text, 1))
    expected["a comment above nothing"] = (path, text.strip(), words)
    words, path, text = UNENDED
    whole = (work / path).read_text()
    (work / path).write_text(whole[:whole.rindex(text)] + whole[whole.rindex(text) + len(text):])
    expected["a group without an end"] = (path, None, words)

    status, output = check(work)
    failures = [f"{kind}: no error says: {path}: … {words}" for kind, (path, line, words) in expected.items()
                if not any(is_about(work, error, path, line, words) for error in output)]
    if status == 0:
        failures.append("it does not fail")
    errors = [error for error in output if not error.startswith("docs/reference/")]
    if len(errors) != len(expected):
        failures.append(f"{len(expected)} errors were expected")
    if failures:
        sys.exit("\n".join(failures) + "\nthe output was:\n" + "\n".join(output))


def is_about(work, error, path, line, words):
    """Whether an error names this header and the number of this line of it, and has these words."""
    place = re.match(rf"{re.escape(path)}:(\d+): ", error)
    if not place or words not in error:
        return False
    return line is None or (work / path).read_text().split("\n")[int(place.group(1)) - 1] == line


if __name__ == "__main__":
    main()
