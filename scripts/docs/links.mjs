// Finds links that lead nowhere, and pages that nothing leads to.

/**
 * @param pages what `renderPage` gave, by its place in the site
 * @param isFile whether the site has this file beside its pages
 * @returns {string[]} what is wrong, a line each
 */
export function brokenLinks(pages, isFile) {
  const reached = new Set(['index.html']);
  const problems = [];
  for (const [place, { links }] of pages) {
    for (const link of links) {
      const [target, anchor] = link.split('#');
      const page = pages.get(target);
      if (page === undefined && !isFile(target)) problems.push(`${place}: there is no ${target}`);
      else if (anchor !== undefined && page?.anchors.has(anchor) === false)
        problems.push(`${place}: ${target} has no heading #${anchor}`);
      if (target !== place) reached.add(target);
    }
  }
  for (const place of pages.keys()) if (!reached.has(place)) problems.push(`${place}: no page links to it`);
  return problems;
}
