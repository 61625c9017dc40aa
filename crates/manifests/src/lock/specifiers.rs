//! Version specifiers (PEP 440) in the normal form in which uv writes them.

use tminus_versioning::pep440::Version;

/// The operators in the order in which uv sorts those of one version. The ones on `.*` come behind their own.
const OPERATORS: [&str; 8] = ["===", "==", "!=", "~=", "<=", ">=", "<", ">"];

/// The specifiers without white space, each version in its normal form, by version and then by operator.
///
/// Nothing for what names no version, such as `===2004d`.
pub(super) fn normal_form(specifiers: &str) -> Option<String> {
    let clauses = specifiers.split(',').map(str::trim).filter(|clause| !clause.is_empty());
    let mut clauses = clauses.map(clause).collect::<Option<Vec<_>>>()?;
    clauses.sort_by(|one, other| (&one.version, one.rank).cmp(&(&other.version, other.rank)));
    Some(clauses.iter().map(|clause| clause.text.as_str()).collect::<Vec<_>>().join(","))
}

struct Clause {
    version: Version,
    rank: u8,
    text: String,
}

fn clause(text: &str) -> Option<Clause> {
    let operator = OPERATORS.into_iter().find(|operator| text.starts_with(operator))?;
    let written = text.get(operator.len()..)?.trim();
    let (version, wildcard) = match written.strip_suffix(".*") {
        Some(version) => (version, true),
        None => (written, false),
    };
    let version: Version = version.parse().ok()?;
    let rank = match (operator, wildcard) {
        ("==", false) => 0,
        ("==", true) => 1,
        ("===", _) => 2,
        ("!=", false) => 3,
        ("!=", true) => 4,
        ("~=", _) => 5,
        ("<", _) => 6,
        ("<=", _) => 7,
        (">", _) => 8,
        _ => 9,
    };
    let text = format!("{operator}{version}{}", if wildcard { ".*" } else { "" });
    Some(Clause { version, rank, text })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Facts: each line was written to a project file, and uv 0.13.8 locked it as the second text.
    const FACTS: [(&str, &str); 16] = [
        ("", ""),
        ("< 4, >= 3.4 , !=3.5", ">=3.4,!=3.5,<4"),
        (">=3.0,>=3.0.0 , !=3.0,<=9", "!=3.0,>=3.0,>=3.0.0,<=9"),
        ("<9,>=v3.0-RC.1,!=3.1.*,>3.0.DEV", ">3.0.dev0,>=3.0rc1,!=3.1.*,<9"),
        (">=1.0,~=1.0,==1.*", "==1.*,~=1.0,>=1.0"),
        ("~=1.0,>=1.0,!=1.0.post1", "~=1.0,>=1.0,!=1.0.post1"),
        ("!=2.0,<2.0,>=0,", ">=0,!=2.0,<2.0"),
        ("!=2.0+Local_1,<2.0", "<2.0,!=2.0+local.1"),
        (">=01.00.0,<1!3", ">=1.0.0,<1!3"),
        ("<=0, == 1.0RC1+Loc_1, <=1.0.post2, < 1.0RC1", "<=0,<1.0rc1,==1.0rc1+loc.1,<=1.0.post2"),
        ("!= 1.0-dev , ==1.0RC1 , ~= 1.0.0 , >=1.0RC1", "!=1.0.dev0,==1.0rc1,>=1.0rc1,~=1.0.0"),
        (">=1.0.0, ==v1.1.*, >= 2.0, < 1.0.0", "<1.0.0,>=1.0.0,==1.1.*,>=2.0"),
        ("!= 1.0.dev1 , ~=1.0-dev , > 1.0.dev1", "~=1.0.dev0,!=1.0.dev1,>1.0.dev1"),
        ("== 1.0.post2 , ==1.0.post2", "==1.0.post2,==1.0.post2"),
        ("<=1.0_A2", "<=1.0a2"),
        ("~= 1.0-1", "~=1.0.post1"),
    ];

    #[test]
    fn specifiers_are_written_as_uv_writes_them() {
        for (written, normal) in FACTS {
            assert_eq!(normal_form(written).as_deref(), Some(normal), "{written:?}");
            assert_eq!(normal_form(normal).as_deref(), Some(normal), "twice: {written:?}");
        }
    }

    #[test]
    fn what_names_no_version_has_no_normal_form() {
        for text in ["===2004d", ">=", "1.0", "^1.0", ">=1.0 <2"] {
            assert_eq!(normal_form(text), None, "{text:?}");
        }
    }
}
