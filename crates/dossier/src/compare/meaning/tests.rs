use super::read;
use crate::compare::fact::Tag;
use crate::compare::python;

fn tags(path: &str, source: &str) -> Vec<Tag> {
    let mut module = python::read(path, source, false, 1);
    read(&mut module);
    module.facts.into_iter().map(|fact| fact.tag).collect()
}

#[test]
fn each_kind_of_source_is_known_by_its_call() {
    for (source, tag) in [
        (
            "import requests\nrequests.get('https://api.example.org/x')\n",
            Tag::SourceHttp,
        ),
        (
            "from bs4 import BeautifulSoup\nBeautifulSoup(page)\n",
            Tag::SourceHtml,
        ),
        (
            "import pandas as pd\npd.read_csv('x.csv')\n",
            Tag::SourceFile,
        ),
        (
            "import pandas as pd\npd.read_sql('x', engine)\n",
            Tag::SourceDatabase,
        ),
        ("import duckdb\nduckdb.connect()\n", Tag::SourceBigData),
        (
            "import scrapy\nclass Films(scrapy.Spider):\n    name = 'films'\n",
            Tag::SourceHtml,
        ),
    ] {
        assert!(tags("extract/a.py", source).contains(&tag), "{source}");
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
        let found = tags(path, source);
        assert!(
            found.contains(&Tag::ApiCall) && !found.contains(&Tag::SourceHttp),
            "{path} {found:?}"
        );
    }

    assert!(
        tags(
            "llm.py",
            "import requests\nrequests.post('https://api.mistral.ai/v1/chat', json={})\n"
        )
        .contains(&Tag::AiService)
    );
}

#[test]
fn the_same_call_without_the_import_means_nothing() {
    assert!(tags("a.py", "thing.fit(x, y)\nthing.merge(z)\n").is_empty());
    assert!(
        tags(
            "a.py",
            "from sklearn.linear_model import Ridge\nRidge().fit(x, y)\n"
        )
        .contains(&Tag::Training)
    );
}

#[test]
fn tables_of_an_orm_are_a_schema() {
    for source in [
        "class Film(Base):\n    __tablename__ = 'films'\n",
        "class Film(db.Model):\n    id = db.Column(db.Integer)\n",
        "from django.db import models\nclass Film(models.Model):\n    title = models.CharField()\n",
    ] {
        assert_eq!(tags("models.py", source), [Tag::Schema], "{source}");
    }
}

#[test]
fn an_address_that_is_written_down_leads_where_it_says_whatever_its_name() {
    let outside =
        "import requests\nAPI_URL = 'https://air.example.org/v2'\nrequests.get(API_URL)\n";
    assert!(tags("veille/mesures.py", outside).contains(&Tag::SourceHttp));
    let own = "import requests\nAPI_URL = 'https://mon-api.onrender.com'\nrequests.post(f'{API_URL}/predict')\n";
    assert!(tags("veille/mesures.py", own).contains(&Tag::ApiCall));
}

#[test]
fn a_query_by_an_orm_is_one_where_candidates_keep_their_queries() {
    let source = "from sqlalchemy import select\ndef last(session):\n    return session.execute(select(Day).where(Day.at > 1).order_by(Day.at))\n";
    assert!(tags("C2_query/query_days.py", source).contains(&Tag::SqlSelect));
    assert!(!tags("app/crud.py", source).contains(&Tag::SqlSelect));
}

#[test]
fn calls_mean_something_by_the_file_where_they_stand() {
    let orm = "from sqlalchemy.orm import Session\n";

    for (path, source, tag) in [
        (
            "scripts/extraction_news.py",
            "import feedparser\nfeedparser.parse(URL)\n".to_owned(),
            Tag::SourceHttp,
        ),
        (
            "a.py",
            "import pandas as pd\npd.read_csv('https://www.example.org/a.csv')\n".to_owned(),
            Tag::SourceHttp,
        ),
        (
            "a.py",
            "import requests\ns = requests.Session()\ns.get('https://www.example.org/a')\n"
                .to_owned(),
            Tag::SourceHttp,
        ),
        (
            "bdd/import_films.py",
            format!("{orm}session.add(Film())\n"),
            Tag::Import,
        ),
        (
            "rgpd/purge.py",
            format!("{orm}session.query(User).filter(User.seen < limit).delete()\n"),
            Tag::Purge,
        ),
        (
            "models.py",
            "from sqlmodel import SQLModel\nclass Film(SQLModel, table=True):\n    id: int\n"
                .to_owned(),
            Tag::Schema,
        ),
        (
            "alerte.py",
            "import requests\nrequests.post(DISCORD_WEBHOOK_URL, json={})\n".to_owned(),
            Tag::AlertReceiver,
        ),
        (
            "settings.py",
            "INSTALLED_APPS = ['django_prometheus', 'app']\n".to_owned(),
            Tag::AppMetric,
        ),
    ] {
        let found = tags(path, &source);
        assert!(found.contains(&tag), "{path}: {found:?}");
    }

    assert!(!tags("app/views.py", &format!("{orm}session.add(Film())\n")).contains(&Tag::Import));
}
