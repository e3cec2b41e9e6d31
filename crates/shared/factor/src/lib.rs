//! Second factors (A5): one-time codes and passkeys, verified. Pure: it keeps nothing; who owns a factor and which code was used
//! before is its caller's to know.
