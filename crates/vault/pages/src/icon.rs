//! Our own outline icons, drawn on a 24 by 24 grid. They never stand alone: a text says the same beside them, so they are
//! hidden from assistive technology.

use std::fmt;

/// An icon's strokes.
#[derive(Clone, Copy)]
pub(crate) struct Icon(&'static str);

macro_rules! icons {
    ($($name:ident $path:expr;)*) => {
        impl Icon {
            $(pub(crate) const $name: Self = Self($path);)*
        }
    };
}

/// A circle of radius 9 around the middle, which several icons share.
macro_rules! ring {
    ($rest:literal) => {
        concat!("M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z", $rest)
    };
}

icons! {
    SHIELD "M12 3 5 5.6v5.6c0 4.3 2.8 7.6 7 9.3 4.2-1.7 7-5 7-9.3V5.6z";
    CROSS "M6 6l12 12M18 6 6 18";
    ARROW "M4 12h15M13 6l6 6-6 6";
    CHECK "M5 12.5 9.8 17 19 7.5";
    EYE "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM14.8 12a2.8 2.8 0 1 1-5.6 0 2.8 2.8 0 0 1 5.6 0z";
    EYE_OFF "M3.5 3.5l17 17M9.6 5.8a9 9 0 0 1 2.4-.3c6 0 9.5 6.5 9.5 6.5a17 17 0 0 1-2.9 3.6M6.4 6.9A16 16 0 0 0 2.5 12S6 18.5 12 18.5a9 9 0 0 0 4.6-1.2M10 10a2.8 2.8 0 0 0 4 4";
    CHAT "M20 11.6a7.6 7.6 0 0 1-11 6.8L4 19.8l1.5-4.7A7.6 7.6 0 1 1 20 11.6z";
    LOCK "M6.5 11h11A1.5 1.5 0 0 1 19 12.5v6a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 5 18.5v-6A1.5 1.5 0 0 1 6.5 11zM8 11V8a4 4 0 0 1 8 0v3";
    REFRESH "M20 10.5A8 8 0 0 0 6 6.8L4 8.5M4 4v4.5h4.5M4 13.5a8 8 0 0 0 14 3.7l2-1.7M20 20v-4.5h-4.5";
    LINK "M10 13.6a4 4 0 0 0 5.9.2l2.9-2.9a4 4 0 0 0-5.7-5.7L12 6.3M14 10.4a4 4 0 0 0-5.9-.2l-2.9 2.9a4 4 0 0 0 5.7 5.7l1.1-1.1";
    MAIL "M4.5 5h15A1.5 1.5 0 0 1 21 6.5v11a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17.5v-11A1.5 1.5 0 0 1 4.5 5zM3.5 7.5l8.5 6 8.5-6";
    DEVICES "M13 16H4.5A1.5 1.5 0 0 1 3 14.5v-9A1.5 1.5 0 0 1 4.5 4h13A1.5 1.5 0 0 1 19 5.5V8M6.5 20H13M9.5 16v4M17 11h3a1.5 1.5 0 0 1 1.5 1.5v6A1.5 1.5 0 0 1 20 20h-3a1.5 1.5 0 0 1-1.5-1.5v-6A1.5 1.5 0 0 1 17 11z";
    PHONE "M8.5 2.5h7A1.5 1.5 0 0 1 17 4v16a1.5 1.5 0 0 1-1.5 1.5h-7A1.5 1.5 0 0 1 7 20V4a1.5 1.5 0 0 1 1.5-1.5zM11 18.5h2";
    TIMER "M19.5 13.5a7.5 7.5 0 1 1-15 0 7.5 7.5 0 0 1 15 0zM12 13.5l2.6-2.6M9.5 2.8h5";
    OFFLINE "M3.5 3.5l17 17M8.6 15.9a5 5 0 0 1 6.8 0M5.2 12.4a10 10 0 0 1 4.6-2.5M14.4 9.9a10 10 0 0 1 4.4 2.5M2 8.8a15 15 0 0 1 4.3-2.7M10 5a15 15 0 0 1 12 3.8M12 19.4v.1";
    SHIELD_OFF "M3.5 3.5l17 17M8.3 4.4 12 3l7 2.6v5.6c0 1-.2 2-.5 2.9M16.7 17.2a11 11 0 0 1-4.7 3.3c-4.2-1.7-7-5-7-9.3V6";
    HOURGLASS "M6 3h12M6 21h12M7.5 3v3.5c0 3 4.5 3.5 4.5 5.5s-4.5 2.5-4.5 5.5V21M16.5 3v3.5c0 3-4.5 3.5-4.5 5.5s4.5 2.5 4.5 5.5V21";
    FINGERPRINT "M5.2 17.4c.9-1.6 1.3-3.4 1.3-5.4a5.5 5.5 0 0 1 9.6-3.7M17.4 11.4c.2 3.1-.1 5.7-.9 8.1M8.2 20.2c1.4-2.3 2.1-5 2.1-8.2a1.7 1.7 0 0 1 3.4 0c0 3.6-.7 6.7-2.1 9.3M3.4 13.6c.1-.5.1-1 .1-1.6a8.5 8.5 0 0 1 13.7-6.7M19.5 7.9c.6 1.2 1 2.6 1 4.1 0 1.7-.1 3.3-.4 4.8";
    COPY "M9.5 8h9A1.5 1.5 0 0 1 20 9.5v9a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 8 18.5v-9A1.5 1.5 0 0 1 9.5 8zM16 8V5.5A1.5 1.5 0 0 0 14.5 4h-9A1.5 1.5 0 0 0 4 5.5v9A1.5 1.5 0 0 0 5.5 16H8";
    PLUS "M12 5v14M5 12h14";
    ALERT ring!("M12 7.5v5.3M12 16.3v.1");
    CLOCK ring!("M12 7v5.2l3.2 1.9");
    MINUS ring!("M8 12h8");
    DONE ring!("M8.3 12.3l2.6 2.5 4.8-5");
}

impl fmt::Display for Icon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<svg class=i viewBox=\"0 0 24 24\" aria-hidden=true><path d=\"{}\"/></svg>", self.0)
    }
}

/// Constants of this file, nothing of anybody else's: written into pages as they are.
impl askama::filters::HtmlSafe for Icon {}
