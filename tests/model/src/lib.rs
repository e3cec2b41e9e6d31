//! The life of keys and invitations, walked through in every order of events.
