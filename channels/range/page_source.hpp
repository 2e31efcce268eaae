// The page as it is served, with {{text}} where the catalogue speaks. Range only; see page.hpp. Thread rule: constants.
#pragma once

#include <string_view>

namespace broadcaster::channels {

inline constexpr std::string_view page_style = R"css(
:root { color-scheme: light dark; --ground: #f2f4f7; --card: #fff; --ink: #14202e; --quiet: #55637a; --line: #d6dde7;
  --bubble: #e4ebf5; --mark: #0b5cad; --drill: #6b3fa0; }
@media (prefers-color-scheme: dark) { :root { --ground: #10161f; --card: #1a2330; --ink: #e9eef5; --quiet: #9dabbf;
  --line: #2c394b; --bubble: #27364a; --mark: #7ab8f5; --drill: #7b50b3; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.45 system-ui, sans-serif; }
header { background: var(--drill); color: #fff; padding: .8rem 1rem; display: flex; flex-wrap: wrap; gap: .2rem 1.2rem;
  align-items: baseline; }
h1 { font-size: 1.25rem; margin: 0; }
header p { margin: 0; flex: 1 1 16rem; }
header nav { display: flex; gap: .8rem; }
header nav a { color: #fff; }
header nav a[aria-current] { font-weight: 700; text-decoration: none; }
main { display: grid; grid-template-columns: minmax(19rem, 2fr) 3fr; gap: 1.2rem; padding: 1rem; max-width: 90rem;
  margin: 0 auto; }
@media (max-width: 52rem) { main { grid-template-columns: minmax(0, 1fr); } }
section { min-width: 0; }
section + section { margin-top: 1.4rem; }
h2 { font-size: 1.05rem; margin: 0 0 .6rem; }
h2 .count { color: var(--quiet); font-weight: 400; margin-left: .4rem; }
.empty, .note { color: var(--quiet); margin: .2rem 0; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .7rem; padding: .8rem .9rem;
  margin-bottom: .8rem; }
.who { display: flex; gap: .6rem; align-items: center; margin-bottom: .4rem; }
.face { flex: none; width: 2.3rem; height: 2.3rem; border-radius: 50%; background: var(--mark); color: var(--card);
  display: grid; place-items: center; font-weight: 700; text-transform: uppercase; }
.who b { overflow-wrap: anywhere; }
.meta { color: var(--quiet); font-size: .85rem; }
.card.reply { margin-left: 1.4rem; border-left: 3px solid var(--mark); }
.answers { color: var(--quiet); font-size: .85rem; margin: 0 0 .4rem; overflow: hidden; text-overflow: ellipsis;
  white-space: nowrap; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; }
#phones { display: grid; grid-template-columns: repeat(auto-fill, minmax(16.5rem, 1fr)); gap: .8rem; align-items: start; }
.phone { background: var(--card); border: 1px solid var(--line); border-radius: 1.3rem; padding: .7rem .8rem .5rem; }
.phone h3 { font-size: 1rem; margin: 0 0 .5rem; text-align: center; font-variant-numeric: tabular-nums; }
.bubble { background: var(--bubble); border-radius: 1rem 1rem 1rem .25rem; padding: .55rem .75rem; margin: .15rem 0 .5rem; }
.new { animation: arrive 1.6s ease-out; }
@keyframes arrive { from { outline: 3px solid var(--mark); } to { outline: 3px solid transparent; } }
@media (prefers-reduced-motion: reduce) { .new { animation: none; } }
#state { padding: 0 1rem 1rem; color: var(--quiet); font-size: .9rem; max-width: 90rem; margin: 0 auto; }
#state.lost { color: #b3261e; font-weight: 600; }
@media (prefers-color-scheme: dark) { #state.lost { color: #ff9c92; } }
)css";

inline constexpr std::string_view page_script = R"js(
'use strict';
const language = document.documentElement.lang;
const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const most = 60, mostPosts = 200;
const byId = id => document.getElementById(id);
const phones = new Map(), posts = new Map();
const count = { posts: 0, messages: 0, events: 0, hidden: 0 };
let next = 0, first = true;

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}
function time(entry) {
  const element = make('time', 'meta', clock.format(new Date(entry.at)));
  element.dateTime = entry.at;
  return element;
}
function text(entry, className) {
  const element = make('p', className, entry.text);
  if (entry.language) element.lang = entry.language;
  element.dir = 'auto';
  return element;
}
function show(list, element, limit) {
  if (!first) element.classList.add('new');
  list.prepend(element);
  while (list.children.length > limit) list.lastElementChild.remove();
}
function card(entry, name, below) {
  const element = make('article', 'card'), who = make('div', 'who'), names = make('div');
  const face = make('span', 'face', name.replace(/[^\p{L}\p{N}]/gu, '').slice(0, 1));
  face.setAttribute('aria-hidden', 'true');
  names.append(make('b', '', name), make('br'), make('span', 'meta', below + ' · '), time(entry));
  who.append(face, names);
  element.append(who);
  if (entry.reply_to) {
    element.classList.add('reply');
    element.append(make('p', 'answers', '\u21b3 ' + (posts.get(entry.reply_to) || '')));
  }
  if (entry.id) posts.set(entry.id, entry.text.replace(/\s+/g, ' '));
  element.append(text(entry, 'text'));
  return element;
}
function bubble(entry) {
  let phone = phones.get(entry.who);
  if (!phone) {
    if (phones.size >= most) { count.hidden += 1; return; }
    phone = make('article', 'phone');
    phone.append(make('h3', '', entry.who));
    phones.set(entry.who, phone);
    byId('phones').append(phone);
  }
  const line = make('div', 'meta', entry.from + ' · '), box = text(entry, 'bubble text');
  line.append(time(entry));
  if (!first) box.classList.add('new');
  phone.append(line, box);
}
function take(entry) {
  if (entry.where === 'phone') { count.messages += 1; bubble(entry); return; }
  if (entry.where === 'webhook') {
    count.events += 1;
    show(byId('events'), card(entry, entry.who, entry.from), mostPosts);
    return;
  }
  count.posts += 1;
  show(byId('posts'), card(entry, '@' + entry.who, entry.where + (entry.language ? ' · ' + entry.language : '')), mostPosts);
}
function numbers() {
  for (const kind of ['posts', 'messages', 'events']) {
    byId(kind + '-count').textContent = count[kind];
    byId(kind + '-empty').hidden = count[kind] > 0;
  }
  byId('hidden').hidden = count.hidden === 0;
  byId('hidden-count').textContent = count.hidden;
}
async function look() {
  const state = byId('state');
  try {
    const answer = await fetch('/seen.json?after=' + next, { cache: 'no-store' });
    if (!answer.ok) throw new Error(answer.status);
    const news = await answer.json();
    news.seen.forEach(take);
    next = news.next;
    numbers();
    first = false;
    state.className = '';
    state.textContent = state.dataset.looked + ' ' + clock.format(new Date());
  } catch (error) {
    state.className = 'lost';
    state.textContent = state.dataset.lost;
  }
  setTimeout(look, 1000);
}
look();
)js";

inline constexpr std::string_view page_body = R"html(<header>
<h1>{{title}}</h1><p>{{drill}}</p>
<nav aria-label="{{languages}}">{{links}}</nav>
</header>
<main>
<div>
<section aria-labelledby="posts-title">
<h2 id="posts-title">{{posts}}<span class="count" id="posts-count">0</span></h2>
<p class="empty" id="posts-empty">{{no_posts}}</p>
<div id="posts" aria-live="polite"></div>
</section>
<section aria-labelledby="events-title">
<h2 id="events-title">{{events}}<span class="count" id="events-count">0</span></h2>
<p class="empty" id="events-empty">{{no_events}}</p>
<div id="events"></div>
</section>
</div>
<section aria-labelledby="phones-title">
<h2 id="phones-title">{{phones}}<span class="count" id="messages-count">0</span></h2>
<p class="empty" id="messages-empty">{{no_messages}}</p>
<div id="phones"></div>
<p class="note" id="hidden" hidden>{{hidden}} <span id="hidden-count">0</span></p>
</section>
</main>
<p id="state" data-looked="{{looked}}" data-lost="{{lost}}"></p>
<noscript><p class="note">{{no_script}}</p></noscript>
)html";

}  // namespace broadcaster::channels
