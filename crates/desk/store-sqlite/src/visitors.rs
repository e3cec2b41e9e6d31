//! Visitors.

use aside_base::{KeyHash, SiteId, VisitorId};
use aside_desk_domain::{Conversation, Visitor};
use aside_desk_store::{StoreError, Visitors};
use async_trait::async_trait;
use rusqlite::params;

use crate::SqliteStore;
use crate::conversations::{conversation_columns, conversation_tables, read_conversation};
use crate::row::{BlobId, execute, id, moment, one, site};

crate::statements::statements! {
    ADD = "INSERT INTO visitors (id, site, cookie, name, created_at) VALUES (?, ?, ?, ?, ?)";
    BY_COOKIE = "SELECT id, site, name, created_at FROM visitors WHERE cookie = ?";
    CONVERSATION = concat!("SELECT ", conversation_columns!(), " FROM ", conversation_tables!(), " WHERE c.visitor = ? AND c.site = ? ORDER BY c.opened_at DESC, c.id DESC LIMIT 1");
}

#[async_trait]
impl Visitors for SqliteStore {
    async fn create_visitor(&self, visitor: Visitor, cookie: KeyHash) -> Result<(), StoreError> {
        self.write("create_visitor", move |connection| {
            let row = params![visitor.id.blob(), visitor.site.as_str(), cookie.0, visitor.name, visitor.created_at.0];
            execute(connection, ADD, row)?;
            Ok(())
        })
        .await
    }

    async fn visitor_by_cookie(&self, cookie: KeyHash) -> Result<Option<Visitor>, StoreError> {
        self.read("visitor_by_cookie", move |connection| {
            Ok(one(connection, BY_COOKIE, [cookie.0], |row| {
                Ok(Visitor { id: id(row, 0)?, site: site(row, 1)?, name: row.get(2)?, created_at: moment(row, 3)? })
            })?)
        })
        .await
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
