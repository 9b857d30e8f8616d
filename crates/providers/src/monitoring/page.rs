//! The page of a service's monitoring: its own counts, beside ours, as graphs and as a table.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};

use super::graph::{Line, graph};
use super::scrape::{OwnCounts, ServiceCounts};

/// The two counts at one instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moment {
    /// The instant, UTC.
    pub at: DateTime<Utc>,
    /// Read from the service.
    pub service: ServiceCounts,
    /// Counted by us.
    pub own: OwnCounts,
}

const STYLE: &str = "\
body{font:1rem/1.5 system-ui,sans-serif;max-width:48rem;margin:0 auto;padding:1rem;color:#1b1b1b;background:#fff}\
svg{width:100%;height:auto;font:12px system-ui,sans-serif}\
.axis{fill:none;stroke:#555}polyline{fill:none;stroke-width:2}\
.line-0{stroke:#00548f}.name-0{fill:#00548f}.line-1{stroke:#8f3b00}.name-1{fill:#8f3b00}\
div{overflow-x:auto}table{border-collapse:collapse}th,td{border:1px solid #767676;padding:.25rem .5rem;text-align:right}";

/// The page of the service of that name, in French.
pub fn monitoring_page(service: &str, moments: &[Moment]) -> String {
    let service = escaped(service);
    let seconds: Vec<f64> = moments
        .iter()
        .map(|moment| since(moments, moment))
        .collect();
    let line = |name, dashes, value: fn(&Moment) -> f64| Line {
        name,
        dashes,
        values: moments.iter().map(value).collect(),
    };

    let tokens = graph(
        "jetons",
        "Jetons écrits depuis le début, d’après le service et d’après nous",
        &seconds,
        &[
            line("d’après le service", "", |moment| {
                moment.service.written_tokens
            }),
            line("d’après nous", "6 4", |moment| {
                whole(moment.own.written_tokens)
            }),
        ],
    );
    let queue = graph(
        "file",
        "Requêtes en cours et en attente, d’après le service",
        &seconds,
        &[
            line("en cours", "", |moment| moment.service.processing),
            line("en attente", "6 4", |moment| moment.service.waiting),
        ],
    );

    format!(
        "<!doctype html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>Surveillance de {service}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>Surveillance de {service}</h1>\n<p>{}</p>\n\
         <h2>Jetons de modèle</h2>\n{tokens}\n<h2>File d’attente</h2>\n{queue}\n<h2>Les mêmes valeurs</h2>\n{}\n\
         </main>\n</body>\n</html>\n",
        sentence(moments),
        table(moments)
    )
}

/// The graphs in one sentence.
fn sentence(moments: &[Moment]) -> String {
    let Some(last) = moments.last() else {
        return "Aucun relevé.".to_owned();
    };
    let longest = moments
        .iter()
        .map(|moment| moment.service.waiting)
        .fold(0.0, f64::max);

    format!(
        "{} relevés en {:.0} secondes, lus à l’adresse <code>/metrics</code> du service. \
         Le service a écrit {:.0} jetons, nous en avons compté {} ; sa file a compté {longest:.0} requêtes au plus.",
        moments.len(),
        since(moments, last),
        last.service.written_tokens,
        last.own.written_tokens
    )
}

fn table(moments: &[Moment]) -> String {
    let mut table = "<div tabindex=\"0\" role=\"region\" aria-labelledby=\"releves\">\n<table>\n\
        <caption id=\"releves\">Relevés du service et nos propres compteurs</caption>\n<thead>\n<tr>\
        <th scope=\"col\">Instant (UTC)</th><th scope=\"col\">Jetons lus, service</th>\
        <th scope=\"col\">Jetons écrits, service</th><th scope=\"col\">En cours, service</th>\
        <th scope=\"col\">En attente, service</th><th scope=\"col\">Jetons écrits, nous</th>\
        <th scope=\"col\">Réponses utiles, nous</th><th scope=\"col\">Réponses coupées, nous</th>\
        <th scope=\"col\">Dépense, nous (millionièmes d’euro)</th></tr>\n</thead>\n<tbody>\n"
        .to_owned();

    for Moment { at, service, own } in moments {
        let _ = writeln!(
            table,
            "<tr><th scope=\"row\">{}</th><td>{:.0}</td><td>{:.0}</td><td>{:.0}</td><td>{:.0}</td>\
             <td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            at.format("%H:%M:%S%.3f"),
            service.prompt_tokens,
            service.written_tokens,
            service.processing,
            service.waiting,
            own.written_tokens,
            own.answered,
            own.cut,
            own.spend_micros
        );
    }
    table + "</tbody>\n</table>\n</div>"
}

/// Seconds from the first moment.
fn since(moments: &[Moment], moment: &Moment) -> f64 {
    let first = moments.first().map_or(moment.at, |first| first.at);

    (moment.at - first).as_seconds_f64()
}

#[expect(clippy::cast_precision_loss, reason = "a point of a graph")]
fn whole(count: u64) -> f64 {
    count as f64
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn moment(second: i64, written: f64, own: u64) -> Moment {
        Moment {
            at: DateTime::UNIX_EPOCH + TimeDelta::seconds(second),
            service: ServiceCounts {
                written_tokens: written,
                waiting: 1.0,
                ..ServiceCounts::default()
            },
            own: OwnCounts {
                written_tokens: own,
                ..OwnCounts::default()
            },
        }
    }

    #[test]
    fn the_page_says_in_words_what_it_draws() {
        let page = monitoring_page("llama <8080>", &[moment(0, 0.0, 0), moment(10, 120.0, 100)]);

        assert!(page.contains("2 relevés en 10 secondes"), "{page}");
        assert!(
            page.contains("a écrit 120 jetons, nous en avons compté 100"),
            "{page}"
        );
        assert!(page.contains("llama &lt;8080&gt;"), "{page}");
        assert_eq!(page.matches("<polyline").count(), 4);
        assert_eq!(page.matches("role=\"img\"").count(), 2);
        assert_eq!(page.matches("<tr><th scope=\"row\">").count(), 2);
    }

    #[test]
    fn a_page_without_a_moment_says_so() {
        assert!(monitoring_page("a", &[]).contains("Aucun relevé."));
    }
}
