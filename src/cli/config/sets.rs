//! The sets of rules that a run begins with.

use crate::{
    charter::{ConfigError, RulesetFile, nearest},
    cli::{error::RunError, inputs::Input},
    ruleset::{Profile, Ruleset},
};

use super::{ConfigFile, remedied, set};

/// A ruleset that somebody asks for.
enum Set {
    Named(Profile),
    File { path: String, bytes: Vec<u8>, content: RulesetFile, extends: Vec<Profile> },
}

/// The sets of `--ruleset`; where there are none, those that a configuration extends; else the
/// set of the command. A gate keeps its own set below all others.
pub(super) fn sets(
    wanted: &[String],
    extends: &[String],
    file: Option<&ConfigFile<'_>>,
    profile: Profile,
) -> Result<Ruleset, RunError> {
    let mut sets = wanted.iter().map(|it| wanted_set(it)).collect::<Result<Vec<_>, _>>()?;
    if let (Some(file), true) = (file, sets.is_empty()) {
        for (at, name) in extends.iter().enumerate() {
            let profile = Profile::from_name(name).ok_or_else(|| {
                let place = format!("/extends/{at}");
                ConfigError::at(&file.path, &file.bytes, &place, no_set(name))
            })?;
            sets.push(Set::Named(profile));
        }
    }
    let mut profiles = Vec::new();
    if sets.is_empty() || profile == Profile::Contract {
        profiles.push(profile);
    }
    for set in &sets {
        match set {
            Set::Named(profile) => profiles.push(*profile),
            Set::File { extends, .. } => profiles.extend(extends),
        }
    }
    let mut profiles = profiles.into_iter();
    let mut ruleset = if let Some(first) = profiles.next() {
        Ruleset::built_in(first)
    } else {
        let mut bare = Ruleset::built_in(profile);
        bare.select(&[])?;
        bare
    };
    profiles.for_each(|profile| ruleset.include(profile));
    for it in &sets {
        let Set::File { path, bytes, content, .. } = it else { continue };
        for (rule, level) in &content.rules {
            set(&mut ruleset, rule, *level).map_err(|unknown| {
                let place = crate::document::pointer::join("/rules", rule);
                ConfigError::at(path, bytes, &place, remedied(&unknown))
            })?;
        }
    }
    Ok(ruleset)
}

fn wanted_set(wanted: &str) -> Result<Set, RunError> {
    if wanted.starts_with("treaty:") || wanted.starts_with("spectral:") {
        let profile = Profile::from_name(wanted);
        return profile
            .map(Set::Named)
            .ok_or_else(|| RunError::UnknownSet { message: no_set(wanted) });
    }
    let input = Input::file(wanted.as_ref());
    let bytes = input.read(1 << 20)?.unwrap_or_default();
    let content = RulesetFile::parse(wanted, &bytes)?;
    let mut extends = Vec::new();
    for (at, name) in content.extends.iter().enumerate() {
        let profile = Profile::from_name(name);
        extends.push(profile.ok_or_else(|| {
            ConfigError::at(wanted, &bytes, &format!("/extends/{at}"), no_set(name))
        })?);
    }
    Ok(Set::File { path: wanted.to_owned(), bytes, content, extends })
}

/// What is wrong with the name of a set, and what to do.
fn no_set(name: &str) -> String {
    let known = Profile::ALL.map(Profile::as_str);
    if name.starts_with("spectral:") {
        return format!("`{name}` is a ruleset of Spectral, which is not read yet");
    }
    match nearest(name, known) {
        Some(nearest) => format!("there is no ruleset `{name}`; did you mean `{nearest}`?"),
        None => format!("there is no ruleset `{name}`; the sets are {}", known.join(", ")),
    }
}
