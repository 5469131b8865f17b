//! What two organizations must have said before they exchange values: the currency of an amount,
//! the unit of a quantity, the zone of a time, the form of an identifier.
//!
//! * **Source.** ISO 4217; RFC 3339; RFC 9562; the Unified Code for Units of Measure.

use crate::{
    document::NodeRef,
    finding::{At, Coverage, Draft},
    openapi::Kind as Object,
};

use crate::verify::{
    checks::{each, words::words},
    context::Context,
    sink::Sink,
};

/// Reports properties and parameters of which one must guess what their values mean.
pub(super) fn check<'d>(cx: &Context<'_, 'd>, sink: &mut Sink<'_, 'd>, _: &mut Coverage) {
    for visit in cx.walk.visits(Object::Schema) {
        let Some(properties) = visit.node.get("properties") else { continue };
        let told = Told::of(cx, visit.node);
        for entry in properties.entries() {
            if let Some(schema) = cx.walk.resolve(entry.value) {
                let named = Named { name: entry.key, at: At::Key(entry.value), schema };
                named.check(&told, entry.value, sink);
            }
        }
    }
    for visit in cx.walk.visits(Object::Parameter) {
        let schema = visit.node.get("schema").and_then(|schema| cx.walk.resolve(schema));
        let name = visit.node.get("name");
        if let (Some(schema), Some(at)) = (schema, name)
            && let Some(name) = at.as_str()
        {
            let named = Named { name, at: At::Value(at), schema };
            named.check(&Told::default(), visit.node, sink);
        }
    }
}

/// What an object says of all its properties.
#[derive(Default)]
struct Told {
    currency: bool,
    unit: bool,
    zone: bool,
}

impl Told {
    fn of<'d>(cx: &Context<'_, 'd>, schema: NodeRef<'d>) -> Self {
        let mut told = Self::default();
        let parts = cx.schemas.closure(schema, true).unwrap_or_else(|| vec![schema]);
        for part in parts {
            for entry in part.get("properties").into_iter().flat_map(NodeRef::entries) {
                for word in words(entry.key) {
                    told.currency |= matches!(word.as_str(), "currency" | "currencies");
                    told.unit |= matches!(word.as_str(), "unit" | "units" | "uom" | "measure");
                    told.zone |= matches!(word.as_str(), "timezone" | "zone" | "tz" | "offset");
                }
            }
            let text = part.get("description").and_then(NodeRef::as_str).unwrap_or_default();
            told.currency |= names_currency(text);
            told.zone |= names_zone(text);
        }
        told
    }
}

/// A value with a name.
struct Named<'d> {
    name: &'d str,
    at: At<'d>,
    schema: NodeRef<'d>,
}

const AMOUNTS: [&str; 16] = [
    "amount",
    "price",
    "total",
    "subtotal",
    "cost",
    "fee",
    "tax",
    "vat",
    "discount",
    "balance",
    "payment",
    "salary",
    "refund",
    "surcharge",
    "revenue",
    "charge",
];

/// What an amount is not, though a word of it stands in the name.
const COUNTS: [&str; 19] = [
    "count",
    "counts",
    "number",
    "items",
    "pages",
    "page",
    "results",
    "records",
    "quantity",
    "rate",
    "percent",
    "percentage",
    "ratio",
    "id",
    "code",
    "elements",
    "hits",
    "size",
    "rows",
];

const QUANTITIES: [&str; 22] = [
    "weight",
    "height",
    "width",
    "length",
    "depth",
    "distance",
    "duration",
    "temperature",
    "volume",
    "area",
    "speed",
    "pressure",
    "timeout",
    "interval",
    "delay",
    "age",
    "latency",
    "radius",
    "altitude",
    "mass",
    "ttl",
    "capacity",
];

/// Words in a name that say the unit.
const UNITS: [&str; 50] = [
    "ms",
    "millis",
    "milliseconds",
    "seconds",
    "second",
    "secs",
    "sec",
    "s",
    "minutes",
    "minute",
    "mins",
    "min",
    "hours",
    "hour",
    "days",
    "day",
    "weeks",
    "months",
    "years",
    "year",
    "kg",
    "g",
    "grams",
    "gram",
    "mg",
    "lb",
    "lbs",
    "oz",
    "mm",
    "cm",
    "m",
    "km",
    "meters",
    "metres",
    "miles",
    "mi",
    "inches",
    "inch",
    "ft",
    "px",
    "pixels",
    "bytes",
    "kb",
    "mb",
    "gb",
    "celsius",
    "percent",
    "liters",
    "litres",
    "ml",
];

impl<'d> Named<'d> {
    fn check(&self, told: &Told, holder: NodeRef<'d>, sink: &mut Sink<'_, 'd>) {
        let parts = words(self.name);
        let has = |list: &[&str]| parts.iter().any(|word| list.contains(&word.as_str()));
        let numeric =
            each::is_typed(self.schema, "number") || each::is_typed(self.schema, "integer");
        if numeric {
            if has(&AMOUNTS)
                && !has(&COUNTS)
                && !told.currency
                && !self.says(holder, names_currency)
            {
                self.report("amount-without-currency", "is an amount without a currency", sink);
            }
            let last = parts.last().is_some_and(|it| QUANTITIES.contains(&it.as_str()));
            if last && !has(&UNITS) && !told.unit && !self.says(holder, names_unit) {
                self.report("quantity-without-unit", "is a quantity without a unit", sink);
            }
        }
        self.check_time(&parts, numeric, told, holder, sink);
        self.check_identifier(&parts, sink);
    }

    fn check_time(
        &self,
        parts: &[String],
        numeric: bool,
        told: &Told,
        holder: NodeRef<'d>,
        sink: &mut Sink<'_, 'd>,
    ) {
        let last = parts.last().map_or("", String::as_str);
        let is_time = matches!(last, "timestamp" | "datetime" | "date" | "time")
            || last == "at" && parts.len() > 1;
        if !is_time {
            return;
        }
        if numeric {
            // A number of seconds or of milliseconds, since when?
            if !self.says(holder, |text| names_unit(text) || names_zone(text)) && !told.zone {
                self.report("time-without-zone", "is a time as a number, of an unknown unit", sink);
            }
            return;
        }
        let telling = ["format", "pattern", "enum", "const"];
        let silent = telling.iter().all(|key| self.schema.get(key).is_none());
        if each::is_typed(self.schema, "string")
            && silent
            && !told.zone
            && !self.says(holder, names_zone)
        {
            self.report("time-without-zone", "is a time without a format", sink);
        }
    }

    fn check_identifier(&self, parts: &[String], sink: &mut Sink<'_, 'd>) {
        let is_id =
            parts.last().is_some_and(|it| matches!(it.as_str(), "id" | "uuid" | "sku" | "guid"));
        let telling = ["format", "pattern", "enum", "const", "maxLength", "minLength"];
        if is_id
            && each::is_typed(self.schema, "string")
            && telling.iter().all(|key| self.schema.get(key).is_none())
        {
            self.report("identifier-without-format", "is an identifier of any form", sink);
        }
    }

    /// Whether a description of the value, or of what holds it, says something.
    fn says(&self, holder: NodeRef<'d>, what: fn(&str) -> bool) -> bool {
        let texts = [holder, self.schema].into_iter().flat_map(|node| {
            ["description", "title", "x-unit", "x-currency", "format"].map(|key| node.get(key))
        });
        let extension = self.schema.get("x-unit").or(holder.get("x-unit"));
        extension.is_some() || texts.flatten().filter_map(NodeRef::as_str).any(what)
    }

    fn report(&self, rule: &'static str, what: &str, sink: &mut Sink<'_, 'd>) {
        let message = format!("`{}` {what}", self.name);
        sink.push(Draft::new(rule, self.at, message).fact(self.name));
    }
}

/// Whether a text names a currency, or says where it stands.
fn names_currency(text: &str) -> bool {
    let symbols = ['$', '€', '£', '¥', '₽', '₹'];
    let lower = text.to_lowercase();
    let words = ["currency", "cent", "dollar", "euro", "pound", "yen", "rouble", "ruble", "rupee"];
    let codes =
        ["USD", "EUR", "GBP", "JPY", "RUB", "CHF", "CNY", "INR", "CAD", "AUD", "BRL", "PLN"];
    text.contains(symbols)
        || words.iter().any(|it| lower.contains(it))
        || codes.iter().any(|it| text.contains(it))
}

/// Whether a text names a unit.
fn names_unit(text: &str) -> bool {
    let lower = text.to_lowercase();
    let mut parts = lower.split(|char: char| !char.is_alphanumeric());
    let symbols = text.contains(['°', '%']);
    let long = ["unit", "gram", "meter", "metre", "second", "litre", "liter", "byte", "percent"];
    symbols
        || long.iter().any(|word| lower.contains(word))
        || parts.any(|word| UNITS.contains(&word) && word.len() > 1)
}

/// Whether a text says which zone or format a time has.
fn names_zone(text: &str) -> bool {
    let lower = text.to_lowercase();
    [
        "utc", "gmt", "zone", "rfc 3339", "rfc3339", "iso 8601", "iso8601", "iso-8601", "unix",
        "epoch", "offset",
    ]
    .iter()
    .any(|it| lower.contains(it))
}
