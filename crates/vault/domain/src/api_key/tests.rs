use aside_base::SeededRng;

use super::*;

const NOW: Timestamp = Timestamp(1_795_348_800_000);

fn new() -> NewApiKey {
    NewApiKey {
        site: "northwind".parse().unwrap(),
        name: "Payments".into(),
        scopes: vec![Scope::Detokenise],
        kinds: vec![Kind::CardNumber],
        networks: vec!["192.0.2.0/24".parse().unwrap(), "2001:db8::/56".parse().unwrap()],
        per_minute: 60,
        days: 30,
    }
}

fn key() -> (ApiKey, Presented) {
    let rng = SeededRng::new(1);
    let (id, secret) = (ApiKeyId::generate(NOW, &rng), OneTimeKey::generate(&rng).hash());
    let key = ApiKey::made(new(), id, secret, NOW).unwrap();
    (key, Presented { id, secret, from: "192.0.2.7".parse().unwrap() })
}

#[test]
fn a_key_opens_for_its_scope_from_its_network_in_its_time() {
    let (key, presented) = key();
    let check = |presented: &Presented, scope, now| key.check(presented, scope, now);
    let fault = |fault| Err(Refusal::Key(fault));
    assert_eq!(check(&presented, Scope::Detokenise, NOW), Ok(()));
    for scope in [Scope::Describe, Scope::Export, Scope::Erase] {
        assert_eq!(check(&presented, scope, NOW), fault(KeyFault::Scope));
    }
    assert_eq!(check(&presented, Scope::Detokenise, Timestamp(key.expires_at.0 - 1)), Ok(()));
    assert_eq!(check(&presented, Scope::Detokenise, key.expires_at), fault(KeyFault::Expired));
    for from in ["192.0.3.7", "2001:db8:0:100::1", "::1", "0.0.0.0"] {
        let elsewhere = Presented { from: from.parse().unwrap(), ..presented };
        assert_eq!(check(&elsewhere, Scope::Detokenise, NOW), fault(KeyFault::Network), "{from}");
    }
    for from in ["192.0.2.255", "::ffff:192.0.2.1", "2001:db8:0:ff::1"] {
        let here = Presented { from: from.parse().unwrap(), ..presented };
        assert_eq!(check(&here, Scope::Detokenise, NOW), Ok(()), "{from}");
    }
    assert_eq!(key.check_kind(Kind::CardNumber), Ok(()));
    assert_eq!(key.check_kind(Kind::Text), fault(KeyFault::Kind));
}

#[test]
fn whoever_has_not_the_secret_learns_nothing_of_the_key() {
    let (key, presented) = key();
    let (mut revoked, mut expired) = (key.clone(), key.clone());
    revoked.revoked_at = Some(NOW);
    expired.expires_at = NOW;
    let guessed = Presented { secret: KeyHash([0; 32]), ..presented };
    let other = Presented { id: ApiKeyId::from_uuid(Uuid::from_u128(1)), ..presented };
    for key in [&key, &revoked, &expired] {
        for wrong in [&guessed, &other] {
            assert_eq!(key.check(wrong, Scope::Erase, NOW), Err(Refusal::Key(KeyFault::Unknown)));
        }
    }
    assert_eq!(revoked.check(&presented, Scope::Detokenise, NOW), Err(Refusal::Key(KeyFault::Revoked)));
}

#[test]
fn what_no_key_can_have_is_named() {
    let made = |new| ApiKey::made(new, ApiKeyId::from_uuid(Uuid::from_u128(1)), KeyHash([1; 32]), NOW);
    for (field, wrong) in [
        ("name", NewApiKey { name: "  ".into(), ..new() }),
        ("name", NewApiKey { name: "x".repeat(61), ..new() }),
        ("scopes", NewApiKey { scopes: Vec::new(), ..new() }),
        ("kinds", NewApiKey { kinds: Vec::new(), ..new() }),
        ("kinds", NewApiKey { kinds: vec![Kind::Cvv], ..new() }),
        ("networks", NewApiKey { networks: Vec::new(), ..new() }),
        ("per_minute", NewApiKey { per_minute: 0, ..new() }),
        ("days", NewApiKey { days: 0, ..new() }),
        ("days", NewApiKey { days: 366, ..new() }),
    ] {
        assert_eq!(made(wrong).err(), Some(Refusal::Invalid(field)));
    }
    let twice = NewApiKey { scopes: vec![Scope::Erase, Scope::Describe, Scope::Erase], kinds: Vec::new(), ..new() };
    assert_eq!(made(twice).unwrap().scopes, [Scope::Describe, Scope::Erase]);
}

#[test]
fn a_network_is_an_address_or_its_first_bits() {
    for bad in
        ["", "192.0.2.0/33", "2001:db8::/129", "192.0.2.0/", "192.0.2/24", "x", "::ffff:192.0.2.1/96", "192.0.2.0/-1"]
    {
        assert_eq!(bad.parse::<Network>(), Err(Refusal::Invalid("networks")), "{bad}");
    }
    let everywhere: Network = "0.0.0.0/0".parse().unwrap();
    assert!(everywhere.holds("203.0.113.9".parse().unwrap()) && !everywhere.holds("::1".parse().unwrap()));
    let one: Network = "::1".parse().unwrap();
    assert_eq!(one.to_string(), "::1/128");
    assert!(one.holds("::1".parse().unwrap()) && !one.holds("::2".parse().unwrap()));
}

#[test]
fn a_key_is_read_back_from_its_text_and_nothing_else_is_one() {
    let rng = SeededRng::new(2);
    for _ in 0..50 {
        let (id, secret) = (ApiKeyId::generate(NOW, &rng), OneTimeKey::generate(&rng));
        let text = ApiKey::text(id, &secret);
        assert_eq!(text.len(), 12 + 32 + 1 + 43);
        assert_eq!(ApiKey::read(&text), Some((id, secret)));
        for bad in [&text[1..], &text[..text.len() - 1], &text.to_uppercase(), &format!("{}x", text.as_str())] {
            assert_eq!(ApiKey::read(bad), None, "{bad}");
        }
    }
    assert_eq!(ApiKey::read(""), None);
    assert_eq!(ApiKey::read("aside_vault__"), None);
}
