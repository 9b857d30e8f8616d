//! Two of everything at once.

use std::process::Stdio;

use crate::state::small_state;

#[test]
fn two_imports_at_once_both_end_well() {
    let program = small_state();

    let children = [(); 2].map(|()| {
        let mut command = program.command(&["import"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    });

    for child in children {
        let output = child.wait_with_output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{told}");
        let report = String::from_utf8_lossy(&output.stdout);
        assert!(report.contains("4320 en base"), "{report}");
    }
}
