//! The colours, sizes and faces that every page shares, from one source: `web/tokens/tokens.json`.
//!
//! Turns that file into the style sheet `web/tokens/tokens.css` (committed, so that no page needs a generator to be
//! built) and computes the contrast of every declared pair. Never holds a colour of its own: a colour that is not in the
//! file does not exist.

mod colour;
mod sheet;

use std::collections::BTreeMap;

use serde::Deserialize;

pub use colour::{Colour, ColourError, contrast};

/// The committed source.
pub const SOURCE: &str = include_str!("../../../../web/tokens/tokens.json");

/// The committed style sheet made from [`SOURCE`].
pub const SHEET: &str = include_str!("../../../../web/tokens/tokens.css");

/// Why a tokens file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TokensError {
    /// Not the expected JSON.
    #[error("tokens.json does not read: {0}")]
    Format(#[from] serde_json::Error),
    /// A role names a colour that the palette does not have.
    #[error("{role} names {colour}, which is not in the palette")]
    Unknown {
        /// The role.
        role: String,
        /// The name that is missing.
        colour: String,
    },
    /// A colour of the palette is not `#rrggbb`.
    #[error("{0}")]
    Colour(#[from] ColourError),
}

/// The tokens: what `tokens.json` says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Tokens {
    palette: BTreeMap<String, String>,
    colours: BTreeMap<String, Role>,
    faces: BTreeMap<String, String>,
    sizes: BTreeMap<String, String>,
    pairs: Vec<Pair>,
    light_only_pairs: Vec<Pair>,
}

/// A functional colour: a name of the palette in each scheme, a system colour where the reader forces colours.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Role {
    light: String,
    dark: String,
    forced: String,
}

/// Roles that stand on one another, and the contrast they must reach (WCAG 1.4.3: 4.5 for text, 1.4.11: 3 for parts).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    front: Vec<String>,
    back: Vec<String>,
    least: f64,
}

/// Which of the two drawn schemes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// The contrast of one declared pair in one scheme.
#[derive(Debug)]
pub struct Measured {
    /// The scheme.
    pub scheme: Scheme,
    /// The role in front.
    pub front: String,
    /// The role behind.
    pub back: String,
    /// The contrast ratio, 1 to 21.
    pub ratio: f64,
    /// What it must reach.
    pub least: f64,
}

impl Tokens {
    /// Reads a tokens file.
    ///
    /// # Errors
    /// When it is not the expected JSON.
    pub fn read(json: &str) -> Result<Self, TokensError> {
        Ok(serde_json::from_str(json)?)
    }

    /// The style sheet: custom properties on `:root`, the dark scheme and the forced colours in media queries.
    ///
    /// # Errors
    /// When a role names a colour that the palette does not have.
    pub fn sheet(&self) -> Result<String, TokensError> {
        sheet::write(self)
    }

    /// The contrast of every declared pair, in every scheme it is declared for.
    ///
    /// # Errors
    /// When a pair names an unknown role, a role an unknown colour, or a colour is not `#rrggbb`.
    pub fn measure(&self) -> Result<Vec<Measured>, TokensError> {
        let mut measured = Vec::new();
        for (scheme, pairs) in
            [(Scheme::Light, &self.pairs), (Scheme::Dark, &self.pairs), (Scheme::Light, &self.light_only_pairs)]
        {
            for pair in pairs {
                for front in &pair.front {
                    for back in &pair.back {
                        let ratio = contrast(self.colour(front, scheme)?, self.colour(back, scheme)?);
                        measured.push(Measured {
                            scheme,
                            front: front.clone(),
                            back: back.clone(),
                            ratio,
                            least: pair.least,
                        });
                    }
                }
            }
        }
        Ok(measured)
    }

    /// The roles that no declared pair mentions.
    #[must_use]
    pub fn unpaired(&self) -> Vec<&str> {
        let named = |role: &&String| {
            self.pairs.iter().chain(&self.light_only_pairs).any(|p| p.front.contains(role) || p.back.contains(role))
        };
        self.colours.keys().filter(|role| !named(role)).map(String::as_str).collect()
    }

    fn colour(&self, role: &str, scheme: Scheme) -> Result<Colour, TokensError> {
        let unknown = |colour: &str| TokensError::Unknown { role: role.to_owned(), colour: colour.to_owned() };
        let found = self.colours.get(role).ok_or_else(|| unknown(role))?;
        let name = match scheme {
            Scheme::Light => &found.light,
            Scheme::Dark => &found.dark,
        };
        Ok(self.palette.get(name).ok_or_else(|| unknown(name))?.parse()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_sheet_is_what_the_source_makes() {
        let made = Tokens::read(SOURCE).unwrap().sheet().unwrap();
        assert!(made == SHEET, "web/tokens/tokens.css is stale: cargo run -p aside-tokens > web/tokens/tokens.css");
    }

    #[test]
    fn every_declared_pair_reaches_its_contrast() {
        let measured = Tokens::read(SOURCE).unwrap().measure().unwrap();
        assert!(measured.len() > 60);
        let weak: Vec<_> = measured.iter().filter(|m| m.ratio < m.least).collect();
        assert!(weak.is_empty(), "{weak:#?}");
    }

    #[test]
    fn every_colour_but_the_decorative_lines_is_held_to_a_contrast() {
        // Hairlines between rows carry no meaning of their own, so WCAG asks no contrast of them.
        assert_eq!(Tokens::read(SOURCE).unwrap().unpaired(), ["line", "seam-rule"]);
    }

    #[test]
    fn a_role_that_names_no_colour_of_the_palette_is_refused() {
        let json = r##"{"palette":{"a":"#000000"},"colours":{"text":{"light":"a","dark":"b","forced":"Canvas"}},
            "faces":{},"sizes":{},"pairs":[],"light-only-pairs":[]}"##;
        assert!(matches!(Tokens::read(json).unwrap().sheet(), Err(TokensError::Unknown { .. })));
    }
}
