//! The figures of the README, as ratios of things measured in one run.
//!
//! `cargo bench` prints each figure with its bound and ends with 1 when one is missed. The large
//! document is a real one where `../shared/corpus` is present, and a made one otherwise.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a benchmark reads its document and prints what it measured"
)]

use std::{
    fmt::Write,
    hint::black_box,
    path::Path,
    process::ExitCode,
    time::{Duration, Instant},
};

use treaty::{
    document::{Document, Limits},
    openapi::{Description, NoFiles},
    ruleset::{Profile, Ruleset},
    verify::{self, Lint},
};

const REAL: &str = "../shared/corpus/derived__from-json/api.github.com.yaml";

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let real = std::fs::read_to_string(root.join(REAL)).ok();
    let (name, large) = match real {
        Some(text) => ("a real document", text),
        None => ("a made document", made(30_000)),
    };
    println!("{name} of {:.1} MB", large.len() as f64 / 1e6);
    let load = median(|| drop(black_box(serde_yaml::from_str::<serde_yaml::Value>(&large))));
    let events = median(|| drop(black_box(parse_by_events(&large))));
    let parse = median(|| drop(black_box(parse(&large))));
    let whole = median(|| drop(black_box(lint(&large))));
    let (small, large) = (made(1_000), made(10_000));
    let growth =
        ratio(median(|| drop(black_box(lint(&large)))), median(|| drop(black_box(lint(&small)))));
    let figures = [
        Figure::at_most("lint to serde_yaml's load", ratio(whole, load), 1.0),
        Figure::at_least("event parser to parse", ratio(events, parse), 4.0),
        Figure::at_most("lint of ten times the document", growth, 11.0),
    ];
    println!("load {load:?}, events {events:?}, parse {parse:?}, lint {whole:?}");
    let mut missed = false;
    for figure in figures {
        println!("{figure}");
        missed |= !figure.holds();
    }
    ExitCode::from(u8::from(missed))
}

/// One figure and its bound.
struct Figure {
    name: &'static str,
    value: f64,
    bound: f64,
    is_least: bool,
}

impl Figure {
    fn at_most(name: &'static str, value: f64, bound: f64) -> Self {
        Self { name, value, bound, is_least: false }
    }

    fn at_least(name: &'static str, value: f64, bound: f64) -> Self {
        Self { name, value, bound, is_least: true }
    }

    fn holds(&self) -> bool {
        if self.is_least { self.value >= self.bound } else { self.value <= self.bound }
    }
}

impl std::fmt::Display for Figure {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let word = if self.is_least { "at least" } else { "at most" };
        let verdict = if self.holds() { "holds" } else { "MISSED" };
        write!(formatter, "{}: {:.2}, {word} {}: {verdict}", self.name, self.value, self.bound)
    }
}

fn parse(text: &str) -> Document {
    Document::parse("openapi.yaml", text.into(), &Limits::default())
}

fn parse_by_events(text: &str) -> Document {
    Document::parse_by_events("openapi.yaml", text.into(), &Limits::default())
}

fn lint(text: &str) -> Lint {
    let description = Description::load("openapi.yaml", text.into(), &NoFiles, &Limits::default());
    let ruleset = Ruleset::built_in(Profile::Recommended);
    verify::lint(&description, &ruleset, &verify::Options::default())
}

fn ratio(above: Duration, below: Duration) -> f64 {
    above.as_secs_f64() / below.as_secs_f64().max(1e-9)
}

/// The median of seven runs after one that does not count.
fn median(mut run: impl FnMut()) -> Duration {
    run();
    let mut times: Vec<_> = (0..7)
        .map(|_| {
            let begin = Instant::now();
            run();
            begin.elapsed()
        })
        .collect();
    times.sort();
    times.get(3).copied().unwrap_or_default()
}

/// A description of so many operations, each with a schema and an example of its own.
fn made(operations: usize) -> String {
    let mut text = String::from(
        "openapi: 3.0.3\ninfo: {title: Things, version: '1'}\nservers: [{url: 'https://api.example.com'}]\npaths:\n",
    );
    for number in 0..operations {
        write!(
            text,
            "  /things{number}/{{id}}:
    get:
      operationId: getThing{number}
      summary: One thing
      parameters:
        - {{name: id, in: path, required: true, schema: {{type: string, format: uuid}}}}
      responses:
        '200':
          description: The thing.
          content:
            application/json:
              schema: {{$ref: '#/components/schemas/Thing{number}'}}
              example: {{id: 0e2d6f2c-5f0f-4b53-9d3c-4f0a7f6f1e11, count: 3, tags: [a, b]}}
"
        )
        .unwrap();
    }
    text.push_str("components:\n  schemas:\n");
    for number in 0..operations {
        write!(
            text,
            "    Thing{number}:
      type: object
      required: [id]
      properties:
        id: {{type: string, format: uuid}}
        count: {{type: integer, format: int32, minimum: 0}}
        tags: {{type: array, items: {{type: string, maxLength: 20}}}}
        parent: {{$ref: '#/components/schemas/Thing{}'}}
",
            number * 7 % operations
        )
        .unwrap();
    }
    text
}
