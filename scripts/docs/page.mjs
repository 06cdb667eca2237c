// One page: Markdown to HTML, with headings that can be linked to, and links that point at pages instead of files.
import { posix } from 'node:path';
import { Marked } from 'marked';
import { frame } from './frame.mjs';

/**
 * @param source where the Markdown is in the project, @param place where its page is in the site
 * @param places of all pages, by their sources
 * @returns {{html: string, title: string, anchors: Set<string>, links: string[]}} links are relative to the site
 */
export function renderPage({ markdown, source, place, places }) {
  const anchors = new Set();
  const links = [];
  let title = source;
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth, text }) {
        if (depth === 1) title = text.replaceAll('`', '');
        const anchor = anchorOf(text, anchors);
        return `<h${depth} id="${anchor}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      link({ href, tokens }) {
        const target = targetOf(href, source, place, places);
        if (target.inSite !== undefined) links.push(target.inSite);
        return `<a href="${target.href}">${this.parser.parseInline(tokens)}</a>`;
      },
      image({ href, text }) {
        links.push(posix.join(posix.dirname(place), href));
        return `<img src="${href}" alt="${text}">`;
      },
    },
  });
  const body = marked.parse(markdown);
  return { html: frame({ title, body, place }), title, anchors, links };
}

/** As GitHub makes them, so that links work in both places. */
function anchorOf(text, taken) {
  const plain = text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');
  let anchor = plain;
  for (let number = 1; taken.has(anchor); number += 1) anchor = `${plain}-${number}`;
  taken.add(anchor);
  return anchor;
}

function targetOf(href, source, place, places) {
  if (/^[a-z]+:/.test(href)) return { href };
  const [path = '', anchor] = href.split('#');
  const file = path === '' ? source : posix.normalize(posix.join(posix.dirname(source), path));
  const page = places.get(file);
  // What is no page, a folder or an example, is read where the code is.
  if (page === undefined && !file.endsWith('.md')) return { href };
  const suffix = anchor === undefined ? '' : `#${anchor}`;
  if (page === undefined) return { href, inSite: `${file}${suffix}` };
  return { href: `${posix.relative(posix.dirname(place), page)}${suffix}`, inSite: `${page}${suffix}` };
}
