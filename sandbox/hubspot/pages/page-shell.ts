/** The page before its script runs; the same for list and record. */
export function pageShell(): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>HubSpot (stand-in)</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/_ui/page/page.css">
<link rel="stylesheet" href="/_ui/page/record.css">
<link rel="stylesheet" href="/_ui/page/card.css">
<script type="module" src="/_ui/page/main.ts"></script>
</head>
<body>
<div class="stand-in" role="note"><strong>Stand-in of HubSpot.</strong> Runs on this machine; not HubSpot's own. The card is the real one, bundled by HubSpot's bundler.</div>
<header class="global">
<span class="brand">CRM</span>
<nav aria-label="Global"><a id="to-list" href="#">Deals</a></nav>
<span class="who" id="who"></span>
</header>
<main id="page"><p class="panel" role="status">Loading …</p></main>
<div id="toasts" role="status" aria-live="polite"></div>
</body>
</html>
`;
}
