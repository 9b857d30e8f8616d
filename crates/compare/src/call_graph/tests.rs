use super::names::{file_of_program, is_same_path, parts};
use super::{Graph, Reached};
use crate::corpus::Corpus;
use crate::python;
use crate::text::shared_folders;

fn reached(files: &[(&str, &str)]) -> Vec<String> {
    let modules = files
        .iter()
        .map(|(path, text)| python::read(path, text, path.starts_with("tests"), 1))
        .collect();
    let corpus = Corpus {
        modules,
        ..Corpus::default()
    };

    let graph = Graph::new(&corpus.modules);
    let Reached { by_tests, .. } = graph.reached(&corpus);
    let names = by_tests
        .keys()
        .filter_map(|place| graph.function(*place))
        .map(|function| function.name.clone());

    names.collect()
}

#[test]
fn a_test_reaches_what_its_function_calls_further() {
    let code = "def fetch():\n    return clean(1)\n\ndef clean(x):\n    return x\n\ndef other():\n    return 2\n";
    let test = "from app.etl import fetch\n\ndef test_it():\n    assert fetch() == 1\n";
    assert_eq!(
        reached(&[("app/etl.py", code), ("tests/test_etl.py", test)]),
        ["fetch", "clean"]
    );
}

#[test]
fn a_test_without_a_check_or_that_replaces_the_function_reaches_nothing() {
    let code = "def fetch():\n    return 1\n";
    let silent = "from app.etl import fetch\n\ndef test_it():\n    fetch()\n";
    let replaced = "from app.etl import fetch\n\n@patch('app.etl.fetch')\ndef test_it(mock):\n    assert fetch() == 1\n";
    for test in [silent, replaced] {
        assert!(reached(&[("app/etl.py", code), ("tests/test_etl.py", test)]).is_empty());
    }
}

#[test]
fn a_request_reaches_the_handler_of_its_route() {
    let code = "@app.get('/films/{id}')\ndef film(id):\n    return load(id)\n\ndef load(id):\n    return 1\n";
    let test = "def test_it(client):\n    assert client.get('/api/films/3').status_code == 200\n";
    assert_eq!(
        reached(&[("app/main.py", code), ("tests/test_api.py", test)]),
        ["film", "load"]
    );
}

#[test]
fn paths_are_the_same_up_to_variables_and_prefixes() {
    for (route, request) in [
        ("/films", "/films"),
        ("/films/{id}", "/films/3"),
        ("/films", "/api/v1/films"),
        ("/", "/"),
        ("/x/<int:a>/y", "/x/4/y"),
    ] {
        assert!(
            is_same_path(&parts(route), &parts(request)),
            "{route} {request}"
        );
    }

    for (route, request) in [
        ("/films", "/film"),
        ("/films", "/films/3"),
        ("/{id}", "/health"),
        ("/", "/films"),
        ("/films/{id}", "/films"),
    ] {
        assert!(
            !is_same_path(&parts(route), &parts(request)),
            "{route} {request}"
        );
    }

    assert!(
        shared_folders("a/b/x.py", "a/b/tests/y.py") > shared_folders("a/c/x.py", "a/b/tests/y.py")
    );
}

#[test]
fn a_command_names_its_program_by_path_or_by_module() {
    let file = |line: &str| {
        let program = crate::workflow::program(line).unwrap();
        file_of_program(program, line)
    };
    assert_eq!(file("python ml/train.py"), "ml/train.py");
    assert_eq!(file("python -m ml.train"), "ml/train.py");
    assert_eq!(file("./train.sh"), "train.sh");
}

#[test]
fn a_module_that_a_test_imports_is_no_function_of_its_name() {
    let train = "def build():\n    return 1\n\ndef main():\n    build()\n";
    let test = "from ml.train import build\nimport api.main as service\n\ndef test_it():\n    import api.main\n    assert service.ping() == 1\n";
    assert!(
        !reached(&[("ml/train.py", train), ("tests/test_api.py", test)])
            .contains(&"main".to_owned())
    );
}

/// Functions reached, each counted once for each test, in a file of functions that call all those
/// of their name and a file of tests that call them.
fn work(count: usize) -> usize {
    let code = "def f():\n    f()\n".repeat(count);
    let test = |at: usize| format!("def test_{at}():\n    assert f() == 1\n");
    let tests: String = (0..count).map(test).collect();
    let tests = format!("from app.same import f\n\n{tests}");
    let corpus = Corpus {
        modules: vec![
            python::read("app/same.py", &code, false, 1),
            python::read("tests/test_same.py", &tests, true, 1),
        ],
        ..Corpus::default()
    };

    let graph = Graph::new(&corpus.modules);
    let reached = graph.reached(&corpus);
    assert_eq!(reached.from.len(), count);
    graph.work()
}

#[test]
fn twice_the_functions_and_the_tests_are_twice_the_work() {
    let (once, twice) = (work(300), work(600));
    assert!(once >= 300 && twice <= 2 * once, "{once} {twice}");
}

#[test]
fn a_chain_of_calls_without_end_is_followed_to_its_limit() {
    // Every function calls six others: five steps would reach all of them.
    let code: String = (0..1_200)
        .map(|at| {
            let calls: String = (0..6)
                .map(|next| format!("f{}();", (at * 6 + next) % 1_200))
                .collect();
            format!("def f{at}():\n    {calls}\n")
        })
        .collect();
    let test = "from app.wide import f0\n\ndef test_it():\n    assert f0() == 1\n";
    let found = reached(&[("app/wide.py", &code), ("tests/test_wide.py", test)]);
    assert_eq!(found.len(), crate::limits::REACHED);
}
