//! Figures for people.

/// A table whose columns are as wide as what is in them.
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new<const N: usize>(head: [&str; N]) -> Self {
        Self { rows: vec![head.map(str::to_owned).into()] }
    }

    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.into());
    }

    pub(crate) fn print(&self) {
        let columns = self.rows[0].len();
        let width =
            |column: usize| self.rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for row in &self.rows {
            let name = format!("{:<1$}", row[0], widths[0]);
            let cells = row.iter().zip(&widths).skip(1);
            let figures: String = cells.map(|(cell, width)| format!("  {cell:>width$}")).collect();
            println!("{name}{figures}");
        }
    }
}

/// A goal beside what was measured; missing it is news and not a failure.
pub(crate) fn goal(what: &str, reached: f64, limit: f64, unit: &str) {
    let verdict = if reached <= limit { "reached" } else { "missed" };
    println!("goal {what} <= {limit} {unit}: {reached:.2} {unit}, {verdict}");
}

/// The same for what should be at least so much.
pub(crate) fn goal_at_least(what: &str, reached: f64, limit: f64, unit: &str) {
    let verdict = if reached >= limit { "reached" } else { "missed" };
    println!("goal {what} >= {limit} {unit}: {reached:.2} {unit}, {verdict}");
}
