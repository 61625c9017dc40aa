//! Facts about the grammar of Python, each of which `ast` of `CPython` 3.13 states too.

use crate::{Problem, VersionFile};

/// What a source says about `__version__`.
#[derive(Debug, PartialEq, Eq)]
enum Says<'t> {
    /// One statement assigns a plain text to it.
    Text(&'t str),
    /// One statement assigns something else to it, or more than it.
    Computed,
    /// Several statements do.
    Several,
    /// None does.
    Nothing,
}

#[test]
fn what_counts_as_an_assignment() {
    use Says::{Computed, Nothing, Several, Text};
    let facts = [
        ("if x: __version__ = '1'", Text("1")),
        ("if (lambda: x): __version__ = '1'", Text("1")),
        ("try: pass\nexcept E: __version__: str = '1'", Text("1")),
        ("match x:\n  case 1: __version__ = '1'", Text("1")),
        ("match: int = 1; __version__ = '1'", Text("1")),
        ("while __version__ != 1: __version__ = '1'", Text("1")),
        ("def f(__version__='2'): __version__ = '1'", Text("1")),
        ("x = lambda __version__='2': 2\n__version__ = '1'", Text("1")),
        ("x: __version__ = '2'\n__version__ = '1'", Text("1")),
        ("x[__version__] = '2'\nf(__version__)[0] = '2'\n__version__ = '1'", Text("1")),
        ("x = {'a': __version__ == '2'}\n__version__ = '1'", Text("1")),
        ("__version__ <= '2'\n__version__ = '1'", Text("1")),
        ("__version__ = '1',", Computed),
        ("__version__, x = '1', '2'", Computed),
        ("[__version__] = '1'", Computed),
        ("x, (y, __version__) = z", Computed),
        ("x[0], __version__ = z", Computed),
        ("__version__ = '1' if x else '2'", Computed),
        ("__version__ = '1' == x", Computed),
        ("__version__ = x = '1'", Computed),
        ("x = __version__ = '1'", Computed),
        ("__version__ //= 1", Computed),
        ("__version__ <<= 1", Computed),
        ("__version__ = lambda x='1': x", Computed),
        ("__version__ = ['1']", Computed),
        ("__version__ = '1'\n[__version__] = '2'", Several),
        ("__version__ = '1'\n__version__ += '2'", Several),
        ("__version__: str", Nothing),
        ("x.__version__, y = 1, 2", Nothing),
        ("x.y[__version__], z = 1, 2", Nothing),
        ("x = lambda __version__='1': 2", Nothing),
        ("x <<= __version__", Nothing),
        ("__version__[0] += '1'", Nothing),
        ("__version__.x = '1'", Nothing),
        ("def f(a: str = '1') -> __version__: pass", Nothing),
        ("x = y if __version__ else z", Nothing),
    ];
    let file = VersionFile::auto("demo/__init__.py".parse().unwrap());
    for (source, expected) in facts {
        let found = file.locate(source.as_bytes());
        let says = match &found {
            Ok(found) => Text(found.text()),
            Err(error) => match error.problem() {
                Problem::Computed => Computed,
                Problem::Several { .. } => Several,
                Problem::NotFound { .. } => Nothing,
                other => panic!("{source:?}: {other}"),
            },
        };
        assert_eq!(says, expected, "{source:?}");
    }
}
