#!/usr/bin/env python3
"""Writes docs/reference from the public headers' `///` comments and from the tables of sluice/abi.h.

  docs/make_reference.py           writes the pages
  docs/make_reference.py --check   changes nothing; fails where a public symbol has no `///`, or a page is out of date

A declaration right below a documented one, with no empty line between them, belongs to it and needs no comment of its own.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "docs" / "reference"
ABI = "sdk/include/sluice/abi.h"
PARTS = [
    ("sdk", "The guest SDK", "sdk/include/sluice", "*.h"),
    ("testing", "The GoogleTest vocabulary", "host/include/sluice", "testing*"),
    ("host", "The mock host", "host/include/sluice/host", "*.h"),
]


class Symbol:
    def __init__(self, scope, code, docs, line, kind):
        self.scope, self.code, self.docs, self.line, self.kind = scope, code, docs, line, kind
        self.grouped = False


class Parser:
    """Reads the declarations of one header: enough of C++ for headers that clang-format has laid out."""

    def __init__(self, path):
        self.text = path.read_text()
        self.at = 0
        self.docs = []
        self.symbols = []
        self.last = None  # the latest symbol, which a `///<` on its line belongs to
        self.last_end = 0

    def line(self, at=None):
        return self.text.count("\n", 0, self.at if at is None else at) + 1

    def skip_string(self, at):
        quote = self.text[at]
        at += 1
        while self.text[at] != quote:
            at += 2 if self.text[at] == "\\" else 1
        return at + 1

    def skip_balanced(self, at):
        """From an opening bracket to behind its closing one."""
        depth = 0
        while True:
            c = self.text[at]
            if self.text.startswith("//", at):
                at = self.text.index("\n", at)
                continue
            if self.text.startswith("/*", at):
                at = self.text.index("*/", at) + 2
                continue
            if c == '"' or (c == "'" and not self.text[at - 1].isalnum()):
                at = self.skip_string(at)
                continue
            depth += (c in "({[") - (c in ")}]")
            at += 1
            if depth == 0:
                return at

    def comment(self):
        end = self.text.index("\n", self.at)
        line = self.text[self.at:end]
        if line.startswith("///<"):
            if self.last is not None and self.line() == self.line(self.last_end):
                self.last.docs.append(line[4:].strip())
        elif line.startswith("///"):
            self.docs.append(line[3:].removeprefix(" "))
        else:
            self.docs = []
        self.at = end

    def parse(self):
        self.scope_body([], "namespace", True)
        return self.symbols

    def scope_body(self, scope, kind, public):
        """The declarations up to the closing brace of a namespace, class or enum."""
        head_start = None
        head = ""
        shown = public and kind != "class"
        while self.at < len(self.text):
            c = self.text[self.at]
            if c.isspace():
                if c == "\n" and not head and self.text[self.at + 1:self.at + 2] == "\n":
                    self.docs = []
                head += " " if head and not head.endswith(" ") else ""
                self.at += 1
                continue
            if c == "#" and not head:
                while True:
                    end = self.text.index("\n", self.at)
                    self.at = end
                    if self.text[end - 1] != "\\":
                        break
                    self.at += 1
                continue
            if self.text.startswith("//", self.at):
                if head:
                    self.at = self.text.index("\n", self.at)
                else:
                    self.comment()
                continue
            if self.text.startswith("/*", self.at):
                end = self.text.index("*/", self.at) + 2
                if head:
                    head += self.text[self.at:end]
                self.at = end
                continue
            if c == "}" and not head:
                self.at += 1
                return
            if head_start is None:
                head_start = self.at
            if c == ":" and re.fullmatch(r"(public|protected|private)\s*", head):
                shown = public and not head.startswith("private")
                head, head_start, self.docs = "", None, []
                self.at += 1
                continue
            if kind == "enum" and c in ",}":
                self.add(scope, head, head_start, shown, "enumerator", self.at)
                head, head_start = "", None
                self.at += c == ","
                continue
            if c in "([" or (c == "{" and self.is_initialiser(head)):
                end = self.skip_balanced(self.at)
                head += self.text[self.at:end]
                self.at = end
                continue
            if c == '"':
                end = self.skip_string(self.at)
                head += self.text[self.at:end]
                self.at = end
                continue
            if c == ";":
                self.at += 1
                self.add(scope, head, head_start, shown, "declaration", self.at - 1)
                head, head_start = "", None
                continue
            if c == "{":
                self.open(scope, head.strip(), head_start, shown)
                head, head_start = "", None
                continue
            if c == "S" and not head and (macro := re.match(r"SLUICE_\w+\(.*\)\n", self.text[self.at:])):
                self.at += macro.end() - 1
                head_start = None
                continue
            head += c
            self.at += 1

    @staticmethod
    def is_initialiser(head):
        head = head.strip()
        if re.match(r"(template\s*<.*>\s*)?(inline )?(namespace|class|struct|enum|union|extern \"C\")\b", head):
            return False
        if "requires" in head and re.fullmatch(r"\s*(\((?:[^()]|\([^()]*\))*\))?", head.rpartition("requires")[2]):
            return True
        depth0 = re.sub(r"\([^()]*(\([^()]*\)[^()]*)*\)", "", re.sub(r"operator[^(]+", "operator", head))
        if "=" in re.sub(r"<[^<>]*>", "", depth0):
            return True
        return "(" not in head  # `T value_{}`

    def open(self, scope, head, start, shown):
        namespace = re.match(r"(?:inline )?namespace\s*([\w:]*)", head)
        if namespace:
            name = namespace.group(1)
            self.docs = []
            self.at += 1
            self.scope_body(scope + [name] if name not in ("", "sluice", "host", "testing", "sluice::host",
                                                            "sluice::testing") else scope,
                            "namespace", shown and name not in ("", "internal"))
            return
        if re.match(r'extern "C"$', head):
            self.at += 1
            self.scope_body(scope, "namespace", shown)
            return
        record = re.match(r"(?:template\s*<.*?>\s*)?(?:requires .*? )?(class|struct|union|enum(?: class)?)\b\s*"
                          r"(?:\[\[\w+\]\]\s*)?(\w+(?:<.*>)?)", head)
        if record and "(" not in head.split("class ")[-1].split("struct ")[-1]:
            self.add(scope, head, start, shown, "type", self.at)
            kind = record.group(1)
            self.at += 1
            self.scope_body(scope + [record.group(2)], "enum" if kind.startswith("enum") else
                            "class" if kind == "class" else "struct", shown)
            end = self.text.index(";", self.at)  # behind the closing brace
            self.at = end + 1
            self.last_end = end
            return
        end = self.skip_balanced(self.at)
        self.add(scope, re.sub(r"\)\s*:\s[^:].*$", ")", head, flags=re.S), start, shown, "declaration", end - 1)
        self.at = end

    def add(self, scope, head, start, shown, kind, end):
        docs, self.docs = self.docs, []
        code = re.sub(r"\s+", " ", head).strip()
        self.last = None
        if not code or start is None:
            return
        forward = kind == "declaration" and re.match(r"(template <.*> )?(class|struct|enum( class)?|union) \w+$", code)
        # A member template that is declared, and documented, in its class.
        elsewhere = re.match(r"template <[^<>]*> [\w<> ]*\w+::\w+\(", code)
        exempt = (forward or elsewhere or code.startswith(("friend ", "static_assert")) or
                  (code.startswith("using ") and "=" not in code) or
                  re.search(r"= (delete|default)$", code) or "~" in code)
        if not shown or (exempt and not docs):
            # A trailing comment of what is not shown must not reach another symbol.
            self.last = Symbol(scope, code, [], self.line(start), kind)
            self.last_end = end
            return
        symbol = Symbol(scope, code, docs, self.line(start), kind)
        previous = self.symbols[-1] if self.symbols else None
        if (not docs and previous and previous.scope == scope and previous.kind == kind == "declaration" and
                symbol.line == self.line(self.last_end) + 1):
            symbol.grouped = True
        self.symbols.append(symbol)
        self.last, self.last_end = symbol, end


def undocumented(symbols):
    documented = False
    for symbol in symbols:
        documented = bool(symbol.docs) or (symbol.grouped and documented)
        if not documented:
            yield symbol


def page(path, symbols):
    include = re.sub(r"^.*?include/", "", path)
    lines = [f"# `<{include}>`", "", GENERATED, ""]
    opening = re.match(r"((?:// ?.*\n)+)", (ROOT / path).read_text())
    if opening:
        text = [line[3:] for line in opening.group(1).splitlines()]
        lines += as_markdown(text) + [""]
    open_group = None
    for symbol in symbols:
        title = "::".join(symbol.scope + [""]) if symbol.scope else ""
        if symbol.kind == "enumerator" or (symbol.kind == "declaration" and symbol.grouped):
            pass
        if symbol.grouped and open_group is not None:
            open_group.append(symbol.code + ";")
            continue
        open_group = [symbol.code + ("" if symbol.kind in ("type", "enumerator") else ";")]
        lines.append((title, symbol.kind, open_group, symbol.docs))
    return "\n".join(render(lines)) + "\n"


def render(entries):
    out = []
    for entry in entries:
        if isinstance(entry, str):
            out.append(entry)
            continue
        scope, kind, code, docs = entry
        if kind == "type":
            out += [f"## `{scope}{type_name(code[0])}`", ""]
        if kind == "enumerator":
            if out[-1] == "" and len(out) > 1 and out[-2].startswith("- `"):
                out.pop()
            out += [f"- `{code[0]}`" + (": " + " ".join(docs) if docs else ""), ""]
            continue
        out += ["```cpp", *(["// in " + scope.removesuffix("::")] if scope and kind != "type" else []), *code, "```", ""]
        out += as_markdown(docs) + [""]
    while out and out[-1] == "":
        out.pop()
    return out


def type_name(code):
    return re.search(r"\b(?:class|struct|union|enum)\s+(?:\[\[.*?\]\]\s*)?(\w+(?:<[\w, ]*>)?)\s*(?:final)?\s*(?::|$)", code).group(1)


def as_markdown(docs):
    """Comments are Markdown but for examples, which are indented by four spaces."""
    out, block = [], False
    for line in docs:
        if line.startswith(("    ", "  ")) and (block or not out or out[-1] == ""):
            if not block:
                out.append("```cpp")
                block = True
            out.append(line[4:] if line.startswith("    ") else line[2:])
            continue
        if block and line:
            while out[-1] == "":
                out.pop()
            out += ["```", ""]
            block = False
        out.append(line)
    if block:
        out.append("```")
    return out


GENERATED = "<!-- Written by docs/make_reference.py from the header: change that. -->"


def abi_page():
    text = (ROOT / ABI).read_text()
    lines = ["# The Proxy-Wasm ABI", "", GENERATED, "",
             "The tables of `<sluice/abi.h>`, from which the guest's imports and exports and the mock host's dispatch derive.",
             ""]
    versions = {"10": "0.1.0", "20": "0.2.0", "21": "0.2.1"}

    def body(name):
        match = re.search(rf"#define {name}\(X\)((?:.*\\\n)*.*\n)", text)
        return re.sub(r"\s*\\\n\s*", " ", match.group(1)).strip()

    def signature(parameters):
        return re.sub(r"\s*\*\s*", "* ", re.sub(r"\s+", " ", parameters)).replace("* *", "**").replace("*  ", "* ")

    for title, table, has_result in (("Hostcalls", "SLUICE_ABI_HOSTCALLS", False),
                                     ("Callbacks", "SLUICE_ABI_CALLBACKS", True)):
        intro = {"Hostcalls": "The guest calls the host. Imported from the module `env`; each returns a `Status`.",
                 "Callbacks": "The host calls the guest. A host skips those that a module does not export."}[title]
        lines += [f"## {title}", "", intro, "", "| name | versions | parameters |" + (" result |" if has_result else ""),
                  "|---|---|---|" + ("---|" if has_result else "")]
        for group, first, last, rest in re.findall(r"/\* (.*?) \*/|X\((\d+), (\d+), (\w+, .*?\))\)(?= X|\s*/\*|$)",
                                                   body(table)):
            if group:
                lines.append(f"| **{group}** | | |" + (" |" if has_result else ""))
                continue
            name, rest = rest.split(", ", 1)
            result = ""
            if has_result:
                result, rest = rest.split(", ", 1)
            parameters = signature(rest[1:-1])
            span = versions[first] if first == last else f"{versions[first]} to {versions[last]}"
            lines.append(f"| `{name}` | {span} | {f'`{parameters}`' if parameters else ''} |" +
                         (f" `{result}` |" if has_result else ""))
        lines.append("")
    for type_, table in re.findall(r"^SLUICE_ABI_ENUM\([^,]*, (\w+), (\w+)\)", text, re.M):
        comment = re.search(rf"((?:^// .*\n)+)#define {table}\(X\)", text, re.M)
        about = " ".join(line[3:] for line in comment.group(1).splitlines()) if comment else ""
        lines += [f"## `enum class {type_}`", ""]
        lines += [about, ""] if about else []
        lines += ["| enumerator | value |", "|---|---:|"]
        lines += [f"| `{name}` | {value} |" for name, value in re.findall(r"X\((\w+), (-?\d+)\)", body(table))]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def main():
    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        sys.exit(__doc__)
    failures = []
    pages = {}
    index = ["# Reference", "", GENERATED.replace("the header", "the headers"), "",
             "- [The Proxy-Wasm ABI](abi.md): hostcalls, callbacks and enums, as tables", ""]
    for part, title, folder, pattern in PARTS:
        headers = sorted(p for p in (ROOT / folder).rglob(pattern) if p.is_file() and "internal" not in p.parts)
        if part == "testing":
            headers = sorted([ROOT / folder / "testing.h", *(ROOT / folder / "testing").glob("*.h")])
        index += [f"## {title}", ""]
        for header in headers:
            path = header.relative_to(ROOT).as_posix()
            symbols = Parser(header).parse()
            failures += [f"{path}:{s.line}: `{s.code}` has no `///` comment" for s in undocumented(symbols)]
            first = header.read_text().splitlines()[0].removeprefix("// ")
            name = f"{part}/{header.stem}.md"
            pages[name] = page(path, symbols)
            index.append(f"- [`<{re.sub(r'^.*?include/', '', path)}>`]({name}): {first}")
        index.append("")
    pages["abi.md"] = abi_page()
    pages["README.md"] = "\n".join(index).rstrip() + "\n"

    existing = {p.relative_to(OUTPUT).as_posix() for p in OUTPUT.rglob("*.md")}
    if check:
        for name in sorted(existing | pages.keys()):
            if name not in pages:
                failures.append(f"docs/reference/{name}: no header has this page: run docs/make_reference.py")
            elif name not in existing or (OUTPUT / name).read_text() != pages[name]:
                failures.append(f"docs/reference/{name}: is out of date: run docs/make_reference.py")
    else:
        for name in existing - pages.keys():
            (OUTPUT / name).unlink()
        for name, text in pages.items():
            (OUTPUT / name).parent.mkdir(parents=True, exist_ok=True)
            (OUTPUT / name).write_text(text)
    for failure in failures:
        print(failure, file=sys.stderr)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
