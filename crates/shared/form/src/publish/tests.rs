use proptest::prelude::*;

use super::*;
use crate::out_of_the_box;

fn card() -> Definition {
    out_of_the_box().unwrap().remove(0).definition().clone()
}

fn question(id: &str, kind: Kind) -> Question {
    Question {
        id: id.into(),
        label: "A question".into(),
        help: None,
        kind,
        required: false,
        masked: false,
        off_the_record: false,
        every_character: false,
        autofill: None,
        keep_days: None,
    }
}

fn with(questions: Vec<Question>) -> Definition {
    Definition { id: "form".into(), title: "A form".into(), description: None, questions, keep_days: None }
}

fn faults_of(definition: Definition) -> Vec<(String, FaultKind)> {
    match Published::check(definition) {
        Ok(_) => Vec::new(),
        Err(PublishError::Faults(faults)) => faults.into_iter().map(|fault| (fault.field, fault.kind)).collect(),
        Err(PublishError::NotADefinition(text)) => panic!("{text}"),
    }
}

fn fault(field: &str, kind: FaultKind) -> (String, FaultKind) {
    (field.to_owned(), kind)
}

#[test]
fn a_form_has_one_to_twenty_questions() {
    let questions = |n: usize| (0..n).map(|n| question(&format!("q{n}"), Kind::Text)).collect::<Vec<_>>();
    assert_eq!(faults_of(with(questions(0))), [fault("questions", FaultKind::NoQuestions)]);
    assert_eq!(faults_of(with(questions(1))), []);
    assert_eq!(faults_of(with(questions(20))), []);
    assert_eq!(faults_of(with(questions(21))), [fault("questions", FaultKind::TooManyQuestions)]);
}

#[test]
fn every_fault_is_told_with_its_place() {
    let mut definition = with(vec![question("a", Kind::Text), question("a", Kind::Text), question("B c", Kind::Note)]);
    definition.id = "9".into();
    definition.title = " \u{A0} ".into();
    definition.questions[1].label = "x".repeat(101);
    definition.questions[1].help = Some("bell\u{7}".into());
    definition.questions[2].every_character = true;
    assert_eq!(
        faults_of(definition),
        [
            fault("id", FaultKind::NotAnId),
            fault("title", FaultKind::Empty),
            fault("questions[1].id", FaultKind::DuplicateId),
            fault("questions[1].label", FaultKind::TooLong { limit: 100 }),
            fault("questions[1].help", FaultKind::Unprintable),
            fault("questions[2].id", FaultKind::NotAnId),
            fault("questions[2].every_character", FaultKind::OnlyForText),
        ]
    );
}

#[test]
fn lengths_are_counted_after_nfc() {
    // 100 letters, each written as two characters.
    let decomposed = "e\u{301}".repeat(100);
    let mut definition = with(vec![question("a", Kind::Text)]);
    definition.title = decomposed;
    let published = Published::check(definition.clone()).unwrap();
    assert_eq!(published.definition().title.chars().count(), 100);
    definition.title.push('x');
    assert_eq!(faults_of(definition), [fault("title", FaultKind::TooLong { limit: 100 })]);
}

#[test]
fn a_security_code_is_always_masked_and_off_the_record() {
    let mut definition = card();
    definition.questions[3].masked = false;
    definition.questions[3].off_the_record = false;
    assert_eq!(
        faults_of(definition),
        [
            fault("questions[3].masked", FaultKind::CvvNotMasked),
            fault("questions[3].off_the_record", FaultKind::CvvOnTheRecord)
        ]
    );
}

#[test]
fn a_text_question_cannot_ask_for_a_security_code_by_its_words() {
    let mut definition = with(vec![question("extra", Kind::Text), question("cvc", Kind::Note)]);
    definition.questions[0].label = "The C.V.V of your card".into();
    definition.questions[1].help = Some("3 digits on the back".into());
    assert_eq!(
        faults_of(definition),
        [
            fault("questions[0].label", FaultKind::AsksForSecurityCode),
            fault("questions[1].id", FaultKind::AsksForSecurityCode),
            fault("questions[1].help", FaultKind::AsksForSecurityCode),
        ]
    );
}

#[test]
fn the_same_form_has_the_same_name_however_it_was_written() {
    let tidy = r#"{"id":"f","title":"Café","questions":[{"id":"a","label":"A","kind":"text","required":false}]}"#;
    let loose = "{ \"questions\": [{\"kind\":\"text\",\"label\":\" A \",\"id\":\"a\",\"help\":\"  \"}],\n \"title\": \"Cafe\u{301}\", \"id\":\"f\" }";
    let (one, other) = (Published::from_json(tidy).unwrap(), Published::from_json(loose).unwrap());
    assert_eq!(one.hash(), other.hash());
    assert_eq!(one.json(), other.json());
    assert_eq!(Published::from_json(one.json()).unwrap(), one);
    let changed = Published::from_json(&tidy.replace("\"A\"", "\"B\"")).unwrap();
    assert_ne!(changed.hash(), one.hash());
}

#[test]
fn what_is_no_definition_is_refused_and_says_where() {
    for json in ["", "[]", "{\"id\":\"f\"}", r#"{"id":"f","title":"t","questions":[],"more":1}"#] {
        assert!(matches!(Published::from_json(json), Err(PublishError::NotADefinition(_))), "{json}");
    }
    let unknown_kind = r#"{"id":"f","title":"t","questions":[{"id":"a","label":"A","kind":"file"}]}"#;
    let Err(PublishError::NotADefinition(text)) = Published::from_json(unknown_kind) else { panic!("accepted") };
    assert!(text.contains("file") && text.contains("column"), "{text}");
}

proptest! {
    #[test]
    fn whatever_is_written_the_check_answers_and_its_result_stands(
        id in "\\PC{0,45}", title in "\\PC{0,120}", label in "\\PC{0,120}", help in proptest::option::of("\\PC{0,320}"),
        masked: bool, off_the_record: bool, cvv: bool,
    ) {
        let kind = if cvv { Kind::Cvv } else { Kind::Text };
        let asked = Question { label, help, masked, off_the_record, ..question("a", kind) };
        if let Ok(published) = Published::check(Definition { id, title, description: None, questions: vec![asked], keep_days: None }) {
            prop_assert!(!cvv || (masked && off_the_record));
            let again = Published::from_json(published.json()).unwrap();
            prop_assert_eq!(again.hash(), published.hash());
        }
    }
}
