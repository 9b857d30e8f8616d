use super::read;
use crate::module::Request;

#[test]
fn an_express_route_says_its_guard_and_its_handler() {
    let source = "app.get('/films', requireAuth, listFilms);\napp.post('/open', (req, res) => res.json(1));\n";
    let routes = read("server.js", source, false).routes;

    let seen: Vec<_> = routes
        .iter()
        .map(|route| {
            (
                route.method.as_str(),
                route.path.as_str(),
                route.is_protected,
            )
        })
        .collect();

    assert_eq!(seen, [("GET", "/films", true), ("POST", "/open", false)]);
    assert_eq!(routes[0].handler, "listFilms");
}

#[test]
fn a_test_counts_its_expectations_and_its_requests() {
    let source = "it('answers', async () => {\n  const r = await request(app).get('/films');\n  expect(r.status).toBe(401);\n});\ntest('nothing', () => { run(); });\n";
    let tests: Vec<_> = read("a.test.ts", source, true)
        .functions
        .into_iter()
        .filter_map(|function| function.test)
        .collect();
    assert_eq!((tests[0].checks, tests[0].expects_refusal), (1, true));
    assert_eq!(tests[0].requests, [Request::path("GET", "/films")]);
    assert_eq!(tests[1].checks, 0);
}

#[test]
fn typescript_and_jsx_are_read() {
    let source = "export default function Page(): JSX.Element {\n  const [a, setA] = useState<string | null>(null);\n  return <form><label>x</label></form>;\n}\n";
    let names: Vec<String> = read("page.tsx", source, false)
        .calls
        .into_iter()
        .map(|call| call.name)
        .collect();
    assert!(
        names.contains(&"jsx".to_owned()) && names.contains(&"jsx form".to_owned()),
        "{names:?}"
    );
}
