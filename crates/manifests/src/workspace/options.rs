/// What [`Workspace::discover`](super::Workspace::discover) takes for a package, beside the rules that it knows.
///
/// A pattern names a directory below the root, and with it everything in there: `*` stands for anything but `/`, `**`
/// for any directories, `{a,b}` for one of both, `.` for the root alone. Where patterns of both lists match, the one
/// that names the deeper directory decides, and `exclude` where they name the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DiscoverOptions {
    /// Directories whose manifests are packages, whatever a workspace or the name of a directory says.
    pub include: Vec<String>,
    /// Directories whose manifests are no packages.
    pub exclude: Vec<String>,
    /// How many threads walk and read; all that the machine has if there is no number.
    pub threads: Option<usize>,
}
