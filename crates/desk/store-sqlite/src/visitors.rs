//! Visitors.

use aside_base::{KeyHash, SiteId, VisitorId};
use aside_desk_domain::{Conversation, Visitor};
use aside_desk_store::{StoreError, Visitors};
use async_trait::async_trait;
use rusqlite::{Connection, Row, params};

use crate::SqliteStore;
use crate::conversations::{conversation_columns, conversation_tables, read_conversation};
use crate::row::{BlobId, execute, id, moment, one, site};

crate::statements::statements! {
    ADD = "INSERT INTO visitors (id, site, cookie, created_at) VALUES (?, ?, ?, ?)";
    NAME = "INSERT INTO visitor_names (visitor, site, name) VALUES (?, ?, ?)";
    BY_COOKIE = "SELECT v.id, v.site, n.name, v.created_at FROM visitors v LEFT JOIN visitor_names n ON n.visitor = v.id WHERE v.cookie = ?";
    THERE = "SELECT 1 FROM visitors WHERE id = ? AND site = ? AND erased_at IS NULL";
    CONVERSATION = concat!("SELECT ", conversation_columns!(), " FROM ", conversation_tables!(), " WHERE c.visitor = ? AND c.site = ? ORDER BY c.opened_at DESC, c.id DESC LIMIT 1");
}

/// A name as it stands; none once it was erased.
pub(crate) fn name(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<String>> {
    Ok(row.get::<_, Option<String>>(column)?.filter(|name| !name.trim().is_empty()))
}

/// Whether the visitor is there and was not erased.
pub(crate) fn is_there(connection: &Connection, site: &SiteId, visitor: VisitorId) -> rusqlite::Result<bool> {
    Ok(one(connection, THERE, params![visitor.blob(), site.as_str()], |_| Ok(()))?.is_some())
}

#[async_trait]
impl Visitors for SqliteStore {
    async fn create_visitor(&self, visitor: Visitor, cookie: KeyHash) -> Result<(), StoreError> {
        self.write("create_visitor", move |connection| {
            let (id, site) = (visitor.id.blob(), visitor.site.as_str());
            execute(connection, ADD, params![id, site, cookie.0, visitor.created_at.0])?;
            if let Some(name) = visitor.name.filter(|name| !name.trim().is_empty()) {
                execute(connection, NAME, params![id, site, name])?;
            }
            Ok(())
        })
        .await
    }

    async fn visitor_by_cookie(&self, cookie: KeyHash) -> Result<Option<Visitor>, StoreError> {
        self.read("visitor_by_cookie", move |connection| {
            Ok(one(connection, BY_COOKIE, [cookie.0], |row| {
                Ok(Visitor { id: id(row, 0)?, site: site(row, 1)?, name: name(row, 2)?, created_at: moment(row, 3)? })
            })?)
        })
        .await
    }

    async fn has_visitor(&self, site: &SiteId, visitor: VisitorId) -> Result<bool, StoreError> {
        let site = site.clone();
        self.read("has_visitor", move |connection| Ok(is_there(connection, &site, visitor)?)).await
    }

    async fn visitor_conversation(
        &self,
        site: &SiteId,
        visitor: VisitorId,
    ) -> Result<Option<Conversation>, StoreError> {
        let site = site.clone();
        self.read("visitor_conversation", move |connection| {
            let key = params![visitor.blob(), site.as_str()];
            Ok(one(connection, CONVERSATION, key, |row| read_conversation(row, 0))?)
        })
        .await
    }
}
