#!/usr/bin/env python3
"""Holds README.md's table of figures against what sluice_bench prints.

  sluice_bench DIRECTORY | bench/readme.py           passes the report on; fails where the table is off by more than 2 %
  sluice_bench DIRECTORY | bench/readme.py --write   passes the report on, and writes its figures into the table

The 2 % are for a compiler that is a little newer than the one that the table was made with.
"""
import pathlib
import re
import sys

README = pathlib.Path(__file__).resolve().parent.parent / "README.md"
TOLERANCE = 0.02
ROWS = {"bytes": "bytes of .wasm", "instructions a request": "instructions a request",
        "crossings a request": "crossings a request"}


def read_report(lines):
    """{job: {what: figure}}; what a module by hand takes is the job `by hand`."""
    report, job = {}, None
    for line in lines:
        print(line, end="", flush=True)
        figure = re.match(r"  (\S.*?)  +(\d+)   limit", line)
        part = re.match(r"  \+ (\w+) +(\d+)$", line)
        if part:
            report.setdefault("parts", {})[part.group(1)] = int(part.group(2))
        by_hand = re.match(r"  by hand, .*: (.*)$", line)
        if figure and job:
            report[job][figure.group(1)] = int(figure.group(2))
        elif by_hand:
            report["by hand"] = {what: int(count) for count, what in re.findall(r"(\d+) (\w+)", by_hand.group(1))}
        elif re.fullmatch(r"\w+\n", line):
            job = line.strip()
            report[job] = {}
    return report


def figures(lines, report):
    """Each figure of the page: the number of its line, where it stands in it, and what the report has for it."""
    job = None
    for number, line in enumerate(lines):
        row = re.match(r"\| (?:`(\w+)`[^|]*)?\| ([\w ]+) \| ([\d,]+) \|", line)
        if row:
            job = row.group(1) or job
            what = ROWS.get(row.group(2))
            if job in report and what in report[job]:
                yield number, row.span(3), f"{job}, {row.group(2)}", report[job][what]
        elif part := re.match(r"\| \+ ([\w ]+)[^|]*\| ([\d,]+) \|", line):
            name = part.group(1).strip().replace(" ", "_")
            if name in report.get("parts", {}):
                yield number, part.span(2), f"parts, {name}", report["parts"][name]
        elif "written by hand" in line:
            for figure in re.finditer(r"([\d,]+) (bytes|instructions|crossings)", line):
                yield number, figure.span(1), f"by hand, {figure.group(2)}", report["by hand"][figure.group(2)]


def main():
    if sys.argv[1:] not in ([], ["--write"]):
        sys.exit(__doc__)
    report = read_report(sys.stdin)
    lines = README.read_text().split("\n")
    found = list(figures(lines, report))
    wanted = {f"{job}, {row}" for job in report if job not in ("by hand", "parts") for row in ROWS}
    wanted |= {f"parts, {part}" for part in report.get("parts", {})}
    missing = wanted - {what for _, _, what, _ in found}
    failures = [f"README.md's table lacks a figure: {what}" for what in sorted(missing)]
    if not report:
        failures.append("there was no report to read")
    for number, (start, end), what, figure in reversed(found):  # from the end, so that places stay what they are
        written = int(lines[number][start:end].replace(",", ""))
        if sys.argv[1:]:
            lines[number] = f"{lines[number][:start]}{figure:,}{lines[number][end:]}"
        elif abs(written - figure) > TOLERANCE * figure:
            failures.append(f"README.md:{number + 1}: {what}: {written:,} is written, {figure:,} is measured; "
                            "`scripts/bench --readme` writes the table")
    if sys.argv[1:]:
        README.write_text("\n".join(lines))
    for failure in failures:
        print(failure, file=sys.stderr)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
