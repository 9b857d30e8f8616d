use prost::Message;

use super::{
    AttributeMessage, DOUBLE, Dimension, Entry, FLOAT, Graph, INT64, IR_VERSION, MACHINE_LEARNING,
    MACHINE_LEARNING_OPERATORS, Model, NodeMessage, OPERATORS, OperatorSet, Shape, Tensor,
    TensorType, Type, Value,
};

/// One operation, as it is written down: its operator, what it reads, what it makes.
pub(crate) struct Node<'a> {
    pub(crate) operator: &'a str,
    pub(crate) domain: &'a str,
    pub(crate) inputs: &'a [&'a str],
    pub(crate) output: &'a str,
    pub(crate) attributes: Vec<Attribute>,
}

/// A named constant of an operation.
pub(crate) struct Attribute {
    pub(crate) name: &'static str,
    pub(crate) value: AttributeValue,
}

/// What an attribute holds.
pub(crate) enum AttributeValue {
    Integer(i64),
    String(&'static str),
    Floats(Vec<f32>),
    Integers(Vec<i64>),
    Strings(Vec<&'static str>),
}

/// A constant tensor.
pub(crate) enum Constant<'a> {
    Doubles(&'a [f64]),
    Integers(&'a [i64]),
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

impl From<Node<'_>> for NodeMessage {
    fn from(node: Node<'_>) -> Self {
        Self {
            input: node.inputs.iter().map(|name| (*name).to_owned()).collect(),
            output: vec![node.output.to_owned()],
            name: Some(node.output.to_owned()),
            op_type: Some(node.operator.to_owned()),
            attribute: node
                .attributes
                .into_iter()
                .map(AttributeMessage::from)
                .collect(),
            domain: Some(node.domain.to_owned()),
        }
    }
}

impl From<Attribute> for AttributeMessage {
    fn from(attribute: Attribute) -> Self {
        let empty = Self {
            name: Some(attribute.name.to_owned()),
            ..Self::default()
        };
        let text = |text: &str| text.as_bytes().to_vec();

        match attribute.value {
            AttributeValue::Integer(integer) => Self {
                integer: Some(integer),
                kind: Some(2),
                ..empty
            },
            AttributeValue::String(string) => Self {
                string: Some(text(string)),
                kind: Some(3),
                ..empty
            },
            AttributeValue::Floats(floats) => Self {
                floats,
                kind: Some(6),
                ..empty
            },
            AttributeValue::Integers(integers) => Self {
                integers,
                kind: Some(7),
                ..empty
            },
            AttributeValue::Strings(strings) => Self {
                strings: strings.into_iter().map(text).collect(),
                kind: Some(8),
                ..empty
            },
        }
    }
}

/// A named constant.
pub(crate) fn tensor(name: &str, dims: &[i64], values: Constant<'_>) -> Tensor {
    let (data_type, raw_data) = match values {
        Constant::Doubles(values) => (
            DOUBLE,
            values
                .iter()
                .flat_map(|value| value.to_le_bytes())
                .collect(),
        ),
        Constant::Integers(values) => (
            INT64,
            values
                .iter()
                .flat_map(|value| value.to_le_bytes())
                .collect(),
        ),
    };

    Tensor {
        dims: dims.to_vec(),
        data_type: Some(data_type),
        name: Some(name.to_owned()),
        raw_data: Some(raw_data),
    }
}

/// An input or output: float32 `[N, columns]`.
pub(crate) fn rows_of(name: &str, columns: usize) -> Value {
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

    Value {
        name: Some(name.to_owned()),
        value_type: Some(Type {
            tensor_type: Some(tensor_type),
        }),
    }
}
