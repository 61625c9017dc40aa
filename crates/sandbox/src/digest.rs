//! The three digests an upload form may carry.
//!
//! SHA-256 comes from its crate. BLAKE2b and MD5 are only compared here, never trusted, so they are written out
//! rather than paid for with two more dependencies.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// SHA-256 in lower-case hexadecimal.
pub(crate) fn sha256(data: &[u8]) -> String {
    hexadecimal(Sha256::digest(data).as_slice())
}

/// Lower-case hexadecimal.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

const BLAKE2B_IV: [u64; 8] = [
    0x6a09_e667_f3bc_c908,
    0xbb67_ae85_84ca_a73b,
    0x3c6e_f372_fe94_f82b,
    0xa54f_f53a_5f1d_36f1,
    0x510e_527f_ade6_82d1,
    0x9b05_688c_2b3e_6c1f,
    0x1f83_d9ab_fb41_bd6b,
    0x5be0_cd19_137e_2179,
];

const BLAKE2B_SIGMA: [[usize; 16]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
    [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
    [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
    [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
    [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
    [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
    [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
    [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];

/// BLAKE2b with 32 bytes of output and no key (RFC 7693), in lower-case hexadecimal.
pub(crate) fn blake2b_256(data: &[u8]) -> String {
    let mut state = BLAKE2B_IV;
    state[0] ^= 0x0101_0000 ^ 32;
    let mut counted: u128 = 0;
    let mut rest = data;
    loop {
        let (block, after) = rest.split_at(rest.len().min(128));
        counted += block.len() as u128;
        let last = after.is_empty();
        blake2b_compress(&mut state, block, counted, last);
        if last {
            break;
        }
        rest = after;
    }
    let bytes: Vec<u8> = state.iter().take(4).flat_map(|word| word.to_le_bytes()).collect();
    hexadecimal(&bytes)
}

#[expect(
    clippy::indexing_slicing,
    reason = "every index is a constant below 16 or an entry of the table above"
)]
#[expect(clippy::cast_possible_truncation, reason = "the two halves of the counter")]
fn blake2b_compress(state: &mut [u64; 8], block: &[u8], counted: u128, last: bool) {
    let mut padded = [0_u8; 128];
    for (to, from) in padded.iter_mut().zip(block) {
        *to = *from;
    }
    let mut words = [0_u64; 16];
    for (word, chunk) in words.iter_mut().zip(padded.as_chunks::<8>().0) {
        *word = u64::from_le_bytes(*chunk);
    }
    let mut work = [0_u64; 16];
    work[..8].copy_from_slice(state);
    work[8..].copy_from_slice(&BLAKE2B_IV);
    work[12] ^= counted as u64;
    work[13] ^= (counted >> 64) as u64;
    if last {
        work[14] = !work[14];
    }
    let mut mix = |a: usize, b: usize, c: usize, d: usize, x: u64, y: u64| {
        work[a] = work[a].wrapping_add(work[b]).wrapping_add(x);
        work[d] = (work[d] ^ work[a]).rotate_right(32);
        work[c] = work[c].wrapping_add(work[d]);
        work[b] = (work[b] ^ work[c]).rotate_right(24);
        work[a] = work[a].wrapping_add(work[b]).wrapping_add(y);
        work[d] = (work[d] ^ work[a]).rotate_right(16);
        work[c] = work[c].wrapping_add(work[d]);
        work[b] = (work[b] ^ work[c]).rotate_right(63);
    };
    for round in 0..12 {
        let order = &BLAKE2B_SIGMA[round % 10];
        mix(0, 4, 8, 12, words[order[0]], words[order[1]]);
        mix(1, 5, 9, 13, words[order[2]], words[order[3]]);
        mix(2, 6, 10, 14, words[order[4]], words[order[5]]);
        mix(3, 7, 11, 15, words[order[6]], words[order[7]]);
        mix(0, 5, 10, 15, words[order[8]], words[order[9]]);
        mix(1, 6, 11, 12, words[order[10]], words[order[11]]);
        mix(2, 7, 8, 13, words[order[12]], words[order[13]]);
        mix(3, 4, 9, 14, words[order[14]], words[order[15]]);
    }
    for (index, word) in state.iter_mut().enumerate() {
        *word ^= work[index] ^ work[index + 8];
    }
}

/// MD5 (RFC 1321), in lower-case hexadecimal.
pub(crate) fn md5(data: &[u8]) -> String {
    let mut state = [0x6745_2301_u32, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
    let mut padded = data.to_vec();
    padded.push(0x80);
    while padded.len() % 64 != 56 {
        padded.push(0);
    }
    padded.extend_from_slice(&(data.len() as u64).wrapping_mul(8).to_le_bytes());
    for block in padded.as_chunks::<64>().0 {
        md5_compress(&mut state, block);
    }
    let bytes: Vec<u8> = state.iter().flat_map(|word| word.to_le_bytes()).collect();
    hexadecimal(&bytes)
}

#[expect(clippy::indexing_slicing, reason = "every index is taken modulo the size of its array")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the constants are defined so")]
fn md5_compress(state: &mut [u32; 4], block: &[u8; 64]) {
    const SHIFTS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
    let mut words = [0_u32; 16];
    for (word, chunk) in words.iter_mut().zip(block.as_chunks::<4>().0) {
        *word = u32::from_le_bytes(*chunk);
    }
    let [mut a, mut b, mut c, mut d] = *state;
    let mut count = 0.0_f64;
    for step in 0..64_usize {
        count += 1.0;
        let (value, word) = match step / 16 {
            0 => ((b & c) | (!b & d), step),
            1 => ((d & b) | (!d & c), 5 * step + 1),
            2 => (b ^ c ^ d, 3 * step + 5),
            _ => (c ^ (b | !d), 7 * step),
        };
        let sine = count.sin().abs();
        let constant = (sine * 4_294_967_296.0) as u32;
        let sum = a.wrapping_add(value).wrapping_add(constant).wrapping_add(words[word % 16]);
        a = d;
        d = c;
        c = b;
        b = b.wrapping_add(sum.rotate_left(SHIFTS[(step / 16) % 4][step % 4]));
    }
    for (word, add) in state.iter_mut().zip([a, b, c, d]) {
        *word = word.wrapping_add(add);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Published test vectors, and Python's hashlib at the block boundaries that the padding must survive.
    #[test]
    fn known_answers() {
        assert_eq!(md5(b""), "d41d8cd98f00b204e9800998ecf8427e");
        assert_eq!(md5(b"abc"), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(
            md5(b"12345678901234567890123456789012345678901234567890123456789012345678901234567890"),
            "57edf4a22be3c955ac49da2e2107b67a"
        );
        assert_eq!(blake2b_256(b""), "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
        assert_eq!(blake2b_256(b"abc"), "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
        for (length, blake2b, md5_digest) in [
            (
                127,
                "f2fe67ff342e21b8f45e8f2e0bcd1d9243245d50ee6c78042e9c491388791c72",
                "8402b21e7bc7906493bae0dac017f1f9",
            ),
            (
                128,
                "c3582f71ebb2be66fa5dd750f80baae97554f3b015663c8be377cfcb2488c1d1",
                "37eff01866ba3f538421b30b7cbefcac",
            ),
            (
                129,
                "f7f3c46ba2564ff4c4c162da1f5b605f9f1c4aa6a20652a9f9a337c1a2f5b9c9",
                "46f986692847558fc38b0cece591c20f",
            ),
            (
                256,
                "582f782226018ec33076bd8d1c42413530ac7e1126260ffc0f306ba3befc3f24",
                "f37caf20c55a8b74b224b3164409ad2d",
            ),
        ] {
            let data: Vec<u8> = (0..251).cycle().take(length).collect();
            assert_eq!(blake2b_256(&data), blake2b, "{length}");
            assert_eq!(md5(&data), md5_digest, "{length}");
        }
        assert_eq!(sha256(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
}
