use tokio::net::TcpListener;

use super::*;

/// Answers every request of every connection in the same way.
async fn serve(answer: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();

    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = [0; 1024];
                while stream
                    .read(&mut request)
                    .await
                    .is_ok_and(|length| length > 0)
                {
                    // In two pieces, as a network may cut it.
                    let (one, other) = answer.split_at(answer.len() / 2);
                    stream.write_all(one.as_bytes()).await.unwrap();
                    stream.write_all(other.as_bytes()).await.unwrap();
                }
            });
        }
    });

    address
}

#[tokio::test]
async fn every_answer_is_counted_under_its_status() {
    let cases = [
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            200,
            false,
        ),
        (
            "HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n",
            503,
            false,
        ),
        (
            "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n",
            503,
            true,
        ),
    ];

    for (answer, status, is_fault) in cases {
        let (address, duration) = (serve(answer).await, Duration::from_millis(30));
        let requests = vec![get("/", "token")];

        let answers = Load {
            address,
            requests,
            clients: 3,
            duration,
        }
        .run()
        .await
        .unwrap();

        let (count, faults) = (
            answers.microseconds.len() as u64,
            answers.without_retry_after,
        );

        assert_eq!(answers.statuses, BTreeMap::from([(status, count)]));
        assert!(count >= 3 && (faults > 0) == is_fault && answers.per_second() > 0.0);
        assert!(answers.quantile_ms(0.5) <= answers.quantile_ms(0.99));
    }
}

#[tokio::test]
async fn a_refusal_is_a_failed_measurement() {
    let short = Duration::from_millis(30);

    for (answer, is_measured) in [
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", true),
        (
            "HTTP/1.1 429 Too Many Requests\r\ncontent-length: 0\r\n\r\n",
            false,
        ),
    ] {
        let requests = vec![get("/", "token")];
        let load = Load {
            address: serve(answer).await,
            requests,
            clients: 2,
            duration: short,
        };
        assert_eq!(load.run_warm(short).await.is_ok(), is_measured, "{answer}");
    }
}

#[tokio::test]
async fn a_body_is_given_whole_and_a_missing_length_is_an_error() {
    let mut connection =
        Connection::open(serve("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello").await)
            .await
            .unwrap();

    assert_eq!(
        connection.ask(&get("/", "token")).await.unwrap().body,
        b"hello"
    );
    assert_eq!(
        connection.ask(&get("/", "token")).await.unwrap().status(),
        200,
        "the connection stays open"
    );

    let mut connection = Connection::open(serve("HTTP/1.1 200 OK\r\n\r\n").await)
        .await
        .unwrap();
    assert!(connection.ask(&get("/", "token")).await.is_err());
}
