"""The changelog that LlamaIndex's own tool writes, by the rules that it publishes.

llamaindex.py ROOT PULLS.json DAY prints what becomes of CHANGELOG.md. PULLS.json holds what the forge says of pull
requests. Rules: the newest tag `v[0-9]*` that can be reached; of each subject since, the first `(#N)`; a file belongs
to the first package whose directory it is in; packages are the core, the integrations (those of `storage` one level
deeper), the networks, the packs, the utilities, called as their directories are; files elsewhere are not told.
"""

import json
import pathlib
import re
import subprocess
import sys
import tomllib

MARK = "<!--- generated changelog --->"
root, answers, day = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]


def git(*words):
    return subprocess.run(["git", "-C", root, *words], check=True, capture_output=True, text=True).stdout.strip()


def below(directory):
    """Directories with a manifest."""
    found = directory.iterdir() if directory.is_dir() else []
    return [path for path in found if (path / "pyproject.toml").is_file()]


def packages():
    yield root / "llama-index-core"
    integrations = root / "llama-index-integrations"
    for category in [path for path in integrations.iterdir() if path.is_dir()]:
        if category.name == "storage":
            for store in [path for path in category.iterdir() if path.is_dir()]:
                yield from below(store)
        else:
            yield from below(category)
    for single in ["llama-index-networks"]:
        yield from [root / single] if (root / single).is_dir() else []
    yield from below(root / "llama-index-packs")
    yield from below(root / "llama-index-utils")


tag = git("describe", "--tags", "--match", "v[0-9]*", "--abbrev=0")
found = [re.search(r"\(#(\d+)\)", line) for line in git("log", f"{tag}..HEAD", "--pretty=format:%H %s").splitlines()]
numbers = {int(match[1]) for match in found if match}
if not numbers:
    sys.exit("no pull requests since the last tag")
with open(answers, encoding="utf-8") as file:
    pulls = {pull["number"]: pull for pull in json.load(file)}

homes = [(str(path.relative_to(root)) + "/", path) for path in packages()]
told = {}
for number in numbers:
    if number not in pulls:
        print(f"warning: pull request {number} cannot be fetched", file=sys.stderr)
        continue
    for file in pulls[number]["files"]:
        home = next((path for start, path in homes if file["path"].startswith(start)), None)
        if home is not None:
            told.setdefault(home.name, (home, {}))[1][number] = pulls[number]

lines = [MARK, "", f"## [{day}]"]
for name in sorted(told):
    home, of_package = told[name]
    with open(home / "pyproject.toml", "rb") as file:
        version = tomllib.load(file)["project"]["version"]
    lines += ["", f"### {name} [{version}]"]
    for number in sorted(of_package):
        pull = of_package[number]
        lines.append(f"- {pull['title']} ([#{number}]({pull['url']}))")
before = (root / "CHANGELOG.md").read_bytes()
sys.stdout.buffer.write(before.replace(MARK.encode(), "\n".join(lines).encode()))
