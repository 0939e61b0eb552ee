"""No module reads linear memory at a constant address near 0, where the stack is and nothing else.

The SDK's state is in WebAssembly globals. If the optimizer makes a smaller variable of one, the compiler silently accesses
memory at the global's number instead.

    globals_test.py OBJDUMP BUILD_DIR
"""

import pathlib
import re
import subprocess
import sys

LOWEST = 1024  # The stack grows down from 64 KiB, so that a constant address below this is no variable's.
ADDRESS = re.compile(r"\| i32\.const (\d+)$")
LOAD = re.compile(r"\| [if]\d+\.load\S* \d+ (\d+)$")


def low_reads(disassembly):
    """The lines that read memory at a constant address below LOWEST."""
    found = []
    address = None
    for line in disassembly.splitlines():
        load = LOAD.search(line)
        if load and address is not None and address + int(load.group(1)) < LOWEST:
            found.append(line.strip())
        constant = ADDRESS.search(line)
        address = int(constant.group(1)) if constant else None
    return found


def main(objdump, build):
    example = " 0000e7: 41 05 | i32.const 5\n 0000e9: 2d 00 00 | i32.load8_u 0 0\n"
    assert len(low_reads(example)) == 1 and not low_reads(example.replace("const 5", "const 65536"))
    folders = [pathlib.Path(build, name) for name in ("examples", "bench", "tests/compat")]
    modules = [module for folder in folders for module in folder.rglob("*.wasm")]
    if not modules:
        sys.exit(f"there are no modules in {build}")
    failed = False
    for module in sorted(modules):
        disassembly = subprocess.run([objdump, "-d", module], check=True, capture_output=True, text=True).stdout
        for line in low_reads(disassembly):
            failed = True
            print(f"{module}: {line}", file=sys.stderr)
    print(f"{len(modules)} modules")
    sys.exit(failed)


if __name__ == "__main__":
    main(*sys.argv[1:])
