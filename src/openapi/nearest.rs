//! The name that was probably meant.

use strsim::damerau_levenshtein;

/// The candidate that `name` most resembles, where one is close and no other is as close.
///
/// Letter case, `-`, `_` and `.` aside, a name may differ in a third of its characters.
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    if name.len() > 80 {
        return None;
    }
    let plain = simplify(name);
    let allowed = (plain.chars().count() / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    let mut tied = false;
    for candidate in candidates {
        if candidate == name || candidate.len().abs_diff(name.len()) > allowed + 2 {
            continue;
        }
        let distance = damerau_levenshtein(&plain, &simplify(candidate));
        if distance > allowed || distance >= candidate.chars().count() {
            continue;
        }
        match best {
            Some((least, _)) if distance > least => {}
            Some((least, _)) if distance == least => tied = true,
            _ => {
                best = Some((distance, candidate));
                tied = false;
            }
        }
    }
    best.filter(|_| !tied).map(|(_, candidate)| candidate)
}

fn simplify(name: &str) -> String {
    let kept = name.chars().filter(|char| !matches!(char, '-' | '_' | '.'));
    kept.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_close_name_is_found() {
        let names = ["summary", "description", "operationId", "parameters", "in", "if"];
        for (name, expected) in [
            ("operationID", Some("operationId")),
            ("operation_id", Some("operationId")),
            ("desciption", Some("description")),
            ("paramters", Some("parameters")),
            ("body", None),
            ("id", None),
            ("iff", Some("if")),
        ] {
            assert_eq!(nearest(name, names), expected, "{name}");
        }
    }
}
