#!/usr/bin/env python3
"""Holds docs/scenario.schema.json against the reader of scenarios: each accepts and refuses the same files.

    schema_test.py READ_SCENARIOS ROOT

READ_SCENARIOS is built from read_scenarios.cc. The files are the scenarios of the tree under ROOT, the mistakes of the
parser's tests, and scenarios that are generated from the schema and then changed. The keys of each mapping are also
compared with those that the reader names when it finds an unknown one.
"""
import copy
import json
import os
import random
import re
import subprocess
import sys

try:
    import jsonschema
except ImportError:
    sys.exit("this test needs jsonschema: scripts/setup installs it into .venv, or `pip install jsonschema`")

# What only the reader checks, by a pattern for its message. Each must be met by one of the files.
ONLY_THE_READER = [
    r"not a regular expression",
    r"'base64' is not valid base64",
    r"is not one of the scenario's '",  # A service that is expected to be called, but not declared
    r"nobody can see what arrives at .*: it is unreachable",
    r"is one of 'services' already",
    r"texts are larger than",
    r"cannot be expected of filters with several vm_ids",
    r"a request of HTTP/2 cannot have the header",
    r"more than 256 exchanges together",  # With their copies
    r"stands twice in",  # Of a repeated key, JSON keeps one.
]
# The scenarios of tests/cli that are wrong on purpose.
WRONG_FILES = {"unknown_key.yaml"}
DOCUMENTS = 1000
VARIANTS = 3  # Of each of them
UNKNOWN = "zz_unknown"


# ----------------------------------------------------------------------------------------------------------------------
# The two sides.

def ecma_pattern(validator, pattern, instance, schema):
    # `$` is the very end in ECMAScript. In Python it is also before a last newline.
    if validator.is_type(instance, "string") and not re.search(re.sub(r"(?<!\\)\$", r"\\Z", pattern), instance):
        yield jsonschema.ValidationError(f"{instance!r} does not match {pattern!r}")


def make_validator(schema):
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.validators.extend(jsonschema.Draft7Validator, {"pattern": ecma_pattern})(schema)


def ask_reader(command, documents):
    run = subprocess.run(command, input="\0".join(documents).encode(), stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in run.stdout.decode().splitlines()]


# ----------------------------------------------------------------------------------------------------------------------
# Generating. The generator knows the keywords that the schema uses, and no others.

class Generator:
    TEXTS = ["", "a", "GET", "/p?q=1", "12 monkeys", "true story", "ä€", "x: y", "#", "- a", "line\nline"]

    def __init__(self, schema, seed):
        self.schema = schema
        self.random = random.Random(seed)

    def resolve(self, schema):
        while "$ref" in schema:
            schema = self.schema["definitions"][schema["$ref"].removeprefix("#/definitions/")]
        return schema

    def make(self, schema, depth=0):
        schema = self.resolve(schema)
        choose = self.random.choice
        if "enum" in schema:
            return choose(schema["enum"])
        if "anyOf" in schema:
            return self.make(choose(schema["anyOf"]), depth)
        if "else" in schema and "type" not in schema and "properties" not in schema:
            return self.make(schema[choose(["then", "else"])], depth)
        kinds = schema.get("type", "string")
        kind = choose(kinds) if isinstance(kinds, list) else kinds
        if kind == "boolean":
            return choose([True, False])
        if kind == "number":
            return choose([0, 7, -3, 1.5])
        if kind == "integer":
            least, most = schema["minimum"], schema["maximum"]
            return choose([least, min(most, least + 1), min(most, least + 3), most if most < 1000 else least + 5])
        if kind == "string":
            return self.text(schema)
        if kind == "array":
            size = max(schema.get("minItems", 0), choose([0, 1, 1, 2]))
            return [self.make(schema.get("items", {"type": "string"}), depth + 1) for _ in range(size)]
        return self.mapping(schema, depth)

    def text(self, schema):
        choose = self.random.choice
        if schema.get("format") == "regex":
            return choose(["^a+$", "[0-9]", "a|b"])
        if schema.get("contentEncoding") == "base64":
            return choose(["", "AAD/", "aGVsbG8="])
        if "ms" in schema.get("pattern", ""):
            return choose(["0ms", "20ms", "1s", "600s", "600000ms", "007s", "59999ms"])
        if "minLength" in schema:
            return choose(["GET", "/p?q=1", "a.test:80", "PÖST"])
        return choose(self.TEXTS)

    def mapping(self, schema, depth):
        properties = schema.get("properties", {})
        # Exclusive groups such as exchanges or connections: one of them.
        alternatives = [list(option["required"])[0] for option in schema.get("oneOf", [])]
        for part in schema.get("allOf", []):
            alternatives += [list(option["required"])[0] for option in part.get("else", {}).get("oneOf", [])]
        keys = [key for key in properties if key not in alternatives]
        likely = 0.5 if depth < 3 else 0.35
        chosen = [key for key in keys if self.random.random() < likely]
        chosen += [key for key in schema.get("required", []) if key not in chosen]
        if alternatives:
            chosen.append(self.random.choice(alternatives))
        if "minProperties" in schema and not chosen:
            chosen = [self.random.choice(keys)]
        chosen = chosen[: schema.get("maxProperties", len(chosen))]
        self.random.shuffle(chosen)
        result = {}
        for key in dict.fromkeys(chosen):
            result[key] = self.make(properties[key], depth + 1)
        others = schema.get("additionalProperties")
        if isinstance(others, dict):
            for name in self.random.sample(["a", "x-b", "c_1"], self.random.choice([0, 1, 1, 2])):
                result[name] = self.make(others, depth + 1)
        elif not properties:
            result["a"] = self.random.choice([1, "x", [None, {}], {"b": True}])
        for part in schema.get("allOf", []):
            self.leave_out(part, result)
        return result

    def leave_out(self, condition, mapping):
        """Takes what a condition forbids out of a mapping, most of the times."""
        if self.random.random() < 0.1 or not jsonschema.Draft7Validator(condition["if"]).is_valid(mapping):
            return
        for key, schema in condition["then"]["properties"].items():
            if schema is False:
                mapping.pop(key, None)


def declare_services(scenario):
    """Declares the services that a generated scenario expects to be called: the schema cannot know the names."""
    parts = [scenario] + scenario.get("exchanges", []) + scenario.get("connections", [])
    for key in ("services", "grpc_services"):
        names = set()
        for part in parts:
            names.update(part.get("expect", {}).get(key, {}))
        for name in names:
            if not isinstance(scenario.setdefault(key, {}).get(name), list):
                scenario[key][name] = []
    for name in scenario.get("services", {}):
        scenario.get("grpc_services", {}).pop(name, None)
        for part in parts:
            part.get("expect", {}).get("grpc_services", {}).pop(name, None)


# ----------------------------------------------------------------------------------------------------------------------
# Changing.

def places(value, path=()):
    """All places in a document."""
    yield path
    if isinstance(value, dict):
        for key, item in value.items():
            yield from places(item, path + (key,))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from places(item, path + (index,))


def at(document, path):
    for step in path:
        document = document[step]
    return document


def changed(chance, document, schema_keys):
    """A copy of the document with one change, which may or may not make it wrong."""
    document = copy.deepcopy(document)
    path = chance.choice([place for place in places(document) if place])
    parent, key = at(document, path[:-1]), path[-1]
    value = parent[key]
    choices = ["replace", "remove", "add"]
    if isinstance(value, str):
        choices += ["word"] * 2
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        choices += ["number"] * 3
    change = chance.choice(choices)
    if change == "remove":
        del parent[key]
    elif change == "word":
        parent[key] = chance.choice([value + "x", value.upper(), "", value + " ", "a b", "never", "5", "1h", "true", "("])
    elif change == "number":
        parent[key] = chance.choice([-1, 0, 1, 99, 100, 199, 600, 65537, 1 << 26, 1 << 32, 1 << 64, 1.5, str(value)])
    elif change == "add" and isinstance(value, dict):
        value[chance.choice(schema_keys)] = chance.choice(["a", 1, True, None, [], {}, ["a"], [{}], {"a": "b"}])
    elif change == "add" and isinstance(value, list):
        value.append(chance.choice(["a", 1, True, None, [], {}]))
    else:
        parent[key] = chance.choice(["a", "reset", 1, -1, 1.5, True, None, [], {}, [{}], ["a"], {"a": "b"},
                                     {"repeat": "a", "times": 2}, {"absent": True}])
    return document


# ----------------------------------------------------------------------------------------------------------------------
# Keys.

def branches(generator, schema):
    """The mappings that a schema allows: itself, or those among its alternatives."""
    schema = generator.resolve(schema)
    if "anyOf" in schema and "properties" not in schema:
        return [branch for option in schema["anyOf"] for branch in branches(generator, option)]
    if "if" in schema and "properties" not in schema:
        return [branch for key in ("then", "else") for branch in branches(generator, schema[key])]
    kinds = schema.get("type", [])
    return [schema] if kinds == "object" or "object" in kinds else []


def fits(branch, value):
    return set(branch.get("required", [])) <= set(value) <= set(branch["properties"])


def mappings(generator, schema, value, path=()):
    """The mappings of a document with fixed keys: (path, the schemas that the mapping may be of)."""
    if isinstance(value, dict):
        found = branches(generator, schema)
        closed = [branch for branch in found if branch.get("additionalProperties") is False]
        if found and len(closed) == len(found):
            yield path, found
        for branch in found:
            if branch in closed and not fits(branch, value):
                continue
            for key, item in value.items():
                child = branch.get("properties", {}).get(key, branch.get("additionalProperties"))
                if isinstance(child, dict):
                    yield from mappings(generator, child, item, path + (key,))
    elif isinstance(value, list):
        resolved = generator.resolve(schema)
        for option in [resolved] + [generator.resolve(option) for option in resolved.get("anyOf", [])]:
            if option.get("type") == "array" and "items" in option:
                for index, item in enumerate(value):
                    yield from mappings(generator, option["items"], item, path + (index,))


def all_mappings(generator):
    """Every mapping of the schema with fixed keys, by identity."""
    found = {}

    def walk(schema):
        if isinstance(schema, dict):
            if schema.get("additionalProperties") is False:
                found[id(schema)] = schema
            for key, item in schema.items():
                if key not in ("if", "then", "else", "not", "oneOf", "allOf"):
                    walk(item)
        elif isinstance(schema, list):
            for item in schema:
                walk(item)

    walk(generator.schema)
    return found


# ----------------------------------------------------------------------------------------------------------------------

class Test:
    def __init__(self, reader, root):
        self.reader = reader
        self.root = root
        with open(os.path.join(root, "docs", "scenario.schema.json"), encoding="utf-8") as file:
            self.schema = json.load(file)
        self.validator = make_validator(self.schema)
        self.failures = []
        self.met = set()  # Of ONLY_THE_READER

    def fail(self, what):
        self.failures.append(what)

    def compare(self, answer, where):
        """Whether both accept the document; a failure if they differ."""
        refused = answer["error"]
        if "value" not in answer:  # Not YAML
            return False
        fault = jsonschema.exceptions.best_match(self.validator.iter_errors(answer["value"]))
        for pattern in ONLY_THE_READER:
            if refused and not fault and re.search(pattern, refused):
                self.met.add(pattern)
                return False
        if bool(refused) != bool(fault):
            self.fail(f"{where}:\n  {answer['yaml']}\n  the reader: {refused or 'accepted'}\n"
                      f"  the schema: {fault.message + ' at ' + fault.json_path if fault else 'accepted'}")
        return not refused and not fault

    def files(self):
        documents, names = [], []
        for folder, folders, files in os.walk(self.root):
            folders[:] = [name for name in folders if name not in ("build", "node_modules") and name[0] != "."]
            for name in files:
                if name.endswith(".yaml"):
                    with open(os.path.join(folder, name), encoding="utf-8") as file:
                        text = file.read()
                    if re.search(r"^(exchanges|connections|expect):", text, re.MULTILINE):
                        names.append(os.path.join(folder, name))
                        documents.append(text)
        for name, answer in zip(names, ask_reader([self.reader], documents)):
            accepted = self.compare(answer, name)
            if accepted == (os.path.basename(name) in WRONG_FILES):
                self.fail(f"{name}: {answer['error'] or 'accepted, but it should be wrong'}")
        return len(names)

    def mistakes(self):
        answers = ask_reader([self.reader, "--mistakes"], [])
        for answer in answers:
            self.compare(answer, "mistakes.h")
        return len(answers)

    def generated(self):
        generator = Generator(self.schema, 1)
        chance = random.Random(2)
        documents = []
        for _ in range(DOCUMENTS):
            scenario = generator.make(self.schema)
            declare_services(scenario)
            documents.append(scenario)
        keys = sorted({key for mapping in all_mappings(generator).values() for key in mapping["properties"]})
        good = self.check_generated(documents)
        self.check_keys(generator, good)
        variants = [changed(chance, document, keys) for document in good for _ in range(VARIANTS)]
        still_good = self.check_generated(variants)
        if len(good) < DOCUMENTS / 4 or not len(variants) / 10 < len(still_good) < len(variants) * 9 / 10:
            self.fail(f"the generator makes too few files of one kind: {len(good)} good ones of {DOCUMENTS}, and "
                      f"{len(still_good)} of {len(variants)} variants")
        return len(documents) + len(variants), len(good) + len(still_good)

    def check_generated(self, documents):
        answers = ask_reader([self.reader], [json.dumps(document, ensure_ascii=False) for document in documents])
        good = []
        for document, answer in zip(documents, answers):
            if self.compare(answer, "generated"):
                good.append(document)
        return good

    def check_keys(self, generator, documents):
        """Each key is in a good file, so that the reader knows it; and the reader knows no others."""
        probes, expected = [], []
        wanted = all_mappings(generator)
        used = {identity: set() for identity in wanted}
        probed = {}
        for document in documents:
            for path, found in mappings(generator, self.schema, document):
                value = at(document, path)
                for branch in found:
                    if fits(branch, value):
                        used[id(branch)] |= set(value)
                here = tuple(sorted(id(branch) for branch in found if fits(branch, value)))
                if probed.setdefault(here, 0) >= 3:
                    continue
                probed[here] += 1
                probe = copy.deepcopy(document)
                at(probe, path)[UNKNOWN] = 1
                probes.append(json.dumps(probe, ensure_ascii=False))
                expected.append((path, found, value))
        for identity, schema in wanted.items():
            missing = set(schema["properties"]) - used[identity]
            if missing:
                self.fail(f"no good file has the keys {sorted(missing)} beside {sorted(schema['properties'])}")
        for answer, (path, found, value) in zip(ask_reader([self.reader], probes), expected):
            named = re.search(rf"unknown key '{UNKNOWN}'.*; known keys: (.*)$", answer["error"] or "")
            if not named:
                self.fail(f"an unknown key at {path}: the reader says {answer['error']}")
                continue
            keys = set(named.group(1).split(", "))
            own = [set(branch["properties"]) for branch in found if fits(branch, value)]
            if keys not in own + [set().union(*(branch["properties"] for branch in found))]:
                self.fail(f"at {path} the reader knows {sorted(keys)}, the schema {[sorted(keys) for keys in own]}")

    def run(self):
        print(f"{self.files()} files, {self.mistakes()} mistakes, ", end="")
        print("{} generated, of which {} are good".format(*self.generated()))
        for pattern in ONLY_THE_READER:
            if pattern not in self.met and pattern != "stands twice in":
                self.fail(f"no file meets what only the reader checks: {pattern}")
        for failure in self.failures[:20]:
            print("FAILED", failure)
        return f"{len(self.failures)} failures" if self.failures else 0


if __name__ == "__main__":
    sys.exit(Test(*sys.argv[1:]).run())
