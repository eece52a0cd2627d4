//! Arbitrary text: no panic, and whatever parses prints text that parses back.

use gutskin_units::{Quantity, Unit};

#[test]
fn parse() {
    bolero::check!().for_each(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        check_unit(&text);
        check_unit(&tokens(bytes));
        check_quantity(&text);
    });
}

/// Text made of the grammar's own pieces, so that deep states are reached.
fn tokens(bytes: &[u8]) -> String {
    const PIECES: [&str; 32] = [
        "m", "g", "mol", "d", "h", "M", "L", "CFU", "µ", "u", "k", "p", "/", "*", "·", ".", " ",
        "(", ")", "^", "-", "1", "2", "9", "0", "e", "²", "⁻¹", "%", "per ", "points", "°",
    ];
    bytes
        .iter()
        .map(|byte| PIECES[usize::from(*byte) % PIECES.len()])
        .collect()
}

fn check_unit(text: &str) {
    match Unit::parse(text) {
        Ok(unit) => {
            let printed = unit.to_string();
            assert_eq!(Unit::parse(&printed).as_ref(), Ok(&unit), "{printed}");
            let canonical = unit.canonical();
            assert_eq!(Unit::parse(&canonical).as_ref(), Ok(&unit), "{canonical}");
            assert!(!unit.to_sbml_parts().is_empty());
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            let trimmed = text.trim();
            assert!(
                error
                    .offset()
                    .is_none_or(|offset| trimmed.is_char_boundary(offset))
            );
        }
    }
}

fn check_quantity(text: &str) {
    match Quantity::parse(text) {
        Ok(quantity) => {
            assert_eq!(Quantity::parse(&quantity.to_string()), Ok(quantity));
        }
        Err(error) => assert!(
            error
                .offset()
                .is_none_or(|offset| text.is_char_boundary(offset))
        ),
    }
}
