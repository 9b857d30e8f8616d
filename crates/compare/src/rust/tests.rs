use super::read;
use crate::module::Request;

#[test]
fn a_test_is_told_by_its_attribute_and_counts_its_checks() {
    let source = "
#[cfg(test)]
fn sample() -> u8 { 1 }

#[tokio::test]
async fn it_holds() -> Result<(), Error> {
    assert_eq!(get(\"/v1/x\").await?.status(), 401);
    parse(\"a\").unwrap();
    Ok(())
}
";
    let functions = read("tests/it.rs", source, true).functions;
    assert!(functions[0].test.is_none());
    let test = functions[1].test.as_ref().unwrap();
    assert_eq!((test.checks, test.expects_refusal), (2, true));
    assert_eq!(test.requests, [Request::path("ANY", "/v1/x")]);
}

#[test]
fn a_documented_route_says_its_path_and_its_guard() {
    let source = "#[utoipa::path(get, path = \"/v1/stations\", security((\"token\" = [])))]\nasync fn stations() {}\n";
    let route = read("src/routes.rs", source, false).routes.remove(0);
    assert_eq!(
        (
            route.method.as_str(),
            route.path.as_str(),
            route.is_protected
        ),
        ("GET", "/v1/stations", true)
    );
}
