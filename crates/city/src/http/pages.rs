//! Pages that people read and that collectors parse: one element with one class for each piece of
//! information.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use chrono::{Datelike, NaiveDate, TimeDelta};
use serde::Deserialize;

use super::html::{escape, page};
use super::town::Town;
use crate::calendar::{local_dates, public_holidays, school_holidays};
use crate::city::City;
use crate::events::Event;

mod wording;

use wording::{date_in_french, instant, instant_in_french};

/// Events on a page.
const PAGE_SIZE: usize = 60;

/// Days of agenda after today.
const DAYS_AHEAD: i64 = 30;

#[derive(Debug, Deserialize)]
pub(super) struct PageNumber {
    #[serde(default = "one")]
    page: usize,
}

/// The agenda, the furthest event first: thirty days ahead, then the published past.
pub(super) async fn list_events(
    State(town): State<Town>,
    Query(PageNumber { page: number }): Query<PageNumber>,
) -> Response {
    let events = agenda(&town);
    let pages = events.len().div_ceil(PAGE_SIZE).max(1);
    if !(1..=pages).contains(&number) {
        let body = format!(
            "<p>L’agenda a {pages} pages.</p>\n<p><a href=\"/agenda\">Première page</a></p>"
        );
        return (StatusCode::NOT_FOUND, page("Page introuvable", &body)).into_response();
    }

    let shown = events.iter().skip((number - 1) * PAGE_SIZE).take(PAGE_SIZE);
    let articles: String = shown.map(article).collect();
    let body = format!(
        "<section aria-label=\"Événements\">\n{articles}</section>\n{}",
        pagination(number, pages)
    );

    page(&format!("Agenda, page {number} sur {pages}"), &body).into_response()
}

/// The public holidays of the published past and of the year to come.
pub(super) async fn list_public_holidays(State(town): State<Town>) -> Html<String> {
    let rows = years(&town).flat_map(public_holidays).map(|holiday| {
        let (date, name) = (cell(holiday.date), escape(holiday.name));
        format!(
            "<tr class=\"holiday\"><td>{date}</td><td class=\"holiday-name\">{name}</td></tr>\n"
        )
    });
    let head = "<tr><th scope=\"col\">Date</th><th scope=\"col\">Jour férié</th></tr>";
    page(
        "Jours fériés",
        &table("Jours fériés en métropole", head, &rows.collect::<String>()),
    )
}

/// The school holidays of the same years.
pub(super) async fn list_school_holidays(State(town): State<Town>) -> Html<String> {
    let years = years(&town);

    // The school year that began before the first year goes on in it.
    let rows = (years.start() - 1..=*years.end())
        .flat_map(school_holidays)
        .map(|holiday| {
            let (starts_on, ends_on, name) = (
                cell(holiday.starts_on),
                cell(holiday.ends_on),
                escape(holiday.name),
            );
            format!(
                "<tr class=\"school-holiday\"><td class=\"holiday-name\">{name}</td>\
             <td class=\"starts-on\">{starts_on}</td><td class=\"ends-on\">{ends_on}</td></tr>\n"
            )
        });

    let head = "<tr><th scope=\"col\">Vacances</th><th scope=\"col\">Premier jour</th><th scope=\"col\">Dernier jour</th></tr>";
    page(
        "Vacances scolaires",
        &table(
            "Vacances scolaires, zone A",
            head,
            &rows.collect::<String>(),
        ),
    )
}

fn agenda(town: &Town) -> Vec<Event> {
    let now = town.now();
    let dates = local_dates(City::history_start(now), now + TimeDelta::days(DAYS_AHEAD));
    dates
        .rev()
        .flat_map(|date| town.city.events_on(date).into_iter().rev())
        .collect()
}

fn years(town: &Town) -> std::ops::RangeInclusive<i32> {
    let now = town.now();
    City::history_start(now).year()..=now.year() + 1
}

fn article(event: &Event) -> String {
    let Event {
        event_id,
        title,
        place,
        attendance,
        ..
    } = event;
    let (title, place) = (escape(title), escape(place));
    let [(starts, starts_text), (ends, ends_text)] =
        [event.starts_at, event.ends_at].map(|at| (instant(at), instant_in_french(at)));

    format!(
        "<article class=\"event\" id=\"{event_id}\">\n\
         <h2 class=\"event-title\">{title}</h2>\n\
         <p>Du <time class=\"event-start\" datetime=\"{starts}\">{starts_text}</time> \
         au <time class=\"event-end\" datetime=\"{ends}\">{ends_text}</time></p>\n\
         <p class=\"event-place\">{place}</p>\n\
         <p><data class=\"event-attendance\" value=\"{attendance}\">{attendance}</data> personnes attendues</p>\n\
         </article>\n"
    )
}

fn pagination(number: usize, pages: usize) -> String {
    let link = |rel: &str, page: usize, text: &str| {
        format!("<li><a rel=\"{rel}\" href=\"/agenda?page={page}\">{text}</a></li>\n")
    };
    let previous = if number > 1 {
        link("prev", number - 1, "Page précédente")
    } else {
        String::new()
    };

    let next = if number < pages {
        link("next", number + 1, "Page suivante")
    } else {
        String::new()
    };
    format!("<nav aria-label=\"Pages de l’agenda\"><ul>\n{previous}{next}</ul></nav>")
}

fn table(caption: &str, head: &str, rows: &str) -> String {
    format!(
        "<table>\n<caption>{caption}</caption>\n<thead>{head}</thead>\n<tbody>\n{rows}</tbody>\n</table>"
    )
}

fn cell(date: NaiveDate) -> String {
    format!("<time datetime=\"{date}\">{}</time>", date_in_french(date))
}

const fn one() -> usize {
    1
}
