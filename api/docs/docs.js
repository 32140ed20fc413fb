"use strict";

const WORDS = {
  zh: { other: "English", anyone: "无须登录", who: "可调用的角色：", query: "参数", body: "请求", answer: "响应" },
  en: { other: "中文", anyone: "no login", who: "Roles that may call it: ", query: "Parameters", body: "Request", answer: "Answer" },
};
const METHODS = ["get", "post", "put", "patch", "delete"];
let speaks = navigator.language.startsWith("en") ? "en" : "zh";

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

/* A schema as an example-like outline: names, types, what is required; a schema within itself is only named. */
function outline(schema, all, seen = []) {
  if (!schema) return null;
  if (schema.$ref) {
    const name = schema.$ref.split("/").pop();
    return seen.includes(name) ? name : outline(all[name], all, [...seen, name]);
  }
  if (schema.type === "array") return [outline(schema.items, all, seen)];
  if (schema.properties) {
    const required = schema.required || [];
    return Object.fromEntries(Object.entries(schema.properties).map(
      ([name, inner]) => [required.includes(name) ? name + " *" : name, outline(inner, all, seen)]));
  }
  return [schema.type, schema.format, schema.enum && schema.enum.join(" | ")].flat().filter(Boolean).join(" ");
}

function block(parent, title, value) {
  if (value === null || value === undefined) return;
  parent.append(element("h3", title), element("pre", JSON.stringify(value, null, 2)));
}

function shown(path, method, operation, all) {
  const words = WORDS[speaks];
  const details = element("details");
  const summary = element("summary");
  summary.append(element("span", method.toUpperCase(), "method"), element("code", path), element("span", operation.summary));
  details.append(summary);
  if (operation.description) details.append(element("p", operation.description));
  const roles = operation["x-roles"];
  details.append(element("p", roles ? words.who + roles.join(", ") : words.anyone, "who"));
  const parameters = (operation.parameters || []).filter((one) => one.name);
  if (parameters.length) {
    block(details, words.query, Object.fromEntries(parameters.map(
      (one) => [one.required ? one.name + " *" : one.name, outline(one.schema, all)])));
  }
  const content = (holder) => Object.values((holder && holder.content) || {})[0];
  block(details, words.body, outline((content(operation.requestBody) || {}).schema, all));
  for (const [status, response] of Object.entries(operation.responses || {})) {
    if (status.startsWith("2")) block(details, words.answer + " " + status, outline((content(response) || {}).schema, all));
  }
  return details;
}

function show(api) {
  const all = (api.components && api.components.schemas) || {};
  const wanted = document.getElementById("filter").value.toLowerCase();
  const groups = new Map();
  for (const [path, operations] of Object.entries(api.paths)) {
    for (const method of METHODS.filter((one) => operations[one])) {
      const operation = operations[method];
      if (!(method + " " + path + " " + operation.summary).toLowerCase().includes(wanted)) continue;
      const tag = (operation.tags || [""])[0];
      groups.set(tag, [...(groups.get(tag) || []), shown(path, method, operation, all)]);
    }
  }
  document.getElementById("title").textContent = api.info.title;
  document.getElementById("operations").replaceChildren(
    ...[...groups].flatMap(([tag, rows]) => [element("h2", tag), ...rows]));
}

async function load() {
  document.documentElement.lang = speaks === "zh" ? "zh-CN" : "en";
  document.getElementById("language").textContent = WORDS[speaks].other;
  for (const label of document.querySelectorAll("[data-zh]")) label.textContent = label.dataset[speaks];
  const answer = await fetch("openapi.json", { headers: { "Accept-Language": speaks } });
  const api = await answer.json();
  show(api);
  document.getElementById("filter").oninput = () => show(api);
}

document.getElementById("language").onclick = () => {
  speaks = speaks === "zh" ? "en" : "zh";
  load();
};
load();
