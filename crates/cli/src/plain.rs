//! Output without signs that steer a terminal, whatever names the files hold.

use std::io::{Result, Write};

use gutskin_people::profile::text::steers;

/// What stands in for such a sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `\u{1b}`, for people.
    Text,
    /// `\u001b`, within the strings of JSON.
    Json,
}

/// A writer that writes such signs out.
pub struct Plain<W> {
    inner: W,
    style: Style,
}

impl<W: Write> Plain<W> {
    /// Around another writer.
    pub const fn new(inner: W, style: Style) -> Self {
        Self { inner, style }
    }
}

impl<W: Write> Write for Plain<W> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        self.inner
            .write_all(written_out(&text, self.style).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        self.inner.flush()
    }
}

/// A text with such signs written out; ends of lines and tabs stay.
pub fn written_out(text: &str, style: Style) -> std::borrow::Cow<'_, str> {
    let steering = |sign: char| steers(sign) && !matches!(sign, '\n' | '\t');
    if !text.chars().any(steering) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for sign in text.chars() {
        if !steering(sign) {
            shown.push(sign);
        } else if style == Style::Json {
            shown.push_str(&format!("\\u{:04x}", u32::from(sign)));
        } else {
            shown.extend(sign.escape_unicode());
        }
    }
    shown.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_steers_no_terminal_and_json_keeps_its_meaning() {
        let name = "a\u{1b}[31m\u{9b}2J\u{202e}b\u{7f}\n";
        let mut bytes = Vec::new();
        Plain::new(&mut bytes, Style::Text)
            .write_all(name.as_bytes())
            .unwrap();
        let shown = String::from_utf8(bytes).unwrap();
        assert_eq!(shown, "a\\u{1b}[31m\\u{9b}2J\\u{202e}b\\u{7f}\n");
        let mut bytes = Vec::new();
        serde_json::to_writer(Plain::new(&mut bytes, Style::Json), name).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).chars().any(steers));
        assert_eq!(serde_json::from_slice::<String>(&bytes).unwrap(), name);
    }
}
