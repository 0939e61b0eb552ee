"""reports_test.py SLUICE PROBE SCENARIOS ENVOY: what `sluice trace`, `bench`, `inspect` and `check` print and write, and
that hostile text in it stays text. SLUICE is the command, PROBE the script filter's module, SCENARIOS the folder
tests/scenarios, and ENVOY an Envoy."""
import html.parser
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.dom.minidom

SLUICE, PROBE, SCENARIOS, ENVOY = map(os.path.abspath, sys.argv[1:5])
CALLOUT = os.path.join(SCENARIOS, "callout.yaml")
BROWSER = next((path for path in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if path), None)
LIMIT = 100  # Seconds after which something hangs.
SCRIPT = "</script><script>document.title='broken'</script><img src=x onerror=alert(1)>\"'&"
HOSTILE = f"""filter: {{name: "n<b>", root_id: r}}
configuration: |
  request_headers get reqh x-hostile
  request_headers add reqh x-added <svg/onload=alert(1)>
exchanges:
  - name: "{SCRIPT.replace('"', chr(92) + '"')}"
    request: {{path: /a, headers: {{x-hostile: {json.dumps(SCRIPT)}}}}}
"""


class Elements(html.parser.HTMLParser):
    """The elements of a page, and its text without script and style."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.rows, self.text, self.inside = [], [], "", None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        attributes = dict(attrs)
        if attributes.get("class") == "row":
            self.rows.append(attributes["data-kind"])
        self.inside = tag
        for name, value in attrs:
            assert not name.startswith("on"), name
            assert name not in ("src", "href"), value

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, data):
        if self.inside not in ("script", "style"):
            self.text += data


class ReportsTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="reports ö-")
        self.addCleanup(shutil.rmtree, self.folder)

    def write(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "wb" if isinstance(content, bytes) else "w") as file:
            file.write(content)
        return path

    def sluice(self, *arguments, code=0, **options):
        result = subprocess.run([SLUICE, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                timeout=LIMIT, check=False, **options)
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        return result

    def trace(self, scenario=CALLOUT, **options):
        return json.loads(self.sluice("trace", PROBE, scenario, "--json", **options).stdout)

    # --- trace

    def test_a_trace_has_every_crossing_in_order(self):
        trace = self.trace()
        names = [each["name"] for each in trace["crossings"]]
        call = names.index("proxy_http_call")
        reply = names.index("proxy_on_http_call_response")
        self.assertLess(names.index("proxy_on_request_headers"), call)
        self.assertLess(call, reply)
        arguments = {each["name"]: each["value"] for each in trace["crossings"][call]["arguments"]}
        self.assertEqual((arguments["upstream"], arguments["body"], arguments["timeout"]), ("auth", "who?", 5000))
        self.assertIn(["x-token", "abc"], arguments["headers"])
        self.assertEqual(trace["crossings"][call]["status"], "Ok")
        # As many as `sluice bench` counts, with as many instructions.
        bench = json.loads(self.sluice("bench", CALLOUT, "--module", PROBE, "--json").stdout)
        counts = bench["scenarios"][0]["callbacks"].values()
        ended = [each["at"] if "at" in each else each["crossings_before"] for each in trace["events"]][-1]
        before_end = trace["crossings"][:ended]
        self.assertEqual(len(before_end), sum(each["crossings"] for each in counts))
        outer = [each for each in before_end if each["depth"] == 0]
        self.assertEqual(sum(each["instructions"] for each in outer), sum(each["instructions"] for each in counts))
        self.assertEqual(sum(each["bytes_copied"] for each in outer), sum(each["bytes_copied"] for each in counts))
        functions = sum(each["instructions"] for each in trace["functions"])
        self.assertEqual(functions, sum(each["instructions"] for each in trace["crossings"] if each["depth"] == 0))
        kinds = [each["kind"] for each in trace["events"]]
        self.assertEqual(kinds, ["begins", "to_proxy", "to_upstream", "from_upstream", "to_client", "ends"])

    def test_a_trace_as_text(self):
        text = self.sluice("trace", PROBE, CALLOUT).stdout
        self.assertRegex(text, r"1\. .*\n  client -> proxy: GET /orders\n")
        self.assertRegex(text, r"\n +\d+ +\d+ +2 +1  proxy_on_request_headers\(num_headers=\d, end_of_stream=1\) = Stop")
        self.assertRegex(text, r'\n +\+\d+ +\d+ +2 +1    proxy_http_call\(upstream="auth", headers=\{:method: "POST", ')
        self.assertRegex(text, r"\n +\d+ +0 +\d +[-1] {6,}(malloc|proxy_on_memory_allocate)\(size=\d+\) = \d+\n")
        self.assertIn("proxy -> client: 200", text)

    def test_what_cannot_be_traced(self):
        unmet = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", "unmet.yaml")
        result = self.sluice("trace", PROBE, unmet, code=1)
        self.assertIn("proxy_on_request_headers", result.stdout)
        self.assertIn("1 expectation not met", result.stderr)
        self.assertIn("YAML", self.sluice("trace", PROBE, self.write("a.yaml", "a: ["), code=2).stderr.upper())
        self.sluice("trace", CALLOUT, CALLOUT, code=3)
        missing = os.path.join(self.folder, "missing", "t.html")
        self.assertIn("there is no folder", self.sluice("trace", PROBE, CALLOUT, "--html", missing, code=3).stderr)

    def page(self, scenario, name="trace.html"):
        path = os.path.join(self.folder, name)
        self.assertIn("crossings", self.sluice("trace", PROBE, scenario, "--html", path).stdout)
        with open(path, encoding="utf-8") as file:
            return path, file.read()

    def test_the_page_is_whole_and_loads_nothing(self):
        _, page = self.page(CALLOUT)
        elements = Elements(page)
        crossings = self.trace()["crossings"]
        for kind in ("callback", "hostcall", "allocation"):
            self.assertEqual(elements.rows.count(kind), [each["kind"] for each in crossings].count(kind))
        self.assertEqual(elements.rows.count("event"), 4)
        self.assertNotRegex(page, r"https?://|url\(|@import|<link|<iframe")
        self.assertIn("Where the instructions go, by function", elements.text)

    def test_a_page_on_standard_output(self):
        page = self.sluice("trace", PROBE, CALLOUT, "--html", "/dev/stdout").stdout
        self.assertTrue(page.startswith("<!doctype html>"), page[:80])
        self.assertEqual(self.sluice("trace", PROBE, CALLOUT, "--html", "/dev/full", code=3).stdout, "")
        self.assertFalse(os.path.isfile("/dev/full"))

    def test_a_failure_shows_what_led_to_it(self):
        scenario = self.write("unmet.yaml", HOSTILE.replace("/a,", "/b,") + "    expect: {client: {status: 404}}\n")
        text = self.sluice("test", scenario, "--module", PROBE, code=1).stdout
        self.assertRegex(text, r"FAILED at client.*(?s:.)*\n +instructions +bytes +context +stream +crossing\n"
                               r"(?s:.)* proxy_get_header_map_value\(map=HttpRequestHeaders, key=\"x-hostile\"\) = Ok")
        self.assertNotIn("proxy_on_log(", text)
        self.assertNotIn("crossing\n", self.sluice("test", CALLOUT, "--module", PROBE).stdout)

    def test_hostile_text_stays_text(self):
        scenario = self.write("hostile <i>ö.yaml", HOSTILE)
        path, page = self.page(scenario, "hostile <i>ö.html")
        elements = Elements(page)
        self.assertEqual(elements.tags.count("script"), 1)
        for tag in ("img", "svg", "i>"):
            self.assertNotIn(tag, elements.tags)
        self.assertIn("onerror=alert(1)", elements.text)
        self.assertIn("<svg/onload=alert(1)>", elements.text)
        self.assertIn("hostile <i>ö.yaml", elements.text)
        self.look(path, elements)
        svg = os.path.join(self.folder, "hostile.svg")
        self.sluice("bench", scenario, "--module", PROBE, "--svg", svg)
        document = xml.dom.minidom.parse(svg)
        texts = [each.firstChild.data for each in document.getElementsByTagName("text")]
        self.assertTrue(any("hostile <i>ö.yaml" in text for text in texts), texts)
        self.assertEqual(document.getElementsByTagName("script"), [])

    def look(self, path, elements):
        """Opens the page in a browser, if there is one."""
        if BROWSER is None:
            print("no chromium: the page was not opened in a browser", file=sys.stderr)
            return
        log = ["--enable-logging=stderr", "--v=0", "--no-sandbox", "--disable-gpu", "--headless",
               "--user-data-dir=" + os.path.join(self.folder, "profile")]
        result = subprocess.run([BROWSER, *log, "--dump-dom", path], capture_output=True, text=True, timeout=LIMIT,
                                check=True)
        self.assertNotIn("CONSOLE", result.stderr)
        dom = result.stdout
        self.assertIn("<title>Trace of", dom)
        self.assertEqual(len(re.findall(r'<div class="row" data-kind=', dom)), len(elements.rows))
        crossings = len([row for row in elements.rows if row not in ("event", "return")])
        self.assertIn(f"{crossings} crossings shown", dom)  # The script has run.

    # --- bench

    def test_the_picture_of_costs(self):
        svg = os.path.join(self.folder, "costs.svg")
        self.sluice("bench", CALLOUT, "--module", PROBE, "--compare", PROBE, "--svg", svg)
        document = xml.dom.minidom.parse(svg)
        texts = [each.firstChild.data for each in document.getElementsByTagName("text")]
        self.assertIn("proxy_on_http_call_response", texts)
        bench = json.loads(self.sluice("bench", CALLOUT, "--module", PROBE, "--json").stdout)
        callbacks = bench["scenarios"][0]["callbacks"]
        self.assertEqual(len(document.getElementsByTagName("rect")), 4 * len(callbacks))
        self.assertIn(str(callbacks["proxy_on_http_call_response"]["instructions"]), texts)
        self.assertIn("cannot be written", self.sluice("bench", CALLOUT, "--module", PROBE, "--svg", "/dev/full/x.svg",
                                                       code=3).stderr)

    def test_a_baseline_with_a_percent_sign(self):
        baseline = json.loads(self.sluice("bench", CALLOUT, "--module", PROBE, "--json").stdout)
        same = self.write("same.json", json.dumps(baseline))
        self.sluice("bench", CALLOUT, "--module", PROBE, "--baseline", same, "--fail-over", "0%")
        counts = baseline["scenarios"][0]["callbacks"]["proxy_on_request_headers"]
        counts["instructions"] = int(counts["instructions"] / 1.04)
        slower = self.write("slower.json", json.dumps(baseline))
        self.sluice("bench", CALLOUT, "--module", PROBE, "--baseline", slower, "--fail-over", "5%")
        result = self.sluice("bench", CALLOUT, "--module", PROBE, "--baseline", slower, "--fail-over", "3 %", code=1)
        self.assertIn("proxy_on_request_headers: instructions", result.stderr)
        self.sluice("bench", CALLOUT, "--module", PROBE, "--baseline", same, "--fail-over", "much", code=2)

    def test_cpu_in_envoy(self):
        environment = {**os.environ, "SLUICE_ENVOY": ENVOY}
        result = self.sluice("bench", CALLOUT, "--module", PROBE, "--envoy", "--rounds", "2", env=environment)
        self.assertRegex(result.stdout, r"in Envoy [\d.]+: \d+\.\d\d x the CPU of no filter \(\d+\.\d\d to \d+\.\d\d in "
                                        r"2 rounds of 400 requests\), \d+\.\d us a request, \d+\.\d us without\n")
        tcp = os.path.join(SCENARIOS, "tcp_both_ways.yaml")
        result = self.sluice("bench", tcp, "--module", PROBE, "--envoy", env=environment, code=3)
        self.assertIn("--envoy needs an HTTP exchange", result.stderr)

    # --- inspect

    def test_inspect_judges_each_platform(self):
        inspected = json.loads(self.sluice("inspect", PROBE, "--json").stdout)
        self.assertEqual(list(inspected["platforms"])[0], "envoy")
        self.assertTrue(inspected["platforms"]["envoy"]["loads"])
        self.assertIn("proxy_http_call", " ".join(inspected["platforms"]["google-cloud"]["warnings"]))
        self.assertEqual(inspected["sections"][0]["name"], "Type")
        text = self.sluice("inspect", PROBE).stdout
        self.assertRegex(text, r"Platforms\n  Envoy can load it\n")
        self.assertRegex(text, r"Google Cloud Service Extensions can load it\n +but the filter cannot use .*http_call")

    def test_inspect_shows_metadata(self):
        with open(PROBE, "rb") as file:
            module = file.read()
        custom = b""
        for name, content in ((b"license", b"MIT <b>\xc3\xb6"), (b"build_id", b"\x02\xab\x01"), (b"odd", b"\x00\xff"),
                              (b"target_features", b"\x02+\x08sign-ext-\x03abc")):
            body = bytes([len(name)]) + name + content
            custom += b"\x00" + bytes([len(body)]) + body
        path = self.write("with metadata.wasm", module + custom)
        inspected = json.loads(self.sluice("inspect", path, "--json").stdout)
        self.assertEqual(inspected["metadata"], [
            {"name": "license", "content": "MIT <b>ö"}, {"name": "build_id", "content": "ab01"},
            {"name": "odd", "content": None}, {"name": "target_features", "content": "+sign-ext, -abc"}])
        self.assertRegex(self.sluice("inspect", path).stdout, r"Metadata\n  .*license")
        result = self.sluice("inspect", self.write("cut.wasm", module[:-20]), code=2)
        self.assertIn("not a WebAssembly module", result.stderr)

    # --- check

    def test_without_a_module_it_is_the_project_s(self):
        self.assertIn("no project", self.sluice("check", cwd=self.folder, code=2).stderr)
        project = os.path.join(self.folder, "a project")
        built = os.path.join(project, "build", "sluice")
        os.makedirs(built)
        with open(os.path.join(project, "CMakeLists.txt"), "w", encoding="utf-8") as file:
            file.write("project(p)\nfind_package(Sluice)\n")
        shutil.copy(CALLOUT, os.path.join(project, "callout.yaml"))
        for command in ("check", "bench"):
            result = self.sluice(command, code=2, cwd=project)
            self.assertRegex(result.stderr, r"filters\.json: not built yet; run `sluice build` first")

        def manifest(*modules):
            filters = [{"name": "probe", "source": project, "module": module, "native": "", "tests": [],
                        "scenarios": []} for module in modules]
            with open(os.path.join(built, "filters.json"), "w", encoding="utf-8") as file:
                json.dump({"filters": filters}, file)

        manifest(os.path.join(project, "missing.wasm"))
        self.assertIn("missing.wasm: not built yet", self.sluice("check", code=2, cwd=project).stderr)
        manifest(PROBE)
        self.assertIn("accepts an empty configuration", self.sluice("check", "--root-id", "r", cwd=project).stdout)
        self.assertIn("callout.yaml\n", self.sluice("bench", cwd=project).stdout)
        manifest(PROBE, PROBE)
        self.assertIn("has 2 filters; name one", self.sluice("check", code=2, cwd=project).stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
