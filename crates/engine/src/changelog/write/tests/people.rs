use super::*;

fn person(name: &str, mail: &str, login: &str) -> Author {
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Author { name: name.to_owned(), email: text(mail), login: text(login) }
}

#[test]
fn one_person_is_known_by_what_both_have() {
    for (before, own, is_new) in [
        (person("Ada", "a@x.example", "ada"), person("Eve", "e@x.example", "ADA"), false),
        (person("Ada", "a@x.example", "ada"), person("Ada", "a@x.example", "eve"), true),
        (person("Ada", "a@x.example", ""), person("A. L.", "A@X.example", "ada"), false),
        (person("Ada", "a@x.example", ""), person("Ada", "b@x.example", "ada"), true),
        (person("Ada", "", ""), person("ada", "b@x.example", "ada"), false),
        (person("Ada", "7+ada@users.noreply.f.example", ""), person("Eve", "", "ada"), false),
    ] {
        let new = newcomers(&[(own.clone(), Some(1))], &[before], &Mailmap::default(), &BTreeSet::new());
        assert_eq!(new, if is_new { vec![(own, Some(1))] } else { Vec::new() });
    }
}

#[test]
fn machines_and_nobody_are_no_newcomers() {
    let bots = BTreeSet::from(["renovate".to_owned()]);
    let range = [
        (person("", "", "dependabot[bot]"), Some(1)),
        (person("renovate", "", ""), Some(2)),
        (person("", "", "Renovate"), Some(3)),
        (person("x", "49699333+dependabot[bot]@users.noreply.f.example", ""), Some(4)),
        (person("", "", ""), Some(5)),
        (person("Ada", "a@x.example", ""), None),
        (person("Ada", "a@x.example", "ada"), Some(6)),
        (person("", "", "ada"), Some(7)),
    ];
    let new = newcomers(&range, &[], &Mailmap::default(), &bots);
    assert_eq!(new, [(person("Ada", "a@x.example", ""), Some(6))]);
}

#[test]
fn the_mailmap_makes_one_of_two() {
    let map = Mailmap::parse(
        "# c\nAda <a@x.example>\n<e@x.example> <old@x.example>\nEve <e@x.example> eve <shared@x.example>\nnonsense\n<x>\n",
    );
    for (own, expected) in [
        (person("ada", "A@x.example", ""), person("Ada", "A@x.example", "")),
        (person("Eve", "old@x.example", ""), person("Eve", "e@x.example", "")),
        (person("EVE", "shared@x.example", ""), person("Eve", "e@x.example", "")),
        (person("Bob", "shared@x.example", ""), person("Bob", "shared@x.example", "")),
        (person("Bob", "", "bob"), person("Bob", "", "bob")),
    ] {
        assert_eq!(map.apply(&own), expected);
    }
    let before = [person("Eve", "e@x.example", "")];
    assert_eq!(
        newcomers(&[(person("Eve", "old@x.example", ""), Some(1))], &before, &map, &BTreeSet::new()),
        []
    );
}

proptest! {
    #[test]
    fn nobody_is_new_twice_or_after_having_been_there(
        range in prop::collection::vec(("[ab]?", "[ab]?", "[ab]?"), 0..8),
        before in prop::collection::vec(("[ab]?", "[ab]?", "[ab]?"), 0..4),
    ) {
        let people = |all: &[(String, String, String)]| -> Vec<Author> {
            all.iter().map(|(name, mail, login)| person(name, mail, login)).collect()
        };
        let before = people(&before);
        let range: Vec<_> = people(&range).into_iter().zip((1..).map(Some)).collect();
        let new = newcomers(&range, &before, &Mailmap::default(), &BTreeSet::new());
        for (at, (author, _)) in new.iter().enumerate() {
            prop_assert!(!before.contains(author));
            prop_assert!(!new[..at].iter().any(|(other, _)| other == author));
        }
        let all: Vec<Author> = before.iter().cloned().chain(range.iter().map(|(author, _)| author.clone())).collect();
        prop_assert_eq!(newcomers(&range, &all, &Mailmap::default(), &BTreeSet::new()), []);
    }
}
