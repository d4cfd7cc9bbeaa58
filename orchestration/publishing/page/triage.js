"use strict";
// Filters the rows that stand in the page; the address carries the choice, so that it can be linked to and shared.
const form = document.forms.filters;
const [items, id] = form.querySelectorAll("select, [type=search]");
const options = {
  owner: "owner", severity: "severity", state: "state", cause: "cause", age: "older-than", item: "work-item",
};
const facets = Object.keys(options);
const ages = [...form.elements.age].map((radio) => radio.value);
const articles = [...form.parentElement.querySelectorAll("article")];
const rows = articles.flatMap((article) =>
  [...article.querySelectorAll("details")].map((element) => ({
    element,
    article,
    owner: [article.parentElement.dataset.owner],
    item: [article.dataset.item],
    cause: [article.dataset.cause],
    severity: [element.dataset.severity],
    state: [element.dataset.state],
    age: ages.filter((days) => Number(element.dataset.days) > Number(days)),
    ids: [element.id.slice(2), ...[...element.querySelectorAll(".id")].map((id) => id.textContent)].map(lower),
  })),
);

function lower(text) {
  return text.trim().toLowerCase();
}

function chosen() {
  const told = new FormData(form);
  return new Map(facets.map((facet) => [facet, told.getAll(facet).filter(Boolean)]));
}

function show() {
  const choice = chosen();
  const start = lower(id.value);
  const counts = new Map(facets.map((facet) => [facet, new Map()]));
  const perArticle = new Map();
  let found = 0;
  for (const row of rows) {
    const against = facets.filter((facet) => {
      const wanted = choice.get(facet);
      return wanted.length && !row[facet].some((value) => wanted.includes(value));
    });
    const isNamed = !start || row.ids.some((known) => known.startsWith(start));
    for (const facet of isNamed && against.length < 2 ? (against.length ? against : facets) : [])
      for (const value of row[facet]) counts.get(facet).set(value, (counts.get(facet).get(value) || 0) + 1);
    const isShown = isNamed && !against.length;
    if (row.element.hidden === isShown) row.element.hidden = !isShown;
    if (isShown) perArticle.set(row.article, (perArticle.get(row.article) || 0) + 1);
    found += isShown;
  }
  for (const article of articles) article.hidden = !perArticle.has(article);
  for (const team of new Set(articles.map((article) => article.parentElement)))
    team.hidden = ![...team.children].some((child) => child.tagName === "ARTICLE" && !child.hidden);
  for (const input of form.querySelectorAll("[data-facet] input"))
    input.parentElement.querySelector(".count").textContent = counts.get(input.name).get(input.value) || 0;
  offerItems(counts.get("item"), choice.get("item")[0]);
  const all = rows.length.toLocaleString("en");
  form.querySelector("output").textContent =
    found === rows.length ? `All ${all} are shown.` : `${found.toLocaleString("en")} of ${all} are shown.`;
  remember(choice, id.value.trim());
  offerCommand(choice);
}

function offerItems(counts, current) {
  const offered = articles
    .filter((article) => counts.has(article.dataset.item) || article.dataset.item === current)
    .map((article) => {
      const { item } = article.dataset;
      const label = `${article.querySelector("h4").textContent} (${counts.get(item) || 0})`;
      return new Option(label, item, false, item === current);
    });
  const others = current && !offered.some((option) => option.selected) ? [new Option(current, current, false, true)] : [];
  items.replaceChildren(new Option("all", ""), ...offered, ...others);
}

function remember(choice, start) {
  const told = new URLSearchParams([...choice].flatMap(([facet, values]) => values.map((value) => [facet, value])));
  if (start) told.set("id", start);
  const query = String(told);
  document.getElementById("share").href = query ? `?${query}` : location.pathname;
  form.querySelector(".found").classList.toggle("chosen", Boolean(query));
  try {
    history.replaceState(null, "", (query ? `?${query}` : location.pathname) + location.hash);
  } catch {
    // A page opened as a file may not change its address: the link to the selection still can be followed.
  }
}

// The same selection for the command line, which has all; it takes one value of each kind.
function offerCommand(choice) {
  const line = form.querySelector(".all");
  if (!line) return;
  const words = ["onefunnel triage list"];
  for (const [facet, name] of Object.entries(options)) {
    for (const value of choice.get(facet)) words.push(`--${name} ${quoted(facet === "age" ? `${value}d` : value)}`);
    line.hidden = facet !== "state" && choice.get(facet).length > 1;
    if (line.hidden) return;
  }
  line.hidden = words.length < 2;
  line.querySelector("code").textContent = words.join(" ");
}

function quoted(word) {
  return /^[\w.-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function recall() {
  const told = new URLSearchParams(location.search);
  for (const facet of facets)
    for (const value of told.getAll(facet).filter(Boolean)) {
      const input = [...form.elements].find((one) => one.name === facet && one.value === value);
      if (facet === "item") offerItems(new Map(), value);
      else if (input) input.checked = true;
      else offer(facet, value);
    }
  id.value = told.get("id") || "";
}

// A team or a cause of a link that has nothing to mend now: nothing is shown, not everything.
function offer(facet, value) {
  const group = form.querySelector(`[data-facet="${facet}"]`);
  if (!group) return;
  const input = Object.assign(document.createElement("input"), { type: "checkbox", name: facet, value, checked: true });
  const count = Object.assign(document.createElement("span"), { className: "count" });
  const label = document.createElement("label");
  label.append(input, ` ${value.replaceAll("_", " ")} `, count);
  group.append(label);
}

function offerToCopy(details) {
  for (const code of details.querySelectorAll("pre code")) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Copy" });
    button.setAttribute("aria-label", `Copy: ${code.textContent}`);
    button.addEventListener("click", async () => {
      getSelection().selectAllChildren(code);
      const isTaken = await navigator.clipboard?.writeText(code.textContent).then(() => true, () => false);
      const isCopied = isTaken || document.execCommand("copy");
      button.textContent = isCopied ? "Copied" : "Selected";
    });
    code.after(" ", button);
  }
}

form.addEventListener("input", show);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(show));
document.addEventListener(
  "toggle",
  ({ target }) => {
    if (target.tagName === "DETAILS" && target.open && !target.querySelector("button")) offerToCopy(target);
  },
  true,
);
recall();
form.hidden = false;
show();
const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
if (named?.tagName === "DETAILS") {
  named.open = true;
  named.scrollIntoView();
}
