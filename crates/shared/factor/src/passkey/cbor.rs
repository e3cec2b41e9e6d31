//! CBOR of at most some kilobytes, read one item at a time. What is nested deep, names a key twice or has an end of its own
//! choosing is refused.

use ciborium::Value;
use ciborium::de::from_reader_with_recursion_limit;

use super::PasskeyError;

/// An attestation object has a map in a map; extensions may have a little more.
const DEPTH: usize = 8;

/// Reads one map, and leaves in `bytes` what comes after it.
pub(super) fn map(bytes: &mut &[u8]) -> Result<Vec<(Value, Value)>, PasskeyError> {
    let value: Value = from_reader_with_recursion_limit(&mut *bytes, DEPTH).map_err(|_| PasskeyError::Malformed)?;
    let Value::Map(entries) = value else { return Err(PasskeyError::Malformed) };
    for (place, (key, _)) in entries.iter().enumerate() {
        let named_before = entries[..place].iter().any(|(other, _)| other == key);
        if named_before || !matches!(key, Value::Integer(_) | Value::Text(_)) {
            return Err(PasskeyError::Malformed);
        }
    }
    Ok(entries)
}

/// The entry of a map that has this number for its key.
pub(super) fn numbered(entries: &[(Value, Value)], number: i64) -> Option<&Value> {
    entries.iter().find(|(key, _)| key.as_integer() == Some(number.into())).map(|(_, value)| value)
}

/// The entry of a map that has this text for its key.
pub(super) fn named<'v>(entries: &'v [(Value, Value)], name: &str) -> Option<&'v Value> {
    entries.iter().find(|(key, _)| key.as_text() == Some(name)).map(|(_, value)| value)
}

/// A whole number that fits.
pub(super) fn integer(value: &Value) -> Option<i64> {
    value.as_integer().and_then(|number| i64::try_from(number).ok())
}
