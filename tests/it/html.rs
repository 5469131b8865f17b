//! The page for a browser: its structure, its policy, its bounds. `tests/browser/run` opens it.

use insta::assert_snapshot;

use crate::program::Place;

/// The elements and attributes that the page is made of.
const TAGS: [&str; 51] = [
    "html", "head", "meta", "title", "style", "body", "a", "header", "p", "fieldset", "legend",
    "label", "input", "h1", "h2", "h3", "ul", "li", "details", "summary", "dl", "dt", "dd", "div",
    "main", "section", "table", "thead", "tbody", "tr", "th", "td", "span", "form", "select",
    "option", "output", "button", "b", "code", "ol", "mark", "article", "pre", "ins", "del",
    "footer", "script", "!doctype", "em", "small",
];
const ATTRIBUTES: [&str; 32] = [
    "aria-label",
    "aria-labelledby",
    "aria-live",
    "autocomplete",
    "charset",
    "checked",
    "class",
    "content",
    "data-class",
    "data-document",
    "data-for",
    "data-line",
    "data-rule",
    "data-severity",
    "hidden",
    "href",
    "html",
    "http-equiv",
    "id",
    "lang",
    "name",
    "open",
    "placeholder",
    "rel",
    "role",
    "scope",
    "tabindex",
    "type",
    "value",
    "src-none",
    "for",
    "style-none",
];
const VOID: [&str; 3] = ["meta", "input", "!doctype"];

/// Fails where a page holds more than its own elements, or where one is not closed.
pub(crate) fn check_html(page: &str) {
    let style = page.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
    let script = page.split_once("<script>").unwrap().1.split_once("</script>").unwrap().0;
    let page = page.replacen(style, "", 1).replacen(script, "", 1);
    let mut open = Vec::new();
    for part in page.split('<').skip(1) {
        let (tag, text) = part.split_once('>').expect("no `<` but those of tags");
        for reference in text.split('&').skip(1).chain(tag.split('&').skip(1)) {
            let name = reference.split_once(';').map(|(name, _)| name);
            assert!(matches!(name, Some("amp" | "lt" | "gt" | "quot" | "#39")), "{text}");
        }
        assert!(!text.contains(['"', '\'']) && !text.contains('>'), "{text}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name.to_owned()));
            continue;
        }
        let outside: String = tag.split('"').step_by(2).collect::<Vec<_>>().join("\"\"");
        let mut words = outside.split_whitespace();
        let name = words.next().unwrap();
        assert!(TAGS.contains(&name), "{tag}");
        for word in words {
            let attribute = word.split('=').next().unwrap();
            assert!(ATTRIBUTES.contains(&attribute), "{attribute} in {tag}");
            assert!(word == attribute || word.ends_with("=\"\""), "{tag}");
        }
        if let Some((_, address)) = tag.split_once("href=\"") {
            assert!(address.starts_with('#') || address.starts_with("https://"), "{tag}");
        }
        if !VOID.contains(&name) {
            open.push(name.to_owned());
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

const FAULTY: &str = "\
openapi: 3.1.0
info: { title: <Pets>, version: 1.0.0 }
paths:
  /pets/{id}:
    get:
      responses: { '200': { description: ok } }
    parameters:
      - { name: id, in: path, required: true, schema: { type: datetime } }
# 1
# 2
# 3
# 4
# 5
# 6
# 7
# 8
# 9
";

fn page(files: &[(&str, &str)]) -> String {
    let place = Place::with(files);
    let ran = place.treaty(&["lint", "--format", "html"]);
    assert!(ran.code < 2, "{}", ran.text());
    check_html(&ran.out);
    ran.out
}

/// The page without its style, its script and what changes with every rule.
fn body(page: &str) -> String {
    let from = page.find("<body>").unwrap();
    let to = page.find("<footer>").unwrap();
    let id = regex::Regex::new("SHA-256 <code>[0-9a-f]{12}").unwrap();
    id.replace_all(&page[from..to], "SHA-256 <code>…").into_owned()
}

#[test]
fn the_page_shows_the_document_with_the_findings_in_place() {
    assert_snapshot!(body(&page(&[("openapi.yaml", FAULTY)])));
}

#[test]
fn the_policy_names_the_style_and_the_script_of_the_page() {
    let page = page(&[("openapi.yaml", FAULTY)]);
    let policy = page.split_once("Security-Policy\" content=\"").unwrap().1;
    let policy = policy.split_once('"').unwrap().0;
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
    for address in ["src=", "url(", "@import", "fetch(", "XMLHttp", "innerHTML"] {
        assert!(!page.contains(address), "{address}");
    }
    assert_eq!(page, self::page(&[("openapi.yaml", FAULTY)]), "the same bytes each time");
}

#[test]
fn nothing_of_a_document_becomes_markup() {
    let hostile = "openapi: 3.1.0\ninfo: { title: a, version: '1' }\npaths:\n  \"/</script><b onclick=x>&amp;'`\":\n    get:\n      operationId: \"</code><script>1</script> `a\\u202e b\"\n      responses: { '200': { description: ok } }\n";
    let page = page(&[("a&b'<i>.yaml", hostile)]);
    assert!(page.contains("a&amp;b&#39;&lt;i&gt;.yaml"), "{page}");
    assert!(page.contains("&lt;/code&gt;&lt;script&gt;1&lt;/script&gt;"));
    assert_eq!(page.matches("<script>").count(), 1);
}

#[test]
fn a_large_document_is_shown_around_its_findings() {
    let path = |number: usize| {
        format!(
            "  /things/{number}:\n    get:\n      operationId: thing{number}\n      responses: {{ '200': {{ description: The thing that has this very number here }} }}\n"
        )
    };
    let paths: String = (0..3_000).map(path).collect();
    let faulty = "  /faulty: { get: { responses: { '200': { description: ok } } } }\n";
    let head = "openapi: 3.1.0\ninfo: { title: a, version: '1' }\npaths:\n";
    let page = page(&[("openapi.yaml", &format!("{head}{paths}{faulty}"))]);
    assert!(page.contains("The document is long"));
    assert!(page.contains("<p class=\"gap\">Lines 1–12000 are not on this page</p>"), "{page}");
    assert!(page.len() < 40_000, "{}", page.len());
    assert!(page.contains("thing2999"));
    assert!(!page.contains("thing2990"));
}

#[test]
fn a_long_line_is_cut_around_each_finding() {
    let responses = "\"responses\":{\"200\":{\"description\":\"ok\"}}";
    let item = |number: usize| {
        format!("\"/p{number}\":{{\"get\":{{\"operationId\":\"op{number}\",{responses}}}}}")
    };
    let mut paths: Vec<String> = (0..200).map(item).collect();
    paths.insert(100, format!("\"/faulty\":{{\"get\":{{{responses}}}}}"));
    let text = format!(
        "{{\"openapi\":\"3.1.0\",\"info\":{{\"title\":\"a\",\"version\":\"1\"}},\"paths\":{{{}}}}}",
        paths.join(",")
    );
    let page = page(&[("openapi.json", &text)]);
    assert!(page.contains("…") && page.contains("The document is long"));
    assert!(page.contains("/faulty") && !page.contains("op150"));
}

#[test]
fn documents_share_what_a_page_may_hold() {
    let filler =
        "# nothing of interest stands on this line of the document, which is long\n".repeat(3_000);
    let text = format!("{FAULTY}{filler}");
    let names: Vec<_> = (0..8).map(|number| format!("{number}.yaml")).collect();
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), text.as_str())).collect();
    let page = page(&files);
    assert_eq!(page.matches("The document is long").count(), 4, "1 MiB has room for four");
    assert_eq!(page.matches("there is no type").count(), 8);
}

#[test]
fn a_page_has_a_thousand_findings_at_most() {
    let path = |number: usize| {
        format!(
            "  /p{number}: {{ get: {{ operationId: o{number}, responses: {{ '200': {{ description: ok, x: 1 }} }} }} }}\n"
        )
    };
    let paths: String = (0..1_200).map(path).collect();
    let text = format!("openapi: 3.1.0\ninfo: {{ title: a, version: '1' }}\npaths:\n{paths}");
    let page = page(&[("openapi.yaml", &text)]);
    assert_eq!(page.matches("<article").count(), 1_000);
    assert!(page.contains("The page has 1000 of 1200 findings"), "{}", body(&page));
    let long = format!("{text}# {}\n", "a long line ".repeat(100));
    let page = self::page(&[("openapi.yaml", &long)]);
    assert!(page.contains("<p class=\"gap\">Lines 1007–1204 are not on this page</p>"), "{page}");
}

#[test]
fn the_verdict_of_a_gate_is_on_the_page() {
    let base = FAULTY.replace("datetime", "string");
    let place = Place::with(&[("base.yaml", &base), ("openspec.yaml", FAULTY)]);
    let ran = place.treaty(&["gate", "--base", "base.yaml", "--format", "html"]);
    check_html(&ran.out);
    assert!(ran.out.contains("The gate bounces the revision."), "{}", ran.out);
    let ran = place.treaty(&[
        "gate",
        "--base",
        "base.yaml",
        "base.yaml",
        "--format",
        "html",
        "--ignore",
        "missing-operation-id",
    ]);
    assert!(ran.out.contains("The revision passes the gate."), "{}", body(&ran.out));
    assert_eq!(ran.code, 0);
}
