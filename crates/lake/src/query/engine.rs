use std::str::FromStr;

/// The engine that runs a query. The `.sql` files are in the SQL that all of them share.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum QueryEngine {
    /// Polars, in this process.
    #[default]
    InProcess,
    /// A Spark Connect server that reads the lake in place, by its address `sc://host:port`. Needs
    /// the feature `spark`.
    SparkConnect(String),
}

impl FromStr for QueryEngine {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "polars" => Ok(Self::InProcess),
            address if address.starts_with("sc://") => Ok(Self::SparkConnect(address.to_owned())),
            other => Err(format!(
                "`{other}` is neither `polars` nor the address of a server, `sc://host:port`"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_is_polars_or_a_server() {
        assert_eq!("polars".parse(), Ok(QueryEngine::InProcess));
        assert_eq!(
            "sc://h:15002".parse(),
            Ok(QueryEngine::SparkConnect("sc://h:15002".to_owned()))
        );
        assert!(
            "spark://h:7077"
                .parse::<QueryEngine>()
                .unwrap_err()
                .contains("sc://host:port")
        );
    }
}
