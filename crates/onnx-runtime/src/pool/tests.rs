use super::*;
use crate::{default_runtime_dir, ensure_runtime};

const IDENTITY: Graph<1> = Graph {
    input: "x",
    columns: 2,
    outputs: ["y"],
};

/// `y = Identity(x)`, both float32 `[n, 2]`, as ONNX protobuf.
fn identity() -> Vec<u8> {
    let shape = [field(1, &field(2, b"n")), field(1, &[8, 2])].concat();
    let tensor = field(1, &[&[8, 1][..], &field(2, &shape)].concat());
    let value = |name: &[u8]| [field(1, name), field(2, &tensor)].concat();

    let node = [field(1, b"x"), field(2, b"y"), field(4, b"Identity")].concat();
    let graph = [
        field(1, &node),
        field(2, b"identity"),
        field(11, &value(b"x")),
        field(12, &value(b"y")),
    ];

    let (ir_version, opset) = ([8, 8], [16, 13]);
    [
        &ir_version[..],
        &field(7, &graph.concat()),
        &field(8, &opset),
    ]
    .concat()
}

/// A field of bytes shorter than 128.
fn field(number: u8, content: &[u8]) -> Vec<u8> {
    [&[number << 3 | 2, content.len() as u8], content].concat()
}

fn pool(sessions: usize) -> SessionPool<1> {
    let runtime = ensure_runtime(&default_runtime_dir()).unwrap();
    let size = PoolSize {
        sessions,
        threads: 1,
    };
    SessionPool::open(&runtime, &identity(), IDENTITY, size).unwrap()
}

#[test]
fn rows_go_through_every_session_unchanged() {
    let answers = pool(3).run_on_each(&[1.0, 2.0, 3.0, 4.0], |[y]| y.to_vec());
    assert_eq!(answers.unwrap(), vec![vec![1.0, 2.0, 3.0, 4.0]; 3]);
}

#[test]
fn two_runs_go_on_side_by_side() {
    let pool = pool(2);

    let inner = pool.run(&[1.0, 2.0], |[outer]| {
        let outer = outer.to_vec();
        pool.run(&[3.0, 4.0], |[inner]| [outer, inner.to_vec()].concat())
    });

    assert_eq!(inner.unwrap().unwrap(), [1.0, 2.0, 3.0, 4.0]);
}

#[test]
fn a_file_that_is_no_graph_and_an_absent_output_are_told() {
    let runtime = ensure_runtime(&default_runtime_dir()).unwrap();
    assert!(SessionPool::open(&runtime, b"not onnx", IDENTITY, PoolSize::SINGLE).is_err());

    let graph = Graph {
        outputs: ["z"],
        ..IDENTITY
    };
    let pool = SessionPool::open(&runtime, &identity(), graph, PoolSize::SINGLE).unwrap();
    let error = pool.run(&[1.0, 2.0], |_| ()).unwrap_err().to_string();
    assert!(error.contains("no output `z`"), "{error}");
}
