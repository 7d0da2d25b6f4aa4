//! A reader for JSON (RFC 8259) that never allocates. serde_json does in three places that lie in
//! the tick's way: the stack of what is ignored, strings with escapes, and every error. Outside the
//! tick serde_json is used; the test holds this reader to it.
//!
//! Laxer than the standard where it does no harm: numbers are what Rust reads as such, strings are
//! compared as they are written.

/// Deepest nesting that is followed.
const DEEPEST: u32 = 32;

/// It is not JSON, or not of the shape that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Malformed;

type Read<T> = Result<T, Malformed>;

/// Reads one document from its beginning.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: u32,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            depth: 0,
        }
    }

    /// The next byte that is no white space.
    fn peek(&mut self) -> Read<u8> {
        while let Some(&byte) = self.bytes.get(self.at) {
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Ok(byte);
            }
            self.at += 1;
        }
        Err(Malformed)
    }

    fn expect(&mut self, byte: u8) -> Read<()> {
        if self.peek()? != byte {
            return Err(Malformed);
        }
        self.at += 1;
        Ok(())
    }

    fn word(&mut self, word: &[u8]) -> Read<()> {
        if !self.bytes[self.at..].starts_with(word) {
            return Err(Malformed);
        }
        self.at += word.len();
        Ok(())
    }

    /// Values between `open` and `close`, each read by `value`.
    fn list(
        &mut self,
        [open, close]: [u8; 2],
        mut value: impl FnMut(&mut Self) -> Read<()>,
    ) -> Read<()> {
        self.expect(open)?;
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Malformed);
        }
        if self.peek()? == close {
            self.at += 1;
        } else {
            loop {
                value(self)?;
                let next = self.peek()?;
                self.at += 1;
                match next {
                    b',' => {}
                    end if end == close => break,
                    _ => return Err(Malformed),
                }
            }
        }
        self.depth -= 1;
        Ok(())
    }

    /// An object; `member` gets each name and has to read its value.
    pub(super) fn object(
        &mut self,
        mut member: impl FnMut(&'a [u8], &mut Self) -> Read<()>,
    ) -> Read<()> {
        self.list(*b"{}", |reader| {
            let name = reader.text()?;
            reader.expect(b':')?;
            member(name, reader)
        })
    }

    /// An array; `item` has to read each of its values.
    pub(super) fn array(&mut self, item: impl FnMut(&mut Self) -> Read<()>) -> Read<()> {
        self.list(*b"[]", item)
    }

    /// A string between its quotes, escapes as they are written.
    pub(super) fn text(&mut self) -> Read<&'a [u8]> {
        self.expect(b'"')?;
        let start = self.at;
        loop {
            match self.bytes.get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => self.at += 2,
                Some(0..0x20) | None => return Err(Malformed),
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        Ok(&self.bytes[start..self.at - 1])
    }

    /// A finite number.
    pub(super) fn number(&mut self) -> Read<f64> {
        self.peek()?;
        let rest = &self.bytes[self.at..];
        let of_number = |byte: &u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
        let len = rest.iter().take_while(|byte| of_number(byte)).count();
        let text = std::str::from_utf8(&rest[..len]).map_err(|_| Malformed)?;
        let value: f64 = text.parse().map_err(|_| Malformed)?;
        self.at += len;
        if value.is_finite() {
            Ok(value)
        } else {
            Err(Malformed)
        }
    }

    /// True or false.
    pub(super) fn truth(&mut self) -> Read<bool> {
        let truth = self.peek()? == b't';
        self.word(if truth { b"true" } else { b"false" })?;
        Ok(truth)
    }

    /// Whether the value is null; it is read if so.
    pub(super) fn null(&mut self) -> Read<bool> {
        if self.peek()? != b'n' {
            return Ok(false);
        }
        self.word(b"null")?;
        Ok(true)
    }

    /// Any value.
    pub(super) fn skip(&mut self) -> Read<()> {
        match self.peek()? {
            b'{' => self.object(|_, reader| reader.skip()),
            b'[' => self.array(Self::skip),
            b'"' => self.text().map(drop),
            b't' | b'f' => self.truth().map(drop),
            b'n' => self.null().map(drop),
            _ => self.number().map(drop),
        }
    }

    /// Nothing may follow.
    pub(super) fn end(&mut self) -> Read<()> {
        match self.peek() {
            Ok(_) => Err(Malformed),
            Err(Malformed) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &[u8]) -> Read<()> {
        let mut reader = Reader::new(text);
        reader.skip()?;
        reader.end()
    }

    const SAMPLE: &str = r#" {"a": [1, -2.5e-3, {"b\"c\\": null}], "d": "\u00e9é", "e": {},
        "f": [], "g": true, "h": [false, [[["deep"]]]], "i": 1e300} "#;

    #[test]
    fn whole_documents_and_no_others() {
        assert_eq!(whole(SAMPLE.as_bytes()), Ok(()));
        for cut in 1..SAMPLE.trim_end().len() {
            assert_eq!(whole(&SAMPLE.as_bytes()[..cut]), Err(Malformed), "{cut}");
        }
        for bad in [
            "", "nul", "truth", "1e999", "NaN", "inf", "[1,]", "{\"a\"}", "\"\n\"", "[}", "1 2",
        ] {
            assert_eq!(whole(bad.as_bytes()), Err(Malformed), "{bad}");
        }
        assert_eq!(whole("[".repeat(100_000).as_bytes()), Err(Malformed));
    }

    /// Spoilt documents: no panic, and whatever serde_json takes is taken here.
    #[test]
    fn spoilt_documents_do_no_harm() {
        let mut state = 5_u64;
        let mut next = |below: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) as usize % below
        };
        let alphabet = br#"{}[]",:\truefalsnul0123456789.-+e "#;
        let mut taken = 0;
        for _ in 0..20_000 {
            let mut text = SAMPLE.as_bytes().to_vec();
            for _ in 0..=next(3) {
                let at = next(text.len());
                text[at] = match next(4) {
                    0 => next(256) as u8,
                    _ => alphabet[next(alphabet.len())],
                };
            }
            let ours = whole(&text);
            if serde_json::from_slice::<serde_json::Value>(&text).is_ok() {
                taken += 1;
                assert_eq!(ours, Ok(()), "{}", String::from_utf8_lossy(&text));
            }
        }
        assert!(taken > 500, "{taken}");
    }

    #[test]
    fn numbers_are_those_of_serde_json() {
        for text in [
            "0",
            "-0.1",
            "1e-7",
            "3.4028235e38",
            "0.69885254",
            "123456789.123456789",
        ] {
            let theirs: f64 = serde_json::from_str(text).unwrap();
            let ours = Reader::new(text.as_bytes()).number().unwrap();
            assert!((ours - theirs).abs() <= ours.abs() * 1e-15, "{text}");
        }
    }
}
