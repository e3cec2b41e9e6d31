//! The forms that every site has from the start (F6), as data in `definitions/`.

use crate::{PublishError, Published};

const SOURCES: [&str; 2] =
    [include_str!("../definitions/cardholder-data.json"), include_str!("../definitions/secure-note.json")];

/// The out-of-the-box forms, checked like any other.
///
/// # Errors
/// Only if a file in `definitions/` was broken; a test holds them.
pub fn out_of_the_box() -> Result<Vec<Published>, PublishError> {
    SOURCES.into_iter().map(Published::from_json).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    #[test]
    fn the_forms_out_of_the_box_pass_their_own_check() {
        let forms = out_of_the_box().map_err(|error| format!("{error:?}"));
        let titles: Vec<_> = forms.iter().flatten().map(|form| form.definition().title.as_str()).collect();
        assert_eq!(titles, ["Card payment", "Secure note"]);
    }

    #[test]
    fn the_name_on_the_card_and_the_note_accept_every_character() {
        let forms = out_of_the_box().unwrap_or_default();
        let name = forms[0].definition().question("name");
        assert!(name.is_some_and(|name| name.every_character && name.autocomplete() == "cc-name"));
        assert_eq!(forms[1].definition().question("note").map(|note| note.kind), Some(Kind::Note));
    }
}
