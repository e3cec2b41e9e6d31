//! What both programs' HTTP faces stand on: dispatch by host, headers, origin checks, limits, extractors, serving.
//!
//! It knows neither zone: no route, no wire type, no word for people. Nothing here writes a URI, a query, a header or a
//! body to the log; the trace names the matched route.

mod asset;
mod cookie;
mod extract;
mod header;
mod host;
mod limit;
mod origin;
mod panic;
mod plumbing;
mod problem;
mod serve;
mod tally;
mod trace;

pub use aside_base::AddressPrefix;
pub use asset::{Asset, is_hashed_name};
pub use cookie::{CookieSite, HostCookie};
pub use extract::{Form, Json};
pub use header::{PERMISSIONS_POLICY, harden};
pub use host::HostRouter;
pub use limit::{Limiter, TooMany};
pub use origin::{ForeignOrigin, same_origin, same_origin_or};
pub use plumbing::{Plumbing, plumb};
pub use problem::Problem;
pub use serve::{Connections, serve, serve_stream};
pub use tally::{Counted, Tally};
pub use trace::ErrorId;
