//! The tree of a page, of a bounded size: a few kilobytes of HTML may ask for millions of nodes.

use anyhow::{Result, ensure};
use ego_tree::iter::Edge;
use html5ever::driver::{ParseOpts, parse_document};
use html5ever::tendril::{StrTendril, TendrilSink};
use scraper::{Html, HtmlTreeSink};

/// Nodes of a page.
// A long page of an encyclopedia has thirty thousand.
const NODES: usize = 1 << 16;

/// Depth of a page: browsers stop at 512.
const DEPTH: usize = 256;

/// Reads a page.
///
/// # Errors
/// A page of more than [`NODES`] nodes, or deeper than [`DEPTH`].
pub(super) fn parse(text: &str) -> Result<Html> {
    let sink = HtmlTreeSink::new(Html::new_document());
    let mut parser = parse_document(sink, ParseOpts::default());

    // A tag at a time: one may open again all those that were never closed.
    for piece in text.split_inclusive('>') {
        parser.process(StrTendril::from_slice(piece));

        let sink = &parser.tokenizer.sink.sink;
        let nodes = sink.0.borrow().tree.values().len();
        ensure!(
            nodes <= NODES,
            "it has more than {NODES} elements and texts"
        );
    }

    let html = parser.finish();
    let depth = depth(&html);
    ensure!(
        depth <= DEPTH,
        "its elements are nested {depth} deep, more than {DEPTH}"
    );
    Ok(html)
}

fn depth(html: &Html) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for edge in html.tree.root().traverse() {
        match edge {
            Edge::Open(_) => depth += 1,
            Edge::Close(_) => depth = depth.saturating_sub(1),
        }
        deepest = deepest.max(depth);
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        parse(text).unwrap_err().to_string()
    }

    #[test]
    fn pages_that_ask_for_more_than_they_weigh_are_refused() {
        let many = "<b>".repeat(200_000);
        assert!(refusal(&many).contains("more than 65536"));

        // Every paragraph opens again a thousand elements that nobody closed.
        let bold: String = (0..1_000)
            .map(|number| format!("<b id={number}>"))
            .collect();
        let reopened = format!("<p>{bold}</p>{}", "<p>x</p>".repeat(10_000));
        assert!(reopened.len() < 100_000);
        assert!(refusal(&reopened).contains("more than 65536"));

        let deep = "<div>".repeat(1_000);
        assert_eq!(
            refusal(&deep),
            "its elements are nested 1003 deep, more than 256"
        );
    }

    #[test]
    fn a_page_read_tag_by_tag_is_the_page_read_whole() {
        let page = "<!doctype html><title>a > b</title><script>if (1 > 0) {}</script>\
                    <p class='x>y'>Été &gt; <b>hiver</p><!-- > --><table><td>1</table>";
        let expected = Html::parse_document(page).html();
        assert_eq!(parse(page).unwrap().html(), expected);
    }
}
