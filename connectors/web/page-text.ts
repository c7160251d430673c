import { loadBuffer, type Cheerio, type CheerioAPI } from 'cheerio';

type Node = Parameters<CheerioAPI>[0] extends infer T ? Extract<T, { type: unknown }> : never;

export interface PageText {
  title: string;
  text: string;
  links: string[];
}

const neverShown =
  'script, style, noscript, template, svg, iframe, object, embed, form, dialog, [hidden], [aria-hidden="true"]';
const furniture = 'nav, header, footer, aside, [role="navigation"], [role="banner"], [role="contentinfo"]';
const blocks =
  'p, div, li, h1, h2, h3, h4, h5, h6, tr, br, section, article, dd, dt, blockquote, figcaption, pre, td, th';
/** What an inline style does to keep text from human readers: text for machines only is not what the company says to the public. */
const hiding =
  /display:none|visibility:(?:hidden|collapse)|opacity:0(?:\.0+)?(?:;|$)|font-size:(?:0|[0-4](?:\.\d+)?px)|(?:width|height):[01]px|clip(?:-path)?:|(?:left|top|text-indent|margin-left):-\d{3,}/;
const mostText = 60_000;
const mostLinks = 200;

/**
 * What a person reads on a page: the title, the main part's text one line a block, and the links of the page in order. The encoding is
 * found as the HTML standard says: byte order mark, `contentType`, the page's own word.
 */
export function pageText(body: Buffer, contentType: string, base: string): PageText {
  const charset = /charset="?([\w-]+)/i.exec(contentType)?.[1];
  const $ = loadBuffer(body, { encoding: charset === undefined ? {} : { transportLayerEncodingLabel: charset } });
  const title = oneLine($('head > title').first().text());
  $(neverShown).remove();
  $('[style]').each((_, element) => {
    if (hiding.test(($(element).attr('style') ?? '').toLowerCase().replaceAll(/\s+/g, ''))) $(element).remove();
  });
  const links = linksOf($, base);
  const main = $('main, [role="main"], article').first();
  const whole = main.length > 0 ? main : withoutFurniture($);
  return { title: title.slice(0, 300) || oneLine($('h1').first().text()).slice(0, 300), text: lines($, whole), links };
}

function withoutFurniture($: CheerioAPI): Cheerio<Node> {
  $(furniture).remove();
  return $('body');
}

/** Comments and attributes are no text, so they never come along. */
function lines($: CheerioAPI, part: Cheerio<Node>): string {
  part.find(blocks).each((_, element) => {
    $(element).before('\n').after('\n');
  });
  const text = part
    .text()
    .split('\n')
    .map(oneLine)
    .filter((line) => line !== '')
    .join('\n');
  return text.slice(0, mostText);
}

function linksOf($: CheerioAPI, base: string): string[] {
  const found = $('a[href]')
    .toArray()
    .map((element) => $(element).attr('href')?.trim() ?? '')
    .filter((href) => URL.canParse(href, base))
    .map((href) => new URL(href, base))
    .filter(({ protocol }) => protocol === 'http:' || protocol === 'https:')
    .map((url) => {
      url.hash = '';
      return url.href;
    });
  return [...new Set(found)].slice(0, mostLinks);
}

/** Also takes out characters that are there but not seen, with which text is smuggled past human eyes. */
function oneLine(text: string): string {
  return text
    .replaceAll(/[\u{200b}-\u{200f}\u{202a}-\u{202e}\u{2060}-\u{2064}\u{feff}\u{ad}\u{e0000}-\u{e007f}]/gu, '')
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}
