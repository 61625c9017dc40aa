"""One answer of setuptools-scm for each line of standard input: what its command prints in that directory."""

import contextlib
import io
import json
import logging
import os
import sys
import warnings

from vcs_versioning._cli import main

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
answers = sys.stdout

for line in sys.stdin:
    os.chdir(json.loads(line))
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
        try:
            code = main([])
            text = "" if code in (0, None) else f"code {code}"
        except SystemExit as end:
            text = "" if end.code in (0, None) else f"ended with {end.code!r}"
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
    answer = f"error: {text[:300]}" if text else printed.getvalue().strip()
    answers.write(json.dumps(answer) + "\n")
    answers.flush()
