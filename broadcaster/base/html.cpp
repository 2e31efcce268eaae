#include "broadcaster/base/html.hpp"

namespace broadcaster::base {

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string_view page_style() {
  return R"css(
:root{--ink:#1b1f24;--dim:#57606a;--line:#d0d7de;--good:#1a7f37;--bad:#b42318;--warn:#8a5a00;--paper:#fff;--soft:#f4f6f8}
*{box-sizing:border-box}body{margin:0;background:var(--soft);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:64rem;margin:0 auto;padding:1rem}section{background:var(--paper);border:1px solid var(--line);
border-radius:.5rem;padding:1rem 1.25rem;margin:0 0 1rem}
.mark{background:#5b21b6;color:#fff;padding:.5rem 1rem;font-weight:700;text-align:center;letter-spacing:.03em}
h1{font-size:1.5rem;margin:.25rem 0}h2{font-size:1.1rem;margin:0 0 .5rem}.dim{color:var(--dim)}
.good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}.big{font-size:1.75rem;font-weight:700;line-height:1.2}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.75rem}
.card{border:1px solid var(--line);border-radius:.5rem;padding:.75rem}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}th,td{text-align:right;padding:.3rem .6rem;
border-bottom:1px solid var(--line);white-space:nowrap}th:first-child,td:first-child{text-align:left}
th{color:var(--dim);font-weight:600;font-size:.85rem}pre{white-space:pre-wrap;background:var(--soft);padding:.75rem;
border-radius:.5rem;font:13px/1.45 ui-monospace,monospace;overflow-wrap:anywhere}
.bubble{background:#e7f5ff;border-radius:.9rem .9rem .9rem .2rem;padding:.6rem .8rem;margin:.4rem 0;max-width:34rem;
white-space:pre-wrap;overflow-wrap:anywhere}.post{border:1px solid var(--line);border-radius:.5rem;padding:.6rem .8rem;
margin:.4rem 0;max-width:40rem;white-space:pre-wrap}details>summary{cursor:pointer;font-weight:600}
@media print{body{background:#fff}section{break-inside:avoid}}
)css";
}

}  // namespace broadcaster::base
