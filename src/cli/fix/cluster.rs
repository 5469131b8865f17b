//! Documents that share files, and so can only be repaired together.

use std::{collections::HashMap, path::PathBuf};

/// The documents in groups that share no file; each document by its number, given its files.
pub(super) fn clusters<'f>(documents: impl Iterator<Item = &'f [PathBuf]>) -> Vec<Vec<usize>> {
    let mut owners: HashMap<&PathBuf, usize> = HashMap::new();
    // For each document one that it belongs to, itself where that is the first of its group.
    let mut leaders: Vec<usize> = Vec::new();
    for (at, files) in documents.enumerate() {
        leaders.push(at);
        for file in files {
            let owner = leader(&leaders, *owners.entry(file).or_insert(at));
            let own = leader(&leaders, at);
            if let Some(place) = leaders.get_mut(own.max(owner)) {
                *place = own.min(owner);
            }
        }
    }
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); leaders.len()];
    for at in 0..leaders.len() {
        if let Some(group) = groups.get_mut(leader(&leaders, at)) {
            group.push(at);
        }
    }
    groups.retain(|group| !group.is_empty());
    groups
}

fn leader(leaders: &[usize], mut at: usize) -> usize {
    while let Some(next) = leaders.get(at).filter(|next| **next != at) {
        at = *next;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_that_share_a_file_belong_together() {
        let files = |names: &[&str]| names.iter().map(PathBuf::from).collect::<Vec<_>>();
        let documents =
            [files(&["a", "x"]), files(&["b"]), files(&["c", "y"]), files(&["y", "x"]), vec![]];
        let groups = clusters(documents.iter().map(Vec::as_slice));
        assert_eq!(groups, [vec![0, 2, 3], vec![1], vec![4]]);
    }
}
