/** Owns the look that all pages share: one style sheet, for light and dark, for wide windows and narrow ones. */

export const style = `
:root {
  color-scheme: light dark;
  --page: #f6f5f1; --card: #ffffff; --line: #dedbd2; --text: #23261f; --faint: #6b6f64; --accent: #2f6f3e;
  --code: #f0eee8; --plus: #1f7a3a; --minus: #b3372f;
  --added: #e6f4e4; --added-mark: #b5dfb1; --deleted: #fbe9e6; --deleted-mark: #f3bfb8; --hunk: #f0eee8;
  --error: #c0392b; --warning: #b5770d; --info: #3a6ea5;
  --string: #1d6b54; --keyword: #8a3b8f; --name: #2c5aa0; --number: #a35200; --comment: #7b7f74;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171a; --card: #1b1f23; --line: #32383d; --text: #dfe2dc; --faint: #969d96; --accent: #7cc48a;
    --code: #262b30; --plus: #6fcf84; --minus: #f08b80;
    --added: #18301f; --added-mark: #2b5c38; --deleted: #3a1f1e; --deleted-mark: #70352f; --hunk: #22272c;
    --error: #f0796c; --warning: #e2ad4a; --info: #7db0e8;
    --string: #8fd0b5; --keyword: #d69ddb; --name: #8fbdf5; --number: #f0b27a; --comment: #858c85;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.55 system-ui, "Segoe UI", sans-serif; }
code, pre, .lines { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
a { color: var(--accent); text-underline-offset: 2px; }
h1 { margin: .1rem 0 .3rem; font-size: 1.7rem; line-height: 1.25; font-weight: 600; }
p { margin: 0 0 .7rem; }
code { padding: .1em .35em; border-radius: 4px; background: var(--code); font-size: .87em; overflow-wrap: anywhere; }
.faint, .small { color: var(--faint); font-weight: 400; }
.badge { padding: .05em .5em; border: 1px solid var(--line); border-radius: 1em; color: var(--faint); font-size: .78rem; font-weight: 400; }

.python-string { color: var(--string); }
.python-keyword { color: var(--keyword); }
.python-name { color: var(--name); }
.python-number { color: var(--number); }
.python-comment { color: var(--comment); font-style: italic; }

.prose { overflow-wrap: break-word; }
.prose ul, .prose ol { margin: 0 0 .7rem; padding-left: 1.4rem; }
.prose pre { margin: 0 0 .8rem; padding: .6rem .8rem; border-radius: 6px; background: var(--code); overflow-x: auto; font-size: 12.5px; line-height: 1.6; }
.prose pre code { padding: 0; background: none; font-size: inherit; }
.prose .small { font-size: .84rem; }
.wide { margin-bottom: .8rem; overflow-x: auto; }
.wide table { border-collapse: collapse; font-size: .88rem; }
.wide th, .wide td { padding: .3rem .7rem; border: 1px solid var(--line); text-align: left; vertical-align: top; }
.wide code { overflow-wrap: break-word; }
.reading { max-width: 780px; margin: 0 auto; padding: 1.4rem 1.5rem 4rem; }
.reading h1 { margin-bottom: 1rem; }
.reading h2 { margin: 2.4rem 0 .7rem; padding-top: 1.2rem; border-top: 1px solid var(--line); font-size: 1.25rem; line-height: 1.3; }
.reading h3 { margin: 1.7rem 0 .5rem; font-size: 1.05rem; }
.reading :is(h1, h2, h3):target { color: var(--accent); }
.way { margin-bottom: 1.6rem; font-size: .87rem; }
.code { margin: 0 0 .9rem; }
.code figcaption { padding: 0 0 .15rem; font-size: .78rem; font-weight: 600; }
.code pre { margin: 0; border-left: 3px solid var(--line); }
.bad figcaption { color: var(--minus); }
.bad pre { border-left-color: var(--minus); }
.good figcaption { color: var(--plus); }
.good pre { border-left-color: var(--plus); }
button { padding: .5rem 1.1rem; border: 0; border-radius: 6px; background: var(--accent); color: var(--card); font: inherit; font-weight: 600; cursor: pointer; }
.prose .facts { display: flex; flex-wrap: wrap; gap: .3rem .5rem; margin: 0 0 1rem; padding: 0; list-style: none; }
.prose .rules { margin: 0 0 1rem; padding: 0; list-style: none; }
.rules li { padding: .5rem 0; border-bottom: 1px solid var(--line); }
.rules p { margin: .1rem 0 0; }
.badge.error { color: var(--error); }
.badge.warning { color: var(--warning); }
.badge.info { color: var(--info); }

@media (max-width: 760px) {
  h1 { font-size: 1.35rem; }
  .wide table:has(th:nth-child(3)) { min-width: 640px; }
  .wide code { overflow-wrap: anywhere; }
}
`
