//! What raises an alert: rules over the vault's entries, for somebody to look at (PCI 10.4.1.1).

use std::collections::{BTreeMap, HashMap, VecDeque};

use aside_base::{AgentId, SiteId, Timestamp};
use jiff::tz::TimeZone;

use crate::{Review, WorkingHours};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// What somebody did with answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Look {
    /// They were shown.
    View,
    /// A masked one was revealed.
    Reveal,
    /// The view was closed.
    Close,
}

/// A look at answers, from the vault's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// When.
    pub at: Timestamp,
    /// What.
    pub look: Look,
    /// Who; none where the session is not known here.
    pub agent: Option<AgentId>,
    /// In which view.
    pub view: Option<String>,
}

/// What a rule found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AlertKind {
    /// One person revealed many answers within an hour.
    ManyReveals,
    /// Somebody revealed an answer outside of working hours.
    OddHours,
    /// Somebody revealed an answer and left the view open.
    Unclosed,
    /// The vault's log is not what the desk saw of it.
    VaultLog,
    /// The desk's own log is not whole.
    DeskLog,
    /// There is little space left for the databases.
    LowSpace,
    /// Checkpoints cannot be kept or shipped.
    Checkpoints,
}

impl AlertKind {
    /// All kinds.
    pub const ALL: [Self; 7] = [
        Self::ManyReveals,
        Self::OddHours,
        Self::Unclosed,
        Self::VaultLog,
        Self::DeskLog,
        Self::LowSpace,
        Self::Checkpoints,
    ];

    /// The kind's name, as stored and shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ManyReveals => "many_reveals",
            Self::OddHours => "odd_hours",
            Self::Unclosed => "unclosed",
            Self::VaultLog => "vault_log",
            Self::DeskLog => "desk_log",
            Self::LowSpace => "low_space",
            Self::Checkpoints => "checkpoints",
        }
    }
}

/// A reason for somebody to look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was found.
    pub kind: AlertKind,
    /// When it came to be.
    pub at: Timestamp,
    /// Whom it is about.
    pub agent: Option<AgentId>,
    /// Names the finding, so that it is raised once: the same entries find the same.
    pub key: String,
    /// How many, where that is the point.
    pub count: Option<u32>,
    /// What else names it: a view's id, a fault.
    pub detail: Option<String>,
}

/// An alert that was raised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Its number.
    pub id: i64,
    /// Whose; none for what concerns the house.
    pub site: Option<SiteId>,
    /// Why.
    pub finding: Finding,
    /// The person's name, where it is about one.
    pub name: Option<String>,
    /// Who has looked at it, and when.
    pub acknowledged: Option<(AgentId, Timestamp)>,
}

/// How far back sightings must reach so that [`review`] until `from` finds all that it should.
#[must_use]
pub fn reviewed_since(rules: &Review, from: Timestamp) -> Timestamp {
    Timestamp(from.0 - HOUR - i64::from(rules.unclosed_minutes) * MINUTE)
}

/// What `sightings`, oldest first, give reason to look at as of `now`.
#[must_use]
pub fn review(sightings: &[Sighting], rules: &Review, zone: &TimeZone, now: Timestamp) -> Vec<Finding> {
    let mut found = many_reveals(sightings, rules);
    if let Some(hours) = &rules.working_hours {
        found.extend(odd_hours(sightings, hours, zone));
    }
    found.extend(unclosed(sightings, rules, now));
    found
}

/// One finding a person and clock hour.
fn many_reveals(sightings: &[Sighting], rules: &Review) -> Vec<Finding> {
    let mut recent: HashMap<AgentId, VecDeque<Timestamp>> = HashMap::new();
    let mut found: BTreeMap<String, Finding> = BTreeMap::new();
    for (agent, at) in reveals(sightings) {
        let times = recent.entry(agent).or_default();
        times.push_back(at);
        while times.front().is_some_and(|first| first.0 <= at.0 - HOUR) {
            times.pop_front();
        }
        let count = u32::try_from(times.len()).unwrap_or(u32::MAX);
        if count > rules.reveals_per_hour {
            let key = format!("many_reveals {agent} {}", at.0.div_euclid(HOUR));
            let finding = found.entry(key.clone()).or_insert(Finding {
                kind: AlertKind::ManyReveals,
                at,
                agent: Some(agent),
                key,
                count: None,
                detail: None,
            });
            finding.count = finding.count.max(Some(count));
        }
    }
    found.into_values().collect()
}

/// One finding a person and day.
fn odd_hours(sightings: &[Sighting], hours: &WorkingHours, zone: &TimeZone) -> Vec<Finding> {
    let mut found: BTreeMap<String, Finding> = BTreeMap::new();
    for (agent, at) in reveals(sightings) {
        let Ok(moment) = jiff::Timestamp::from_millisecond(at.0) else { continue };
        let local = moment.to_zoned(zone.clone());
        if is_working(hours, &local) {
            continue;
        }
        let key = format!("odd_hours {agent} {}", local.date());
        let finding = found.entry(key.clone()).or_insert(Finding {
            kind: AlertKind::OddHours,
            at,
            agent: Some(agent),
            key,
            count: Some(0),
            detail: None,
        });
        finding.count = finding.count.map(|count| count.saturating_add(1));
    }
    found.into_values().collect()
}

/// Hours that end before they begin go on after midnight, and belong to the day on which they began.
fn is_working(hours: &WorkingHours, local: &jiff::Zoned) -> bool {
    let minute = u32::from(local.hour().unsigned_abs()) * 60 + u32::from(local.minute().unsigned_abs());
    let weekday = local.weekday().to_monday_one_offset().unsigned_abs();
    let works_on = |day: u8| hours.weekdays.contains(&day);
    let yesterday = if weekday == 1 { 7 } else { weekday - 1 };
    if hours.from_minute < hours.to_minute {
        works_on(weekday) && (hours.from_minute..hours.to_minute).contains(&minute)
    } else {
        (works_on(weekday) && minute >= hours.from_minute) || (works_on(yesterday) && minute < hours.to_minute)
    }
}

/// One finding a view in which something was revealed and that nobody closed.
fn unclosed(sightings: &[Sighting], rules: &Review, now: Timestamp) -> Vec<Finding> {
    let mut open: BTreeMap<&str, (Timestamp, Option<AgentId>)> = BTreeMap::new();
    for sighting in sightings {
        let Some(view) = sighting.view.as_deref() else { continue };
        match sighting.look {
            Look::View => {}
            Look::Reveal => drop(open.insert(view, (sighting.at, sighting.agent))),
            Look::Close => drop(open.remove(view)),
        }
    }
    let overdue = |at: &Timestamp| now.0 - at.0 >= i64::from(rules.unclosed_minutes) * MINUTE;
    open.into_iter()
        .filter(|(_, (at, _))| overdue(at))
        .map(|(view, (at, agent))| Finding {
            kind: AlertKind::Unclosed,
            at,
            agent,
            key: format!("unclosed {view}"),
            count: None,
            detail: Some(view.to_owned()),
        })
        .collect()
}

fn reveals(sightings: &[Sighting]) -> impl Iterator<Item = (AgentId, Timestamp)> {
    sightings
        .iter()
        .filter(|sighting| sighting.look == Look::Reveal)
        .filter_map(|sighting| Some((sighting.agent?, sighting.at)))
}

#[cfg(test)]
mod tests {
    use aside_base::SeededRng;
    use proptest::prelude::*;

    use super::*;

    fn agent(seed: u64) -> AgentId {
        AgentId::generate(Timestamp(0), &SeededRng::new(seed))
    }

    fn sighting(at: i64, look: Look, who: u64, view: &str) -> Sighting {
        Sighting { at: Timestamp(at), look, agent: Some(agent(who)), view: Some(view.to_owned()) }
    }

    fn rules() -> Review {
        Review { reveals_per_hour: 3, working_hours: None, unclosed_minutes: 10 }
    }

    #[test]
    fn more_reveals_than_allowed_within_any_hour_are_found_once() {
        let reveals = |times: &[i64]| -> Vec<Sighting> {
            times.iter().map(|minute| sighting(minute * MINUTE, Look::Reveal, 1, "v")).collect()
        };
        let many = |times: &[i64]| many_reveals(&reveals(times), &rules());
        assert!(many(&[0, 10, 20]).is_empty());
        assert!(many(&[0, 20, 40, 60]).is_empty(), "the first is an hour old");
        let found = many(&[50, 55, 59, 61, 62]);
        assert_eq!(found.len(), 1, "an hour of the clock is no border");
        assert_eq!((found[0].count, found[0].at), (Some(5), Timestamp(61 * MINUTE)));
        let mut two = reveals(&[0, 1]);
        two.extend([2, 3].map(|minute| sighting(minute * MINUTE, Look::Reveal, 2, "v")));
        assert!(many_reveals(&two, &rules()).is_empty(), "two people are not one");
    }

    #[test]
    fn a_reveal_outside_of_working_hours_is_found_in_the_sites_own_time() {
        let hours = |from_minute, to_minute| WorkingHours {
            from_minute,
            to_minute,
            time_zone: "Europe/Berlin".into(),
            weekdays: vec![1, 2, 3, 4, 5],
        };
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        // 2026-06-01 is a Monday; 07:30 UTC is 09:30 there.
        let monday: i64 = "2026-06-01T07:30:00Z".parse::<jiff::Timestamp>().unwrap().as_millisecond();
        let odd = |at, hours: &WorkingHours| odd_hours(&[sighting(at, Look::Reveal, 1, "v")], hours, &zone).len();
        assert_eq!(odd(monday, &hours(9 * 60, 17 * 60)), 0);
        assert_eq!(odd(monday - HOUR, &hours(9 * 60, 17 * 60)), 1, "08:30");
        assert_eq!(odd(monday + 8 * HOUR, &hours(9 * 60, 17 * 60)), 1, "17:30");
        assert_eq!(odd(monday - 24 * HOUR, &hours(9 * 60, 17 * 60)), 1, "a Sunday");
        let night = hours(22 * 60, 6 * 60);
        assert_eq!(odd(monday + 14 * HOUR, &night), 0, "Monday 23:30");
        assert_eq!(odd(monday + 20 * HOUR, &night), 0, "Tuesday 05:30, begun on Monday");
        assert_eq!(odd(monday - 4 * HOUR, &night), 1, "Monday 05:30, begun on Sunday");
        let two = [sighting(monday - HOUR, Look::Reveal, 1, "v"), sighting(monday - HOUR, Look::Reveal, 1, "w")];
        assert_eq!(odd_hours(&two, &hours(9 * 60, 17 * 60), &zone)[0].count, Some(2));
    }

    #[test]
    fn a_view_that_was_revealed_in_and_left_open_is_found_when_its_time_is_over() {
        let seen = [sighting(0, Look::View, 1, "a"), sighting(MINUTE, Look::Reveal, 1, "a")];
        assert!(unclosed(&seen, &rules(), Timestamp(11 * MINUTE - 1)).is_empty());
        let found = unclosed(&seen, &rules(), Timestamp(11 * MINUTE));
        assert_eq!((found.len(), found[0].detail.as_deref()), (1, Some("a")));
        let mut closed = seen.to_vec();
        closed.push(sighting(5 * MINUTE, Look::Close, 1, "a"));
        assert!(unclosed(&closed, &rules(), Timestamp(HOUR)).is_empty());
        assert!(unclosed(&seen[..1], &rules(), Timestamp(HOUR)).is_empty(), "nothing was revealed");
    }

    fn any_sightings() -> impl Strategy<Value = Vec<Sighting>> {
        let one = (0..300_i64, 0..3_u8, 0..3_u64, 0..4_u8).prop_map(|(minute, look, who, view)| {
            let look = [Look::View, Look::Reveal, Look::Close][usize::from(look)];
            sighting(minute * MINUTE, look, who, &view.to_string())
        });
        proptest::collection::vec(one, 0..60).prop_map(|mut all| {
            all.sort_by_key(|sighting| sighting.at);
            all
        })
    }

    proptest! {
        #[test]
        fn the_same_sightings_find_the_same_and_each_key_once(seen in any_sightings(), now in 0..600_i64) {
            let zone = TimeZone::UTC;
            let found = review(&seen, &rules(), &zone, Timestamp(now * MINUTE));
            let mut keys: Vec<_> = found.iter().map(|finding| finding.key.clone()).collect();
            prop_assert_eq!(&found, &review(&seen, &rules(), &zone, Timestamp(now * MINUTE)));
            keys.sort();
            keys.dedup();
            prop_assert_eq!(keys.len(), found.len());
        }

        #[test]
        fn whoever_revealed_more_within_an_hour_is_found(seen in any_sightings()) {
            let found = many_reveals(&seen, &rules());
            for who in 0..3 {
                let times: Vec<i64> = reveals(&seen).filter(|(a, _)| *a == agent(who)).map(|(_, at)| at.0).collect();
                let most = times.iter().map(|end| times.iter().filter(|t| **t <= *end && **t > end - HOUR).count()).max();
                let named = found.iter().any(|finding| finding.agent == Some(agent(who)));
                prop_assert_eq!(named, most.unwrap_or(0) > 3);
            }
        }
    }
}
