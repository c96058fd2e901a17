// Making elements: text only ever goes in as text, never as markup.

import { label, word } from "./words.js";

export const find = (id) => document.getElementById(id);

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** A word of the page's own, which follows the language. */
export function words(key, attributes = {}, tag = "span") {
  return make(tag, { ...attributes, "data-word": key }, word(key));
}

const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

export function iconButton(name, key, kind = "") {
  const button = make("button", { type: "button", class: `round ${kind}` }, icon(name));
  label(button, key);
  return button;
}

/** Change the picture of an icon button. */
export function draw(button, name) {
  button.querySelector("use").setAttribute("href", `#icon-${name}`);
}
