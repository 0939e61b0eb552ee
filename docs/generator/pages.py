"""The pages of the reference, in Markdown."""
import re

GENERATED = "<!-- Written by docs/make_reference.py from the header: change that. -->"


def include_of(path):
    return re.sub(r"^.*?include/", "", path)


def opening_of(text):
    """The lines of the comment at a header's top."""
    match = re.match(r"((?:// ?.*\n)+)", text)
    return [line[2:].removeprefix(" ") for line in match.group(1).splitlines()] if match else []


def header_page(path, text, symbols):
    out = [f"# `<{include_of(path)}>`", "", GENERATED, "", *as_markdown(opening_of(text)), ""]
    if path.endswith("/abi.h"):
        out += ["The enums, hostcalls and callbacks that the tables make: [The Proxy-Wasm ABI](../abi.md). `toString(value)` is "
                "an enumerator's", "name, or \"unknown\" for a value that the ABI does not define.", ""]
    under = []  # whose members the latest lines are
    for symbol in symbols:
        if symbol.kind == "value" and "" not in symbol.docs and not symbol.members:
            if symbol.scope != under:
                out += [f"In `{'::'.join(symbol.scope)}`:", ""]
            elif out[-2].startswith("- `"):
                out.pop()
            out += [f"- `{symbol.code}`: {escaped(' '.join(symbol.docs))}", ""]
            under = symbol.scope
            continue
        under = symbol.scope + [symbol.name] if symbol.kind == "type" else symbol.scope
        if symbol.kind in ("type", "namespace"):
            kind = "namespace " if symbol.kind == "namespace" else ""
            out += [f"## {kind}`{'::'.join(symbol.scope + [symbol.name])}`", ""]
        if symbol.kind != "namespace":
            out += block(symbol)
        out += [*as_markdown(symbol.docs), ""]
    return "\n".join(out).rstrip() + "\n"


def block(symbol):
    if symbol.kind == "type":
        code = [symbol.code]
    else:
        code = [f"// in {'::'.join(symbol.scope)}"] if symbol.scope else []
        for one in (symbol, *symbol.members):
            about = "".join(f"  // {line}" for line in (one.docs if one is not symbol else ()))
            code.append(f"{one.code};{about}")
    return ["```cpp", *code, "```", ""]


def as_markdown(docs):
    """Comments are Markdown but for examples, which are indented, and for `<`, which is no HTML."""
    out, indent = [], 0
    for line in docs:
        spaces = len(line) - len(line.lstrip())
        if not indent and spaces >= 2 and (not out or out[-1] == ""):
            indent = spaces
            out.append("```yaml" if re.fullmatch(r"\s*[\w-]+:", line) else "```cpp")
        elif indent and line and spaces < 2:
            indent = 0
            while out[-1] == "":
                out.pop()
            out += ["```", ""]
        out.append(line[min(indent, spaces):] if indent else escaped(line))
    return out + ["```"] if indent else out


def escaped(text):
    return re.sub(r"(`[^`]*`)|<(?!https?:)", lambda match: match.group(1) or "\\<", text)
