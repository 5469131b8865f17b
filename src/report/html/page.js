
"use strict";
(() => {
  const root = document.documentElement;
  const look = document.querySelector(".look");
  look.hidden = false;
  look.addEventListener("change", (event) => {
    root.dataset.look = event.target.value;
  });

  const filters = document.getElementById("filters");
  if (!filters) return;
  filters.hidden = false;
  const findings = [...document.querySelectorAll(".finding")].map((element) => ({
    element,
    shown: true,
    text: element.textContent.toLowerCase(),
    number: element.id.slice(1),
    stretch: element.closest(".stretch"),
    document: element.closest(".document"),
  }));
  const marks = [...document.querySelectorAll("mark")];
  const nothing = document.getElementById("nothing");
  const field = (name) => filters.elements.namedItem(name);
  const chosen = (name) => (field(name) ? field(name).value : "");

  const apply = () => {
    const severities = new Set(
      [...filters.querySelectorAll("[name=severity]:checked")].map((box) => box.value),
    );
    const words = chosen("text").toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (data, name) => !chosen(name) || data[name] === chosen(name);
    const off = new Set();
    const stretches = new Map();
    const documents = new Map();
    let count = 0;
    for (const finding of findings) {
      const data = finding.element.dataset;
      finding.shown =
        severities.has(data.severity) &&
        ["rule", "class", "document"].every((name) => fits(data, name)) &&
        words.every((word) => finding.text.includes(word));
      finding.element.hidden = !finding.shown;
      if (finding.shown) count += 1;
      else off.add(finding.number);
      const note = (map, key) => map.set(key, map.get(key) || finding.shown);
      if (finding.stretch) note(stretches, finding.stretch);
      note(documents, finding.document);
    }
    const all = count === findings.length;
    for (const [stretch, shown] of stretches) stretch.open = shown;
    for (const element of document.querySelectorAll(".document")) {
      element.hidden = !all && !documents.get(element);
    }
    for (const mark of marks) {
      mark.classList.toggle("off", mark.dataset.for.split(" ").every((number) => off.has(number)));
    }
    nothing.hidden = count > 0;
    filters.elements.shown.value = all
      ? `${count} findings`
      : `${count} of ${findings.length} findings`;
    filters.elements.next.disabled = filters.elements.previous.disabled = count === 0;
  };

  const move = (step) => {
    const shown = findings.filter((finding) => finding.shown);
    if (shown.length === 0) return;
    const here = shown.findIndex((finding) => finding.element === current);
    const start = here < 0 && step < 0 ? 0 : here;
    const next = shown[(start + step + shown.length) % shown.length];
    current = next.element;
    if (next.stretch) next.stretch.open = true;
    current.focus({ preventScroll: true });
    current.scrollIntoView({ block: "center" });
  };
  let current = null;
  document.addEventListener("focusin", (event) => {
    const finding = event.target.closest(".finding");
    if (finding) current = finding;
  });

  // A link to a finding that the filters hide shows all again.
  window.addEventListener("hashchange", () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target && target.closest("[hidden]")) {
      filters.reset();
      setTimeout(() => target.scrollIntoView({ block: "center" }));
    }
  });
  filters.addEventListener("input", apply);
  filters.addEventListener("reset", () => setTimeout(apply));
  filters.addEventListener("submit", (event) => event.preventDefault());
  filters.elements.next.addEventListener("click", () => move(1));
  filters.elements.previous.addEventListener("click", () => move(-1));
  apply();
})();
