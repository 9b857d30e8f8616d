//! Small submissions in, their reports out.

mod fuzz;

use std::path::Path;

use super::*;

/// Reads a submission made of these files.
pub(super) fn submission(files: &[(&str, &str)]) -> Submission {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        write(folder.path(), path, text.as_bytes());
    }
    compare(folder.path(), &Options::default()).unwrap()
}

/// The findings of a submission made of these files: code, path, line.
pub(super) fn findings(files: &[(&str, &str)]) -> Vec<(FindingKind, String, usize)> {
    submission(files)
        .red_flags
        .into_iter()
        .map(|found| (found.kind, found.path, found.line))
        .collect()
}

fn write(root: &Path, path: &str, bytes: &[u8]) {
    let file = root.join(path);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, bytes).unwrap();
}

fn strength(submission: &Submission, id: &str) -> Strength {
    let criteria = submission.competencies.iter().flat_map(|one| &one.criteria);
    let competency = submission
        .competencies
        .iter()
        .find(|one| one.id == id)
        .map(|one| one.strength);

    competency
        .or_else(|| {
            criteria
                .into_iter()
                .find(|one| one.id == id)
                .map(|one| one.strength)
        })
        .unwrap()
}

const API: &str = "
from fastapi import Depends, FastAPI
import joblib

app = FastAPI()
model = joblib.load('model.joblib')

@app.get('/films')
def films(user=Depends(get_current_user)):
    return read_films()

@app.post('/predict')
def predict(row: dict):
    return model.predict([row])
";

#[test]
fn routes_are_told_by_what_they_serve_and_raised_by_a_test_that_asks_them() {
    let alone = submission(&[("app/main.py", API)]);

    assert_eq!(
        (strength(&alone, "C5"), strength(&alone, "C9")),
        (Strength::Implemented, Strength::Implemented)
    );

    let test = "def test_predict(client):\n    assert client.post('/predict', json={}).status_code == 200\n";
    let tested = submission(&[("app/main.py", API), ("tests/test_main.py", test)]);

    assert_eq!(
        (strength(&tested, "C5"), strength(&tested, "C9")),
        (Strength::Implemented, Strength::Exercised)
    );
    assert_eq!(
        (strength(&tested, "C5.4"), strength(&tested, "C9.1")),
        (Strength::Implemented, Strength::Absent)
    );
}

#[test]
fn a_page_that_describes_never_lifts_a_competency_above_described() {
    let page = "# API REST\n\nL'API de données est servie par FastAPI. `GET /films` rend les films en JSON avec une pagination, `POST /films` en ajoute un ; un jeton JWT est demandé.\n";
    let said = submission(&[("README.md", page)]);
    assert_eq!(strength(&said, "C5"), Strength::Described);
}

#[test]
fn an_empty_folder_and_a_folder_of_something_else_are_told() {
    assert_eq!(submission(&[]).kind, SubmissionKind::Empty);
    let songs = submission(&[(
        "lyrics.txt",
        "Une chanson douce que me chantait ma maman, en suçant mon pouce.\n"
            .repeat(9)
            .as_str(),
    )]);
    assert_eq!(songs.kind, SubmissionKind::NotASubmission);
}

#[test]
fn what_is_vendored_is_no_evidence() {
    let read = submission(&[
        ("venv_e1/lib/flask/app.py", API),
        ("node_modules/x/index.js", "app.get('/x', f)"),
        ("README.md", "# x\n"),
    ]);
    assert_eq!(
        (strength(&read, "C5"), read.read.files),
        (Strength::Absent, 1)
    );
}

#[test]
fn an_absent_path_and_a_file_are_errors_that_name_it() {
    let error = compare(Path::new("/nowhere/at/all"), &Options::default())
        .unwrap_err()
        .to_string();
    assert!(error.starts_with("/nowhere/at/all"), "{error}");
    let file = tempfile::NamedTempFile::new().unwrap();
    assert!(matches!(
        compare(file.path(), &Options::default()),
        Err(Error::NotAFolder(_))
    ));
}

#[test]
fn hostile_files_are_skipped_with_their_reason_and_the_rest_is_read() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "app/main.py", API.as_bytes());
    write(folder.path(), "long.py", &vec![b'x'; 2 << 20]);
    write(folder.path(), "large.md", &vec![b'\n'; 5 << 20]);
    write(
        folder.path(),
        "invalid.py",
        b"x = '\xff\xfe'\nimport pandas as pd\n",
    );

    write(folder.path(), "odd\u{1b}[31mname.md", b"# x\n");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("/etc", folder.path().join("out")).unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("loop")).unwrap();
    }
    let read = compare(folder.path(), &Options::default()).unwrap();
    let skipped: Vec<&str> = read.skipped.iter().map(|one| one.path.as_str()).collect();

    for path in ["long.py", "large.md", "out", "loop"] {
        assert!(skipped.contains(&path), "{path} in {skipped:?}");
    }

    assert_eq!(strength(&read, "C9"), Strength::Implemented);

    let written = serde_json::to_string(&Comparison::new(vec![read])).unwrap();
    assert!(!written.contains('\u{1b}') && !written.contains("\\u001b[31m"));
}

#[test]
fn data_of_tests_is_set_aside_and_the_report_says_so() {
    let read = submission(&[
        (
            "tests/fixtures/broken_ci.yml",
            "on: push\njobs:\n  a:\n    steps:\n      - run: pytest || true\n",
        ),
        ("tests/submissions/other/app.py", API),
        ("README.md", "# x\n"),
    ]);
    assert_eq!(strength(&read, "C9"), Strength::Absent);
    assert_eq!(read.red_flags, []);
    let aside: Vec<&str> = read.skipped.iter().map(|one| one.path.as_str()).collect();
    assert_eq!(aside, ["tests/fixtures", "tests/submissions"]);
}

#[test]
fn an_environment_is_no_evidence_whatever_its_name() {
    let read = submission(&[
        ("myenv/pyvenv.cfg", "home = /usr/bin\n"),
        ("myenv/bin/serve.py", API),
        ("README.md", "# x\n"),
    ]);
    assert_eq!(strength(&read, "C9"), Strength::Absent);
}

#[test]
fn a_view_of_django_is_a_page_when_it_renders_whatever_its_path() {
    let urls = "from django.urls import path\nfrom . import views\nurlpatterns = [path('api/', views.visage, name='visage')]\n";
    let views = "import requests\nfrom django.shortcuts import render\n\ndef visage(request):\n    url_api = 'https://visages.example.org/v1'\n    reponse = requests.get(url_api)\n    return render(request, 'visage.html', {'n': reponse.json()})\n";
    let read = submission(&[("site/urls.py", urls), ("site/views.py", views)]);
    assert_eq!(
        (strength(&read, "C5"), strength(&read, "C17")),
        (Strength::Absent, Strength::Implemented)
    );
    assert_eq!(strength(&read, "C10"), Strength::Implemented);
}

#[test]
fn what_a_route_tells_of_the_model_is_no_data() {
    let api = "from fastapi import FastAPI\napp = FastAPI()\n\n@app.get('/model/info')\ndef info():\n    return {'version': read_version()}\n";
    assert_eq!(
        strength(&submission(&[("api/main.py", api)]), "C5"),
        Strength::Absent
    );
}

#[test]
fn a_watch_and_a_comparison_of_services_are_a_submission() {
    let watch = "# Plan de veille technologique\n\nUne heure chaque mardi : thématique des modèles de langue et de l'AI Act, projet de tri, RGPD, versions des outils. Flux RSS dans Feedly.\n";
    let choice = "# Benchmark de services d'IA\n\n| Critère | Mistral | OpenAI | Ollama |\n|---|---|---|---|\n| Résumé (note sur 5) | 4 | 5 | 3 |\n| Coût (note sur 5) | 4 | 2 | 5 |\n\nGemini est écarté pour son coût ; Mistral est retenu : avantages et inconvénients sont dits plus bas, score et adéquation compris.\n";
    let read = submission(&[
        ("E2/plan_veille.md", watch),
        ("E2/benchmark_services.md", choice),
    ]);
    assert_eq!(
        (strength(&read, "C6"), strength(&read, "C7")),
        (Strength::Described, Strength::Described)
    );
    assert_eq!(read.kind, SubmissionKind::Submission);
}

#[test]
fn a_route_without_a_path_of_its_own_stands_at_that_of_its_router() {
    let fastapi = "from fastapi import APIRouter\nrouter = APIRouter(prefix='/predict')\n\n@router.post('')\ndef serve(row: dict):\n    return model.predict([row])\n";
    let included = "from fastapi import APIRouter\nrouter = APIRouter()\n\n@router.get('/')\ndef serve():\n    return model.predict([1])\n";
    let main = "from fastapi import FastAPI\nfrom app.routers import predict\napp = FastAPI()\napp.include_router(predict.router, prefix='/predict')\n";
    let flask = "from flask import Blueprint\nbp = Blueprint('p', __name__, url_prefix='/predict')\n\n@bp.route('', methods=['POST'])\ndef serve():\n    return model.predict([1])\n";
    let registered = "from flask import Blueprint\nbp = Blueprint('p', __name__)\n\n@bp.get('/')\ndef serve():\n    return model.predict([1])\n";
    let register = "from flask import Flask\nfrom api.predict import bp\napp = Flask(__name__)\napp.register_blueprint(bp, url_prefix='/predict')\n";
    let express = "const express = require('express');\nconst predictRouter = express.Router();\npredictRouter.post('/', serve);\nmodule.exports = predictRouter;\n";
    let server = "const predict = require('./routes/predict');\napp.use('/predict', predict);\n";
    let chained = "const router = express.Router();\nrouter.route('/predict').post(serve);\n";
    let axum = "pub fn router() -> Router {\n    Router::new().route(\"/\", post(serve))\n}\n\nasync fn serve() -> Json<f64> {\n    Json(model.predict())\n}\n";
    let nest = "fn app() -> Router {\n    Router::new().nest(\"/predict\", predict::router())\n}\n";
    let nested = "fn app() -> Router {\n    Router::new().nest(\"/predict\", prediction())\n}\n\nfn prediction() -> Router {\n    Router::new().route(\"/\", post(serve))\n}\n";
    let urls = "from django.urls import path\nfrom . import views\nurlpatterns = [path('', views.serve)]\n";
    let project = "from django.urls import include, path\nurlpatterns = [path('predict/', include('api.urls'))]\n";

    let cases: [&[(&str, &str)]; 9] = [
        &[("app/predict.py", fastapi)],
        &[("app/routers/predict.py", included), ("app/main.py", main)],
        &[("api/predict.py", flask)],
        &[("api/predict.py", registered), ("api/main.py", register)],
        &[
            ("api/routes/predict.js", express),
            ("api/server.js", server),
        ],
        &[("api/routes/all.js", chained)],
        &[("src/predict.rs", axum), ("src/main.rs", nest)],
        &[("src/main.rs", nested)],
        &[("api/urls.py", urls), ("site/urls.py", project)],
    ];
    for files in cases {
        let read = submission(files);
        let c9 = read.competencies.iter().find(|one| one.id == "C9").unwrap();
        let shown = c9.criteria.iter().flat_map(|one| &one.evidence);
        let shown: Vec<&str> = shown.map(|one| one.what.as_str()).collect();
        // Django's view answers a page; its path is asked of the graph below.
        if !files[0].0.ends_with("urls.py") {
            assert!(
                shown.iter().any(|what| what.contains("/predict")),
                "{files:?} {shown:?}"
            );
        }
    }
}

#[test]
fn a_route_is_known_by_the_words_of_its_path_and_not_by_their_letters() {
    for (path, guard) in [
        ("/tasks", "get_author"),
        ("/achats", "get_tokenizer"),
        ("/shopping", "get_db"),
        ("/deliveries", "get_db"),
        ("/authors", "get_db"),
    ] {
        let api = format!(
            "from fastapi import FastAPI\napp = FastAPI()\n\n@app.post('{path}')\ndef save(x=Depends({guard})):\n    return insert_row(x)\n"
        );
        let read = submission(&[("api/main.py", api.as_str())]);
        let seen = (
            strength(&read, "C5"),
            strength(&read, "C9"),
            strength(&read, "C5.4"),
        );
        let expected = (Strength::Implemented, Strength::Absent, Strength::Absent);
        assert_eq!(seen, expected, "{path}");
    }
}

#[test]
fn code_in_a_language_that_is_not_read_is_no_absence() {
    let shiny =
        "library(shiny)\nlibrary(plumber)\nserver <- function(input, output) {}\n".repeat(9);
    let alone = submission(&[
        ("app.R", &shiny),
        ("plumber.R", &shiny),
        ("README.md", "# Air\n"),
    ]);
    assert_eq!(alone.kind, SubmissionKind::Unread);
    let told = |read: &Submission, words: &str| {
        let mut limits = read.cannot_see.iter();
        assert!(
            limits.any(|limit| limit.contains(words)),
            "{:?}",
            read.cannot_see
        );
    };
    told(&alone, "R (2 fichiers)");

    let beside = submission(&[
        ("app/main.py", API),
        ("infra/main.tf", "resource \"a\" \"b\" {}\n"),
        ("src/App.java", "class App {}\n"),
        ("node_modules/x/y.java", "class Y {}\n"),
        (".travis.yml", "script: pytest\n"),
    ]);
    told(&beside, "Java (1 fichier)");
    told(&beside, "Terraform (1 fichier)");
    told(&beside, ".travis.yml");
}

#[test]
fn a_folder_beyond_the_bounds_is_not_said_to_be_empty() {
    let long = "x".repeat(2 << 20);
    let read = submission(&[("a.py", &long), ("b.ts", &long)]);
    assert_eq!(read.kind, SubmissionKind::Unread);
}

#[test]
fn a_report_in_r_markdown_or_quarto_is_a_page() {
    let watch = "# Plan de veille technologique\n\nUne heure chaque mardi : thématique des modèles de langue et de l'AI Act, projet de tri, RGPD, versions des outils. Flux RSS dans Feedly.\n";
    for path in ["veille.Rmd", "veille.qmd"] {
        let read = submission(&[(path, watch)]);
        assert_eq!(strength(&read, "C6"), Strength::Described, "{path}");
    }
    let read = submission(&[("rapport.tex", watch)]);
    let mut limits = read.cannot_see.iter();
    assert!(
        limits.any(|limit| limit.contains("rapport.tex")),
        "{:?}",
        read.cannot_see
    );
}

#[test]
fn rows_are_cleaned_by_polars_as_by_pandas() {
    let source =
        "import polars as pl\n\ndef nettoyer(lignes):\n    return lignes.unique().drop_nulls()\n";
    let read = submission(&[("src/nettoyage.py", source)]);
    assert_eq!(strength(&read, "C3"), Strength::Implemented);
}
