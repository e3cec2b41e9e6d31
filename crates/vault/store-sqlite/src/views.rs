//! Views: opened with a consumed key, revealed answer by answer, closed by whomever.

use aside_base::{InvitationId, KeyHash, Purpose, SessionId, SubmissionId};
use aside_form::{Kind, Question};
use aside_vault_domain::{
    Act, Invitation, Lease, Occasion, On, Otk, Refusal, SealedAnswer, Session, Sight, Stated, View, ViewId, Wanted,
};
use aside_vault_store::{Answers, Ended, Reveal, RevealedAnswer, ViewAnswers};
use aside_wire::EventKind;
use rusqlite::{Connection, OptionalExtension as _, Params, Row, params};

use crate::fault::{Fault, Step};
use crate::{audit, events, factors, invitations, otks, rows, sessions, sites, submissions};

pub(crate) fn open(connection: &Connection, occasion: &Occasion, asked: &ViewAnswers) -> Step<Answers> {
    let now = occasion.now;
    let otk = otks::find(connection, asked.key)?;
    let mut invitation = invitations::of_key(connection, &otk)?;
    let session = otk.session.map(|id| sessions::find(connection, id)).transpose()?.flatten();
    let session = session.ok_or(Refusal::NotValid)?;
    let sight = sight_of(connection, &otk)?;
    let first = match &sight {
        Sight::Sender => invitation.view(&otk, asked.submission, &session, asked.viewer, asked.lease, now),
        Sight::History(_) => {
            let closed = invitations::is_closed(connection, &invitation.site, invitation.conversation)?;
            let (viewer, lease) = (asked.viewer, asked.lease);
            let seen = invitation.view_history(&otk, asked.submission, &session, viewer, lease, closed, now);
            seen.map(|()| false)
        }
    };
    let first = first.map_err(|refusal| {
        // The enrolled browser is known; and a live key in another browser is worth a row of its own.
        let live = otk.used_at.is_none() && now < otk.expires_at;
        let known = live || session.check_viewer(asked.viewer).is_ok();
        Fault::Refused {
            refusal,
            known: known.then(|| Box::new(On { session: Some(session.id), ..invitations::on(&invitation) })),
        }
    })?;
    otks::consume(connection, &otk, now)?;
    invitations::save(connection, &invitation)?;
    let closed = close_former(connection, occasion, &invitation, session.id, asked.submission)?;
    let view = View {
        id: asked.view,
        invitation: invitation.id,
        submission: asked.submission,
        session: session.id,
        sight,
        opened_at: now,
        closed_at: None,
    };
    connection
        .prepare_cached(
            "INSERT INTO views (id, invitation, submission, session, opened_at, reason, reference)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            view.id.as_uuid().as_bytes(),
            view.invitation.as_uuid().as_bytes(),
            view.submission.as_uuid().as_bytes(),
            view.session.as_uuid().as_bytes(),
            now.0,
            stated(&view).map(|stated| stated.reason.as_str()),
            stated(&view).and_then(|stated| stated.reference.as_deref()),
        ])?;
    if first {
        events::emit(connection, &invitation, now, &EventKind::Read)?;
    }
    let act = if stated(&view).is_some() { Act::HistoryViewed } else { Act::Viewed };
    let detail = stated(&view).map(ToString::to_string);
    audit::done(connection, occasion, act, &On { detail, ..on(&invitation, &view) })?;
    let submitted_at = submissions::submitted_at(connection, view.submission)?;
    let data_keys = submissions::data_keys(connection, view.submission)?;
    let answers = submissions::answers(connection, view.submission)?;
    let usable = factors::usable(connection, &session.site, session.agent, view.latest_factor(&invitation, now))?;
    Ok(Answers { view, closed, invitation, session, usable, data_keys, answers, submitted_at })
}

/// What was said to look at what is stored; nothing where the sender looks.
const fn stated(view: &View) -> Option<&Stated> {
    match &view.sight {
        Sight::Sender => None,
        Sight::History(stated) => Some(stated),
    }
}

/// By which right a key opens a view. The rules say whether it opens one at all.
fn sight_of(connection: &Connection, otk: &Otk) -> Step<Sight> {
    if otk.purpose != Purpose::History {
        return Ok(Sight::Sender);
    }
    let said = connection
        .prepare_cached("SELECT reason, reference FROM otks WHERE hash = ?1")?
        .query_row([otk.hash.0], |row| read_sight(row, 0))?;
    match said {
        Sight::Sender => Err(Fault::Broken("a history key without a reason".into())),
        history @ Sight::History(_) => Ok(history),
    }
}

fn read_sight(row: &Row<'_>, column: usize) -> rusqlite::Result<Sight> {
    let Some(reason) = rows::read_history_reason(row, column)? else { return Ok(Sight::Sender) };
    Ok(Sight::History(Stated { reason, reference: row.get(column + 1)? }))
}

pub(crate) fn reveal(connection: &Connection, occasion: &Occasion, asked: &Reveal) -> Step<RevealedAnswer> {
    let (view, invitation, session) = found(connection, asked.view)?;
    let answer = submissions::answer(connection, view.submission, &asked.question)?;
    let wanted = wanted(connection, &invitation, &asked.question, answer.as_ref())?;
    let checked = view.check_reveal(&invitation, &session, asked.viewer, asked.lease, wanted, occasion.now);
    checked.map_err(|refusal| refused(refusal, asked, &view, &invitation, &session))?;
    let answer = answer.ok_or(Refusal::NotValid)?;
    let on = On { detail: Some(asked.question.clone()), ..on(&invitation, &view) };
    audit::done(connection, occasion, Act::Revealed, &on)?;
    let data_key = submissions::data_key(connection, view.submission, answer.part)?;
    Ok(RevealedAnswer { submission: view.submission, invitation, data_key, answer })
}

pub(crate) fn copy(connection: &Connection, occasion: &Occasion, asked: &Reveal) -> Step<()> {
    let (view, invitation, session) = found(connection, asked.view)?;
    let answer = submissions::answer(connection, view.submission, &asked.question)?;
    let wanted = wanted(connection, &invitation, &asked.question, answer.as_ref())?;
    let checked = view.check_copy(&invitation, &session, asked.viewer, asked.lease, wanted, occasion.now);
    checked.map_err(|refusal| refused(refusal, asked, &view, &invitation, &session))?;
    if answer.is_none_or(|answer| answer.sealed.is_none()) {
        return Err(Refusal::NotValid.into());
    }
    let on = On { detail: Some(asked.question.clone()), ..on(&invitation, &view) };
    Ok(audit::done(connection, occasion, Act::Copied, &on)?)
}

/// A refusal in an open view: a row of its own if it is in the browser that has it.
fn refused(refusal: Refusal, asked: &Reveal, view: &View, invitation: &Invitation, session: &Session) -> Fault {
    let on = || Box::new(On { detail: Some(asked.question.clone()), ..on(invitation, view) });
    Fault::Refused { refusal, known: session.check_viewer(asked.viewer).is_ok().then(on) }
}

/// What the decision must know of an answer, by the definition that the form was sent with. What is not in it counts as
/// hidden.
fn wanted(
    connection: &Connection,
    invitation: &Invitation,
    question: &str,
    answer: Option<&SealedAnswer>,
) -> Step<Wanted> {
    let definition = sites::definition(connection, &invitation.site, &invitation.definition)?;
    let definition =
        definition.ok_or_else(|| Fault::Broken(format!("invitation {} has lost its definition", invitation.id)))?;
    let question = definition.definition().question(question);
    Ok(Wanted {
        kind: question.map_or(Kind::Text, |question| question.kind),
        sensitive: question.is_none_or(Question::sensitive),
        off_the_record: answer.is_some_and(|answer| answer.sealed.is_none() && answer.erased_at.is_none()),
    })
}

pub(crate) fn check(connection: &Connection, id: ViewId, viewer: KeyHash, lease: Lease) -> Step<()> {
    let (view, invitation, session) = found(connection, id)?;
    Ok(view.check(&invitation, &session, viewer, lease)?)
}

pub(crate) fn finish(connection: &Connection, occasion: &Occasion, id: ViewId, viewer: KeyHash) -> Step<Ended> {
    let (view, invitation, session) = found(connection, id)?;
    session.check_viewer(viewer)?;
    if view.closed_at.is_none() {
        close(connection, occasion, id)?;
        audit::done(connection, occasion, Act::ViewClosed, &on(&invitation, &view))?;
    }
    // Off-the-record answers stay for their time: the agent may look again within it.
    Ok(Ended { views: vec![id], ..Ended::default() })
}

pub(crate) fn close_of_session(connection: &Connection, occasion: &Occasion, session: SessionId) -> Step<Vec<ViewId>> {
    let open = ids(
        connection,
        "SELECT id FROM views WHERE session = ?1 AND closed_at IS NULL",
        [session.as_uuid().as_bytes()],
    )?;
    close_all(connection, occasion, open, &On { session: Some(session), ..On::default() })
}

pub(crate) fn close_of_submission(
    connection: &Connection,
    occasion: &Occasion,
    submission: SubmissionId,
) -> Step<Vec<ViewId>> {
    let open = ids(
        connection,
        "SELECT id FROM views WHERE submission = ?1 AND closed_at IS NULL",
        [submission.as_uuid().as_bytes()],
    )?;
    close_all(connection, occasion, open, &On { submission: Some(submission), ..On::default() })
}

/// A session has one view of a submission at a time: the sender one, and of history each of several people their own.
fn close_former(
    connection: &Connection,
    occasion: &Occasion,
    invitation: &Invitation,
    session: SessionId,
    submission: SubmissionId,
) -> Step<Vec<ViewId>> {
    let open = ids(
        connection,
        "SELECT id FROM views WHERE submission = ?1 AND session = ?2 AND closed_at IS NULL",
        [submission.as_uuid().as_bytes(), session.as_uuid().as_bytes()],
    )?;
    close_all(connection, occasion, open, &On { session: Some(session), ..invitations::on(invitation) })
}

fn close_all(connection: &Connection, occasion: &Occasion, open: Vec<ViewId>, on: &On) -> Step<Vec<ViewId>> {
    for view in &open {
        close(connection, occasion, *view)?;
        audit::done(connection, occasion, Act::ViewClosed, &On { view: Some(*view), ..on.clone() })?;
    }
    Ok(open)
}

fn close(connection: &Connection, occasion: &Occasion, view: ViewId) -> Step<()> {
    connection
        .prepare_cached("UPDATE views SET closed_at = ?2 WHERE id = ?1 AND closed_at IS NULL")?
        .execute(params![view.as_uuid().as_bytes(), occasion.now.0])?;
    Ok(())
}

fn ids(connection: &Connection, sql: &str, of: impl Params) -> Step<Vec<ViewId>> {
    let mut statement = connection.prepare_cached(sql)?;
    let ids = statement.query_map(of, |row| rows::uuid(row, 0).map(ViewId::from_uuid))?;
    Ok(ids.collect::<rusqlite::Result<_>>()?)
}

fn on(invitation: &Invitation, view: &View) -> On {
    On { session: Some(view.session), view: Some(view.id), ..invitations::on(invitation) }
}

pub(crate) fn found(connection: &Connection, id: ViewId) -> Step<(View, Invitation, Session)> {
    let view = connection
        .prepare_cached(
            "SELECT invitation, submission, session, opened_at, closed_at, reason, reference FROM views WHERE id = ?1",
        )?
        .query_row([id.as_uuid().as_bytes()], |row| {
            Ok(View {
                id,
                invitation: InvitationId::from_uuid(rows::uuid(row, 0)?),
                submission: SubmissionId::from_uuid(rows::uuid(row, 1)?),
                session: SessionId::from_uuid(rows::uuid(row, 2)?),
                sight: read_sight(row, 5)?,
                opened_at: rows::time(row, 3)?,
                closed_at: rows::time_or_none(row, 4)?,
            })
        })
        .optional()?
        .ok_or(Refusal::NotValid)?;
    let missing = || Fault::Broken(format!("view {id} has lost its invitation or session"));
    let invitation = invitations::find(connection, view.invitation)?.ok_or_else(missing)?;
    let session = sessions::find(connection, view.session)?.ok_or_else(missing)?;
    Ok((view, invitation, session))
}
