"""hostile_test.py SLUICE PROBE LIBRARY ENVOY SCENARIOS: the `sluice` command on inputs and in surroundings that are not
as they should be. It has to say what is wrong, and to leave nothing behind.

SLUICE is the command, PROBE the script filter's module, LIBRARY a shared library that is no filter, ENVOY an Envoy, and
SCENARIOS the folder tests/scenarios."""
import glob
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

SLUICE, PROBE, LIBRARY, ENVOY, SCENARIOS = sys.argv[1:6]
LIMIT = 100  # Seconds after which something hangs.


class HostileTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="hostile-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.scenario = self.write("scenario.yaml", "exchanges: [{}]\n")

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def run_sluice(self, scenario, *arguments, filter=PROBE, host="mock", **options):
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, **options}
        command = [SLUICE, "test", scenario, "--module", filter, "--host", host, "--envoy", ENVOY, *arguments]
        return subprocess.run(command, text=True, timeout=LIMIT, check=False, **options)

    def check(self, result, code, pattern):
        self.assertEqual(result.returncode, code, result.stdout)
        self.assertRegex(result.stdout, re.compile(pattern, re.DOTALL))

    def test_a_library_is_loaded_only_by_its_name(self):
        mark = os.path.join(self.folder, "mark")
        environment = {**os.environ, "SLUICE_TEST_MARK": mark}
        for name, pattern in (("evil.wasm", "not a WebAssembly module"), ("evil", "not a WebAssembly module"),
                              ("evil.so", "not the native build of a filter")):
            path = os.path.join(self.folder, name)
            shutil.copy(LIBRARY, path)
            self.check(self.run_sluice(self.scenario, filter=path, env=environment), 3, pattern)
            self.assertFalse(os.path.exists(mark), f"the constructor of {name} ran")
        self.check(self.run_sluice(self.scenario, filter=path, host="envoy"), 3, "not the native builds of filters")
        self.check(self.run_sluice(self.scenario, filter=self.write("text.so", "text")), 3, "no ELF library")

    def test_files_that_are_not_regular(self):
        fifo = os.path.join(self.folder, "fifo")
        os.mkfifo(fifo)
        for path in (fifo, "/dev/zero"):
            self.check(self.run_sluice(path), 2, "not a regular file")
            self.check(self.run_sluice(self.scenario, filter=path), 3, "not a regular file")

    def test_output_that_cannot_be_written(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            result = self.run_sluice(self.scenario, stdout=full, stderr=subprocess.PIPE)
            self.assertEqual((result.returncode, "cannot be written" in result.stderr), (3, True))
            self.assertEqual(subprocess.run([SLUICE, "--version"], stdout=full, stderr=subprocess.PIPE).returncode, 3)
        result = self.run_sluice(self.scenario, stdout=None, stderr=subprocess.PIPE, preexec_fn=lambda: os.close(1))
        self.assertEqual((result.returncode, "cannot be written" in result.stderr), (3, True))

    def test_no_space_for_temporary_files(self):
        def no_space():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

        self.check(self.run_sluice(self.scenario, host="envoy", preexec_fn=no_space), 3, r"is full.*\$TMPDIR")
        environment = {**os.environ, "TMPDIR": os.path.join(self.folder, "missing")}
        self.check(self.run_sluice(self.scenario, host="envoy", env=environment), 3, "no folder for temporary files")

    def test_signals_leave_nothing_behind(self):
        scenario = self.write("hang.yaml", "exchanges: [{response: never}]\n")
        temporary = os.path.join(self.folder, "tmp")
        os.mkdir(temporary)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            process = subprocess.Popen(
                [SLUICE, "test", scenario, "--module", PROBE, "--host", "envoy", "--envoy", ENVOY],
                env={**os.environ, "TMPDIR": temporary}, stdout=subprocess.DEVNULL,
                preexec_fn=lambda: [signal.signal(each, signal.SIG_DFL) for each in (signal.SIGINT, signal.SIGHUP)])
            self.wait_for(lambda: glob.glob(os.path.join(temporary, "sluice-*", "admin")))
            with open(f"/proc/{process.pid}/task/{process.pid}/children", encoding="utf-8") as file:
                children = file.read().split()
            self.assertTrue(children)
            process.send_signal(number)
            self.assertEqual(process.wait(LIMIT), -number)
            self.assertEqual(os.listdir(temporary), [])
            self.assertEqual([child for child in children if os.path.exists(f"/proc/{child}")], [])

    def wait_for(self, condition):
        deadline = time.monotonic() + LIMIT
        while not condition():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)

    def test_a_trap_is_never_silent(self):
        for path in sorted(glob.glob(os.path.join(SCENARIOS, "trap_*.yaml"))):
            with open(path, encoding="utf-8") as file:
                text = file.read()
            self.assertIn("traps: true", text)
            scenario = self.write(os.path.basename(path), text.replace("traps: true", "traps: false"))
            for host, stack in (("mock", r"\n +at proxy_on_\w+"), ("envoy", "Uncaught RuntimeError: unreachable")):
                with self.subTest(path=path, host=host):
                    self.check(self.run_sluice(scenario, host=host), 1, "FAILED at filter.*the guest trapped.*" + stack)

    def test_a_trap_before_any_callback(self):
        exports = '(memory (export "memory") 1) (func (export "proxy_abi_version_0_2_1")) ' \
                  '(func (export "malloc") (param i32) (result i32) i32.const 1024)'
        for name, function in (("start", "(func $f unreachable) (start $f)"),
                               ("constructor", '(func (export "_initialize") unreachable)')):
            source = self.write(name + ".wat", f"(module {function} {exports})")
            module = os.path.join(self.folder, name + ".wasm")
            subprocess.run(["wat2wasm", source, "-o", module], check=True)
            expected = self.write(name + ".yaml", "expect: {configuration: refused, traps: true}\n")
            for host in ("mock", "envoy"):
                with self.subTest(name=name, host=host):
                    self.check(self.run_sluice(expected, filter=module, host=host), 0, "all as expected")
                    self.check(self.run_sluice(self.scenario, filter=module, host=host), 1,
                               "FAILED at filter.*the guest trapped")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
