//! The judgement of an answer: it is taken as it is, or not at all. Nothing is mended.

use serde::Deserialize;

use crate::chat::{ChatChoice, ChatCompletion};
use crate::prompt::UNKNOWN;
use crate::{ServiceError, TokenUsage, TriagePrompt, Triaged};

/// Longest reply, in characters.
const LONGEST_REPLY: usize = 600;

/// Small words, the most frequent ones of each language; those that two languages share are left out.
const FRENCH: [&str; 24] = [
    "le", "les", "des", "du", "est", "et", "vous", "votre", "nous", "notre", "une", "pour", "sur",
    "avec", "merci", "bonjour", "vélo", "pas", "ce", "cette", "dans", "au", "aux", "sera",
];
const OTHERS: [&str; 40] = [
    "the", "and", "you", "your", "is", "are", "for", "we", "our", "thank", "thanks", "with",
    "this", "will", "bike", "have", "has", "of", "to", "it", "der", "die", "und", "ist", "wir",
    "sie", "danke", "ihr", "nicht", "mit", "el", "los", "gracias", "por", "nosotros", "su", "il",
    "grazie", "della", "abbiamo",
];

/// The JSON that the schema asks for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TriageAnswer {
    category: String,
    urgent: bool,
    reply: Option<String>,
}

/// The reading that a completion gives.
pub(crate) fn judge(
    completion: ChatCompletion,
    prompt: &TriagePrompt,
    most_tokens: u32,
) -> Result<Triaged, ServiceError> {
    let usage = completion.usage.unwrap_or_default();
    let choice = completion.choices.into_iter().next();
    let text = text_of(choice.ok_or(ServiceError::Empty)?, most_tokens)?;

    read(&text, prompt, usage)
}

/// The whole text of a choice.
fn text_of(choice: ChatChoice, most_tokens: u32) -> Result<String, ServiceError> {
    match choice.finish_reason.as_deref() {
        // `model_length` is Mistral's word, `max_tokens` that of some gateways.
        Some("length" | "model_length" | "max_tokens") => {
            return Err(ServiceError::Cut(most_tokens));
        }
        Some("content_filter" | "error") => return Err(ServiceError::Declined),
        Some("tool_calls" | "function_call") => {
            return Err(ServiceError::WrongSchema("a call of a tool, not a text"));
        }
        _ => {}
    }
    if choice
        .message
        .refusal
        .is_some_and(|refusal| !refusal.is_empty())
    {
        return Err(ServiceError::Declined);
    }

    let text = choice.message.content.unwrap_or_default();
    if text.trim().is_empty() {
        return Err(ServiceError::Empty);
    }
    Ok(text)
}

fn read(text: &str, prompt: &TriagePrompt, usage: TokenUsage) -> Result<Triaged, ServiceError> {
    // The parser's own message would repeat the answer.
    let answer: TriageAnswer = serde_json::from_str(text)
        .map_err(|_| ServiceError::WrongSchema("not the object that was asked for"))?;

    let is_known = |name: &str| prompt.categories().iter().any(|known| known.name == name);
    let category = match answer.category.as_str() {
        UNKNOWN => None,
        name if is_known(name) => Some(answer.category),
        _ => return Err(ServiceError::WrongSchema("an unknown category")),
    };

    match (&answer.reply, prompt.with_reply()) {
        (None, true) => return Err(ServiceError::WrongSchema("no reply")),
        (Some(_), false) => return Err(ServiceError::WrongSchema("a reply nobody asked for")),
        (Some(reply), true) => check_reply(reply)?,
        (None, false) => {}
    }

    Ok(Triaged {
        category,
        // What a language model says of its own certainty is worth little: it is not asked.
        confidence: None,
        is_urgent: Some(answer.urgent),
        reply: answer.reply,
        usage,
    })
}

/// A reply that a person may be shown: French, short, and without anything to follow or to run.
fn check_reply(reply: &str) -> Result<(), ServiceError> {
    let lower = reply.to_lowercase();
    let has = |marks: &[&str]| marks.iter().any(|mark| lower.contains(mark));

    if reply.trim().is_empty() {
        return Err(ServiceError::WrongSchema("an empty reply"));
    }
    if reply.chars().count() > LONGEST_REPLY {
        return Err(ServiceError::UnsafeReply("too many characters"));
    }
    if has(&["http:", "https:", "www.", "://"]) {
        return Err(ServiceError::UnsafeReply("an address of the web"));
    }
    if has(&["@"]) {
        return Err(ServiceError::UnsafeReply("an address of mail"));
    }
    if has(&["<", ">", "```", "[", "]"]) {
        return Err(ServiceError::UnsafeReply("a tag"));
    }
    if !is_french(reply) {
        return Err(ServiceError::WrongLanguage);
    }
    Ok(())
}

/// True when the small words of a text are French rather than English, German, Spanish or Italian.
pub fn is_french(text: &str) -> bool {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower
        .split(|sign: char| !sign.is_alphabetic())
        .filter(|word| !word.is_empty())
        .collect();
    let count = |list: &[&str]| words.iter().filter(|word| list.contains(word)).count();
    let (french, others) = (count(&FRENCH), count(&OTHERS));

    french > others
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn french_is_told_from_its_neighbours() {
        for text in [
            "Bonjour, merci de votre signalement.",
            "Nous avons bloqué le vélo 4521 ; il sera réparé dans la journée.",
        ] {
            assert!(is_french(text), "{text}");
        }

        for text in [
            "Thank you for your report, we will repair the bike.",
            "Danke, wir reparieren das Rad, es ist nicht sicher.",
            "Gracias por su aviso.",
            "Grazie, abbiamo ricevuto il messaggio.",
            "報告ありがとうございます。",
            "",
        ] {
            assert!(!is_french(text), "{text}");
        }
    }
}
