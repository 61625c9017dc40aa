use tminus_http::BoxFuture;

use crate::{Checks, ForgeError, Issues, Milestones, PullRequests, Releases, RepositoryFacts};

/// What every method of a forge returns.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, ForgeError>>;

/// Everything that a release wants from a forge. A type that has every part is a forge.
///
/// The parts are traits of their own, so that a caller asks for no more than it uses, and each works behind `dyn`.
pub trait Forge:
    RepositoryFacts + Releases + Milestones + Issues + PullRequests + Checks + Send + Sync
{
}

impl<T> Forge for T where
    T: RepositoryFacts + Releases + Milestones + Issues + PullRequests + Checks + Send + Sync + ?Sized
{
}
