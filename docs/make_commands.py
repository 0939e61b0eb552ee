#!/usr/bin/env python3
"""Writes docs/command_reference.md: the help of each of the command's subcommands, as the command prints it.

  docs/make_commands.py SLUICE           writes the page
  docs/make_commands.py SLUICE --check   changes nothing; fails where the page is out of date
"""
import pathlib
import re
import subprocess
import sys

PAGE = pathlib.Path(__file__).resolve().parent / "command_reference.md"
HEAD = """# Reference of the `sluice` command

Made by `docs/make_commands.py` from the command's own help; do not edit it. [command.md](command.md) shows what the
subcommands are for.
"""


def help_of(sluice, *arguments):
    """What `sluice ARGUMENTS --help` prints."""
    done = subprocess.run([sluice, *arguments, "--help"], check=True, capture_output=True, text=True)
    return done.stdout.strip("\n")


def subcommands(text):
    """The names that the help of the whole command lists."""
    return re.findall(r"^  ([a-z]+) ", text.split("Subcommands:")[1], re.MULTILINE)


def page(sluice):
    """The page's text."""
    top = help_of(sluice)
    sections = [("sluice", top), *((f"sluice {name}", help_of(sluice, name)) for name in subcommands(top))]
    blocks = (f"## `{name}`\n\n```text\n{text}\n```\n" for name, text in sections)
    return "\n".join((HEAD, *blocks))


def main(sluice, *options):
    made = page(sluice)
    if options != ("--check",):
        PAGE.write_text(made)
    elif not PAGE.exists() or PAGE.read_text() != made:
        sys.exit(f"{PAGE.name} is out of date: run docs/make_commands.py {sluice}")


if __name__ == "__main__":
    main(*sys.argv[1:])
