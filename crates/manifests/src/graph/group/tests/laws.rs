use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use tminus_versioning::{ExistingVersions, Level, ReleaseVersion, Scheme};

use super::super::{Asked, CurrentVersion, Group, GroupKind, Groups};
use super::release;
use crate::PackageId;

fn package(number: usize) -> PackageId {
    PackageId::pypi(&format!("p{number}"))
}

fn any_current() -> impl Strategy<Value = CurrentVersion> {
    let numbers = || (0u64..3, 0u64..4, 0u64..4).prop_map(|(a, b, c)| ReleaseVersion::new(a, b, c));
    (numbers(), prop::collection::vec(numbers(), 0..4)).prop_map(|(version, existing)| {
        let existing: ExistingVersions = existing.into_iter().collect();
        CurrentVersion { version, scheme: Scheme::Pep440, existing }
    })
}

fn any_level() -> impl Strategy<Value = Level> {
    prop_oneof![Just(Level::Patch), Just(Level::Minor), Just(Level::Major)]
}

proptest! {
    /// Packages 0 to 3 are one group, 4 and 5 stand alone.
    #[test]
    fn versions_go_up_and_belong_together(
        current in prop::collection::vec(any_current(), 6),
        levels in prop::collection::btree_map(0usize..6, any_level(), 0..6),
        kind in prop_oneof![Just(GroupKind::Fixed), Just(GroupKind::Linked), Just(GroupKind::Independent)],
    ) {
        let current: BTreeMap<PackageId, CurrentVersion> =
            current.into_iter().enumerate().map(|(number, current)| (package(number), current)).collect();
        let members = (0..4).map(|number| package(number).into()).collect();
        let groups = [Group { name: "g".to_owned(), kind, members }];
        let groups = Groups::resolve(&groups, current.keys()).unwrap();
        let asked: BTreeMap<PackageId, Asked> =
            levels.iter().map(|(&number, &level)| (package(number), release(level))).collect();
        let next = groups.next_versions(&current, &asked).unwrap();
        for (id, next) in &next {
            prop_assert!(next.version > current[id].version);
            prop_assert!(!current[id].existing.contains(&next.version));
            prop_assert_eq!(next.version.to_string(), next.text.clone());
            prop_assert_eq!(next.asked, asked.contains_key(id));
        }
        let changed: BTreeSet<&PackageId> = next.keys().collect();
        let group = groups.groups()[0].packages.clone();
        let is_begun = group.iter().any(|id| asked.contains_key(id));
        let mut expected: BTreeSet<&PackageId> = asked.keys().collect();
        if kind == GroupKind::Fixed && is_begun {
            expected.extend(&group);
        }
        prop_assert_eq!(changed, expected);
        let together: BTreeSet<&ReleaseVersion> =
            group.iter().filter_map(|id| next.get(id)).map(|next| &next.version).collect();
        if kind != GroupKind::Independent {
            prop_assert_eq!(together.len(), usize::from(is_begun));
            let highest = group.iter().map(|id| &current[id].version).max().unwrap();
            prop_assert!(together.iter().all(|version| *version > highest));
        }
    }
}
