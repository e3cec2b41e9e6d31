//! Published test numbers only.

use proptest::prelude::*;

use super::*;

const NUMBERS: [(&str, Brand); 16] = [
    ("4111111111111111", Brand::Visa),
    ("4242424242424242", Brand::Visa),
    ("4222222222222", Brand::Visa),
    ("5555555555554444", Brand::Mastercard),
    ("5105105105105100", Brand::Mastercard),
    ("2223003122003222", Brand::Mastercard),
    ("378282246310005", Brand::AmericanExpress),
    ("371449635398431", Brand::AmericanExpress),
    ("6011111111111117", Brand::Discover),
    ("6011000990139424", Brand::Discover),
    ("30569309025904", Brand::DinersClub),
    ("36227206271667", Brand::DinersClub),
    ("3530111333300000", Brand::Jcb),
    ("3566002020360505", Brand::Jcb),
    ("6200000000000005", Brand::UnionPay),
    ("6759649826438453", Brand::Maestro),
];

#[test]
fn published_test_numbers_are_recognised() {
    for (number, brand) in NUMBERS {
        assert_eq!(check(number), Ok(brand), "{number}");
    }
}

#[test]
fn a_fault_says_what_a_person_can_act_on() {
    assert_eq!(check("9111111111111111"), Err(CardError::UnknownBrand));
    assert_eq!(check(""), Err(CardError::UnknownBrand));
    assert_eq!(check("411111111111111"), Err(CardError::TooShort(Brand::Visa)));
    assert_eq!(check("55555555555544441"), Err(CardError::TooLong(Brand::Mastercard)));
    assert_eq!(check("4111111111111112"), Err(CardError::CheckDigit));
    // Two neighbours swapped.
    assert_eq!(check("5555555555545444"), Err(CardError::CheckDigit));
}

#[test]
fn a_narrow_range_lies_inside_a_wide_one() {
    assert_eq!(Brand::of("493698"), Some(Brand::Maestro));
    assert_eq!(Brand::of("4936"), Some(Brand::Visa));
    assert_eq!(Brand::of("65"), Some(Brand::Discover));
    assert_eq!(Brand::of("6304"), Some(Brand::Maestro));
    assert_eq!(Brand::of("2720"), Some(Brand::Mastercard));
    assert_eq!(Brand::of("2721"), None);
    assert_eq!(Brand::of("2220"), None);
}

#[test]
fn only_american_express_has_four_digits_of_code() {
    for (_, brand) in NUMBERS {
        assert_eq!(brand.cvv_length(), if brand == Brand::AmericanExpress { 4 } else { 3 });
    }
}

proptest! {
    #[test]
    fn one_wrong_digit_is_always_noticed(which in 0..NUMBERS.len(), place in 6_usize..12, add in 1_u8..10) {
        let mut digits = NUMBERS[which].0.as_bytes().to_vec();
        digits[place] = b'0' + (digits[place] - b'0' + add) % 10;
        let wrong = String::from_utf8(digits).unwrap();
        prop_assert_eq!(check(&wrong), Err(CardError::CheckDigit));
    }

    #[test]
    fn digits_of_any_number_never_panic(digits in "[0-9]{0,40}") {
        let _ = check(&digits);
    }
}
