import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

let launched: Promise<Browser> | undefined;

/** One Chromium for the whole run, from the packages: it needs no root and nothing of the system. It ends with the run. */
export function openBrowser(): Promise<Browser> {
  launched ??= launch();
  return launched;
}

async function launch(): Promise<Browser> {
  // Unpacked for its owner only: each user of the machine has a folder of their own.
  const home = join(tmpdir(), `rapport-chromium-${userInfo().username}`);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const { executablePath, env } = await unpack(home);
  // The package's own arguments turn web security off; pages are tested with it on.
  const args = ['--headless=shell', '--no-sandbox', '--no-zygote', '--disable-gpu', '--font-render-hinting=none'];
  return chromium.launch({ executablePath, env, args });
}

/**
 * Unpacks the package's Chromium to `home`, once. The package is told by the environment where to, and to bring the system
 * libraries that a machine may lack; that environment is for Chromium alone: programs that a test starts must not load them.
 */
async function unpack(home: string): Promise<{ executablePath: string; env: Record<string, string> }> {
  const usual = { ...process.env };
  Object.assign(process.env, {
    TMPDIR: home,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
    AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x',
    // The package's own file looks for the fonts in the machine's temporary folder.
    FONTCONFIG_FILE: join(home, 'fonts.conf'),
  });
  try {
    writeFileSync(join(home, 'fonts.conf'), fontConfig(home));
    const { default: packaged } = await import('@sparticuz/chromium');
    return { executablePath: await packaged.executablePath(), env: { ...process.env } as Record<string, string> };
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in usual)) delete process.env[name];
    Object.assign(process.env, usual);
  }
}

function fontConfig(home: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(home, 'fonts')}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(home, 'fonts-cache')}</cachedir>
</fontconfig>
`;
}

after(async () => {
  await (await launched?.catch(() => undefined))?.close();
});
