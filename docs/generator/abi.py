"""The page of the ABI, from the tables of sluice/abi.h."""
import re

from .pages import GENERATED


def abi_page(path, text):
    """The page, and what is wrong with the tables of the header."""
    failures = []
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
        if not comment:
            failures.append(f"{path}: `{table}` has no `//` comment, which says what the enum is")
            continue
        lines += [f"## `enum class {type_}`", "", " ".join(line[3:] for line in comment.group(1).splitlines()), ""]
        lines += ["| enumerator | value |", "|---|---:|"]
        lines += [f"| `{name}` | {value} |" for name, value in re.findall(r"X\((\w+), (-?\d+)\)", body(table))]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n", failures
