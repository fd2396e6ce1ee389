//! The code of a notebook: its code cells, one after the other.

use serde_json::Value;

pub(super) fn code(notebook: &str) -> String {
    let notebook: Value = serde_json::from_str(notebook).unwrap_or_default();
    let cells = notebook["cells"].as_array().cloned().unwrap_or_default();
    let code = cells.iter().filter(|cell| cell["cell_type"] == "code");
    code.map(|cell| source(&cell["source"]) + "\n").collect()
}

/// A text, or lines that bring their line feeds.
fn source(source: &Value) -> String {
    match source {
        Value::String(text) => text.clone(),
        Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_code_cells_count() {
        let notebook = r##"{"cells": [
            {"cell_type": "markdown", "source": "# title"},
            {"cell_type": "code", "source": ["print('a')\n", "print('b')"]},
            {"cell_type": "code", "source": "print('c')"}]}"##;
        assert_eq!(super::code(notebook), "print('a')\nprint('b')\nprint('c')\n");
        assert_eq!(super::code("no notebook"), "");
    }
}
