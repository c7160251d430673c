/** The page before its script runs; the same for list and record. */
export function pageShell(): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Salesforce (stand-in)</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/_ui/page/page.css">
<link rel="stylesheet" href="/_ui/page/record.css">
<script type="module" src="/_ui/page/main.ts"></script>
</head>
<body>
<div class="stand-in" role="note"><strong>Stand-in of Salesforce.</strong> Runs on this machine; not Salesforce's own. Apex is a stand-in as well: each call goes straight to the hub.</div>
<header class="global">
<span class="waffle" aria-hidden="true"></span>
<span class="app">Sales</span>
<nav aria-label="Global"><a data-nav="list" href="/lightning/o/Opportunity/list">Opportunities</a></nav>
<span class="who" id="who"></span>
</header>
<main id="page"><p class="card loading" role="status">Loading…</p></main>
<div id="toasts" role="status" aria-live="polite"></div>
</body>
</html>
`;
}
