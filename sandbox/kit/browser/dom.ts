type Attributes = Record<string, string | boolean | ((event: Event) => void) | undefined>;

/**
 * Makes an element. Attributes that are functions listen (`onclick`), `true` sets an empty attribute, `false` and
 * undefined leave it out. Texts are texts, never markup.
 */
export function h(tag: string, attributes: Attributes = {}, ...children: (Node | string | undefined)[]): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.replace(/^on/, ''), value);
    else if (value === true) element.setAttribute(name, '');
    else if (typeof value === 'string') element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

/** The page's element for `selector`; an error names the page's fault when there is none. */
export function mustFind(selector: string, within: ParentNode = document): HTMLElement {
  const found = within.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`The page has no ${selector}.`);
  return found;
}
