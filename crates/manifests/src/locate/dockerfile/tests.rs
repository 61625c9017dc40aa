use proptest::prelude::*;

use super::*;
use crate::locate::line_at;
use crate::splice;

/// The value of a key is found on a line; another one in its place is found again, and nothing else changes.
#[track_caller]
fn check(source: &str, key: &str, text: &str, line: u32) {
    let site = locate_key(source, key).unwrap_or_else(|failure| panic!("{failure:?}\n{source}"));
    assert_eq!((site.text(), line_at(source.as_bytes(), site.span.start)), (text, line), "{source}");
    let edited = splice(source, &[site.replaced("9.8.7-rc.1").unwrap()]).unwrap();
    let again = locate_key(&edited, key).unwrap();
    assert_eq!((again.text(), again.span.start), ("9.8.7-rc.1", site.span.start));
    assert_eq!(splice(&edited, &[again.replaced(text).unwrap()]).unwrap(), source);
}

#[track_caller]
fn check_refused(source: &str, key: &str, line: Option<u32>, message: &str) {
    let failure = locate_key(source, key).unwrap_err();
    let found = failure.offset.map(|offset| line_at(source.as_bytes(), offset));
    assert_eq!((found, failure.problem.to_string().as_str()), (line, message), "{source}");
}

#[test]
fn arguments() {
    for key in ["VERSION", "ARG VERSION", "arg  VERSION"] {
        check("FROM x\nARG VERSION=1.2.3\n", key, "1.2.3", 2);
    }
    let check = |source, line| check(source, "VERSION", "1.2.3", line);
    check("\u{feff}arg VERSION=\"1.2.3\"\r\nARG OTHER=2\r\n", 1);
    check("  ARG\tOTHER VERSION='1.2.3'\tLAST=${VERSION:-0}", 1);
    check("# ARG VERSION=0\nARG OTHER=VERSION=0\nARG VERSION=1.2.3 # x\n", 3);
    // A declaration in another stage takes the value over.
    check("ARG VERSION=1.2.3\nFROM a AS b\nARG VERSION\nFROM c\nARG VERSION\n", 1);
    check("RUN echo \\\n# comment \\\n\n   ARG VERSION=0 \\\n  done\nARG VERSION=1.2.3\n", 6);
    check("ARG \\  \n  # comment\n  VERSION=1.2.3\n", 3);
    check(" \\\n\t \\\n ARG VERSION=1.2.3\n", 3);
    check("ONBUILD ARG VERSION=0\nARG VERSION=1.2.3\n", 2);
    check("ENV VERSION=0\nLABEL VERSION=0\nARG VERSION=1.2.3\n", 3);
}

#[test]
fn environment_and_labels() {
    check("ENV A=1 VERSION=1.2.3 B=\"x y\"\n", "ENV VERSION", "1.2.3", 1);
    check("ENV A=1 \\\r\n    VERSION=\"1.2.3\" \\\r\n    B=2\r\n", "ENV VERSION", "1.2.3", 2);
    check("ENV VERSION 1.2.3  \nENV A VERSION=0\n", "ENV VERSION", "1.2.3", 1);
    check("env VERSION \"1.2.3\"", "env VERSION", "1.2.3", 1);
    check("ENV A=a\\ VERSION=0 VERSION=1.2.3", "ENV VERSION", "1.2.3", 1);
    check("ENV A=\"a VERSION=0\" VERSION='1.2.3'", "ENV VERSION", "1.2.3", 1);
    let label = "LABEL org.opencontainers.image.version";
    check("LABEL a=b \\\n  org.opencontainers.image.version=\"1.2.3\"\n", label, "1.2.3", 2);
    check("LABEL \"org.opencontainers.image.version\"='1.2.3'", label, "1.2.3", 1);
    check("LABEL org.opencontainers.image.version 1.2.3", label, "1.2.3", 1);
}

#[test]
fn base_images() {
    check("FROM python:3.12 AS build\nFROM build\nFROM python-slim:1\n", "FROM python", "3.12", 1);
    check(
        "from --platform=$BUILDPLATFORM registry.example:5000/team/app:1.2.3",
        "FROM registry.example:5000/team/app",
        "1.2.3",
        1,
    );
    check(
        "FROM ${REGISTRY:-registry.example/x}/app:1.2.3\n",
        "FROM ${REGISTRY:-registry.example/x}/app",
        "1.2.3",
        1,
    );
    let digest = "FROM python:3.12@sha256:00\n";
    check_refused(
        digest,
        "FROM python",
        Some(1),
        "a digest pins this image, whatever its tag says: remove the `@` and the digest behind it first",
    );
    check_refused(
        "\nFROM python\n",
        "FROM python",
        Some(2),
        "there is no tag of `python`: write `python:TAG`",
    );
    check_refused("FROM host.example:5000/x\n", "FROM host.example", None, "there is no `FROM host.example`");
    check_refused(
        "FROM python:${PYTHON}-slim\n",
        "FROM python",
        Some(1),
        "the version is taken from a variable here: name the place that sets it instead, `ARG PYTHON`",
    );
}

#[test]
fn directives_change_the_escape() {
    let windows =
        "# syntax=x\r\n#  Escape = `\r\nRUN dir c:\\\r\nENV A=`\r\n\"\" V=\"1.2.3\"\r\nARG V=1.2.3\r\n";
    check(windows, "ENV V", "1.2.3", 5);
    check(windows, "V", "1.2.3", 6);
    // Behind another comment, it is a comment.
    check("# x\n# escape=`\nRUN a \\\n ARG V=0\nARG V=1.2.3", "V", "1.2.3", 5);
    check("\n# escape=`\nRUN a \\\n ARG V=0\nARG V=1.2.3", "V", "1.2.3", 5);
    check("# other=x\n# escape=`\nRUN a \\\n ARG V=0\nARG V=1.2.3", "V", "1.2.3", 5);
    check_refused("# escape=x\n", "V", Some(1), "the escape character must be a backslash or a backquote");
    // Two backslashes at the end of a line continue nothing.
    check("RUN a \\\\\nARG V=1.2.3\n", "V", "1.2.3", 2);
}

#[test]
fn here_documents_hold_no_instructions() {
    for head in [
        "RUN <<EOF",
        "RUN <<-EOF cat",
        "RUN cat <<'EOF' > /x",
        "COPY <<\"EOF\" /x",
        "ADD 3<<EOF /x",
        "onbuild run <<EOF",
        "RUN a \\\n  <<EOF",
    ] {
        let source = format!("{head}\nARG V=0\n  EOF\nEOFX\n EOF\nEOF\nARG V=1.2.3\n");
        let line = if head.contains('\n') { 8 } else { 7 };
        check(&source, "V", "1.2.3", line);
        check(&source.replace('\n', "\r\n"), "V", "1.2.3", line);
    }
    check("RUN <<A <<-B\nARG V=0\nA\nARG V=0\n\t\tB\nARG V=1.2.3", "V", "1.2.3", 6);
    for none in [
        "RUN cat <<<x",
        "RUN a<<EOF",
        "RUN echo \"<<EOF\"",
        "RUN echo '<< EOF'",
        "LABEL a=<<EOF",
        "RUN x <<",
        "RUN it's <<EOF",
    ] {
        check(&format!("{none}\nARG V=1.2.3\n"), "V", "1.2.3", 2);
    }
    check_refused(
        "\nRUN <<EOF\nARG V=1\n",
        "V",
        Some(2),
        "a here-document is not closed: there is no line `EOF`",
    );
}

#[test]
fn refusals() {
    let variable = |key: &str| {
        format!("the version is taken from a variable here: name the place that sets it instead, `{key}`")
    };
    for source in ["ENV V=$X\n", "ENV V=\"v${X:-1}\"\n", "ENV V $X\n", "ENV A=1 V=1$X\n"] {
        check_refused(source, "ENV V", Some(1), &variable("ARG X"));
    }
    check("ENV V='1.$x'\n".replace('$', "").as_str(), "ENV V", "1.x", 1);
    for (source, what) in [
        ("ARG V=1\\.2\n", "a value with escapes"),
        ("ARG V=1.\"2\"\n", "a value that is quoted in parts"),
        ("ARG V=\"1\"\"2\"\n", "a value that is quoted in parts"),
        ("ARG V=\"1\n", "a value that is quoted in parts"),
        ("ARG V=1.\\\n2\n", "a value on several lines"),
    ] {
        let message = format!(
            "the version is spelled in a way that is not edited ({what}): write it on one line, in plain quotes"
        );
        check_refused(source, "V", Some(1), &message);
    }
    check_refused(
        "ARG V=1\nFROM a\nARG V=1\n",
        "ARG V",
        Some(1),
        "the version stands there more than once, on lines 1, 3",
    );
    check_refused("FROM a\nARG V\n", "V", Some(2), "there is no value of `V`: write `V=VALUE`");
    check_refused("ARG v=1\n", "V", None, "there is no `V`");
    check_refused("", "LABEL x", None, "there is no `LABEL x`");
    for key in ["RUN x", "", "ARG a b"] {
        let message =
            format!("there is no `{key}`: a key is `ARG NAME`, `ENV NAME`, `LABEL name` or `FROM image`");
        check_refused("ARG x=1\n", key, None, &message);
    }
}

fn any_file() -> impl Strategy<Value = (String, &'static str, String)> {
    let version = "v?[0-9]{1,2}(\\.[0-9]{1,2}){0,3}(-rc\\.[0-9])?";
    let quote = prop_oneof![Just(""), Just("\""), Just("'")];
    let parts = (quote, "[ \t]{1,2}", "(# [a-z'\"\\\\=é]{0,6})?", any::<bool>());
    (0..5_u8, version, parts, any::<[bool; 3]>()).prop_map(|(form, version, (q, gap, comment, tick), [mark, crlf, end])| {
        let escape = if tick { '`' } else { '\\' };
        let next = format!("{gap}{escape}\n{comment}\n{gap}");
        let (key, body) = match form {
            0 => ("V", format!("ARG{gap}V={q}{version}{q}")),
            1 => ("ENV V", format!("env{gap}A=\"V=0\"{next}V={q}{version}{q}{next}B=$V{gap}")),
            2 => ("ENV V", format!("{gap}ENV{next}V{gap}{q}{version}{q}{gap}")),
            3 => ("LABEL a.v", format!("LABEL{gap}{q}a.v{q}={q}{version}{q}{gap}x='{escape}''")),
            _ => ("FROM h.example:5/a/b", format!("FROM{gap}--platform=x{next}h.example:5/a/b:{version}{gap}AS b")),
        };
        let mut source =
            format!("# escape={escape}\n{comment}\nRUN{gap}<<E{gap}x\nARG V=0\nENV V=0\nE\n{body}\n{comment}\nRUN x");
        if end {
            source.push('\n');
        }
        if crlf {
            source = source.replace('\n', "\r\n");
        }
        if mark {
            source.insert(0, '\u{feff}');
        }
        (source, key, version)
    })
}

proptest! {
    #[test]
    fn replacing_changes_nothing_else((source, key, version) in any_file(), new in "[0-9a-z.+-]{1,8}") {
        let site = locate_key(&source, key).unwrap();
        prop_assert_eq!(site.text(), version);
        let once = splice(&source, &[site.replaced(&new).unwrap()]).unwrap();
        prop_assert_eq!(&once[..site.span.start], &source[..site.span.start]);
        prop_assert_eq!(&once[site.span.start + new.len()..], &source[site.span.end..]);
        let again = locate_key(&once, key).unwrap();
        prop_assert_eq!(again.text(), &new);
        prop_assert_eq!(splice(&once, &[again.replaced(&new).unwrap()]).unwrap(), once);
    }

    #[test]
    fn no_value_escapes_its_place((source, key, _) in any_file(), new in "[^/\\p{C}]{1,8}|[0-9\"'`\\\\;$#@:{} =<]{1,6}") {
        let site = locate_key(&source, key).unwrap();
        if let Ok(edit) = site.replaced(&new) {
            let edited = splice(&source, &[edit]).unwrap();
            let again = locate_key(&edited, key).unwrap();
            prop_assert_eq!(again.text(), &new);
        }
    }

    #[test]
    fn no_text_panics(source in "(ARG|ENV|FROM|RUN|V|# escape=`|[=:$@{}\"'`\\\\ \n\r]|<<E|\nE\n|é|1){0,20}", index in 0..4_usize) {
        let key = ["V", "ENV V", "LABEL V", "FROM V"][index];
        if let Ok(site) = locate_key(&source, key) {
            prop_assert_eq!(&source[site.span()], site.text());
        }
    }
}
