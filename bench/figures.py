#!/usr/bin/env python3
"""Compares the figures on the pages with the output of sluice_bench.

  sluice_bench DIRECTORY | bench/figures.py           prints the report; fails if a page differs by more than 2 %
  sluice_bench DIRECTORY | bench/figures.py --write   prints the report and writes its figures into the pages

Figures in README.md, docs and bench are in three kinds of places:

- a row `| … | instructions a request | 134 | 150 | …`: the figure and its limit. The first cell of this row or of a row
  above names the job. README.md must have a row for each figure of each job.
- a row `| + callout … | 2,010 |`: the bytes that a part adds. README.md must have a row for each part.
- a paragraph right below `<!-- bench: JOB -->`: each number before "bytes", "instructions" or "crossings". JOB is a job
  of the report, or `by_hand` for the hand-written module.

Crossings and limits must match exactly. For other figures, the 2 % allow for a slightly newer compiler.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOLERANCE = 0.02
ROWS = {"bytes": "bytes of .wasm", "instructions a request": "instructions a request",
        "crossings a request": "crossings a request"}
LIMITED = r"(?m)^\| (?:`(?P<job>\w+)`[^|\n]*)?\| (?P<what>[\w ]+) \| (?P<figure>[\d,]+) \| (?:(?P<limit>[\d,]+) \|)?"
PART = r"(?m)^\| \+ (?P<part>[\w ]+?)(?:,[^|\n]*)? \| (?P<figure>[\d,]+) \|"
PARAGRAPH = r"(?m)^<!-- bench: (?P<job>\w+) -->\n(?P<text>(?:.+\n)+)"


def read_report(lines):
    """Returns {(job, what): figure}. A limit's `what` ends with "limit"; the bytes of parts have the job `parts`."""
    report, job = {}, None
    for line in lines:
        print(line, end="", flush=True)
        if figure := re.match(r"  (\S.*?)  +(\d+)   limit +(\d+)", line):
            what = figure.group(1).split()[0] if figure.group(1) in ROWS.values() else figure.group(1)
            report[job, what] = int(figure.group(2))
            report[job, what + " limit"] = int(figure.group(3))
        elif part := re.match(r"  \+ (\w+) +(\d+)$", line):
            report["parts", part.group(1)] = int(part.group(2))
        elif by_hand := re.match(r"  by hand, .*: (.*)$", line):
            report.update({("by_hand", what): int(count) for count, what in re.findall(r"(\d+) (\w+)", by_hand.group(1))})
        elif re.fullmatch(r"\w+\n", line):
            job = line.strip()
    return report


def figures(text):
    """Yields each figure of a page: its position in the text, its job, and what it counts."""
    job = None
    for row in re.finditer(LIMITED, text):
        job = row["job"] or job
        if row["what"] in ROWS:
            what = row["what"].split()[0]
            yield row.span("figure"), job, what
            if row["limit"]:
                yield row.span("limit"), job, what + " limit"
    for row in re.finditer(PART, text):
        yield row.span("figure"), "parts", row["part"].replace(" ", "_")
    for paragraph in re.finditer(PARAGRAPH, text):
        found = list(re.finditer(r"([\d,]+)\s+(bytes|instructions|crossings)\b", paragraph["text"]))
        for figure in found:
            start, end = figure.span(1)
            offset = paragraph.start("text")
            yield (start + offset, end + offset), paragraph["job"], figure.group(2)
        if not found:
            yield paragraph.span("job"), paragraph["job"], "a figure below its marker"


def check_page(page, report, write):
    """Returns the errors of a page and the figures that it has."""
    text = page.read_text()
    failures, found = [], set()
    for (start, end), job, what in sorted(figures(text), reverse=True):  # from the end, so that a change does not move others
        place = f"{page.relative_to(ROOT)}:{text.count(chr(10), 0, start) + 1}: {job}, {what}"
        figure = report.get((job, what))
        found.add((job, what))
        if figure is None:
            failures.append(f"{place}: the report has no such figure")
        elif write:
            text = f"{text[:start]}{figure:,}{text[end:]}"
        else:
            written = int(text[start:end].replace(",", ""))
            exact = what.startswith("crossings") or what.endswith("limit")
            if abs(written - figure) > (0 if exact else TOLERANCE * figure):
                failures.append(f"{place}: {written:,} is written, {figure:,} is measured; `scripts/bench --write` writes it")
    if write:
        page.write_text(text)
    return failures, found


def main():
    if sys.argv[1:] not in ([], ["--write"]):
        sys.exit(__doc__)
    report = read_report(sys.stdin)
    if not report:
        sys.exit("there was no report to read")
    failures = []
    for page in [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md")), *sorted(ROOT.glob("bench/*.md"))]:
        wrong, found = check_page(page, report, bool(sys.argv[1:]))
        failures += wrong
        if page.name == "README.md" and page.parent == ROOT:
            wanted = {(job, what) for job, what in report if what in ("bytes", "instructions", "crossings") or job == "parts"}
            failures += [f"README.md lacks a figure: {job}, {what}" for job, what in sorted(wanted - found)]
    for failure in failures:
        print(failure, file=sys.stderr)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
