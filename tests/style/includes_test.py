#!/usr/bin/env python3
"""Tests which includes includes.py reports and which it accepts."""

import tempfile
import unittest
from pathlib import Path

from includes import Rule, violations

RULE = Rule("cli/scenario/*", ("scenario/*", "sluice/abi.h"), "it must not")


class IncludesTest(unittest.TestCase):
    def violations(self, files: dict[str, str]) -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                path = Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            return violations(Path(folder), (RULE,))

    def test_lets_pass_what_the_rule_names_and_other_projects_headers(self):
        text = '#include "scenario/a.h"\n#include "sluice/abi.h"\n#include <vector>\n#include <boost/regex.hpp>\n'
        self.assertEqual(self.violations({"cli/scenario/b.cc": text, "cli/main.cc": '#include "report/terminal.h"\n'}), [])

    def test_names_the_place_of_every_other_header(self):
        text = '#include "sluice/abi.h"\n#include "players/player.h"\n  # include <sluice/host/host.h>\n'
        self.assertEqual(
            self.violations({"cli/scenario/deep/b.h": text}),
            [
                "cli/scenario/deep/b.h:2: includes players/player.h, but it must not",
                "cli/scenario/deep/b.h:3: includes sluice/host/host.h, but it must not",
            ],
        )

    def test_a_rule_for_nothing_is_a_mistake(self):
        self.assertEqual(
            self.violations({"cli/main.cc": ""}), ["cli/scenario/*: a rule for files that are not there"]
        )


if __name__ == "__main__":
    unittest.main()
