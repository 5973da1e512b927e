"""What a URL of metadata says: which account of a code host, which site; and which company an
e-mail address belongs to.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

_HOSTS = {
    "github.com": "github",
    "raw.githubusercontent.com": "github",
    "gitlab.com": "gitlab",
    "gitee.com": "gitee",
    "bitbucket.org": "bitbucket",
    "huggingface.co": "hub",
    "hf.co": "hub",
}
_SCP = re.compile(r"^(?:[\w.-]+@)?(?P<host>[\w.-]+\.[a-z]{2,}):(?!//|\d+/)(?P<path>[^\s]+)$")
_BARE = re.compile(r"^[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}(?:[/:?#]|$)")
_ACCOUNT = re.compile(r"[A-Za-z0-9][\w.-]{0,99}")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# First parts of a path that are pages of the host, not accounts; the account stands behind those in
# _BEFORE.
_PAGES = _words(
    "- about api apps blog chat collections contact customer-stories docs enterprise events explore"
    " features gist help inference issues join learn login marketplace models new notifications"
    " papers posts pricing pulls readme search security settings signup site sponsors tasks topics"
    " trending"
)
_BEFORE = _words("datasets groups organizations orgs spaces users")

# Labels of Project-URL as PEP 753 compares them: without punctuation and white space, in lower
# case.
_SOURCE = _words(
    "code coderepository development git gitee github githubproject githubrepo githubrepository"
    " gitlab projectrepository repo repository repositoryurl scm source sourcecode sourcerepository"
    " sources vcs"
)
_HOME = _words(
    "home homepage official project projecthomepage projectpage projectwebsite site url web webpage"
    " website www"
)
_TRACKER = _words(
    "bugreport bugreports bugs bugtracker changelog changes download downloads history issue issues"
    " issuetracker release releasenotes releases tracker"
)

# Words in an address that name a team or a task instead of a person.
_ROLES = _words(
    "admin builds community contact core dev devel developers engineering feedback github hello"
    " help info mail maintainer maintainers office opensource oss package packages packaging"
    " project pypi python release releases research sdk security service support team"
)


_WHOLE_ROLES = frozenset({"ai", "ml"})
"""Roles where they are the whole of it: with a name before them (`kim.ai`) they are a field."""


class Account(NamedTuple):
    """An account of a code host (`github`, `gitlab`, `gitee`, `bitbucket`, or `hub` for the model
    hub).
    """

    host: str
    owner: str


class Address(NamedTuple):
    """An e-mail address with the name before it."""

    name: str
    local: str
    domain: str

    def role(self, *names: str) -> bool:
        """Whether it is a team's or a project's: it holds a word for a role, or is one of `names`
        (a package, an organisation).
        """
        said = set(re.split(r"[\W_]+", self.local))
        return bool(_ROLES & said) or _squeeze(self.local) in {
            *_WHOLE_ROLES,
            *map(_squeeze, names),
        }


def _squeeze(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def account(url: str) -> Account | None:
    """The account that a URL of a code host lies in; None for other hosts and for the host's own
    pages.
    """
    host, path = _split(url)
    kind = _HOSTS.get(host)
    if not kind:
        return None
    parts = [part for part in path.split("/") if part]
    if parts and parts[0].casefold() in _BEFORE:
        parts = parts[1:]
    elif parts and parts[0].casefold() in _PAGES:
        return None
    if not parts:
        return None
    owner = parts[0].removesuffix(".git") if len(parts) == 1 else parts[0]
    return Account(kind, owner) if _ACCOUNT.fullmatch(owner) else None


def repository(url: str) -> str:
    """The name of the repository that a URL of a code host leads to, in lower case; `""` if
    none.
    """
    _, path = _split(url)
    parts = [part for part in path.split("/") if part]
    return parts[1].removesuffix(".git").casefold() if len(parts) > 1 else ""


def site(url: str) -> str:
    """The host of a web page in lower case, without `www.`; `""` if the text is no URL."""
    host, _ = _split(url)
    return host if "." in host else ""


def _split(url: str) -> tuple[str, str]:
    url = url.strip().strip("<>").removeprefix("git+")
    if "://" not in url:
        scp = _SCP.match(url)
        if scp:
            url = f"ssh://{scp['host']}/{scp['path']}"
        elif _BARE.match(url):
            url = f"https://{url}"
        else:
            return "", ""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").casefold()
    except ValueError:
        return "", ""
    return host.removeprefix("www."), parts.path


def parse_labelled_url(value: str) -> tuple[str, str]:
    """A `Label, url` pair of Project-URL as (role, url); role is `source`, `home`, `tracker` or
    `other`.
    """
    label, comma, url = value.partition(",")
    if not comma:
        return "other", value.strip()
    word = _squeeze(label)
    role = (
        "source"
        if word in _SOURCE
        else "home"
        if word in _HOME
        else "tracker"
        if word in _TRACKER
        else "other"
    )
    return role, url.strip()


def addresses(value: str) -> tuple[Address, ...]:
    """The addresses of an Author-email or similar field, with display names; entries without an
    address have an empty domain.
    """
    from email.utils import getaddresses  # brings sockets along

    found = []
    for name, mail in getaddresses([value[:4000]]):
        local, at, domain = mail.rpartition("@")
        if at and local and "." in domain:
            found.append(
                Address(name.strip(), local.strip().casefold(), domain.strip(" >.").casefold())
            )
        elif name:
            found.append(Address(name.strip(), "", ""))
    return tuple(found)
