"""How the report looks on a screen and on paper."""

STYLE = """
:root { color-scheme: light; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #1d2327; background: #fff; }
main { max-width: 50rem; margin: 0 auto; padding: 2rem 1rem; }
h1 { font-size: 1.8rem; margin: 0 0 1rem; }
h2 { font-size: 1.3rem; margin: 2.5rem 0 .5rem; border-bottom: 1px solid #c6ccd1; }
h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
.key { display: flex; flex-wrap: wrap; gap: 1rem 2.5rem; margin: 0 0 1rem; }
.key dt { font-size: .85rem; color: #50585e; }
.key dd { margin: 0; font-size: 1.5rem; font-weight: 600; }
.soft { color: #50585e; font-size: .9rem; overflow-wrap: anywhere; }
.warn { border-left: 4px solid #8a5a00; background: #fff6e5; padding: .5rem .8rem; }
ul { padding-left: 1.2rem; }
li { overflow-wrap: anywhere; }
svg { max-width: 100%; height: auto; font-size: 13px; }
svg text { fill: #1d2327; }
rect, article { --c: #3d6b8f; }
.s-critical { --c: #8c1d18; } .s-high { --c: #b4540a; } .s-medium { --c: #7a6a00; } .s-low { --c: #4b6b4b; }
rect { fill: var(--c); }
article { border-left: 4px solid var(--c); padding: .1rem 0 .1rem .9rem; margin: 1.2rem 0; break-inside: avoid; }
article h3 { margin-top: 0; }
blockquote { margin: .3rem 0; white-space: pre-line; overflow-wrap: anywhere; }
.before { margin: 0; color: #50585e; font-style: italic; overflow-wrap: anywhere; }
@media print { main { max-width: none; padding: 0; } body { font-size: 11pt; } }
"""
