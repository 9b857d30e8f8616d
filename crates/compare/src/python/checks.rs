//! The checks of a test and the names that it replaces, call by call.

use tree_sitter::Node;

use crate::module::Test;
use crate::syntax::{field, text, unquote};
use crate::text::{first_literal, is_constant};

/// Notes a call of a test: a check, a replaced name, or neither.
pub(super) fn note(test: &mut Test, name: &str, last: &str, node: Node, source: &str) {
    let arguments = field(node, "arguments", source);

    if is_check(name, last) {
        if last.starts_with("assert_") && (last.contains("call") || last.contains("await")) {
            test.mock_checks += 1;
        } else {
            let is_empty = (last.starts_with("assertTrue") && is_always_true(arguments))
                || (name.starts_with("self.assert") && is_constant(arguments));
            test.check(!is_empty);
        }
    }

    match last {
        "patch" => test
            .replaced
            .extend(first_string(node, source).map(str::to_owned)),
        // `patch.object(api, "load")` and `monkeypatch.setattr(…)` name the thing second.
        "setattr" | "object" if last == "setattr" || name.contains("patch") => {
            let names = [first_string(node, source), first_literal(arguments)];
            test.replaced
                .extend(names.into_iter().flatten().map(str::to_owned));
        }
        _ => {}
    }
}

fn is_check(name: &str, last: &str) -> bool {
    const CHECKS: [&str; 5] = ["raises", "warns", "raise_for_status", "validate", "expect"];

    (last.starts_with("assert") && last != "assert_")
        // A request that must succeed checks its status.
        || CHECKS.contains(&last)
        || name.starts_with("np.testing")
        || name.ends_with("pytest.fail")
        || name == "check"
}

fn first_string<'text>(call: Node, source: &'text str) -> Option<&'text str> {
    let arguments = call.child_by_field_name("arguments")?;
    let mut cursor = arguments.walk();

    arguments
        .named_children(&mut cursor)
        .find(|argument| argument.kind() == "string")
        .map(|node| unquote(text(node, source)))
}

/// True when a condition holds whatever the code does: `True`, `1`, `x == x`, a literal text.
pub(super) fn is_always_true(condition: &str) -> bool {
    let condition = condition
        .trim()
        .trim_start_matches('(')
        .trim_end_matches(')');
    if condition.contains(" in ") || condition.contains(" not ") {
        return false;
    }

    if let Some((left, right)) = condition.split_once("==") {
        return left.trim() == right.trim() || is_constant(condition);
    }

    matches!(condition, "True" | "not False" | "true")
        || is_constant(condition)
        || (condition.starts_with('"')
            && condition.ends_with('"')
            && condition.matches('"').count() == 2)
}
