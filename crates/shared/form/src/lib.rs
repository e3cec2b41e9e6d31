//! Form definitions, their publishing check, and the parsing of answers: the rules F1 to F7, in one place for both zones.
//!
//! Pure: no I/O, no clock (`now` is an argument), no words for people (errors are typed; the pages hold the words). It never
//! keeps a clear answer: what it parses leaves as a [`aside_base::Secret`].

mod answer;
mod builtin;
mod canonical;
mod card;
mod definition;
mod digits;
mod expiry;
mod mask;
mod publish;
mod text;
mod wording;

pub use answer::{Answer, AnswerError, AnswerFault, Given, parse};
pub use builtin::out_of_the_box;
pub use card::{Brand, CardError};
pub use definition::{Autofill, Definition, Kind, Question, limits};
pub use expiry::ExpiryError;
pub use mask::{Shown, shown};
pub use publish::{Fault, FaultKind, PublishError, Published};
