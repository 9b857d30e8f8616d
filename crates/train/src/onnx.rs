//! The few messages of ONNX that an exported model needs, written by hand from the public
//! `onnx.proto` (field numbers are those of the specification), so that building needs no
//! protocol-buffer compiler.

use prost::Message;

/// File format version of ONNX 1.12, which every ONNX Runtime since 1.12 reads.
const IR_VERSION: i64 = 8;

/// Version of the operator set `ai.onnx`.
const OPERATORS: i64 = 17;

/// Version of the operator set `ai.onnx.ml`, that of trees.
const MACHINE_LEARNING_OPERATORS: i64 = 3;

/// The domain of the tree operators.
pub(crate) const MACHINE_LEARNING: &str = "ai.onnx.ml";

/// Element type of a tensor of 32-bit floats.
pub(crate) const FLOAT: i32 = 1;

/// Element type of a tensor of 64-bit floats.
pub(crate) const DOUBLE: i32 = 11;

/// Element type of a tensor of 64-bit integers.
const INT64: i32 = 7;

// Values of `AttributeProto.AttributeType`.
const INT: i32 = 2;
const STRING: i32 = 3;
const FLOATS: i32 = 6;
const INTS: i32 = 7;
const STRINGS: i32 = 8;

/// A model file.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Model {
    #[prost(int64, optional, tag = "1")]
    ir_version: Option<i64>,
    #[prost(string, optional, tag = "2")]
    producer_name: Option<String>,
    #[prost(string, optional, tag = "3")]
    producer_version: Option<String>,
    #[prost(string, optional, tag = "6")]
    doc_string: Option<String>,
    #[prost(message, optional, tag = "7")]
    graph: Option<Graph>,
    #[prost(message, repeated, tag = "8")]
    opset_import: Vec<OperatorSet>,
    #[prost(message, repeated, tag = "14")]
    metadata_props: Vec<Entry>,
}

impl Model {
    /// A model of `graph`, with `metadata` in the order given.
    pub(crate) fn new(graph: Graph, doc: &str, metadata: &[(&str, String)]) -> Self {
        let operators = |domain: &str, version| OperatorSet {
            domain: Some(domain.to_owned()),
            version: Some(version),
        };
        let entry = |(key, value): &(&str, String)| Entry {
            key: Some((*key).to_owned()),
            value: Some(value.clone()),
        };

        Self {
            ir_version: Some(IR_VERSION),
            producer_name: Some("filrouge-train".to_owned()),
            producer_version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            doc_string: Some(doc.to_owned()),
            graph: Some(graph),
            opset_import: vec![
                operators("", OPERATORS),
                operators(MACHINE_LEARNING, MACHINE_LEARNING_OPERATORS),
            ],
            metadata_props: metadata.iter().map(entry).collect(),
        }
    }

    /// The bytes of the file.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        self.encode_to_vec()
    }
}

#[derive(Clone, PartialEq, Message)]
struct OperatorSet {
    #[prost(string, optional, tag = "1")]
    domain: Option<String>,
    #[prost(int64, optional, tag = "2")]
    version: Option<i64>,
}

#[derive(Clone, PartialEq, Message)]
struct Entry {
    #[prost(string, optional, tag = "1")]
    key: Option<String>,
    #[prost(string, optional, tag = "2")]
    value: Option<String>,
}

/// Nodes in the order in which they can be computed.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Graph {
    #[prost(message, repeated, tag = "1")]
    pub(crate) node: Vec<Node>,
    #[prost(string, optional, tag = "2")]
    pub(crate) name: Option<String>,
    #[prost(message, repeated, tag = "5")]
    pub(crate) initializer: Vec<Tensor>,
    #[prost(message, repeated, tag = "11")]
    pub(crate) input: Vec<Value>,
    #[prost(message, repeated, tag = "12")]
    pub(crate) output: Vec<Value>,
}

/// One operation.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Node {
    #[prost(string, repeated, tag = "1")]
    input: Vec<String>,
    #[prost(string, repeated, tag = "2")]
    output: Vec<String>,
    #[prost(string, optional, tag = "3")]
    name: Option<String>,
    #[prost(string, optional, tag = "4")]
    op_type: Option<String>,
    #[prost(message, repeated, tag = "5")]
    attribute: Vec<Attribute>,
    #[prost(string, optional, tag = "7")]
    domain: Option<String>,
}

impl Node {
    /// Computes `output` from `inputs`; the empty `domain` is that of the standard operators,
    /// `ai.onnx`.
    pub(crate) fn new(
        domain: &str,
        operator: &str,
        inputs: &[&str],
        output: &str,
        attribute: Vec<Attribute>,
    ) -> Self {
        Self {
            input: inputs.iter().map(|name| (*name).to_owned()).collect(),
            output: vec![output.to_owned()],
            // A node is called after its only output, as viewers of graphs show it.
            name: Some(output.to_owned()),
            op_type: Some(operator.to_owned()),
            attribute,
            domain: Some(domain.to_owned()),
        }
    }
}

/// A named constant of an operation. `kind` says which field holds it; short names are those of
/// `onnx.proto`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Attribute {
    #[prost(string, optional, tag = "1")]
    name: Option<String>,
    #[prost(float, optional, tag = "2")]
    f: Option<f32>,
    #[prost(int64, optional, tag = "3")]
    i: Option<i64>,
    #[prost(bytes = "vec", optional, tag = "4")]
    s: Option<Vec<u8>>,
    #[prost(float, repeated, packed = "false", tag = "7")]
    floats: Vec<f32>,
    #[prost(int64, repeated, packed = "false", tag = "8")]
    integers: Vec<i64>,
    #[prost(bytes = "vec", repeated, tag = "9")]
    strings: Vec<Vec<u8>>,
    #[prost(int32, optional, tag = "20")]
    kind: Option<i32>,
}

impl Attribute {
    pub(crate) fn integer(name: &str, integer: i64) -> Self {
        Self {
            i: Some(integer),
            ..Self::of_kind(name, INT)
        }
    }

    pub(crate) fn text(name: &str, text: &str) -> Self {
        Self {
            s: Some(text.as_bytes().to_vec()),
            ..Self::of_kind(name, STRING)
        }
    }

    pub(crate) fn floats(name: &str, floats: Vec<f32>) -> Self {
        Self {
            floats,
            ..Self::of_kind(name, FLOATS)
        }
    }

    pub(crate) fn integers(name: &str, integers: Vec<i64>) -> Self {
        Self {
            integers,
            ..Self::of_kind(name, INTS)
        }
    }

    pub(crate) fn texts(name: &str, texts: &[&str]) -> Self {
        Self {
            strings: texts.iter().map(|text| text.as_bytes().to_vec()).collect(),
            ..Self::of_kind(name, STRINGS)
        }
    }

    fn of_kind(name: &str, kind: i32) -> Self {
        Self {
            name: Some(name.to_owned()),
            kind: Some(kind),
            ..Self::default()
        }
    }
}

/// A constant tensor.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Tensor {
    #[prost(int64, repeated, packed = "false", tag = "1")]
    dims: Vec<i64>,
    #[prost(int32, optional, tag = "2")]
    data_type: Option<i32>,
    #[prost(string, optional, tag = "8")]
    name: Option<String>,
    #[prost(bytes = "vec", optional, tag = "9")]
    raw_data: Option<Vec<u8>>,
}

impl Tensor {
    pub(crate) fn doubles(name: &str, dims: &[i64], values: &[f64]) -> Self {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes());
        Self::of_type(DOUBLE, name, dims, bytes.collect())
    }

    pub(crate) fn integer(name: &str, value: i64) -> Self {
        Self::of_type(INT64, name, &[1], value.to_le_bytes().to_vec())
    }

    fn of_type(data_type: i32, name: &str, dims: &[i64], bytes: Vec<u8>) -> Self {
        Self {
            dims: dims.to_vec(),
            data_type: Some(data_type),
            name: Some(name.to_owned()),
            raw_data: Some(bytes),
        }
    }
}

/// The name, element type and shape of an input or an output.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Value {
    #[prost(string, optional, tag = "1")]
    name: Option<String>,
    #[prost(message, optional, tag = "2")]
    value_type: Option<Type>,
}

impl Value {
    /// An input or output: float32 `[N, columns]`.
    pub(crate) fn rows(name: &str, columns: usize) -> Self {
        // `N` is a name: the number of rows is known only when the model runs.
        let rows = Dimension {
            dim_value: None,
            dim_param: Some("N".to_owned()),
        };
        let columns = Dimension {
            dim_value: Some(columns as i64),
            dim_param: None,
        };

        let tensor_type = TensorType {
            elem_type: Some(FLOAT),
            shape: Some(Shape {
                dim: vec![rows, columns],
            }),
        };

        Self {
            name: Some(name.to_owned()),
            value_type: Some(Type {
                tensor_type: Some(tensor_type),
            }),
        }
    }
}

#[derive(Clone, PartialEq, Message)]
struct Type {
    #[prost(message, optional, tag = "1")]
    tensor_type: Option<TensorType>,
}

#[derive(Clone, PartialEq, Message)]
struct TensorType {
    #[prost(int32, optional, tag = "1")]
    elem_type: Option<i32>,
    #[prost(message, optional, tag = "2")]
    shape: Option<Shape>,
}

#[derive(Clone, PartialEq, Message)]
struct Shape {
    #[prost(message, repeated, tag = "1")]
    dim: Vec<Dimension>,
}

/// A size, or the name of a size that is only known when the model runs.
#[derive(Clone, PartialEq, Message)]
struct Dimension {
    #[prost(int64, optional, tag = "1")]
    dim_value: Option<i64>,
    #[prost(string, optional, tag = "2")]
    dim_param: Option<String>,
}
