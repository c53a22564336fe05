// The inspector's look. Nothing of the page's reaches it, and nothing of it reaches the page. The
// declarations of the host say `important`, because a page's own rules for it would win over them.

export const STYLE = `
:host {
  all: initial !important; display: block !important; position: fixed !important; inset: 0 !important; z-index: 2147483647 !important;
  width: auto !important; height: auto !important; overflow: visible !important; pointer-events: none !important; background: none !important;
  color-scheme: light dark;
  --paper: #fff; --ink: #1b1f24; --soft: #57606a; --line: #8c959f; --faint: #eef1f4; --on: #1a7f37; --off: #57606a; --some: #8a5a00; --loud: #a40e26; --loud-paper: #fff0ef; --link: #0550ae;
}
@media (prefers-color-scheme: dark) {
  :host { --paper: #14181d; --ink: #e6e9ed; --soft: #a5afba; --line: #6b7681; --faint: #20262d; --on: #56d364; --off: #a5afba; --some: #e3b341; --loud: #ffa198; --loud-paper: #3a1417; --link: #79b8ff; }
}
@media print { :host { display: none !important; } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
aside { font: 14px/1.45 system-ui, sans-serif; color: var(--ink); }
button, select { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: 6px; padding: 4px 10px; min-height: 32px; cursor: pointer; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 1px; }
.toggle { pointer-events: auto; position: absolute; top: var(--mixpanel-consent-inspector-top, 58%); right: 0; min-width: 44px; min-height: 44px; border-radius: 22px 0 0 22px; border-right-width: 0; display: flex; align-items: center; justify-content: center; gap: 7px; padding: 4px 8px 4px 10px; box-shadow: 0 1px 6px #0004; }
.toggle:not(:hover, :focus-visible) .words { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.dot { width: 12px; height: 12px; border-radius: 50%; border: 2px solid var(--off); flex: none; }
[data-mode=on] .dot { background: var(--on); border-color: var(--on); }
[data-mode=cookieless] .dot { background: var(--some); border-color: var(--some); }
[aria-expanded=true] { visibility: hidden; }
[data-loud] .dot { border-color: var(--loud); background: var(--loud); border-radius: 2px; transform: rotate(45deg); }
.panel { pointer-events: auto; position: absolute; inset: 12px 12px 12px auto; width: 440px; max-width: calc(100vw - 24px); display: flex; flex-direction: column; background: var(--paper); border: 1px solid var(--line); border-radius: 10px; box-shadow: 0 4px 24px #0006; overflow: hidden; }
[data-side=start] .panel { inset: 12px auto 12px 12px; }
[data-side=start] .toggle { right: auto; left: 0; border-radius: 0 22px 22px 0; border-width: 1px 1px 1px 0; padding: 4px 10px 4px 8px; flex-direction: row-reverse; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; padding: 8px 12px; border-bottom: 1px solid var(--line); }
h2, h3 { margin: 0; font-size: 15px; line-height: 1.4; }
h2 { flex: 1 1 0; min-width: 7em; }
h3 { margin-bottom: 4px; }
header label { flex: 1 1 100%; order: 3; display: flex; gap: 8px; align-items: center; }
header select { flex: 1; min-width: 0; }
.body { overflow: auto; overscroll-behavior: contain; flex: 1; }
section { padding: 10px 12px; border-top: 1px solid var(--line); }
section:first-child { border-top: 0; }
p { margin: 0 0 6px; }
.verdict { display: flex; align-items: center; gap: 8px; font-weight: 600; font-size: 16px; }
.loud { background: var(--loud-paper); border-left: 6px solid var(--loud); }
.loud h3 { color: var(--loud); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 12px; margin: 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
code, pre { font: 12.5px/1.45 ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
pre { margin: 4px 0 0; padding: 6px 8px; background: var(--faint); white-space: pre-wrap; border-radius: 6px; }
code { background: var(--faint); padding: 1px 3px; border-radius: 3px; }
table { width: 100%; border-collapse: collapse; margin: 4px 0; }
th, td { text-align: left; vertical-align: top; padding: 3px 8px 3px 0; border-top: 1px solid var(--faint); overflow-wrap: anywhere; }
td:first-child { min-width: 6.2em; }
th { color: var(--soft); font-weight: 400; }
caption { text-align: left; color: var(--soft); }
ol, ul { margin: 0; padding: 0; list-style: none; }
li { padding: 3px 0; border-top: 1px solid var(--faint); overflow-wrap: anywhere; }
li:first-child { border-top: 0; }
time { color: var(--soft); font-variant-numeric: tabular-nums; margin-right: 8px; }
summary { cursor: pointer; padding: 4px 0; color: var(--link); }
.soft { color: var(--soft); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 520px) {
  .panel { inset: auto 0 0 0; width: auto; max-width: none; height: 82%; border-radius: 12px 12px 0 0; border-width: 1px 0 0; }
  [data-side=start] .panel { inset: 0 0 auto 0; height: 55%; border-radius: 0 0 12px 12px; border-width: 0 0 1px; }
  button, select { min-height: 44px; padding: 4px 8px; }
  header { padding: 6px 10px; gap: 6px; }
}
`;
