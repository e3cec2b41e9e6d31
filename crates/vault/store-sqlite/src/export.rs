//! Exports: granted by the desk's word, open in the session's enrolled browser, handed out after a confirmation.

use aside_base::{ConversationId, InvitationId, KeyHash, Purpose, SiteId, SubmissionId, Timestamp};
use aside_vault_domain::{
    Act, Clock, EXPORT_SECONDS, EXPORTED_FORMS, Invitation, Lease, NoRight, Occasion, On, Otk, Refusal, Session,
    latest_factor_of_export,
};
use aside_vault_store::{GrantExport, OpenExport, StoredForm};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::fault::{Fault, Step};
use crate::{audit, factors, invitations, otks, rows, sessions, submissions};

fn on(session: &Session, detail: String) -> On {
    On { site: Some(session.site.clone()), session: Some(session.id), detail: Some(detail), ..On::default() }
}

fn said(conversations: usize, reference: Option<&str>) -> String {
    let reference = reference.map(|reference| format!(" {reference}")).unwrap_or_default();
    format!("{conversations} conversations{reference}")
}

pub(crate) fn grant(
    connection: &Connection,
    occasion: &Occasion,
    site: &SiteId,
    grant: GrantExport,
) -> Step<Timestamp> {
    let session = sessions::of_site(connection, site, grant.session)?;
    session.check_export(grant.lease)?;
    let otk = Otk {
        hash: grant.key.hash,
        purpose: Purpose::Export,
        site: site.clone(),
        invitation: None,
        session: Some(session.id),
        expires_at: grant.key.expires_at,
        used_at: None,
    };
    otks::insert(connection, &otk)?;
    let conversations =
        serde_json::to_string(&grant.conversations).map_err(|error| Fault::Broken(error.to_string()))?;
    connection
        .prepare_cached(
            "INSERT INTO exports (session, key, conversations, reference, until) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (session) DO UPDATE SET key = excluded.key, conversations = excluded.conversations,
                 reference = excluded.reference, until = excluded.until, opened = 0",
        )?
        .execute(params![
            session.id.as_uuid().as_bytes(),
            grant.key.hash.0,
            conversations,
            grant.reference,
            grant.key.expires_at.0
        ])?;
    let detail = said(grant.conversations.len(), grant.reference.as_deref());
    audit::done(connection, occasion, Act::ExportGranted, &on(&session, detail))?;
    Ok(grant.key.expires_at)
}

pub(crate) fn open(
    connection: &Connection,
    occasion: &Occasion,
    key: KeyHash,
    viewer: KeyHash,
    lease: Lease,
) -> Step<OpenExport> {
    let otk = otks::find(connection, key)?;
    let session = otk.session.map(|id| sessions::find(connection, id)).transpose()?.flatten();
    let session = session.filter(|_| otk.purpose == Purpose::Export).ok_or(Refusal::NotValid)?;
    let checked = check_key(connection, &otk, &session, viewer, lease, occasion.now);
    checked.map_err(|refusal| {
        // A live key in another browser is worth a row of its own.
        let live = otk.used_at.is_none() && occasion.now < otk.expires_at;
        let known = (live || session.check_viewer(viewer).is_ok()).then(|| Box::new(on(&session, String::new())));
        match refusal {
            Fault::Refused { refusal, .. } => Fault::Refused { refusal, known },
            fault => fault,
        }
    })?;
    otks::consume(connection, &otk, occasion.now)?;
    connection
        .prepare_cached("UPDATE exports SET opened = 1, until = ?2 WHERE session = ?1")?
        .execute(params![session.id.as_uuid().as_bytes(), occasion.now.plus_seconds(EXPORT_SECONDS).0])?;
    let open = read(connection, session, occasion.now)?;
    let detail = said(open.conversations.len(), open.reference.as_deref());
    audit::done(connection, occasion, Act::ExportOpened, &on(&open.session, detail))?;
    Ok(open)
}

fn check_key(
    connection: &Connection,
    otk: &Otk,
    session: &Session,
    viewer: KeyHash,
    lease: Lease,
    now: Timestamp,
) -> Step<()> {
    // Whose browser it is comes first: another one learns nothing.
    session.check_viewer(viewer)?;
    if otk.used_at.is_some() {
        return Err(Refusal::Used.into());
    }
    let current: Option<[u8; 32]> = connection
        .prepare_cached("SELECT key FROM exports WHERE session = ?1")?
        .query_row([session.id.as_uuid().as_bytes()], |row| row.get(0))
        .optional()?;
    if current != Some(otk.hash.0) {
        return Err(Refusal::Replaced.into());
    }
    if now >= otk.expires_at {
        return Err(Refusal::Expired(Clock::KeyLife).into());
    }
    Ok(session.check_export(lease)?)
}

pub(crate) fn find(connection: &Connection, viewer: KeyHash, lease: Lease, now: Timestamp) -> Step<OpenExport> {
    let session = sessions::of_viewer(connection, viewer)?.ok_or(Refusal::NoRight(NoRight::OtherBrowser))?;
    session.check_export(lease)?;
    read(connection, session, now)
}

/// The open export of this session.
fn read(connection: &Connection, session: Session, now: Timestamp) -> Step<OpenExport> {
    let found = connection
        .prepare_cached("SELECT conversations, reference, until FROM exports WHERE session = ?1 AND opened = 1")?
        .query_row([session.id.as_uuid().as_bytes()], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?, rows::time(row, 2)?))
        })
        .optional()?;
    let (conversations, reference, until) = found.ok_or(Refusal::NotValid)?;
    if now >= until {
        return Err(Refusal::Expired(Clock::KeyLife).into());
    }
    let conversations: Vec<ConversationId> =
        serde_json::from_str(&conversations).map_err(|error| Fault::Broken(error.to_string()))?;
    let (mut forms, mut first_sent) = (0_u32, None::<Timestamp>);
    for conversation in &conversations {
        for invitation in invitations::answered_in(connection, &session.site, *conversation)? {
            forms += 1;
            first_sent = Some(first_sent.map_or(invitation.sent_at, |first| first.min(invitation.sent_at)));
        }
    }
    let latest_factor = latest_factor_of_export(first_sent, now);
    let usable = factors::usable(connection, &session.site, session.agent, latest_factor)?;
    Ok(OpenExport { session, conversations, reference, forms, latest_factor, usable, until })
}

pub(crate) fn hand_out(
    connection: &Connection,
    occasion: &Occasion,
    viewer: KeyHash,
    lease: Lease,
) -> Step<(OpenExport, Vec<StoredForm>)> {
    let open = find(connection, viewer, lease, occasion.now)?;
    open.session.check_confirmed(open.latest_factor, occasion.now).map_err(|refusal| {
        let known = Some(Box::new(on(&open.session, said(open.conversations.len(), open.reference.as_deref()))));
        Fault::Refused { refusal, known }
    })?;
    let mut forms = Vec::new();
    for conversation in &open.conversations {
        forms.extend(of_conversation(connection, &open.session.site, *conversation)?);
    }
    if forms.len() > EXPORTED_FORMS {
        return Err(Refusal::Invalid("conversations").into());
    }
    for conversation in &open.conversations {
        let on =
            On { conversation: Some(*conversation), ..on(&open.session, open.reference.clone().unwrap_or_default()) };
        audit::done(connection, occasion, Act::Exported, &on)?;
    }
    Ok((open, forms))
}

/// What is stored of a conversation.
pub(crate) fn of_conversation(
    connection: &Connection,
    site: &SiteId,
    conversation: ConversationId,
) -> Step<Vec<StoredForm>> {
    let answered = invitations::answered_in(connection, site, conversation)?;
    answered.into_iter().map(|invitation| stored(connection, invitation)).collect()
}

pub(crate) fn stored(connection: &Connection, invitation: Invitation) -> Step<StoredForm> {
    let lost = |id: InvitationId| Fault::Broken(format!("invitation {id} has lost its submission"));
    let submission: SubmissionId = invitation.submission.ok_or_else(|| lost(invitation.id))?;
    Ok(StoredForm {
        submitted_at: submissions::submitted_at(connection, submission)?,
        data_keys: submissions::data_keys(connection, submission)?,
        answers: submissions::answers(connection, submission)?,
        submission,
        invitation,
    })
}
