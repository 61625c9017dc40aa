use std::cmp::Ordering;

use super::format::Field;
use crate::Date;

use super::{Counters, DatedVersion, Format, FormatError};

/// There is no next version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NextVersionError {
    /// The format cannot express the date.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// A version is later than the date, so that the next one would come before it.
    #[error("version {version} is later than {date}: check the clock, or the version")]
    Behind {
        /// The latest version.
        version: DatedVersion,
        /// The date of the next one.
        date: Date,
    },
    /// There is a version of this date, and the format has no counter for a second one.
    #[error(
        "version {version} exists, and the format {format} has no MICRO for another one of the same date"
    )]
    Taken {
        /// The version that exists.
        version: DatedVersion,
        /// The format.
        format: Format,
    },
    /// A version that exists follows another format.
    #[error("version {version} does not follow the format {format}")]
    OtherFormat {
        /// The version.
        version: DatedVersion,
        /// The format.
        format: Format,
    },
    /// The micro number cannot grow.
    #[error("the micro number of version {version} is the largest there can be")]
    TooLarge {
        /// The latest version.
        version: DatedVersion,
    },
}

impl Format {
    /// The next version on a day, without a modifier, after all that exist.
    ///
    /// As long as the date part is that of the latest version, its `MICRO` grows by one; when that version is
    /// a pre-release, its final version comes next. As soon as a part of the date has grown, every number behind that
    /// part starts at 0, and `MAJOR` and `MINOR` in front of it stay. Without any version the numbers are 0.
    ///
    /// ```
    /// use tminus_versioning::Date;
    /// use tminus_versioning::calver::Format;
    ///
    /// let format: Format = "MAJOR.YYYY.MICRO-MODIFIER".parse()?;
    /// let versions = [format.parse("3.2024.7")?, format.parse("3.2024.8-rc.1")?];
    /// assert_eq!(format.next(Date::new(2024, 5, 1)?, &versions[..1])?.to_string(), "3.2024.8");
    /// assert_eq!(format.next(Date::new(2024, 5, 1)?, &versions)?.to_string(), "3.2024.8");
    /// assert_eq!(format.next(Date::new(2025, 5, 1)?, &versions)?.to_string(), "3.2025.0");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - a version that exists is later than the date
    /// - a version of this date exists, and the format has no `MICRO`
    /// - a version that exists follows another format
    /// - the token for the year cannot express the date
    pub fn next<'a>(
        &self,
        date: Date,
        existing: impl IntoIterator<Item = &'a DatedVersion>,
    ) -> Result<DatedVersion, NextVersionError> {
        let mut latest: Option<&DatedVersion> = None;
        for version in existing {
            if version.items() != self.items() {
                return Err(NextVersionError::OtherFormat { version: version.clone(), format: self.clone() });
            }
            latest = latest.max(Some(version));
        }
        let Some(latest) = latest else {
            return Ok(self.format(date, Counters::default(), None)?);
        };
        let mut counters = latest.counters();
        let mut grown = false;
        for (item, number) in latest.numbered() {
            match item.token.field() {
                Field::Major if grown => counters.major = 0,
                Field::Minor if grown => counters.minor = 0,
                Field::Micro if grown => counters.micro = 0,
                Field::Major | Field::Minor | Field::Micro | Field::Modifier => {}
                _ if grown => {}
                _ => match self.calendar(item.token, date)?.cmp(&number) {
                    Ordering::Greater => grown = true,
                    Ordering::Equal => {}
                    Ordering::Less => return Err(NextVersionError::Behind { version: latest.clone(), date }),
                },
            }
        }
        if !grown && !latest.is_prerelease() {
            if latest.micro().is_none() {
                return Err(NextVersionError::Taken { version: latest.clone(), format: self.clone() });
            }
            counters.micro = counters
                .micro
                .checked_add(1)
                .ok_or_else(|| NextVersionError::TooLarge { version: latest.clone() })?;
        }
        Ok(self.format(date, counters, None)?)
    }
}
