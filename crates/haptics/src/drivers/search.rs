//! Looking for a maker's library, and what is said where none was found or the one found does not
//! load.

use std::env;
use std::error::Error;
use std::path::{Path, PathBuf};

use crate::device::OpenError;

/// What is looked for, and for whom.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sought {
    /// For whom the library is needed, as errors say it.
    pub(super) device: &'static str,
    /// The library.
    pub(super) library: &'static str,
    /// The variable that names the file; where it is set nothing else is looked for.
    pub(super) variable: &'static str,
    /// Where the library comes from.
    pub(super) get: &'static str,
}

/// A search, as far as it was in vain.
#[derive(Debug)]
pub(super) struct Search {
    sought: Sought,
    looked_for: Vec<String>,
    unloadable: Option<OpenError>,
}

impl Sought {
    /// The file that the person names.
    pub(super) fn named(&self) -> Option<PathBuf> {
        let path = env::var_os(self.variable)?;
        (!path.is_empty()).then(|| PathBuf::from(path))
    }

    /// Begins to look.
    pub(super) fn search(self) -> Search {
        Search {
            sought: self,
            looked_for: Vec::new(),
            unloadable: None,
        }
    }

    fn unloadable(&self, path: &Path, why: &dyn Error) -> OpenError {
        let named = self.named().is_some_and(|named| named == path);
        let shown = path.display();
        OpenError::LibraryUnloadable {
            device: self.device,
            which: if named {
                format!("{shown}, which {} names,", self.variable)
            } else {
                shown.to_string()
            },
            why: reason(path, why),
            todo: if named {
                format!("correct the variable or unset it; {}", self.get)
            } else {
                self.get.to_owned()
            },
        }
    }
}

impl Search {
    /// Notes a place that was looked in.
    pub(super) fn looked(&mut self, place: String) {
        self.looked_for.push(place);
    }

    /// Notes that the loader refused `path`. The first that is there, or that the person named, is
    /// what is told in the end.
    pub(super) fn refused(&mut self, path: &Path, why: &dyn Error) {
        let told = path.exists() || self.sought.named().is_some();
        if told && self.unloadable.is_none() {
            self.unloadable = Some(self.sought.unloadable(path, why));
        }
    }

    /// What to say where nothing was loaded.
    pub(super) fn in_vain(self) -> OpenError {
        let Sought {
            device,
            library,
            get,
            ..
        } = self.sought;
        self.unloadable.unwrap_or(OpenError::LibraryMissing {
            device,
            library,
            looked_for: self.looked_for,
            get,
        })
    }
}

/// What the system's loader said, which lies beneath the error, without the path before it.
fn reason(path: &Path, why: &dyn Error) -> String {
    let said = why.source().unwrap_or(why).to_string();
    let said = said.trim_end();
    let before = format!("{}: ", path.display());
    said.strip_prefix(&before).unwrap_or(said).to_owned()
}
