//! The http seat: a model behind an address.
//!
//! * **Shape.** One question is one prompt, built from the state; its answer is the act in the
//!   first reply that the schema of acts takes. The act is asked for by structured output,
//!   then by a tool call, then in plain words; the form that worked is the first one next time.
//! * **Limits.** The question's `deadline_ms` over all tries, a budget of tokens over the run,
//!   a size for every body.
//! * **Errors.** [`SeatFault`]. A reply that is no act is answered as it is, so that the
//!   negotiation names what is wrong with it and the party's record holds it.
//! * **Keys.** A key comes from the environment and goes into one header. Every text that is
//!   kept is searched for it first.

mod budget;
mod form;
mod patience;
mod prompt;
mod reply;
mod service;

use std::{
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

use jsonschema::Validator;

use crate::{
    charter::mandate::Http,
    negotiate::{ACT_SCHEMA, Seat, SeatFault, TurnRequest},
};

use super::log::PrivateLog;

use budget::Budget;
use form::{Asking, Form};
use patience::is_passing;
use prompt::Prompt;
use reply::Reply;
use service::{CallError, Service};

pub use patience::Patience;
pub use prompt::Role;
pub use service::{Key, Network};

/// How much of a body is kept in the log.
const LOGGED_CHARACTERS_MAX: usize = 500;

/// What a seat for a model is made of.
#[derive(Debug)]
pub struct Model {
    /// The model and its service.
    pub http: Http,
    /// What the variable for the key holds; nothing where it is not set, or cannot be a key.
    pub key: Option<Key>,
    /// How the service is reached.
    pub network: Network,
    /// What the model is told once and for all.
    pub role: Role,
    /// The file in which the used tokens are counted.
    pub tokens: PathBuf,
    /// How the service is waited for.
    pub patience: Patience,
}

/// Seats a model.
#[derive(Debug)]
pub struct HttpSeat {
    http: Http,
    role: Role,
    key: Option<Key>,
    service: Result<Service, String>,
    validator: Option<Validator>,
    budget: Budget,
    patience: Patience,
    log: PrivateLog,
    /// The first form that is tried.
    form: Form,
    tokens_member: &'static str,
}

/// What came of asking in one form.
enum Asked {
    /// The model said something.
    Replied(Reply),
    /// The service said something that is no reply.
    Nonsense(String),
    /// The service does not take this form.
    Refused,
}

impl HttpSeat {
    /// A seat for a model, which is not asked yet.
    pub fn new(model: Model, log: PrivateLog) -> Self {
        let Model { http, key, network, role, tokens, patience } = model;
        let schema = serde_json::from_str(ACT_SCHEMA).unwrap_or_default();
        Self {
            service: Service::new(http.url.as_str(), http.api, key.clone(), &network),
            validator: jsonschema::validator_for(&schema).ok(),
            budget: Budget::new(http.tokens, tokens),
            http,
            role,
            key,
            patience,
            log,
            form: Form::Structured,
            tokens_member: "max_tokens",
        }
    }

    fn ask(&mut self, request: &TurnRequest, until: Instant) -> Result<Vec<u8>, SeatFault> {
        let prompt = Prompt::new(&self.role, request);
        let mut last = None;
        let first = self.form;
        for form in Form::ALL.into_iter().filter(|it| *it >= first) {
            let reply = match self.ask_in(form, &prompt, request, until)? {
                Asked::Replied(reply) => reply,
                Asked::Nonsense(text) => {
                    last = Some(text);
                    break;
                }
                Asked::Refused => continue,
            };
            if let Some(act) = reply.act(request).filter(|it| self.is_act(it)) {
                self.form = form;
                return Ok(self.scrubbed(&act.to_string()).into_bytes());
            }
            self.log.note(&format!("the reply by {} is no act", form.as_str()));
            last = Some(reply.text);
            if reply.cut {
                break;
            }
        }
        match last {
            Some(text) => Ok(self.scrubbed(&text).into_bytes()),
            None => Err(SeatFault::Unreachable),
        }
    }

    fn is_act(&self, value: &serde_json::Value) -> bool {
        self.validator.as_ref().is_none_or(|it| it.is_valid(value))
    }

    fn ask_in(
        &mut self,
        form: Form,
        prompt: &Prompt,
        request: &TurnRequest,
        until: Instant,
    ) -> Result<Asked, SeatFault> {
        loop {
            let left = self.budget.left_after(prompt.role.len() + prompt.question.len());
            if left == 0 {
                return Err(SeatFault::Spent);
            }
            let tokens = self.http.answer_tokens.min(left);
            let tokens_member = self.tokens_member;
            let (api, model) = (self.http.api, self.http.model.as_str());
            let asking = Asking { api, model, tokens, tokens_member };
            let body = asking.body(form, prompt, request);
            let (status, answer) = self.call(&body, until)?;
            let text = String::from_utf8_lossy(&answer).into_owned();
            if (200..300).contains(&status) {
                let reply = Reply::read(api, &answer);
                let counted = reply.as_ref().and_then(|it| it.tokens);
                self.budget.spend(counted, body.len() + answer.len());
                return Ok(reply.map_or(Asked::Nonsense(text), Asked::Replied));
            }
            self.note(&format!("{status} to {}: {}", form.as_str(), shortened(&text)));
            if text.contains("max_completion_tokens") && tokens_member == "max_tokens" {
                // Newer models of one service have another name for it.
                self.tokens_member = "max_completion_tokens";
                continue;
            }
            return match status {
                400 | 404 | 405 | 415 | 422 | 500 | 501 => Ok(Asked::Refused),
                _ => Err(SeatFault::Unreachable),
            };
        }
    }

    /// Calls the service until it answers, the tries are used or the time is up.
    fn call(&mut self, body: &str, until: Instant) -> Result<(u16, Vec<u8>), SeatFault> {
        let Ok(service) = &self.service else { return Err(SeatFault::Unreachable) };
        let mut fault = SeatFault::Unreachable;
        let mut failure = None;
        for number in 0..self.patience.tries.max(1) {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(SeatFault::TimedOut);
            }
            let (asked, why) = match service.post(body, left) {
                // What fails twice with the same words will do so again.
                Ok(answered)
                    if answered.status == 500 && failure.as_ref() == Some(&answered.body) =>
                {
                    return Ok((answered.status, answered.body));
                }
                Ok(answered) if is_passing(answered.status) => {
                    failure = (answered.status == 500).then(|| answered.body.clone());
                    fault = SeatFault::Unreachable;
                    let text = String::from_utf8_lossy(&answered.body).into_owned();
                    (answered.retry_after, format!("{}: {}", answered.status, shortened(&text)))
                }
                Ok(answered) => return Ok((answered.status, answered.body)),
                Err(error) => {
                    self.log.note(&service.scrubbed(&error.to_string()));
                    fault = match error {
                        CallError::Late => return Err(SeatFault::TimedOut),
                        CallError::Flood => return Err(SeatFault::Flooded),
                        CallError::Hopeless(_) => return Err(SeatFault::Unreachable),
                        CallError::Broken(_) => SeatFault::Ended,
                        CallError::Unreached(_) => SeatFault::Unreachable,
                    };
                    (None, "no answer".to_owned())
                }
            };
            let pause = self.patience.after(number, asked);
            let left = until.saturating_duration_since(Instant::now());
            let again = number + 1 < self.patience.tries && pause < left;
            let next = if again { format!("again in {pause:.1?}") } else { "no more".to_owned() };
            self.log.note(&service.scrubbed(&format!("{why}; {next}")));
            if !again {
                break;
            }
            thread::sleep(pause);
        }
        Err(fault)
    }

    fn scrubbed(&self, text: &str) -> String {
        self.service.as_ref().map_or_else(|_| String::new(), |it| it.scrubbed(text))
    }

    fn note(&self, text: &str) {
        self.log.note(&self.scrubbed(text));
    }
}

impl Seat for HttpSeat {
    fn ready(&self) -> Result<(), String> {
        if let (Some(name), None) = (&self.http.key_variable, &self.key) {
            return Err(format!(
                "the variable `{}` of the environment holds no key; set it, or remove \
                 `key_variable`",
                name.as_str()
            ));
        }
        self.service.as_ref().map(drop).map_err(Clone::clone)
    }

    fn answer(&mut self, request: &TurnRequest) -> Result<Vec<u8>, SeatFault> {
        let until = Instant::now() + Duration::from_millis(request.deadline_ms);
        let answered = self.ask(request, until);
        if let Err(fault) = answered {
            self.note(&format!("question {}: {fault}", request.request_id));
        }
        answered
    }
}

/// The start of a text.
fn shortened(text: &str) -> String {
    text.chars().take(LOGGED_CHARACTERS_MAX).collect()
}
