"""The style of the documentation's page: own fonts of the system, light and dark, from a phone to a wide screen."""

from __future__ import annotations

from typing import Final

STYLE: Final = """\
:root{color-scheme:light dark;--page:#fbfaf8;--card:#fff;--ink:#1d1b19;--soft:#6a645d;--line:#e6e1da;--code:#f4f1ec;
--accent:#b8500f;--get:#1f6f4a;--post:#9a4a06;--put:#3d55a8;--patch:#6b4a9e;--delete:#a8242f;--head:#5d6470;
--mono:ui-monospace,"SF Mono",SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
@media(prefers-color-scheme:dark){:root{--page:#151412;--card:#1d1b19;--ink:#ece8e2;--soft:#a39b91;--line:#34302b;
--code:#24211e;--accent:#f0a060;--get:#6fcf9f;--post:#f0a862;--put:#9db2f5;--patch:#c3a4f0;--delete:#f2919a;
--head:#aab2be}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;scroll-padding-top:1.25rem}
@media(prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,
"Helvetica Neue",sans-serif;-webkit-text-size-adjust:100%}
a{color:var(--accent);text-decoration:none}a:hover{text-decoration:underline}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:3px}
code,pre{font-family:var(--mono);font-size:.86em}
p code,li code,td code{background:var(--code);padding:.1em .35em;border-radius:4px;overflow-wrap:anywhere}
.skip{position:absolute;left:-9999px}.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem 1rem;z-index:9}
.frame{display:grid;grid-template-columns:17.5rem minmax(0,1fr);max-width:84rem;margin:0 auto}
nav{position:sticky;top:0;align-self:start;height:100vh;overflow:auto;padding:2rem 1rem 3rem 1.5rem;
border-right:1px solid var(--line);font-size:.875rem;scrollbar-width:thin}
nav .name{font-weight:700;font-size:1.125rem;color:var(--ink);letter-spacing:-.01em}
nav .version{color:var(--soft);margin:0 0 1.5rem}
nav h2 a{color:inherit}
nav h2{font-size:.75rem;text-transform:uppercase;letter-spacing:.07em;color:var(--soft);margin:1.4rem 0 .35rem;
font-weight:600}
nav ul{list-style:none;margin:0;padding:0}
nav li a{display:block;padding:.16rem .5rem;margin-left:-.5rem;border-radius:5px;color:var(--ink);line-height:1.4}
nav li a:hover{background:var(--code);text-decoration:none}
main{padding:2.5rem clamp(1.25rem,4vw,4rem) 6rem;min-width:0}
h1{font-size:2.25rem;line-height:1.15;letter-spacing:-.025em;margin:0 0 .75rem}
.lead{font-size:1.0625rem;max-width:44rem}
section{margin-top:3.5rem}
section>h2{font-size:1.5rem;letter-spacing:-.015em;margin:0 0 .25rem;text-transform:capitalize}
section>p{color:var(--soft);margin:0 0 1.25rem;max-width:44rem}
details{background:var(--card);border:1px solid var(--line);border-radius:10px;margin:0 0 .625rem}
summary{display:grid;grid-template-columns:3.9rem minmax(0,1fr) 1rem;column-gap:.75rem;align-items:baseline;
padding:.7rem 1rem;cursor:pointer;list-style:none;border-radius:10px}
summary::-webkit-details-marker{display:none}
summary::after{content:"+";color:var(--soft);text-align:center;grid-column:3;grid-row:1}
details[open]>summary::after{content:"\\2013"}
summary:hover .path{color:var(--accent)}
.verb{font:600 .75rem/1 var(--mono);letter-spacing:.02em}
.get{color:var(--get)}.post{color:var(--post)}.put{color:var(--put)}.patch{color:var(--patch)}
.delete{color:var(--delete)}.head{color:var(--head)}
.path{font-family:var(--mono);font-size:.9rem;overflow-wrap:anywhere}
.path i{font-style:normal;color:var(--accent)}
.what{color:var(--soft);font-size:.9rem;grid-column:2}
#types .path,#types .what{grid-column:1/3}#types .path{font-weight:600}
.others{color:var(--soft);font-size:.9rem;margin:.2rem 0}
.inside{padding:.25rem 1rem 1.1rem;border-top:1px solid var(--line)}
.inside>p{max-width:46rem}
.inside h3{font-size:.75rem;text-transform:uppercase;letter-spacing:.07em;color:var(--soft);margin:1.5rem 0 .4rem;
font-weight:600}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th{text-align:left;font-weight:600;color:var(--soft);font-size:.8rem}
th,td{padding:.4rem .9rem .4rem 0;border-bottom:1px solid var(--line);vertical-align:top}
tr:last-child td{border-bottom:0}
td:first-child{white-space:nowrap;font-family:var(--mono);font-size:.84rem}
td:nth-child(2){min-width:9rem}
.kind{font-family:var(--mono);font-size:.82rem;color:var(--soft)}
.must{color:var(--accent);font:600 .72rem/1 system-ui,sans-serif;margin-left:.4rem}
pre{background:var(--code);border-radius:8px;padding:.85rem 1rem;overflow:auto;line-height:1.5;margin:.4rem 0;
max-height:26rem;tab-size:2}
dl{display:grid;grid-template-columns:auto minmax(0,1fr);gap:.3rem 1rem;margin:.2rem 0;font-size:.9rem}
dt{font:600 .84rem/1.75 var(--mono)}dd{margin:0;color:var(--soft)}dd a,dd code{color:var(--ink)}
.good{color:var(--get)}.bad{color:var(--delete)}
@media(max-width:60rem){.frame{display:block}nav{position:static;height:auto;border:0;padding:1.5rem 1.25rem 0}
nav .all{display:none}main{padding-top:1.25rem}h1{font-size:1.85rem}summary{grid-template-columns:minmax(0,1fr) 1rem}
.verb,.path,.what,#types .path,#types .what{grid-column:1}summary::after{grid-column:2}.verb{margin-bottom:.25rem}
thead{display:none}td,td:first-child{display:block;border:0;padding:.1rem 0}tr{display:block;padding:.45rem 0;
border-bottom:1px solid var(--line)}tr:last-child{border-bottom:0}}
@media print{nav,.skip{display:none}.frame{display:block}details{break-inside:avoid}}
"""
