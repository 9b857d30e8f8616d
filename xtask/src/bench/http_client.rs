//! The client of every measurement under load: it asks over and over through connections kept open,
//! and tells how many answers came, how long each took, with which status. It does as little as it
//! can, since it shares the processors with the service that it measures.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// Bytes read at once: a page of a hundred station-hours fits.
const BUFFER: usize = 64 * 1024;

/// Requests to send, connections that send them, and the duration.
#[derive(Debug, Clone)]
pub(crate) struct Load {
    pub(crate) address: SocketAddr,
    /// Whole requests; each client asks them in turn, starting as far as can be from the others.
    pub(crate) requests: Vec<Vec<u8>>,
    pub(crate) clients: usize,
    pub(crate) duration: Duration,
}

/// The answers, counted and timed.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    microseconds: Vec<u32>,
    seconds: f64,
    /// Number of answers of each status.
    pub(crate) statuses: BTreeMap<u16, u64>,
    /// Refusals for overload that do not say when to come back.
    pub(crate) without_retry_after: u64,
}

impl Load {
    /// Asks for `warm_up`, which counts for nothing, then until the time is over. An answer that is
    /// not a success is a failed measurement, not a fast one.
    pub(crate) async fn run_warm(self, warm_up: Duration) -> Result<Answers> {
        Self {
            duration: warm_up,
            ..self.clone()
        }
        .run()
        .await?;

        let answers = self.run().await?;

        ensure!(
            answers.statuses.keys().eq([&200]),
            "statuses {:?}",
            answers.statuses
        );

        Ok(answers)
    }

    /// Asks until the time is over.
    pub(crate) async fn run(self) -> Result<Answers> {
        let start = Instant::now();
        let load = Arc::new(self);
        let mut clients = JoinSet::new();
        for number in 0..load.clients {
            clients.spawn(ask_in_turn(
                Arc::clone(&load),
                number,
                start + load.duration,
            ));
        }

        let mut all = Answers::default();

        while let Some(answers) = clients.join_next().await {
            all.add(answers.context("a client failed")??);
        }

        all.seconds = start.elapsed().as_secs_f64();
        all.microseconds.sort_unstable();
        Ok(all)
    }
}

async fn ask_in_turn(load: Arc<Load>, number: usize, deadline: Instant) -> Result<Answers> {
    let mut connection = Connection::open(load.address).await?;
    let mut answers = Answers::default();
    let first = number * load.requests.len() / load.clients;

    for request in load.requests.iter().cycle().skip(first) {
        let asked = Instant::now();
        // Checked before a request and never during one: a request cut short has no duration.
        if asked >= deadline {
            break;
        }

        let head = connection.ask(request).await?.head();

        answers
            .microseconds
            .push(asked.elapsed().as_micros() as u32);
        *answers.statuses.entry(head.status).or_default() += 1;
        answers.without_retry_after += u64::from(head.status == 503 && !head.has_retry_after);
    }

    Ok(answers)
}

impl Answers {
    fn add(&mut self, other: Self) {
        self.microseconds.extend(other.microseconds);
        self.without_retry_after += other.without_retry_after;
        for (status, count) in other.statuses {
            *self.statuses.entry(status).or_default() += count;
        }
    }

    pub(crate) fn per_second(&self) -> f64 {
        if self.seconds > 0.0 {
            self.microseconds.len() as f64 / self.seconds
        } else {
            0.0
        }
    }

    /// The time that this share of the answers took at most, in milliseconds.
    pub(crate) fn quantile_ms(&self, share: f64) -> f64 {
        let last = self.microseconds.len().saturating_sub(1);
        let index = (last as f64 * share).round() as usize;
        self.microseconds
            .get(index)
            .map_or(f64::NAN, |microseconds| f64::from(*microseconds) / 1000.0)
    }
}

/// One connection, kept open from one request to the next.
pub(crate) struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

/// The answer to one request.
pub(crate) struct Response<'a> {
    head: &'a str,
    pub(crate) body: &'a [u8],
}

struct Head {
    status: u16,
    has_retry_after: bool,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address)
            .await
            .with_context(|| format!("nothing answers at {address}"))?;
        // Nagle's algorithm would hold a small request back for an acknowledgement.
        stream.set_nodelay(true).context("TCP_NODELAY is refused")?;
        Ok(Self {
            stream,
            received: Vec::with_capacity(BUFFER),
        })
    }

    /// Sends a request and reads its answer, whose length its head must give.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> Result<Response<'_>> {
        self.stream
            .write_all(request)
            .await
            .context("the connection was closed")?;
        self.received.clear();

        let body = self.receive_head().await?;
        let head = std::str::from_utf8(&self.received[..body]).context("a head is not text")?;
        let length = value(head, "content-length").context("an answer does not give its length")?;
        let end = body
            + length
                .parse::<usize>()
                .context("a length is not a number")?;
        while self.received.len() < end {
            self.receive().await?;
        }

        // Read again: more bytes may have moved the buffer.
        let head = std::str::from_utf8(&self.received[..body]).context("a head is not text")?;
        Ok(Response {
            head,
            body: &self.received[body..end],
        })
    }

    /// Receives up to the end of the head; gives the place where the body begins.
    async fn receive_head(&mut self) -> Result<usize> {
        loop {
            let mut windows = self.received.windows(4);
            if let Some(end) = windows.position(|bytes| bytes == b"\r\n\r\n") {
                return Ok(end + 4);
            }
            self.receive().await?;
        }
    }

    async fn receive(&mut self) -> Result<()> {
        match self
            .stream
            .read_buf(&mut self.received)
            .await
            .context("the connection was lost")?
        {
            0 => bail!("the service closed a connection"),
            _ => Ok(()),
        }
    }
}

impl Response<'_> {
    fn head(&self) -> Head {
        let status = self
            .head
            // `HTTP/1.1 200`: the version that we ask for has one width.
            .get(9..12)
            .and_then(|status| status.parse().ok())
            .unwrap_or_default();
        Head {
            status,
            has_retry_after: value(self.head, "retry-after").is_some(),
        }
    }

    pub(crate) fn status(&self) -> u16 {
        self.head().status
    }
}

/// The value of a header.
fn value<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// A `GET` with a token, over a connection that stays open.
pub(crate) fn get(path: &str, token: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {token}\r\n\r\n")
        .into_bytes()
}

/// A `POST` of a body, over a connection that stays open.
pub(crate) fn post(path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut head = format!(
        "POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        head.extend([name, ": ", value, "\r\n"]);
    }
    [head.as_bytes(), b"\r\n", body].concat()
}

#[cfg(test)]
mod tests;
