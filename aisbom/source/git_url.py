"""Addresses of git repositories as they may be shown: the https form, without credentials, and
never a path of a machine.
"""

from __future__ import annotations

import posixpath
import re

from packageurl import PackageURL

_URL = re.compile(
    r"(?P<scheme>(?:git\+)?(?:https?|ssh|git)|ssh\+git)://(?:[^/@\s]*@)?(?P<host>[\w.\-]+|\[[0-9A-Fa-f:]+\])(?::(?P<port>\d*))?/+(?P<path>[^\s?#]+)[^\s]*",
    re.IGNORECASE,
)
# A host without a dot is a name from one machine's ssh settings, and a single letter is a drive.
_SCP = re.compile(r"(?:[^@/:\s]+@)?(?P<host>[\w\-]+(?:\.[\w\-]+)+):(?!//)/*(?P<path>[^\s?#]+)")

_SAME_HOST = {
    "hf.co": "huggingface.co",
    "www.huggingface.co": "huggingface.co",
    "www.github.com": "github.com",
    "ssh.github.com": "github.com",
    "altssh.gitlab.com": "gitlab.com",
    "altssh.bitbucket.org": "bitbucket.org",
}
# Hosts that answer with and without the suffix; elsewhere it may be part of the address.
_NO_SUFFIX = frozenset(
    {"github.com", "gitlab.com", "bitbucket.org", "huggingface.co", "codeberg.org"}
)


def public(url: str) -> str:
    """The https form of a remote's address, or `""` for a path, a `file:` address and whatever else
    is no public one.

    >>> public("git@github.com:owner/name.git")
    'https://github.com/owner/name'
    """
    found = _URL.fullmatch(url.strip()) or _SCP.fullmatch(url.strip())
    if not found:
        return ""
    host = found["host"].lower()
    host = _SAME_HOST.get(host, host)
    path = found["path"].strip("/")
    parts = path.split("/")
    if ".." in parts or "." in parts or "" in parts or not path.isprintable():
        return ""
    if host in _NO_SUFFIX:
        path = path.removesuffix(".git")
    named = found.groupdict()
    # The port of an ssh server says nothing about https.
    port = named.get("port") or ""
    shown = (
        f":{port}"
        if port and port != "443" and "http" in (named.get("scheme") or "").lower()
        else ""
    )
    return f"https://{host}{shown}/{path}"


def join_address(base: str, relative: str) -> str:
    """A submodule's address that is relative to its parent's public one (`../other.git`),
    or `""`.
    """
    if not base or not relative.startswith(("./", "../")):
        return ""
    host, _, path = base.removeprefix("https://").partition("/")
    return public(f"https://{host}/" + posixpath.normpath(f"{path}/{relative}"))


def name(url: str) -> str:
    """The repository's name in a public address; `""` for `""`."""
    return url.rpartition("/")[2].removesuffix(".git")


def purl(url: str, commit: str) -> str:
    """The package URL of a public address at a commit (either may be empty); `""` without an
    address.
    """
    if not url:
        return ""
    host, _, path = url.removeprefix("https://").partition("/")
    parts = path.split("/")
    version = commit or None
    kinds = {"github.com": "github", "bitbucket.org": "bitbucket"}
    if host in kinds and len(parts) == 2:
        return PackageURL(kinds[host], parts[0], parts[1], version).to_string()
    # Data sets and spaces of the hub live under a path of their own, and have no purl type.
    if host == "huggingface.co" and len(parts) <= 2 and parts[0] not in ("datasets", "spaces"):
        return PackageURL(
            "huggingface", parts[0] if len(parts) == 2 else None, parts[-1], version
        ).to_string()
    address = f"git+{url}@{commit}" if commit else f"git+{url}"
    return PackageURL("generic", None, name(url), version, {"vcs_url": address}).to_string()
