//! Which rules are in force for a document: sets, the configuration, the command line.
//!
//! * **Shape.** A [`Config`] holds a ruleset and what is said of places; [`Configs`] finds the one
//!   of each document: the `treaty.yaml` nearest above it, up to the top of its repository.
//! * **Errors.** A configuration that is wrong ends the run, with its place and the nearest name.

mod find;
mod notes;
mod sets;

use std::path::{Path, PathBuf};

use crate::{
    charter::{ConfigError, Date, Directives, RuleLevel, Settings, Waiver, Waivers},
    document::pointer,
    finding::Severity,
    ruleset::{Profile, Ruleset, UnknownRule},
};

use super::{error::RunError, files::normalize, options::RuleOptions};

pub(super) use find::{ConfigOptions, Configs};
pub(super) use notes::{Seen, notes};
use sets::sets;

/// Reads a file beside a configuration; nothing where there is none.
pub(super) type Beside<'f> = dyn Fn(&str) -> Result<Option<Vec<u8>>, RunError> + 'f;

/// A configuration file as it was read.
pub(super) struct ConfigFile<'f> {
    /// Its path as errors and reports show it.
    pub(super) path: String,
    pub(super) bytes: Vec<u8>,
    /// The folder from which its patterns start; paths of findings start there too.
    pub(super) folder: PathBuf,
    /// What a file beside it holds; nothing where there is none.
    pub(super) beside: &'f Beside<'f>,
}

/// The file that some waivers stand in.
pub(super) struct WaiverSource {
    pub(super) path: String,
    pub(super) bytes: Vec<u8>,
}

/// What is in force for some documents.
pub(super) struct Config {
    pub(super) ruleset: Ruleset,
    pub(super) directives: Directives,
    pub(super) settings: Option<Settings>,
    /// The folder of the configuration.
    folder: Option<PathBuf>,
    /// Where paths of findings start.
    current: PathBuf,
    pub(super) waivers: Option<WaiverSource>,
    /// What tells this configuration from others.
    mark: String,
}

impl Config {
    /// What a file, the sets that are wanted and the options say together, above a set where
    /// nobody chooses one.
    pub(super) fn new(
        file: Option<ConfigFile<'_>>,
        profile: Profile,
        options: &RuleOptions,
        current: &Path,
    ) -> Result<Self, RunError> {
        let read =
            file.as_ref().map(|file| Settings::parse(&file.path, &file.bytes)).transpose()?;
        let extends = read.as_ref().map_or(&[][..], |settings| &settings.extends);
        let chosen = sets(options.rulesets(), extends, file.as_ref(), profile)?;
        let mut ruleset = chosen;
        let mut directives = Directives::default();
        let mut waivers = None;
        if let (Some(file), Some(settings)) = (&file, &read) {
            for (rule, level) in &settings.rules {
                set(&mut ruleset, rule, *level)
                    .map_err(|unknown| misnamed(file, &pointer::join("/rules", rule), &unknown))?;
            }
            let (source, list) = waivers_of(file, &settings.waivers)?;
            for (at, waiver) in list.iter().enumerate() {
                ruleset.catalog().find(&waiver.rule).map_err(|unknown| {
                    let place = format!("/waivers/{at}/rule");
                    ConfigError::at(&source.path, &source.bytes, &place, remedied(&unknown))
                })?;
            }
            directives = Directives::new(&settings.overrides, &list);
            scatter(&mut ruleset, &mut directives, file, settings)?;
            waivers = Some(source);
        }
        options.apply(&mut ruleset)?;
        options.named().for_each(|rule| directives.gather(rule));
        let mark = file.as_ref().map_or_else(String::new, |file| match &waivers {
            Some(source) if source.path != file.path => {
                [&file.bytes[..], &source.bytes].iter().map(|it| sha256(it)).collect()
            }
            _ => sha256(&file.bytes),
        });
        let folder = file.map(|file| file.folder);
        let current = current.to_owned();
        Ok(Self { ruleset, directives, settings: read, folder, current, waivers, mark })
    }

    /// A path of a finding, seen from the folder of the configuration; nothing where it lies
    /// outside.
    pub(super) fn place(&self, path: &str) -> Option<String> {
        let folder = self.folder.as_deref()?;
        let path = normalize(&self.current.join(path));
        let inner = path.strip_prefix(folder).ok()?;
        Some(super::files::shown(inner))
    }

    /// The formats that both sides know.
    pub(super) fn formats(&self) -> &[String] {
        self.settings.as_ref().map_or(&[], |settings| &settings.glossary.formats)
    }

    /// What tells what is in force from what other configurations say.
    fn mark(&self) -> String {
        let has_places =
            self.directives.has_overrides() || self.directives.waivers().next().is_some();
        let mark = if has_places { self.mark.as_str() } else { "" };
        format!("{}{mark}", self.ruleset.sha256())
    }

    /// The digest of the waivers, where they stand in a file of their own.
    pub(super) fn waiver_file_sha256(&self) -> Option<String> {
        let is_own = matches!(self.settings.as_ref()?.waivers, Waivers::Beside(_));
        let source = self.waivers.as_ref().filter(|_| is_own)?;
        Some(sha256(&source.bytes))
    }

    /// The folder of the configuration.
    pub(super) fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }
}

/// The digest of all that decides what is found under some configurations.
pub(super) fn sha256_of(configs: &[Config]) -> String {
    let mut marks: Vec<_> = configs.iter().map(Config::mark).collect();
    marks.sort_unstable();
    marks.dedup();
    match marks.as_slice() {
        [one] if one.len() == 64 => one.clone(),
        marks => sha256(marks.join("\n").as_bytes()),
    }
}

fn sha256(bytes: &[u8]) -> String {
    crate::document::sha256_hex(bytes)
}

/// Sets a rule as a configuration says.
fn set(ruleset: &mut Ruleset, rule: &str, level: RuleLevel) -> Result<(), UnknownRule> {
    let severity: Option<Severity> = match level {
        RuleLevel::Off => None,
        RuleLevel::Is(severity) => Some(severity),
    };
    ruleset.set(rule, severity)
}

/// Puts in force what an override alone turns on.
fn scatter(
    ruleset: &mut Ruleset,
    directives: &mut Directives,
    file: &ConfigFile<'_>,
    settings: &Settings,
) -> Result<(), RunError> {
    for (at, known) in settings.overrides.iter().enumerate() {
        for (rule, _) in &known.rules {
            ruleset.catalog().find(rule).map_err(|unknown| {
                misnamed(file, &pointer::join(&format!("/overrides/{at}/rules"), rule), &unknown)
            })?;
        }
    }
    directives.spread(|rule, severity| {
        let is_off = ruleset.rule(rule).is_none();
        is_off && ruleset.set(rule, Some(severity)).is_ok()
    });
    Ok(())
}

/// The waivers, and the file that they stand in.
fn waivers_of(
    file: &ConfigFile<'_>,
    waivers: &Waivers,
) -> Result<(WaiverSource, Vec<Waiver>), RunError> {
    let own = || WaiverSource { path: file.path.clone(), bytes: file.bytes.clone() };
    let name = match waivers {
        Waivers::Here(list) => return Ok((own(), list.clone())),
        Waivers::Beside(name) => name.as_str(),
    };
    let Some(bytes) = (file.beside)(name)? else {
        let message = format!("there is no file `{name}` beside this one; correct the name");
        return Err(ConfigError::at(&file.path, &file.bytes, "/waivers", message).into());
    };
    let path = match file.path.rsplit_once(['/', ':']) {
        Some((folder, _)) => {
            let separator = file.path.get(folder.len()..=folder.len()).unwrap_or("/");
            format!("{folder}{separator}{name}")
        }
        None => name.to_owned(),
    };
    let list = Waiver::parse_file(&path, &bytes)?;
    Ok((WaiverSource { path, bytes }, list))
}

fn misnamed(file: &ConfigFile<'_>, place: &str, unknown: &UnknownRule) -> RunError {
    ConfigError::at(&file.path, &file.bytes, place, remedied(unknown)).into()
}

/// What is wrong with a name, and what to do.
fn remedied(unknown: &UnknownRule) -> String {
    match &unknown.nearest {
        Some(nearest) => format!("{unknown}; did you mean `{nearest}`?"),
        None => format!("{unknown}; `treaty rules` lists them"),
    }
}

/// Today, in UTC: by `SOURCE_DATE_EPOCH` where it is set.
pub(super) fn today() -> Result<Date, RunError> {
    let Some(text) = super::environment("SOURCE_DATE_EPOCH").filter(|text| !text.is_empty()) else {
        #[expect(clippy::disallowed_methods, reason = "the clock is read here")]
        let now = std::time::SystemTime::now();
        let since = now.duration_since(std::time::SystemTime::UNIX_EPOCH).unwrap_or_default();
        return Ok(Date::of_seconds(since.as_secs()));
    };
    text.parse().map(Date::of_seconds).map_err(|_| RunError::Epoch { text })
}
