//! Alerts: raised once for each finding, acknowledged by a person.

use aside_base::{AgentId, SiteId, Timestamp};
use aside_desk_domain::{Action, Alert, AlertKind, AuditRow, By, Finding, Outcome, Target};
use aside_desk_store::{Alerts, StoreError};
use async_trait::async_trait;
use rusqlite::{Row, params};

use crate::row::{BlobId, all, execute, id_or_none, moment, moment_or_none, named, one};
use crate::{SqliteStore, audit};

crate::statements::statements! {
    RAISE = "INSERT INTO alerts (site, kind, finding, at, raised_at, agent, count, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (site, finding) DO NOTHING";
    ALERTS = "SELECT l.id, l.site, l.kind, l.finding, l.at, l.agent, l.count, l.detail, l.acknowledged_by, l.acknowledged_at, a.display_name FROM alerts l LEFT JOIN agents a ON a.id = l.agent WHERE l.site IN ('', ?1) AND l.id IN (SELECT id FROM alerts WHERE site = ?1 UNION SELECT id FROM alerts WHERE site = '') ORDER BY l.acknowledged_at IS NOT NULL, l.id DESC LIMIT ?2";
    ACKNOWLEDGE = "UPDATE alerts SET acknowledged_by = ?3, acknowledged_at = ?4 WHERE id = ?1 AND site IN ('', ?2) AND acknowledged_at IS NULL";
    EXISTS = "SELECT 1 FROM alerts WHERE id = ? AND site IN ('', ?)";
    REVIEWED = "SELECT until FROM reviews WHERE site = ?";
    SET_REVIEWED = "INSERT INTO reviews (site, until) VALUES (?, ?) ON CONFLICT (site) DO UPDATE SET until = excluded.until";
}

fn read_alert(row: &Row<'_>) -> rusqlite::Result<Alert> {
    let site: String = row.get(1)?;
    let acknowledged = match (id_or_none::<AgentId>(row, 8)?, moment_or_none(row, 9)?) {
        (Some(by), Some(at)) => Some((by, at)),
        _ => None,
    };
    Ok(Alert {
        id: row.get(0)?,
        site: site.parse().ok(),
        finding: Finding {
            kind: named(row, 2, &AlertKind::ALL, AlertKind::as_str)?,
            key: row.get(3)?,
            at: moment(row, 4)?,
            agent: id_or_none(row, 5)?,
            count: row.get(6)?,
            detail: row.get(7)?,
        },
        name: row.get(10)?,
        acknowledged,
    })
}

#[async_trait]
impl Alerts for SqliteStore {
    async fn raise(&self, site: Option<SiteId>, findings: Vec<Finding>, now: Timestamp) -> Result<u32, StoreError> {
        self.write("raise", move |connection| {
            let site = site.as_ref().map_or("", SiteId::as_str);
            let mut new = 0;
            for finding in &findings {
                let agent = finding.agent.as_ref().map(BlobId::blob);
                let columns = params![
                    site,
                    finding.kind.as_str(),
                    finding.key,
                    finding.at.0,
                    now.0,
                    agent,
                    finding.count,
                    finding.detail
                ];
                new += u32::try_from(execute(connection, RAISE, columns)?).unwrap_or(0);
            }
            Ok(new)
        })
        .await
    }

    async fn alerts(&self, site: SiteId, limit: u32) -> Result<Vec<Alert>, StoreError> {
        self.read("alerts", move |connection| Ok(all(connection, ALERTS, params![site.as_str(), limit], read_alert)?))
            .await
    }

    async fn acknowledge(&self, site: SiteId, alert: i64, by: By) -> Result<bool, StoreError> {
        self.write("acknowledge", move |connection| {
            let agent = by.agent().as_ref().map(BlobId::blob);
            let changed = execute(connection, ACKNOWLEDGE, params![alert, site.as_str(), agent, by.at.0])?;
            if changed == 0 {
                return Ok(one(connection, EXISTS, params![alert, site.as_str()], |_| Ok(()))?.is_some());
            }
            let By { who, from, at } = by;
            let (action, target) = (Action::AcknowledgeAlert, Target::Alert(alert));
            let row = AuditRow {
                at,
                site: Some(site),
                actor: who,
                from,
                action,
                target,
                outcome: Outcome::Done,
                detail: None,
            };
            audit::add(connection, &row)?;
            Ok(true)
        })
        .await
    }

    async fn reviewed_until(&self, site: SiteId) -> Result<Option<Timestamp>, StoreError> {
        self.read("reviewed_until", move |connection| {
            Ok(one(connection, REVIEWED, [site.as_str()], |row| moment(row, 0))?)
        })
        .await
    }

    async fn set_reviewed_until(&self, site: SiteId, until: Timestamp) -> Result<(), StoreError> {
        self.write("set_reviewed_until", move |connection| {
            execute(connection, SET_REVIEWED, params![site.as_str(), until.0])?;
            Ok(())
        })
        .await
    }
}
