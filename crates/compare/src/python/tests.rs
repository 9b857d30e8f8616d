use super::read;
use crate::limits::{KEPT_OF_A_BYTE, KEPT_OF_A_FILE};
use crate::module::{Asked, Module, Request};

fn module(source: &str) -> Module {
    read("app/main.py", source, false, 1)
}

fn tested(source: &str) -> Module {
    read("tests/test_main.py", source, true, 1)
}

/// A route as [`routes`] tells it.
fn route(method: &str, path: &str, line: usize, protected: bool) -> (String, String, usize, bool) {
    (method.to_owned(), path.to_owned(), line, protected)
}

fn routes(source: &str) -> Vec<(String, String, usize, bool)> {
    let routes = module(source).routes.into_iter();
    routes
        .map(|route| (route.method, route.path, route.line, route.is_protected))
        .collect()
}

#[test]
fn a_call_bears_the_name_that_the_imports_give_it() {
    let source = "import pandas as pd\nfrom bs4 import BeautifulSoup as Soup\n\npd.read_csv('a')\nSoup(page)\n";
    let names: Vec<(String, usize)> = module(source)
        .calls
        .into_iter()
        .map(|call| (call.name, call.line))
        .collect();

    assert_eq!(
        names,
        [
            ("pandas.read_csv".to_owned(), 4),
            ("bs4.BeautifulSoup".to_owned(), 5)
        ]
    );
}

#[test]
fn a_fastapi_route_says_whether_it_asks_who_calls() {
    let source = "
@app.get('/open')
def everyone():
    return 1

@app.post('/closed')
def someone(user: str = Depends(get_current_user)):
    return 1

@app.get('/key', dependencies=[Security(api_key_header)])
def key():
    return 1

@app.get('/rows')
def rows(session=Depends(get_db)):
    return 1
";
    assert_eq!(
        routes(source),
        [
            route("GET", "/open", 2, false),
            route("POST", "/closed", 6, true),
            route("GET", "/key", 10, true),
            route("GET", "/rows", 14, false)
        ]
    );
}

#[test]
fn litestar_and_bentoml_declare_routes_in_their_own_way() {
    let source = "
@get('/films')
async def films() -> list[Film]:
    return []

@post('/films', guards=[requires_api_key])
async def add(data: Film) -> Film:
    return data

@bentoml.api
def predict(self, rows: list[float]) -> float:
    return 1.0

@bentoml.api(route='/v2/score')
def score(self, rows: list[float]) -> float:
    return 1.0

@patch('app.model')
def test_nothing(model):
    pass
";
    assert_eq!(
        routes(source),
        [
            route("GET", "/films", 2, false),
            route("POST", "/films", 6, true),
            route("POST", "/predict", 10, false),
            route("POST", "/v2/score", 14, false)
        ]
    );
}

#[test]
fn a_router_gives_its_prefix_and_its_guard_to_its_routes() {
    let source = "router = APIRouter(prefix='/films', dependencies=[Depends(verify_token)])\n\n@router.get('/{id}')\ndef film(id: int):\n    return 1\n";
    assert_eq!(
        routes(source),
        [("GET".to_owned(), "/films/{id}".to_owned(), 3, true)]
    );
}

#[test]
fn flask_and_django_declare_routes_in_their_own_way() {
    let flask = "@app.route('/x', methods=['POST'])\n@login_required\ndef x():\n    return ''\n";
    assert_eq!(
        routes(flask),
        [("POST".to_owned(), "/x".to_owned(), 1, true)]
    );
    let django = "from django.urls import path\nurlpatterns = [path('films/', views.films), path('admin/', admin.site.urls)]\n";
    assert_eq!(
        routes(django),
        [("ALL".to_owned(), "/films/".to_owned(), 2, false)]
    );
}

#[test]
fn a_test_counts_what_it_really_checks() {
    let checks = |body: &str| {
        let source = format!("def test_it(client):\n{body}");
        let test = tested(&source).functions.remove(0).test.unwrap();
        (test.checks, test.empty_checks, test.mock_checks)
    };
    assert_eq!(checks("    client.get('/x')\n"), (0, 0, 0));
    assert_eq!(checks("    assert True\n"), (0, 1, 0));

    assert_eq!(checks("    assert 1 == 1\n"), (0, 1, 0));
    assert_eq!(
        checks("    assert 'a' in page\n    assert \"b\" in page.text\n"),
        (2, 0, 0)
    );
    assert_eq!(
        checks("    with pytest.raises(ValueError):\n        run()\n"),
        (1, 0, 0)
    );

    assert_eq!(checks("    self.assertEqual(run(), 2)\n"), (1, 0, 0));
    assert_eq!(checks("    mock.assert_called_once()\n"), (0, 0, 1));
}

#[test]
fn a_test_says_what_it_requests_and_what_it_replaces() {
    let source = "
@patch('app.main.load_model')
def test_it(mock):
    response = client.post('/predict?x=1', json={})
    other = requests.get(f'{BASE}/films/1')
    assert response.status_code == 401
";
    let test = tested(source).functions.remove(0).test.unwrap();
    assert_eq!(
        test.requests,
        [
            Request::path("POST", "/predict"),
            Request::path("GET", "/films/1")
        ]
    );
    assert_eq!(test.replaced, ["app.main.load_model"]);
    assert!(test.expects_refusal);
}

#[test]
fn a_fixture_and_a_skipped_test_are_no_tests_that_run() {
    let source = "@pytest.fixture\ndef test_client():\n    yield 1\n\n@pytest.mark.skip\ndef test_later():\n    assert f()\n";
    let functions = tested(source).functions;
    assert!(functions[0].is_fixture && functions[0].test.is_none());
    assert!(functions[1].test.as_ref().unwrap().is_skipped);
}

#[test]
fn a_method_of_an_unknown_object_is_told_from_a_function() {
    let source = "from lib import train\n\ndef run(model):\n    train(1)\n    model.predict(2)\n    Model().fit(3)\n";
    let calls: Vec<String> = module(source)
        .functions
        .remove(0)
        .calls
        .into_iter()
        .collect();
    assert_eq!(calls, [".fit", ".predict", "Model", "train"]);
}

#[test]
fn a_request_by_a_variable_or_a_name_is_followed_to_what_it_was_given() {
    let source = "
URL = f'{BASE}/mesures'

class RoutesTests(TestCase):
    def setUp(self):
        self.detail = reverse('suivi:ruche', args=[1])

    def test_both(self):
        assert self.client.get(self.detail).status_code == 200
        assert self.client.post(URL).status_code == 201
        assert self.client.get(reverse('accueil')).status_code == 200
";
    let functions = tested(source).functions;
    let named = |name: &str| Request {
        method: "GET".to_owned(),
        asked: Asked::Name(name.to_owned()),
    };
    let test = functions[1].test.as_ref().unwrap();
    assert_eq!(
        test.requests,
        [
            named("ruche"),
            Request::path("POST", "/mesures"),
            named("accueil")
        ]
    );
}

#[test]
fn a_helper_that_sends_a_request_is_known_by_it() {
    let source = "def demande(client):
    return client.get('/films')

def test_it(client):
    assert demande(client).status_code == 200
";
    assert_eq!(
        tested(source).functions[0].requests,
        [Request::path("GET", "/films")]
    );
}

#[test]
fn a_route_keeps_what_it_depends_on_however_long_its_parameters_are() {
    let long = "x: str = Query(None, description='".to_owned() + &"long ".repeat(120) + "')";
    let source = format!(
        "@router.get('/a')\ndef a({long}, _=Depends(identite), user: Courant = None):\n    return 1\n"
    );
    let route = module(&source).routes.remove(0);
    assert!(
        ["identite", "Courant"]
            .iter()
            .all(|name| route.dependencies.iter().any(|known| known == name)),
        "{route:?}"
    );
}

#[test]
fn calls_inside_calls_are_kept_up_to_a_limit() {
    let line = format!("{}{}\n", "f(".repeat(500), ")".repeat(500));
    let source = line.repeat(40);
    let module = module(&source);

    let kept: usize = module.calls.iter().map(|call| call.arguments.len()).sum();
    let most = KEPT_OF_A_FILE + KEPT_OF_A_BYTE * source.len();
    assert!(module.is_cut && kept <= most, "{kept} {most}");

    // Code that a person writes is kept whole.
    let plain = "result = compute(first_argument, second_argument=3)\n".repeat(2_000);
    let module = self::module(&plain);
    assert_eq!((module.calls.len(), module.is_cut), (2_000, false));
}

#[test]
fn a_route_at_the_path_of_its_router_is_a_route() {
    let source = "films = APIRouter(prefix='/films')\nactors = APIRouter(prefix='/actors')\napp = FastAPI()\n\n@films.post('')\ndef a():\n    return 1\n\n@actors.get('/{id}')\ndef b():\n    return 1\n\n@app.get('/')\ndef c():\n    return 1\n\n@mock.patch('app.load')\ndef d():\n    return 1\n";
    let paths: Vec<(String, String)> = module(source)
        .routes
        .into_iter()
        .map(|route| (route.method, route.path))
        .collect();
    let owned = |method: &str, path: &str| (method.to_owned(), path.to_owned());
    assert_eq!(
        paths,
        [
            owned("POST", "/films"),
            owned("GET", "/actors/{id}"),
            owned("GET", "/")
        ]
    );
}

#[test]
fn a_class_of_flask_answers_by_its_methods() {
    let source = "
@blp.route('/loyers')
class Loyers(MethodView):
    @jwt_required()
    def get(self):
        return []

    def post(self):
        return {}

    def total(self):
        return 0

@ns.route('/predict')
class Predict(Resource):
    decorators = [jwt_required()]

    def post(self):
        return {}
";
    assert_eq!(
        routes(source),
        [
            route("GET", "/loyers", 2, true),
            route("POST", "/loyers", 2, false),
            route("POST", "/predict", 14, true),
        ]
    );
}

#[test]
fn a_class_of_flask_is_registered_by_a_call() {
    let source = "
class Loyers(Resource):
    def get(self):
        return []

api.add_resource(Loyers, '/loyers')
app.add_url_rule('/villes', view_func=Villes.as_view('villes'))
";
    let routes: Vec<_> = module(source)
        .routes
        .into_iter()
        .map(|route| (route.path, route.handler, route.is_page))
        .collect();
    assert_eq!(
        routes[0],
        ("/loyers".to_owned(), "Loyers".to_owned(), false)
    );
    assert_eq!(routes[1].1, "Villes");
}

#[test]
fn what_security_asks_for_is_a_guard_whatever_its_name() {
    let source = "
@router.get('/villes')
def villes(cle: str = Security(cle)):
    return []
";
    assert!(routes(source)[0].3);
}
