use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;

use proptest::prelude::*;

use super::*;

const EVERY: [Lock; 3] = [Lock::MemfdSecret, Lock::Mlock, Lock::None];

#[test]
fn the_lock_that_is_asked_for_is_the_one_obtained_where_the_system_has_it() {
    // What this machine may have otherwise: a kernel before 5.14, or one told not to.
    let secret = Mapping::new(1, Lock::MemfdSecret);
    for lock in EVERY {
        let slots = Slots::obtain(lock, 64, 10).unwrap();
        if lock != Lock::MemfdSecret || secret.is_ok() {
            assert_eq!(slots.lock(), lock);
        }
        assert!(slots.lock() >= lock);
        assert_eq!((slots.size(), slots.count(), slots.free()), (64, 10, 10));
    }
}

#[test]
fn when_all_are_taken_there_is_none_and_one_given_back_is_zeros() {
    for lock in EVERY {
        let slots = Slots::obtain(lock, 32, 3).unwrap();
        let mut taken: Vec<Slot> = (0..3).map(|_| slots.take().unwrap()).collect();
        assert!(slots.take().is_none());
        taken[1].copy_from_slice(&[7; 32]);
        drop(taken.remove(1));
        assert_eq!(slots.free(), 1);
        assert_eq!(*slots.take().unwrap(), [0; 32]);
    }
}

#[test]
fn a_slot_outlives_the_handle_that_gave_it() {
    let mut slot = Slots::obtain(Lock::MemfdSecret, 4096, 2).unwrap().take().unwrap();
    slot[4095] = 1;
    assert_eq!(slot[4095], 1);
}

/// The lines of `/proc/self/smaps` about the mapping that holds this address.
fn flags_of(address: usize) -> Vec<String> {
    let smaps = fs::read_to_string("/proc/self/smaps").unwrap();
    let mut ours = false;
    for line in smaps.lines() {
        let range = line.split(' ').next().unwrap().split_once('-');
        if let Some((Ok(first), Ok(end))) =
            range.map(|(a, b)| (usize::from_str_radix(a, 16), usize::from_str_radix(b, 16)))
        {
            ours = (first..end).contains(&address);
        } else if let Some(flags) = line.strip_prefix("VmFlags: ").filter(|_| ours) {
            return flags.split(' ').map(str::to_owned).collect();
        }
    }
    panic!("nothing is mapped at {address:x}");
}

#[test]
fn locked_pages_are_in_no_core_dump_in_no_child_and_on_no_swap() {
    for (lock, wanted) in [
        (Lock::MemfdSecret, ["lo", "dd", "dc"].as_slice()),
        (Lock::Mlock, ["lo", "dd", "wf"].as_slice()),
        (Lock::None, ["dd", "wf"].as_slice()),
    ] {
        let slots = Slots::obtain(lock, 64, 10).unwrap();
        if slots.lock() != lock {
            continue;
        }
        let slot = slots.take().unwrap();
        let flags = flags_of(slot.as_ptr() as usize);
        for flag in wanted {
            assert!(flags.iter().any(|known| known == flag), "{lock:?} without {flag}: {flags:?}");
        }
    }
}

#[test]
fn the_kernel_reads_secret_pages_for_nobody_and_other_pages_for_whoever_may() {
    let memory = File::open("/proc/self/mem").unwrap();
    for lock in EVERY {
        let slots = Slots::obtain(lock, 16, 1).unwrap();
        let mut slot = slots.take().unwrap();
        slot.copy_from_slice(b"canary--in-there");
        let mut read = [0; 16];
        let result = memory.read_exact_at(&mut read, slot.as_ptr() as u64);
        assert_eq!(result.is_err(), slots.lock() == Lock::MemfdSecret, "{lock:?}: {result:?}");
        assert_eq!(&read == b"canary--in-there", slots.lock() != Lock::MemfdSecret);
    }
}

#[test]
fn nothing_can_be_touched_right_before_and_right_behind() {
    let slots = Slots::obtain(Lock::Mlock, 4096, 2).unwrap();
    let (first, last) = (slots.take().unwrap(), slots.take().unwrap());
    let page = (last.as_ptr() as usize) - (first.as_ptr() as usize);
    for address in [first.as_ptr() as usize - page, last.as_ptr() as usize + page] {
        let flags = flags_of(address);
        assert!(!flags.iter().any(|flag| ["rd", "wr", "ex"].contains(&flag.as_str())), "{flags:?}");
    }
}

#[test]
fn where_less_may_be_locked_there_are_fewer_slots_or_the_next_lock() {
    assert_eq!(fewer(None, 64, 10), None, "no limit is known: it was not the limit");
    assert_eq!(fewer(Some(1024 * 1024), 64, 1_000_000), Some((1024 - 64) * 1024 / 64));
    assert_eq!(fewer(Some(65_536), 64, 1_000_000), Some(1024));
    assert_eq!(fewer(Some(4095), 64, 1_000), None);
    assert_eq!(fewer(Some(1024 * 1024), 64, 10), None, "it would have fitted: something else is wrong");
    assert!(Slots::obtain(Lock::MemfdSecret, usize::MAX, 2).is_err());
}

/// What one does with slots.
#[derive(Debug, Clone)]
enum Step {
    Take(u8),
    Write(usize, usize, u8),
    Drop(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => any::<u8>().prop_map(Step::Take),
        4 => (any::<usize>(), any::<usize>(), any::<u8>()).prop_map(|(slot, at, byte)| Step::Write(slot, at, byte)),
        2 => any::<usize>().prop_map(Step::Drop),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn each_slot_holds_what_its_owner_wrote_and_nothing_else(
        steps in prop::collection::vec(step(), 1..120),
        size in 1_usize..200,
        count in 1_usize..40,
        lock in prop::sample::select(EVERY.to_vec()),
    ) {
        let slots = Slots::obtain(lock, size, count).unwrap();
        let mut held: BTreeMap<usize, (Slot, Vec<u8>)> = BTreeMap::new();
        let mut next = 0;
        for step in steps {
            let nth = |held: &BTreeMap<usize, (Slot, Vec<u8>)>, n: usize| held.keys().copied().nth(n % held.len().max(1));
            match step {
                Step::Take(fill) => match slots.take() {
                    Some(mut slot) => {
                        prop_assert!(slot.iter().all(|byte| *byte == 0), "a slot begins as zeros");
                        slot.fill(fill);
                        held.insert(next, (slot, vec![fill; size]));
                        next += 1;
                    }
                    None => prop_assert_eq!(held.len(), count),
                },
                Step::Write(which, at, byte) => if let Some(which) = nth(&held, which) {
                    let (slot, wrote) = held.get_mut(&which).unwrap();
                    slot[at % size] = byte;
                    wrote[at % size] = byte;
                },
                Step::Drop(which) => if let Some(which) = nth(&held, which) {
                    held.remove(&which);
                },
            }
            prop_assert_eq!(slots.free() + held.len(), count);
            for (slot, wrote) in held.values() {
                prop_assert_eq!(&**slot, wrote.as_slice());
            }
        }
    }
}
