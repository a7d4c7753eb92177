/** Owns the look of what only the page of a pull request has: its heading, files, lines and comments. */

export const pullRequestStyle = `
.plus { color: var(--plus); }
.minus { color: var(--minus); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.top { padding: 1.6rem max(1.5rem, calc(50vw - 610px)) 1.1rem; background: var(--card); border-bottom: 1px solid var(--line); }
.top p { margin: 0; }
.repository { color: var(--accent); font-weight: 600; }
.columns { display: grid; grid-template-columns: 250px minmax(0, 1fr); gap: 1.5rem; max-width: 1268px; margin: 0 auto; padding: 1.5rem; }
main { min-width: 0; }
nav { position: sticky; top: 1.5rem; align-self: start; max-height: calc(100vh - 3rem); overflow-y: auto; font-size: .84rem; }
nav h2 { margin: 0 0 .5rem; font-size: .84rem; color: var(--faint); }
nav ul { margin: 0; padding: 0; list-style: none; }
nav a { display: flex; justify-content: space-between; gap: .6rem; padding: .18rem .5rem; border-radius: 5px; color: inherit; text-decoration: none; overflow-wrap: anywhere; }
nav a:hover { background: var(--code); }
nav ul ul { margin: 0 0 .3rem .9rem; border-left: 1px solid var(--line); }
nav .subject { color: var(--info); }
nav .subject span { flex: none; color: var(--faint); }
nav .error { color: var(--error); }
nav .warning { color: var(--warning); }
section { margin: 0 0 1.1rem; }
.post, .check, .file, .comment { border: 1px solid var(--line); border-radius: 8px; background: var(--card); }
.post { padding: .9rem 1.1rem .4rem; }
.post > header, .comment > header { display: flex; flex-wrap: wrap; align-items: center; gap: 0 .45rem; margin-bottom: .55rem; font-size: .9rem; }
.face { display: inline-grid; place-items: center; width: 1.65rem; height: 1.65rem; margin-right: .1rem; border-radius: 50%; background: var(--accent); color: var(--card); font-size: .8rem; font-weight: 700; }
summary { cursor: pointer; }
.check { border-left: 4px solid var(--faint); }
.check.failure { border-left-color: var(--error); }
.check.success { border-left-color: var(--plus); }
.check summary { padding: .65rem 1rem; }
.check .prose { padding: 0 1.1rem .4rem; border-top: 1px solid var(--line); padding-top: .8rem; }
.file { overflow: clip; }
.file summary { padding: .5rem .9rem; background: var(--hunk); font-size: .84rem; }
.file details[open] summary { border-bottom: 1px solid var(--line); }
.file h2 { display: inline; margin: 0 0 0 .2rem; font: 600 .88rem ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
.empty { margin: 0; padding: .7rem .9rem; }
.lines { width: 100%; border-collapse: collapse; font-size: 12.5px; line-height: 1.6; tab-size: 4; }
.lines td { padding: 0; vertical-align: top; }
.lines .code { padding: 0 .9rem 0 1.7rem; text-indent: -1.2rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.sign { display: inline-block; width: 1.2rem; text-indent: 0; color: var(--faint); user-select: none; }
.lines .number { width: 3.1rem; padding-right: .6rem; text-align: right; color: var(--faint); user-select: none; }
.lines .hunk td { padding: .15rem .9rem; background: var(--hunk); color: var(--faint); }
.added { background: var(--added); }
.deleted { background: var(--deleted); }
.added .sign { color: var(--plus); }
.deleted .sign { color: var(--minus); }
.meant .number:first-child { box-shadow: inset 4px 0 var(--accent); }
tr:target { outline: 2px solid var(--accent); outline-offset: -2px; }
.talk > td { padding: .7rem .9rem; border-block: 1px solid var(--line); background: var(--page); }
.comment { max-width: 800px; padding: .8rem 1rem .15rem; border-left: 4px solid var(--info); font: 14.5px/1.55 system-ui, "Segoe UI", sans-serif; }
.comment.error { border-left-color: var(--error); }
.comment.warning { border-left-color: var(--warning); }
.comment:target { outline: 2px solid var(--accent); }
.comment.error .prose > p:first-child > strong { color: var(--error); }
.comment.warning .prose > p:first-child > strong { color: var(--warning); }
.comment.info .prose > p:first-child > strong { color: var(--info); }
.change { margin: 0 0 .8rem; border: 1px solid var(--line); border-radius: 6px; border-collapse: separate; border-spacing: 0; overflow: clip; }
.change caption { padding: 0 0 .2rem; text-align: left; color: var(--faint); font: .8rem system-ui, "Segoe UI", sans-serif; }
.change .code { padding-left: 1.9rem; }
mark { border-radius: 3px; color: inherit; }
.added mark { background: var(--added-mark); }
.deleted mark { background: var(--deleted-mark); }

@media (max-width: 760px) {
  .columns { display: block; padding: .9rem .6rem; }
  .top { padding: 1.1rem .9rem .8rem; }
  nav { position: static; max-height: none; margin: 0 .3rem 1rem; }
  nav > ul > li:not(:has(ul)) { display: none; }
  .lines { font-size: 11.5px; }
  .lines .number { width: 1.9rem; padding-right: .2rem; }
  .lines .number:first-child { width: 4px; padding: 0; font-size: 0; }
  .lines .code { padding-right: .4rem; word-break: break-all; }
  .talk > td { padding: .5rem; }
  .comment { padding: .65rem .75rem .1rem; }
}
`
