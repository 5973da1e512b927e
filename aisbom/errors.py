"""The one error that is the user's to mend; every other exception is a defect of this program."""

from __future__ import annotations


class UsageError(ValueError):
    """What the user gave cannot be used. Names the thing, the place and the fix, on one line.

    Raised only where the user's words are read: the command line, a configuration, a policy, a
    profile, own rows, a document, a repository to clone. The commands turn it into exit code 2.
    """
