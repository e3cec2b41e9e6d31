//! Every page in every state, with sample data: for the tests, and for looking at (`--example gallery`).

use aside_base::{InvitationId, OneTimeKey, Origin, Secret, SeededRng, Timestamp};
use aside_form::{AnswerError, AnswerFault, Brand, CardError, Definition, ExpiryError, Kind, Question, out_of_the_box};
use aside_language::Source;
use aside_vault_pages::{
    CancelCause, Clock, CodeApp, Confirm, ConfirmTrouble, CouldNotLoad, Echo, Export, Factors, Form, HistoryNote,
    HistoryWhy, Landing, Look, Occasion, Page, Pages, Proofs, Refusal, Row, State, View,
};

/// The text of the sample OTK, as tests look for it.
pub(crate) fn key() -> OneTimeKey {
    OneTimeKey::generate(&SeededRng::new(7))
}

/// 22 November 2026, 10:49 UTC.
pub(crate) const AT: Timestamp = Timestamp(1_795_344_540_000);

/// English, and a long and a right-to-left language that stand here for the translations to come.
pub(crate) fn pages() -> Pages {
    let source = |locale, text| Source { locale, file: "sample", text };
    Pages::with(&[
        source("de", include_str!("../translations/de.ftl")),
        source("ar", include_str!("../translations/ar.ftl")),
    ])
    .unwrap()
}

pub(crate) fn chat() -> Origin {
    "http://chat.localhost:8080".parse().unwrap()
}

pub(crate) fn desk() -> Origin {
    "http://desk.localhost:8080".parse().unwrap()
}

pub(crate) fn occasion(chat: &Origin) -> Occasion<'_> {
    Occasion {
        locale: "en",
        look: Look::Chat,
        framed: false,
        title: "Card payment",
        brand: "Northwind",
        agent: "Dana",
        reference: "7F3K",
        privacy_url: Some("https://northwind.example/privacy"),
        contact_url: Some("https://northwind.example/contact"),
        chat: Some(chat),
        invitation: Some(InvitationId::generate(AT, &SeededRng::new(3))),
        history: false,
    }
}

/// The form of the house, and with an optional question after it.
pub(crate) fn card_form() -> Definition {
    let mut definition = out_of_the_box().unwrap()[0].definition().clone();
    definition.questions.push(question("postcode", "Postcode", None, Kind::Text));
    definition
}

pub(crate) fn note_form() -> Definition {
    out_of_the_box().unwrap()[1].definition().clone()
}

pub(crate) fn question(id: &str, label: &str, help: Option<&str>, kind: Kind) -> Question {
    let code = kind == Kind::Cvv;
    Question {
        id: id.to_owned(),
        label: label.to_owned(),
        help: help.map(str::to_owned),
        kind,
        required: code,
        masked: code,
        off_the_record: code,
        every_character: false,
        autofill: None,
        keep_days: None,
    }
}

/// The card form with other labels, in the order number, expiry, code, name.
pub(crate) fn translated(title: &str, texts: [(&str, &str); 4]) -> Definition {
    let [number, expiry, code, name] = texts;
    let of = |id, (label, help): (&str, &str), kind| {
        let mut made = question(id, label, (!help.is_empty()).then_some(help), kind);
        made.required = true;
        made
    };
    Definition {
        id: "sample".to_owned(),
        title: title.to_owned(),
        description: None,
        questions: vec![
            of("number", number, Kind::CardNumber),
            of("expiry", expiry, Kind::Expiry),
            of("cvv", code, Kind::Cvv),
            of("name", name, Kind::Text),
        ],
        keep_days: None,
    }
}

pub(crate) fn faults(faults: &[(&str, AnswerError)]) -> Vec<AnswerFault> {
    faults.iter().map(|(question, error)| AnswerFault { question: (*question).to_owned(), error: *error }).collect()
}

pub(crate) fn german() -> Definition {
    translated(
        "Kreditkartenzahlungsdaten",
        [
            ("Kreditkartennummer", "Die lange Nummer auf der Vorderseite Ihrer Karte"),
            ("Gültigkeitsdatum", "Monat und Jahr"),
            ("Kartenprüfnummer", "3 Ziffern auf der Rückseite"),
            ("Karteninhaberin oder Karteninhaber", ""),
        ],
    )
}

pub(crate) fn arabic() -> Definition {
    translated(
        "الدفع بالبطاقة",
        [
            ("رقم البطاقة", "الرقم الطويل على وجه البطاقة"),
            ("تاريخ الانتهاء", "الشهر والسنة"),
            ("رمز الأمان", "3 أرقام على ظهر البطاقة"),
            ("الاسم على البطاقة", ""),
        ],
    )
}

fn form<'a>(key: &'a OneTimeKey, definition: &'a Definition) -> Form<'a> {
    Form {
        path: "/form/019ac0de-0000-7000-8000-000000000001",
        key,
        definition,
        kept: true,
        once: false,
        seconds_left: 1_680,
        problems: &[],
        echoes: &[],
    }
}

/// Each page under the name that its file gets.
pub(crate) fn every_page() -> Vec<(String, Page)> {
    let mut all = visitor_pages();
    all.extend(agent_pages());
    all
}

fn visitor_pages() -> Vec<(String, Page)> {
    let (pages, chat, key) = (pages(), chat(), key());
    let (card, note, german, arabic) = (card_form(), note_form(), german(), arabic());
    let here = occasion(&chat);
    let framed = Occasion { framed: true, ..here };
    let link = Occasion { look: Look::Link, chat: None, ..here };
    let in_german = Occasion { locale: "de-AT", title: &german.title, ..here };
    let in_arabic = Occasion { locale: "ar", title: &arabic.title, agent: "دانا", ..here };
    let fresh = form(&key, &card);
    let wrong = faults(&[
        ("number", AnswerError::Card(CardError::TooShort(Brand::Visa))),
        ("expiry", AnswerError::Expiry(ExpiryError::Past)),
    ]);
    let empty = faults(&[("note", AnswerError::Missing)]);
    let name = Secret::from("Alex \"O'Neil\" <Rivera> & Søn".to_owned());
    let number = Secret::from("4111111111111111".to_owned());
    let echoes = [Echo { question: "name", text: &name }, Echo { question: "number", text: &number }];
    let failed = Form { problems: &wrong, echoes: &echoes, ..form(&key, &card) };
    let landing = Landing {
        key: &key.to_text(),
        description: Some("Your card details, for one payment."),
        host: "vault.localhost:8081",
        opens_for_seconds: 84_000,
        submit_limit_seconds: 1_800,
    };
    let mut all = vec![
        ("begin", pages.begin(&[&chat])),
        ("landing", pages.landing(&link, &landing)),
        ("form-fresh", pages.form(&here, &fresh)),
        ("form-errors", pages.form(&here, &failed)),
        ("form-soon", pages.form(&here, &Form { seconds_left: 118, ..form(&key, &card) })),
        ("form-not-kept", pages.form(&here, &Form { kept: false, ..form(&key, &card) })),
        ("form-framed", pages.form(&framed, &fresh)),
        ("form-framed-errors", pages.form(&framed, &failed)),
        ("form-link", pages.form(&link, &fresh)),
        ("form-link-errors", pages.form(&link, &failed)),
        ("form-note", pages.form(&Occasion { title: "Secure note", ..here }, &form(&key, &note))),
        (
            "form-note-errors",
            pages.form(&Occasion { title: "Secure note", ..here }, &Form { problems: &empty, ..form(&key, &note) }),
        ),
        ("form-german", pages.form(&in_german, &Form { problems: &wrong, ..form(&key, &german) })),
        ("form-arabic", pages.form(&in_arabic, &Form { problems: &wrong, ..form(&key, &arabic) })),
        ("sent", pages.sent(&here, AT)),
        ("sent-link", pages.sent(&link, AT)),
        ("sent-history", pages.sent(&Occasion { history: true, ..here }, AT)),
        ("declined", pages.declined(&here)),
        ("form-once", pages.form(&here, &Form { once: true, ..form(&key, &card) })),
        ("closed", pages.closed(&here, false)),
        ("closed-for-good", pages.closed(&here, true)),
        ("asked", pages.asked(&link)),
    ];
    let key = key.to_text();
    let ask = Some(key.as_str());
    let expired = |clock, seconds, ask| Refusal::Expired { clock, seconds, ask };
    for (name, refusal) in [
        ("refused-not-valid", Refusal::NotValid),
        ("refused-not-here", Refusal::NotHere),
        ("refused-used", Refusal::Used { ask: None }),
        ("refused-used-ask", Refusal::Used { ask }),
        ("refused-replaced", Refusal::Replaced { ask: None }),
        ("refused-replaced-ask", Refusal::Replaced { ask }),
        ("refused-stale", Refusal::Stale),
        ("refused-device", Refusal::OtherDevice { ask: None }),
        ("refused-device-ask", Refusal::OtherDevice { ask }),
        ("refused-life", expired(Clock::InvitationLife, 86_400, None)),
        ("refused-life-ask", expired(Clock::InvitationLife, 86_400, ask)),
        ("refused-open", expired(Clock::OpenLimit, 300, None)),
        ("refused-open-ask", expired(Clock::OpenLimit, 300, ask)),
        ("refused-submit", expired(Clock::SubmitLimit, 1_800, None)),
        ("refused-submit-ask", expired(Clock::SubmitLimit, 1_800, ask)),
        ("refused-submitted", Refusal::Submitted),
        ("refused-declined", Refusal::Declined),
        ("refused-cancelled-agent", Refusal::Cancelled(CancelCause::Agent)),
        ("refused-cancelled-session", Refusal::Cancelled(CancelCause::SessionEnded)),
        ("refused-cancelled-conversation", Refusal::Cancelled(CancelCause::ConversationClosed)),
        ("refused-cancelled-transferred", Refusal::Cancelled(CancelCause::Transferred)),
        ("refused-cancelled-stopped", Refusal::Cancelled(CancelCause::Stopped)),
        ("refused-left", Refusal::Cancelled(CancelCause::FormClosed)),
        ("refused-another", Refusal::Cancelled(CancelCause::AnotherForm)),
        ("refused-full", Refusal::Full),
        ("refused-many", Refusal::TooMany { retry_seconds: 30 }),
        ("refused-large", Refusal::TooLarge),
        ("refused-unavailable", Refusal::Unavailable),
        ("refused-sealed", Refusal::Sealed),
        ("refused-failed", Refusal::Failed { id: Some("5TQZ-81KD") }),
    ] {
        all.push((name, pages.refused(Some(&here), "en", &refusal)));
    }
    let mut named: Vec<_> = all.into_iter().map(|(name, page)| (name.to_owned(), page)).collect();
    for (name, refusal) in [
        ("not-valid", Refusal::NotValid),
        ("not-here", Refusal::NotHere),
        ("used", Refusal::Used { ask }),
        ("submitted", Refusal::Submitted),
        ("declined", Refusal::Declined),
        ("life", expired(Clock::InvitationLife, 86_400, None)),
        ("many", Refusal::TooMany { retry_seconds: 1 }),
        ("failed", Refusal::Failed { id: None }),
    ] {
        named.push((format!("refused-nobody-{name}"), pages.refused(None, "fr, en;q=0.5", &refusal)));
    }
    named
}

fn agent_pages() -> Vec<(String, Page)> {
    let (pages, desk, card, note) = (pages(), desk(), card_form(), note_form());
    let name = Secret::from("Alex Rowe <script>".to_owned());
    let number = Secret::from("4111111111111111".to_owned());
    let text = Secret::from("Gate code is by the blue door.\nRing twice; ask for \"Sam\".".to_owned());
    let of = |id: &str| card.question(id).unwrap();
    let row = |question, state| Row { question, state };
    let rows = [
        row(of("name"), State::Held(&name)),
        row(of("number"), State::Held(&number)),
        row(of("expiry"), State::Sealed),
        row(of("cvv"), State::InMemory { seconds: 522 }),
        row(of("postcode"), State::NotGiven),
    ];
    let gone = [row(of("name"), State::Held(&name)), row(of("number"), State::Sealed), row(of("cvv"), State::Gone)];
    let stored = [
        row(of("name"), State::Held(&name)),
        row(of("number"), State::Held(&number)),
        row(of("expiry"), State::Sealed),
        row(of("cvv"), State::NotKept),
    ];
    let past = Some(HistoryNote { why: HistoryWhy::Dispute, reference: Some("CASE-2026-0147") });
    let noted = [row(note.question("note").unwrap(), State::Held(&text))];
    let view = |locale, rows| View {
        locale,
        desk: &desk,
        view: "019ac0de-0000-7000-8000-0000000000aa",
        agent: "Dana Hill",
        at: AT,
        title: "Card payment",
        reference: "7F3K",
        card_numbers: true,
        copy: false,
        history: None,
        proofs: Proofs { code: true, passkey: true },
        rows,
    };
    let desks = [&desk];
    let factors = |code, passkeys, open, fresh| pages.factors("en", &desks, Factors { code, passkeys, open, fresh });
    // Dots of no meaning, in the size of a real square.
    let square: Vec<String> = (0..41_u32)
        .map(|y| (0..41_u32).map(|x| if (x * 7 + y * 13 + x * y) % 5 < 2 { '1' } else { '0' }).collect())
        .collect();
    let app = |locale, wrong| {
        pages.code_app(locale, &desks, &CodeApp { secret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", square: &square, wrong })
    };
    let export = Export { forms: 3, conversations: 2, reference: Some("CASE-2026-0147"), card_numbers: true };
    let asked = Confirm { code: true, passkey: true, trouble: None };
    let confirm = |trouble| pages.confirm("en", &desks, Confirm { code: true, passkey: true, trouble });
    vec![
        ("viewer".to_owned(), pages.viewer("en", &[&desk])),
        ("view".to_owned(), pages.view(&view("en", &rows))),
        ("view-copy".to_owned(), pages.view(&View { copy: true, ..view("en", &rows) })),
        ("view-history".to_owned(), pages.view(&View { copy: true, history: past, ..view("en", &stored) })),
        ("view-gone".to_owned(), pages.view(&view("en", &gone))),
        ("view-note".to_owned(), pages.view(&view("en", &noted))),
        ("view-german".to_owned(), pages.view(&view("de", &rows))),
        ("view-arabic".to_owned(), pages.view(&view("ar", &rows))),
        ("could-not-load".to_owned(), pages.could_not_load("en", &[&desk], CouldNotLoad::NoRight)),
        ("could-not-load-now".to_owned(), pages.could_not_load("en", &[&desk], CouldNotLoad::Unavailable)),
        ("could-not-load-sealed".to_owned(), pages.could_not_load("en", &[&desk], CouldNotLoad::Sealed)),
        ("view-no-numbers".to_owned(), pages.view(&View { card_numbers: false, ..view("en", &rows) })),
        (
            "view-code-only".to_owned(),
            pages.view(&View { proofs: Proofs { code: true, passkey: false }, ..view("en", &rows) }),
        ),
        ("view-no-proof".to_owned(), pages.view(&View { proofs: Proofs::default(), ..view("en", &rows) })),
        ("factor-none".to_owned(), factors(None, &[], true, false)),
        ("factor-held".to_owned(), factors(Some(AT), &[AT], false, false)),
        ("factor-fresh".to_owned(), factors(Some(AT), &[], false, true)),
        ("factor-add".to_owned(), factors(Some(AT), &[AT], true, false)),
        ("factor-app".to_owned(), app("en", false)),
        ("factor-app-wrong".to_owned(), app("en", true)),
        ("factor-app-arabic".to_owned(), app("ar", false)),
        ("factor-confirm".to_owned(), confirm(None)),
        ("export".to_owned(), pages.export("en", &desks, &export)),
        ("export-masked".to_owned(), pages.export("en", &desks, &Export { card_numbers: false, ..export })),
        ("export-confirm".to_owned(), pages.confirm_export("en", &desks, asked)),
        ("factor-confirm-wrong".to_owned(), confirm(Some(ConfirmTrouble::Wrong { left: 1 }))),
        ("factor-confirm-locked".to_owned(), confirm(Some(ConfirmTrouble::Locked { seconds: 1_799 }))),
        (
            "factor-confirm-passkey".to_owned(),
            pages.confirm("en", &desks, Confirm { code: false, passkey: true, trouble: None }),
        ),
        ("factor-signed-out".to_owned(), pages.could_not_load("en", &[&desk], CouldNotLoad::SignedOut)),
    ]
}
