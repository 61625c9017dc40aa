//! The words of an instruction.

use std::ops::Range;

use super::instruction::Instruction;

/// The words in some bytes of an instruction, each with its quotes and escapes.
pub(super) fn words(instruction: &Instruction<'_>, range: Range<usize>) -> Vec<Range<usize>> {
    split(instruction, range).0
}

/// The words; none where a quote is not closed.
pub(super) fn closed_words(instruction: &Instruction<'_>, range: Range<usize>) -> Vec<Range<usize>> {
    let (words, closed) = split(instruction, range);
    if closed { words } else { Vec::new() }
}

fn split(instruction: &Instruction<'_>, range: Range<usize>) -> (Vec<Range<usize>>, bool) {
    let mut found = Vec::new();
    let (mut start, mut quote, mut escaped) = (None, None, false);
    for (at, character) in instruction.slice(range.clone()).char_indices() {
        let at = range.start + at;
        if start.is_none() {
            if character.is_whitespace() {
                continue;
            }
            start = Some(at);
        }
        match (character, quote) {
            _ if escaped => escaped = false,
            _ if character == instruction.escape => escaped = true,
            (_, Some(open)) => quote = quote.filter(|_| character != open),
            ('"' | '\'', None) => quote = Some(character),
            _ if character.is_whitespace() => found.extend(start.take().map(|start| start..at)),
            _ => {}
        }
    }
    found.extend(start.map(|start| start..range.end));
    (found, quote.is_none())
}
