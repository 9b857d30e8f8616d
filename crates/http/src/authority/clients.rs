use std::collections::HashMap;
use std::sync::Arc;

use crate::clients::Client;
use crate::limits::{Allowance, RateLimit};

/// The clients that may ask for tokens, each with its scopes: there is no other table of them,
/// so a stranger takes no memory.
#[derive(Debug, Default)]
pub(super) struct Clients(HashMap<Box<str>, Registered>);

#[derive(Debug)]
pub(super) struct Registered {
    pub(super) client: Client,
    pub(super) allowance: Arc<Allowance>,
}

impl Clients {
    pub(super) fn new(clients: Vec<Client>, limit: RateLimit) -> Self {
        Self::default().renewed(clients, limit)
    }

    /// Other clients; those that stay keep the allowance that they have begun.
    pub(super) fn renewed(&self, clients: Vec<Client>, limit: RateLimit) -> Self {
        let register = |client: Client| {
            let known = self.get(&client.client_id);
            let allowance = known.map_or_else(
                || Allowance::new(limit),
                |known| Arc::clone(&known.allowance),
            );
            let client_id = client.client_id.as_str().into();
            (client_id, Registered { client, allowance })
        };
        Self(clients.into_iter().map(register).collect())
    }

    pub(super) fn get(&self, client_id: &str) -> Option<&Registered> {
        self.0.get(client_id)
    }
}
