//! A question a line, an answer a line.

use std::io::{self, BufRead, Write};

use tminus_engine::Exit;

use super::grammar::Fault;
use crate::CommandError;

/// The longest line that is read; what is longer is answered with an error and skipped.
const LONGEST: u64 = 64 * 1024;

/// The most that is taken as a whole.
const MOST: u64 = 1 << 30;

/// How much is read at once.
const BLOCK: usize = 256 * 1024;

/// Answers every line of standard input on standard output.
///
/// The answers so far are written out whenever the next read would wait, so that a program can hold a conversation.
pub(super) fn answer_each(answer: impl FnMut(Result<&str, Fault>, &mut Vec<u8>)) -> Result<(), CommandError> {
    let input = io::BufReader::with_capacity(BLOCK, io::stdin().lock());
    match relay(input, io::stdout().lock(), answer) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(failed(&error)),
        // A closed pipe means that nobody reads any more.
        _ => Ok(()),
    }
}

fn failed(error: &io::Error) -> CommandError {
    CommandError::new(Exit::World, format!("standard input or output failed: {error}"))
}

fn relay(
    mut input: io::BufReader<impl io::Read>,
    mut output: impl Write,
    mut answer: impl FnMut(Result<&str, Fault>, &mut Vec<u8>),
) -> io::Result<()> {
    let (mut line, mut answers) = (Vec::new(), Vec::with_capacity(BLOCK));
    loop {
        // Most lines lie whole in the buffer and need not be copied.
        let block = input.buffer();
        if let Some(length) = block.iter().position(|byte| *byte == b'\n') {
            reply(block.get(..length).unwrap_or_default(), &mut answers, &mut answer);
            input.consume(length + 1);
            if answers.len() < BLOCK {
                continue;
            }
        }
        output.write_all(&answers)?;
        output.flush()?;
        answers.clear();
        if input.fill_buf()?.is_empty() {
            return Ok(());
        }
        if input.buffer().contains(&b'\n') {
            continue;
        }
        line.clear();
        let taken = io::Read::take(&mut input, LONGEST + 1).read_until(b'\n', &mut line)?;
        if line.last() == Some(&b'\n') {
            line.pop();
        } else if taken as u64 > LONGEST {
            skip_line(&mut input)?;
        }
        reply(&line, &mut answers, &mut answer);
    }
}

fn reply(line: &[u8], answers: &mut Vec<u8>, answer: &mut impl FnMut(Result<&str, Fault>, &mut Vec<u8>)) {
    answer(text(plain(line)), answers);
    answers.push(b'\n');
}

fn skip_line(input: &mut impl BufRead) -> io::Result<()> {
    loop {
        let block = input.fill_buf()?;
        let (length, ends) = match block.iter().position(|byte| *byte == b'\n') {
            Some(at) => (at + 1, true),
            None => (block.len(), block.is_empty()),
        };
        input.consume(length);
        if ends {
            return Ok(());
        }
    }
}

/// All of standard input.
pub(super) fn read_all() -> Result<Vec<u8>, CommandError> {
    let mut bytes = Vec::new();
    let mut input = io::Read::take(io::stdin().lock(), MOST + 1);
    io::Read::read_to_end(&mut input, &mut bytes).map_err(|error| failed(&error))?;
    if bytes.len() as u64 > MOST {
        return Err(CommandError::new(Exit::Usage, "standard input is longer than 1 GiB")
            .with_remedy("give it in parts"));
    }
    Ok(bytes)
}

/// The lines of a text, without what ends them.
pub(super) fn of(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    // A text of no bytes has no line, one of a single line feed has one.
    bytes.split(|byte| *byte == b'\n').filter(|line| !(line.is_empty() && bytes.is_empty())).map(plain)
}

/// A line without the carriage return that may end it.
fn plain(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// A line as text, where it is one.
pub(super) fn text(line: &[u8]) -> Result<&str, Fault> {
    if line.len() as u64 > LONGEST {
        return Err("the line is longer than 64 KiB".to_owned());
    }
    std::str::from_utf8(line)
        .map_err(|error| format!("the line is not UTF-8 from byte {} on", error.valid_up_to() + 1))
}

/// Writes the answer to arguments.
pub(super) fn write_line(text: &str) -> Result<(), CommandError> {
    write_all(format!("{text}\n").as_bytes())
}

/// Writes an answer that is there as a whole.
pub(super) fn write_all(text: &[u8]) -> Result<(), CommandError> {
    let mut output = io::stdout().lock();
    match output.write_all(text).and_then(|()| output.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(failed(&error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(input: &[u8], expected: &str) {
        for capacity in [1, 2, 7, 4096] {
            let mut output = Vec::new();
            let input = io::BufReader::with_capacity(capacity, input);
            let answer = |line: Result<&str, Fault>, answers: &mut Vec<u8>| match line {
                Ok(line) => answers.extend(format!("<{line}>").bytes()),
                Err(why) => answers.extend(why.bytes()),
            };
            relay(input, &mut output, answer).unwrap();
            assert_eq!(String::from_utf8(output).unwrap(), expected);
        }
    }

    #[test]
    fn every_line_has_an_answer() {
        check(b"", "");
        check(b"\n", "<>\n");
        check(b"a\nb\n", "<a>\n<b>\n");
        check(b"a\r\n\r\nb", "<a>\n<>\n<b>\n");
        check(b"a\xff\nb\n", "the line is not UTF-8 from byte 2 on\n<b>\n");
    }

    #[test]
    fn a_long_line_is_refused_and_skipped() {
        let mut input = vec![b'x'; 70_000];
        input.extend(b"\nb\n");
        check(&input, "the line is longer than 64 KiB\n<b>\n");
        check(&input[..70_000], "the line is longer than 64 KiB\n");
    }
}
