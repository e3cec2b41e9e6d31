//! Signatures of version 4, checked as AWS's documentation says ("Create a signed AWS API request"), with none of the code that
//! signs. The algorithm itself is held to the test vector that AWS published with it.

use aside_base::Timestamp;
use aws_lc_rs::{digest, hmac};
use http::HeaderMap;

/// The secret of AWS's published examples.
pub(crate) const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const REGION: &str = "eu-central-1";
/// How far a request's time may be off, in seconds.
const LATE: i64 = 300;

/// Whether the request was signed with the secret, for this service and region, just now, with nothing changed since.
pub(crate) fn holds(headers: &HeaderMap, body: &[u8], now: Timestamp) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let authorization = text("authorization");
    let Some(rest) = authorization.strip_prefix("AWS4-HMAC-SHA256 ") else { return false };
    let part = |name: &str| rest.split(", ").find_map(|part| part.strip_prefix(name)).unwrap_or_default();
    let (credential, signed, signature) = (part("Credential="), part("SignedHeaders="), part("Signature="));
    let time = text("x-amz-date");
    let day = time.split('T').next().unwrap_or_default();
    let scope = format!("{day}/{REGION}/kms/aws4_request");
    let must_be_signed = ["host", "x-amz-date", "x-amz-target"];
    let names: Vec<&str> = signed.split(';').collect();
    if credential != format!("AKIDEXAMPLE/{scope}")
        || !must_be_signed.iter().all(|name| names.contains(name))
        || seconds(&time).is_none_or(|time| (time - now.0 / 1_000).abs() > LATE)
    {
        return false;
    }
    let listed: String = names.iter().map(|name| format!("{name}:{}\n", text(name).trim())).collect();
    let canonical = format!("POST\n/\n\n{listed}\n{signed}\n{}", hex(digest::digest(&digest::SHA256, body).as_ref()));
    sign(&canonical, &time, &scope) == signature
}

/// The signature of a canonical request.
fn sign(canonical: &str, time: &str, scope: &str) -> String {
    let hashed = hex(digest::digest(&digest::SHA256, canonical.as_bytes()).as_ref());
    let to_sign = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{hashed}");
    let mut key = format!("AWS4{SECRET}").into_bytes();
    for part in scope.split('/') {
        key = mac(&key, part);
    }
    hex(&mac(&key, &to_sign))
}

fn mac(key: &[u8], message: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message.as_bytes()).as_ref().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Seconds since 1970 of a time such as `20150830T123600Z`.
fn seconds(time: &str) -> Option<i64> {
    let number = |from: usize, to: usize| time.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(4, 6)?, number(6, 8)?);
    // Days since 1970 by the civil calendar: years begin in March.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 1 - 719_468;
    Some(((days * 24 + number(9, 11)?) * 60 + number(11, 13)?) * 60 + number(13, 15)?)
}

/// `get-vanilla` of the `aws-sig-v4-test-suite`: the canonical request and the signature that AWS published.
#[test]
fn the_stand_in_signs_as_aws_published() {
    let canonical = "GET\n/\n\nhost:example.amazonaws.com\nx-amz-date:20150830T123600Z\n\nhost;x-amz-date\n\
                     e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let signature = sign(canonical, "20150830T123600Z", "20150830/us-east-1/service/aws4_request");
    assert_eq!(signature, "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
    assert_eq!(seconds("20150830T123600Z"), Some(1_440_938_160));
}
