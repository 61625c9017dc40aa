use super::*;
use crate::npm::Mode;
use crate::{calver as calendar, npm as node};

/// What a scheme makes of a text: the canonical form by PEP 440, or the kind of refusal.
#[track_caller]
fn check(scheme: Scheme, text: &str, expected: &str) {
    let actual = match ReleaseVersion::parse(scheme, text) {
        Ok(version) => version.to_string(),
        Err(ParseReleaseError::NotNeutral { part, .. }) => format!("beyond: {part:?}"),
        Err(_) => "invalid".to_owned(),
    };
    assert_eq!(actual, expected, "{scheme} {text:?}");
}

/// The version as every scheme writes it, in the order of `Scheme::ALL`; `Part` where it is refused.
#[track_caller]
fn check_spellings(text: &str, expected: [&str; 8]) {
    let version: ReleaseVersion = text.parse().unwrap();
    let actual = Scheme::ALL.map(|scheme| {
        version.render(scheme).unwrap_or_else(|error| {
            assert_eq!(error.scheme(), scheme);
            format!("{:?}", error.part())
        })
    });
    assert_eq!(actual, expected, "{text}");
}

#[track_caller]
fn check_refused(from: Scheme, to: Scheme, text: &str, expected: &str) {
    assert_eq!(convert(from, to, text).unwrap_err().to_string(), expected);
}

#[test]
fn every_scheme_writes_the_same_release() {
    let post = "PostRelease";
    let fourth = "FourthNumber";
    let rc = "0.4.0-rc.1";
    check_spellings("0.4.0rc1", ["0.4.0rc1", rc, rc, rc, rc, "v0.4.0-rc.1", rc, "Year"]);
    let dev = "0.4.5-dev.20260202";
    check_spellings(
        "0.4.5.dev20260202",
        ["0.4.5.dev20260202", dev, dev, dev, dev, "v0.4.5-dev.20260202", dev, "Year"],
    );
    let alpha = "1.0.0-alpha.2";
    check_spellings("1.0.0a2", ["1.0.0a2", alpha, alpha, alpha, alpha, "v1.0.0-alpha.2", alpha, "Year"]);
    let beta = "2026.4.0-beta.0";
    check_spellings(
        "2026.4b0",
        ["2026.4b0", beta, beta, beta, beta, "v2026.4.0-beta.0", beta, "2026.4-beta.0"],
    );
    check_spellings("0.4.0.post1", ["0.4.0.post1", post, post, post, post, post, "0.4.0.post1", "Year"]);
    check_spellings("1.2.post1", ["1.2.post1", post, post, post, post, post, "1.2.0.post1", "Year"]);
    check_spellings("0.1.5.1", ["0.1.5.1", fourth, fourth, fourth, fourth, fourth, "0.1.5.1", "Year"]);
    check_spellings(
        "0.1.5.1rc1",
        ["0.1.5.1rc1", fourth, fourth, fourth, fourth, fourth, "0.1.5.1rc1", "Year"],
    );
    check_spellings("1!2.0", ["1!2.0", "Epoch", "Epoch", "Epoch", "Epoch", "Epoch", "Epoch", "Epoch"]);
    let build = "2.1.0+cu118";
    check_spellings("2.1.0+cu118", [build, build, build, build, build, "LocalPart", "LocalPart", "Year"]);
    check_spellings("2", ["2", "2.0.0", "2.0.0", "2.0.0", "2.0.0", "v2.0.0", "2.0.0", "Year"]);
    check_spellings(
        "2026.4.1.2.3",
        ["2026.4.1.2.3", fourth, fourth, fourth, fourth, fourth, "2026.4.1.2.3", "FifthNumber"],
    );
    check_spellings(
        "2026",
        ["2026", "2026.0.0", "2026.0.0", "2026.0.0", "2026.0.0", "v2026.0.0", "2026.0.0", "2026.0"],
    );
    let large = "9007199254740992.0.0";
    let number = "LargeNumber";
    check_spellings(large, [large, number, number, large, large, "v9007199254740992.0.0", large, "Year"]);
    let largest = "9007199254740991.0.0";
    check_spellings(
        largest,
        [largest, largest, largest, largest, largest, "v9007199254740991.0.0", largest, "Year"],
    );
    let rc = "2026.4.1-rc.3";
    check_spellings("2026.4.1rc3", ["2026.4.1rc3", rc, rc, rc, rc, "v2026.4.1-rc.3", rc, rc]);
    check_spellings(
        "24.4.0.7.post1",
        ["24.4.0.7.post1", fourth, fourth, fourth, fourth, fourth, "24.4.0.7.post1", "24.4.0.7-post.1"],
    );
    let local = "24.4.0+cu118";
    check_spellings(local, [local, local, local, local, local, "LocalPart", "LocalPart", "LocalPart"]);
    for text in ["9.4", "1000.1", "1969.1", "10000.1"] {
        let error = text.parse::<ReleaseVersion>().unwrap().render(Scheme::Calver).unwrap_err();
        assert_eq!(error.part(), Inexpressible::Year, "{text}");
    }
}

#[test]
fn the_length_of_a_text_is_kept_within_what_is_read_back() {
    let number = u64::MAX;
    let many: ReleaseVersion =
        format!("{number}.{number}.{number}.{number}.{number}.post{number}").parse().unwrap();
    assert_eq!(many.render(Scheme::Oci).unwrap_err().part(), Inexpressible::Length);
    check(
        Scheme::Pep440,
        &format!("{number}.{number}.{number}.{number}.{number}.{number}"),
        "beyond: Length",
    );
    let ones = vec!["1"; 56].join(".");
    check(Scheme::Pep440, &ones, &ones);
    check(Scheme::Pep440, &format!("{ones}.1"), "beyond: Length");
    let longest = "a".repeat(LocalPart::MAX_BYTES);
    for scheme in [Scheme::Pep440, Scheme::Npm, Scheme::NpmLoose, Scheme::Semver, Scheme::Cargo] {
        check(scheme, &format!("1.0.0+{longest}"), &format!("1.0.0+{longest}"));
        check(scheme, &format!("1.0.0+{longest}b"), "beyond: Length");
    }
    assert_eq!(
        ReleaseVersion::parse(Scheme::Pep440, &format!("1.0+{longest}b")).unwrap_err().to_string(),
        format!(
            "\"1.0+{longest}b\" is a version, but a release has at most 112 bytes of release numbers and 96 bytes of \
             local part or build metadata"
        )
    );
}

#[test]
fn numbers_that_semver_and_go_allow_are_told_as_too_large() {
    for text in ["18446744073709551616.0.0", "1.18446744073709551616.0-rc.1", "0.0.99999999999999999999"] {
        check(Scheme::Semver, text, "beyond: LargeNumber");
        check(Scheme::Go, &format!("v{text}"), "beyond: LargeNumber");
        check(Scheme::Oci, text, "beyond: LargeNumber");
        for scheme in [Scheme::Cargo, Scheme::Npm, Scheme::NpmLoose, Scheme::Pep440] {
            check(scheme, text, "invalid");
        }
    }
    check_refused(
        Scheme::Go,
        Scheme::Pep440,
        "v99999999999999999999.0.0",
        "\"v99999999999999999999.0.0\" is a version, but a number in it is too large",
    );
}

/// The text is refused by the module of the scheme, in its words and at its place.
#[track_caller]
fn check_place(scheme: Scheme, text: &str, offset: Option<usize>, message: &str) {
    let error = ReleaseVersion::parse(scheme, text).unwrap_err();
    assert_eq!((error.offset(), error.to_string().as_str()), (offset, message), "{scheme}");
    assert_eq!(error.part(), None);
    assert_eq!(convert(scheme, Scheme::Pep440, text), Err(ConvertError::CannotRead(error)));
}

#[test]
fn an_error_is_the_one_of_the_module_with_its_place() {
    check_place(
        Scheme::Pep440,
        "1.2.x",
        Some(3),
        "\"1.2.x\" is not a PEP 440 version: unexpected '.' at character 4",
    );
    check_place(
        Scheme::Semver,
        "1.02.3",
        Some(2),
        "\"1.02.3\" is not a SemVer version: the minor number starts with a zero, at character 3",
    );
    check_place(
        Scheme::Cargo,
        "1.2",
        Some(3),
        "\"1.2\" is not a SemVer version: the text ends after the minor number, at character 4",
    );
    check_place(
        Scheme::Npm,
        " v1.2.x",
        Some(6),
        "\" v1.2.x\" is not an npm version: unexpected 'x' at character 7",
    );
    check_place(
        Scheme::NpmLoose,
        "=1.2.3_",
        Some(6),
        "\"=1.2.3_\" is not an npm version: unexpected '_' at character 7",
    );
    check_place(
        Scheme::Go,
        "v1.0.0+linux",
        Some(6),
        "\"v1.0.0+linux\" is not a version of a Go module: the only build metadata is `+incompatible`, at character 7",
    );
    check_place(
        Scheme::Go,
        "0.4.0",
        Some(0),
        "\"0.4.0\" is not a version of a Go module: it must start with `v`",
    );
    check_place(
        Scheme::Oci,
        "0.4.0+a",
        Some(5),
        "\"0.4.0+a\" cannot be a tag of an image: unexpected '+' at character 6; write `_` or `-` instead of it, or \
         leave the build metadata out",
    );
    let check_tag = |text: &str, offset: usize, reason: &str| {
        let message =
            format!("{text:?} is not a version in the scheme `oci`: {reason}, at character {}", offset + 1);
        check_place(Scheme::Oci, text, Some(offset), &message);
    };
    check_tag("latest", 0, "it must start with a number, perhaps after a `v`");
    check_tag("vv1.0.0", 1, "it must start with a number, perhaps after a `v`");
    check_tag("v1.0.0_linux", 6, "it is neither SemVer nor PEP 440");
    check_tag("1.0.0-rc..1", 9, "it is neither SemVer nor PEP 440");
    check_tag("v0.4.0.RC1", 6, "it is not in the canonical form of PEP 440");
    check_tag("0.4.0a", 6, "it is not in the canonical form of PEP 440");
    check_place(
        Scheme::Calver,
        "2026.4.001",
        Some(7),
        "\"2026.4.001\" is not a calendar version: the number must not start with a zero, at character 8",
    );
    for scheme in Scheme::ALL {
        assert_eq!(ReleaseVersion::parse(scheme, "").unwrap_err().offset(), None);
    }
}

#[test]
fn npm_loose_reads_all_that_npm_reads() {
    check_refused(
        Scheme::NpmLoose,
        Scheme::Pep440,
        "1.2.3-",
        "\"1.2.3-\" is a version, but its pre-release part is not one of `alpha.N`, `beta.N`, `rc.N`, `dev.N`",
    );
    check(Scheme::NpmLoose, "1.2.3--rc.1", "beyond: OtherPreRelease");
    check(Scheme::Npm, "1.2.3-", "invalid");
    let loose = node::Version::parse("v1.2.3RC1", Mode::Loose).unwrap();
    assert_eq!(ReleaseVersion::from_npm_loose(&loose), Ok("1.2.3rc1".parse().unwrap()));
    assert_eq!(ReleaseVersion::try_from(&loose), Err(Beyond::OtherPreRelease));
    assert_eq!(
        Beyond::OtherPreRelease.to_string(),
        "its pre-release part is not one of `alpha.N`, `beta.N`, `rc.N`, `dev.N`"
    );
}

#[test]
fn semver_is_read_whole_and_strictly() {
    for scheme in [Scheme::Semver, Scheme::Cargo, Scheme::Npm, Scheme::Oci] {
        check(scheme, "0.4.0-rc.1", "0.4.0rc1");
        check(scheme, "0.4.0-beta", "0.4.0b0");
        check(scheme, "0.8.1-dev", "0.8.1.dev0");
        check(scheme, "0.4.0-dev.18446744073709551616", "beyond: LargeNumber");
        for pre in [
            "rc1",
            "RC.1",
            "RC1",
            "a.1",
            "b.1",
            "pre.1",
            "next.1",
            "rc.1.2",
            "rc.x",
            "rc-1",
            "5",
            "rc.1.dev.2",
        ] {
            check(scheme, &format!("0.4.0-{pre}"), "beyond: OtherPreRelease");
        }
        for text in ["", "1", "1.0", "1.0.0-", "1.0.0-rc.", "x1.0.0", "1.0.0 x", "01.0.0-rc.1", "1.0.0-rc.01"]
        {
            assert!(ReleaseVersion::parse(scheme, text).is_err(), "{scheme} {text:?}");
        }
    }
    for scheme in [Scheme::Semver, Scheme::Cargo, Scheme::Npm] {
        check(scheme, "2.1.0+cu118", "2.1.0+cu118");
        check(scheme, "2.1.0-rc.1+7.x0", "2.1.0rc1+7.x0");
        for build in ["CU118", "cu-118", "007", "a.00", "18446744073709551616", "cu118.X"] {
            check(scheme, &format!("2.1.0+{build}"), "beyond: OtherBuildMetadata");
        }
    }
    for text in ["v1.0.0", " 1.0.0", "1.0.0\n", "=1.0.0"] {
        check(Scheme::Semver, text, "invalid");
        check(Scheme::Cargo, text, "invalid");
    }
}

#[test]
fn go_wants_its_letter() {
    check(Scheme::Go, "v0.4.0-rc.1", "0.4.0rc1");
    check(Scheme::Go, "v0.1.0", "0.1.0");
    for text in ["0.4.0", "v1", "v1.2", "vv1.0.0", "V1.0.0", "v01.0.0", "v1.0.0 ", "go1.20.1", "", "v"] {
        check(Scheme::Go, text, "invalid");
    }
    check(Scheme::Go, "v2.0.0+incompatible", "beyond: BuildMetadata");
    check(Scheme::Go, "v0.0.0-20260202120000-0123456789ab", "beyond: OtherPreRelease");
    check(Scheme::Go, "v0.4.1-0.20260202120000-0123456789ab", "beyond: OtherPreRelease");
    check_refused(
        Scheme::Go,
        Scheme::Npm,
        "0.4.0",
        "\"0.4.0\" is not a version of a Go module: it must start with `v`",
    );
}

/// The texts and what is read of them were measured with semver 7.8 of npm.
#[test]
fn npm_reads_as_npm_does() {
    for text in ["v1.2.3", " v1.2.3 ", "\u{a0}1.2.3\u{feff}", "1.2.3", "\t1.2.3\n"] {
        check(Scheme::Npm, text, "1.2.3");
        check(Scheme::NpmLoose, text, "1.2.3");
    }
    for text in [
        "=1.2.3",
        "=v1.2.3",
        "v 1.2.3",
        "vv1.2.3",
        "01.02.03",
        "= v 1.2.3",
        "v=1.2.3",
        "00000000000000000001.2.3",
    ] {
        check(Scheme::Npm, text, "invalid");
        check(Scheme::NpmLoose, text, "1.2.3");
    }
    for text in [
        "V1.2.3",
        "1.2.3 -rc1",
        "1.2.3.rc1",
        "9007199254740992.0.0",
        "\u{85}1.2.3",
        "1.2",
        "1.2.3.4",
        "1.2.3 x",
        "",
    ] {
        check(Scheme::Npm, text, "invalid");
        check(Scheme::NpmLoose, text, "invalid");
    }
    for text in ["1.2.3rc1", "1.2.3rc.1", "1.2.3-rc.01", "1.2.3-rc.00000000000000000001"] {
        check(Scheme::Npm, text, "invalid");
        check(Scheme::NpmLoose, text, "1.2.3rc1");
    }
    check(Scheme::NpmLoose, "1.2.3-rc1", "1.2.3rc1");
    check(Scheme::NpmLoose, "1.2.3-RC.1", "1.2.3rc1");
    check(Scheme::NpmLoose, "1.2.3a1", "1.2.3a1");
    check(Scheme::NpmLoose, "1.2.3-Beta", "1.2.3b0");
    check(Scheme::NpmLoose, "1.2.3dev", "1.2.3.dev0");
    check(Scheme::NpmLoose, "1.2.3rc1+b", "1.2.3rc1+b");
    for text in
        ["1.2.3-next.1", "1.2.3-rc.1.2", "1.2.3-rc-1", "1.2.3--rc1", "1.2.3-5", "1.2.3x", "1.2.3-rc1x"]
    {
        check(Scheme::NpmLoose, text, "beyond: OtherPreRelease");
    }
    for text in ["1.2.3-rc..1", "1.2.3-rc.1.", "1.2.3+", "1.2.3+a..b", "1.2.3-rc_1"] {
        check(Scheme::NpmLoose, text, "invalid");
    }
    for scheme in [Scheme::Npm, Scheme::NpmLoose] {
        check(scheme, "9007199254740991.0.0", "9007199254740991.0.0");
        check(scheme, "1.2.3-rc.9007199254740990", "1.2.3rc9007199254740990");
        // From here on npm compares it as text.
        check(scheme, "1.2.3-rc.9007199254740991", "beyond: LargeNumber");
        check(scheme, &format!("1.2.3{}", " ".repeat(300)), "invalid");
    }
    let version: ReleaseVersion = "1.2.3rc9007199254740991".parse().unwrap();
    assert_eq!(version.render(Scheme::Npm).unwrap_err().part(), Inexpressible::LargeNumber);
}

#[test]
fn image_tags_name_one_release() {
    check(Scheme::Oci, "0.4.0-rc.1", "0.4.0rc1");
    check(Scheme::Oci, "v0.4.0-rc.1", "0.4.0rc1");
    check(Scheme::Oci, "0.4.0rc1", "0.4.0rc1");
    check(Scheme::Oci, "v0.4.0", "0.4.0");
    check(Scheme::Oci, "0.4.0.post1", "0.4.0.post1");
    check(Scheme::Oci, "v0.1.5.1", "0.1.5.1");
    check(Scheme::Oci, "0.4.5.dev20260202", "0.4.5.dev20260202");
    for text in [
        "latest",
        "main",
        "sha-0123abc",
        "sha256-0123",
        "nightly",
        "test-0.4.0",
        "0.4.0+cu118",
        "1!2.0.0",
        "",
    ] {
        check(Scheme::Oci, text, "invalid");
    }
    for text in [
        "vv0.4.0",
        "V0.4.0",
        " 0.4.0",
        "0.4.0.RC1",
        "0.4.0_rc1",
        "0.4.0c1",
        "0.4.0.1-1",
        "0.4.0a",
        "0123456789abcdef",
    ] {
        check(Scheme::Oci, text, "invalid");
    }
    for text in ["0.4", "0", "v1", "1234567", "20260202", "1a23456", "0.4rc1"] {
        check(Scheme::Oci, text, "beyond: MovingTag");
    }
    for text in ["0.4.0-amd64", "0.4.0-1", "0.4.0-rc.1-cuda", "0.4.0-0123abc"] {
        check(Scheme::Oci, text, "beyond: OtherPreRelease");
    }
    check(Scheme::Oci, "0.4.0rc1.dev2", "beyond: SeveralPhases");
    check(Scheme::Oci, &format!("0.4.0-rc.{}", "1".repeat(120)), "invalid");
}

#[test]
fn calendar_versions_start_with_a_year() {
    check(Scheme::Calver, "2026.04.1", "2026.4.1");
    check(Scheme::Calver, "24.04", "24.4");
    check(Scheme::Calver, "2026.4.0.1", "2026.4.0.1");
    check(Scheme::Calver, "2026.04.01rc1", "2026.4.1rc1");
    check(Scheme::Calver, "2026.4.1-rc.1", "2026.4.1rc1");
    check(Scheme::Calver, "2026.4.1.post1", "2026.4.1.post1");
    check(Scheme::Calver, "2026.4.1-dev", "2026.4.1.dev0");
    check(Scheme::Calver, "2026.4.1_c-2", "2026.4.1rc2");
    check(Scheme::Calver, "106.1", "106.1");
    for text in ["06.04", "00.1", "09.1"] {
        check(Scheme::Calver, text, "beyond: PaddedYear");
    }
    for text in [
        "2026",
        "6.04",
        "1.2.3",
        "0.4.0",
        "2026.4.1.2.3",
        "1!2026.4",
        "v2026.4",
        " 2026.4",
        "2026.4 ",
        "",
        "1500.1",
    ] {
        check(Scheme::Calver, text, "invalid");
    }
    for text in
        ["2026-04-01", "2026-04", "2026.04-1", "2026.04x", "2026..04", "2026.04.", "2026_04_01", "x2026.04"]
    {
        check(Scheme::Calver, text, "invalid");
    }
    assert_eq!(convert(Scheme::Calver, Scheme::Pep440, "2026.04.01").unwrap(), "2026.4.1");
    assert_eq!(convert(Scheme::Calver, Scheme::Npm, "24.04").unwrap(), "24.4.0");
    for (text, canonical) in [
        ("2024.2.1rc3", "2024.2.1-rc.3"),
        ("2024.02.01-RC.3", "2024.2.1-rc.3"),
        ("24.04_dev", "24.4-dev.0"),
        ("2024.2.1.post1", "2024.2.1-post.1"),
        ("2024.02.0.0", "2024.2.0.0"),
    ] {
        assert_eq!(text.parse::<calendar::Version>().unwrap().to_string(), canonical);
        assert_eq!(convert(Scheme::Calver, Scheme::Calver, text).as_deref(), Ok(canonical));
    }
}

#[test]
fn a_refusal_says_which_side_and_which_part() {
    check_refused(
        Scheme::Pep440,
        Scheme::Npm,
        "1!2.0",
        "version 1!2.0 cannot be written in the scheme npm, which has no epochs",
    );
    check_refused(
        Scheme::Pep440,
        Scheme::Go,
        "2.1.0+cu118",
        "version 2.1.0+cu118 cannot be written in the scheme go, which has no local parts: leave out what stands after `+`",
    );
    check_refused(
        Scheme::Semver,
        Scheme::Pep440,
        "1.0.0-next.1",
        "\"1.0.0-next.1\" is a version, but its pre-release part is not one of `alpha.N`, `beta.N`, `rc.N`, `dev.N`",
    );
    check_refused(
        Scheme::Oci,
        Scheme::Pep440,
        "latest",
        "\"latest\" is not a version in the scheme `oci`: it must start with a number, perhaps after a `v`, at character 1",
    );
    let error = ReleaseVersion::parse(Scheme::Oci, "0.4").unwrap_err();
    assert_eq!(error.part(), Some(Beyond::MovingTag));
    assert_eq!(ReleaseVersion::parse(Scheme::Semver, "0.4").unwrap_err().part(), None);
    let long = "9".repeat(5000);
    for scheme in Scheme::ALL {
        assert!(ReleaseVersion::parse(scheme, &long).unwrap_err().to_string().len() < 500);
    }
}

#[test]
fn what_may_be_published_has_no_local_part() {
    let part = |scheme, text| ReleaseVersion::parse_public(scheme, text).unwrap_err().part();
    assert_eq!(part(Scheme::Pep440, "1.0+cu118"), Some(Beyond::LocalPart));
    assert_eq!(part(Scheme::Semver, "1.0.0+5"), Some(Beyond::BuildMetadata));
    assert_eq!(part(Scheme::Npm, "1.0.0+A"), Some(Beyond::BuildMetadata));
    assert_eq!(part(Scheme::Npm, "1.0.0-x"), Some(Beyond::OtherPreRelease));
    assert!(ReleaseVersion::parse_public(Scheme::Npm, "1.0.0-rc.1").is_ok());
}

#[test]
fn versions_of_semver_keep_their_text() {
    let schemes = [Scheme::Semver, Scheme::Cargo, Scheme::Npm, Scheme::NpmLoose];
    for text in [
        "1.0.0-beta",
        "1.0.0-next.1",
        "1.0.0-0",
        "1.2.3-rc1",
        "1.2.3-RC.1",
        "1.0.0+Build.007",
        "1.0.0-x.7.z.92",
    ] {
        for (from, to) in schemes.iter().flat_map(|from| schemes.map(|to| (*from, to))) {
            assert_eq!(convert(from, to, text).as_deref(), Ok(text), "{from} {to}");
        }
    }
    assert_eq!(convert(Scheme::Npm, Scheme::Go, "v1.0.0-next.1").unwrap(), "v1.0.0-next.1");
    assert_eq!(
        convert(Scheme::Go, Scheme::Npm, "v1.0.1-0.20240101000000-abcdefabcdef").unwrap(),
        "1.0.1-0.20240101000000-abcdefabcdef"
    );
    assert_eq!(convert(Scheme::Oci, Scheme::Semver, "v1.2.3-alpine").unwrap(), "1.2.3-alpine");
    assert_eq!(convert(Scheme::NpmLoose, Scheme::Npm, "=1.2.3rc1").unwrap(), "1.2.3-rc1");
    for (to, text) in
        [(Scheme::Go, "1.0.0+1"), (Scheme::Oci, "1.0.0+1"), (Scheme::Npm, "1.0.0-9007199254740993")]
    {
        assert!(
            matches!(convert(Scheme::Semver, to, text), Err(ConvertError::CannotExpress(_))),
            "{to} {text}"
        );
    }
}

#[test]
fn what_would_come_back_otherwise_is_refused() {
    let refused = [
        (Scheme::Npm, "1.0.0-beta", "1.0.0b0", "1.0.0-beta.0"),
        (Scheme::Semver, "1.0.0-dev", "1.0.0.dev0", "1.0.0-dev.0"),
        (Scheme::NpmLoose, "1.2.0rc1", "1.2.0rc1", "1.2.0-rc.1"),
    ];
    for (from, text, expected_there, expected_back) in refused {
        match convert(from, Scheme::Pep440, text) {
            Err(ConvertError::Lossy { written, back, .. }) => {
                assert_eq!((written.as_str(), back.as_str()), (expected_there, expected_back));
            }
            other => panic!("{text}: {other:?}"),
        }
    }
    for (from, to, text, expected) in [
        (Scheme::Pep440, Scheme::Npm, "1.2", "1.2.0"),
        (Scheme::Pep440, Scheme::Npm, "1.2-dev", "1.2.0-dev.0"),
        (Scheme::Calver, Scheme::Pep440, "2026.04.1", "2026.4.1"),
        (Scheme::Oci, Scheme::Pep440, "0.4.0rc1", "0.4.0rc1"),
        (Scheme::Pep440, Scheme::Pep440, "v1.0-RC.1+Ubuntu-1", "1.0rc1+ubuntu.1"),
        (Scheme::Pep440, Scheme::Pep440, "1.0a1.dev2", "1.0a1.dev2"),
    ] {
        assert_eq!(convert(from, to, text).as_deref(), Ok(expected));
    }
}
