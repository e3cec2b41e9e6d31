//! Reading a form-encoded body that may hold clear answers: bounded, strict, wiped.
//!
//! Field values live in wiped memory from the first byte read. Nothing here may log or return what it read in an error.

use std::fmt;

use aside_base::{OneTimeKey, Secret};
use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::StreamExt as _;
use http::HeaderMap;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use serde::de::{Deserializer as _, Error as _, MapAccess, Visitor};
use zeroize::Zeroizing;

/// The most bytes of a submitted form (F3).
pub(crate) const LIMIT: usize = 64 * 1024;
/// The most fields; a form has at most 20 questions.
const FIELDS: usize = 64;

/// Why a body was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyError {
    /// More than [`LIMIT`] bytes.
    TooLarge,
    /// Not `application/x-www-form-urlencoded`.
    WrongType,
    /// Broken off, wrongly encoded, not UTF-8, too many fields, a field that no form of ours has, or one twice.
    Malformed,
}

/// A body as it came: nothing decoded yet.
pub(crate) struct Raw(Zeroizing<Vec<u8>>);

/// Reads a body of at most [`LIMIT`] bytes.
pub(crate) async fn read(headers: &HeaderMap, body: Body) -> Result<Raw, BodyError> {
    if !is_form(headers) {
        return Err(BodyError::WrongType);
    }
    // Room for all of it at once: a buffer that grows leaves its former selves behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(expected(headers)));
    let mut stream = body.into_data_stream();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| BodyError::Malformed)?;
        if bytes.len() + chunk.len() > LIMIT {
            return Err(BodyError::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Raw(bytes))
}

impl Raw {
    /// The one `otk`, if there is one and it has a key's shape. No other field is decoded.
    pub(crate) fn key(&self) -> Result<Option<OneTimeKey>, BodyError> {
        match self.one(b"otk=")? {
            Some(key) => Ok(decode(key)?.parse().ok()),
            None => Ok(None),
        }
    }

    /// The answers as typed, by question id, in the order they came.
    pub(crate) fn answers(&self) -> Result<Vec<(String, Secret)>, BodyError> {
        let mut answers = Vec::new();
        for (index, pair) in self.pairs().enumerate() {
            if index >= FIELDS {
                return Err(BodyError::Malformed);
            }
            let equals = pair.iter().position(|byte| *byte == b'=').ok_or(BodyError::Malformed)?;
            let name = decode(&pair[..equals])?;
            if let Some(question) = name.strip_prefix("q-") {
                answers.push((question.to_owned(), Secret::new(decode(&pair[equals + 1..])?)));
            } else if name.as_str() != "otk" {
                return Err(BodyError::Malformed);
            }
        }
        Ok(answers)
    }

    /// The name of the key that the answers are sealed to; none for a form that comes as it is.
    pub(crate) fn sealed_to(&self) -> Result<Option<Zeroizing<String>>, BodyError> {
        match (self.one(b"key=")?, self.one(b"sealed=")?) {
            (Some(key), Some(_)) if self.pairs().count() == 3 => Ok(Some(decode(key)?)),
            (None, None) => Ok(None),
            // Half sealed, or answers beside the sealed ones: no page of ours sends that.
            _ => Err(BodyError::Malformed),
        }
    }

    /// Writes the sealed bytes to the front of `desk` and answers how many they are.
    pub(crate) fn sealed(&self, desk: &mut [u8]) -> Result<usize, BodyError> {
        // Sealed: nobody minds a copy.
        let sealed = decode(self.one(b"sealed=")?.ok_or(BodyError::Malformed)?)?;
        if base64::decoded_len_estimate(sealed.len()) > desk.len() + 2 {
            return Err(BodyError::TooLarge);
        }
        URL_SAFE_NO_PAD.decode_slice(sealed.as_bytes(), desk).map_err(|_| BodyError::Malformed)
    }

    /// The value of the one field that begins so.
    fn one(&self, beginning: &[u8]) -> Result<Option<&[u8]>, BodyError> {
        let mut values = self.pairs().filter_map(|pair| pair.strip_prefix(beginning));
        match (values.next(), values.next()) {
            (value, None) => Ok(value),
            (_, Some(_)) => Err(BodyError::Malformed),
        }
    }

    fn pairs(&self) -> impl Iterator<Item = &[u8]> {
        self.0.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty())
    }
}

/// The answers of a sealed form, by question id, in the order they came: a JSON object of texts, each under the name of its
/// field. Read where it lies; what is taken out of it is the caller's.
pub(crate) fn opened(json: &[u8]) -> Result<Vec<(String, Secret)>, BodyError> {
    let mut reader = serde_json::Deserializer::from_slice(json);
    let answers = reader.deserialize_map(Fields).map_err(|_| BodyError::Malformed)?;
    reader.end().map_err(|_| BodyError::Malformed)?;
    Ok(answers)
}

/// Reads a JSON object as fields: also one that comes twice, for the form's own parser to refuse.
struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = Vec<(String, Secret)>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the fields of a form")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut answers = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            let question = name.strip_prefix("q-").ok_or_else(|| A::Error::custom("a foreign field"))?;
            if answers.len() >= FIELDS {
                return Err(A::Error::custom("too many fields"));
            }
            answers.push((question.to_owned(), Secret::from(map.next_value::<String>()?)));
        }
        Ok(answers)
    }
}

/// How much will come: what the client says, [`LIMIT`] if it does not.
fn expected(headers: &HeaderMap) -> usize {
    let length = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()).and_then(|value| value.parse().ok());
    length.unwrap_or(LIMIT).min(LIMIT)
}

fn is_form(headers: &HeaderMap) -> bool {
    let essence =
        headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).and_then(|value| value.split(';').next());
    essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}

/// Percent decoding, `+` as a space; anything half-encoded is refused rather than guessed.
fn decode(encoded: &[u8]) -> Result<Zeroizing<String>, BodyError> {
    let mut clear = Zeroizing::new(Vec::with_capacity(encoded.len()));
    let mut rest = encoded.iter();
    while let Some(&byte) = rest.next() {
        clear.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || rest.next().and_then(|d| char::from(*d).to_digit(16)).ok_or(BodyError::Malformed);
                // Cannot exceed a byte: two digits of 16.
                (digit()? << 4 | digit()?) as u8
            }
            byte => byte,
        });
    }
    // Checked in place, then moved: no second copy is made.
    std::str::from_utf8(&clear).map_err(|_| BodyError::Malformed)?;
    String::from_utf8(std::mem::take(&mut *clear)).map(Zeroizing::new).map_err(|_| BodyError::Malformed)
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test looks at what it sent")]
mod tests {
    use http::HeaderValue;

    use super::*;

    async fn sent(body: &str) -> Result<Raw, BodyError> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded; charset=UTF-8"));
        read(&headers, Body::from(body.to_owned())).await
    }

    #[tokio::test]
    async fn fields_come_out_as_they_were_typed() {
        let raw = sent("otk=x&q-number=4111+1111%201111%091111&q-name=Zo%C3%AB+%26+Co").await.ok().unwrap();
        assert_eq!(raw.key().ok(), Some(None));
        let answers = raw.answers().ok().unwrap();
        let answers: Vec<_> = answers.iter().map(|(id, value)| (id.as_str(), value.expose())).collect();
        assert_eq!(answers, [("number", "4111 1111 1111\t1111"), ("name", "Zoë & Co")]);
    }

    #[tokio::test]
    async fn what_is_half_encoded_or_foreign_is_refused() {
        for bad in ["q-a=%4", "q-a=%zz", "q-a=%ff", "q-a", "csrf=1", &"q-a=1&".repeat(65)] {
            assert_eq!(sent(bad).await.ok().unwrap().answers().err(), Some(BodyError::Malformed), "{bad}");
        }
    }

    #[tokio::test]
    async fn the_key_is_found_without_decoding_an_answer_and_two_are_none() {
        let key = OneTimeKey::generate(&aside_base::SeededRng::new(1));
        let raw = sent(&format!("q-a=%zz&otk={}", key.to_text())).await.ok().unwrap();
        assert_eq!(raw.key().ok(), Some(Some(key)));
        assert_eq!(sent("otk=a&otk=b").await.ok().unwrap().key().err(), Some(BodyError::Malformed));
    }

    #[test]
    fn a_sealed_forms_fields_come_out_as_they_were_typed() {
        let answers = opened(br#"{"q-number":"4111 1111","q-name":"Zo\u00eb \"& Co\"","q-name":""}"#).ok().unwrap();
        let answers: Vec<_> = answers.iter().map(|(id, value)| (id.as_str(), value.expose())).collect();
        assert_eq!(answers, [("number", "4111 1111"), ("name", "Zoë \"& Co\""), ("name", "")]);
        let many: Vec<_> = (0..65).map(|n| format!(r#""q-{n}":"""#)).collect();
        for bad in [
            "",
            "[]",
            "{",
            r#"{"otk":"x"}"#,
            r#"{"q-a":1}"#,
            r#"{"q-a":null}"#,
            "{}{}",
            "{\"q-a\":\"\u{1}\"}",
            &format!("{{{}}}", many.join(",")),
        ] {
            assert_eq!(opened(bad.as_bytes()).err(), Some(BodyError::Malformed), "{bad}");
        }
        assert_eq!(opened(b"{\"q-a\":\"\xff\"}").err(), Some(BodyError::Malformed));
    }

    #[tokio::test]
    async fn a_sealed_form_has_its_three_fields_and_nothing_beside_them() {
        let raw = sent("otk=x&key=k1&sealed=AAEC").await.ok().unwrap();
        assert_eq!(raw.sealed_to().ok().flatten().as_deref().map(String::as_str), Some("k1"));
        let mut desk = [9; 4];
        assert_eq!(raw.sealed(&mut desk), Ok(3));
        assert_eq!(desk, [0, 1, 2, 9]);
        assert_eq!(raw.sealed(&mut [0; 0]), Err(BodyError::TooLarge));
        assert!(matches!(sent("otk=x&q-a=1").await.ok().unwrap().sealed_to(), Ok(None)));
        for bad in [
            "otk=x&key=k",
            "otk=x&sealed=AA",
            "otk=x&key=k&sealed=AA&q-a=1",
            "key=k&key=k&sealed=AA",
            "key=k&sealed=AA&sealed=AA",
        ] {
            assert_eq!(sent(bad).await.ok().unwrap().sealed_to().err(), Some(BodyError::Malformed), "{bad}");
        }
        assert_eq!(sent("otk=x&key=k&sealed=%2D_8%2D").await.ok().unwrap().sealed(&mut [0; 8]), Ok(3));
        for bad in ["AA=", "A", "A*", "A+", "%4"] {
            let raw = sent(&format!("otk=x&key=k&sealed={bad}")).await.ok().unwrap();
            assert_eq!(raw.sealed(&mut [0; 8]), Err(BodyError::Malformed), "{bad}");
        }
    }

    #[tokio::test]
    async fn more_than_64_kib_is_too_large_and_exactly_that_is_not() {
        let fits = format!("q-a={}", "x".repeat(LIMIT - 4));
        assert!(sent(&fits).await.is_ok());
        assert_eq!(sent(&format!("{fits}x")).await.err(), Some(BodyError::TooLarge));
    }

    #[tokio::test]
    async fn another_content_type_is_refused_unread() {
        let result = read(&HeaderMap::new(), Body::from("q-a=1")).await;
        assert_eq!(result.err(), Some(BodyError::WrongType));
    }
}
