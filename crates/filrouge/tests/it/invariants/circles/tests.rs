use super::*;

/// The circles of a crate made of these files.
fn circles_of(files: &[(&str, &str)]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    circles(&folder.path().join("lib.rs"))
}

#[test]
fn two_files_that_name_each_other_are_told_with_the_names() {
    let circles = circles_of(&[
        ("lib.rs", "mod a; mod b;"),
        (
            "a.rs",
            "use crate::b::{B, self}; pub struct A(B); fn f() { b::g() }",
        ),
        ("b.rs", "pub struct B; pub fn g() { let _: crate::a::A; }"),
    ]);
    assert_eq!(
        circles,
        ["a circle of 2 files:\n  a.rs → b.rs: B, g\n  b.rs → a.rs: A"]
    );
}

#[test]
fn a_name_that_travels_leads_to_the_file_that_defines_it() {
    let circles = circles_of(&[
        ("lib.rs", "mod a; mod b; pub use a::*; pub use b::B;"),
        ("a.rs", "pub mod inner; pub use inner::Inner as A;"),
        ("a/inner.rs", "pub struct Inner(crate::B);"),
        ("b.rs", "use super::A; pub struct B(Box<A>);"),
    ]);
    assert_eq!(
        circles,
        ["a circle of 2 files:\n  a/inner.rs → b.rs: B\n  b.rs → a/inner.rs: Inner"]
    );
}

#[test]
fn a_child_may_name_its_parent_and_two_children_not_each_other() {
    let tree = |child: &'static str| {
        circles_of(&[
            ("lib.rs", "mod a;"),
            ("a.rs", "mod b; mod c; pub fn f() { vec![b::g()]; }"),
            ("a/b.rs", "pub fn g() { super::f(); super::c::h() }"),
            ("a/c.rs", child),
        ])
    };
    assert_eq!(tree("pub fn h() { super::f() }"), [""; 0]);
    assert_eq!(tree("pub fn h() { vec![super::b::g()]; }").len(), 1);
}

#[test]
fn tests_may_name_whom_they_like() {
    let circles = circles_of(&[
        ("lib.rs", "mod a; mod b;"),
        (
            "a.rs",
            "pub fn f() {}\n#[cfg(test)] mod tests { fn t() { crate::b::g() } }",
        ),
        ("b.rs", "pub fn g() { crate::a::f() }"),
    ]);
    assert_eq!(circles, [""; 0]);
}
