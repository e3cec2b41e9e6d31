//! Whether a question's words ask for a card's security code (F4). Such a question may only be of kind `cvv`, which is never
//! kept: otherwise a stored "text" question could collect what may not be stored at all (PCI 3.3).

use unicode_normalization::UnicodeNormalization as _;

/// Words that mean nothing else.
const WORDS: [&str; 12] = [
    "cvv",
    "cvv2",
    "cvc",
    "cvc2",
    "cvn",
    "cvn2",
    "cav2",
    "csc",
    "icvv",
    "prufziffer",
    "kartenprufnummer",
    "kartenprufziffer",
];

/// Phrases, compared without accents.
const PHRASES: [&str; 25] = [
    "security code",
    "security number",
    "card verification",
    "verification value",
    "digits on the back",
    "digit on the back",
    "numbers on the back",
    "digits on the signature",
    "digits on the reverse",
    "code on the back",
    "sicherheitscode",
    "sicherheitsnummer",
    "kartensicherheit",
    "cryptogramme",
    "code de securite",
    "codigo de seguridad",
    "codigo de verificacion",
    "codigo de seguranca",
    "codice di sicurezza",
    "beveiligingscode",
    "kod zabezpieczajacy",
    "sakerhetskod",
    "sikkerhedskode",
    "sikkerhetskode",
    "guvenlik kodu",
];

/// Whether these words ask for a security code, in the languages and spellings that are known here.
pub(crate) fn asks_for_security_code(words: &str) -> bool {
    let plain = plain(words);
    let spelt_out = spelt_out(&plain);
    let padded = format!(" {} ", plain.join(" "));
    plain.iter().chain(&spelt_out).any(|word| WORDS.contains(&word.as_str()))
        || PHRASES.iter().any(|phrase| padded.contains(&format!(" {phrase}")))
}

/// The words in lower case, without accents, look-alike letters read as Latin ones.
fn plain(words: &str) -> Vec<String> {
    let letters: String = words
        .nfkd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c) && !crate::digits::invisible(*c))
        .flat_map(char::to_lowercase)
        .map(latin)
        .collect();
    letters.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// `c v v` and `c.v.v` as one word.
fn spelt_out(words: &[String]) -> Vec<String> {
    words
        .chunk_by(|a, b| a.chars().count() == 1 && b.chars().count() == 1)
        .filter(|run| run.len() > 1)
        .map(<[String]>::concat)
        .collect()
}

/// The Latin letter that a Cyrillic or Greek one looks like.
const fn latin(c: char) -> char {
    match c {
        'а' | 'α' => 'a',
        'с' | 'ϲ' => 'c',
        'е' | 'ε' => 'e',
        'і' | 'ι' => 'i',
        'о' | 'ο' => 'o',
        'р' | 'ρ' => 'p',
        'ѕ' => 's',
        'у' | 'υ' => 'y',
        'ѵ' | 'ν' => 'v',
        'х' | 'χ' => 'x',
        'ı' => 'i',
        'ł' => 'l',
        'ß' => 's',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_the_security_code_are_known_in_many_dresses() {
        for words in [
            "CVV",
            "Your CVC2, please",
            "c.v.v",
            "C V V",
            "Security code",
            "SECURITY  CODE",
            "Ｃｖｖ",
            "СVV",
            "Prüfziffer",
            "Kartenprüfnummer",
            "Código de seguridad",
            "Code de sécurité",
            "Cryptogramme visuel",
            "The 3 digits on the back",
            "c\u{200B}vv",
            "Güvenlik kodu",
            "card-cvv",
        ] {
            assert!(asks_for_security_code(words), "{words}");
        }
    }

    #[test]
    fn ordinary_questions_are_left_alone() {
        for words in [
            "Name on card",
            "Card number",
            "Expiry",
            "Postcode",
            "Secret answer",
            "Your CV",
            "Social security",
            "Verification by phone",
            "Notes on the back office",
        ] {
            assert!(!asks_for_security_code(words), "{words}");
        }
    }
}
