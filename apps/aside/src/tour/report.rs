//! What the tour has seen: steps, checks, and whether all is well. Written as it goes, and as one JSON object.

use std::io::{self, Write};

use serde::Serialize;

use crate::journey::JourneyError;

/// The whole tour.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The steps in order.
    pub steps: Vec<Step>,
    /// Whether every check held.
    pub ok: bool,
}

/// One step.
#[derive(Debug, Serialize)]
pub struct Step {
    /// What happens.
    pub step: String,
    /// What was checked.
    pub checks: Vec<Check>,
}

/// One check.
#[derive(Debug, Serialize)]
pub struct Check {
    /// What should hold.
    pub name: String,
    /// Whether it does.
    pub ok: bool,
    /// What was seen instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen: Option<String>,
}

/// Takes checks down, and says each as it comes.
pub(super) struct Notes<'a> {
    steps: Vec<Step>,
    /// Nobody, when only the JSON is wanted.
    listener: Option<&'a mut (dyn Write + Send)>,
}

impl<'a> Notes<'a> {
    /// Begins, saying each check to `listener` as it comes.
    pub(super) fn new(listener: Option<&'a mut (dyn Write + Send)>) -> Self {
        Self { steps: Vec::new(), listener }
    }

    /// Begins a step.
    pub(super) fn step(&mut self, step: &str) {
        self.say(&format!("\n{step}\n"));
        self.steps.push(Step { step: step.to_owned(), checks: Vec::new() });
    }

    /// Takes down that `name` holds or does not.
    pub(super) fn check(&mut self, name: &str, ok: bool) {
        self.note(name, (!ok).then(|| "it does not hold".to_owned()));
    }

    /// Takes down that what was done came about, and goes on with what it brought.
    ///
    /// # Errors
    /// The same error, taken down.
    pub(super) fn done<T>(&mut self, name: &str, result: Result<T, JourneyError>) -> Result<T, JourneyError> {
        self.note(name, result.as_ref().err().map(told));
        result
    }

    /// Takes down that what was tried is refused with one of `statuses`.
    pub(super) fn refused<T>(&mut self, name: &str, result: Result<T, JourneyError>, statuses: &[u16]) {
        let seen = match result {
            Ok(_) => Some("it was not refused".to_owned()),
            Err(error) if error.status().is_some_and(|status| statuses.contains(&status)) => None,
            Err(error) => Some(format!("{}, instead of {statuses:?}", told(&error))),
        };
        self.note(name, seen);
    }

    /// Takes down that the tour could not go on.
    pub(super) fn broken(&mut self, error: &JourneyError) {
        // A step that was taken down as failed already needs no second line.
        if self.steps.iter().flat_map(|step| &step.checks).all(|check| check.ok) {
            self.note("the step can be walked", Some(told(error)));
        }
    }

    /// Ends.
    #[must_use]
    pub(super) fn report(self) -> Report {
        let ok = self.steps.iter().flat_map(|step| &step.checks).all(|check| check.ok);
        Report { steps: self.steps, ok }
    }

    fn note(&mut self, name: &str, seen: Option<String>) {
        match &seen {
            None => self.say(&format!("  ok      {name}\n")),
            Some(seen) => self.say(&format!("  FAILED  {name}: {seen}\n")),
        }
        if let Some(step) = self.steps.last_mut() {
            step.checks.push(Check { name: name.to_owned(), ok: seen.is_none(), seen });
        }
    }

    fn say(&mut self, text: &str) {
        let written = self
            .listener
            .as_mut()
            .map_or(io::Result::Ok(()), |listener| listener.write_all(text.as_bytes()).and_then(|()| listener.flush()));
        // Nobody reads any more: the report and the exit code still tell.
        if written.is_err() {
            self.listener = None;
        }
    }
}

fn told(error: &JourneyError) -> String {
    error.kind().map_or_else(|| error.to_string(), |kind| format!("{error} ({kind})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failed_check_fails_the_tour_and_is_said() {
        let mut said = Vec::new();
        let mut notes = Notes::new(Some(&mut said));
        notes.step("Send");
        notes.check("it arrives", true);
        notes.refused::<()>("a second use is refused", Ok(()), &[410]);
        let report = notes.report();
        assert!(!report.ok);
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(json["steps"][0]["checks"][0], serde_json::json!({ "name": "it arrives", "ok": true }));
        assert_eq!(json["steps"][0]["checks"][1]["ok"], false);
        assert!(String::from_utf8(said).unwrap().contains("FAILED  a second use is refused: it was not refused"));
    }
}
