use super::*;

fn job(steps: &str) -> String {
    format!("[[job]]\nname = \"a\"\nproves = \"b\"\npaths = [\":/\"]\nsteps = {steps}\n")
}

fn refusal(text: &str) -> String {
    format!("{:#}", Jobs::parse(text).unwrap_err())
}

#[test]
fn a_job_is_found_by_its_name_and_an_unknown_one_is_told_the_others() {
    let jobs = Jobs::parse(&job("[[\"cargo\", \"test\"]]")).unwrap();

    assert_eq!(jobs.find("a").unwrap().steps, [["cargo", "test"]]);
    assert_eq!(
        jobs.find("b").unwrap_err().to_string(),
        "there is no job `b`; the jobs are a"
    );
}

#[test]
fn a_step_that_cannot_fail_is_refused_where_it_is_declared() {
    for (steps, told) in [
        ("[]", "job `a`: it has no step"),
        ("[[]]", "job `a`: a step is empty"),
        (
            "[[\"echo\", \"deployed\"]]",
            "job `a`: `echo deployed` cannot fail",
        ),
        (
            "[[\"sh\", \"-c\", \"make || true\"]]",
            "job `a`: `sh -c make || true` hands text to a shell, where a failure can be hidden: write a script",
        ),
    ] {
        assert_eq!(refusal(&job(steps)), told);
    }
}

#[test]
fn two_jobs_of_one_name_and_a_key_that_nobody_reads_are_refused() {
    let twice = job("[[\"a\"]]").repeat(2);
    assert_eq!(refusal(&twice), "job `a` is declared twice");

    let unknown = job("[[\"a\"]]") + "always = true\n";
    assert!(refusal(&unknown).contains("unknown field `always`"));
}
