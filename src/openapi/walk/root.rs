//! Is this an OpenAPI document, and of which version?
//!
//! * **Source.** OpenAPI 3.1.1, sections 4.1 (Versions) and 4.8.1 (`openapi`).

use crate::{
    document::{NodeRef, Value, edit},
    finding::{At, Draft, PatchOperation, Safety},
    openapi::{description::State, version::Version},
};

use super::walker::Walker;

impl Walker<'_> {
    /// Says what is wrong with the root; returns whether it is to be walked.
    pub(super) fn check_root(&mut self) -> bool {
        let description = self.description;
        let Some(root) = description.entry().root() else { return false };
        match description.state() {
            State::OpenApi(version) => {
                self.check_version(root, version);
                return true;
            }
            State::UnknownVersion => self.refuse_version(root),
            State::OpenApi2 => self.problems.add("openapi-2", || {
                let swagger = root.get("swagger").unwrap_or(root);
                Draft::new("openapi-2", At::Value(swagger), "the document is OpenAPI 2.0")
            }),
            State::NotOpenApi => self.problems.add("not-openapi", || not_openapi(root)),
            State::Empty => {}
        }
        false
    }

    /// A version that is meant but not written as one: `3.1`, or a number.
    fn check_version(&mut self, root: NodeRef<'_>, version: Version) {
        let description = self.description;
        let Some(root) = description.entry().node(root.id()) else { return };
        let Some(openapi) = root.get("openapi") else { return };
        let text = openapi.scalar_text().unwrap_or_default();
        let number = text.split('-').next().unwrap_or_default();
        if openapi.as_str().is_some() && number.matches('.').count() == 2 {
            return;
        }
        self.problems.add("unsupported-version", || {
            let newest = newest(version);
            let message = format!("`{text}` is no version: a version has three numbers");
            let draft = Draft::new("unsupported-version", At::Value(openapi), message)
                .help(format!("write `{newest}` in quotes"))
                .expected(newest);
            let edit = edit::replace(openapi, &Value::from(newest));
            let patch = [PatchOperation::replace(openapi.pointer(), newest)];
            draft.fix(Safety::NeedsReview, edit, patch)
        });
    }

    fn refuse_version(&mut self, root: NodeRef<'_>) {
        let description = self.description;
        let Some(root) = description.entry().node(root.id()) else { return };
        let Some(openapi) = root.get("openapi") else { return };
        self.problems.add("unsupported-version", || {
            let message = match openapi.scalar_text() {
                Some(text) => format!("`{text}` is no version of OpenAPI that can be checked"),
                None => "`openapi` must be a version, such as `3.1.1`".to_owned(),
            };
            Draft::new("unsupported-version", At::Value(openapi), message)
                .help("versions 3.0, 3.1 and 3.2 are known")
        });
    }
}

fn newest(version: Version) -> &'static str {
    match version {
        Version::V30 => "3.0.4",
        Version::V31 => "3.1.1",
        Version::V32 => "3.2.0",
    }
}

fn not_openapi(root: NodeRef<'_>) -> Draft<'_> {
    if !root.is_object() {
        return Draft::new("not-openapi", At::Value(root), "the document is no object");
    }
    let meant = root.entries().find(|entry| entry.key.eq_ignore_ascii_case("openapi"));
    let Some(entry) = meant else {
        let message = "the document has no `openapi` field, so it is no OpenAPI document";
        return Draft::new("not-openapi", At::Key(root), message);
    };
    let message = format!("`{}` must be written `openapi`", entry.key);
    let pointer = entry.value.pointer();
    Draft::new("not-openapi", At::Key(entry.value), message).fix(
        Safety::Safe,
        edit::rename(entry.value, "openapi"),
        [PatchOperation::rename(pointer, "/openapi")],
    )
}
