use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::Digest as _;
use tar::EntryType;
use zip::write::SimpleFileOptions;

use super::*;

const METADATA: &str = "Metadata-Version: 2.4\nName: Demo\nVersion: 1.0\nRequires-Python: >=3.9\n\nA demo.\n";
const WHEEL_FILE: &str = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n";
pub(crate) const WHEEL_NAME: &str = "demo-1.0-py3-none-any.whl";
pub(crate) const SDIST_NAME: &str = "demo-1.0.tar.gz";

pub(crate) fn record_row(path: &str, content: &[u8]) -> String {
    let digest = URL_SAFE_NO_PAD.encode(sha2::Sha256::digest(content));
    format!("{path},sha256={digest},{}\n", content.len())
}

/// A zip archive of the files, in that order.
fn zipped(files: &[(&str, &[u8])]) -> Bytes {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (path, content) in files {
        if path.ends_with('/') {
            writer.add_directory(*path, SimpleFileOptions::default()).unwrap();
            continue;
        }
        writer.start_file(*path, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    Bytes::from(writer.finish().unwrap().into_inner())
}

/// A wheel with a right `RECORD` of `files`, METADATA and WHEEL, which `change` may then alter.
fn wheel_with(files: &[(&str, &[u8])], change: impl FnOnce(&mut Vec<(String, Vec<u8>)>)) -> Bytes {
    let mut all: Vec<(String, Vec<u8>)> =
        files.iter().map(|(path, content)| ((*path).to_owned(), content.to_vec())).collect();
    all.push(("demo-1.0.dist-info/METADATA".to_owned(), METADATA.into()));
    all.push(("demo-1.0.dist-info/WHEEL".to_owned(), WHEEL_FILE.into()));
    let mut record: String = all.iter().map(|(path, content)| record_row(path, content)).collect();
    record.push_str("demo-1.0.dist-info/RECORD,,\n");
    all.push(("demo-1.0.dist-info/RECORD".to_owned(), record.into()));
    change(&mut all);
    let files: Vec<(&str, &[u8])> =
        all.iter().map(|(path, content)| (path.as_str(), content.as_slice())).collect();
    zipped(&files)
}

pub(crate) fn wheel() -> Bytes {
    wheel_with(&[("demo/", b""), ("demo/__init__.py", b"x = 1\n")], |files| {
        // Directories are not recorded.
        let record = files.last_mut().unwrap();
        let text = String::from_utf8(record.1.clone()).unwrap();
        let rows: Vec<&str> = text.lines().filter(|row| !row.starts_with("demo/,")).collect();
        record.1 = rows.join("\n").into();
    })
}

/// One entry of a tar archive; its path and link are written as they are.
type TarEntry<'a> = (EntryType, &'a str, &'a str, &'a [u8]);

fn tarred(entries: &[TarEntry<'_>]) -> Bytes {
    let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::default()));
    for (entry_type, path, link, content) in entries {
        let mut header = tar::Header::new_gnu();
        let old = header.as_old_mut();
        old.name[..path.len()].copy_from_slice(path.as_bytes());
        old.linkname[..link.len()].copy_from_slice(link.as_bytes());
        header.set_entry_type(*entry_type);
        header.set_mode(0o644);
        header.set_size(content.len() as u64);
        header.set_cksum();
        builder.append(&header, *content).unwrap();
    }
    Bytes::from(builder.into_inner().unwrap().finish().unwrap())
}

fn sdist_with(more: &[TarEntry<'_>]) -> Bytes {
    let mut entries: Vec<TarEntry<'_>> = vec![
        (EntryType::Directory, "demo-1.0/", "", b""),
        (EntryType::Regular, "demo-1.0/PKG-INFO", "", METADATA.as_bytes()),
    ];
    entries.extend_from_slice(more);
    tarred(&entries)
}

pub(crate) fn sdist() -> Bytes {
    sdist_with(&[(EntryType::Regular, "demo-1.0/demo/__init__.py", "", b"x = 1\n")])
}

#[test]
fn a_sound_wheel_and_a_sound_sdist() {
    for (bytes, filename, kind, tag) in
        [(wheel(), WHEEL_NAME, Kind::Wheel, "py3"), (sdist(), SDIST_NAME, Kind::Sdist, "source")]
    {
        let inspected = inspect(&bytes, filename).unwrap();
        assert_eq!((inspected.kind(), inspected.python_tag()), (kind, tag));
        assert_eq!(inspected.sha256, Sha256::of(&bytes));
        assert_eq!(inspected.size_bytes, bytes.len() as u64);
        assert_eq!(inspected.requires_python(), Some(">=3.9"));
        assert_eq!(inspected.metadata.description(), Some("A demo.\n"));
        inspected.check(&"DEMO".parse().unwrap(), &"1.0.0".parse().unwrap()).unwrap();
        let other = inspected.check(&"other".parse().unwrap(), &"1.0".parse().unwrap()).unwrap_err();
        assert_eq!(other.to_string(), format!("{filename} is of project Demo, not of other"));
        let other = inspected.check(&"demo".parse().unwrap(), &"1.1".parse().unwrap()).unwrap_err();
        assert_eq!(other.to_string(), format!("{filename} is version 1.0, not 1.1"));
    }
}

#[track_caller]
fn refused(bytes: &Bytes, filename: &str, expected: &str) {
    let error = inspect(bytes, filename).unwrap_err();
    assert_eq!(error.to_string(), expected);
}

#[track_caller]
fn refused_wheel(change: impl FnOnce(&mut Vec<(String, Vec<u8>)>), expected: &str) {
    let bytes = wheel_with(&[("demo.py", b"x = 1\n")], change);
    refused(&bytes, WHEEL_NAME, &format!("{WHEEL_NAME}: {expected}"));
}

fn content<'a>(files: &'a mut [(String, Vec<u8>)], end: &str) -> &'a mut Vec<u8> {
    &mut files.iter_mut().find(|(path, _)| path.ends_with(end)).unwrap().1
}

#[test]
fn wheels_that_disagree_with_their_name() {
    let bytes = wheel();
    let disagree = "demo-1.1-py3-none-any.whl: name and version of the directory disagree with the file name: \
                    demo-1.0.dist-info";
    refused(&bytes, "demo-1.1-py3-none-any.whl", disagree);
    refused(
        &bytes,
        "demo-1.0-cp312-cp312-any.whl",
        "demo-1.0-cp312-cp312-any.whl: the tags in WHEEL disagree with the file name: py3-none-any",
    );
    refused_wheel(
        |files| {
            let metadata = METADATA.replace("1.0", "1.1");
            *content(files, "RECORD") = "".into();
            *content(files, "METADATA") = metadata.clone().into();
            let record: String = files
                .iter()
                .filter(|(path, _)| !path.ends_with("RECORD"))
                .map(|(path, content)| record_row(path, content))
                .collect();
            *content(files, "RECORD") = record.into();
        },
        "name and version in its metadata disagree with the file name: Demo 1.1",
    );
    refused_wheel(
        |files| *content(files, "/WHEEL") = b"Tag: py3-none-any\n".to_vec(),
        "Wheel-Version \"none\"; 1.x is understood",
    );
}

#[test]
fn incomplete_wheels() {
    let missing = |end: &'static str| {
        move |files: &mut Vec<(String, Vec<u8>)>| files.retain(|(path, _)| !path.ends_with(end))
    };
    refused_wheel(missing("/WHEEL"), "demo-1.0.dist-info/WHEEL is missing");
    refused_wheel(missing("/RECORD"), "demo-1.0.dist-info/RECORD is missing");
    refused_wheel(missing("demo.py"), "RECORD: \"demo.py\" is listed and not in the archive");
    refused_wheel(
        |files| files.push(("more.py".to_owned(), Vec::new())),
        "RECORD: \"more.py\" is in the archive and not listed",
    );
    refused_wheel(|files| content(files, "demo.py").push(b' '), "RECORD: \"demo.py\" has another digest");
    refused_wheel(
        |files| content(files, "RECORD").extend_from_slice(record_row("demo.py", b"x = 1\n").as_bytes()),
        "RECORD: \"demo.py\" is listed twice",
    );
    for (from, to, expected) in [
        (",6\n", ",7\n", "has another size"),
        ("demo.py,sha256", "demo.py,md5", "has a digest that is not sha256"),
        ("demo.py,sha256=", "demo.py,", "has no digest"),
    ] {
        refused_wheel(
            |files| {
                let record = content(files, "RECORD");
                *record = String::from_utf8(record.clone()).unwrap().replacen(from, to, 1).into();
            },
            &format!("RECORD: \"demo.py\" {expected}"),
        );
    }
    refused(
        &zipped(&[("demo.py", b"")]),
        WHEEL_NAME,
        &format!("{WHEEL_NAME}: there is not exactly one .dist-info directory"),
    );
}

#[test]
fn unsafe_wheels() {
    for (path, problem) in [
        ("../evil.py", "leaves the archive"),
        ("/evil.py", "has an absolute path"),
        ("a\\..\\evil.py", "has a backslash in its path"),
        ("C:evil.py", "has an absolute path"),
    ] {
        refused_wheel(
            |files| files.push((path.to_owned(), Vec::new())),
            &format!("entry {path:?} {problem}"),
        );
    }
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    writer.add_symlink("link", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    writer.add_directory("demo-1.0.dist-info", SimpleFileOptions::default()).unwrap();
    let bytes = Bytes::from(writer.finish().unwrap().into_inner());
    refused(&bytes, WHEEL_NAME, &format!("{WHEEL_NAME}: entry \"link\" is a link or a device"));
}

#[test]
fn two_entries_of_one_name() {
    // The writer refuses to make one, so one of two names of equal length is patched.
    let bytes = wheel_with(&[("demo.py", b"x = 1\n"), ("demO.py", b"x = 2\n")], |_| {});
    let text = bytes.iter().map(|&byte| byte as char).collect::<String>().replace("demO.py", "demo.py");
    let bytes = Bytes::from(text.chars().map(|c| c as u8).collect::<Vec<u8>>());
    refused(&bytes, WHEEL_NAME, &format!("{WHEEL_NAME}: two entries have the same name"));
}

#[test]
fn a_directory_that_says_other_names_than_the_entries() {
    let bytes = wheel();
    let at = bytes.windows(7).position(|window| window == b"demo/__").unwrap();
    let mut changed = bytes.to_vec();
    changed[at] = b'D';
    let error = inspect(&changed.into(), WHEEL_NAME).unwrap_err().to_string();
    assert!(error.starts_with(&format!("{WHEEL_NAME}: no sound zip archive: ")), "{error}");
}

#[test]
fn damaged_archives() {
    for (bytes, filename) in [(wheel(), WHEEL_NAME), (sdist(), SDIST_NAME)] {
        for cut in [0, 1, bytes.len() / 2, bytes.len() - 1] {
            let error = inspect(&bytes.slice(..cut), filename).unwrap_err();
            assert!(matches!(error, InspectError::Malformed { .. }), "{filename} at {cut}: {error}");
        }
    }
}

#[test]
fn bombs_and_large_archives() {
    let zeros = vec![0; 4 << 20];
    let bomb_wheel = wheel_with(&[("zeros", &zeros)], |_| {});
    let bomb_sdist = sdist_with(&[(EntryType::Regular, "demo-1.0/zeros", "", &zeros)]);
    let no_ratio = Limits { ratio_from_bytes: 1 << 20, ..Limits::default() };
    let few_bytes = Limits { unpacked_bytes: 1 << 20, ..Limits::default() };
    let few_entries = Limits { entries: 1, ..Limits::default() };
    let small_file = Limits { file_bytes: 100, ..Limits::default() };
    let small_metadata = Limits { metadata_bytes: 10, ..Limits::default() };
    for (bytes, filename) in [(bomb_wheel, WHEEL_NAME), (bomb_sdist, SDIST_NAME)] {
        inspect(&bytes, filename).unwrap();
        for (limits, expected) in [
            (no_ratio, "the unpacked size is beyond the limit of 1048576"),
            (few_bytes, "the unpacked size is beyond the limit of 1048576"),
            (few_entries, "the number of entries is beyond the limit of 1"),
            (small_file, "the file is beyond the limit of 100"),
            (small_metadata, "a metadata file is beyond the limit of 10"),
        ] {
            let error = inspect_within(&bytes, filename, &limits).unwrap_err();
            assert_eq!(error.to_string(), format!("{filename}: {expected}"));
        }
    }
}

#[track_caller]
fn refused_sdist(more: &[TarEntry<'_>], expected: &str) {
    refused(&sdist_with(more), SDIST_NAME, &format!("{SDIST_NAME}: {expected}"));
}

#[test]
fn unsafe_sdists() {
    use EntryType::{Block, Char, Fifo, Link, Regular, Symlink};
    let file = |path| (Regular, path, "", b"".as_slice());
    refused_sdist(&[file("other/x")], "entry \"other/x\" is outside of the one top directory");
    refused_sdist(&[file("top.py")], "entry \"top.py\" is outside of the one top directory");
    refused_sdist(&[file("demo-1.0/../../x")], "entry \"demo-1.0/../../x\" leaves the archive");
    refused_sdist(&[file("/demo-1.0/x")], "entry \"/demo-1.0/x\" has an absolute path");
    refused_sdist(&[file("demo-1.0/PKG-INFO")], "entry \"demo-1.0/PKG-INFO\" is there twice");
    for entry_type in [Block, Char, Fifo] {
        refused_sdist(
            &[(entry_type, "demo-1.0/x", "", b"")],
            "entry \"demo-1.0/x\" is neither a file, a directory nor a link",
        );
    }
    for (entry_type, target) in [(Symlink, "/etc/passwd"), (Symlink, "../x"), (Link, "../x"), (Link, "etc/x")]
    {
        refused_sdist(
            &[(entry_type, "demo-1.0/x", target, b"")],
            "entry \"demo-1.0/x\" is a link that leaves the archive",
        );
    }
    refused_sdist(
        &[(Symlink, "demo-1.0/x", ".", b""), file("demo-1.0/x/y")],
        "entry \"demo-1.0/x/y\" is below a link",
    );
    let fine: &[TarEntry<'_>] = &[
        (EntryType::XGlobalHeader, "pax_global_header", "", b"16 comment=hello\n"),
        (Symlink, "demo-1.0/docs/x", "../PKG-INFO", b""),
        (Link, "demo-1.0/y", "demo-1.0/PKG-INFO", b""),
    ];
    inspect(&sdist_with(fine), SDIST_NAME).unwrap();
}

#[test]
fn sdists_that_are_not_what_their_name_says() {
    refused(
        &sdist(),
        "demo-1.1.tar.gz",
        "demo-1.1.tar.gz: name and version of the top directory disagree with the file name: demo-1.0",
    );
    let bytes = tarred(&[(EntryType::Regular, "demo-1.0/setup.py", "", b"")]);
    refused(&bytes, SDIST_NAME, "demo-1.0.tar.gz: demo-1.0/PKG-INFO is missing");
    refused(&tarred(&[]), SDIST_NAME, "demo-1.0.tar.gz: the archive is empty");
    refused(&sdist(), "demo-1.0.zip", "demo-1.0.zip: an sdist is a .tar.gz (PEP 625)");
    refused(
        &sdist(),
        "demo.txt",
        "\"demo.txt\" is not the name of a distribution: the extension is neither .whl nor .tar.gz",
    );
    let bytes = tarred(&[(EntryType::Regular, "demo-1.0/PKG-INFO", "", b"Name\n")]);
    let error = inspect(&bytes, SDIST_NAME).unwrap_err();
    assert_eq!(error.to_string(), "demo-1.0.tar.gz: PKG-INFO is malformed");
    assert!(matches!(error, InspectError::Metadata { .. }));
}

proptest::proptest! {
    #[test]
    fn a_changed_byte_is_noticed_or_says_nothing_else(at: proptest::sample::Index, mask in 1..=255_u8) {
        for (bytes, filename) in [(wheel(), WHEEL_NAME), (sdist(), SDIST_NAME)] {
            let mut changed = bytes.to_vec();
            changed[at.index(bytes.len())] ^= mask;
            if let Ok(inspected) = inspect(&changed.into(), filename) {
                // A date, a mode: nothing that a checksum or a comparison covers.
                proptest::prop_assert_eq!(inspected.metadata.description(), Some("A demo.\n"));
                proptest::prop_assert_ne!(inspected.sha256, Sha256::of(&bytes));
            }
        }
    }
}

#[test]
fn artifacts_are_read_from_files() {
    let missing = Artifact::read(Path::new("does/not/exist/demo-1.0.tar.gz")).unwrap_err();
    assert_eq!(missing.to_string(), "cannot read does/not/exist/demo-1.0.tar.gz");
    let artifact = Artifact::new(sdist(), SDIST_NAME).unwrap();
    assert_eq!((artifact.filename(), artifact.sha256()), (SDIST_NAME, Sha256::of(&sdist())));
}
