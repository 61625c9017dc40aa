//! Bounded buffers for what a child writes.

/// A line longer than this is handed on in pieces, so that a program that never ends a line cannot fill the memory.
const LINE_LIMIT: usize = 64 * 1024;

/// Cuts a stream of bytes into lines; `\r`, `\n` and `\r\n` each end one, since progress displays use the first.
#[derive(Default)]
pub(super) struct Lines {
    pending: Vec<u8>,
    after_return: bool,
}

impl Lines {
    pub(super) fn push(&mut self, bytes: &[u8], on_line: &mut dyn FnMut(&str)) {
        for &byte in bytes {
            let continues_line_end = byte == b'\n' && self.after_return;
            self.after_return = byte == b'\r';
            match byte {
                b'\n' if continues_line_end => {}
                b'\n' | b'\r' => self.emit(on_line),
                _ => {
                    self.pending.push(byte);
                    if self.pending.len() >= LINE_LIMIT {
                        self.emit(on_line);
                    }
                }
            }
        }
    }

    pub(super) fn end(mut self, on_line: &mut dyn FnMut(&str)) {
        if !self.pending.is_empty() {
            self.emit(on_line);
        }
    }

    fn emit(&mut self, on_line: &mut dyn FnMut(&str)) {
        on_line(&String::from_utf8_lossy(&self.pending));
        self.pending.clear();
    }
}

/// Keeps the first `limit` bytes.
pub(super) struct Head {
    limit: usize,
    pub(super) bytes: Vec<u8>,
    pub(super) truncated: bool,
}

impl Head {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, bytes: Vec::new(), truncated: false }
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        let room = self.limit.saturating_sub(self.bytes.len());
        let kept = bytes.get(..room).unwrap_or(bytes);
        self.bytes.extend_from_slice(kept);
        self.truncated |= kept.len() < bytes.len();
    }
}

/// Keeps the last `limit` bytes: what went wrong stands at the end.
pub(super) struct Tail {
    limit: usize,
    bytes: Vec<u8>,
}

impl Tail {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, bytes: Vec::new() }
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        // Cutting only at twice the limit keeps the cost per byte constant.
        if self.bytes.len() > self.limit.saturating_mul(2) {
            self.cut();
        }
    }

    pub(super) fn into_bytes(mut self) -> Vec<u8> {
        self.cut();
        self.bytes
    }

    fn cut(&mut self) {
        let excess = self.bytes.len().saturating_sub(self.limit);
        self.bytes.drain(..excess);
    }
}
