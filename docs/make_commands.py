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
    """The names that a command's help lists."""
    return re.findall(r"^  ([a-z]+) ", text.partition("Subcommands:")[2], re.MULTILINE)


def helps(sluice, *names):
    """The title and the help of a command, and of all subcommands below it."""
    text = help_of(sluice, *names)
    below = (helps(sluice, *names, name) for name in subcommands(text))
    return [(" ".join(("sluice", *names)), text), *(each for some in below for each in some)]


def page(sluice):
    """The page's text."""
    blocks = (f"## `{name}`\n\n```text\n{text}\n```\n" for name, text in helps(sluice))
    return "\n".join((HEAD, *blocks))


def main(sluice, *options):
    made = page(sluice)
    if options != ("--check",):
        PAGE.write_text(made)
    elif not PAGE.exists() or PAGE.read_text() != made:
        sys.exit(f"{PAGE.name} is out of date: run docs/make_commands.py {sluice}")


if __name__ == "__main__":
    main(*sys.argv[1:])
