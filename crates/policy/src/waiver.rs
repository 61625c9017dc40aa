use jiff::civil::Date;

use crate::{CheckName, Outcome, Verdict};

/// A named person's decision to go on although a check says no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// The check that it is about.
    pub check: CheckName,
    /// Who decided.
    pub by: String,
    /// Why.
    pub why: String,
    /// The last day on which it counts; `None` has no end.
    pub until: Option<Date>,
}

impl Waiver {
    /// Whether it counts on `today`; its last day included.
    pub fn counts_on(&self, today: Date) -> bool {
        self.until.is_none_or(|until| today <= until)
    }

    /// The longest-lived first among those that count, then by text: the same answer in any order.
    fn rank(&self) -> (Date, &str, &str) {
        (self.until.unwrap_or(Date::MAX), &self.by, &self.why)
    }
}

/// The verdicts with the waivers that count on `today` applied.
///
/// A go stays a go. A no-go or an unknown check becomes [`Outcome::Waived`]; where several waivers count, the one
/// that lasts longest is named. Where only ended ones exist the verdict stays as it is and a note tells of each.
pub fn apply_waivers(verdicts: Vec<Verdict>, waivers: &[Waiver], today: Date) -> Vec<Verdict> {
    verdicts.into_iter().map(|verdict| apply(verdict, waivers, today)).collect()
}

/// The waivers that name no check among `verdicts`: misspelt, or left over.
pub fn unmatched_waivers<'a>(verdicts: &[Verdict], waivers: &'a [Waiver]) -> Vec<&'a Waiver> {
    let known = |waiver: &&Waiver| verdicts.iter().any(|verdict| verdict.check == waiver.check);
    waivers.iter().filter(|waiver| !known(waiver)).collect()
}

fn apply(mut verdict: Verdict, waivers: &[Waiver], today: Date) -> Verdict {
    if !verdict.blocks() {
        return verdict;
    }
    let (counting, ended): (Vec<_>, Vec<_>) =
        waivers.iter().filter(|waiver| waiver.check == verdict.check).partition(|w| w.counts_on(today));
    let Some(waiver) = counting.into_iter().max_by_key(|waiver| waiver.rank()) else {
        let mut notes: Vec<String> = ended.into_iter().filter_map(ended_note).collect();
        notes.sort();
        notes.dedup();
        return verdict.with_notes(notes);
    };
    let reasons = match verdict.outcome {
        Outcome::NoGo { reasons } => reasons,
        Outcome::Unknown { why } => {
            verdict.notes.push(format!("it could not be known: {why}"));
            Vec::new()
        }
        Outcome::Go | Outcome::Waived { .. } => Vec::new(),
    };
    verdict.outcome =
        Outcome::Waived { by: waiver.by.clone(), why: waiver.why.clone(), until: waiver.until, reasons };
    verdict
}

fn ended_note(waiver: &Waiver) -> Option<String> {
    let until = waiver.until?;
    Some(format!("the waiver by {} ({}) ended on {until}", waiver.by, waiver.why))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Finding;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn reason(text: &str) -> Finding {
        Finding { what: text.into(), why: "it is open".into(), remedy: "close it".into() }
    }

    fn no_go(check: CheckName) -> Verdict {
        Verdict::from_reasons(check, vec![reason("issue #1")])
    }

    fn waiver(by: &str, until: Option<Date>) -> Waiver {
        Waiver { check: CheckName::BUGS, by: by.into(), why: "because".into(), until }
    }

    #[track_caller]
    fn check(waivers: &[Waiver], today: Date, expected: Option<&str>, notes: &[&str]) {
        let after = apply_waivers(vec![no_go(CheckName::BUGS)], waivers, today).remove(0);
        let by = match &after.outcome {
            Outcome::Waived { by, reasons, .. } => {
                assert_eq!(reasons, &[reason("issue #1")], "what was waived stays visible");
                Some(by.as_str())
            }
            Outcome::NoGo { .. } => None,
            other => panic!("{other:?}"),
        };
        assert_eq!((by, after.notes), (expected, notes.iter().map(|note| (*note).to_owned()).collect()));
    }

    #[test]
    fn the_last_day_counts_and_the_next_does_not() {
        let until = Some(date(2026, 11, 30));
        check(&[waiver("ada", until)], date(2026, 11, 30), Some("ada"), &[]);
        let note = "the waiver by ada (because) ended on 2026-11-30";
        check(&[waiver("ada", until)], date(2026, 12, 1), None, &[note]);
        check(&[waiver("ada", None)], Date::MAX, Some("ada"), &[]);
        check(&[], date(2026, 11, 30), None, &[]);
    }

    #[test]
    fn the_longest_one_is_named_and_ended_ones_are_not_told_then() {
        let today = date(2026, 11, 20);
        let ended = waiver("eve", Some(date(2026, 1, 1)));
        let short = waiver("ada", Some(date(2026, 11, 21)));
        let long = waiver("bob", Some(date(2026, 12, 21)));
        check(&[ended.clone(), short.clone(), long.clone()], today, Some("bob"), &[]);
        check(&[long, short, ended], today, Some("bob"), &[]);
    }

    #[test]
    fn other_checks_and_gos_are_left_alone() {
        let waivers = [waiver("ada", None)];
        let verdicts = vec![no_go(CheckName::LABELS), Verdict::from_reasons(CheckName::BUGS, Vec::new())];
        assert_eq!(apply_waivers(verdicts.clone(), &waivers, date(2026, 1, 1)), verdicts);
        assert!(unmatched_waivers(&verdicts, &waivers).is_empty());
        assert_eq!(unmatched_waivers(&verdicts[..1], &waivers), [&waivers[0]]);
    }

    #[test]
    fn the_unknown_can_be_waived_and_says_what_was_unknown() {
        let verdicts = vec![Verdict::unknown(CheckName::BUGS, "no forge")];
        let after = apply_waivers(verdicts, &[waiver("ada", None)], date(2026, 1, 1)).remove(0);
        assert!(!after.blocks());
        assert_eq!(after.notes, ["it could not be known: no forge"]);
    }

    fn names() -> impl Strategy<Value = CheckName> {
        prop::sample::select(vec![CheckName::BUGS, CheckName::LABELS, CheckName::MILESTONE])
    }

    fn days() -> impl Strategy<Value = Date> {
        (1..=28_i8).prop_map(|day| date(2026, 11, day))
    }

    fn waivers() -> impl Strategy<Value = Vec<Waiver>> {
        let one = (names(), "[ab]", "[xy]", prop::option::of(days()));
        prop::collection::vec(one.prop_map(|(check, by, why, until)| Waiver { check, by, why, until }), 0..6)
    }

    fn verdicts() -> impl Strategy<Value = Vec<Verdict>> {
        let one = (names(), 0..3_u8).prop_map(|(check, kind)| match kind {
            0 => Verdict::from_reasons(check, Vec::new()),
            1 => no_go(check),
            _ => Verdict::unknown(check, "no answer"),
        });
        prop::collection::vec(one, 0..5)
    }

    proptest! {
        #[test]
        fn a_check_blocks_exactly_when_it_did_and_no_waiver_counts(
            before in verdicts(), waivers in waivers(), today in days(),
        ) {
            let after = apply_waivers(before.clone(), &waivers, today);
            prop_assert_eq!(after.len(), before.len());
            for (before, after) in before.iter().zip(&after) {
                let covered = waivers.iter().any(|w| w.check == before.check && w.counts_on(today));
                prop_assert_eq!(after.blocks(), before.blocks() && !covered);
                prop_assert_eq!(&after.check, &before.check);
                if !before.blocks() {
                    prop_assert_eq!(after, before);
                }
            }
        }

        #[test]
        fn the_order_of_waivers_changes_nothing(
            before in verdicts(), (waivers, mixed) in waivers().prop_flat_map(|all| {
                (Just(all.clone()), Just(all).prop_shuffle())
            }), today in days(),
        ) {
            prop_assert_eq!(apply_waivers(before.clone(), &waivers, today), apply_waivers(before, &mixed, today));
        }
    }
}
