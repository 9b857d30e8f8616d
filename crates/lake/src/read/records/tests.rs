use super::*;
use proptest::prelude::*;

/// Each record as `line: field|field`, or `line: reason`.
fn read(text: &str) -> Vec<String> {
    let mut records = Records::new(text.as_bytes());
    let mut answer = Vec::new();

    while let Some(record) = records.next().unwrap() {
        answer.push(match record {
            Ok(record) => {
                let fields: Vec<_> = record
                    .fields()
                    .map(|field| String::from_utf8_lossy(field))
                    .collect();
                format!("{}: {}", record.line, fields.join("|"))
            }
            Err(error) => format!("{}: {}", error.line, error.reason),
        });
    }

    answer
}

#[test]
fn fields_are_split_quoted_or_not() {
    assert_eq!(
        read("a,b\r\n\"a, \"\"b\"\"\",,\"\"\nc"),
        ["1: a|b", "2: a, \"b\"||", "3: c"]
    );
}

#[test]
fn the_separator_is_the_one_that_cuts_the_header_into_most_fields() {
    assert_eq!(
        read("a;b;\"c, d\"\n1,5;2;3\n"),
        ["1: a|b|c, d", "2: 1,5|2|3"]
    );
    assert_eq!(read("a\tb\n1;2\t3\n"), ["1: a|b", "2: 1;2|3"]);
    assert_eq!(read("a\n1\n"), ["1: a", "2: 1"]);
}

#[test]
fn lines_are_those_of_the_file_over_blank_lines_and_quoted_line_ends() {
    assert_eq!(
        read("a\n\r\n\"x\ny\",1\n\nb\n"),
        ["1: a", "3: x\ny|1", "6: b"]
    );
}

#[test]
fn a_quote_that_is_never_closed_costs_its_own_line_only() {
    assert_eq!(
        read("a,1\n\"b,2\nc,3\nd,4\n"),
        ["1: a|1", "2: a quote is never closed", "3: c|3", "4: d|4"]
    );
}

#[test]
fn a_line_that_is_too_long_costs_itself_only_and_leaves_no_rest() {
    // Its rest, cut into fields, would be a row that nobody wrote.
    let long = format!("{}\nfaux,1", "x".repeat(3 << 20));
    let reason = "longer than any line of text";
    assert_eq!(
        read(&format!("a,1\n{long}\nb,2\n")),
        ["1: a|1", &format!("2: {reason}"), "3: faux|1", "4: b|2"]
    );

    let quoted = format!("\"a\n{}\nb,2\n", "x".repeat(3 << 20));
    assert_eq!(
        read(&quoted),
        [
            "1: a quote is never closed",
            &format!("2: {reason}"),
            "3: b|2"
        ]
    );
}

#[test]
fn a_quoted_field_has_a_bounded_length() {
    let line = "x".repeat(600_000);
    let text = format!("a,1\n\"{line}\n{line}\n{line}\n\",2\n");
    let read = read(&text);
    assert_eq!(read[1], "2: a quote is never closed");
    assert_eq!(read.len(), 5);
}

#[test]
fn a_quote_inside_a_field_is_a_character() {
    assert_eq!(read("5\" pipe,1\n"), ["1: 5\" pipe|1"]);
}

proptest! {
    #[test]
    fn any_fields_are_read_back(rows in proptest::collection::vec(proptest::collection::vec("[a, \"\n\r]{1,6}", 2..4), 1..6)) {
        let quote = |field: &String| format!("\"{}\"", field.replace('"', "\"\""));
        let text: String =
            rows.iter().map(|row| row.iter().map(quote).collect::<Vec<_>>().join(",") + "\n").collect();
        let read: Vec<String> = read(&text).iter().map(|row| row.split_once(": ").unwrap().1.to_owned()).collect();
        let expected: Vec<String> = rows.iter().map(|row| row.join("|")).collect();
        prop_assert_eq!(read, expected);
    }

    #[test]
    fn any_bytes_are_read_to_the_end(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let mut records = Records::new(&bytes[..]);
        while records.next().unwrap().is_some() {}
    }
}
