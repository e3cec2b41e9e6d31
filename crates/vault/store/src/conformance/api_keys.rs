//! Keys of the vault's API, and what is read by them (V7).

use aside_base::{AnswerToken, ApiKeyId, KeyHash};
use aside_form::Kind;
use aside_vault_domain::{ApiKey, KeyFault, NewApiKey, Presented, Refusal, Scope};

use super::Place;
use super::world::{World, refusal};

async fn made(world: &World, scopes: &[Scope], kinds: &[Kind], site: &aside_base::SiteId) -> Presented {
    let new = NewApiKey {
        site: site.clone(),
        name: "Payments".into(),
        scopes: scopes.to_vec(),
        kinds: kinds.to_vec(),
        networks: vec!["192.0.2.0/24".parse().unwrap()],
        per_minute: 60,
        days: 30,
    };
    let (id, secret) = (ApiKeyId::from_uuid(*world.session_id().as_uuid()), world.key());
    let key = ApiKey::made(new, id, secret, world.now()).unwrap();
    world.store.put_api_key(world.desk(), key).await.unwrap();
    Presented { id, secret, from: "192.0.2.9".parse().unwrap() }
}

const ALL: [Scope; 4] = Scope::ALL;

async fn tokens(world: &World) -> (aside_base::SubmissionId, Vec<AnswerToken>) {
    let (form, answers) = (world.opened().await, world.answers());
    let tokens = answers.answers.iter().map(|answer| answer.token.clone()).collect();
    let submission = answers.id;
    world.submit(&form, answers).await.unwrap();
    (submission, tokens)
}

/// Right key, right site, right kind; and an audit row for each submission that was read.
pub async fn a_token_opens_for_its_own_site_and_kind_alone(place: &dyn Place) {
    let world = World::begin(place).await;
    let other: aside_base::SiteId = "contoso".parse().unwrap();
    world.settle_site(&other).await;
    let (submission, tokens) = tokens(&world).await;
    let read = |presented| world.store.detokenise(world.desk(), presented, tokens.clone());
    let own = made(&world, &ALL, &[Kind::CardNumber], &world.site).await;
    let found = read(own).await.unwrap();
    assert_eq!(found[0].as_ref().map(|found| found.submission), Ok(submission));
    // The security code was off the record: its token opens nothing, whatever the kinds.
    assert!(found[1].is_err());
    let foreign = made(&world, &ALL, &[Kind::CardNumber], &other).await;
    assert!(read(foreign).await.unwrap().iter().all(|found| *found == Err(Refusal::NotValid)));
    let notes = made(&world, &ALL, &[Kind::Note], &world.site).await;
    assert_eq!(read(notes).await.unwrap()[0], Err(Refusal::Key(KeyFault::Kind)));
    // A foreign token in a batch is *not valid*, and the others are read.
    let unknown = AnswerToken::from_stored("tok_unknown".into());
    let mixed = world.store.detokenise(world.desk(), own, vec![unknown, tokens[0].clone()]).await.unwrap();
    assert_eq!(mixed[0], Err(Refusal::NotValid));
    assert!(mixed[1].is_ok());
    let rows = world.store.audit(0, 10_000).await.unwrap();
    let rows: Vec<_> = rows.iter().filter(|row| row.act == "detokenised").collect();
    let done: Vec<_> = rows.iter().filter(|row| row.outcome == "done").collect();
    assert_eq!(done.len(), 2);
    assert!(done.iter().all(|row| row.on.submission == Some(submission) && row.on.detail.as_deref() == Some("number")));
    assert_eq!(rows.len(), 6, "one refusal for each call that had one");
}

/// Nothing opens with a key that is wrong, over, revoked, elsewhere or made for something else.
pub async fn a_key_that_does_not_fit_opens_nothing(place: &dyn Place) {
    let world = World::begin(place).await;
    let (submission, tokens) = tokens(&world).await;
    let presented = made(&world, &[Scope::Detokenise], &[Kind::CardNumber], &world.site).await;
    let read = |presented| world.store.detokenise(world.desk(), presented, tokens.clone());
    let fault = Refusal::Key;
    let guessed = Presented { secret: KeyHash([0; 32]), ..presented };
    assert_eq!(refusal(read(guessed).await), fault(KeyFault::Unknown));
    let unknown = Presented { id: ApiKeyId::from_uuid(*world.session_id().as_uuid()), ..presented };
    assert_eq!(refusal(read(unknown).await), fault(KeyFault::Unknown));
    let elsewhere = Presented { from: "203.0.113.1".parse().unwrap(), ..presented };
    assert_eq!(refusal(read(elsewhere).await), fault(KeyFault::Network));
    let conversation = world.conversation;
    assert_eq!(refusal(world.store.describe(world.desk(), presented, submission).await), fault(KeyFault::Scope));
    assert_eq!(refusal(world.store.export_by_key(world.desk(), presented, conversation).await), fault(KeyFault::Scope));
    assert_eq!(refusal(world.store.erase_by_key(world.desk(), presented, conversation).await), fault(KeyFault::Scope));
    assert!(read(presented).await.unwrap()[0].is_ok());
    world.store.revoke_api_key(world.desk(), presented.id).await.unwrap();
    world.store.revoke_api_key(world.desk(), presented.id).await.unwrap();
    assert_eq!(refusal(read(presented).await), fault(KeyFault::Revoked));
    let world = world.reopened(place).await;
    let read = |presented| world.store.detokenise(world.desk(), presented, tokens.clone());
    assert_eq!(refusal(read(presented).await), fault(KeyFault::Revoked));
    let short = made(&world, &[Scope::Detokenise], &[Kind::CardNumber], &world.site).await;
    world.wait(30 * 86_400);
    assert_eq!(refusal(read(short).await), fault(KeyFault::Expired));
    // Who has the secret is known: these refusals are in the log. Guesses are not.
    let rows = world.store.audit(0, 10_000).await.unwrap();
    let refused = |outcome: &str| rows.iter().filter(|row| row.outcome == outcome).count();
    assert_eq!((refused("key_scope"), refused("key_revoked"), refused("key_expired")), (3, 2, 1));
    let nobody = world.store.revoke_api_key(world.desk(), unknown.id).await;
    assert_eq!(refusal(nobody), Refusal::NotValid);
}

/// Described without an answer, exported, and erased for good: then each token says so.
pub async fn what_was_erased_by_a_key_is_erased_for_all(place: &dyn Place) {
    let world = World::begin(place).await;
    let other: aside_base::SiteId = "contoso".parse().unwrap();
    world.settle_site(&other).await;
    let (submission, tokens) = tokens(&world).await;
    let own = made(&world, &ALL, &[Kind::CardNumber], &world.site).await;
    let foreign = made(&world, &ALL, &[Kind::CardNumber], &other).await;
    assert_eq!(refusal(world.store.describe(world.desk(), foreign, submission).await), Refusal::NotValid);
    let (_, theirs) = world.store.export_by_key(world.desk(), foreign, world.conversation).await.unwrap();
    assert!(theirs.is_empty());
    assert!(!world.store.erase_by_key(world.desk(), foreign, world.conversation).await.unwrap().erased);
    assert_eq!(world.store.describe(world.desk(), own, submission).await.unwrap().1.answers.len(), 2);
    assert_eq!(world.store.export_by_key(world.desk(), own, world.conversation).await.unwrap().1.len(), 1);
    assert!(world.store.erase_by_key(world.desk(), own, world.conversation).await.unwrap().erased);
    let read = world.store.detokenise(world.desk(), own, tokens).await.unwrap();
    assert_eq!(read[0], Err(Refusal::Erased));
    let described = world.store.describe(world.desk(), own, submission).await.unwrap().1;
    assert!(described.data_keys.is_empty() && described.answers[0].erased_at.is_some());
}
