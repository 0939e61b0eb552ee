"""every_command_test.py SLUICE PROBE: what holds for every subcommand of `sluice`.

SLUICE is the command, PROBE a module that a minimal scenario can play."""
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

SLUICE, PROBE = (os.path.abspath(argument) for argument in sys.argv[1:3])
LIMIT = 100  # Seconds after which something hangs.
HUGE = 100 << 20

# Arguments with which each subcommand prints something and succeeds; None where it has no short run that does. MODULE,
# SCENARIO and FOLDER stand for paths.
COMMANDS = {
    "init": ["FOLDER/new", "--template", "headers"],
    "test": ["SCENARIO", "--module", "MODULE"],
    "trace": ["MODULE", "SCENARIO"],
    "check": ["MODULE"],
    "inspect": ["MODULE"],
    "bench": ["SCENARIO", "--module", "MODULE"],
    "build": None,  # project_test.py
    "config": ["envoy", "MODULE"],
    "run": None,  # run_test.py
    "doctor": None,  # doctor_test.py
    "completion": ["bash"],
    "version": [],
}


class EveryCommandTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="every cömmand-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.scenario = os.path.join(self.folder, "ein Fäll.yaml")
        with open(self.scenario, "w", encoding="utf-8") as file:
            file.write("exchanges: [{}]\n")
        self.module = shutil.copy(PROBE, os.path.join(self.folder, "mein Mödul.wasm"))

    def command(self, name, module=None):
        paths = {"MODULE": module or self.module, "SCENARIO": self.scenario, "FOLDER": self.folder}
        words = [re.sub("MODULE|SCENARIO|FOLDER", lambda word: paths[word.group()], word) for word in COMMANDS[name]]
        return [SLUICE, name, *words]

    def run_command(self, command, **options):
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL, **options}
        return subprocess.run(command, text=True, timeout=LIMIT, check=False, cwd=self.folder, **options)

    def each(self, needs=""):
        """The subcommands that can be run here, of those whose arguments have the word `needs`."""
        for name, words in COMMANDS.items():
            if words is not None and needs in " ".join(words):
                shutil.rmtree(os.path.join(self.folder, "new"), ignore_errors=True)
                with self.subTest(command=name):
                    yield name

    def test_each_is_in_the_table(self):
        text = self.run_command([SLUICE, "--help"]).stdout
        self.assertEqual(set(re.findall(r"^  ([a-z]+) ", text.split("Subcommands:")[1], re.MULTILINE)), set(COMMANDS))

    def test_the_help_has_an_example_and_the_exit_codes(self):
        for name in COMMANDS:
            with self.subTest(command=name):
                result = self.run_command([SLUICE, name, "--help"])
                self.assertEqual(result.returncode, 0)
                self.assertRegex(result.stdout, f"Examples?:\\s+.*sluice {name}")
                self.assertIn("Exit codes:", result.stdout)

    def test_a_wrong_option_is_named(self):
        for name in COMMANDS:
            with self.subTest(command=name):
                result = self.run_command([SLUICE, name, "--hepl"])
                self.assertEqual(result.returncode, 2, result.stderr)
                self.assertRegex(result.stderr, r"unknown option '--hepl' \(did you mean '--help'\?\)")

    def test_paths_with_spaces_and_other_letters(self):
        for name in self.each():
            result = self.run_command(self.command(name))
            self.assertEqual((result.returncode, result.stderr), (0, ""), result.stdout)
            self.assertNotEqual(result.stdout, "")

    def test_init_says_how_to_go_into_any_folder(self):
        for folder in ("plain", "a folder", "it's"):
            result = self.run_command([SLUICE, "init", folder, "--name", "a"])
            command = re.search(r"^  (cd .*)$", result.stdout, re.MULTILINE).group(1)
            done = self.run_command(["bash", "-c", f"{command} && pwd"])
            self.assertEqual(os.path.basename(done.stdout.strip()), folder, command)

    def test_output_that_cannot_be_written(self):
        for name in self.each():
            with open("/dev/full", "w", encoding="utf-8") as full:
                result = self.run_command(self.command(name), stdout=full)
            self.assertEqual(result.returncode, 3, result.stderr)
            self.assertIn("cannot be written", result.stderr)
        for name in self.each():
            result = self.run_command(self.command(name), stdout=None, preexec_fn=lambda: os.close(1))
            self.assertEqual(result.returncode, 3, result.stderr)
            self.assertIn("cannot be written", result.stderr)

    def test_files_that_are_no_modules(self):
        bad = {"empty.wasm": b"", "random.wasm": random.Random(1).randbytes(4096), "cut.wasm": b"", "huge.wasm": b""}
        with open(PROBE, "rb") as file:
            bad["cut.wasm"] = file.read()[:5000]
        for file_name, content in bad.items():
            path = os.path.join(self.folder, file_name)
            with open(path, "wb") as file:
                file.write(content)
                if file_name == "huge.wasm":
                    file.truncate(HUGE)
            for name in self.each("MODULE"):
                result = self.run_command(self.command(name, path))
                self.assertIn(result.returncode, (2, 3), f"{file_name}: {result.stdout}{result.stderr}")
                self.assertIn(file_name, result.stderr)
                self.assertLess(len(result.stdout + result.stderr), 2000)

    def test_a_missing_file_is_named(self):
        for name in self.each("MODULE"):
            result = self.run_command(self.command(name, os.path.join(self.folder, "missing.wasm")))
            self.assertEqual(result.returncode, 2, result.stderr)
            self.assertIn("missing.wasm", result.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
