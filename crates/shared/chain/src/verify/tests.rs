use aside_base::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::{Content, Hash, Signer};

/// An entry that owns its text, to be tampered with.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stored {
    place: Place,
    body: String,
}

fn chain() -> ChainId {
    ChainId::from_bytes([7; 16])
}

fn signer() -> Signer {
    Signer::from_seed(&[1; 32]).unwrap()
}

/// Entries that follow `after`, right in themselves.
fn written(after: Place, bodies: &[String]) -> Vec<Stored> {
    let mut last = after;
    bodies
        .iter()
        .map(|body| {
            last = last.next(body);
            Stored { place: last, body: body.clone() }
        })
        .collect()
}

fn bodies(count: usize) -> Vec<String> {
    (0..count).map(|n| format!(r#"{{"act":"{n}"}}"#)).collect()
}

fn checkpoint(place: Place) -> Checkpoint {
    Checkpoint::sign(&signer(), "desk", chain(), place, Timestamp(1))
}

fn proved(mut verifier: Verifier, entries: &[Stored]) -> Result<Proof, Fault> {
    for stored in entries {
        verifier.entry(&Entry { place: stored.place, content: Content::Body(&stored.body) })?;
    }
    verifier.finish()
}

fn with_checkpoint(entries: &[Stored], signed: &Checkpoint) -> Result<Proof, Fault> {
    let mut verifier = Verifier::from_first(chain());
    verifier.expect(signed.clone(), None)?;
    proved(verifier, entries)
}

#[test]
fn a_whole_chain_is_proved_up_to_its_end_and_signed_up_to_its_checkpoint() {
    let entries = written(Place::before_first(chain()), &bodies(10));
    let proof = with_checkpoint(&entries, &checkpoint(entries[6].place)).unwrap();
    assert_eq!((proof.entries, proof.last), (10, entries[9].place));
    assert_eq!(proof.signed.unwrap().sequence, 7);
    assert_eq!(proved(Verifier::from_first(chain()), &entries).unwrap().signed, None);
}

#[test]
fn an_entry_whose_body_is_withheld_is_proved_like_any_other() {
    let entries = written(Place::before_first(chain()), &bodies(3));
    let mut verifier = Verifier::from_first(chain());
    for stored in &entries {
        let hash = Content::Body(&stored.body).hash();
        verifier.entry(&Entry { place: stored.place, content: Content::Withheld(hash) }).unwrap();
    }
    assert_eq!(verifier.last(), entries[2].place);
    let mut other = Verifier::from_first(chain());
    let wrong = Entry { place: entries[0].place, content: Content::Withheld(Hash([0; 32])) };
    assert_eq!(other.entry(&wrong), Err(Fault::Changed { sequence: 1 }));
}

#[test]
fn a_cut_tail_and_a_rebuilt_chain_are_found_by_the_checkpoint_and_by_nothing_else() {
    let entries = written(Place::before_first(chain()), &bodies(10));
    let signed = checkpoint(entries[9].place);
    assert_eq!(with_checkpoint(&entries[..8], &signed), Err(Fault::Cut { last: 8, signed: 10 }));
    let mut changed = bodies(10);
    changed[4] = r#"{"act":"nothing"}"#.to_owned();
    let rebuilt = written(Place::before_first(chain()), &changed);
    assert_eq!(with_checkpoint(&rebuilt, &signed), Err(Fault::Rebuilt { sequence: 10 }));
    // Nothing signed, nothing found: the proof says so.
    assert_eq!(proved(Verifier::from_first(chain()), &entries[..8]).unwrap().signed, None);
    assert_eq!(proved(Verifier::from_first(chain()), &rebuilt).unwrap().signed, None);
}

#[test]
fn a_chain_goes_on_after_a_signed_anchor_and_after_no_other() {
    let entries = written(Place::before_first(chain()), &bodies(10));
    let sign = |signer: &Signer, place| Anchor::sign(signer, "desk", chain(), place, Timestamp(1), Timestamp(2));
    let anchor = sign(&signer(), entries[3].place);
    let verifier = Verifier::after_anchor(chain(), &anchor, Some(&signer().public_key())).unwrap();
    assert_eq!(proved(verifier, &entries[4..]).unwrap().entries, 6);
    let stranger = Signer::from_seed(&[2; 32]).unwrap();
    let forged = sign(&stranger, entries[5].place);
    let refused = Verifier::after_anchor(chain(), &forged, Some(&signer().public_key())).unwrap_err();
    assert_eq!(refused, Fault::NotSigned { sequence: 6 });
    let refused = Verifier::after_anchor(ChainId::from_bytes([8; 16]), &anchor, None).unwrap_err();
    assert_eq!(refused, Fault::OtherChain { chain: chain(), sequence: 4 });
    let verifier = Verifier::after_anchor(chain(), &anchor, None).unwrap();
    assert_eq!(proved(verifier, &entries[5..]), Err(Fault::Missing { after: 4, found: 6 }));
}

#[test]
fn a_checkpoint_of_another_chain_or_by_another_key_is_not_believed() {
    let entries = written(Place::before_first(chain()), &bodies(2));
    let mut verifier = Verifier::from_first(ChainId::from_bytes([8; 16]));
    let signed = checkpoint(entries[1].place);
    assert_eq!(verifier.expect(signed.clone(), None), Err(Fault::OtherChain { chain: chain(), sequence: 2 }));
    let stranger = Signer::from_seed(&[2; 32]).unwrap().public_key();
    let mut verifier = Verifier::from_first(chain());
    assert_eq!(verifier.expect(signed.clone(), Some(&stranger)), Err(Fault::NotSigned { sequence: 2 }));
    let mut forged = signed;
    forged.hash = Hash([0; 32]);
    assert_eq!(verifier.expect(forged, None), Err(Fault::NotSigned { sequence: 2 }));
}

/// One way to tamper with a stored chain. Places are taken modulo what is there.
#[derive(Debug, Clone)]
enum Tampering {
    Body { at: usize, byte: usize, with: u8 },
    Hash { at: usize, byte: usize, bit: u8 },
    Number { at: usize, by: i64 },
    Remove { at: usize, count: usize },
    Repeat { at: usize, to: usize },
    Insert { at: usize },
    Exchange { one: usize, other: usize },
    ExchangeBodies { one: usize, other: usize },
    CutTail { at: usize },
    CutHead { count: usize },
    RebuildFrom { at: usize },
    RebuildShorter { at: usize },
}

fn tampering() -> impl Strategy<Value = Tampering> {
    let n = || 0..1_000_usize;
    prop_oneof![
        (n(), n(), any::<u8>()).prop_map(|(at, byte, with)| Tampering::Body { at, byte, with }),
        (n(), n(), 0..8_u8).prop_map(|(at, byte, bit)| Tampering::Hash { at, byte, bit }),
        (n(), -5..6_i64).prop_map(|(at, by)| Tampering::Number { at, by }),
        (n(), 1..5_usize).prop_map(|(at, count)| Tampering::Remove { at, count }),
        (n(), n()).prop_map(|(at, to)| Tampering::Repeat { at, to }),
        n().prop_map(|at| Tampering::Insert { at }),
        (n(), n()).prop_map(|(one, other)| Tampering::Exchange { one, other }),
        (n(), n()).prop_map(|(one, other)| Tampering::ExchangeBodies { one, other }),
        n().prop_map(|at| Tampering::CutTail { at }),
        (1..5_usize).prop_map(|count| Tampering::CutHead { count }),
        n().prop_map(|at| Tampering::RebuildFrom { at }),
        n().prop_map(|at| Tampering::RebuildShorter { at }),
    ]
}

fn tamper(entries: &mut Vec<Stored>, how: &Tampering) {
    let length = entries.len();
    match *how {
        Tampering::Body { at, byte, with } => {
            let mut bytes = std::mem::take(&mut entries[at % length].body).into_bytes();
            let place = byte % bytes.len();
            bytes[place] = with & 0x7F;
            entries[at % length].body = String::from_utf8(bytes).unwrap();
        }
        Tampering::Hash { at, byte, bit } => entries[at % length].place.hash.0[byte % 32] ^= 1 << bit,
        Tampering::Number { at, by } => entries[at % length].place.sequence += by,
        Tampering::Remove { at, count } => {
            let from = at % length;
            entries.drain(from..(from + count).min(length));
        }
        Tampering::Repeat { at, to } => {
            let again = entries[at % length].clone();
            entries.insert(to % (length + 1), again);
        }
        Tampering::Insert { at } => {
            let at = at % (length + 1);
            let before = if at == 0 { Place::before_first(chain()) } else { entries[at - 1].place };
            let body = r#"{"act":"login"}"#.to_owned();
            entries.insert(at, Stored { place: before.next(&body), body });
        }
        Tampering::Exchange { one, other } => entries.swap(one % length, other % length),
        Tampering::ExchangeBodies { one, other } => {
            let (one, other) = (one % length, other % length);
            let body = std::mem::take(&mut entries[one].body);
            entries[one].body = std::mem::replace(&mut entries[other].body, body.clone());
            if one == other {
                entries[one].body = body;
            }
        }
        Tampering::CutTail { at } => entries.truncate(at % length),
        Tampering::CutHead { count } => drop(entries.drain(..count.min(length))),
        Tampering::RebuildFrom { at } => {
            let at = at % length;
            entries[at].body.push(' ');
            rebuild(entries, at);
        }
        Tampering::RebuildShorter { at } => {
            let at = at % length;
            entries.remove(at);
            rebuild(entries, at);
        }
    }
}

/// Computes numbers and hashes anew, as whoever can write the table would.
fn rebuild(entries: &mut [Stored], from: usize) {
    let mut last = if from == 0 { Place::before_first(chain()) } else { entries[from - 1].place };
    for stored in &mut entries[from..] {
        last = last.next(&stored.body);
        stored.place = last;
    }
}

proptest! {
    #[test]
    fn whatever_was_tampered_with_is_found_by_the_last_checkpoint(count in 1..40_usize, how in tampering()) {
        let whole = written(Place::before_first(chain()), &bodies(count));
        let signed = checkpoint(whole[count - 1].place);
        prop_assert!(with_checkpoint(&whole, &signed).is_ok());
        let mut tampered = whole.clone();
        tamper(&mut tampered, &how);
        let found = with_checkpoint(&tampered, &signed);
        // What is added behind the last checkpoint, and holds together, is what the next one vouches for.
        let mut consistent = tampered.clone();
        rebuild(&mut consistent, 0);
        let added_to = tampered.starts_with(&whole) && consistent == tampered;
        prop_assert_eq!(found.is_ok(), added_to, "{:?}", how);
    }

    #[test]
    fn without_a_checkpoint_only_a_cut_tail_and_a_rebuilt_chain_pass(count in 1..40_usize, how in tampering()) {
        let whole = written(Place::before_first(chain()), &bodies(count));
        let mut tampered = whole.clone();
        tamper(&mut tampered, &how);
        let found = proved(Verifier::from_first(chain()), &tampered);
        let mut consistent = tampered.clone();
        rebuild(&mut consistent, 0);
        // What a rebuilding leaves as it is holds together: nobody could tell it from the truth without a signature.
        prop_assert_eq!(found.is_ok(), consistent == tampered, "{:?}", how);
        if let Ok(proof) = found {
            prop_assert_eq!(proof.signed, None);
        }
    }

    #[test]
    fn a_change_before_any_checkpoint_on_the_way_is_found(count in 2..40_usize, at in 0..1_000_usize, how in tampering()) {
        let whole = written(Place::before_first(chain()), &bodies(count));
        let signed = checkpoint(whole[at % count].place);
        let mut tampered = whole.clone();
        tamper(&mut tampered, &how);
        let held = at % count + 1;
        let touched = tampered.len() < held || tampered[..held] != whole[..held];
        if touched {
            prop_assert!(with_checkpoint(&tampered, &signed).is_err(), "{:?}", how);
        }
    }
}
