//! Names as words.

/// The words of a name in lower case: `orderTotalAmount`, `order_total-amount`, `ORDERTotal`.
pub(super) fn words(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut words = Vec::new();
    let mut word = String::new();
    let mut previous: Option<char> = None;
    for (at, char) in chars.iter().copied().enumerate() {
        if !char.is_alphanumeric() {
            push(&mut words, &mut word);
            previous = None;
            continue;
        }
        let next_is_lower = chars.get(at + 1).is_some_and(|next| next.is_lowercase());
        let begins = previous.is_some_and(|previous| {
            char.is_uppercase() && (previous.is_lowercase() || previous.is_numeric())
                || char.is_uppercase() && previous.is_uppercase() && next_is_lower
        });
        if begins {
            push(&mut words, &mut word);
        }
        word.extend(char.to_lowercase());
        previous = Some(char);
    }
    push(&mut words, &mut word);
    words
}

fn push(words: &mut Vec<String>, word: &mut String) {
    if !word.is_empty() {
        words.push(std::mem::take(word));
    }
}

/// How a name is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Casing {
    /// `orderTotal`
    Camel,
    /// `OrderTotal`
    Pascal,
    /// `order_total`
    Snake,
    /// `order-total`
    Kebab,
    /// `ORDER_TOTAL`
    Macro,
    /// `order`, which is camel, snake and kebab at once.
    Flat,
}

impl Casing {
    /// What people call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Camel => "camelCase",
            Self::Pascal => "PascalCase",
            Self::Snake => "snake_case",
            Self::Kebab => "kebab-case",
            Self::Macro => "MACRO_CASE",
            Self::Flat => "lower case",
        }
    }

    /// The casing of a name; nothing where it has several or none.
    pub(super) fn of(name: &str) -> Option<Self> {
        let allowed = |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-');
        if name.is_empty() || !name.chars().all(allowed) {
            return None;
        }
        let upper = name.contains(|char: char| char.is_ascii_uppercase());
        let lower = name.contains(|char: char| char.is_ascii_lowercase());
        let (under, dash) = (name.contains('_'), name.contains('-'));
        match (upper, lower, under, dash) {
            (false, _, true, false) => Some(Self::Snake),
            (false, _, false, true) => Some(Self::Kebab),
            (true, false, _, false) => Some(Self::Macro),
            (true, true, false, false) => {
                let first = name.chars().next().is_some_and(|char| char.is_ascii_uppercase());
                Some(if first { Self::Pascal } else { Self::Camel })
            }
            (false, _, false, false) => Some(Self::Flat),
            _ => None,
        }
    }

    /// Whether a name of `self` can be one of `other`.
    pub(super) fn fits(self, other: Self) -> bool {
        self == other
            || self == Self::Flat && matches!(other, Self::Camel | Self::Snake | Self::Kebab)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_words_and_a_casing() {
        for (name, expected, casing) in [
            ("orderTotalAmount", "order total amount", Some(Casing::Camel)),
            ("HTTPServerURL", "http server url", Some(Casing::Pascal)),
            ("order_total-amount", "order total amount", None),
            ("ORDER_ID", "order id", Some(Casing::Macro)),
            ("userID2", "user id2", Some(Casing::Camel)),
            ("sku", "sku", Some(Casing::Flat)),
            ("größe", "größe", None),
            ("x-api-key", "x api key", Some(Casing::Kebab)),
        ] {
            assert_eq!(words(name).join(" "), expected);
            assert_eq!(Casing::of(name), casing, "{name}");
        }
    }
}
