use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use tminus_vcs::PathMap;

use crate::trees::check;

/// What the documentation says, by the simplest means.
#[derive(Default)]
struct Model(BTreeMap<Vec<String>, Vec<u32>>);

impl Model {
    fn owners(&self, path: &str) -> Vec<u32> {
        let names: Vec<_> = path.split('/').map(str::to_owned).collect();
        let longest = (0..=names.len()).rev().find_map(|length| self.0.get(&names[..length]));
        longest.cloned().unwrap_or_default()
    }
}

fn path() -> impl Strategy<Value = String> {
    vec(prop_oneof!["[ab]", "a[.-]b"], 0..5).prop_map(|names| names.join("/"))
}

#[test]
fn the_longest_declared_path_decides() {
    let declared = vec((path(), proptest::option::weighted(0.8, 0..4_u32)), 0..12);
    check(512, &(declared, vec(path(), 20)), |(declared, asked)| {
        let (mut map, mut model) = (PathMap::new(), Model::default());
        for (path, owner) in &declared {
            let names = path.split('/').filter(|name| !name.is_empty()).map(str::to_owned).collect();
            let owners = model.0.entry(names).or_default();
            match owner {
                Some(owner) => {
                    map.insert(path, *owner).unwrap();
                    owners.push(*owner);
                    owners.sort_unstable();
                    owners.dedup();
                }
                None => {
                    map.exclude(path).unwrap();
                    owners.clear();
                }
            }
        }
        for path in asked.iter().chain(declared.iter().map(|(path, _)| path)).filter(|path| !path.is_empty())
        {
            prop_assert_eq!(map.owners(path.as_bytes()), model.owners(path), "{}", path);
        }
        // What it says was declared makes the same map.
        let mut again = PathMap::new();
        for (path, owners) in map.declared() {
            again.exclude(&path).unwrap();
            for owner in owners {
                again.insert(&path, owner).unwrap();
            }
        }
        prop_assert_eq!(again.declared(), map.declared());
        Ok(())
    });
}

#[test]
fn any_bytes_are_a_path_or_an_error() {
    let bytes = || vec(prop_oneof![any::<u8>(), Just(b'/'), Just(b'.')], 0..12);
    let seen = std::cell::Cell::new((0, 0));
    check(2000, &(bytes(), bytes()), |(one, two)| {
        let mut map = PathMap::new();
        let (good, bad) = seen.get();
        match map.insert(&one, 1) {
            Ok(()) => {
                seen.set((good + 1, bad));
                prop_assert_eq!(map.declared().len(), 1);
                prop_assert_eq!(map.owners(&map.declared()[0].0), [1]);
            }
            Err(error) => {
                seen.set((good, bad + 1));
                prop_assert!(error.to_string().contains("cannot be a path"));
                prop_assert_eq!(map.declared(), []);
            }
        }
        prop_assert!(map.owners(&two).len() <= 1);
        Ok(())
    });
    assert!(seen.get().0 > 100 && seen.get().1 > 100, "{:?}", seen.get());
}

#[test]
fn paths_that_cannot_be() {
    for path in ["/a", "..", "a/../b", "a//b", "//", "a/./b", "a\0b", "./..", &"a/".repeat(3000)] {
        let error = PathMap::new().insert(path, 0).unwrap_err();
        assert!(error.to_string().len() < 400, "{error}");
        assert!(PathMap::new().exclude(path).is_err());
    }
    for path in ["", ".", "./", "././"] {
        let mut map = PathMap::new();
        map.insert(path, 5).unwrap();
        assert_eq!(map.owners(b"x/y"), [5], "{path}");
    }
    let mut deep = PathMap::new();
    deep.insert("a/".repeat(2000), 5).unwrap();
    assert_eq!(deep.owners("a/".repeat(2001).as_bytes()), [5]);
    assert_eq!(deep.owners("a/".repeat(1999).as_bytes()), [0; 0]);
}
