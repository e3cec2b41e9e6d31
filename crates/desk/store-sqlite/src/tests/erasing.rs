//! What was erased is in no file: neither in a table, nor in the log, nor in a page that is free or has a gap.

use std::collections::BTreeSet;

use aside_desk_domain::{Subject, Visitor};
use aside_desk_store::conformance::Scene;

use super::{Folder, open};

/// How often a text stands in the files of the database, whichever they are.
fn times(folder: &Folder, text: &str) -> usize {
    let files = std::fs::read_dir(folder.folder.path()).unwrap();
    files
        .map(|file| {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            bytes.windows(text.len()).filter(|window| *window == text.as_bytes()).count()
        })
        .sum()
}

/// The rounds whose marks stand anywhere in the files, free pages and gaps included.
fn rounds_in(folder: &Folder) -> BTreeSet<usize> {
    let mut rounds = BTreeSet::new();
    for file in std::fs::read_dir(folder.folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let mut rest = bytes.as_slice();
        while let Some(at) = rest.windows(MARK.len()).position(|window| window == MARK.as_bytes()) {
            rest = &rest[at + MARK.len()..];
            let number = rest.get(..4).and_then(|digits| std::str::from_utf8(digits).ok()?.parse::<usize>().ok());
            rounds.extend(number);
        }
    }
    rounds
}

const MARK: &str = "mark-";

#[tokio::test]
async fn an_erased_text_is_in_no_page_of_any_file() {
    let folder = open();
    let scene = Scene::set(&folder).await;
    let dana = scene.agent("dana").await;
    let mut talks = Vec::new();
    // Many conversations, texts of all lengths (some fill several pages), rows that grow and shrink meanwhile: trees are balanced,
    // pages are split and shared.
    for round in 0..30_usize {
        let visitor = Visitor { name: Some(format!("{MARK}{round:04} the name")), ..scene.new_visitor() };
        scene.store.create_visitor(visitor.clone(), scene.key()).await.unwrap();
        let mut conversation = None;
        for turn in 0..6_usize {
            let long = if turn % 5 == 4 { 3_900 } else { (round * 7 + turn * 31) % 200 };
            let text = format!("{MARK}{round:04} {}", "x".repeat(long));
            let posted = scene.says(&visitor, &text).await.entry.conversation;
            scene.answers(&dana, posted, &format!("to {text}")).await;
            conversation = Some(posted);
        }
        talks.push((visitor, conversation.unwrap()));
    }
    assert_eq!(rounds_in(&folder).len(), talks.len(), "it was all there");
    let kept = |round: usize| round.is_multiple_of(3);
    for (round, (visitor, conversation)) in talks.iter().enumerate() {
        for subject in [Subject::Conversation(*conversation), Subject::Visitor(visitor.id)] {
            let typed = subject.reference().to_string();
            if !kept(round) {
                scene.store.erase(&scene.site, subject, &typed, scene.by(None)).await.unwrap();
            }
        }
    }
    scene.store.finish_erasing().await.unwrap();
    let expected: BTreeSet<usize> = (0..talks.len()).filter(|round| kept(*round)).collect();
    assert_eq!(rounds_in(&folder), expected, "what was erased, and what nobody asked to erase");
}

#[tokio::test]
async fn a_log_that_could_not_be_cut_is_cut_later() {
    let mut folder = open();
    let scene = Scene::set(&folder).await;
    let visitor = scene.visitor().await;
    let text = "a text that shall be nowhere";
    let conversation = scene.says(&visitor, text).await.entry.conversation;
    let subject = Subject::Conversation(conversation);
    scene.store.erase(&scene.site, subject, &subject.reference().to_string(), scene.by(None)).await.unwrap();
    assert!(times(&folder, text) > 0, "the log still has it");
    // The program ends without having cut it, and does so after its next start.
    let waits = |folder: &Folder| {
        folder.beside().query_row("SELECT count(*) FROM erasing", [], |row| row.get::<_, i64>(0)).unwrap()
    };
    assert_eq!(waits(&folder), 1);
    let scene = scene.restart(&mut folder);
    scene.store.finish_erasing().await.unwrap();
    assert_eq!((times(&folder, text), waits(&folder)), (0, 0));
}

#[tokio::test]
async fn only_what_was_erased_is_ever_written_over() {
    let folder = open();
    let scene = Scene::set(&folder).await;
    let visitor = scene.visitor().await;
    let erased = scene.says(&visitor, "erased").await.entry.conversation;
    let subject = Subject::Conversation(erased);
    scene.store.erase(&scene.site, subject, &subject.reference().to_string(), scene.by(None)).await.unwrap();
    scene.says(&visitor, "kept").await;
    let connection = folder.beside();
    for sql in [
        "UPDATE entries SET text = '    ' WHERE text = 'kept'",
        "UPDATE entries SET text = 'forged' WHERE trim(text) = ''",
        "UPDATE entries SET text = '' WHERE trim(text) = ''",
        "UPDATE entries SET text = printf('%*s', octet_length(text), ''), at = 1 WHERE trim(text) = ''",
        "UPDATE conversations SET erased_at = NULL WHERE erased_at IS NOT NULL",
    ] {
        assert!(connection.execute(sql, []).is_err(), "{sql}");
    }
}
