#![expect(clippy::disallowed_methods, reason = "the tests look at what was parsed")]

use proptest::prelude::*;

use super::*;
use crate::out_of_the_box;

/// 22 November 2026, noon UTC.
const NOW: Timestamp = Timestamp(1_795_348_800_000);

fn card() -> Definition {
    out_of_the_box().unwrap().remove(0).definition().clone()
}

fn note() -> Definition {
    out_of_the_box().unwrap().remove(1).definition().clone()
}

fn given<'a>(fields: &[(&'a str, &'a str)]) -> Vec<Given<'a>> {
    fields.iter().map(|(question, value)| Given { question, value }).collect()
}

/// The answers as pairs, or the faults as pairs.
type Read = Result<Vec<(String, String)>, Vec<(String, AnswerError)>>;

fn read_all(definition: &Definition, fields: &[(&str, &str)]) -> Read {
    match parse(definition, &given(fields), NOW) {
        Ok(answers) => Ok(answers.into_iter().map(|a| (a.question, a.value.expose().to_owned())).collect()),
        Err(faults) => Err(faults.into_iter().map(|fault| (fault.question, fault.error)).collect()),
    }
}

fn fault_of(definition: &Definition, fields: &[(&str, &str)], question: &str) -> Option<AnswerError> {
    let faults = read_all(definition, fields).err()?;
    faults.into_iter().find(|(id, _)| id == question).map(|(_, error)| error)
}

const RIGHT: [(&str, &str); 4] =
    [("name", "Ana O'Neil"), ("number", "4111 1111 1111 1111"), ("expiry", "04 / 2029"), ("cvv", "123")];

fn but<'a>(question: &str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    RIGHT.into_iter().map(|(id, right)| (id, if id == question { value } else { right })).collect()
}

#[test]
fn a_card_is_read_into_the_form_in_which_it_is_kept() {
    let expected: Vec<_> =
        [("name", "Ana O'Neil"), ("number", "4111111111111111"), ("expiry", "04/29"), ("cvv", "123")]
            .map(|(id, value)| (id.to_owned(), value.to_owned()))
            .into();
    assert_eq!(read_all(&card(), &RIGHT), Ok(expected));
    let answers = parse(&card(), &given(&RIGHT), NOW).unwrap_or_default();
    assert_eq!(answers.iter().map(|a| a.off_the_record).collect::<Vec<_>>(), [false, false, false, true]);
}

#[test]
fn numbers_are_read_in_the_digits_and_spacing_people_use() {
    for number in [
        "4111111111111111 ",
        "４１１１-１１１１-１１１１-１１１１",
        "٤١١١١١١١١١١١١١١١",
        "4111\u{A0}1111\u{202F}1111–1111",
        "\u{200E}4111 1111 1111 1111",
    ] {
        let read = read_all(&card(), &but("number", number)).unwrap();
        assert_eq!(read[1].1, "4111111111111111", "{number:?}");
    }
    assert_eq!(read_all(&card(), &but("cvv", " １２３ ")).unwrap()[3].1, "123");
}

#[test]
fn each_question_tells_its_own_fault() {
    let card = card();
    let fault = |question: &str, value: &str| fault_of(&card, &but(question, value), question);
    assert_eq!(fault("name", "  \u{A0}"), Some(AnswerError::Missing));
    assert_eq!(fault("name", &"x".repeat(501)), Some(AnswerError::TooLong { limit: 500 }));
    assert_eq!(fault("name", &"e\u{301}".repeat(500)), None);
    assert_eq!(fault("name", "a\u{202E}b"), Some(AnswerError::Unprintable));
    assert_eq!(fault("name", "a\nb"), Some(AnswerError::Unprintable));
    assert_eq!(fault("number", "4111 1111 1111 111O"), Some(AnswerError::Character('O')));
    assert_eq!(fault("number", "4111 1111 1111 1112"), Some(AnswerError::Card(CardError::CheckDigit)));
    assert_eq!(fault("number", "4111"), Some(AnswerError::Card(CardError::TooShort(Brand::Visa))));
    assert_eq!(fault("number", "1234567812345678"), Some(AnswerError::Card(CardError::UnknownBrand)));
    assert_eq!(fault("expiry", "10/26"), Some(AnswerError::Expiry(ExpiryError::Past)));
    assert_eq!(fault("expiry", "soon"), Some(AnswerError::Expiry(ExpiryError::NotADate)));
    assert_eq!(fault("cvv", "12a"), Some(AnswerError::Character('a')));
    assert_eq!(fault("cvv", ""), Some(AnswerError::Missing));
}

#[test]
fn the_security_code_is_as_long_as_its_brand_says() {
    let visa = Some(Brand::Visa);
    assert_eq!(fault_of(&card(), &but("cvv", "1234"), "cvv"), Some(AnswerError::CvvLength { brand: visa }));
    let amex = |cvv| [("name", "Ana"), ("number", "378282246310005"), ("expiry", "04/29"), ("cvv", cvv)];
    assert_eq!(fault_of(&card(), &amex("1234"), "cvv"), None);
    let brand = Some(Brand::AmericanExpress);
    assert_eq!(fault_of(&card(), &amex("123"), "cvv"), Some(AnswerError::CvvLength { brand }));
    // Beside a wrong number both lengths may be meant: one fault is enough.
    let wrong = [("name", "Ana"), ("number", "4111"), ("expiry", "04/29"), ("cvv", "1234")];
    assert_eq!(read_all(&card(), &wrong).map_err(|faults| faults.len()), Err(1));
    let wrong = [("name", "Ana"), ("number", "4111"), ("expiry", "04/29"), ("cvv", "12")];
    assert_eq!(fault_of(&card(), &wrong, "cvv"), Some(AnswerError::CvvLength { brand: None }));
}

#[test]
fn a_text_question_names_the_character_it_refuses_unless_it_takes_them_all() {
    let mut card = card();
    card.questions[0].every_character = false;
    for refused in REFUSED {
        let name = format!("Ana{refused}");
        assert_eq!(fault_of(&card, &but("name", &name), "name"), Some(AnswerError::Character(refused)));
    }
    card.questions[0].every_character = true;
    let all: String = REFUSED.into_iter().collect();
    assert_eq!(read_all(&card, &but("name", &all)).unwrap()[0].1, all);
}

#[test]
fn a_note_keeps_its_lines_and_every_character() {
    let text = "Line <one> & 'two'\r\nthree\rfour\tend";
    assert_eq!(read_all(&note(), &[("note", text)]).unwrap()[0].1, "Line <one> & 'two'\nthree\nfour\tend");
    assert_eq!(fault_of(&note(), &[("note", "a\u{0}b")], "note"), Some(AnswerError::Unprintable));
    assert_eq!(fault_of(&note(), &[("note", &"x".repeat(4_001))], "note"), Some(AnswerError::TooLong { limit: 4_000 }));
    let mut short = note();
    short.questions[0].off_the_record = true;
    assert_eq!(fault_of(&short, &[("note", &"x".repeat(1_001))], "note"), Some(AnswerError::TooLong { limit: 1_000 }));
}

#[test]
fn fields_that_belong_to_no_question_or_come_twice_are_refused() {
    let mut fields = RIGHT.to_vec();
    fields.push(("name", "Eve"));
    fields.push(("colour", "red"));
    assert_eq!(
        read_all(&card(), &fields).unwrap_err(),
        [("name".to_owned(), AnswerError::Repeated), ("colour".to_owned(), AnswerError::UnknownQuestion)]
    );
}

#[test]
fn what_is_not_required_may_be_left_out() {
    let mut card = card();
    card.questions[0].required = false;
    let left_out = read_all(&card, &RIGHT[1..]).unwrap();
    assert_eq!(left_out.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["number", "expiry", "cvv"]);
    assert_eq!(read_all(&card, &but("name", " ")).unwrap().len(), 3);
}

proptest! {
    #[test]
    fn nothing_that_is_typed_makes_it_panic_and_what_it_takes_reads_the_same_again(
        name in any::<String>(), number in "[0-9０-９٠-٩ \\-–\u{A0}a]{0,40}", expiry in "[0-9٠-٩/ .x-]{0,12}", cvv in "\\PC{0,6}", body in any::<String>(),
    ) {
        let fields = [("name", name.as_str()), ("number", &number), ("expiry", &expiry), ("cvv", &cvv)];
        if let Ok(read) = read_all(&card(), &fields) {
            let again: Vec<_> = read.iter().map(|(id, value)| (id.as_str(), value.as_str())).collect();
            prop_assert_eq!(read_all(&card(), &again), Ok(read));
        }
        if let Ok(read) = read_all(&note(), &[("note", &body)]) {
            prop_assert!(read[0].1.chars().count() <= 4_000);
            prop_assert_eq!(read_all(&note(), &[("note", &read[0].1)]), Ok(read));
        }
    }

    #[test]
    fn every_card_in_every_dress_is_read(spaces in proptest::collection::vec("[ \u{A0}\\-–\u{2009}]{0,2}", 16), script in 0_usize..4) {
        let zeros = ['0', '\u{0660}', '\u{06F0}', '\u{FF10}'];
        let dressed: String = "5555555555554444"
            .chars()
            .zip(&spaces)
            .map(|(c, space)| {
                let digit = char::from_u32(u32::from(zeros[script]) + u32::from(c) - u32::from('0')).unwrap_or('?');
                format!("{digit}{space}")
            })
            .collect();
        prop_assert_eq!(&read_all(&card(), &but("number", &dressed)).unwrap()[1].1, "5555555555554444");
    }
}
