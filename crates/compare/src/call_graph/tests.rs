use super::names::{is_program, is_same_path};
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
        assert!(is_same_path(route, request), "{route} {request}");
    }

    for (route, request) in [
        ("/films", "/film"),
        ("/films", "/films/3"),
        ("/{id}", "/health"),
        ("/", "/films"),
        ("/films/{id}", "/films"),
    ] {
        assert!(!is_same_path(route, request), "{route} {request}");
    }

    assert!(
        shared_folders("a/b/x.py", "a/b/tests/y.py") > shared_folders("a/c/x.py", "a/b/tests/y.py")
    );
}

#[test]
fn a_command_names_its_program_by_path_or_by_module() {
    assert!(is_program(
        "ml/train.py",
        "python ml/train.py",
        "e3/ml/train.py"
    ));
    assert!(is_program("ml.train", "python -m ml.train", "ml/train.py"));
    assert!(!is_program("train.py", "python train.py", "retrain.py"));
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
