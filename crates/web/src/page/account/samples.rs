use askama::Template as _;
use chrono::TimeDelta;
use filrouge_accounts::{
    ConsentAnswer, ConsentPurpose, Person, RightsRequest, RightsRequestKind, Role, Session,
};

use super::{AccountForm, AccountPage, Frame, Holding, KeptStation};
use crate::data_api::SAMPLE_TIME;

/// An account, then the same with the fault of a form.
pub(in crate::page) fn samples(t: &Frame) -> Vec<(&'static str, String)> {
    let page = |fault| {
        let page = AccountPage::new(t.clone(), holding(), fault, SAMPLE_TIME);
        page.render().unwrap()
    };
    let fault = (AccountForm::Password, t.say("fault-password-common"));
    vec![
        ("account", page(None)),
        ("account_with_fault", page(Some(fault))),
    ]
}

/// A person with a favourite, two sessions and a request.
fn holding() -> Holding {
    let account_id = "0123456789abcdef0123456789abcdef".parse().unwrap();
    let session = |digit: &str, device: &str| Session {
        session_id: digit.repeat(32).parse().unwrap(),
        device: device.to_owned(),
        opened_at: SAMPLE_TIME - TimeDelta::hours(2),
        last_used_at: SAMPLE_TIME - TimeDelta::minutes(3),
    };
    let consent = |purpose, is_given| ConsentAnswer {
        purpose,
        is_given,
        answered_at: is_given.then_some(SAMPLE_TIME),
    };

    Holding {
        person: Person {
            account_id,
            email: "camille@exemple.fr".parse().unwrap(),
            role: Role::Rider,
            created_at: SAMPLE_TIME - TimeDelta::days(20),
            last_login_at: SAMPLE_TIME,
            is_disabled: false,
            has_second_factor: false,
        },
        current: "a".repeat(32).parse().unwrap(),
        sessions: vec![
            session("a", "Firefox <b>sur</b> Linux"),
            session("b", "Safari"),
        ],
        consents: vec![
            consent(ConsentPurpose::Favourites, true),
            consent(ConsentPurpose::ReportExamples, false),
        ],
        requests: vec![RightsRequest {
            request_id: "0123456789abcdef".parse().unwrap(),
            account_id: None,
            kind: RightsRequestKind::Objection,
            received_at: SAMPLE_TIME,
            due_at: SAMPLE_TIME + TimeDelta::days(31),
            answered_at: None,
        }],
        favourites: vec![KeptStation {
            station_id: "RIV-001".parse().unwrap(),
            name: "Gare <centrale>".to_owned(),
        }],
        pending_key: None,
    }
}
