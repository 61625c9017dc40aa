//! From the events of a parser to a tree: which table a key belongs to, and which may be opened again (TOML 1.0,
//! sections Keys, Table, Inline Table, Array of Tables).

use std::borrow::Cow;
use std::collections::HashSet;
use std::mem;
use std::ops::Range;

use toml_parser::decoder::Encoding;

use super::super::{Entry, Node, Value, malformed};
use super::MAX_DEPTH;
use crate::locate::Failure;
use crate::site::Quoting;

/// From this many keys on a table is searched by hash.
const MANY: usize = 24;

/// A key and where it stands.
type Key<'a> = (Cow<'a, str>, Range<usize>);

/// How a table came to be, which decides who may add to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// On the way of a header: the header itself may still come.
    Implied,
    /// By its own header, or the root.
    Header,
    /// By a key with dots.
    Dotted,
    /// In braces: nobody adds to it.
    Inline,
}

#[derive(Debug)]
struct Table<'a> {
    span: Range<usize>,
    origin: Origin,
    entries: Vec<(Key<'a>, Item<'a>)>,
    /// The keys, once they are many.
    names: HashSet<Cow<'a, str>>,
}

#[derive(Debug)]
enum Item<'a> {
    Table(Table<'a>),
    /// Tables by `[[header]]`.
    Tables(Range<usize>, Vec<Table<'a>>),
    List(Range<usize>, Vec<Item<'a>>),
    Scalar(Node<'a>),
}

impl<'a> Table<'a> {
    fn new(span: Range<usize>, origin: Origin) -> Self {
        Self { span, origin, entries: Vec::new(), names: HashSet::new() }
    }

    fn position(&self, key: &str) -> Option<usize> {
        if self.entries.len() >= MANY && !self.names.contains(key) {
            return None;
        }
        self.entries.iter().rposition(|((known, _), _)| known == key)
    }

    fn push(&mut self, key: Key<'a>, item: Item<'a>) {
        if self.entries.len() + 1 == MANY {
            self.names = self.entries.iter().map(|((name, _), _)| name.clone()).collect();
        }
        if self.entries.len() + 1 >= MANY {
            self.names.insert(key.0.clone());
        }
        self.entries.push((key, item));
    }

    /// The item below a key, made if there is none.
    fn below(&mut self, key: &Key<'a>, make: impl FnOnce() -> Item<'a>) -> Option<&mut Item<'a>> {
        let at = match self.position(&key.0) {
            Some(at) => at,
            None => {
                self.push(key.clone(), make());
                self.entries.len() - 1
            }
        };
        self.entries.get_mut(at).map(|(_, item)| item)
    }

    fn into_node(self) -> Node<'a> {
        let entry =
            |((key, key_span), item): (Key<'a>, Item<'a>)| Entry { key, key_span, value: item.into_node() };
        Node { span: self.span, value: Value::Map(self.entries.into_iter().map(entry).collect()) }
    }
}

impl<'a> Item<'a> {
    fn into_node(self) -> Node<'a> {
        match self {
            Self::Table(table) => table.into_node(),
            Self::Tables(span, tables) => {
                Node { span, value: Value::List(tables.into_iter().map(Table::into_node).collect()) }
            }
            Self::List(span, items) => {
                Node { span, value: Value::List(items.into_iter().map(Self::into_node).collect()) }
            }
            Self::Scalar(node) => node,
        }
    }
}

/// An array or an inline table that is not closed yet, with the keys under which it will stand.
#[derive(Debug)]
enum Open<'a> {
    List { keys: Vec<Key<'a>>, start: usize, items: Vec<Item<'a>> },
    Table { keys: Vec<Key<'a>>, table: Table<'a> },
}

#[derive(Debug)]
pub(super) struct Builder<'a> {
    text: &'a str,
    root: Table<'a>,
    /// The header under which keys stand now: where, its keys, and whether it is one of `[[…]]`.
    header: Option<(usize, bool)>,
    path: Vec<Key<'a>>,
    /// The table of that header, taken out of the tree while keys are added.
    current: Table<'a>,
    keys: Vec<Key<'a>>,
    open: Vec<Open<'a>>,
    failure: Option<Failure>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            root: Table::new(0..0, Origin::Header),
            header: None,
            path: Vec::new(),
            current: Table::new(0..text.len(), Origin::Header),
            keys: Vec::new(),
            open: Vec::new(),
            failure: None,
        }
    }

    pub(super) fn finish(mut self) -> Result<Node<'a>, Failure> {
        self.put_back();
        match self.failure {
            Some(failure) => Err(failure),
            None => Ok(self.root.into_node()),
        }
    }

    fn fail(&mut self, offset: usize, message: String) {
        self.failure.get_or_insert_with(|| malformed(Some(offset), message));
    }

    fn duplicate(&mut self, key: &Key<'a>) {
        self.fail(key.1.start, format!("the key `{}` stands there twice", key.0));
    }

    pub(super) fn header_opens(&mut self, start: usize, is_list: bool) {
        self.put_back();
        self.header = Some((start, is_list));
    }

    pub(super) fn header_closes(&mut self, end: usize) {
        let Some((start, is_list)) = self.header else { return };
        self.path = mem::take(&mut self.keys);
        if self.path.len() > MAX_DEPTH as usize {
            self.fail(start, "it is nested too deeply".to_owned());
            self.path.clear();
        }
        self.current = Table::new(start..end, Origin::Header);
        let Some((last, parents)) = self.path.split_last() else { return };
        let (last, parents) = (last.clone(), parents.to_vec());
        let Some(parent) = walk(&mut self.root, &parents) else {
            // A key on the way is no table.
            return self.duplicate(parents.last().unwrap_or(&last));
        };
        let Some(at) = parent.position(&last.0) else { return };
        match parent.entries.get_mut(at).map(|(_, item)| item) {
            Some(Item::Tables(..)) if is_list => {}
            Some(Item::Table(table)) if !is_list && table.origin == Origin::Implied => {
                self.current.entries = mem::take(&mut table.entries);
                self.current.names = mem::take(&mut table.names);
            }
            _ => self.duplicate(&last),
        }
    }

    /// Puts the table of the last header into the tree.
    fn put_back(&mut self) {
        let table = mem::replace(&mut self.current, Table::new(0..0, Origin::Header));
        let Some((_, is_list)) = self.header else {
            self.root = table;
            return;
        };
        let path = mem::take(&mut self.path);
        let Some((last, parents)) = path.split_last() else { return };
        let Some(parent) = walk(&mut self.root, parents) else { return };
        let span = table.span.clone();
        if is_list {
            let made = || Item::Tables(span, Vec::new());
            if let Some(Item::Tables(_, tables)) = parent.below(last, made) {
                tables.push(table);
            }
        } else {
            match parent.position(&last.0).and_then(|at| parent.entries.get_mut(at)) {
                Some((_, item @ Item::Table(_))) => *item = Item::Table(table),
                Some(_) => {}
                None => parent.push(last.clone(), Item::Table(table)),
            }
        }
    }

    pub(super) fn key(&mut self, text: Cow<'a, str>, span: Range<usize>) {
        self.keys.push((text, span));
    }

    pub(super) fn array_opens(&mut self, start: usize) {
        let keys = mem::take(&mut self.keys);
        self.open.push(Open::List { keys, start, items: Vec::new() });
    }

    pub(super) fn inline_table_opens(&mut self, start: usize) {
        let keys = mem::take(&mut self.keys);
        self.open.push(Open::Table { keys, table: Table::new(start..start, Origin::Inline) });
    }

    pub(super) fn closes(&mut self, end: usize) {
        match self.open.pop() {
            Some(Open::List { keys, start, items }) => self.value(keys, Item::List(start..end, items)),
            Some(Open::Table { keys, mut table }) => {
                table.span.end = end;
                self.value(keys, Item::Table(table));
            }
            None => {}
        }
    }

    pub(super) fn scalar(&mut self, text: Cow<'a, str>, span: Range<usize>, encoding: Option<Encoding>) {
        let (quoting, quotes) = match encoding {
            None => {
                let spelled = self.text.get(span.clone()).unwrap_or_default();
                let keys = mem::take(&mut self.keys);
                return self.value(keys, Item::Scalar(Node { span, value: Value::Other(spelled) }));
            }
            Some(Encoding::BasicString) => (Some(Quoting::Escaped), 1),
            Some(Encoding::LiteralString) => (Some(Quoting::Literal), 1),
            Some(Encoding::MlBasicString | Encoding::MlLiteralString) => (None, 3),
        };
        let inner = span.start + quotes..span.end.saturating_sub(quotes);
        let keys = mem::take(&mut self.keys);
        self.value(keys, Item::Scalar(Node { span, value: Value::Text { text, inner, quoting } }));
    }

    /// A value is complete: into the array or the table that it stands in.
    fn value(&mut self, mut keys: Vec<Key<'a>>, item: Item<'a>) {
        let table = match self.open.last_mut() {
            Some(Open::List { items, .. }) => {
                items.push(item);
                return;
            }
            Some(Open::Table { table, .. }) => table,
            None => &mut self.current,
        };
        if keys.len() > MAX_DEPTH as usize {
            let at = keys.first().map_or(0, |key| key.1.start);
            return self.fail(at, "it is nested too deeply".to_owned());
        }
        let Some(last) = keys.pop() else { return };
        keys.reverse();
        let mut at = table;
        while let Some(key) = keys.pop() {
            let made = || Item::Table(Table::new(key.1.clone(), Origin::Dotted));
            match at.below(&key, made) {
                Some(Item::Table(inner)) if matches!(inner.origin, Origin::Dotted | Origin::Implied) => {
                    inner.origin = Origin::Dotted;
                    at = inner;
                }
                _ => return self.duplicate(&key),
            }
        }
        if at.position(&last.0).is_some() {
            return self.duplicate(&last);
        }
        at.push(last, item);
        // Give the memory of the keys to the next ones.
        if self.keys.capacity() == 0 {
            self.keys = keys;
        }
    }
}

/// The table that the keys of a header lead to, made where there is none; in a list of tables it is the last one.
fn walk<'t, 'a>(root: &'t mut Table<'a>, keys: &[Key<'a>]) -> Option<&'t mut Table<'a>> {
    let mut at = root;
    for key in keys {
        let made = || Item::Table(Table::new(key.1.clone(), Origin::Implied));
        at = match at.below(key, made)? {
            Item::Table(table) if table.origin != Origin::Inline => table,
            Item::Tables(_, tables) => tables.last_mut()?,
            _ => return None,
        };
    }
    Some(at)
}
