//! The end of a certificate: RFC 5280, section 4.1.

use std::path::Path;

use simple_asn1::{ASN1Block, from_der};

/// Seconds from 1970 to the end of the first certificate of a PEM file; none when the file holds no
/// certificate that can be read.
pub(crate) fn end_of(file: &Path) -> Option<f64> {
    let text = std::fs::read(file).ok()?;
    let parts = pem::parse_many(text).ok()?;
    let certificate = parts.iter().find(|part| part.tag() == "CERTIFICATE")?;
    end_of_der(certificate.contents())
}

fn end_of_der(bytes: &[u8]) -> Option<f64> {
    let blocks = from_der(bytes).ok()?;
    let [certificate] = &blocks[..] else {
        return None;
    };

    let signed = sequence(certificate)?.first()?;
    sequence(signed)?.iter().find_map(end_of_validity)
}

/// The second instant of `Validity`, the only pair of instants of a certificate.
fn end_of_validity(block: &ASN1Block) -> Option<f64> {
    match sequence(block)? {
        [start, end] => instant(start).and(instant(end)),
        _ => None,
    }
}

fn sequence(block: &ASN1Block) -> Option<&[ASN1Block]> {
    match block {
        ASN1Block::Sequence(_, blocks) => Some(blocks),
        _ => None,
    }
}

fn instant(block: &ASN1Block) -> Option<f64> {
    match block {
        ASN1Block::UTCTime(_, time) | ASN1Block::GeneralizedTime(_, time) => {
            Some(time.assume_utc().unix_timestamp() as f64)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -subj /CN=localhost`, with
    /// its end set to 2026-12-31T00:00:00Z, then to 2050-01-01T00:00:00Z, whose year is in full.
    const ENDS: [(&str, f64); 2] = [
        (
            include_str!("certificate/ends-2026-12-31.pem"),
            1_798_675_200.0,
        ),
        (
            include_str!("certificate/ends-2050-01-01.pem"),
            2_524_608_000.0,
        ),
    ];

    #[test]
    fn the_end_of_a_certificate_is_read_whatever_stands_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tls.pem");
        let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";

        for (certificate, end) in ENDS {
            for text in [certificate.to_owned(), format!("{key}{certificate}")] {
                std::fs::write(&file, text).unwrap();
                assert_eq!(end_of(&file), Some(end));
            }
        }
    }

    #[test]
    fn a_file_that_holds_no_certificate_has_no_end() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tls.pem");
        assert_eq!(end_of(&file), None);

        let (whole, _) = ENDS[0];
        for text in [
            "",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            &whole[..300],
        ] {
            std::fs::write(&file, text).unwrap();
            assert_eq!(end_of(&file), None, "{text}");
        }
    }
}
