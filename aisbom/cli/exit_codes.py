"""What the exit codes of the program mean; the help of every command lists them."""

from __future__ import annotations

DONE, VIOLATED, USAGE, NOTHING, FAILED, NOT_VERIFIED = 0, 1, 2, 3, 4, 5
INTERRUPTED = 130
"""What shells expect of a program that Ctrl-C ended."""
