//! Every page in every state: whole documents that hold together, say what they must, and give nothing away.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod html;
mod samples;

use std::io::Write as _;

use aside_base::Secret;
use aside_form::{AnswerError, Kind};
use aside_vault_pages::{Echo, Form, Occasion, Proofs, Row, State, View, inventory};
use html::Html;
use samples::{AT, card_form, chat, desk, every_page, faults, key, occasion, pages, question};

#[test]
fn every_page_is_a_whole_document_in_one_language() {
    for (name, page) in every_page() {
        let html = Html::read(&name, &page.html);
        assert!(page.html.starts_with("<!doctype html>"), "{name}");
        let root = html.first("html");
        assert!(!root.attribute("lang").unwrap().is_empty(), "{name}");
        assert_eq!(root.attribute("dir"), Some(if name.ends_with("arabic") { "rtl" } else { "ltr" }), "{name}");
        // A view's page also holds, as a template, what takes its place when it ends; a form the script that seals it.
        let holds = |id: &str| usize::from(html.tags("template").any(|tag| tag.attribute("id") == Some(id)));
        let (headings, scripts) = (1 + holds("ended"), 1 + holds("later"));
        for (tag, count) in [("title", 1), ("main", 1), ("h1", headings), ("style", 1), ("script", scripts)] {
            assert_eq!(html.tags(tag).count(), count, "{name}: {tag}");
        }
    }
}

#[test]
fn every_page_carries_exactly_what_its_policy_names() {
    for (name, page) in every_page() {
        let policy = page.content_security_policy(&[]);
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{name}: {policy}");
        assert!(policy.ends_with("frame-ancestors 'none'"), "{name}: {policy}");
        assert!(!policy.contains("unsafe"), "{name}");
        for tag in ["style", "script"] {
            let text = page.html.rsplit_once(&format!("<{tag}")).unwrap().1.split_once('>').unwrap().1;
            let text = text.split_once(&format!("</{tag}>")).unwrap().0;
            let asset = inventory().find(|asset| asset.text == text).unwrap();
            assert!(policy.contains(asset.source()), "{name}: {tag}");
        }
        let html = Html::read(&name, &page.html);
        for hash in html.tags("script").filter_map(|tag| tag.attribute("integrity")) {
            assert!(policy.contains(hash), "{name}: a script by address");
        }
        for tag in html.all() {
            for (attribute, value) in &tag.attributes {
                assert!(attribute != "style" && !attribute.starts_with("on"), "{name}: {attribute}");
                let leads_out = value.contains("://") && !["data-chat", "data-desk"].contains(&attribute.as_str());
                assert!(!leads_out || value.starts_with("https://northwind.example/"), "{name}: {value}");
            }
        }
    }
}

#[test]
fn frames_are_named_by_their_exact_origins() {
    let (pages, chat, desk) = (pages(), chat(), desk());
    let policy = pages.begin(&[&chat]).content_security_policy(&[&chat, &desk]);
    assert!(policy.ends_with("frame-ancestors http://chat.localhost:8080 http://desk.localhost:8080"), "{policy}");
    assert!(!policy.contains("connect-src"));
    assert!(pages.viewer("en", &[&desk]).content_security_policy(&[&desk]).contains("connect-src 'self'"));
}

#[test]
fn labels_hints_and_errors_belong_to_their_fields() {
    for (name, page) in every_page() {
        let html = Html::read(&name, &page.html);
        let ids: Vec<_> = html.all().filter_map(|tag| tag.attribute("id")).collect();
        for id in &ids {
            assert_eq!(ids.iter().filter(|other| other == &id).count(), 1, "{name}: {id}");
        }
        for tag in html.all() {
            let typed = tag.name == "textarea" || (tag.name == "input" && tag.attribute("type") != Some("hidden"));
            if typed {
                let id = tag.attribute("id").unwrap();
                assert!(html.tags("label").any(|label| label.attribute("for") == Some(id)), "{name}: {id}");
                assert_eq!(
                    tag.attribute("aria-invalid").is_some(),
                    ids.contains(&format!("{id}-problem").as_str()),
                    "{name}: {id}"
                );
                assert!(tag.name == "textarea" || tag.attribute("autocomplete").is_some(), "{name}: {id}");
                assert_ne!(tag.attribute("type"), Some("number"), "{name}: {id}");
            }
            for reference in ["for", "aria-describedby", "aria-labelledby"] {
                for id in tag.attribute(reference).unwrap_or_default().split_whitespace() {
                    assert!(ids.contains(&id), "{name}: {id}");
                }
            }
            if let Some(target) = tag.attribute("href").and_then(|href| href.strip_prefix('#')) {
                assert!(ids.contains(&target), "{name}: {target}");
            }
            if tag.name == "svg" {
                assert_eq!(tag.attribute("aria-hidden"), Some("true"), "{name}: an icon speaks");
            }
        }
    }
}

#[test]
fn a_key_stands_in_hidden_inputs_of_posts_and_nowhere_else() {
    let key = key().to_text();
    for (name, page) in every_page() {
        let html = Html::read(&name, &page.html);
        let hidden =
            html.all().filter(|tag| tag.attribute("value") == Some(&key) && tag.attribute("type") == Some("hidden"));
        assert_eq!(hidden.count(), page.html.matches(&key).count(), "{name}");
        assert!(html.tags("form").all(|form| form.attribute("method") == Some("post")), "{name}");
    }
}

#[test]
fn the_form_echoes_no_answer_that_is_masked_off_the_record_or_a_cards() {
    let (pages, chat, key, mut definition) = (pages(), chat(), key(), card_form());
    definition.questions.push(aside_form::Question { masked: true, ..question("pin", "Word", None, Kind::Text) });
    definition
        .questions
        .push(aside_form::Question { off_the_record: true, ..question("hint", "Hint", None, Kind::Note) });
    let said = |text: &str| Secret::from(text.to_owned());
    let (name, number, expiry, cvv) = (said("A \"q\" <b> & 'c'"), said("4111111111111111"), said("04/29"), said("739"));
    let (pin, hint) = (said("masked-word"), said("fleeting-word"));
    let echoes =
        [("name", &name), ("number", &number), ("expiry", &expiry), ("cvv", &cvv), ("pin", &pin), ("hint", &hint)]
            .map(|(question, text)| Echo { question, text });
    let problems = faults(&[("postcode", AnswerError::TooLong { limit: 500 })]);
    let form = Form {
        path: "/form/x",
        key: &key,
        definition: &definition,
        kept: true,
        once: false,
        seconds_left: 60,
        problems: &problems,
        echoes: &echoes,
    };
    let page = pages.form(&occasion(&chat), &form);
    let html = Html::read("echo", &page.html);
    let echoed = html.all().find(|tag| tag.attribute("id") == Some("q-name")).unwrap();
    assert_eq!(echoed.attribute("value"), Some("A &#34;q&#34; &#60;b&#62; &#38; &#39;c&#39;"));
    for never in ["4111", "04/29", "739", "masked-word", "fleeting-word"] {
        let (visible, _) = page.html.split_once("<script").unwrap();
        assert!(!visible.contains(never), "{never}");
    }
    assert!(!page.compressible());
    assert!(pages.form(&occasion(&chat), &Form { problems: &[], echoes: &[], ..form }).compressible());
}

#[test]
fn a_view_shows_of_a_sensitive_answer_what_v11_allows_and_no_more() {
    let (pages, desk, card) = (pages(), desk(), card_form());
    let (number, cvv, name) =
        (Secret::from("4111111111111111".to_owned()), Secret::from("739".to_owned()), Secret::from("<i>Al".to_owned()));
    let of = |id: &str| card.question(id).unwrap();
    let rows = [
        Row { question: of("number"), state: State::Held(&number) },
        Row { question: of("cvv"), state: State::Held(&cvv) },
        Row { question: of("name"), state: State::Held(&name) },
    ];
    let view = View {
        locale: "en",
        desk: &desk,
        view: "v",
        agent: "Dana",
        at: AT,
        title: "T",
        reference: "7F3K",
        card_numbers: false,
        copy: true,
        history: None,
        proofs: Proofs::default(),
        rows: &rows,
    };
    let page = pages.view(&view);
    assert!(page.html.contains("4111 11•• •••• 1111"));
    assert!(page.html.contains("&#60;i&#62;Al") && !page.html.contains("<i>Al"));
    assert!(!page.html.contains("739") && !page.html.contains("1111111"));
    assert!(!page.compressible());
    // A button to copy beside the name; neither beside what may not be revealed, nor beside a security code.
    assert_eq!(page.html.matches(" data-copy=").count(), 1);
    let numbers = pages.view(&View { card_numbers: true, ..view });
    assert_eq!(numbers.html.matches(" data-copy=").count(), 2);
    let without = pages.view(&View { copy: false, ..view });
    assert!(!without.html.contains("data-copy="));
}

#[test]
fn history_says_why_it_is_read_and_what_was_never_kept() {
    let all = every_page();
    let html = &all.iter().find(|(name, _)| name == "view-history").unwrap().1.html;
    assert!(html.contains("Dispute, CASE-2026-0147. Each reveal is logged with that reason."));
    assert!(html.contains("Dana Hill · 2026-11-22 10:49 UTC · Dispute, CASE-2026-0147"), "the mark says so too");
    assert!(html.contains("Not kept. It was off the record.") && !html.contains("data-seconds=\""));
}

#[test]
fn a_visitor_reads_who_may_read_the_answers_during_the_chat_and_after_it() {
    let all = every_page();
    let page = |name: &str| all.iter().find(|(page, _)| page == name).unwrap().1.html.as_str();
    let (never, later) = (" can read them, and only while this chat is open.", " may read what it keeps, for a reason");
    assert!(page("sent").contains(never) && !page("sent").contains(later));
    assert!(page("sent-history").contains(later) && !page("sent-history").contains(never));
}

#[test]
fn each_refusal_has_a_text_of_its_own() {
    let all = every_page();
    let mut seen = std::collections::BTreeMap::new();
    for (name, page) in all.iter().filter(|(name, _)| name.starts_with("refused-") && !name.contains("nobody")) {
        let said = page.html.split("<h1>").nth(1).unwrap().split("</main>").next().unwrap().to_owned();
        if let Some(other) = seen.insert(said, name) {
            panic!("{name} and {other} say the same");
        }
    }
    assert!(seen.len() > 25);
}

#[test]
fn a_form_that_opens_once_says_so_and_asks_before_it_is_left() {
    let all = every_page();
    let page = |name: &str| all.iter().find(|(page, _)| page == name).unwrap().1.html.as_str();
    let (once, other) = (page("form-once"), page("form-fresh"));
    assert!(once.contains("This form opens once") && !other.contains("opens once"));
    // Without the script the cross leads to the question; with it, too.
    assert!(once.contains("class=\"out\" href=\"#leave\"") && once.contains(" data-once"));
    assert!(other.contains("/close\"><input type=\"hidden\" name=\"otk\""));
    assert!(page("closed-for-good").contains("Closed for good") && page("closed").contains("You can open it again"));
}

#[test]
fn a_page_says_how_long_and_what_is_wrong_where_it_is_wrong() {
    let all = every_page();
    let text = |name: &str| &all.iter().find(|(page, _)| page == name).unwrap().1.html;
    assert!(text("form-fresh").contains("28 minutes left"));
    assert!(text("form-fresh").contains("class=\"time\""));
    assert!(text("form-soon").contains("class=\"time soon\""));
    assert!(text("form-errors").contains("<title>Error: 2 things to fix"));
    assert!(text("form-errors").contains("href=\"#q-number\""));
    assert!(text("form-note-errors").contains("1 thing to fix"));
    assert!(text("form-german").contains("Noch 28 Minuten") && text("form-german").contains("2 Angaben"));
    assert!(text("form-arabic").contains("أمران للتصحيح"));
    assert!(text("refused-submit").contains("30 minutes") && text("refused-life").contains("24 hours"));
    assert!(text("refused-used-ask").contains("action=\"/ask\"") && !text("refused-used").contains("action=\"/ask\""));
}

#[test]
fn a_privacy_link_leads_to_a_web_page_or_nowhere() {
    let (pages, chat) = (pages(), chat());
    let links = |url| {
        let page = pages.closed(&Occasion { privacy_url: Some(url), contact_url: None, ..occasion(&chat) }, false);
        Html::read(url, &page.html).tags("a").map(|a| a.attribute("href").unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(links("https://northwind.example/p?a=\"b\""), ["https://northwind.example/p?a=&#34;b&#34;"]);
    for bad in ["javascript:alert(1)", "data:text/html,x", " https://x", "//x", "/x"] {
        assert_eq!(links(bad), Vec::<String>::new());
    }
}

#[test]
fn names_that_are_markup_stay_names() {
    let (pages, chat, key, mut definition) = (pages(), chat(), key(), card_form());
    let evil = "</script><img src=x onerror=alert(1)>\"'";
    definition.questions[0].label = evil.to_owned();
    definition.questions[0].help = Some(evil.to_owned());
    let occasion = Occasion { title: evil, brand: evil, agent: evil, reference: evil, ..occasion(&chat) };
    let form = Form {
        path: "/form/x",
        key: &key,
        definition: &definition,
        kept: false,
        once: false,
        seconds_left: 1,
        problems: &faults(&[("name", AnswerError::Character('<')), (evil, AnswerError::UnknownQuestion)]),
        echoes: &[],
    };
    for page in
        [pages.form(&occasion, &form), pages.sent(&occasion, AT), pages.declined(&occasion), pages.asked(&occasion)]
    {
        assert!(!page.html.contains("<img") && !page.html.contains("</script><img"));
        Html::read("evil", &page.html);
    }
}

#[test]
fn the_first_view_of_the_largest_form_fits_one_round_trip() {
    let (pages, chat, key) = (pages(), chat(), key());
    let mut definition = card_form();
    while definition.questions.len() < 20 {
        let place = definition.questions.len();
        let help = "A hint of a usual length, that says what is meant by the question above it";
        definition.questions.push(question(
            &format!("more-{place}"),
            &format!("One more question, the {place}th"),
            Some(help),
            Kind::Text,
        ));
    }
    let form = Form {
        path: "/form/019ac0de-0000-7000-8000-000000000001",
        key: &key,
        definition: &definition,
        kept: true,
        once: false,
        seconds_left: 1_680,
        problems: &[],
        echoes: &[],
    };
    let mut weights: Vec<_> =
        every_page().into_iter().map(|(name, page)| (gzipped(&page.html), page.html.len(), name)).collect();
    let largest = pages.form(&occasion(&chat), &form);
    weights.push((gzipped(&largest.html), largest.html.len(), "a form of 20 questions".to_owned()));
    weights.sort();
    for (compressed, whole, name) in weights.iter().rev().take(4) {
        writeln!(std::io::stderr(), "{name}: {compressed} bytes compressed, {whole} whole, everything included")
            .unwrap();
    }
    let (heaviest, _, name) = weights.last().unwrap();
    assert!(*heaviest <= 14 * 1024, "{name} weighs {heaviest} bytes");
}

fn gzipped(text: &str) -> usize {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap().len()
}
