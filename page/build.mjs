// Bundles src/ into ../bot/workspace/static (index.html, page.js, page.css), and src/report/ into
// ../bot/backtest/static (report.js, report.css).
import { copyFile, mkdir, readFile } from "node:fs/promises";
import { build } from "esbuild";

const output = new URL("../bot/workspace/static/", import.meta.url).pathname;
const reportOutput = new URL("../bot/backtest/static/", import.meta.url).pathname;

// Of an emoji the page needs its name and character; keywords are for search, which it doesn't do.
const emojiNamesOnly = {
  name: "emoji-names-only",
  setup(bundle) {
    bundle.onLoad({ filter: /emojilib[\\/]emojis\.json$/ }, async ({ path }) => {
      const emojis = JSON.parse(await readFile(path, "utf8"));
      const named = Object.entries(emojis).map(([name, { char }]) => [name, { char }]);
      return { contents: JSON.stringify(Object.fromEntries(named)), loader: "json" };
    });
    bundle.onLoad({ filter: /emojilib[\\/]ordered\.json$/ }, () => ({ contents: "[]", loader: "json" }));
  },
};

const forBrowsers = {
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome114", "firefox125", "safari17"],
  legalComments: "none",
  logLevel: "info",
};

await mkdir(reportOutput, { recursive: true });
await build({
  ...forBrowsers,
  legalComments: "eof", // the report is passed on: the chart package's licence goes with it
  entryPoints: { report: "src/report/main.ts" },
  outdir: reportOutput,
});

await mkdir(output, { recursive: true });
await build({
  ...forBrowsers,
  entryPoints: { page: "src/main.tsx" },
  outdir: output,
  jsx: "automatic",
  define: { "process.env.NODE_ENV": '"production"' },
  plugins: [emojiNamesOnly],
});
await copyFile("src/index.html", `${output}index.html`);
