//! Opaque ids: a letter for the kind and letters for the number; upper and lower case differ.

const LETTERS: &[u8; 52] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const WIDTH: usize = 4;

pub(super) fn encode(kind: char, mut number: u64) -> String {
    let mut letters = Vec::new();
    while number > 0 || letters.len() < WIDTH {
        letters.push(char::from(LETTERS[(number % 52) as usize]));
        number /= 52;
    }
    std::iter::once(kind).chain(letters.into_iter().rev()).collect()
}

/// The number of an id of this kind; `None` for any other text.
pub(super) fn decode(kind: char, id: &str) -> Option<u64> {
    let letters = id.strip_prefix(kind)?;
    let number = letters.bytes().try_fold(0u64, |number, letter| {
        let digit = LETTERS.iter().position(|&l| l == letter)? as u64;
        number.checked_mul(52)?.checked_add(digit)
    })?;
    (encode(kind, number) == id).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_can_be_read_back_and_nothing_else_can() {
        for number in [0, 1, 51, 52, 52u64.pow(4) - 1, 52u64.pow(4), 123_456_789] {
            assert_eq!(decode('J', &encode('J', number)), Some(number));
        }
        for id in ["Jaaa", "Jaaaab", "Faaab", "J1234", ""] {
            assert_eq!(decode('J', id), None, "{id}");
        }
    }
}
