"""Sluice: filters for proxies, written in C++, run as WebAssembly. The command is `sluice`, or `python -m sluice`."""

import os

PREFIX = os.path.dirname(os.path.abspath(__file__))
"""The folder that CMake finds the package Sluice in, with the SDK, the mock host and the command."""
