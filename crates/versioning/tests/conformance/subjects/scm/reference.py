"""Answers for the subject `scm` with setuptools-scm, through vcs-versioning which does its work."""

import datetime
import functools
import json
import logging
import shlex
import sys
import warnings

from packaging.version import InvalidVersion
from vcs_versioning import _config, _entrypoints, _overrides, _scm_version
from vcs_versioning import _version_schemes as schemes
from vcs_versioning._backends import _git
from vcs_versioning._environment import VcsEnvironment
from vcs_versioning._exceptions import DirtyWorkingTreeError
from vcs_versioning._fallback_workdir import StaticWorkdir
from vcs_versioning._version_schemes import _towncrier

EXPRESSIONS = {
    "release": r"^release/(?P<version>.+)$",
    "single": r"^(?:pkg-)?v?([0-9.]+)",
    "tilde": r"^(?P<name>[a-z]+)@(?P<version>[^+~]*)(?P<rest>~.*)?$",
    "suffix": r"^(?P<version>[0-9]+\.[0-9]+)(\.post[0-9]+|-final|\.[0-9]+)?$",
}

ERRORS = [
    ("Can't parse version from tag", "unreadable"),
    ("The tag_regex", "empty"),
    ("choosing custom numbers", "custom-dev"),
    ("already is a post release", "post"),
    ("does not end with a number to bump", "no-number"),
    ("time data", "no-such-day"),
    ("day is out of range", "no-such-day"),
    ("unconverted data remains", "no-such-day"),
    ("year 0 is out of range", "no-such-day"),
    ("invalid literal for int()", "no-major"),
    ("Couldn't find any implementations", "no-local"),
    ("object has no attribute 'public'", "pretended-tag"),
]

WARNINGS = [
    ("will be stripped of its suffix", "suffix"),
    ("no version found", "directory"),
    ("could not be parsed", "directory"),
    ("does not correspond to a valid versioning date", "not-a-date"),
    ("is ahead your node date", "ahead"),
]


class Names:
    """A directory that holds files by name only."""

    def __init__(self, names):
        self.names = names

    def __truediv__(self, _):
        return self

    def exists(self):
        return True

    def iterdir(self):
        return [Name(name) for name in self.names]


class Name:
    def __init__(self, name):
        self.name = name

    def is_file(self):
        return True


fragment_names = []
_towncrier._fragments_for = lambda version: _towncrier._find_fragments(Names(fragment_names))

plain_environment = VcsEnvironment.from_env("SETUPTOOLS_SCM", env={})

# To look up an entry point takes longer than all that is asked here.
_entrypoints._get_ep = functools.lru_cache(_entrypoints._get_ep)


def new_configuration(expression, normalize):
    data = {"normalize": normalize}
    if expression != "default":
        data["tag"] = {"regex": EXPRESSIONS[expression]}
    return _config.Configuration.from_data(__file__, data, _env=plain_environment)


configurations = {
    (expression, normalize): new_configuration(expression, normalize)
    for expression in ["default", *EXPRESSIONS]
    for normalize in [False, True]
}


def configuration(scheme, local, expression, prefix, fallback, directory_prefix, normalize):
    found = configurations[expression, normalize == "true"]
    found.version_scheme = scheme
    found.local_scheme = local.split(",") if local else []
    found.tag.prefix = prefix
    found.fallback_version = optional(fallback)
    found.parentdir_prefix_version = optional(directory_prefix)
    found._env = plain_environment
    return found


def date(text):
    return None if text == "none" else datetime.date.fromisoformat(text)


def optional(text):
    return None if text == "none" else text[1:]


def derive(fields):
    global fragment_names
    (origin, scheme, local, expression, prefix, fallback, normalize, branch, node_date, time, names) = fields[:11]
    overrides = fields[11:]
    fragment_names = names.split("/") if names else []
    time = datetime.datetime.fromisoformat(time)
    kind, _, rest = origin.partition(" ")
    directory_prefix = "=proj-" if kind == "directory" else "none"
    config = configuration(scheme, local, expression, prefix, fallback, directory_prefix, normalize)
    if kind == "pretended":
        version = _scm_version.meta(rest, preformatted=True, config=config, time=time)
    elif kind == "directory":
        version = StaticWorkdir(path="/x/" + rest, _config=config).get_scm_version()
        if version is None:
            return None
        version.time = time
    else:
        tag, distance, node, dirty = None, 0, None, True
        if kind == "described":
            tag, distance, node, dirty = _git._git_parse_describe(rest.strip())
        elif kind == "untagged":
            node, distance, dirty = rest.split(" ")
            node, distance, dirty = "g" + node, int(distance), dirty == "true"
        if tag is None:
            tag = config.version_cls(config.fallback_version or "0.0")
        version = _scm_version.meta(
            tag,
            distance=distance,
            dirty=dirty,
            node=node,
            config=config,
            branch=optional(branch),
            node_date=date(node_date),
            time=time,
        )
    if overrides:
        toml = "{" + ", ".join(overrides) + "}"
        environment = VcsEnvironment.from_env(
            "SETUPTOOLS_SCM", env={"SETUPTOOLS_SCM_PRETEND_METADATA": toml}
        )
        config._env = environment
        version = _overrides._apply_metadata_overrides(version, config)
    return schemes.format_version(version)


def derived(fields):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            text = derive(fields)
        except DirtyWorkingTreeError:
            return "error uncommitted"
        except InvalidVersion:
            return "error invalid"
        except (ValueError, AttributeError) as error:
            for part, name in ERRORS:
                if part in str(error):
                    return "error " + name
            return f"unexpected {error!r}"
    if text is None:
        return "nothing"
    names = []
    for warning in caught:
        message = str(warning.message)
        if issubclass(warning.category, DeprecationWarning):
            continue
        names += [name for part, name in WARNINGS if part in message][:1] or [message]
    return f"{text} [{','.join(names)}]"


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def describe(fields):
    tag, distance, node, dirty = _git._git_parse_describe(fields[0].strip())
    return compact([tag, distance, node, dirty])


def read(fields):
    found = _config.DEFAULT_TAG_REGEX.match(fields[0])
    if found is None:
        return "nothing"
    return compact([found.group("version"), found.group(0)[found.end("version") :]])


def words(fields):
    try:
        return compact(shlex.split(fields[0]))
    except ValueError as error:
        return "error " + str(error)


def environment(fields):
    name, distribution, *pairs = fields
    variables = dict(pair.split("=", 1) for pair in pairs)
    env = VcsEnvironment.from_env("SETUPTOOLS_SCM", env=variables)
    reader = env.make_reader(optional(distribution))
    value = reader.read(name)
    return "=" + value if value else "none"


def pattern(fields):
    prefix, strict = fields
    strict = {"none": None, "true": True, "false": False}[strict]
    tag = _config.TagConfiguration(prefix=prefix, strict=strict)
    return " ".join(_git.make_describe_command(tag.describe_match_glob()))


QUESTIONS = {
    "derive": derived,
    "describe": describe,
    "read": read,
    "words": words,
    "environment": environment,
    "pattern": pattern,
}


def main():
    logging.disable(logging.CRITICAL)
    sys.stdin.reconfigure(encoding="utf-8", errors="surrogatepass")
    sys.stdout.reconfigure(encoding="utf-8", errors="surrogatepass")
    answers = []
    for line in sys.stdin:
        question, *fields = json.loads(line)
        answers.append(json.dumps(QUESTIONS[question](fields), ensure_ascii=False))
        if len(answers) == 10_000:
            sys.stdout.write("\n".join(answers) + "\n")
            answers = []
    if answers:
        sys.stdout.write("\n".join(answers) + "\n")
    sys.stdout.flush()


main()
