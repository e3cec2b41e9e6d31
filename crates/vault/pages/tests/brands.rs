//! The page's script recognises the same brands as the vault.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use aside_form::Brand;

const SCRIPT: &str = include_str!("../../../../web/form/form.js");

/// A range of leading digits, as the script's table writes it.
struct Range<'a> {
    first: &'a str,
    last: &'a str,
    brand: &'a str,
}

fn table() -> Vec<Range<'static>> {
    let table = SCRIPT.split_once("const brands = {\n").unwrap().1.split_once("\n}").unwrap().0;
    let mut ranges = Vec::new();
    for line in table.lines() {
        let (brand, prefixes) = line.trim().trim_end_matches(',').split_once(": ").unwrap();
        for range in prefixes.trim_matches('\'').split(' ') {
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            ranges.push(Range { first, last, brand: brand.trim_matches('\'') });
        }
    }
    ranges
}

#[test]
fn the_page_and_the_vault_recognise_the_same_brands() {
    let table = table();
    // Every start of four digits; of the fifth and sixth, the ends of all ranges that reach so far, and their neighbours.
    let ends = table.iter().filter(|range| range.first.len() > 4).flat_map(|range| [range.first, range.last]);
    let mut tails: Vec<u32> =
        ends.map(|end| end[4..].parse().unwrap()).flat_map(|tail: u32| tail - 1..=tail + 1).collect();
    tails.extend([0, 99]);
    for (start, tail) in (0..10_000_u32).flat_map(|start| tails.iter().map(move |tail| (start, tail))) {
        let digits = format!("{start:04}{tail:02}");
        let in_page = table
            .iter()
            .filter(|range| (range.first..=range.last).contains(&&digits[..range.first.len()]))
            .max_by_key(|range| range.first.len())
            .map(|range| range.brand);
        assert_eq!(in_page, Brand::of(&digits).map(Brand::name), "{digits}");
    }
}
