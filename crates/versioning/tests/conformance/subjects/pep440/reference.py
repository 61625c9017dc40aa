"""Answers questions about versions and specifiers with the library `packaging`.

Standard input: a JSON array of strings a line. Standard output: a JSON string a line.
"""

import json
import sys

from packaging.specifiers import InvalidSpecifier, Specifier, SpecifierSet
from packaging.version import InvalidVersion, Version

MODES = {"default": None, "allow": True, "exclude": False}


def show(value):
    return str(value).lower()


def version(text):
    found = Version(text)
    return "|".join(
        [
            str(found),
            str(found.epoch),
            ".".join(map(str, found.release)),
            "-" if found.pre is None else "%s%d" % found.pre,
            "-" if found.post is None else str(found.post),
            "-" if found.dev is None else str(found.dev),
            found.local or "-",
            show(found.is_prerelease),
        ]
    )


def compare(left, right):
    left, right = Version(left), Version(right)
    order = "Less" if left < right else "Greater" if left > right else "Equal"
    return order + " " + show(left == right and hash(left) == hash(right))


def contains(text, mode, item):
    wanted = SpecifierSet(text)
    return show(wanted.contains(Version(item), prereleases=MODES[mode]))


def contains_text(text, mode, item):
    return show(SpecifierSet(text).contains(item, prereleases=MODES[mode]))


def filter_versions(text, mode, *items):
    wanted = SpecifierSet(text)
    items = [(Version(item), item) for item in items]
    chosen = wanted.filter(items, prereleases=MODES[mode], key=lambda item: item[0])
    return " ".join(item.strip() for _, item in chosen)


def filter_text(text, mode, *items):
    return "\n".join(SpecifierSet(text).filter(items, prereleases=MODES[mode]))


def specifiers(text):
    wanted = SpecifierSet(text)
    clauses = ",".join(map(str, wanted))
    return "|".join([str(wanted), clauses, show(bool(wanted.prereleases))])


def equal(left, right):
    left, right = SpecifierSet(left), SpecifierSet(right)
    return show(left == right and hash(left) == hash(right))


def clause(text):
    found = Specifier(text)
    return "|".join([found.operator, found.version, str(found), show(bool(found.prereleases))])


def clause_equal(left, right):
    left, right = Specifier(left), Specifier(right)
    return show(left == right and hash(left) == hash(right))


def clause_contains(text, mode, item):
    return show(Specifier(text).contains(item, prereleases=MODES[mode]))


def unsatisfiable(text, mode):
    return show(SpecifierSet(text, prereleases=MODES[mode]).is_unsatisfiable())


QUESTIONS = {
    "version": version,
    "compare": compare,
    "contains": contains,
    "contains-text": contains_text,
    "filter": filter_versions,
    "filter-text": filter_text,
    "set": specifiers,
    "equal": equal,
    "clause": clause,
    "clause-equal": clause_equal,
    "clause-contains": clause_contains,
    "unsatisfiable": unsatisfiable,
}


def main():
    for line in sys.stdin:
        question, *texts = json.loads(line)
        try:
            answer = QUESTIONS[question](*texts)
        except (InvalidVersion, InvalidSpecifier):
            answer = "refused"
        except AssertionError:
            answer = "failed"
        sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


main()
