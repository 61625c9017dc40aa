use tminus_versioning::{CannotExpress, NextVersionError};

use crate::PackageId;

/// A group or what is asked of it makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GroupError {
    /// Two groups have one name.
    #[error("there are two groups {name:?}: rename one of them")]
    Name {
        /// The name.
        name: String,
    },
    /// A member is no package.
    #[error("group {group:?}: no package of this repository is {member}: mend or remove it")]
    NoSuchMember {
        /// The group.
        group: String,
        /// The member as it is written.
        member: String,
    },
    /// A package is in two groups.
    #[error("{id} is in the groups {first:?} and {second:?}: take it out of one of them")]
    TwoGroups {
        /// The package.
        id: PackageId,
        /// A group.
        first: String,
        /// Another one.
        second: String,
    },
    /// A package that is to change has no version.
    #[error("{id} has no version that could be changed")]
    NoVersion {
        /// The package.
        id: PackageId,
    },
    /// A group is asked for two versions.
    #[error(
        "group {group:?}: {first} asks for {first_version}, {second} for {second_version}: ask for one of them"
    )]
    Differ {
        /// The group.
        group: String,
        /// A package.
        first: PackageId,
        /// What is asked for it.
        first_version: String,
        /// Another package.
        second: PackageId,
        /// What is asked for that one.
        second_version: String,
    },
    /// A version does not go up.
    #[error("{id}: {version} is not above {current}: ask for a later version")]
    NotAbove {
        /// The package whose version stands in the way.
        id: PackageId,
        /// The version that is asked for.
        version: String,
        /// The version that it has.
        current: String,
    },
    /// The version exists already.
    #[error("{id}: {version} exists already: ask for a later version")]
    Exists {
        /// The package.
        id: PackageId,
        /// The version.
        version: String,
    },
    /// There is no such next version.
    #[error("{id}: {source}")]
    Next {
        /// The package.
        id: PackageId,
        /// Why.
        source: NextVersionError,
    },
    /// A package cannot write the version of its group.
    #[error(
        "{id} cannot have the version: {source}; choose another version, or take the package out of its group"
    )]
    CannotWrite {
        /// The package.
        id: PackageId,
        /// Why.
        source: CannotExpress,
    },
}
