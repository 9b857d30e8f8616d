use std::fmt;
use std::str::FromStr;

/// RFC 5321, section 4.5.3.1.3, less the angle brackets.
const LONGEST: usize = 254;

/// The address that names an account, in lower case: the same mailbox must not open two accounts.
///
/// Only mail proves that an address exists: nothing but its shape is judged here.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the `@`.
    pub(crate) fn local_part(&self) -> &str {
        self.0.split('@').next().unwrap_or_default()
    }
}

/// The text is no e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not an e-mail address")]
pub struct InvalidEmail;

impl FromStr for EmailAddress {
    type Err = InvalidEmail;

    fn from_str(text: &str) -> Result<Self, InvalidEmail> {
        let text = text.trim().to_lowercase();
        let is_address = text.len() <= LONGEST
            && text
                .split_once('@')
                .is_some_and(|(local, domain)| is_local_part(local) && is_domain(domain));

        is_address.then_some(Self(text)).ok_or(InvalidEmail)
    }
}

/// `prenom.nom+velo`: the letters of RFC 5322, section 3.2.3, and those of any language. A comma or a
/// bracket would name a second mailbox in a header.
fn is_local_part(text: &str) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(c);
    !text.is_empty() && text.chars().all(is_letter)
}

/// `exemple.fr`: labels between dots, two at least, and no second `@`.
fn is_domain(text: &str) -> bool {
    let is_label =
        |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    text.contains('.') && text.split('.').all(is_label)
}

// By hand: an address is a personal datum, which no log may tell.
impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_mailbox_and_a_domain_and_loses_its_capitals() {
        let table = [
            (" Prenom@Exemple.fr ", Some("prenom@exemple.fr")),
            ("a.b+c@sous.exemple.fr", Some("a.b+c@sous.exemple.fr")),
            ("", None),
            ("prenom", None),
            ("@exemple.fr", None),
            ("prenom@", None),
            ("prenom@exemple", None),
            ("prenom@exemple..fr", None),
            ("a@b@exemple.fr", None),
            ("pre nom@exemple.fr", None),
            ("a@exemple.fr\r\nBcc: b@exemple.fr", None),
            // Two mailboxes, a name, a comment: a header would read them so (RFC 5322, section 3.4).
            ("autre,prenom@exemple.fr", None),
            ("nom<prenom@exemple.fr", None),
            ("prenom(moi)@exemple.fr", None),
            ("groupe:prenom@exemple.fr", None),
            // Letters that nobody sees: two addresses would look alike.
            ("pre\u{200b}nom@exemple.fr", None),
            ("\u{202e}monerp@exemple.fr", None),
            ("hélène.o'neil@exemple.fr", Some("hélène.o'neil@exemple.fr")),
        ];

        for (text, expected) in table {
            let read = text.parse::<EmailAddress>().ok();
            assert_eq!(read.as_ref().map(EmailAddress::as_str), expected, "{text}");
        }

        let long = format!("{}@exemple.fr", "a".repeat(LONGEST));
        assert!(long.parse::<EmailAddress>().is_err());
    }

    #[test]
    fn an_address_is_not_told_to_a_log() {
        let address: EmailAddress = "prenom@exemple.fr".parse().unwrap();
        assert!(!format!("{address:?}").contains("prenom"));
    }
}
