//! One invitation as its pages name it (P6).

use aside_base::{InvitationId, Origin};

/// How a page looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Beside the chat: the system's own face, light and dark.
    Chat,
    /// Behind a link: the fixed look of link channels (C6).
    Link,
}

/// Who asks for what, and where the page stands.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'a> {
    /// A BCP 47 tag, or a list of them as browsers send it.
    pub locale: &'a str,
    /// How the page looks.
    pub look: Look,
    /// Whether it stands in a frame (`Sec-Fetch-Dest: iframe`), whose surroundings draw the seam.
    pub framed: bool,
    /// The form's title.
    pub title: &'a str,
    /// The brand's name for people.
    pub brand: &'a str,
    /// The agent's first name.
    pub agent: &'a str,
    /// The reference that also stands in the chat.
    pub reference: &'a str,
    /// The brand's privacy page.
    pub privacy_url: Option<&'a str>,
    /// The brand's contact page.
    pub contact_url: Option<&'a str>,
    /// The chat that may be told what happened.
    pub chat: Option<&'a Origin>,
    /// The invitation, for what the chat is told.
    pub invitation: Option<InvitationId>,
    /// Whether what is kept may be read after the chat (V6).
    pub history: bool,
}
