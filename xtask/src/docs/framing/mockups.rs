//! `docs/maquettes`: each page to come as a wireframe, with the same content as text in the order of
//! reading.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use serde::Deserialize;

use super::canvas::{Area, Canvas, PLAIN, Spot, Style, wrapped};
use super::rgaa::RgaaGrid;
use super::{Document, declared};

const LIST: &str = "data/framing/mockups.toml";
const FOLDER: &str = "docs/maquettes";

const INTRODUCTION: &str = "<!-- Preuve: C14.2 une maquette filaire par page, en dessin et en texte -->
# Les maquettes

Page et dessins tirés de `data/framing/mockups.toml` par `cargo xtask docs` : ne pas les modifier à la main.

Une maquette filaire dit ce qu’une page contient et dans quel ordre, avant de dire à quoi elle ressemble. Elle est dessinée sur la largeur d’un téléphone : sur un écran large, les mêmes éléments se placent côte à côte, dans le même ordre de lecture. Chaque maquette est suivie de son équivalent en texte, dans l’ordre où un lecteur d’écran la lirait. Le numéro entre parenthèses est celui du critère du RGAA 4.1 que l’élément doit respecter.

Toutes les pages ont le même cadre : un lien d’évitement, le nom du site, la navigation, le changement de langue ; en pied, la déclaration d’accessibilité.
";

/// Sizes, in pixels: the frame of a phone, the margin inside it, a line of text.
const FRAME: f64 = 400.0;
const MARGIN: f64 = 16.0;
const LINE: f64 = 18.0;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mockups {
    mockup: Vec<Mockup>,
}

/// A page as it is meant to be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mockup {
    /// Name of the file, without its extension.
    id: String,
    title: String,
    address: String,
    /// Who may open it.
    who: String,
    /// The use of the page, and its other states: empty, error, without an answer.
    says: String,
    states: Vec<String>,
    elements: Vec<Element>,
}

/// A thing on a page.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Element {
    kind: ElementKind,
    text: String,
    #[serde(default)]
    lines: Vec<String>,
    #[serde(default)]
    rgaa: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum ElementKind {
    Title,
    Section,
    Text,
    Alert,
    Field,
    Choice,
    Button,
    Link,
    List,
    /// The first line is the header, cells are parted by `|`.
    Table,
    Map,
    Chart,
}

impl ElementKind {
    fn french(self) -> &'static str {
        match self {
            Self::Title => "Titre de niveau 1",
            Self::Section => "Titre de niveau 2",
            Self::Text => "Texte",
            Self::Alert => "Message annoncé",
            Self::Field => "Champ",
            Self::Choice => "Choix",
            Self::Button => "Bouton",
            Self::Link => "Lien",
            Self::List => "Liste",
            Self::Table => "Tableau",
            Self::Map => "Carte",
            Self::Chart => "Graphique",
        }
    }
}

/// The page of the mock-ups and their drawings.
pub(super) fn documents(root: &Path) -> Result<Vec<Document>> {
    let Mockups { mockup: mockups } = declared(root, LIST)?;
    let mut page = INTRODUCTION.to_owned();
    let mut documents = Vec::new();

    for mockup in &mockups {
        page += &mockup.section();
        documents.push(Document {
            path: format!("{FOLDER}/{}.svg", mockup.id),
            text: mockup.svg(),
        });
    }

    documents.push(Document {
        path: format!("{FOLDER}/README.md"),
        text: page,
    });
    Ok(documents)
}

/// One sentence for each criterion that the mock-ups name and that is none.
pub(super) fn faults(root: &Path) -> Result<Vec<String>> {
    let (Mockups { mockup: mockups }, grid) = (declared(root, LIST)?, RgaaGrid::read(root)?);

    let unknown = |mockup: &Mockup| {
        let cited = mockup.elements.iter().flat_map(|element| &element.rgaa);
        let unknown = cited.filter(|number| !grid.has(number));
        let told = unknown.map(|number| {
            format!(
                "`{LIST}`: mock-up `{}` names RGAA {number}, which is no criterion",
                mockup.id
            )
        });
        told.collect::<Vec<_>>()
    };

    Ok(mockups.iter().flat_map(unknown).collect())
}

/// Names of the mock-ups, which user stories cite.
pub(super) fn names(root: &Path) -> Result<BTreeSet<String>> {
    let Mockups { mockup: mockups } = declared(root, LIST)?;
    Ok(mockups.into_iter().map(|mockup| mockup.id).collect())
}

impl Mockup {
    fn section(&self) -> String {
        let Self {
            id,
            title,
            address,
            who,
            says,
            ..
        } = self;
        let mut text = format!(
            "\n## {title}\n\n{says}\n\n- Adresse : `{address}`\n- Pour : {who}\n\n\
             ![Maquette de la page « {title} » ; la liste qui suit en donne le texte]({id}.svg)\n\n\
             Dans l’ordre de lecture :\n\n"
        );

        for element in &self.elements {
            text += &element.item();
        }
        text += "\nAutres états de la page :\n\n";
        for state in &self.states {
            let _ = writeln!(text, "- {state}");
        }
        text
    }

    fn svg(&self) -> String {
        let description = format!("{} Le texte de la maquette suit le dessin.", self.says);
        let mut canvas = Canvas::new(&format!("Maquette : {}", self.title), &description);
        let mut top = frame_head(&mut canvas, &self.address);

        for element in &self.elements {
            top = element.draw(&mut canvas, top);
        }
        top = frame_foot(&mut canvas, top);

        // The last stroke stands over nothing: the frame has no fill.
        let frame = Area {
            x: 1.0,
            y: 1.0,
            width: FRAME - 2.0,
            height: top - 2.0,
        };
        canvas.area(frame, "none", false);
        canvas.svg(FRAME, top)
    }
}

/// The head that every page has; gives where the page itself begins.
fn frame_head(canvas: &mut Canvas, address: &str) -> f64 {
    let small = Style {
        size: 11.0,
        ..PLAIN
    };
    let bold = Style {
        bold: true,
        ..PLAIN
    };
    let at = |y| Spot { x: MARGIN, y };

    canvas.text(at(20.0), small, address);
    let rule = |y| (Spot { x: 0.0, y }, Spot { x: FRAME, y });
    let (start, end) = rule(30.0);
    canvas.line(start, end);
    canvas.text(at(50.0), small, "Aller au contenu");
    canvas.text(at(72.0), bold, "Vélorive");
    canvas.text(
        at(92.0),
        small,
        "Stations · Trajet · Signaler · Se connecter · English",
    );
    let (start, end) = rule(104.0);
    canvas.line(start, end);
    124.0
}

fn frame_foot(canvas: &mut Canvas, top: f64) -> f64 {
    let small = Style {
        size: 11.0,
        ..PLAIN
    };
    canvas.line(Spot { x: 0.0, y: top }, Spot { x: FRAME, y: top });
    let at = Spot {
        x: MARGIN,
        y: top + 20.0,
    };
    canvas.text(at, small, "Accessibilité · Données personnelles · Sources");
    top + 36.0
}

impl Element {
    /// The element in the list that tells the drawing.
    fn item(&self) -> String {
        let rgaa = match &self.rgaa[..] {
            [] => String::new(),
            numbers => format!(" (RGAA {})", numbers.join(", ")),
        };
        let mut text = format!("- {} : {}{rgaa}\n", self.kind.french(), self.text);
        for line in &self.lines {
            let _ = writeln!(text, "  - {}", line.replace(" | ", ", "));
        }
        text
    }

    /// Draws the element below `top` and gives where the next one begins.
    fn draw(&self, canvas: &mut Canvas, top: f64) -> f64 {
        match self.kind {
            ElementKind::Title => self.write(canvas, top, 20.0, true),
            ElementKind::Section => self.write(canvas, top + 6.0, 16.0, true),
            ElementKind::Text | ElementKind::Link => {
                let end = self.write(canvas, top, 13.0, false);
                self.write_lines(canvas, end - 8.0) + 8.0
            }
            ElementKind::Alert => self.draw_alert(canvas, top),
            ElementKind::Field => self.draw_field(canvas, top),
            ElementKind::Button => self.draw_button(canvas, top),
            ElementKind::List | ElementKind::Choice => {
                let end = self.write(canvas, top, 13.0, true);
                self.write_lines(canvas, end - 8.0) + 8.0
            }
            ElementKind::Table => self.draw_table(canvas, top),
            ElementKind::Map | ElementKind::Chart => self.draw_picture(canvas, top),
        }
    }

    /// The text of the element, with an underline for a link.
    fn write(&self, canvas: &mut Canvas, top: f64, size: f64, bold: bool) -> f64 {
        let style = Style {
            size,
            bold,
            ..PLAIN
        };
        let mut bottom = top;
        for line in wrapped(&self.text, FRAME - 2.0 * MARGIN, size) {
            bottom += size + 5.0;
            let at = Spot {
                x: MARGIN,
                y: bottom - 5.0,
            };
            canvas.text(at, style, &line);
        }

        if self.kind == ElementKind::Link {
            let y = bottom - 2.0;
            let end = (MARGIN + self.text.chars().count() as f64 * 7.0).min(FRAME - MARGIN);
            canvas.line(Spot { x: MARGIN, y }, Spot { x: end, y });
        }
        bottom + 10.0
    }

    fn write_lines(&self, canvas: &mut Canvas, top: f64) -> f64 {
        let mark = match self.kind {
            ElementKind::Choice => "○ ",
            _ => "• ",
        };

        let mut bottom = top;
        for line in &self.lines {
            for (index, part) in wrapped(line, FRAME - 3.0 * MARGIN - 12.0, 13.0)
                .iter()
                .enumerate()
            {
                bottom += LINE;
                let mark = if index == 0 { mark } else { "\u{2003}" };
                let at = Spot {
                    x: MARGIN + 8.0,
                    y: bottom,
                };
                canvas.text(at, PLAIN, &format!("{mark}{part}"));
            }
        }

        bottom + 8.0
    }

    fn draw_alert(&self, canvas: &mut Canvas, top: f64) -> f64 {
        let lines = wrapped(&self.text, FRAME - 4.0 * MARGIN, 13.0);
        let area = Area {
            x: MARGIN,
            y: top,
            width: FRAME - 2.0 * MARGIN,
            height: lines.len() as f64 * LINE + 14.0,
        };
        canvas.area(area, "#fff4d6", false);

        for (index, line) in (1_u8..).zip(&lines) {
            let at = Spot {
                x: 2.0 * MARGIN,
                y: top + f64::from(index) * LINE + 2.0,
            };
            canvas.text(at, PLAIN, line);
        }

        top + area.height + 14.0
    }

    fn draw_field(&self, canvas: &mut Canvas, top: f64) -> f64 {
        let below = self.write(canvas, top, 13.0, true) - 4.0;
        let area = Area {
            x: MARGIN,
            y: below,
            width: FRAME - 2.0 * MARGIN,
            height: 30.0,
        };
        canvas.area(area, "#ffffff", false);
        self.write_lines(canvas, below + 30.0) + 8.0
    }

    fn draw_button(&self, canvas: &mut Canvas, top: f64) -> f64 {
        let width = (self.text.chars().count() as f64 * 8.5 + 32.0).min(FRAME - 2.0 * MARGIN);
        let area = Area {
            x: MARGIN,
            y: top,
            width,
            height: 34.0,
        };
        canvas.area(area, "#dbe7f5", false);

        let style = Style {
            bold: true,
            centered: true,
            ..PLAIN
        };
        let at = Spot {
            x: area.center().x,
            y: top + 22.0,
        };
        canvas.text(at, style, &self.text);

        top + 50.0
    }

    /// A table, or the header and the first rows that a phone shows.
    fn draw_table(&self, canvas: &mut Canvas, top: f64) -> f64 {
        let mut bottom = self.write(canvas, top, 13.0, true) - 4.0;
        let columns = self
            .lines
            .first()
            .map_or(1, |head| head.split(" | ").count());
        let width = (FRAME - 2.0 * MARGIN) / columns as f64;

        for (row, line) in self.lines.iter().enumerate() {
            let cells: Vec<_> = line
                .split(" | ")
                .map(|cell| wrapped(cell, width - 10.0, 12.0))
                .collect();
            let height = cells.iter().map(Vec::len).max().unwrap_or(1) as f64 * 16.0 + 8.0;
            let fill = if row == 0 { "#eef4fb" } else { "#ffffff" };

            for (column, cell) in (0_u8..).zip(&cells) {
                let area = Area {
                    x: MARGIN + f64::from(column) * width,
                    y: bottom,
                    width,
                    height,
                };
                canvas.area(area, fill, false);
                write_cell(canvas, area, cell, row == 0);
            }
            bottom += height;
        }
        bottom + 14.0
    }

    /// A map or a chart: a frame, marks whose shapes differ, and its text beside it.
    fn draw_picture(&self, canvas: &mut Canvas, top: f64) -> f64 {
        let area = Area {
            x: MARGIN,
            y: top,
            width: FRAME - 2.0 * MARGIN,
            height: 130.0,
        };
        canvas.area(area, "#f7f9fc", false);
        for place in 0_u8..7 {
            let share = f64::from(place);
            // Fixed, so that the drawing is the same every time.
            let height = 20.0 + (share * 37.0) % 80.0;
            let x = area.x + 24.0 + share * 50.0;
            let foot = area.y + area.height - 12.0;
            if self.kind == ElementKind::Map {
                let at = Spot {
                    x,
                    y: foot - height,
                };
                canvas.disc(at, 6.0 + share % 3.0 * 3.0, "#dbe7f5");
            } else {
                let bar = Area {
                    x,
                    y: foot - height,
                    width: 26.0,
                    height,
                };
                canvas.area(bar, "#dbe7f5", false);
            }
        }

        let end = self.write(canvas, top + 136.0, 12.0, false);
        self.write_lines(canvas, end - 8.0) + 8.0
    }
}

fn write_cell(canvas: &mut Canvas, area: Area, lines: &[String], bold: bool) {
    let style = Style {
        size: 12.0,
        bold,
        ..PLAIN
    };
    for (index, line) in (1_u8..).zip(lines) {
        let at = Spot {
            x: area.x + 5.0,
            y: area.y + f64::from(index) * 16.0,
        };
        canvas.text(at, style, line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"
        [[mockup]]
        id = "accueil"
        title = "Accueil"
        address = "/"
        who = "tout le monde"
        says = "On y cherche une station."
        states = ["Aucune station trouvée."]
        elements = [
          { kind = "title", text = "Les stations" },
          { kind = "field", text = "Nom", rgaa = ["11.1"] },
          { kind = "table", text = "Stations", lines = ["Nom | Vélos", "Gare | 3"] },
        ]
    "#;

    #[test]
    fn a_mock_up_is_told_in_the_order_of_reading() {
        let Mockups { mockup } = toml::from_str(PAGE).unwrap();
        let text = mockup[0].section();

        let order = [
            "- Titre de niveau 1 : Les stations\n",
            "- Champ : Nom (RGAA 11.1)\n",
            "- Tableau : Stations\n  - Nom, Vélos\n  - Gare, 3\n",
            "- Aucune station trouvée.\n",
        ];
        let places: Vec<_> = order.iter().map(|part| text.find(part)).collect();
        assert!(places.iter().all(Option::is_some), "{text}");
        assert!(places.is_sorted(), "{text}");
    }

    #[test]
    fn a_mock_up_draws_each_of_its_texts() {
        let Mockups { mockup } = toml::from_str(PAGE).unwrap();
        let svg = mockup[0].svg();
        for text in ["Les stations", "Nom", "Gare", "Aller au contenu"] {
            assert!(svg.contains(&format!(">{text}</text>")), "{text}");
        }
        assert!(svg.contains("<title id=\"title\">Maquette : Accueil</title>"));
    }
}
