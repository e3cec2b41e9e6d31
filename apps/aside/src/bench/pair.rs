//! The durable pair: a sealed answer's worth of bytes put away and taken out again, once, behind the same web stack and the
//! same group-commit writer as the vault's. It is what storing anything for one reading costs here at the very least.

use std::path::Path;
use std::sync::Arc;

use aside_commit::{CommitError, OpenError, Writer};
use aside_operate::StartError;
use aside_web::Problem;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path as At, State};
use axum::routing::post;
use http::StatusCode;
use rusqlite::{Connection, OptionalExtension as _, params};

/// What is put away: about what a sealed form weighs.
pub(super) const BYTES: usize = 600;

/// The most that is taken in: the floor is no store for anybody.
const LIMIT: usize = 4096;

/// Put and take over a database in `folder`.
pub(super) fn router(folder: &Path) -> Result<Router, StartError> {
    let writer = Writer::open(&folder.join("pairs.sqlite"), |connection| -> Result<(), OpenError> {
        let table = "CREATE TABLE IF NOT EXISTS pairs (id TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT, WITHOUT ROWID";
        Ok(connection.execute_batch(table)?)
    })
    .map_err(StartError::new)?;
    let routes = Router::new().route("/put/{id}", post(put)).route("/take/{id}", post(take));
    Ok(routes.layer(axum::extract::DefaultBodyLimit::max(LIMIT)).with_state(Arc::new(writer)))
}

async fn put(State(writer): State<Arc<Writer>>, At(id): At<String>, bytes: Bytes) -> Result<StatusCode, Problem> {
    let put = writer.write("put", move |connection: &Connection| {
        connection
            .prepare_cached("INSERT INTO pairs (id, bytes) VALUES (?1, ?2)")?
            .execute(params![id, bytes.as_ref()])
            .map(drop)
    });
    done(put.await).map(|()| StatusCode::NO_CONTENT).ok_or_else(Problem::failed)
}

/// Takes what was put: whoever comes second finds nothing.
async fn take(State(writer): State<Arc<Writer>>, At(id): At<String>) -> Result<Vec<u8>, Problem> {
    let take = writer.write("take", move |connection: &Connection| {
        connection
            .prepare_cached("DELETE FROM pairs WHERE id = ?1 RETURNING bytes")?
            .query_row([id], |row| row.get::<_, Vec<u8>>(0))
            .optional()
    });
    done(take.await).ok_or_else(Problem::failed)?.ok_or_else(Problem::no_route)
}

fn done<T>(outcome: Result<rusqlite::Result<T>, CommitError>) -> Option<T> {
    outcome.ok()?.ok()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use http::Request;
    use tower::ServiceExt as _;

    use super::*;

    #[tokio::test]
    async fn what_is_put_is_taken_once() {
        let folder = tempfile::tempdir().unwrap();
        let router = router(folder.path()).unwrap();
        let call = async |path: &str, body: &'static str| {
            let request = Request::post(path).body(Body::from(body)).unwrap();
            let reply = router.clone().oneshot(request).await.unwrap();
            (reply.status().as_u16(), axum::body::to_bytes(reply.into_body(), 4096).await.unwrap())
        };
        assert_eq!(call("/put/a", "sealed").await.0, 204);
        assert_eq!(call("/put/a", "other").await.0, 500);
        let (status, bytes) = call("/take/a", "").await;
        assert_eq!((status, bytes.as_ref()), (200, b"sealed".as_slice()));
        assert_eq!(call("/take/a", "").await.0, 404);
    }
}
