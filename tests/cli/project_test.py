"""project_test.py SLUICE PROBE ENVOY: `sluice build` and `sluice test` on a project.

SLUICE is the command, PROBE the script filter's module, ENVOY an Envoy. The project's CMakeLists.txt puts the module into
place as the real functions do after compiling it, so that a build takes a moment; tests/consumer builds real ones."""
import json
import os
import pty
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree as ElementTree

SLUICE, PROBE, ENVOY = sys.argv[1:4]
LIMIT = 100  # Seconds after which something hangs.

CMAKE_LISTS = """cmake_minimum_required(VERSION 3.22)
project(Sluice_in_name_only NONE)
enable_testing()
set(dir ${CMAKE_CURRENT_BINARY_DIR})
file(WRITE ${dir}/sluice/filters.json "{\\"toolchain\\": \\"wasi\\", \\"platform\\": \\"@PLATFORM@\\", \\"filters\\": [
  {\\"name\\": \\"probe\\", \\"source\\": \\"${CMAKE_CURRENT_SOURCE_DIR}\\", \\"module\\": \\"${dir}/probe.wasm\\",
   \\"native\\": \\"\\", \\"tests\\": [\\"suite\\"],
    \\"scenarios\\": [{\\"name\\": \\"a_scenario\\", \\"file\\": \\"${CMAKE_CURRENT_SOURCE_DIR}/met.yaml\\"}]}]}")
add_custom_target(sluice_wasm ALL COMMAND ${CMAKE_COMMAND} -E copy_if_different @PROBE@ ${dir}/probe.wasm
                  COMMAND ${CMAKE_COMMAND} -E cat ${CMAKE_CURRENT_SOURCE_DIR}/source.txt)
add_test(NAME suite.wasm.Case COMMAND ${CMAKE_COMMAND} -E cat ${CMAKE_CURRENT_SOURCE_DIR}/suite.txt)
set_tests_properties(suite.wasm.Case PROPERTIES LABELS wasm)
add_test(NAME a_scenario.mock COMMAND ${CMAKE_COMMAND} -E false)
set_tests_properties(a_scenario.mock PROPERTIES LABELS mock)
"""
MET = "exchanges: [{request: {path: /}, expect: {client: {status: 200}}}]\n"
UNMET = "exchanges: [{request: {path: /}, expect: {client: {headers: {x-no: present}}}}]\n"


def runs(pid):
    """Whether a process runs; one that has ended may still wait for its parent."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


class ProjectTest(unittest.TestCase):
    def setUp(self):
        self.folder = os.path.join(tempfile.mkdtemp(prefix="project-"), "ein Projekt é")
        self.addCleanup(shutil.rmtree, os.path.dirname(self.folder))
        os.mkdir(self.folder)
        self.write_cmake_lists("envoy")
        self.write("source.txt", "compiled")
        self.write("suite.txt", "a case that passes")
        self.write("met.yaml", MET)

    def write_cmake_lists(self, platform):
        text = CMAKE_LISTS.replace("@PROBE@", f'"{os.path.abspath(PROBE)}"').replace("@PLATFORM@", platform)
        self.write("CMakeLists.txt", text)

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def sluice(self, *arguments, **options):
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "cwd": self.folder, **options}
        return subprocess.run([SLUICE, *arguments], text=True, timeout=LIMIT, check=False, **options)

    def check(self, result, code, *patterns):
        output = result.stdout + result.stderr
        self.assertEqual(result.returncode, code, output)
        for pattern in patterns:
            self.assertRegex(output, re.compile(pattern, re.DOTALL))

    def junit(self, *arguments):
        path = os.path.join(self.folder, "results.xml")
        result = self.sluice("test", "--junit", path, *arguments)
        return result, ElementTree.parse(path).getroot()

    def test_build(self):
        self.check(self.sluice("build"), 0, r"probe.wasm: \d+ bytes, ABI 0.2.1, \d+ callbacks, \d+ imports",
                   "imports: .*proxy_log")
        os.mkdir(os.path.join(self.folder, "below"))
        result = self.sluice("build", "below", "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        filters = json.loads(result.stdout)["filters"]
        self.assertEqual([(each["name"], each["abi"], each["refused"]) for each in filters], [("probe", "0.2.1", [])])
        self.check(self.sluice("build", "--debug"), 0, "build-debug/probe.wasm: ")

    def test_build_warns_about_the_platform(self):
        self.write_cmake_lists("google-cloud")
        self.check(self.sluice("build"), 0, "warning: Google Cloud Service Extensions: .*cannot use .*proxy_http_call")
        self.write_cmake_lists("nowhere")
        self.check(self.sluice("build"), 2, 'SLUICE_PLATFORM is "nowhere"')

    def test_init_asks_on_a_terminal_alone(self):
        ours, theirs = pty.openpty()
        os.write(ours, b"nothing\nbody\n\n")
        self.assertEqual(self.sluice("init", "asked", stdin=theirs, stdout=theirs).returncode, 0)
        output = os.read(ours, 1 << 16).decode()
        self.assertIn("The list has no 'nothing'.", output)
        self.assertIn("Platform [envoy]: ", output)
        with open(self.folder + "/asked/asked.cc", encoding="utf-8") as file:
            self.assertIn("onResponseBody", file.read())
        result = self.sluice("init", "not_asked", "--platform", "istio", stdin=theirs)
        self.check(result, 0, "Next:\n  cd not_asked\n  sluice test")
        with open(self.folder + "/not_asked/CMakePresets.json", encoding="utf-8") as file:
            self.assertEqual(json.load(file)["configurePresets"][0]["cacheVariables"]["SLUICE_PLATFORM"], "istio")
        os.close(ours)
        os.close(theirs)

    def test_changed_presets_are_taken(self):
        self.write("CMakeLists.txt", CMAKE_LISTS.replace("@PROBE@", f'"{os.path.abspath(PROBE)}"')
                   .replace("@PLATFORM@", "${SLUICE_PLATFORM}"))
        preset = {"name": "default", "binaryDir": "elsewhere", "cacheVariables": {"SLUICE_PLATFORM": "envoy"}}
        self.write("CMakePresets.json", json.dumps({"version": 3, "configurePresets": [preset]}))
        self.check(self.sluice("build"), 0, "configuring .*build\n", "^(?!.*warning)")
        self.check(self.sluice("build"), 0, "^(?!.*configuring)")
        preset["cacheVariables"]["SLUICE_PLATFORM"] = "google-cloud"
        later = time.time() + 10  # Clocks of files may be coarse.
        os.utime(self.write("CMakePresets.json", json.dumps({"version": 3, "configurePresets": [preset]})), (later, later))
        self.check(self.sluice("build"), 0, "configuring ", "warning: Google Cloud")
        self.assertFalse(os.path.exists(os.path.join(self.folder, "elsewhere")))

    def test_what_cannot_be_built(self):
        with tempfile.TemporaryDirectory() as empty:
            for command in ("build", "test"):
                self.check(self.sluice(command, cwd=empty), 2, "no project of filters in .*sluice init")
        os.remove(os.path.join(self.folder, "source.txt"))
        self.check(self.sluice("build"), 2, "source.txt.*cannot be built .*exit code")
        self.check(self.sluice("test"), 2, "cannot be built")
        self.write("CMakeLists.txt", "project(Sluice NONE)\nmessage(FATAL_ERROR wrong-here)\n")
        self.check(self.sluice("build", "--debug"), 2, "wrong-here.*cannot be configured")
        self.write("CMakeLists.txt", "project(Sluice NONE)\n")
        self.check(self.sluice("build", "--debug"), 2, "sluice_add_filter.. nowhere")
        self.check(self.sluice("build", "--toolchain", "wasi-sdk", env={**os.environ, "WASI_SDK_PATH": "/nowhere"}), 2,
                   "/nowhere has no bin/clang")
        self.check(self.sluice("build", env={**os.environ, "PATH": "/nowhere"}), 2, "no `cmake` on PATH.*pip install")

    def test_everything_in_the_project(self):
        self.write("more/unmet.yaml", UNMET)
        self.write("more/values.yaml", "replicas: 1\n")
        result = self.sluice("test", "--envoy", ENVOY)
        self.check(result, 1, "suite.wasm.Case .* Passed", "ok .*met.yaml on the mock host",
                   "FAILED  more/unmet.yaml on the mock host", "2 scenarios on the mock host: 1 as expected, 1 not",
                   "2 scenarios on Envoy: 1 as expected, 1 not", r'expected +got\n +header x-no: "present" +header x-no: no')
        self.assertRegex(result.stdout, r"the last calls before that\n( {6}.*\n)*.*proxy_on_response_headers")
        self.assertNotIn("native build", result.stdout)  # It has none.
        self.check(self.sluice("test", "--host", "native"), 2, "no build for this machine")
        self.assertNotIn("a_scenario.mock", result.stdout)  # Played in the command's own process, by its file.
        self.check(self.sluice("test", "--host", "mock", "--filter", "^met|suite"), 0, "1 scenario on the mock host")
        self.check(self.sluice("test", "--host", "mock", "--filter", "nothing"), 2, "no test .* matches --filter nothing")
        os.remove(os.path.join(self.folder, "suite.txt"))
        self.check(self.sluice("test", "--host", "mock", "--filter", "^met|suite"), 1, "suite.wasm.Case .*Failed")
        self.check(self.sluice("test", "--host", "mock", "--fail-fast"), 1, "Failed", "^(?!.*on the mock host)")

    def test_one_bad_file_among_many(self):
        self.write("all/1.yaml", "exchanges: [\n")
        self.write("all/2.yaml", MET)
        self.write("all/3.yaml", UNMET)
        self.check(self.sluice("test", "all"), 2, "all/1.yaml:2:1: ", "ok .*all/2.yaml", "FAILED  all/3.yaml")
        self.check(self.sluice("test", "all", "--fail-fast"), 2, "all/1.yaml:2:1: .*", "1 not, 2 not played")
        self.check(self.sluice("test", "all/2.yaml"), 0, "client receives.*all as expected")
        self.check(self.sluice("test", "all", "--exchange", "1"), 2, "--exchange needs one FILE")
        self.check(self.sluice("test", "--module", PROBE), 2, "--module needs a FILE")
        self.check(self.sluice("test", "--filter", "("), 2, "not a regular expression")
        self.check(self.sluice("test", "build"), 2, "build: there is no scenario in it")
        self.check(self.sluice("test", "all/2.yaml", "--junit", "no/where.xml"), 3, "where.xml: cannot be written")

    def test_junit(self):
        hostile = 'a ]]> & <b> "c" \' \x01\ufffe é.yaml'
        self.write(hostile, MET)
        self.write("unmet.yaml", UNMET.replace("present", '"\\u0001\\u0085<&"'))
        self.write("bad.yaml", "exchanges: [\n")
        result, root = self.junit("--host", "mock")
        self.check(result, 2)
        self.assertEqual((root.get("tests"), root.get("failures"), root.get("errors")), ("5", "1", "1"))
        cases = {case.get("name"): case for case in root.iter("testcase")}
        self.assertIn("suite.wasm.Case", cases)
        self.assertIn(hostile.replace("\x01", "\ufffd").replace("\ufffe", "\ufffd"), cases)
        self.assertIn("x-no", cases["unmet.yaml"].find("failure").text)
        self.assertIn("bad.yaml:2:1", cases["bad.yaml"].find("error").get("message"))
        self.assertEqual([name for name in os.listdir(self.folder) if name.endswith(".new")], [])

    def peak(self, count):
        """The most memory that a run of so many scenarios takes, in KiB."""
        for i in range(count):
            self.write(f"{count}/{i}.yaml", MET)
        # AddressSanitizer would keep what is freed.
        environment = {**os.environ, "ASAN_OPTIONS": "quarantine_size_mb=0:thread_local_quarantine_size_kb=0"}
        with subprocess.Popen([SLUICE, "test", str(count), "--module", PROBE], cwd=self.folder, env=environment,
                              stdout=subprocess.DEVNULL) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 0)
        return usage.ru_maxrss

    def test_memory_does_not_grow_with_the_scenarios(self):
        few, many = self.peak(20), self.peak(220)
        # A VM of the mock host that stayed would take 128 KiB for each scenario.
        self.assertLess(many - few, 200 * 20)

    def started(self, *arguments):
        return subprocess.Popen([SLUICE, *arguments], cwd=self.folder, text=True, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT)

    def read_until(self, process, text):
        output = ""
        while text not in output:
            line = process.stdout.readline()
            self.assertNotEqual(line, "", output)
            output += line
        return output

    def end(self, process):
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=LIMIT)
        self.assertEqual(process.returncode, -signal.SIGINT)

    def test_watch(self):
        process = self.started("test", "met.yaml", "--watch", "--junit", "results.xml")
        try:
            self.read_until(process, "waiting for a change")
            self.write("met.yaml", UNMET)
            output = self.read_until(process, "waiting for a change")
            self.assertIn("met.yaml has changed", output)
            self.assertNotIn("results.xml", output)
            self.write("met.yaml", "exchanges: [\n")  # A mistake does not end it.
            self.assertIn("met.yaml:2:1", self.read_until(process, "waiting for a change"))
        finally:
            self.end(process)

    def test_an_interrupted_build_leaves_nothing_running(self):
        mark = self.folder + "/pid"
        self.write("slow.sh", "echo $$ >pid.new && mv pid.new ../pid && sleep 1000\n")
        with open(self.folder + "/CMakeLists.txt", encoding="utf-8") as file:
            text = file.read()
        self.write("CMakeLists.txt", text.replace("${CMAKE_COMMAND} -E cat ${CMAKE_CURRENT_SOURCE_DIR}/source.txt",
                                                  "sh ${CMAKE_CURRENT_SOURCE_DIR}/slow.sh"))
        process = self.started("build")
        try:
            for _ in range(LIMIT * 20):
                if os.path.exists(mark):
                    break
                time.sleep(0.05)
            with open(mark, encoding="utf-8") as file:
                compiler = int(file.read())
            self.assertTrue(runs(compiler))
        finally:
            self.end(process)
        self.assertFalse(runs(compiler))


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    unittest.main(argv=sys.argv[:1])
