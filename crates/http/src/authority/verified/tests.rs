use super::*;

fn grant(expires_at: i64) -> Arc<Grant> {
    Arc::new(Grant {
        token_id: "1".into(),
        client_id: "demo".into(),
        scopes: Vec::new(),
        expires_at,
    })
}

#[test]
fn the_cache_never_grows_past_its_capacity_and_keeps_the_newest() {
    let tokens = VerifiedTokens::default();
    for number in 0..CAPACITY + 10 {
        tokens.insert(&number.to_string(), &grant(100), 0);
    }
    assert!(tokens.0.len() <= CAPACITY);
    assert!(tokens.get(&(CAPACITY + 9).to_string()).is_some());
}

#[test]
fn expired_tokens_leave_first() {
    let tokens = VerifiedTokens::default();
    tokens.insert("fresh", &grant(1000), 0);
    for number in 1..CAPACITY {
        tokens.insert(&number.to_string(), &grant(100), 0);
    }
    tokens.insert("newest", &grant(1000), 500);
    assert!(tokens.get("fresh").is_some() && tokens.get("1").is_none());
}
