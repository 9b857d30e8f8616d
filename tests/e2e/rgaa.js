// The criteria of the RGAA 4.1 that only a browser can decide. Each rule gives the faults of a page, leaves the page as
// it was, and plants the defect that it must find. `data/accessibility/rgaa.toml` names them.
import { violations } from "./audit.js";

const narrow = { width: 320, height: 640 };

export const rules = [
  { criterion: "3.2", check: paleTexts, plant: styled(".lead, .origin { color: #bbb }") },
  { criterion: "3.3", check: paleFields, plant: styled("input, select { border-color: #e5e5e5; background: #fff }") },
  { criterion: "10.2", check: lostTexts, plant: styled("h1::after { content: 'Un mot de plus' }") },
  { criterion: "10.4", check: cutAtTwoHundred, plant: styled("h1 { height: 1em; overflow: hidden; width: 4em }") },
  { criterion: "10.6", check: hiddenLinks, plant: styled("main a { text-decoration: none; color: inherit }") },
  { criterion: "10.7", check: unseenFocus, plant: styled(":focus-visible { outline: none !important }") },
  { criterion: "10.11", check: tooWide, plant: styled("h1 { width: 60rem }") },
  { criterion: "10.12", check: cutWhenSpaced, plant: styled("p, th, td, li { height: 1em; overflow: hidden }") },
  { criterion: "10.14", check: shownOnHover, plant: styled("p:hover { display: block; visibility: visible }") },
  { criterion: "12.9", check: trapped, plant: trap },
  { criterion: "13.7", check: moving, plant: styled("@keyframes f { to { opacity: 0 } } h1 { animation: f .1s infinite }") },
  { criterion: "13.8", check: moving, plant: styled("@keyframes m { to { margin-left: 9px } } h1 { animation: m 9s infinite }") },
  { criterion: "13.9", check: lostInPortrait, plant: styled("@media (orientation: portrait) { h1 { display: none } }") },
];
// Decided on all the pages at once, by `invalid` of html.js: { criterion: "8.2" }

/** A style sheet from outside the page: its own policy would refuse it. */
function styled(css) {
  return (page) =>
    page.evaluate((text) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    }, css);
}

/** What `read` gives of the page under one more style sheet, which is taken away afterwards. */
async function under(css, page, read) {
  await styled(css)(page);
  try {
    return await read(page);
  } finally {
    await page.evaluate(() => {
      document.adoptedStyleSheets = [...document.adoptedStyleSheets].slice(0, -1);
    });
  }
}

async function paleTexts(page) {
  return violations(page, ["color-contrast"]);
}

/** Fields whose border is not three times as light or as dark as the ground on both sides of it. */
function paleFields(page) {
  return page.evaluate(() => {
    const numbers = (colour) => colour.match(/[\d.]+/gu).map(Number);
    const light = ([red, green, blue]) => {
      const part = (value) => {
        const share = value / 255;
        return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      };
      return 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
    };
    const contrast = (one, other) => {
      const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
      return (high + 0.05) / (low + 0.05);
    };
    const ground = (element) => {
      const colour = numbers(getComputedStyle(element).backgroundColor);
      return colour.length === 4 && colour[3] === 0 && element.parentElement ? ground(element.parentElement) : colour;
    };
    const fields = [...document.querySelectorAll("input:not([type=radio]), select")];
    const isPale = (field) => contrast(numbers(getComputedStyle(field).borderTopColor), ground(field.parentElement)) < 3;
    return fields.filter(isPale).map((field) => field.outerHTML);
  });
}

/** Words that only the style sheet says. */
function lostTexts(page) {
  return page.evaluate(() => {
    const all = [...document.querySelectorAll("body *")];
    const said = (element, side) => getComputedStyle(element, side).content;
    const words = all.flatMap((element) => ["::before", "::after"].map((side) => said(element, side)));
    // « / "" » gives a sign without a word to those who listen.
    return [...new Set(words)].filter((word) => /\p{L}/u.test(word) && !["none", "normal"].includes(word));
  });
}

async function cutAtTwoHundred(page) {
  return under("html { font-size: 200% !important }", page, cut);
}

/** WCAG 2.1, criterion 1.4.12. */
async function cutWhenSpaced(page) {
  const spacing =
    "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }" +
    "p { margin-bottom: 2em !important }";
  return under(spacing, page, cut);
}

/** Elements whose text goes beyond what is shown of it. */
function cut(page) {
  return page.evaluate(() => {
    const isCut = (element) => {
      const { overflowX, overflowY, clipPath } = getComputedStyle(element);
      // Words for a screen reader alone: nobody sees where they end.
      if (clipPath === "inset(50%)") return false;
      const hides = (overflow) => ["hidden", "clip"].includes(overflow);
      const tall = hides(overflowY) && element.scrollHeight > element.clientHeight + 1;
      const wide = hides(overflowX) && element.scrollWidth > element.clientWidth + 1;
      return element.textContent.trim() !== "" && (tall || wide);
    };
    const cut = [...document.querySelectorAll("body *:not(svg, svg *)")].filter(isCut);
    const wide = document.documentElement.scrollWidth > globalThis.innerWidth + 1;
    return [...cut.map((element) => element.outerHTML.slice(0, 120)), ...(wide ? ["the page scrolls sideways"] : [])];
  });
}

/** Links inside a sentence that look like the sentence. */
function hiddenLinks(page) {
  return page.evaluate(() => {
    const links = [...document.querySelectorAll("main p a, main li a, main td a, main th a")];
    const isHidden = (link) => {
      const { textDecorationLine, backgroundColor } = getComputedStyle(link);
      const isBare = backgroundColor === "rgba(0, 0, 0, 0)";
      return isBare && !textDecorationLine.includes("underline");
    };
    return links.filter(isHidden).map((link) => link.outerHTML);
  });
}

/** Goes through the page by keyboard; gives the elements reached, and those whose focus is not seen. */
async function tabThrough(page) {
  const [reached, unseen] = [[], []];
  for (let presses = 0; presses < 200; presses += 1) {
    await page.keyboard.press("Tab");
    const focus = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      const seen = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
      const index = [...document.querySelectorAll("*")].indexOf(element);
      return { index, seen, html: element.outerHTML.slice(0, 120) };
    });
    if (!focus) return { reached, unseen, left: true };
    // A group of radio buttons is reached once; the first element again is the end of a turn.
    if (reached.length > 1 && focus.index === reached[0]) return { reached, unseen, left: true };
    reached.push(focus.index);
    if (!focus.seen) unseen.push(focus.html);
  }
  return { reached, unseen, left: false };
}

/** The way of the keyboard through a document, gone once for the rules that read it. */
async function walk(page, facts) {
  facts.walk ??= tabThrough(page);
  return facts.walk;
}

async function unseenFocus(page, facts) {
  return (await walk(page, facts)).unseen;
}

async function trapped(page, facts) {
  const { reached, left } = await walk(page, facts);
  const faults = left ? [] : ["the keyboard never leaves the page"];
  const backwards = reached.findIndex((index, at) => at > 0 && index < reached[at - 1]);
  return backwards === -1 ? faults : [...faults, `the element ${reached[backwards]} comes too late`];
}

/** A field that keeps the focus. */
function trap(page) {
  return page.evaluate(() => {
    const link = document.querySelector("main a, main input, footer a");
    link.addEventListener("keydown", (event) => event.key === "Tab" && event.preventDefault());
  });
}

async function tooWide(page) {
  return resized(page, narrow, async () => {
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    return width > narrow.width ? [`${width} pixels wide`] : [];
  });
}

/** What `read` gives of the page in a window of that size. */
async function resized(page, size, read) {
  const before = page.viewportSize();
  await page.setViewportSize(size);
  try {
    return await read();
  } finally {
    await page.setViewportSize(before);
  }
}

/** Properties that a rule on hover changes, those that only decorate apart. */
function shownOnHover(page) {
  return page.evaluate(() => {
    const decorations = /^(text-decoration|background|color|outline|border)/u;
    const sheets = [...document.styleSheets, ...document.adoptedStyleSheets];
    const flat = (list) => [...list].flatMap((rule) => [rule, ...flat(rule.cssRules ?? [])]);
    const hovered = sheets.flatMap((sheet) => flat(sheet.cssRules)).filter((rule) => rule.selectorText?.includes(":hover"));
    return hovered.flatMap(({ style, selectorText }) =>
      [...style].filter((name) => !decorations.test(name)).map((name) => `${selectorText} { ${name} }`),
    );
  });
}

function moving(page) {
  return page.evaluate(() =>
    document.getAnimations().filter(({ effect }) => effect.getTiming().iterations === Infinity).map(({ animationName }) => animationName),
  );
}

async function lostInPortrait(page) {
  const words = () => page.evaluate(() => document.body.innerText.split(/\s+/u).sort().join(" "));
  const landscape = await resized(page, { width: 1024, height: 768 }, words);
  const portrait = await resized(page, { width: 768, height: 1024 }, words);
  return portrait === landscape ? [] : ["other words in portrait"];
}
