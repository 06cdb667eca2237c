// What surrounds every page: its head, the way to the other pages, and the few rules of its look.

const navigation = [
  ['index.html', 'Overview'],
  ['install.html', 'Install'],
  ['migrate.html', 'From ESO'],
  ['externalsecret.html', 'ExternalSecrets'],
  ['stores.html', 'Stores'],
  ['templates.html', 'Templates'],
  ['generic-targets.html', 'Generic targets'],
  ['admission.html', 'Admission'],
  ['gitops.html', 'GitOps'],
  ['troubleshooting.html', 'Troubleshooting'],
  ['security.html', 'Security'],
  ['performance.html', 'Performance'],
  ['differences.html', 'Differences'],
  ['metrics.html', 'Metrics'],
  ['api.html', 'API reference'],
  ['chart.html', 'Chart values'],
];

const style = `
:root { color-scheme: light dark; --line: light-dark(#ddd, #444); --quiet: light-dark(#f6f6f6, #222); --link: light-dark(#0645ad, #8ab4f8); }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.55 system-ui, sans-serif; display: grid; grid-template-columns: 13rem minmax(0, 52rem); gap: 2rem; }
nav { padding: 1.5rem 1rem; border-right: 1px solid var(--line); min-height: 100vh; }
nav a { display: block; padding: .2rem .5rem; text-decoration: none; border-radius: 4px; }
nav a[aria-current] { background: var(--quiet); font-weight: 600; }
main { padding: 1rem 1rem 4rem; }
a { color: var(--link); }
code, pre { font: 14px/1.45 ui-monospace, monospace; background: var(--quiet); border-radius: 4px; }
code { padding: .1em .3em; overflow-wrap: break-word; }
pre { padding: .8rem 1rem; overflow-x: auto; }
pre code { padding: 0; overflow-wrap: normal; }
table { border-collapse: collapse; display: block; overflow-x: auto; margin: 1rem 0; }
th, td { border: 1px solid var(--line); padding: .35rem .6rem; text-align: left; vertical-align: top; }
img { max-width: 100%; }
@media (max-width: 50rem) { body { display: block; } nav { border: 0; border-bottom: 1px solid var(--line); min-height: 0; columns: 2; } }
`;

export function frame({ title, body, place }) {
  const up = '../'.repeat(place.split('/').length - 1);
  const links = navigation.map(
    ([page, name]) => `<a href="${up}${page}"${page === place ? ' aria-current="page"' : ''}>${name}</a>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · External Secrets</title>
<style>${style}</style>
</head>
<body>
<nav aria-label="Pages">${links.join('')}</nav>
<main>
${body}</main>
</body>
</html>
`;
}
