//! Forms: what a visitor's browser posts, what a site defines, and what becomes an answer.

use aside_base::Timestamp;
use aside_form::{Given, Published, out_of_the_box, parse};
use aside_vault_http::fuzzing;

/// The most answers that one body may bring.
const FIELDS: usize = 64;

/// A form-encoded body: bounded, whatever it says.
pub(crate) fn body(input: &[u8]) {
    if let Some(answers) = fuzzing::form_body(input) {
        assert!(answers <= FIELDS, "{answers} answers were read");
    }
}

/// A form that was sealed in the browser, or claims to be.
pub(crate) fn sealed(input: &[u8]) {
    fuzzing::sealed_form(input);
}

/// The JSON inside a sealed form.
pub(crate) fn opened(input: &[u8]) {
    if let Some(answers) = fuzzing::opened_form(input) {
        assert!(answers <= FIELDS, "{answers} answers were read");
    }
}

/// A definition: what is published has one canonical form, which is published as the same.
pub(crate) fn definition(input: &[u8]) {
    let Some(text) = crate::text(input) else { return };
    if let Ok(published) = Published::from_json(text) {
        let again = Published::from_json(published.json());
        assert!(again.is_ok_and(|again| again.hash() == published.hash()), "a definition has two hashes");
    }
}

/// Answers to the forms out of the box: a line for each, `question=text`. Whatever is taken answers a question of the form,
/// once.
pub(crate) fn answers(input: &[u8]) {
    let Some(text) = crate::text(input) else { return };
    let lines: Vec<(&str, &str)> = text.split('\n').filter_map(|line| line.split_once('=')).take(FIELDS).collect();
    let given: Vec<Given<'_>> = lines.iter().map(|(question, value)| Given { question, value }).collect();
    let Ok(forms) = out_of_the_box() else { return };
    for form in &forms {
        if let Ok(answers) = parse(form.definition(), &given, Timestamp(1_800_000_000_000)) {
            for (place, answer) in answers.iter().enumerate() {
                assert!(form.definition().question(&answer.question).is_some(), "an answer to no question");
                assert!(!answers[..place].iter().any(|former| former.question == answer.question), "a question twice");
            }
        }
    }
}
