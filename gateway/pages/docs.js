"use strict";

// Shows /openapi.json. Everything is set as text; nothing is fetched from elsewhere.

const make = (tag, text, ...children) => {
  const node = document.createElement(tag);
  if (text) node.textContent = text;
  node.append(...children);
  return node;
};

function resolved(document_, node, depth = 0) {
  if (Array.isArray(node)) return node.map((one) => resolved(document_, one, depth));
  if (!node || typeof node !== "object" || depth > 6) return node;
  if (node.$ref) {
    const target = node.$ref.slice(2).split("/").reduce((at, step) => at?.[step], document_);
    return resolved(document_, target, depth + 1);
  }
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, resolved(document_, value, depth + 1)]));
}

function parameters(document_, operation) {
  const rows = (operation.parameters ?? []).map((one) => resolved(document_, one)).map((one) =>
    make("tr", "", make("td", one.name), make("td", one.in), make("td", one.required ? "required" : ""), make("td", one.description ?? one.schema?.description ?? one.schema?.format ?? one.schema?.type ?? "")));
  return rows.length ? [make("h4", "Parameters"), make("table", "", ...rows)] : [];
}

function requestBody(document_, operation) {
  const content = Object.entries(operation.requestBody?.content ?? {})[0];
  if (!content) return [];
  const [media, { schema, example }] = content;
  const parts = [make("h4", `Body (${media})`)];
  if (example) parts.push(make("pre", JSON.stringify(example, null, 2)));
  parts.push(make("details", "", make("summary", "Schema"), make("pre", JSON.stringify(resolved(document_, schema), null, 2))));
  return parts;
}

function answers(document_, operation) {
  return [make("h4", "Answers"), ...Object.entries(operation.responses).map(([status, response]) => {
    const schema = Object.values(response.content ?? {})[0]?.schema;
    const shown = make("details", "", make("summary", "", make("code", status), make("span", response.description)));
    if (schema) shown.append(make("pre", JSON.stringify(resolved(document_, schema), null, 2)));
    return shown;
  })];
}

function body(document_, operation) {
  const shown = make("div", "", make("p", operation.description), ...parameters(document_, operation), ...requestBody(document_, operation), ...answers(document_, operation));
  shown.className = "body";
  return shown;
}

function route(document_, path, method, operation) {
  const head = make("summary", "", make("span", method.toUpperCase()), make("code", path), make("span", operation.summary));
  head.firstChild.className = "method";
  const shown = make("details", "", head);
  // What an operation takes and gives is made when somebody asks: of all of them at once it takes a browser seconds.
  shown.addEventListener("toggle", () => shown.append(body(document_, operation)), { once: true });
  shown.dataset.words = `${method} ${path} ${operation.operationId} ${operation.description}`.toLowerCase();
  return shown;
}

function showFirstCalls() {
  const here = location.origin;
  document.getElementById("first-person").textContent = `curl -s ${here}/v1/sessions \\
  -H 'Content-Type: application/json' \\
  -d '{"login": "YOUR LOGIN", "password": "YOUR PASSWORD"}'

curl -s ${here}/v1/sites -H 'Authorization: Bearer THE access_token OF THAT ANSWER'`;
  document.getElementById("first-program").textContent = `curl -s ${here}/v1/oauth/token \\
  -u 'CLIENT ID:CLIENT SECRET' -d grant_type=client_credentials`;
}

async function show() {
  showFirstCalls();
  const document_ = await (await fetch("/openapi.json")).json();
  document.getElementById("about").textContent = document_.info.description;
  const groups = new Map();
  for (const [path, methods] of Object.entries(document_.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const tag = operation.tags[0];
      if (!groups.has(tag)) groups.set(tag, []);
      groups.get(tag).push(route(document_, path, method, operation));
    }
  }
  for (const [tag, shown] of groups) document.getElementById("routes").append(make("section", "", make("h2", tag.replaceAll("-", " ")), ...shown));
}

function showWhatIsSought() {
  const words = find.value.toLowerCase();
  for (const one of document.querySelectorAll("#routes > section > details")) one.hidden = !one.dataset.words.includes(words);
  for (const section of document.querySelectorAll("#routes > section")) section.hidden = !section.querySelector(":scope > details:not([hidden])");
}

const find = document.getElementById("find");
find.addEventListener("input", showWhatIsSought);
show().then(showWhatIsSought); // somebody may have typed while the document came
