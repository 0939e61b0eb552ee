"""tutorial_test.py PAGE PREFIX ENVOY WORK_DIR: types the commands of a page's ```console blocks into one shell.

The lines below a command, which follows `$ `, must be its output: in them `…` stands for any text, and a line of `…`
alone for any lines. Commands use port 10000, which is replaced by a free one.
"""
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

LIMIT = 300  # Seconds after which a command hangs.
PORT = "10000"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def commands(page):
    """The commands on a page, each with its output."""
    for block in BLOCK.findall(page):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            yield command, output


def pattern(output):
    """The regular expression of a command's output."""
    # A number's width changes the spaces before it.
    lines = [re.sub(r"(\\ )*…", ".*", re.escape(line)) for line in output.splitlines()]
    text = "".join(r"(?:.*\n)*?" if line == ".*" else line.rstrip() + r"[ \t]*\n" for line in lines)
    return re.compile(text)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return str(listener.getsockname()[1])


class Shell:
    """A bash that runs the commands of a page one after the other."""

    def __init__(self, folder, path):
        self.process = subprocess.Popen(["bash", "--norc"], cwd=folder, text=True, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
                                        env={**os.environ, "PATH": path})
        self.text = ""
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.text += line

    def run(self, command, expected):
        """Runs a command until it has ended and printed what is expected. Returns what is wrong, or nothing."""
        self.text = ""
        self.process.stdin.write(f"{command}\necho ended:$?\n")
        self.process.stdin.flush()
        deadline = time.monotonic() + LIMIT
        while time.monotonic() < deadline and self.process.poll() is None:
            text = re.sub(r"^ended:\d+\n", "", self.text, flags=re.M)
            if "ended:" in self.text and expected.fullmatch(text):
                return None
            # In the background, a command prints after it has "ended".
            if "ended:" in self.text and not command.endswith("&"):
                time.sleep(0.5)
                text = re.sub(r"^ended:\d+\n", "", self.text, flags=re.M)
                return None if expected.fullmatch(text) else text
            time.sleep(0.05)
        return self.text

    def end(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(LIMIT)


def main(page, prefix, envoy, folder):
    shutil.rmtree(folder, ignore_errors=True)
    pathlib.Path(folder).mkdir(parents=True)
    port = free_port()
    path = os.pathsep.join((f"{prefix}/bin", os.path.dirname(envoy), os.environ["PATH"]))
    shell = Shell(folder, path)
    count = 0
    try:
        for command, output in commands(pathlib.Path(page).read_text()):
            wrong = shell.run(command.replace(PORT, port), pattern(output.replace(PORT, port)))
            if wrong is not None:
                sys.exit(f"$ {command}\nThe page says:\n{output}\nIt printed:\n{wrong.replace(port, PORT)}")
            count += 1
    finally:
        shell.end()
    if count == 0:
        sys.exit(f"{page} has no commands")
    print(f"{count} commands print what the page says")


if __name__ == "__main__":
    main(*sys.argv[1:])
