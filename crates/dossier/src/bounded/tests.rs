use super::*;

fn run(line: &str, bounds: Bounds) -> Run {
    bounds
        .run(Command::new("sh").args(["-c", line]).current_dir("/"))
        .unwrap()
}

#[test]
fn a_program_that_ends_well_has_no_fault() {
    let run = run("pwd", Bounds::default());
    assert_eq!((run.output.as_str(), run.fault()), ("/\n", None));
}

#[test]
fn an_exit_code_is_told() {
    assert_eq!(
        run("exit 3", Bounds::default()).fault().unwrap(),
        "code de sortie 3"
    );
}

#[test]
fn a_program_without_end_is_stopped() {
    let bounds = Bounds {
        time: Duration::from_millis(200),
        ..Bounds::default()
    };
    assert_eq!(
        run("sleep 600", bounds).fault().unwrap(),
        "arrêté après 0.2 s"
    );
}

#[test]
fn a_program_that_asks_for_too_much_memory_fails() {
    let bounds = Bounds {
        memory_mib: Some(64),
        ..Bounds::default()
    };
    assert!(
        run(
            "x=$(head -c 400000000 /dev/zero | tr '\\0' a); echo ${#x}",
            bounds
        )
        .fault()
        .is_some()
    );
}

#[test]
fn an_endless_output_is_read_to_its_bound_only() {
    let run = run("head -c 20000000 /dev/zero", Bounds::default());
    assert_eq!((run.output.len() as u64, run.fault()), (OUTPUT_BYTES, None));
}
