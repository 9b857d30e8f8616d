use super::read;
use crate::fact::FactKind;
use crate::lexicon::{CODE, Words};
use crate::module::Module;
use crate::python;

fn kinds(path: &str, source: &str) -> Vec<FactKind> {
    let mut module = python::read(path, source, false, 1);
    read(&mut module);
    module.facts.into_iter().map(|fact| fact.kind).collect()
}

#[test]
fn each_kind_of_source_is_known_by_its_call() {
    for (source, kind) in [
        (
            "import requests\nrequests.get('https://api.example.org/x')\n",
            FactKind::SourceHttp,
        ),
        (
            "from bs4 import BeautifulSoup\nBeautifulSoup(page)\n",
            FactKind::SourceHtml,
        ),
        (
            "import pandas as pd\npd.read_csv('x.csv')\n",
            FactKind::SourceFile,
        ),
        (
            "import pandas as pd\npd.read_sql('x', engine)\n",
            FactKind::SourceDatabase,
        ),
        ("import duckdb\nduckdb.connect()\n", FactKind::SourceBigData),
        (
            "import scrapy\nclass Films(scrapy.Spider):\n    name = 'films'\n",
            FactKind::SourceHtml,
        ),
    ] {
        assert!(kinds("extract/a.py", source).contains(&kind), "{source}");
    }
}

#[test]
fn a_client_is_known_by_the_name_that_its_block_gives_it() {
    for source in [
        "import httpx\nwith httpx.Client(timeout=5) as c:\n    c.get('https://api.example.org/x')\n",
        "import httpx\nasync def f():\n    async with httpx.AsyncClient() as c:\n        await c.get('https://api.example.org/x')\n",
        "import aiohttp\nasync def f():\n    async with aiohttp.ClientSession() as s:\n        await s.get('https://api.example.org/x')\n",
    ] {
        let found = kinds("extract/a.py", source);
        assert_eq!(found, [FactKind::SourceHttp], "{source}");
    }
}

#[test]
fn an_application_that_calls_its_own_api_extracts_nothing() {
    for (path, source) in [
        (
            "front/app.py",
            "import requests\nimport streamlit as st\nrequests.post(API_URL + '/predict', json={})\n",
        ),
        (
            "client.py",
            "import requests\nrequests.get('http://localhost:8000/films')\n",
        ),
    ] {
        let found = kinds(path, source);
        assert!(
            found.contains(&FactKind::ApiCall) && !found.contains(&FactKind::SourceHttp),
            "{path} {found:?}"
        );
    }

    assert!(
        kinds(
            "llm.py",
            "import requests\nrequests.post('https://api.mistral.ai/v1/chat', json={})\n"
        )
        .contains(&FactKind::AiService)
    );
}

#[test]
fn the_same_call_without_the_import_means_nothing() {
    assert!(kinds("a.py", "thing.fit(x, y)\nthing.merge(z)\n").is_empty());
    assert!(
        kinds(
            "a.py",
            "from sklearn.linear_model import Ridge\nRidge().fit(x, y)\n"
        )
        .contains(&FactKind::Training)
    );
}

#[test]
fn tables_of_an_orm_are_a_schema() {
    for source in [
        "class Film(Base):\n    __tablename__ = 'films'\n",
        "class Film(db.Model):\n    id = db.Column(db.Integer)\n",
        "from django.db import models\nclass Film(models.Model):\n    title = models.CharField()\n",
    ] {
        assert_eq!(kinds("models.py", source), [FactKind::Schema], "{source}");
    }
}

#[test]
fn an_address_that_is_written_down_leads_where_it_says_whatever_its_name() {
    let outside =
        "import requests\nAPI_URL = 'https://air.example.org/v2'\nrequests.get(API_URL)\n";
    assert!(kinds("veille/mesures.py", outside).contains(&FactKind::SourceHttp));
    let own = "import requests\nAPI_URL = 'https://mon-api.onrender.com'\nrequests.post(f'{API_URL}/predict')\n";
    assert!(kinds("veille/mesures.py", own).contains(&FactKind::ApiCall));
}

#[test]
fn a_query_by_an_orm_is_one_where_candidates_keep_their_queries() {
    let source = "from sqlalchemy import select\ndef last(session):\n    return session.execute(select(Day).where(Day.at > 1).order_by(Day.at))\n";
    assert!(kinds("C2_query/query_days.py", source).contains(&FactKind::SqlSelect));
    assert!(!kinds("app/crud.py", source).contains(&FactKind::SqlSelect));
}

#[test]
fn calls_mean_something_by_the_file_where_they_stand() {
    let orm = "from sqlalchemy.orm import Session\n";

    for (path, source, kind) in [
        (
            "scripts/extraction_news.py",
            "import feedparser\nfeedparser.parse(URL)\n".to_owned(),
            FactKind::SourceHttp,
        ),
        (
            "a.py",
            "import pandas as pd\npd.read_csv('https://www.example.org/a.csv')\n".to_owned(),
            FactKind::SourceHttp,
        ),
        (
            "a.py",
            "import requests\ns = requests.Session()\ns.get('https://www.example.org/a')\n"
                .to_owned(),
            FactKind::SourceHttp,
        ),
        (
            "bdd/import_films.py",
            format!("{orm}session.add(Film())\n"),
            FactKind::Import,
        ),
        (
            "rgpd/purge.py",
            format!("{orm}session.query(User).filter(User.seen < limit).delete()\n"),
            FactKind::Purge,
        ),
        (
            "models.py",
            "from sqlmodel import SQLModel\nclass Film(SQLModel, table=True):\n    id: int\n"
                .to_owned(),
            FactKind::Schema,
        ),
        (
            "alerte.py",
            "import requests\nrequests.post(DISCORD_WEBHOOK_URL, json={})\n".to_owned(),
            FactKind::AlertReceiver,
        ),
        (
            "settings.py",
            "INSTALLED_APPS = ['django_prometheus', 'app']\n".to_owned(),
            FactKind::AppMetric,
        ),
    ] {
        let found = kinds(path, &source);
        assert!(found.contains(&kind), "{path}: {found:?}");
    }

    assert!(
        !kinds("app/views.py", &format!("{orm}session.add(Film())\n")).contains(&FactKind::Import)
    );
}

#[test]
fn a_folder_is_known_by_its_words_and_not_by_their_letters() {
    let has = |path: &str, words: &Words| Module::new(path, false).path_has(words);
    let paths = &CODE.paths;
    for (path, words, expected) in [
        ("resources/a.py", &paths.extraction, false),
        ("data/sources/a.py", &paths.extraction, true),
        ("upload.py", &paths.imports, false),
        ("db/load_users.py", &paths.imports, true),
        ("archive/a.sql", &paths.big_data, false),
        ("data/reviews.py", &paths.front, false),
        ("films/views.py", &paths.front, true),
    ] {
        assert_eq!(has(path, words), expected, "{path}");
    }
}
