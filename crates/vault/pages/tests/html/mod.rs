//! Reads a page's tags, strictly: what does not nest, or is not quoted, fails the test.

const VOID: [&str; 8] = ["meta", "input", "br", "path", "circle", "rect", "img", "link"];

pub(crate) struct Tag {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
}

impl Tag {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

pub(crate) struct Html(Vec<Tag>);

impl Html {
    pub(crate) fn read(page: &str, text: &str) -> Self {
        let mut tags = Vec::new();
        let mut open: Vec<String> = Vec::new();
        let mut rest = text.strip_prefix("<!doctype html>").unwrap();
        while let Some((_, after)) = rest.split_once('<') {
            let (inside, after) = split_tag(after);
            rest = after;
            if let Some(name) = inside.strip_prefix('/') {
                assert_eq!(open.pop().as_deref(), Some(name), "{page}: </{name}>");
                continue;
            }
            let tag = Tag::read(page, inside.trim_end_matches('/'));
            if ["style", "script"].contains(&tag.name.as_str()) {
                rest = rest.split_once(&format!("</{}>", tag.name)).unwrap().1;
            } else if !VOID.contains(&tag.name.as_str()) {
                open.push(tag.name.clone());
            }
            tags.push(tag);
        }
        assert!(open.is_empty(), "{page}: {open:?} stay open");
        Self(tags)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Tag> {
        self.0.iter()
    }

    pub(crate) fn tags(&self, name: &str) -> impl Iterator<Item = &Tag> {
        self.0.iter().filter(move |tag| tag.name == name)
    }

    pub(crate) fn first(&self, name: &str) -> &Tag {
        self.tags(name).next().unwrap()
    }
}

/// What stands before the `>` that no quotes surround, and after it.
fn split_tag(text: &str) -> (&str, &str) {
    let mut quoted = false;
    let end = text.find(|c| {
        quoted ^= c == '"';
        c == '>' && !quoted
    });
    let end = end.unwrap();
    (&text[..end], &text[end + 1..])
}

impl Tag {
    fn read(page: &str, inside: &str) -> Self {
        let (name, mut rest) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
        let mut attributes: Vec<(String, String)> = Vec::new();
        loop {
            rest = rest.trim_start();
            if rest.is_empty() {
                break;
            }
            let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
            let key = rest[..end].to_owned();
            rest = &rest[end..];
            let value = match rest.strip_prefix('=') {
                None => String::new(),
                Some(after) => match after.strip_prefix('"') {
                    Some(quoted) => {
                        let (value, after) = quoted.split_once('"').unwrap();
                        rest = after;
                        value.to_owned()
                    }
                    None => {
                        let end = after.find(char::is_whitespace).unwrap_or(after.len());
                        rest = &after[end..];
                        after[..end].to_owned()
                    }
                },
            };
            assert!(attributes.iter().all(|(known, _)| *known != key), "{page}: {key} twice in <{name}>");
            attributes.push((key, value));
        }
        Self { name: name.to_owned(), attributes }
    }
}
