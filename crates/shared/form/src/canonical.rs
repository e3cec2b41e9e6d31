//! The canonical JSON of a definition: keys sorted, nothing optional left out that is set, no white space. Its SHA-256
//! names the definition (F1), so both zones must come to the same bytes whatever the order a client wrote.

use serde_json::Value;

/// Writes `value` with its keys sorted. The only numbers in definitions are small whole ones,
/// which have one spelling.
pub(crate) fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_unstable_by_key(|(key, _)| key.as_str());
            out.push('{');
            for (place, (key, value)) in entries.into_iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                write(value, out);
            }
            out.push('}');
        }
        Value::Array(values) => {
            out.push('[');
            for (place, value) in values.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                write(value, out);
            }
            out.push(']');
        }
        leaf => out.push_str(&leaf.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_keys_makes_no_difference() {
        let (mut one, mut other) = (String::new(), String::new());
        write(&serde_json::json!({"b": [true, null, "x\""], "a": {"d": 1, "c": 2}}), &mut one);
        write(&serde_json::json!({"a": {"c": 2, "d": 1}, "b": [true, null, "x\""]}), &mut other);
        assert_eq!(one, r#"{"a":{"c":2,"d":1},"b":[true,null,"x\""]}"#);
        assert_eq!(one, other);
    }
}
