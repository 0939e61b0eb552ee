"""Reads the public headers with libclang: their symbols, each with its `///` comment.

A comment belongs to the declaration right below it, or, as `///<`, to the one that ends on its line. Every public symbol
needs one, but for

- constructors, destructors and assignments that are defaulted or deleted, destructors, and overrides without a comment
- forward declarations and friends
- what stands in `namespace internal`, is private, or is made by a table of sluice/abi.h, which has a page of its own
- members of a class that is "For the SDK itself" or "For the library itself", as its comment then begins
- a group: a comment whose last line is `/// @{` holds for all declarations up to `/// @}`, and the page shows them together.

What a class inherits from an internal one stands with it where it has a comment.
"""
import dataclasses
import pathlib
import re
import shutil
import subprocess

import clang.cindex
from clang.cindex import AccessSpecifier, CursorKind

INTERNAL = re.compile("For the (SDK|library) itself")
HIDDEN_NAMESPACES = {"internal", ""}
UNNAMED_SCOPES = {"sluice", "host", "testing"}  # a page says which of them it is about
RECORDS = {CursorKind.CLASS_DECL, CursorKind.STRUCT_DECL, CursorKind.UNION_DECL, CursorKind.CLASS_TEMPLATE,
           CursorKind.CLASS_TEMPLATE_PARTIAL_SPECIALIZATION}
FUNCTIONS = {CursorKind.FUNCTION_DECL, CursorKind.CXX_METHOD, CursorKind.CONSTRUCTOR, CursorKind.DESTRUCTOR,
             CursorKind.CONVERSION_FUNCTION, CursorKind.FUNCTION_TEMPLATE}
OTHERS = {CursorKind.FIELD_DECL, CursorKind.VAR_DECL, CursorKind.TYPE_ALIAS_DECL, CursorKind.TYPEDEF_DECL,
          CursorKind.TYPE_ALIAS_TEMPLATE_DECL, CursorKind.USING_DECLARATION, CursorKind.CONCEPT_DECL}


@dataclasses.dataclass
class Symbol:
    scope: list  # names of the classes, enums and namespaces that it stands in
    name: str
    code: str  # the declaration, on one line, without its body
    docs: list  # lines of the comment
    path: str
    line: int
    kind: str  # "namespace", "type", "value" (fields, enumerators) or "declaration"
    members: list = dataclasses.field(default_factory=list)  # of a group: its further symbols


class Source:
    """The text of a header, and which of its comments belong to a declaration."""

    def __init__(self, root, path):
        self.path = path
        self.bytes = (root / path).read_bytes()  # libclang counts bytes
        self.lines = self.bytes.decode().split("\n")
        self.taken = set()  # numbers of comment lines that belong to something
        self.bodies = []  # first and last lines of what is no part of the reference
        self.failures = []

    def docs_above(self, line):
        """The lines of the `///` comment that ends above `line`."""
        docs = []
        while line > 1 and (match := re.fullmatch(r"\s*///(?!<)(?: ?)(.*)", self.lines[line - 2])):
            if match.group(1).strip() == "@}":
                break
            docs.insert(0, match.group(1))
            line -= 1
            self.taken.add(line)
        return docs

    def docs_behind(self, line):
        """The lines of the `///<` comment that begins on `line`."""
        docs = []
        while line <= len(self.lines) and (match := re.search(r"///< ?(.*)", self.lines[line - 1])):
            if docs and self.lines[line - 1].split("///<")[0].strip():
                break  # another declaration's
            docs.append(match.group(1))
            self.taken.add(line)
            line += 1
        return docs

    def group_end(self, line):
        """The line of the `/// @}` below `line`."""
        for number in range(line, len(self.lines)):
            if re.fullmatch(r"\s*/// @\}", self.lines[number]):
                self.taken.add(number + 1)
                return number + 1
        self.failures.append(f"{self.path}:{line}: `@{{` begins a group that no `/// @}}` ends")
        return len(self.lines)

    def lost_comments(self):
        for number, text in enumerate(self.lines, 1):
            if re.search(r"(^|[\s;,{}])///", text) and number not in self.taken and \
                    not any(first <= number <= last for first, last in self.bodies):
                yield f"{self.path}:{number}: the comment belongs to no declaration: `{text.strip()}`"


def parse(root, paths):
    """The symbols of each header, in order, and what is wrong with the headers."""
    sources = {str(root / path): Source(root, path) for path in paths}
    unit = translation_unit(root, paths)
    errors = [str(d) for d in unit.diagnostics if d.severity >= clang.cindex.Diagnostic.Error]
    if errors:
        return {}, errors
    macros = {(c.location.file.name, c.extent.start.offset) for c in unit.cursor.get_children()
              if c.kind == CursorKind.MACRO_INSTANTIATION and c.location.file and c.location.file.name in sources}
    reader = Reader(sources, macros)
    reader.read(unit.cursor, [])
    failures = []
    for source in sources.values():
        failures += source.failures + list(source.lost_comments())
    return {sources[name].path: symbols for name, symbols in reader.symbols.items()}, failures


def translation_unit(root, paths):
    program = "".join(f'#include "{root / path}"\n' for path in paths)
    protobuf = sorted((root / ".cache").glob("protobuf-*/src"))
    includes = [*sorted({root / path[:path.index("/sluice/")] for path in paths}), *protobuf[-1:]]
    # The wheel of libclang brings no headers of the compiler's own, such as stddef.h.
    compiler = next(filter(None, map(shutil.which, [*(f"clang++-{n}" for n in range(30, 13, -1)), "clang++"])), None)
    options = ["-std=c++20", *(f"-I{folder}" for folder in includes)]
    if compiler:
        resources = subprocess.run([compiler, "-print-resource-dir"], text=True, capture_output=True, check=True)
        options += ["-resource-dir", resources.stdout.strip()]
    return clang.cindex.Index.create().parse(
        "reference.cc", options, [("reference.cc", program)],
        clang.cindex.TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD)


class Reader:
    def __init__(self, sources, macros):
        self.sources = sources
        self.macros = macros
        self.symbols = {name: [] for name in sources}

    def read(self, parent, scope):
        """The declarations in a namespace, class or enum."""
        group, group_end = None, 0
        for cursor in parent.get_children():
            file = cursor.location.file
            source = self.sources.get(file.name) if file else None
            if not source or (file.name, cursor.extent.start.offset) in self.macros:
                continue
            if cursor.extent.start.line > group_end:
                group = None
            if cursor.kind in (CursorKind.NAMESPACE, CursorKind.LINKAGE_SPEC):
                self.namespace(cursor, source, scope)
            elif cursor.kind in RECORDS | FUNCTIONS | OTHERS | {CursorKind.ENUM_DECL, CursorKind.ENUM_CONSTANT_DECL,
                                                                CursorKind.FRIEND_DECL}:
                symbol = self.declaration(cursor, source, scope, group is not None)
                if symbol and group:
                    group.members.append(symbol)
                elif symbol:
                    self.symbols[file.name].append(symbol)
                    if symbol.docs[-1:] == ["@{"]:
                        symbol.docs.pop()
                        group, group_end = symbol, source.group_end(cursor.extent.end.line)
                if symbol and symbol.kind == "type" and INTERNAL.match(" ".join(symbol.docs)):
                    source.bodies.append((cursor.extent.start.line, cursor.extent.end.line))
                elif symbol and symbol.kind == "type":
                    self.inherited(cursor, symbol)
                    self.read(cursor, scope + [symbol.name])

    def namespace(self, cursor, source, scope):
        # That the first of `namespace a::b` has the extent of both does no harm.
        if cursor.kind == CursorKind.NAMESPACE and cursor.spelling in HIDDEN_NAMESPACES:
            source.bodies.append((cursor.extent.start.line, cursor.extent.end.line))
            return
        docs = source.docs_above(cursor.extent.start.line)
        named = cursor.spelling and cursor.spelling not in UNNAMED_SCOPES
        inner = scope + [cursor.spelling] if named else scope
        if docs:
            self.symbols[cursor.location.file.name].append(
                Symbol(scope, cursor.spelling, f"namespace {cursor.spelling}", docs, source.path,
                       cursor.extent.start.line, "namespace"))
        self.read(cursor, inner)

    def declaration(self, cursor, source, scope, grouped):
        start = start_of(cursor, source)
        line = source.bytes.count(b"\n", 0, start) + 1
        docs = source.docs_above(line) + source.docs_behind(cursor.extent.end.line)
        is_type = (cursor.kind in RECORDS or cursor.kind == CursorKind.ENUM_DECL) and cursor.is_definition()
        shown = access_of(cursor) != AccessSpecifier.PRIVATE
        if not shown or not is_type:
            source.bodies.append((line, cursor.extent.end.line))
        if not shown or (not docs and is_exempt(cursor)):
            return None
        code = code_of(cursor, source, start)
        name = type_name(cursor, source) if is_type else cursor.spelling
        if not docs and not grouped:
            full_name = "::".join(scope + [name])
            source.failures.append(f"{source.path}:{line}: `{full_name}` has no `///` comment: `{code}`")
        return Symbol(scope, name, code, docs, source.path, line, kind_of(cursor))

    def inherited(self, cursor, symbol):
        """What a class has from an internal one, and documents there."""
        for base in cursor.get_children():
            if base.kind != CursorKind.CXX_BASE_SPECIFIER or base.access_specifier != AccessSpecifier.PUBLIC:
                continue
            record = base.referenced.get_definition() if base.referenced else None
            if not record or record.semantic_parent.spelling != "internal" or not record.location.file:
                continue
            source = self.sources.get(record.location.file.name)
            for member in record.get_children() if source else ():
                if member.kind != CursorKind.CXX_METHOD or member.access_specifier != AccessSpecifier.PUBLIC:
                    continue
                start = start_of(member, source)
                line = source.bytes.count(b"\n", 0, start) + 1
                if docs := source.docs_above(line):
                    self.symbols[cursor.location.file.name].append(
                        Symbol(symbol.scope + [symbol.name], member.spelling, code_of(member, source, start), docs,
                               source.path, line, "declaration"))


def access_of(cursor):
    """A specialisation is as public as what it specialises."""
    if cursor.kind == CursorKind.CLASS_TEMPLATE_PARTIAL_SPECIALIZATION:
        return clang.cindex.conf.lib.clang_getSpecializedCursorTemplate(cursor).access_specifier
    return cursor.access_specifier


def kind_of(cursor):
    if cursor.kind in (CursorKind.FIELD_DECL, CursorKind.ENUM_CONSTANT_DECL):
        return "value"
    if (cursor.kind in RECORDS or cursor.kind == CursorKind.ENUM_DECL) and cursor.is_definition():
        return "type"
    return "declaration"


def is_exempt(cursor):
    if cursor.kind in RECORDS or cursor.kind == CursorKind.ENUM_DECL:
        return not cursor.is_definition()
    if cursor.kind in (CursorKind.FRIEND_DECL, CursorKind.DESTRUCTOR):
        return True
    if cursor.semantic_parent != cursor.lexical_parent:
        return True  # the definition of a member that its class declares
    return cursor.is_default_method() or cursor.is_deleted_method() if cursor.kind in FUNCTIONS else False


# ----------------------------------------------------------------------------------------------------------------------
# The text of a declaration. It is cut out of the source, so that it does not depend on how a compiler writes types.


def start_of(cursor, source):
    """Where a declaration begins, attributes included, which libclang's extents leave out."""
    start = cursor.extent.start.offset
    before = source.bytes[:start].rstrip()
    while before.endswith(b"]]"):
        start = before.rindex(b"[[")
        before = source.bytes[:start].rstrip()
    return start


def code_of(cursor, source, start):
    text = source.bytes[start:cursor.extent.end.offset].decode()
    name = len(source.bytes[start:cursor.location.offset].decode()) if cursor.location.offset > start else 0
    if cursor.kind in RECORDS or cursor.kind == CursorKind.ENUM_DECL:
        text = text[:top_level(text, name, "{")]
    elif cursor.kind in FUNCTIONS:
        call = re.compile(r"operator\s*\(\s*\)").match(text, name)
        end = top_level(text, call.end() if call else name, "(")  # of what is before the parameters
        text = text[:top_level(text, balanced(text, end), "{:")]
    text = re.sub(r"//.*", "", text)
    return re.sub(r"\s+", " ", text).strip()


def top_level(text, at, ends):
    """The place of the first of `ends` that stands in no brackets, and is no part of `::`, or the text's end."""
    while at < len(text):
        if text.startswith("::", at):
            at += 2
        elif text[at] in ends:
            return at
        elif text.startswith("//", at):
            at = text.index("\n", at)
        elif text[at] in "([{":
            at = balanced(text, at)
        else:
            at += 1
    return at


def balanced(text, at):
    """The place behind the bracket that closes the one at `at`."""
    depth = 0
    while at < len(text):
        if string := re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])\'').match(text, at):
            at = string.end()
            continue
        depth += (text[at] in "([{") - (text[at] in ")]}")
        at += 1
        if depth == 0:
            break
    return at


def type_name(cursor, source):
    """The name of a class or enum, with the arguments of a specialisation."""
    text = source.bytes[cursor.location.offset:cursor.extent.end.offset].decode()
    match = re.match(r"\w+(<[^{;]*?>)?(?=\s*(?:final\b|:|\{|;))", text)
    return match.group() if match else cursor.spelling
