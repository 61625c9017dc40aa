"""Builds the wheel and the sdist of this project with the standard library alone.

A real project has a build backend here (`python -m build`); the demo must build on a machine without network.
"""

import base64
import configparser
import gzip
import hashlib
import io
import os
import pathlib
import sys
import tarfile
import time
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
EPOCH = int(os.environ.get("SOURCE_DATE_EPOCH", "315532800"))


def main(out):
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    project = {key: value.strip('"') for key, value in config["metadata"].items()}
    name, version = project["name"], project["version"]
    stem = name.replace("-", "_")
    metadata = "\n".join(
        [
            "Metadata-Version: 2.1",
            f"Name: {name}",
            f"Version: {version}",
            f"Summary: {project['description']}",
            "Requires-Python: >=3.8",
            "",
        ]
    ).encode()
    out.mkdir(parents=True, exist_ok=True)
    wheel(out, stem, version, metadata)
    sdist(out, stem, version, metadata)


def sources(stem):
    return sorted(path for path in (ROOT / stem).rglob("*.py"))


def wheel(out, stem, version, metadata):
    info = f"{stem}-{version}.dist-info"
    files = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in sources(stem)}
    files[f"{info}/METADATA"] = metadata
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: demo\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    record = []
    for path, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        record.append(f"{path},sha256={digest},{len(content)}")
    record.append(f"{info}/RECORD,,")
    files[f"{info}/RECORD"] = ("\n".join(record) + "\n").encode()
    stamp = time.gmtime(max(EPOCH, 315532800))[:6]
    with zipfile.ZipFile(out / f"{stem}-{version}-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path, stamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)


def sdist(out, stem, version, metadata):
    top = f"{stem}-{version}"
    files = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in sources(stem)}
    for extra in ("setup.cfg", "tools/build.py", "README.md"):
        files[extra] = (ROOT / extra).read_bytes()
    files["PKG-INFO"] = metadata
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path, content in files.items():
            entry = tarfile.TarInfo(f"{top}/{path}")
            entry.size, entry.mtime, entry.mode = len(content), EPOCH, 0o644
            archive.addfile(entry, io.BytesIO(content))
    with open(out / f"{top}.tar.gz", "wb") as target:
        with gzip.GzipFile(filename="", fileobj=target, mode="wb", mtime=EPOCH) as compressed:
            compressed.write(buffer.getvalue())


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
