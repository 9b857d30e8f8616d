use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use filrouge_types::StationId;

use super::render::render;
use crate::accessibility_grid::{self as grid, Conformity, Criterion, Grid};
use crate::assets;
use crate::frame::Frame;
use crate::markup::Markup;
use crate::web::Web;

/// The accessibility statement that French law asks of every public service, in the form of its model,
/// written from the grid of the criteria.
#[derive(Template)]
#[template(path = "accessibility.html")]
struct AccessibilityPage {
    t: Frame,
    state: Markup,
    results: String,
    decided: String,
    /// The criteria that fail or that nobody checked.
    open: Vec<String>,
    made: String,
    /// Pages that were checked: address and name.
    sample: Vec<(String, String)>,
}

/// `GET /accessibilite`.
pub(crate) async fn show_accessibility(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
) -> Response {
    let latest = web.data_api().stations().await.ok();
    let station = latest.and_then(|latest| {
        let first = latest.stations.list.first()?;
        Some(first.station_id.clone())
    });
    render(&AccessibilityPage::new(t, Grid::read(), station.as_ref()))
}

impl AccessibilityPage {
    fn new(t: Frame, grid: &Grid, station: Option<&StationId>) -> Self {
        Self {
            state: state(&t, grid),
            results: results(&t, grid),
            decided: decided(&t, grid),
            open: grid.open().map(|criterion| told(&t, criterion)).collect(),
            made: made(&t, grid),
            sample: sample(&t, station),
            t,
        }
    }
}

fn state(t: &Frame, grid: &Grid) -> Markup {
    let key = match grid.state() {
        grid::State::Full => "accessibility-state-full",
        grid::State::Partial => "accessibility-state-partial",
        grid::State::None => "accessibility-state-none",
    };
    t.markup(key, [("version", Markup::text(&grid.version))])
}

fn results(t: &Frame, grid: &Grid) -> String {
    let count = |verdict| grid.count(verdict).into();
    t.tell(
        "accessibility-results-text",
        [
            ("rate", t.percent(grid.rate()).into()),
            ("conform", count(Some(Conformity::Conform))),
            ("fails", count(Some(Conformity::Fails))),
            ("outside", count(Some(Conformity::NotApplicable))),
            ("unchecked", count(None)),
        ],
    )
}

fn decided(t: &Frame, grid: &Grid) -> String {
    let others = grid.criteria.len() - grid.tested() - grid.count(None);
    t.tell(
        "accessibility-decided",
        [("tested", grid.tested().into()), ("others", others.into())],
    )
}

/// `10.9 : rien par la seule forme. …`
fn told(t: &Frame, criterion: &Criterion) -> String {
    let why = match &criterion.why {
        Some(why) => why.clone(),
        None => t.say("accessibility-unchecked"),
    };
    t.tell(
        "accessibility-criterion",
        [
            ("number", criterion.number.as_str().into()),
            ("says", criterion.says.as_str().into()),
            ("why", why.into()),
        ],
    )
}

fn made(t: &Frame, grid: &Grid) -> String {
    let date = grid
        .review
        .date
        .0
        .format(&t.say("date-pattern"))
        .to_string();
    t.tell("accessibility-made-text", [("date", date.into())])
}

fn sample(t: &Frame, station: Option<&StationId>) -> Vec<(String, String)> {
    let pages = [
        ("/", "site-map-home"),
        ("/trajet", "site-map-trip"),
        ("/comparer", "site-map-comparison"),
        ("/monitoring", "site-map-monitoring"),
        ("/signaler", "report-title"),
        ("/connexion", "log-in-title"),
        ("/inscription", "sign-up-title"),
        ("/compte", "account-title"),
        ("/exploitation", "operations-title"),
        ("/exploitation/signalements", "reports-title"),
        ("/donnees-personnelles", "officer-title"),
        ("/plan", "site-map-heading"),
        ("/accessibilite", "accessibility-title"),
    ];
    let mut sample: Vec<_> = pages.map(|(path, key)| (t.link(path), t.say(key))).into();

    // Before the first reading of the stations, there is no page of one to lead to.
    if let Some(station) = station {
        let id = url::form_urlencoded::byte_serialize(station.as_str().as_bytes());
        let id = id.collect::<String>().replace('+', "%20");
        let address = t.link(&format!("/stations/{id}"));
        sample.insert(1, (address, t.say("accessibility-sample-station")));
    }
    sample
}

/// The grid as it is, and one with a criterion that fails beside one that nobody checked.
#[cfg(test)]
pub(super) fn samples(t: &Frame) -> Vec<(&'static str, String)> {
    let page = |grid: &Grid, station: Option<&StationId>| {
        AccessibilityPage::new(t.clone(), grid, station)
            .render()
            .unwrap()
    };
    let open: Grid = toml::from_str(
        r#"
        version = "4.1"
        review = { date = 2026-03-01, by = "auto-évaluation", is_audited = false }
        [[criterion]]
        number = "3.2"
        says = "texte assez contrasté"
        decided = "browser"
        verdict = "fails"
        why = "la légende de la carte est trop pâle"
        [[criterion]]
        number = "10.9"
        says = "rien par la seule forme"
        decided = "nobody"
        "#,
    )
    .unwrap();
    let station: StationId = "RIV-001".parse().unwrap();

    vec![
        ("accessibility", page(Grid::read(), Some(&station))),
        ("accessibility_without_conformity", page(&open, None)),
    ]
}
