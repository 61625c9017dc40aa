//! Asking installed clients where their registry is.

use std::ffi::OsString;
use std::time::Duration;

use tminus_registry::credentials::ClientAnswer;
use tminus_vcs::Invocation;

use crate::build::find_program;
use crate::context::Context;

/// pip knows where the index is read, twine where it is written; only both together are an endpoint.
const SCRIPT: &str = "\
import sys
from pip._internal.models.index import PyPI, TestPyPI
from twine.utils import DEFAULT_REPOSITORY, TEST_REPOSITORY
test = sys.argv[1] == 'testpypi'
print(TEST_REPOSITORY if test else DEFAULT_REPOSITORY)
print((TestPyPI if test else PyPI).simple_url)
";

/// The endpoints that pip and twine have built in; nothing where one of them is not installed.
pub(crate) fn ask(context: &Context, destination: &str) -> Option<ClientAnswer> {
    if !matches!(destination, "pypi" | "testpypi") {
        return None;
    }
    let python = find_program(&context.environment, &context.root, "python3")?;
    let invocation = Invocation {
        args: ["-c", SCRIPT, destination].map(OsString::from).to_vec(),
        environment: context.environment.for_children(),
        timeout: Some(Duration::from_secs(30)),
        ..Invocation::new(python, std::env::temp_dir())
    };
    let output = context.runner.run(&invocation).ok().filter(tminus_vcs::Output::success)?;
    let text = String::from_utf8(output.stdout).ok()?;
    let mut lines = text.lines().map(|line| line.trim().to_owned());
    let (upload, index) = (lines.next()?, lines.next()?);
    Some(ClientAnswer { client: "twine and pip".to_owned(), upload, index: Some(index) })
}
