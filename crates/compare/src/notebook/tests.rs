use super::cells;

#[test]
fn a_cell_stands_where_its_first_line_stands_in_the_file() {
    let text = "{\n \"cells\": [\n  {\n   \"cell_type\": \"markdown\",\n   \"source\": [\n    \"# Titre\"\n   ]\n  },\n  {\n   \"cell_type\": \"code\",\n   \"source\": [\n    \"%matplotlib inline\\n\",\n    \"x = 1\"\n   ]\n  }\n ]\n}";
    let found: Vec<(bool, usize, String)> = cells(text)
        .into_iter()
        .map(|cell| (cell.is_code, cell.line, cell.text))
        .collect();
    assert_eq!(
        found,
        [
            (false, 6, "# Titre".to_owned()),
            (true, 12, "\nx = 1".to_owned())
        ]
    );
}

#[test]
fn what_is_no_notebook_has_no_cells() {
    assert!(cells("").is_empty() && cells("[1]").is_empty() && cells("{\"cells\": 3}").is_empty());
}
