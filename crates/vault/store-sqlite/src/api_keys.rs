//! Keys of the vault's API as rows, and what is read by them. Each verb checks the key on its own row, in the transaction that
//! writes its audit row.

use aside_base::{AnswerToken, ApiKeyId, ConversationId, InvitationId, KeyHash, SubmissionId};
use aside_form::{Kind, Published};
use aside_vault_domain::{Act, ApiKey, KIND_NAMES, KeyFault, Occasion, On, Presented, Refusal, Scope, kind_name};
use aside_vault_store::{Ended, StoredForm, TokenFound};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::fault::{Fault, Step};
use crate::{audit, erasure, export, invitations, rows, sites, submissions};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, secret, site, name, scopes, kinds, networks, per_minute, created_at, expires_at, revoked_at
             FROM api_keys ",
            $rest
        )
    };
}

fn list<T>(row: &Row<'_>, column: usize, read: impl Fn(&str) -> Option<T>) -> rusqlite::Result<Vec<T>> {
    let text = row.get_ref(column)?.as_str()?;
    let names = text.split(',').filter(|name| !name.is_empty());
    names.map(|name| read(name).ok_or_else(|| rows::broken(column, "not a name of its kind"))).collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<ApiKey> {
    let kind = |name: &str| KIND_NAMES.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind);
    Ok(ApiKey {
        id: ApiKeyId::from_uuid(rows::uuid(row, 0)?),
        secret: KeyHash(row.get(1)?),
        site: rows::parsed(row, 2)?,
        name: row.get(3)?,
        scopes: list(row, 4, |name| name.parse().ok())?,
        kinds: list(row, 5, kind)?,
        networks: list(row, 6, |name| name.parse().ok())?,
        per_minute: row.get(7)?,
        created_at: rows::time(row, 8)?,
        expires_at: rows::time(row, 9)?,
        revoked_at: rows::time_or_none(row, 10)?,
    })
}

fn on_key(key: &ApiKey) -> On {
    On { site: Some(key.site.clone()), detail: Some(format!("{} {}", key.id, key.name)), ..On::default() }
}

pub(crate) fn put(connection: &Connection, occasion: &Occasion, key: &ApiKey) -> Step<()> {
    if sites::profile(connection, &key.site)?.is_none() {
        return Err(Refusal::NotValid.into());
    }
    let scopes = key.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(",");
    let kinds = key.kinds.iter().filter_map(|kind| kind_name(*kind)).collect::<Vec<_>>().join(",");
    let networks = key.networks.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let detail = format!(
        "{} {}: {scopes}; {kinds}; {networks}; {} a minute; until {}",
        key.id, key.name, key.per_minute, key.expires_at.0
    );
    connection
        .prepare_cached(
            "INSERT INTO api_keys (id, secret, site, name, scopes, kinds, networks, per_minute, created_at, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            key.id.as_uuid().as_bytes(),
            key.secret.0,
            key.site.as_str(),
            key.name,
            scopes,
            kinds,
            networks,
            key.per_minute,
            key.created_at.0,
            key.expires_at.0
        ])?;
    let on = On { site: Some(key.site.clone()), detail: Some(detail), ..On::default() };
    Ok(audit::done(connection, occasion, Act::ApiKeyMade, &on)?)
}

pub(crate) fn all(connection: &Connection) -> Step<Vec<ApiKey>> {
    let mut statement = connection.prepare_cached(select!("ORDER BY id DESC"))?;
    Ok(statement.query_map([], read)?.collect::<rusqlite::Result<_>>()?)
}

pub(crate) fn find(connection: &Connection, id: ApiKeyId) -> Step<Option<ApiKey>> {
    let mut statement = connection.prepare_cached(select!("WHERE id = ?1"))?;
    Ok(statement.query_row([id.as_uuid().as_bytes()], read).optional()?)
}

pub(crate) fn revoke(connection: &Connection, occasion: &Occasion, id: ApiKeyId) -> Step<()> {
    let key = find(connection, id)?.ok_or(Refusal::NotValid)?;
    if key.revoked_at.is_none() {
        connection
            .prepare_cached("UPDATE api_keys SET revoked_at = ?2 WHERE id = ?1")?
            .execute(params![id.as_uuid().as_bytes(), occasion.now.0])?;
        audit::done(connection, occasion, Act::ApiKeyRevoked, &on_key(&key))?;
    }
    Ok(())
}

/// The key, if it may be used for this. Whoever has the secret is known: the refusal is audited. Others learn nothing.
fn checked(connection: &Connection, occasion: &Occasion, presented: &Presented, scope: Scope) -> Step<ApiKey> {
    let key = find(connection, presented.id)?.ok_or(Refusal::Key(KeyFault::Unknown))?;
    match key.check(presented, scope, occasion.now) {
        Ok(()) => Ok(key),
        Err(refusal) => {
            let known = (refusal != Refusal::Key(KeyFault::Unknown)).then(|| Box::new(on_key(&key)));
            Err(Fault::Refused { refusal, known })
        }
    }
}

/// One read answer.
struct Place {
    submission: SubmissionId,
    invitation: InvitationId,
    question: String,
}

pub(crate) fn detokenise(
    connection: &Connection,
    occasion: &Occasion,
    presented: &Presented,
    tokens: &[AnswerToken],
) -> Step<Vec<Result<TokenFound, Refusal>>> {
    let key = checked(connection, occasion, presented, Scope::Detokenise)?;
    let mut definitions: Vec<Published> = Vec::new();
    let mut found = Vec::with_capacity(tokens.len());
    for token in tokens {
        found.push(match of_token(connection, &key, token, &mut definitions) {
            Ok(found) => Ok(found),
            Err(Fault::Refused { refusal, .. }) => Err(refusal),
            Err(fault) => return Err(fault),
        });
    }
    // An entry for each submission that was read, with its questions; and one for what was refused, with the first reason.
    let mut read: Vec<(&TokenFound, Vec<&str>)> = Vec::new();
    for token in found.iter().flatten() {
        match read.iter_mut().find(|(known, _)| known.submission == token.submission) {
            Some((_, questions)) => questions.push(&token.answer.question),
            None => read.push((token, vec![&token.answer.question])),
        }
    }
    for (token, questions) in read {
        let on = On { detail: Some(questions.join(" ")), ..invitations::on(&token.invitation) };
        audit::done(connection, occasion, Act::Detokenised, &on)?;
    }
    let refused: Vec<Refusal> = found.iter().filter_map(|found| found.as_ref().err().copied()).collect();
    if let Some(first) = refused.first() {
        let on = On { detail: Some(format!("{} tokens", refused.len())), ..on_key(&key) };
        audit::not_done(connection, occasion, Act::Detokenised, &on, *first)?;
    }
    Ok(found)
}

fn of_token(
    connection: &Connection,
    key: &ApiKey,
    token: &AnswerToken,
    definitions: &mut Vec<Published>,
) -> Step<TokenFound> {
    let place = connection
        .prepare_cached(
            "SELECT answers.submission, submissions.invitation, answers.question
             FROM answers JOIN submissions ON submissions.id = answers.submission
             WHERE answers.token = ?1 AND submissions.site = ?2",
        )?
        .query_row(params![token.as_str(), key.site.as_str()], |row| {
            Ok(Place {
                submission: SubmissionId::from_uuid(rows::uuid(row, 0)?),
                invitation: InvitationId::from_uuid(rows::uuid(row, 1)?),
                question: row.get(2)?,
            })
        })
        .optional()?
        .ok_or(Refusal::NotValid)?;
    let invitation = invitations::of_site(connection, &key.site, place.invitation)?;
    let kind = kind_of(connection, &invitation, &place.question, definitions)?;
    key.check_kind(kind)?;
    let missing = || Fault::Broken(format!("submission {} has lost an answer", place.submission));
    let answer = submissions::answer(connection, place.submission, &place.question)?.ok_or_else(missing)?;
    if answer.erased_at.is_some() {
        return Err(Refusal::Erased.into());
    }
    // Off the record: no token of such an answer ever opens anything here.
    if answer.sealed.is_none() {
        return Err(Refusal::NotValid.into());
    }
    let data_key = submissions::data_key(connection, place.submission, answer.part)?.ok_or(Refusal::Erased)?;
    Ok(TokenFound { invitation, submission: place.submission, data_key, answer })
}

/// What kind of answer the question asks for, by the definition that the form was sent with.
fn kind_of(
    connection: &Connection,
    invitation: &aside_vault_domain::Invitation,
    question: &str,
    definitions: &mut Vec<Published>,
) -> Step<Kind> {
    let lost = || Fault::Broken(format!("invitation {} has lost its definition", invitation.id));
    if !definitions.iter().any(|known| *known.hash() == invitation.definition) {
        let definition = sites::definition(connection, &invitation.site, &invitation.definition)?;
        definitions.push(definition.ok_or_else(lost)?);
    }
    let definition = definitions.iter().find(|known| *known.hash() == invitation.definition).ok_or_else(lost)?;
    Ok(definition.definition().question(question).ok_or_else(lost)?.kind)
}

pub(crate) fn describe(
    connection: &Connection,
    occasion: &Occasion,
    presented: &Presented,
    submission: SubmissionId,
) -> Step<(ApiKey, StoredForm)> {
    let key = checked(connection, occasion, presented, Scope::Describe)?;
    let refused = |refusal| Fault::Refused { refusal, known: Some(Box::new(on_key(&key))) };
    let invitation = connection
        .prepare_cached("SELECT invitation FROM submissions WHERE id = ?1 AND site = ?2")?
        .query_row(params![submission.as_uuid().as_bytes(), key.site.as_str()], |row| {
            rows::uuid(row, 0).map(InvitationId::from_uuid)
        })
        .optional()?
        .ok_or_else(|| refused(Refusal::NotValid))?;
    let invitation = invitations::of_site(connection, &key.site, invitation)?;
    audit::done(connection, occasion, Act::Described, &invitations::on(&invitation))?;
    Ok((key, export::stored(connection, invitation)?))
}

pub(crate) fn export(
    connection: &Connection,
    occasion: &Occasion,
    presented: &Presented,
    conversation: ConversationId,
) -> Step<(ApiKey, Vec<StoredForm>)> {
    let key = checked(connection, occasion, presented, Scope::Export)?;
    let forms = export::of_conversation(connection, &key.site, conversation)?;
    let on = On { conversation: Some(conversation), ..on_key(&key) };
    audit::done(connection, occasion, Act::Exported, &on)?;
    Ok((key, forms))
}

pub(crate) fn erase(
    connection: &Connection,
    occasion: &Occasion,
    presented: &Presented,
    conversation: ConversationId,
) -> Step<Ended> {
    let key = checked(connection, occasion, presented, Scope::Erase)?;
    erasure::erase_conversation(connection, occasion, key.site, conversation)
}
