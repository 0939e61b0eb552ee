#!/usr/bin/env python3
"""Measures how much CPU time per request add_header adds in a real Envoy, compared with the hand-written module.

    bench/envoy_cpu.py DIRECTORY      with bench_add_header.wasm and add_header_by_hand.wasm in it

Starts one Envoy for each variant, with one worker and a route that answers requests itself. The rounds of the variants
alternate, so that a change of the machine's speed affects all variants. Measures the CPU time of the Envoy process
(user and system), not elapsed time. Fails when Sluice's module adds more than 1.3 times as much as the hand-written
one.
"""

import http.client
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 15
REQUESTS = 4000
LIMIT = 1.3


def find_envoy():
    """The Envoy to run: $SLUICE_ENVOY, or the one in the directory of this Python."""
    beside = pathlib.Path(sys.executable).parent / "envoy"
    envoy = os.environ.get("SLUICE_ENVOY", str(beside))
    if not os.access(envoy, os.X_OK):
        sys.exit(f"no Envoy at {envoy}: run scripts/setup, or name one in SLUICE_ENVOY")
    return envoy


def configuration(module, folder):
    """A listener that answers every request itself, with the filter in `module` if `module` is given."""
    filters = []
    if module:
        plugin = {
            "name": "add_header",
            "vm_config": {"runtime": "envoy.wasm.runtime.v8", "code": {"local": {"filename": str(module)}}},
            "configuration": {"@type": "type.googleapis.com/google.protobuf.StringValue", "value": "hello: tomorrow"},
        }
        filters.append({
            "name": "wasm",
            "typed_config": {
                "@type": "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm",
                "config": plugin,
            },
        })
    filters.append({
        "name": "router",
        "typed_config": {"@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"},
    })
    route = {"match": {"prefix": "/"}, "direct_response": {"status": 200, "body": {"inline_string": "hi"}}}
    manager = {
        "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "bench",
        "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [route]}]},
        "http_filters": filters,
    }
    address = {"socket_address": {"address": "127.0.0.1", "port_value": 0}}
    return {
        "admin": {"address": address},
        "static_resources": {
            "listeners": [{
                "name": "bench",
                "address": address,
                "filter_chains": [{"filters": [{"name": "http", "typed_config": manager}]}],
            }]
        },
    }


class Variant:
    """One Envoy with one module or without a module."""

    def __init__(self, envoy, name, module, folder):
        self.name = name
        config = folder / f"{name}.json"
        config.write_text(json.dumps(configuration(module, folder)))
        admin = folder / f"{name}.admin"
        self.process = subprocess.Popen(
            [envoy, "-c", str(config), "--concurrency", "1", "--disable-hot-restart", "--admin-address-path", str(admin),
             "--log-level", "error"],
            stderr=(folder / f"{name}.log").open("w"))
        self.port = self.wait_for_port(admin, folder / f"{name}.log")
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port)
        self.samples = []

    def wait_for_port(self, admin, log):
        for _ in range(600):
            if self.process.poll() is not None:
                sys.exit(f"Envoy ended while starting with {self.name}:\n{log.read_text()}")
            try:
                host, port = admin.read_text().rsplit(":", 1)
                connection = http.client.HTTPConnection(host, int(port))
                connection.request("GET", "/listeners?format=json")
                listeners = json.loads(connection.getresponse().read())
                return listeners["listener_statuses"][0]["local_address"]["socket_address"]["port_value"]
            except (OSError, ValueError, KeyError, IndexError):
                time.sleep(0.1)
        sys.exit(f"Envoy with {self.name} was not ready within a minute")

    def cpu_nanoseconds(self):
        total = 0
        for task in pathlib.Path(f"/proc/{self.process.pid}/task").iterdir():
            total += int((task / "schedstat").read_text().split()[0])
        return total

    def play(self, requests):
        for _ in range(requests):
            self.connection.request("GET", "/")
            response = self.connection.getresponse()
            response.read()
        return response.getheader("hello")

    def round(self):
        before = self.cpu_nanoseconds()
        self.play(REQUESTS)
        self.samples.append((self.cpu_nanoseconds() - before) / REQUESTS / 1000)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    directory = pathlib.Path(sys.argv[1]).resolve()
    envoy = find_envoy()
    modules = {
        "no filter": None,
        "by hand": directory / "add_header_by_hand.wasm",
        "sluice": directory / "bench_add_header.wasm",
    }
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        variants = []
        try:
            for variant, module in modules.items():
                variants.append(Variant(envoy, variant.replace(" ", "_"), module, folder))
            for variant, module in zip(variants, modules.values()):
                hello = variant.play(REQUESTS)
                if (hello == "tomorrow") != (module is not None):
                    sys.exit(f"{variant.name}: the response has hello: {hello}")
            for _ in range(ROUNDS):
                for variant in variants:
                    variant.round()
        finally:
            for variant in variants:
                variant.process.terminate()
                variant.process.wait()
    nothing, by_hand, sluice = variants
    added = {
        v.name: statistics.median(a - b for a, b in zip(v.samples, nothing.samples)) for v in (by_hand, sluice)
    }
    ratio = added["sluice"] / added["by_hand"]
    print(f"CPU a request with no filter: {statistics.median(nothing.samples):6.2f} µs (median of {ROUNDS} rounds)")
    for variant, microseconds in added.items():
        print(f"added by {variant:10}           {microseconds:6.2f} µs")
    print(f"sluice / by hand:              {ratio:6.2f}    limit {LIMIT}")
    return 0 if ratio <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
