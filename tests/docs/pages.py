#!/usr/bin/env python3
"""Checks the project's pages.

  pages.py links                            relative links lead somewhere, anchors included; a link to a test in a source
                                            file, [Suite.Name](file.cc), names one that is there
  pages.py lines                            prose outside tables and code blocks has at most 120 columns
  pages.py snippets DIR COMPILER…           compiles each block marked `<!-- compile … -->`; a compiler is NAME=COMMAND;
                                            that of the name wasm compiles no tests
  pages.py tests FILE                       writes a test file of the blocks marked `<!-- compile: test -->`, a test for each
  pages.py project PAGE DIR                 writes the files that a page gives (a block right below "`name`:") to DIR

The markers stand on the line above a block of C++:

  <!-- compile -->                  a whole file
  <!-- compile: stream members -->  members of an HttpContext; likewise `root members`
  <!-- compile: stream -->          statements in a callback of an HttpContext; likewise `root`
  <!-- compile: test -->            statements in a TEST_F, which are run too: on the filter of README.md
  <!-- refused: words -->           a whole file that must not compile, with these words in the error
"""
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
COLUMNS = 120
FILTER_HEAD = "#include <sluice/sluice.h>\n\n#include <string>\n\nusing namespace sluice;\nusing namespace std::chrono_literals;\n"
TEST_HEAD = ("#include <sluice/testing.h>\n\nusing namespace sluice;\nusing namespace sluice::testing;\nusing namespace ::testing;\n"
             "using namespace std::chrono_literals;\n\nclass Pages : public FilterTest {};\n")
WRAPPINGS = {
    "": ("", ""),
    "stream members": (FILTER_HEAD + "class Snippet : public HttpContext {\n public:\n", "};\n"),
    "root members": (FILTER_HEAD + "class Snippet : public RootContext {\n public:\n", "};\n"),
    "stream": (FILTER_HEAD + "class Snippet : public HttpContext {\n public:\n  void onLog() override {\n", "}\n};\n"),
    "root": (FILTER_HEAD + "class Snippet : public RootContext {\n public:\n  void onTick() override {\n", "}\n};\n"),
}
OPTIONS = ["-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Wconversion", "-Werror", "-Wno-unused-variable",
           "-Wno-unused-but-set-variable", f"-I{ROOT}/sdk/include", f"-I{ROOT}/sdk/abi/include"]


def pages():
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"], cwd=ROOT, text=True,
                            capture_output=True).stdout.split("\n")
    # Outside of a repository, such as in an unpacked archive, all pages.
    found = [ROOT / name for name in listed if name] or [p for p in ROOT.rglob("*.md") if "build" not in p.parts]
    return sorted(p for p in found if p.exists())


def blocks(page):
    """The fenced blocks of a page: language, text, first line's number, the lines above."""
    lines = page.read_text().split("\n")
    at = 0
    while at < len(lines):
        fence = re.match(r"^( *)```(\w*)$", lines[at])
        if not fence:
            at += 1
            continue
        start = at + 1
        at = start
        while lines[at] != fence.group(1) + "```":
            at += 1
        text = "".join(line.removeprefix(fence.group(1)) + "\n" for line in lines[start:at])
        yield fence.group(2), text, start + 1, [line for line in lines[:start - 1] if line.strip()]
        at += 1


def without_blocks(text):
    return re.sub(r"^( *)```.*?^\1```$", "", text, flags=re.M | re.S)


# ----------------------------------------------------------------------------------------------------------------------


def anchors(page):
    found = set()
    for title in re.findall(r"^#+ (.*)$", without_blocks(page.read_text()), re.M):
        title = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", title)
        found.add(re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-"))
    return found


def check_link(page, text, link):
    """What is wrong with a link, or nothing."""
    if re.match(r"^[a-z]+:", link):
        return None
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    if not target.exists():
        return "leads nowhere"
    if anchor and (target.suffix != ".md" or anchor not in anchors(target)):
        return f"there is no heading for #{anchor}"
    test = re.fullmatch(r"`?(\w+)\.(\w+)`?", text)
    if test and target.suffix == ".cc" and not text.strip("`").endswith(".cc"):
        suite, name = test.groups()
        if not re.search(rf"\bTEST(_F|_P)?\(\s*{suite},\s*{name}\)", target.read_text()):
            return f"the file has no test {suite}.{name}"
    return None


def links():
    failures, count = [], 0
    for page in pages():
        text = re.sub(r"`[^`\n]*`(?!\])", "", without_blocks(page.read_text()))
        for label, link in re.findall(r"(?<!!)\[([^]\n]*)\]\(([^)\s]+)\)", text):
            count += 1
            wrong = check_link(page, label, link)
            if wrong:
                failures.append(f"{page.relative_to(ROOT)}: [{label}]({link}): {wrong}")
    if count == 0:
        failures.append("there are no links at all: is this the tree?")
    return failures


# ----------------------------------------------------------------------------------------------------------------------


def too_long(text):
    """The numbers of the lines of prose that have more than 120 columns. Markers and tables cannot be wrapped."""
    # Blank out the blocks but keep their lines, so that the numbers are those of the page.
    prose = re.sub(r"^( *)```.*?^\1```$", lambda block: "\n" * block.group().count("\n"), text, flags=re.M | re.S)
    for number, line in enumerate(prose.split("\n"), 1):
        if len(line) > COLUMNS and not re.match(r" *(\||<!--)", line):
            yield number, len(line)


def lines():
    # The reference is generated; its lines are those of the comments in the headers.
    checked = [page for page in pages() if ROOT / "docs" / "reference" not in page.parents]
    failures = [f"{page.relative_to(ROOT)}:{number}: {columns} columns of prose, {COLUMNS} is the most"
                for page in checked for number, columns in too_long(page.read_text())]
    return failures if checked else ["there are no pages at all: is this the tree?"]


# ----------------------------------------------------------------------------------------------------------------------


def marked_blocks():
    """The place of a block, whether it must compile, the argument of its marker, and its text with its origin."""
    for page in pages():
        for language, text, line, above in blocks(page):
            marker = re.fullmatch(r" *<!-- (compile|refused)(?:: (.*))? -->", above[-1]) if above else None
            if not marker:
                continue
            place = f"{page.relative_to(ROOT)}:{line}"
            if language != "cpp":
                sys.exit(f"{place}: a marker above a block that is not cpp")
            yield place, marker.group(1) == "compile", marker.group(2) or "", f"#line {line} \"{page}\"\n{text}"


def snippets():
    """The place of a snippet, the program made of it, and the words that its error must contain."""
    for place, compiles, argument, text in marked_blocks():
        if argument == "test":
            continue
        head, tail = WRAPPINGS.get(argument if compiles else "") or sys.exit(f"{place}: unknown marker: {argument}")
        yield place, head + text + tail, None if compiles else argument


def write_tests(file):
    """Writes the test snippets to one file, with line markers that lead from an error to the page."""
    tests = [(place, text) for place, _, argument, text in marked_blocks() if argument == "test"]
    program = TEST_HEAD
    for place, text in tests:
        name = re.sub(r"\W+", "_", place)
        program += f"\nTEST_F(Pages, {name}) {{\n{text}}}\n"
    pathlib.Path(file).write_text(program)
    return [] if tests else ["no page has a test"]


def together(programs):
    """Joins programs into one: their includes, then each in its own namespace. It compiles ten times as fast."""
    includes = dict.fromkeys(line for program in programs for line in program.split("\n") if line.startswith("#include"))
    bodies = [re.sub(r"^#include.*$", "", program, flags=re.M) for program in programs]
    return "\n".join(includes) + "".join(f"\nnamespace snippet_{i} {{\n{body}}}\n" for i, body in enumerate(bodies))


def compile_one(source, program, command, words):
    """What is wrong, or nothing."""
    source.write_text(program)
    guest = "sluice/testing.h" not in program and "sluice/host/" not in program
    options = OPTIONS + (["-fno-exceptions", "-fno-rtti"] if guest else [f"-I{ROOT}/host/include"])
    done = subprocess.run([*command, *options, source], text=True, capture_output=True)
    if words is None:
        return done.stderr if done.returncode else None
    if done.returncode == 0:
        return "it compiles, though the page says that it does not"
    return None if words in done.stderr else f"the error does not say \"{words}\":\n{done.stderr}"


def compile_snippets(directory, compilers):
    directory = pathlib.Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    good = {"filters": [], "tests": []}
    jobs = []  # name, program, words
    for place, program, words in snippets():
        if words is None:
            good["tests" if "sluice/testing.h" in program or "sluice/host/" in program else "filters"].append(program)
        else:
            jobs.append((re.sub(r"\W+", "_", place), program, words))
    jobs += [(name, together(programs), None) for name, programs in good.items() if programs]
    failures = []
    for compiler in compilers:
        kind, _, command = compiler.partition("=")
        for name, program, words in jobs:
            if kind == "wasm" and name == "tests":
                continue
            wrong = compile_one(directory / f"{name}.{kind}.cc", program, shlex.split(command), words)
            failures += [f"{name} ({kind}): {wrong}"] if wrong else []
    refused = len([job for job in jobs if job[2] is not None])
    print(f"{len(good['filters'])} filters, {len(good['tests'])} programs for this machine, {refused} refused ones")
    return failures if good["filters"] else ["no page has a marked snippet"]


# ----------------------------------------------------------------------------------------------------------------------


def write_project(page, directory):
    directory = pathlib.Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    written = set()
    for _, text, _, above in blocks(ROOT / page):
        while above and above[-1].strip().startswith("<!--"):
            above.pop()
        name = re.search(r"`([\w./]+)`[^`]*:$", above[-1]) if above else None
        if name and re.fullmatch(r"[\w/]+\.(cc|h|txt|yaml)", name.group(1)):
            path = directory / name.group(1)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            written.add(name.group(1))
    print("wrote", *sorted(written))
    return [] if "CMakeLists.txt" in written else [f"{page} gives no `CMakeLists.txt`"]


def main(arguments):
    match arguments:
        case ["links"]:
            failures = links()
        case ["lines"]:
            failures = lines()
        case ["snippets", directory, *compilers] if compilers:
            failures = compile_snippets(directory, compilers)
        case ["tests", file]:
            failures = write_tests(file)
        case ["project", page, directory]:
            failures = write_project(page, directory)
        case _:
            sys.exit(__doc__)
    for failure in failures:
        print(failure, file=sys.stderr)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
