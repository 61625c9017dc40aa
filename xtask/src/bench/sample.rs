//! Numbers of one case, and the table of all.

use std::time::Duration;

/// What one case took.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    name: String,
    sorted: Vec<Duration>,
    /// The most memory that a run took, in KiB.
    peak: Option<u64>,
}

impl Sample {
    pub(super) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), sorted: Vec::new(), peak: None }
    }

    pub(super) fn add(&mut self, took: Duration) {
        let at = self.sorted.partition_point(|known| *known <= took);
        self.sorted.insert(at, took);
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn peak(&mut self, peak: Option<u64>) {
        self.peak = peak;
    }

    /// The middle one; of an even number, the mean of the two in the middle.
    pub(super) fn median(&self) -> Duration {
        let at = |index: usize| self.sorted.get(index).copied().unwrap_or_default();
        let count = self.sorted.len();
        let (low, high) = (at(count.saturating_sub(1) / 2), at(count / 2));
        (low + high) / 2
    }
}

/// A Markdown table. The first case is what the others are compared with.
pub(super) fn table(samples: &[Sample]) -> String {
    let first = samples.first();
    let floor = first.map_or(0.0, |sample| sample.median().as_secs_f64());
    let with_peak = samples.iter().any(|sample| sample.peak.is_some());
    let (head, rule) = if with_peak { (" peak |", "---:|") } else { ("", "") };
    let mut text = format!(
        "| case | n | median | min .. max | × {} |{head}\n|---|---:|---:|---:|---:|{rule}\n",
        first.map_or("", |sample| sample.name.as_str())
    );
    for sample in samples {
        let (least, most) = (sample.sorted.first(), sample.sorted.last());
        let ratio = if floor > 0.0 { sample.median().as_secs_f64() / floor } else { 0.0 };
        let digits = if with_peak { 2 } else { 1 };
        let peak = match sample.peak {
            Some(kib) => format!(" {} MB |", kib.div_ceil(1024)),
            None if with_peak => " - |".to_owned(),
            None => String::new(),
        };
        text.push_str(&format!(
            "| {} | {} | {} | {} .. {} | {ratio:.digits$} |{peak}\n",
            sample.name,
            sample.sorted.len(),
            shown(sample.median()),
            shown(least.copied().unwrap_or_default()),
            shown(most.copied().unwrap_or_default()),
        ));
    }
    text
}

fn shown(took: Duration) -> String {
    let millis = took.as_secs_f64() * 1000.0;
    if millis < 1000.0 { format!("{millis:.2} ms") } else { format!("{:.2} s", millis / 1000.0) }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Sample, table};

    fn sample(name: &str, millis: &[u64]) -> Sample {
        let mut sample = Sample::new(name);
        for took in millis {
            sample.add(Duration::from_millis(*took));
        }
        sample
    }

    #[track_caller]
    fn check_median(millis: &[u64], expected: u64) {
        assert_eq!(sample("x", millis).median(), Duration::from_millis(expected));
    }

    #[test]
    fn the_median_is_in_the_middle() {
        check_median(&[], 0);
        check_median(&[7], 7);
        check_median(&[9, 1, 5], 5);
        check_median(&[10, 2, 4, 8], 6);
    }

    #[test]
    fn the_table_compares_with_its_first_row() {
        let text = table(&[sample("floor", &[2, 2, 2]), sample("plan", &[30, 50, 1500])]);
        let expected = "| case | n | median | min .. max | × floor |\n|---|---:|---:|---:|---:|\n\
                        | floor | 3 | 2.00 ms | 2.00 ms .. 2.00 ms | 1.0 |\n\
                        | plan | 3 | 50.00 ms | 30.00 ms .. 1.50 s | 25.0 |\n";
        assert_eq!(text, expected);
    }
}
